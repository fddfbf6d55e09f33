"""Certification and accreditation bodies as anyone may read them: who they are, accredited for what, with which keys.

An accreditation is shown with every statement that its accreditation body signed, so that a reader can check each one
(ISO/IEC 17011 8.2). Registering a key grants nothing: what it may sign stands in its bindings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.conformity.accreditation import TERMINATED
from app.conformity.periods import end_instant, local_day, start_instant
from app.conformity.recognition import Recognition
from app.conformity.words import Word
from app.errors import AkashiError
from app.registry.recognition import recognition_of
from app.registry.registry import Registry
from app.registry.two_clocks import NOW, Asked, Times
from app.registry.verification import jws_of
from app.storage import public_record
from app.storage.database import now
from app.storage.rows import Connection, Row

OBSERVED = "observed"
"""As published by somebody else and copied here with its source; signed by nobody (trust, evidence levels)."""


@dataclass(frozen=True)
class BodyName:
    """One of a body's names, with the days in which it is its name."""

    name: str
    language: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class Party:
    """A body as others point to it."""

    id: UUID
    names: tuple[BodyName, ...]


@dataclass(frozen=True)
class ListedBody:
    """A body with its public information (ISO/IEC 17021-1 8.1.1)."""

    id: UUID
    kind: str
    names: tuple[BodyName, ...]
    country: str
    time_zone: str
    public_information: Mapping[str, str]
    links: Mapping[str, str]


@dataclass(frozen=True)
class AccreditationSummary:
    """An accreditation as it stood at a time: `none` before its first statement counts.

    `known_then` is the status that was known at that time, where a statement with an earlier date changed it since.
    """

    id: UUID
    number: str
    scheme: str
    accreditation_body: Party
    body: Party
    status: str
    known_then: str | None
    links: Mapping[str, str]


@dataclass(frozen=True)
class Binding:
    """What a key may sign, and how long, by whose word."""

    accreditation_body: UUID
    accreditation: UUID
    purposes: tuple[str, ...]
    valid_from: datetime
    valid_to: datetime


@dataclass(frozen=True)
class Identity:
    """In which scheme the registry says, by identity alone, that a key is its party's own."""

    registry: UUID
    scheme: str
    purposes: tuple[str, ...]
    valid_from: datetime
    valid_to: datetime


@dataclass(frozen=True)
class BodyKey:
    """A registered key with its bindings; a key that itself binds others has none, it is trusted as an anchor."""

    thumbprint: str
    purpose: str
    jwk: Mapping[str, str]
    bindings: tuple[Binding, ...]
    identities: tuple[Identity, ...]


@dataclass(frozen=True)
class ShownRecognition:
    """What an arrangement publishes about an accreditation body, as copied here on `observed_on`: no word of the body.

    `last_day` is the sooner of its own end and the arrangement's; `objected_at` says that the body objects to the copy.
    """

    id: UUID
    arrangement: str
    title: Word
    owner: str
    level: str
    scope: str
    valid_from: date
    last_day: date | None
    holds: bool
    evidence_level: str
    source_url: str
    source_sha256: str
    observed_on: date
    objected_at: datetime | None


@dataclass(frozen=True)
class ShownArrangement:
    """An arrangement between accreditation bodies, and the days in which it is or was in force."""

    code: str
    title: Word
    owner: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class BodyRecord(ListedBody):
    """A body with the accreditations that it holds or gave, its keys, and how an accreditation body is recognised."""

    accreditations: tuple[AccreditationSummary, ...]
    keys: tuple[BodyKey, ...]
    recognitions: tuple[ShownRecognition, ...]


@dataclass(frozen=True)
class StatementShown:
    """One signed statement: the full state from `effective_on` on, and the document itself."""

    statement_no: int
    act: str
    status: str
    documents: tuple[str, ...]
    areas: tuple[str, ...]
    countries: tuple[str, ...]
    criteria: tuple[str, ...]
    suspended_whole: bool
    suspended_areas: tuple[str, ...]
    suspended_countries: tuple[str, ...]
    permitted_acts: tuple[str, ...]
    symbol_allowed: bool
    effective_on: date
    valid_to: date
    recorded_at: datetime
    jws: str


@dataclass(frozen=True)
class AccreditationRecord(AccreditationSummary):
    """An accreditation with its whole history, oldest statement first."""

    time_zone: str
    statements: tuple[StatementShown, ...]
    recognitions: tuple[ShownRecognition, ...]


@dataclass(frozen=True)
class Moment:
    """When something was read, and the next instant at which the calendar may change it."""

    at: datetime
    until: datetime | None = None


def list_bodies(
    registry: Registry,
    asked: Asked = NOW,
    *,
    kind: str | None = None,
    place: public_record.Place | None = None,
    limit: int,
) -> tuple[ListedBody, ...]:
    """Bodies registered by the time whose knowledge counts, from a place on, nearest to it first."""
    with registry.database.transaction("reader") as connection:
        times = asked.settled(now(connection))
        rows = public_record.parties(connection, kind, place, limit, times.known_at)
        names = names_of(connection, {row.id for row in rows}, times.known_at)
    return tuple(ListedBody(**_listed(registry, row, names)) for row in rows)


