"""Queries of a body's people: how they stand to it, what they may do, which keys are theirs; names in a layer apart."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from app.storage.rows import insert, many, one, run


def add_person(connection: Connection, *, body: UUID, person: UUID, relation: str) -> None:
    """A person of the body, without a name."""
    insert(connection, "person", body_id=body, id=person, relation=relation)


def add_person_name(connection: Connection, *, body: UUID, person: UUID, name: str) -> None:
    """The person's name, in the erasable layer."""
    insert(connection, "person_name", body_id=body, person_id=person, name=name)


def erase_person_name(connection: Connection, *, body: UUID, person: UUID) -> bool:
    """The name is gone; False if there was none."""
    statement = "DELETE FROM akashi.person_name WHERE body_id = :body AND person_id = :person"
    return run(connection, statement, body=body, person=person) == 1


def find_person(connection: Connection, body: UUID, person: UUID) -> Row[Any] | None:
    """A person of this body, with the name if it was not erased."""
    return one(connection, f"{_PERSON} AND p.id = :person", body=body, person=person)


def list_people(connection: Connection, body: UUID) -> tuple[Row[Any], ...]:
    """The body's people in the order of their recording."""
    return many(connection, f"{_PERSON} ORDER BY p.recorded_at, p.id", body=body)


def add_function(
    connection: Connection,
    *,
    body: UUID,
    person: UUID,
    function: str,
    scheme: str,
    valid_from: date,
    valid_to: date | None,
    basis: str,
) -> None:
    """What a person may do for a scheme, from a day, and on what grounds."""
    insert(
        connection,
        "person_function",
        body_id=body,
        person_id=person,
        function=function,
        scheme_code=scheme,
        valid_from=valid_from,
        valid_to=valid_to,
        basis=basis,
    )


def add_person_key(
    connection: Connection,
    *,
    body: UUID,
    person: UUID,
    thumbprint: str,
    jwk: dict[str, str],
    possession: dict[str, str],
) -> None:
    """A person's own public key, whose possession was shown."""
    insert(
        connection,
        "person_key",
        body_id=body,
        person_id=person,
        thumbprint=thumbprint,
        jwk=jwk,
        possession=possession,
    )


def end_function(
    connection: Connection, *, body: UUID, person: UUID, function: str, scheme: str, valid_from: date, last_day: date
) -> None:
    """The last day of a function, learned after it was recorded."""
    insert(
        connection,
        "person_function_end",
        body_id=body,
        person_id=person,
        function=function,
        scheme_code=scheme,
        valid_from=valid_from,
        last_day=last_day,
    )


def add_competence(
    connection: Connection,
    *,
    body: UUID,
    person: UUID,
    function: str,
    scheme: str,
    areas: tuple[str, ...],
    evidence: str,
    evidence_sha256: bytes | None,
    valid_from: date,
    valid_to: date | None,
    carried_by: str,
) -> None:
    """Where a person is competent for a function of a scheme, from a day, and what showed it."""
    run(
        connection,
        "INSERT INTO akashi.competence (body_id, person_id, function, scheme_code, area, evidence, evidence_sha256, "
        "valid_from, valid_to, carried_by) SELECT :body, :person, :function, :scheme, area, :evidence, :evidence_sha256, "
        ":valid_from, :valid_to, :carried_by FROM unnest(CAST(:areas AS text[])) area",
        body=body,
        person=person,
        function=function,
        scheme=scheme,
        areas=list(areas),
        evidence=evidence,
        evidence_sha256=evidence_sha256,
        valid_from=valid_from,
        valid_to=valid_to,
        carried_by=carried_by,
    )


def end_competence(
    connection: Connection,
    *,
    body: UUID,
    person: UUID,
    function: str,
    scheme: str,
    area: str,
    valid_from: date,
    last_day: date,
    carried_by: str,
) -> None:
    """The last day of a competence, learned after it was recorded."""
    insert(
        connection,
        "competence_end",
        body_id=body,
        person_id=person,
        function=function,
        scheme_code=scheme,
        area=area,
        valid_from=valid_from,
        last_day=last_day,
        carried_by=carried_by,
    )


def add_entity(connection: Connection, **row: Any) -> None:
    """An operating entity; columns by their names."""
    insert(connection, "operating_entity", **row)


def find_entity(connection: Connection, body: UUID, entity: UUID) -> Row[Any] | None:
    """An operating entity of this body."""
    statement = "SELECT id, under_control FROM akashi.operating_entity WHERE body_id = :body AND id = :entity"
    return one(connection, statement, body=body, entity=entity)


def join_entity(connection: Connection, **row: Any) -> None:
    """A person belongs to an entity; columns by their names."""
    insert(connection, "person_entity", **row)


def has_key(connection: Connection, body: UUID, person: UUID, thumbprint: str) -> bool:
    """Whether the key was enrolled as this person's own, ended or not."""
    statement = (
        "SELECT thumbprint FROM akashi.person_key "
        "WHERE body_id = :body AND person_id = :person AND thumbprint = :thumbprint"
    )
    return one(connection, statement, body=body, person=person, thumbprint=thumbprint) is not None


def end_key(connection: Connection, *, body: UUID, thumbprint: str, reason: str) -> None:
    """The key confirms nothing any more, and why."""
    insert(connection, "person_key_end", body_id=body, thumbprint=thumbprint, reason=reason)


_PERSON = (
    "SELECT p.id, p.relation, n.name, "
    "ARRAY(SELECT DISTINCT f.function FROM akashi.person_function f "
    "WHERE f.body_id = p.body_id AND f.person_id = p.id ORDER BY f.function) AS functions, "
    "ARRAY(SELECT k.thumbprint FROM akashi.person_key k "
    "WHERE k.body_id = p.body_id AND k.person_id = p.id AND NOT EXISTS (SELECT FROM akashi.person_key_end e "
    "WHERE e.body_id = k.body_id AND e.thumbprint = k.thumbprint) ORDER BY k.recorded_at) AS keys "
    "FROM akashi.person p LEFT JOIN akashi.person_name n ON n.body_id = p.body_id AND n.person_id = p.id "
    "WHERE p.body_id = :body"
)
