"""People of a body: how they stand to it, for what they are competent and since when, which key is their own.

A person's key is never the body's key, and no signed document holds a person's name: names lie in a layer of their
own that can be erased while every decision stays attributable (ISO/IEC 17021-1 7.1, 7.2, 7.5).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID, uuid4

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.conformity.names import check_name, check_text
from app.errors import AkashiError
from app.registry.possession import accept_possession, give_nonce
from app.registry.registry import Registry
from app.registry.requests import Request, once
from app.storage import people
from app.storage.rows import Connection

Relation = Literal["employee", "individual_contract", "committee_member", "controlled_entity", "outsourced"]
Function = Literal[
    "auditor", "reviewer", "decider", "duty_officer", "appeal_handler", "accreditation_officer", "identity_officer"
]


@dataclass(frozen=True)
class Person:
    """A person of the actor's body; `name` is None once erased, and ended keys are no longer among the `keys`."""

    id: UUID
    relation: str
    name: str | None
    functions: tuple[str, ...]
    keys: tuple[str, ...]


def add_person(
    registry: Registry, actor: Actor, *, relation: Relation, name: str, request: Request | None = None
) -> UUID:
    """A person stands in the body's records, without any function yet; returns their id."""
    demand(actor, Scope.PEOPLE)
    body = acting_party(actor)
    check_name(name, "/name")

    def make(connection: Connection) -> UUID:
        person = uuid4()
        people.add_person(connection, body=body, person=person, relation=relation)
        people.add_person_name(connection, body=body, person=person, name=name)
        return person

    return once(registry, body, request, make)


def give_function(
    registry: Registry,
    actor: Actor,
    *,
    person: UUID,
    function: Function,
    scheme: str,
    valid_from: date,
    basis: str,
    valid_to: date | None = None,
) -> None:
    """The person is competent for a function of a scheme from a day on; `basis` says what showed it.

    The same function from the same day is recorded once: a retry is `already_recorded` and changes nothing.
    """
    demand(actor, Scope.PEOPLE)
    body = acting_party(actor)
    check_text(basis, "/basis")
    if valid_to is not None and valid_to < valid_from:
        raise AkashiError("period_without_days", field="/valid_to")
    with registry.database.transaction(body=body) as connection:
        _demand_known(connection, body, person)
        people.add_function(
            connection,
            body=body,
            person=person,
            function=function,
            scheme=scheme,
            valid_from=valid_from,
            valid_to=valid_to,
            basis=basis,
        )


def end_function(
    registry: Registry,
    actor: Actor,
    *,
    person: UUID,
    function: Function,
    scheme: str,
    valid_from: date,
    last_day: date,
) -> None:
    """The function recorded from `valid_from` holds until that day and no longer; what was decided until then stands.

    An end is recorded once: a retry is `already_recorded`. Whoever returns is given the function anew.
    """
    demand(actor, Scope.PEOPLE)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        _demand_known(connection, body, person)
        people.end_function(
            connection,
            body=body,
            person=person,
            function=function,
            scheme=scheme,
            valid_from=valid_from,
            last_day=last_day,
        )


def enrolment_nonce(registry: Registry, actor: Actor, person: UUID) -> str:
    """The nonce that the person signs with the key to be enrolled (`evidence.sign_possession` for the person's id)."""
    demand(actor, Scope.PEOPLE)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        _demand_known(connection, body, person)
    return give_nonce(registry, body, person)


def enrol_key(
    registry: Registry, actor: Actor, *, person: UUID, jwk: Any, presented_possession: Any, nonce: str
) -> str:
    """The key is the person's own from here on: what it signs is their evidence. Returns its thumbprint."""
    demand(actor, Scope.PEOPLE)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        _demand_known(connection, body, person)
        name, public, possession = accept_possession(
            connection, body=body, holder=person, jwk=jwk, presented_possession=presented_possession, nonce=nonce
        )
        people.add_person_key(connection, body=body, person=person, thumbprint=name, jwk=public, possession=possession)
    return name


def end_key(registry: Registry, actor: Actor, *, person: UUID, thumbprint: str, reason: str) -> None:
    """The key confirms nothing from here on, for good; what it confirmed before stays evidence.

    An end is recorded once: a retry is `already_recorded`.
    """
    demand(actor, Scope.PEOPLE)
    body = acting_party(actor)
    check_text(reason, "/reason")
    with registry.database.transaction(body=body) as connection:
        _demand_known(connection, body, person)
        if not people.has_key(connection, body, person, thumbprint):
            raise AkashiError("unknown_person_key", field="/thumbprint")
        people.end_key(connection, body=body, thumbprint=thumbprint, reason=reason)


def erase_name(registry: Registry, actor: Actor, person: UUID) -> None:
    """The person's name is gone; what they decided stays. Erasing again changes nothing."""
    demand(actor, Scope.PEOPLE)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        _demand_known(connection, body, person)
        people.erase_person_name(connection, body=body, person=person)


def list_people(registry: Registry, actor: Actor) -> tuple[Person, ...]:
    """The people of the actor's body, in the order of their recording."""
    demand(actor, Scope.PEOPLE)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        rows = people.list_people(connection, body)
    return tuple(Person(row.id, row.relation, row.name, tuple(row.functions), tuple(row.keys)) for row in rows)


def _demand_known(connection: Connection, body: UUID, person: UUID) -> None:
    if people.find_person(connection, body, person) is None:
        raise AkashiError("unknown_person", field="/person")