def body_record(registry: Registry, body: UUID, asked: Asked = NOW) -> tuple[Moment, BodyRecord]:
    """A body with its accreditations and keys as of a time; raises `unknown_body`."""
    with registry.database.transaction("reader") as connection:
        row = public_record.party(connection, body)
        if row is None:
            raise AkashiError("unknown_body")
        moment = now(connection)
        times = asked.settled(moment)
        if row.recorded_at > times.known_at:
            raise AkashiError("unknown_body")
        held = public_record.accreditations_of(connection, body)
        statements = _known(public_record.statements(connection, [one.id for one in held]), times)
        accreditations = [one for one in held if _of(statements, one.id)]
        others = {party for one in accreditations for party in (one.accreditation_body_id, one.accredited_id)}
        names = names_of(connection, {body, *others}, times.known_at)
        keys = _keys(connection, body, times)
        recognitions = _recognitions(connection, body, times, row.time_zone)
    summaries = tuple(
        AccreditationSummary(**_summary(registry, one, _of(statements, one.id), names, times)) for one in accreditations
    )
    record = BodyRecord(**_listed(registry, row, names), accreditations=summaries, keys=keys, recognitions=recognitions)
    turns = [_next_turn(accreditations, statements, moment), _next_end(recognitions, row.time_zone, moment)]
    return Moment(moment, min((turn for turn in turns if turn), default=None)), record


def accreditation_record(
    registry: Registry, accreditation: UUID, asked: Asked = NOW
) -> tuple[Moment, AccreditationRecord]:
    """An accreditation as of a time, with every signed statement known; raises `unknown_accreditation`."""
    with registry.database.transaction("reader") as connection:
        row = public_record.accreditation(connection, accreditation)
        if row is None:
            raise AkashiError("unknown_accreditation")
        moment = now(connection)
        times = asked.settled(moment)
        statements = _known(public_record.statements(connection, [accreditation]), times)
        if not statements:
            raise AkashiError("unknown_accreditation")
        names = names_of(connection, {row.accreditation_body_id, row.accredited_id}, times.known_at)
        recognitions = _recognitions(connection, row.accreditation_body_id, times, row.time_zone)
    record = AccreditationRecord(
        **_summary(registry, row, statements, names, times),
        time_zone=row.time_zone,
        statements=tuple(_shown(one) for one in statements),
        recognitions=recognitions,
    )
    turns = [_next_turn([row], statements, moment), _next_end(recognitions, row.time_zone, moment)]
    return Moment(moment, min((turn for turn in turns if turn), default=None)), record


def recognised(registry: Registry, bodies: Sequence[UUID]) -> dict[str, tuple[ShownRecognition, ...]]:
    """The recognitions of accreditation bodies that hold today where each of them is, by the body's id."""
    with registry.database.transaction("reader") as connection:
        times = NOW.settled(now(connection))
        rows = public_record.recognitions(connection, list(bodies))
        zones = {body: row.time_zone for body in bodies if (row := public_record.party(connection, body))}
    shown = [
        (row.party_id, _shown_recognition(row, recognition_of(row), local_day(times.at, zones[row.party_id]), times))
        for row in rows
    ]
    return {str(body): tuple(one for party, one in shown if party == body and one.holds) for body in bodies}


def arrangements(registry: Registry) -> tuple[ShownArrangement, ...]:
    """The recognition arrangements there are and were."""
    with registry.database.transaction("reader") as connection:
        rows = public_record.arrangements(connection)
    return tuple(
        ShownArrangement(row.code, Word(row.title_en, row.title_ja), row.owner, row.valid_from, row.valid_to)
        for row in rows
    )


def names_of(
    connection: Connection, parties: set[UUID], known_at: datetime | None = None
) -> dict[UUID, tuple[BodyName, ...]]:
    """The names of bodies, by body: all, or those recorded by a time."""
    rows = public_record.party_names(connection, list(parties), known_at)
    return {
        party: tuple(
            BodyName(row.name, row.language, row.valid_from, row.valid_to) for row in rows if row.party_id == party
        )
        for party in parties
    }


def _listed(registry: Registry, row: Row[Any], names: Mapping[UUID, tuple[BodyName, ...]]) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "names": names[row.id],
        "country": row.country,
        "time_zone": row.time_zone,
        "public_information": row.public_information,
        "links": {
            "self": f"{registry.base_url}/v1/bodies/{row.id}",
            "did": f"{registry.base_url}/bodies/{row.id}/did.json",
        },
    }


