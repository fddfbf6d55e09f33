"""For tests of acts: what a refusal is, what the tables hold, and acts stopped between their two commits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import namedtuple_row

from app.credentials.strict_json import parse_object
from app.errors import AkashiError, catalogue
from app.keys.evidence import sign_evidence
from app.registry import accreditation, decision, issuance
from app.registry.drafts import Draft, record_confirmation
from tests.support.world import World, WorldPerson


@contextmanager
def refused(code: str, field: str | None = None) -> Iterator[None]:
    """What happens within is refused with this code (and at this field), and the catalogue explains it."""
    with pytest.raises(AkashiError) as caught:
        yield
    assert (caught.value.code, code in catalogue()) == (code, True), caught.value
    if field is not None:
        assert [fault.field for fault in caught.value.faults] == [field]


def rows(world: World, statement: str, /, **values: Any) -> list[Any]:
    """What the tables hold, whoever's rows they are."""
    with psycopg.connect(world.fresh.superuser_url, row_factory=namedtuple_row) as connection:
        return list(connection.execute(statement.encode(), values))


def count(world: World, table: str) -> int:
    """How many rows a table of schema akashi has."""
    return int(rows(world, f"SELECT count(*) AS n FROM akashi.{table}")[0].n)


def said(document: bytes) -> dict[str, Any]:
    """What a draft's document says."""
    return parse_object(document, max_bytes=65536)


def begin_issue(world: World, decided: decision.Decision, key: str = "begun") -> UUID:
    """Only the first commit of an issue, as if the process had died after it; returns the act."""
    request = issuance.request_of(decided.id)
    with world.database.transaction(body=world.body) as connection:
        return issuance.reserve_version(world.registry, connection, world.body, decided.id, key, request)


def begin_decision(world: World, draft: Draft, person: WorldPerson | None = None) -> UUID:
    """Only the first commit of a decision that one person confirms; returns the act."""
    evidence = sign_evidence((person or world.decider).key, draft.document)
    with world.database.transaction(body=world.body) as connection:
        record_confirmation(connection, world.actor, draft.id, evidence)
        return decision.decide(connection, world.body, draft.id)


def begin_statement(world: World, draft: Draft) -> UUID:
    """Only the first commit of an accreditation body's statement; returns the act."""
    evidence = sign_evidence(world.officer.key, draft.document)
    with world.database.transaction(body=world.accreditation_body) as connection:
        kept = record_confirmation(connection, world.ab_actor, draft.id, evidence)
        return accreditation.reserve_statement(
            connection,
            world.accreditation_body,
            kept,
            statement=accreditation.STATEMENT,
            log_kind="accreditation",
            about=said(draft.document)["accreditation"],
        )


def tamper(world: World, statement: str, /, **values: Any) -> None:
    """The tables are changed behind every rule, as only somebody with the machine in hand could."""
    with psycopg.connect(world.fresh.superuser_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(statement.encode(), values)
