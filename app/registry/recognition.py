"""Recognition records: what arrangements publish about accreditation bodies, copied by the operator with its source.

Evidence level `observed`: worded "as published on D, copied by us", never as a word of the accreditation body, which
can object; the objection is shown at once and deletes nothing (domain, finding 10; the registry's own impartiality).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID, uuid4

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.conformity.names import check_text
from app.conformity.recognition import Recognition
from app.conformity.words import Word
from app.errors import AkashiError
from app.registry.registry import Registry
from app.storage import recognitions
from app.storage.rows import Row

Level = Literal["L2", "L3", "L4", "L5"]


@dataclass(frozen=True)
class Source:
    """Where something was read: the address, the digest of the bytes that were fetched, and the day."""

    url: str
    sha256: bytes
    observed_on: date


@dataclass(frozen=True)
class Observed:
    """What an arrangement publishes about an accreditation body."""

    accreditation_body: UUID
    arrangement: str
    level: Level
    scope: str
    valid_from: date
    valid_to: date | None
    source: Source


def record_recognition(registry: Registry, actor: Actor, observed: Observed) -> UUID:
    """The recognition is on record as observed; returns its id. Only the operator copies."""
    _demand_operator(actor)
    check_text(observed.scope, "/scope")
    recognition = uuid4()
    with registry.database.transaction() as connection:
        if not recognitions.arrangement_exists(connection, observed.arrangement):
            raise AkashiError("unknown_arrangement", field="/arrangement")
        recognitions.add_recognition(
            connection,
            recognition=recognition,
            party_id=observed.accreditation_body,
            arrangement_code=observed.arrangement,
            level=observed.level,
            scope=observed.scope,
            valid_from=observed.valid_from,
            valid_to=observed.valid_to,
            source_url=observed.source.url,
            source_sha256=observed.source.sha256,
            observed_on=observed.source.observed_on,
        )
    return recognition


def record_end(registry: Registry, actor: Actor, recognition: UUID, *, last_day: date, source: Source) -> None:
    """The recognition ended with this day, as published; what was answered before stays answerable."""
    _demand_operator(actor)
    with registry.database.transaction() as connection:
        recognitions.add_end(
            connection,
            recognition_id=recognition,
            last_day=last_day,
            source_url=source.url,
            source_sha256=source.sha256,
            observed_on=source.observed_on,
        )


def object_to(registry: Registry, actor: Actor, recognition: UUID, *, reason: str) -> None:
    """The accreditation body objects to what was copied about it; shown beside it from now on."""
    demand(actor, Scope.ACCREDITATIONS)
    body = acting_party(actor)
    check_text(reason, "/reason")
    with registry.database.transaction(body=body) as connection:
        if not recognitions.is_about(connection, recognition, body):
            raise AkashiError("unknown_recognition")
        recognitions.add_objection(connection, body=body, recognition_id=recognition, reason=reason)


def recognition_of(row: Row[Any]) -> Recognition:
    """A row of the public record in the vocabulary of conformity assessment."""
    return Recognition(
        str(row.party_id),
        row.arrangement_code,
        Word(row.title_en, row.title_ja),
        row.level,
        row.scope,
        row.valid_from,
        row.valid_to,
        row.ended_on,
        row.recorded_at,
        row.end_recorded_at,
    )


def _demand_operator(actor: Actor) -> None:
    if actor.kind == "machine":
        raise AkashiError("operator_only")