def _summary(
    registry: Registry,
    row: Row[Any],
    statements: Sequence[Row[Any]],
    names: Mapping[UUID, tuple[BodyName, ...]],
    times: Times,
) -> dict[str, Any]:
    day = local_day(times.at, row.time_zone)
    status = _status(statements, day)
    then = _status(_known(statements, Times(times.at, min(times.at, times.known_at))), day)
    return {
        "id": row.id,
        "number": row.number,
        "scheme": row.scheme_code,
        "accreditation_body": Party(row.accreditation_body_id, names[row.accreditation_body_id]),
        "body": Party(row.accredited_id, names[row.accredited_id]),
        "status": status,
        "known_then": then if then != status else None,
        "links": {"self": f"{registry.base_url}/v1/accreditations/{row.id}"},
    }


def _status(statements: Sequence[Row[Any]], today: date) -> str:
    """The status of the statement with the highest number that counts today; `expired` after its last day."""
    counting = [one for one in statements if one.effective_on <= today]
    if not counting:
        return "none"
    last = counting[-1]
    return "expired" if last.status not in TERMINATED and last.valid_to < today else str(last.status)


def _next_turn(accreditations: Iterable[Row[Any]], statements: Iterable[Row[Any]], moment: datetime) -> datetime | None:
    """The first instant at which a statement begins or ends to count."""
    zones = {one.id: one.time_zone for one in accreditations}
    turns = [
        turn
        for one in statements
        for turn in (
            start_instant(one.effective_on, zones[one.accreditation_id]),
            end_instant(one.valid_to, zones[one.accreditation_id]),
        )
    ]
    return min((turn for turn in turns if turn > moment), default=None)


def _recognitions(connection: Connection, body: UUID, times: Times, zone: str) -> tuple[ShownRecognition, ...]:
    """What was observed about a body by the time whose knowledge counts."""
    rows = public_record.recognitions(connection, [body])
    day = local_day(times.at, zone)
    return tuple(
        _shown_recognition(row, recognition_of(row), day, times) for row in rows if row.recorded_at <= times.known_at
    )


def _shown_recognition(row: Row[Any], held: Recognition, day: date, times: Times) -> ShownRecognition:
    objected = row.objected_at is not None and row.objected_at <= times.known_at
    return ShownRecognition(
        row.id,
        held.arrangement,
        held.title,
        row.owner,
        held.level,
        held.scope,
        held.first_day,
        held.end_by(times.known_at),
        held.holds(day, times.known_at),
        OBSERVED,
        row.source_url,
        bytes(row.source_sha256).hex(),
        row.observed_on,
        row.objected_at if objected else None,
    )


def _next_end(recognitions: Iterable[ShownRecognition], zone: str, moment: datetime) -> datetime | None:
    """The first instant at which a recognition begins or is over."""
    begins = (start_instant(one.valid_from, zone) for one in recognitions)
    ends = (end_instant(one.last_day, zone) for one in recognitions if one.last_day)
    return min((turn for turn in (*begins, *ends) if turn > moment), default=None)


def _known(statements: Sequence[Row[Any]], times: Times) -> tuple[Row[Any], ...]:
    """The statements that were recorded by the time whose knowledge counts."""
    return tuple(one for one in statements if one.recorded_at <= times.known_at)


def _of(statements: Iterable[Row[Any]], accreditation: UUID) -> tuple[Row[Any], ...]:
    return tuple(one for one in statements if one.accreditation_id == accreditation)


def _shown(row: Row[Any]) -> StatementShown:
    return StatementShown(
        statement_no=row.statement_no,
        act=row.act,
        status=row.status,
        documents=tuple(row.documents),
        areas=tuple(row.areas),
        countries=tuple(row.countries),
        criteria=tuple(row.criteria),
        suspended_whole=row.suspended_whole,
        suspended_areas=tuple(row.suspended_areas),
        suspended_countries=tuple(row.suspended_countries),
        permitted_acts=tuple(row.permitted_acts),
        symbol_allowed=row.symbol_allowed,
        effective_on=row.effective_on,
        valid_to=row.valid_to,
        recorded_at=row.recorded_at,
        jws=jws_of(row),
    )


def _keys(connection: Connection, body: UUID, times: Times) -> tuple[BodyKey, ...]:
    """The keys registered and the bindings signed by the time whose knowledge counts."""
    bindings = [one for one in public_record.key_bindings(connection, body) if one.recorded_at <= times.known_at]
    identities = [one for one in public_record.identity_bindings(connection, body) if one.recorded_at <= times.known_at]
    return tuple(
        BodyKey(
            key.thumbprint,
            key.purpose,
            key.jwk,
            tuple(
                Binding(
                    one.accreditation_body_id, one.accreditation_id, tuple(one.purposes), one.valid_from, one.valid_to
                )
                for one in bindings
                if one.thumbprint == key.thumbprint
            ),
            tuple(
                Identity(one.registry_id, one.scheme_code, tuple(one.purposes), one.valid_from, one.valid_to)
                for one in identities
                if one.thumbprint == key.thumbprint
            ),
        )
        for key in public_record.signing_keys(connection, body)
        if key.recorded_at <= times.known_at
    )
