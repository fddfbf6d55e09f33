"""What anyone may look up: a certificate's record, its history, certificates by number, and the directory.

By number and in the directory stand only certificates whose holder consented to be found; by ID every certificate is
answered, with what its holder consented to show (ISO/IEC 17021-1 8.1.2). Nothing is ranked, and no first hit is chosen
silently.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.conformity.names import LONGEST_NAME, fold
from app.conformity.numbers import fold_number
from app.conformity.standing import Verdict
from app.conformity.words import Word
from app.errors import AkashiError
from app.examiner import report as r
from app.registry.bodies import BodyName, names_of
from app.registry.due import Told, told
from app.registry.holder_names import FoundName, shown_names
from app.registry.registry import Registry
from app.registry.two_clocks import NOW, Asked, Times
from app.registry.verification import Published, answer_about, gather, look_up, publish
from app.storage import public_record
from app.storage.database import now
from app.storage.public_record import Narrowed
from app.storage.public_record import Place as Place  # noqa: PLC0414, doors name places, too

MOST_HITS = 20
"""Of one number; more than a handful means that the number alone says little."""
LONGEST_NUMBER = 200
MOST_COUNTED = 1000
"""Beyond it a count says "more than": nobody reads a thousand lines, and counting on costs more than it tells."""


@dataclass(frozen=True)
class CertificateRecord:
    """A certificate as anyone may read it; null is what is not established or not consented.

    `continued_by` is the ID of the certificate by which another body continues this one after a transfer.
    """

    certificate_id: str
    number: str | None
    version: int | None
    verdict: Verdict
    summary: Word
    holder: r.Holder | None
    confidential: bool
    body: r.Body | None
    accreditations: tuple[r.Accreditation, ...]
    scheme: r.Scheme | None
    scope: r.Scope | None
    validity: r.Validity | None
    standing: r.Standing | None
    notices: tuple[r.Notice, ...]
    told: Told
    continued_by: str | None
    data_as_of: datetime | None
    links: Mapping[str, str]


@dataclass(frozen=True)
class StandingHistory:
    """Every standing event with both clocks; `state` is null where the signatures do not establish any.

    `known_then` is the other answer about the same time, where what was recorded later reaches back to it.
    """

    certificate_id: str
    state: str | None
    since: datetime | None
    until: date | None
    events: tuple[r.Event, ...]
    known_then: r.KnownThen | None


@dataclass(frozen=True)
class Hit:
    """A certificate that carries a number; or, found by a name, with the holder's names that contain it."""

    certificate_id: str
    number: str
    verdict: Verdict
    standing: r.Standing | None
    holder: r.Holder | None
    body: r.Body | None
    scheme: r.Scheme | None
    found_by: tuple[FoundName, ...]
    links: Mapping[str, str]


@dataclass(frozen=True)
class Hits:
    """All certificates that carry a number (or a name), up to `limit`; `more` says that there are others."""

    number: str
    hits: tuple[Hit, ...]
    limit: int
    more: bool


@dataclass(frozen=True)
class Listed:
    """One line of the directory; whether the certificate stands is said by its verification alone."""

    certificate_id: str
    number: str
    scheme: str
    holder_names: tuple[r.HolderName, ...]
    found_by: tuple[FoundName, ...]
    body_id: UUID
    body_names: tuple[BodyName, ...]
    links: Mapping[str, str]
    sequence: int


def certificate_record(registry: Registry, presented_id: str) -> tuple[Published, CertificateRecord]:
    """The record of a certificate; raises `unknown_certificate`, which says nothing against anybody."""
    found = look_up(registry, presented_id)
    if found.evidence is None:
        raise AkashiError("unknown_certificate")
    answer = publish(registry, found)
    report = answer.report
    return answer, CertificateRecord(
        found.public_id,
        found.number,
        report.version,
        report.verdict,
        report.summary,
        report.holder,
        report.confidential,
        report.body,
        report.accreditations,
        report.scheme,
        report.scope,
        report.validity,
        report.standing,
        report.notices,
        told(registry, found.public_id),
        found.evidence.continuation.certificate_id if found.evidence.continuation else None,
        report.data_as_of,
        report.links,
    )


def standing_history(registry: Registry, presented_id: str, asked: Asked = NOW) -> tuple[Published, StandingHistory]:
    """The standing at a time with every event known that led to it; raises `unknown_certificate`."""
    found = look_up(registry, presented_id, asked)
    if found.evidence is None:
        raise AkashiError("unknown_certificate")
    if asked.is_of_now:
        answer = publish(registry, found)
    else:
        answer = Published(answer_about(registry, found, asked), found.moment, None)
    standing, then = answer.report.standing, answer.report.known_then
    if standing is None:
        return answer, StandingHistory(found.public_id, None, None, None, (), then)
    shown = StandingHistory(found.public_id, standing.state, standing.since, standing.until, standing.events, then)
    return answer, shown


def by_number(registry: Registry, number: str, body: UUID | None = None) -> Hits:
    """Every certificate that carries the number, however it is written; none is no statement against anybody."""
    return answer_by_number(registry, number, body)[0]


def answer_by_number(registry: Registry, number: str, body: UUID | None = None) -> tuple[Hits, datetime | None]:
    """The same, and the first instant at which the calendar changes one of them."""
    folded = fold_number(number[:LONGEST_NUMBER])
    with registry.database.transaction("reader") as connection:
        rows = public_record.by_number(connection, folded, body, MOST_HITS + 1)
        moment = now(connection)
        gathered = [gather(connection, row.public_id, moment) for row in rows[:MOST_HITS]]
    answers = [publish(registry, found) for found in gathered]
    hits = tuple(_hit(one.report, row.number) for row, one in zip(rows[:MOST_HITS], answers, strict=True))
    until = min((one.until for one in answers if one.until), default=None)
    return Hits(number, hits, MOST_HITS, len(rows) > MOST_HITS), until


@dataclass(frozen=True)
class Wanted:
    """What the directory is asked for; None does not narrow. `name` is a part of a name of the holder, now or ever."""

    number: str | None = None
    name: str | None = None
    body: UUID | None = None
    scheme: str | None = None
    country: str | None = None


@dataclass(frozen=True)
class Count:
    """How many there are; `exact` is false where there are more than were counted."""

    count: int
    exact: bool


EVERYTHING = Wanted()


def list_certificates(
    registry: Registry, wanted: Wanted = EVERYTHING, asked: Asked = NOW, *, place: Place | None = None, limit: int
) -> tuple[Listed, ...]:
    """Certificates of the directory in the order of their first recording, from a place on, nearest to it first.

    About a past time: those that could be found there then and may be found now, by the names of that time.
    """
    with registry.database.transaction("reader") as connection:
        times = asked.settled(now(connection))
        narrowed = _narrowed(wanted, times)
        if narrowed.name == "":
            return ()
        rows = public_record.directory(connection, narrowed, place=place, limit=limit)
        holders = public_record.holder_names(connection, [row.id for row in rows], times.known_at)
        bodies = names_of(connection, {row.body_id for row in rows}, times.known_at)
    shown = [shown_names(holders, row.id, times.at, narrowed.name) for row in rows]
    return tuple(
        Listed(
            row.public_id,
            row.number,
            row.scheme_code,
            names.names,
            names.found_by,
            row.body_id,
            bodies[row.body_id],
            _links(registry.base_url, row.public_id),
            row.sequence,
        )
        for row, names in zip(rows, shown, strict=True)
    )


def count_certificates(registry: Registry, wanted: Wanted, asked: Asked = NOW) -> Count:
    """How many certificates the directory holds of what is asked for, counted up to `MOST_COUNTED`."""
    with registry.database.transaction("reader") as connection:
        narrowed = _narrowed(wanted, asked.settled(now(connection)))
        found = 0 if narrowed.name == "" else public_record.count_in_directory(connection, narrowed, MOST_COUNTED)
    return Count(min(found, MOST_COUNTED), found <= MOST_COUNTED)


def by_name(registry: Registry, name: str) -> tuple[Hits, datetime | None]:
    """The certificates of holders one of whose names, now or ever, contains the text, each with its answer of now."""
    listed = list_certificates(registry, Wanted(name=name), limit=MOST_HITS + 1)
    with registry.database.transaction("reader") as connection:
        moment = now(connection)
        gathered = [gather(connection, one.certificate_id, moment) for one in listed[:MOST_HITS]]
    answers = [publish(registry, found) for found in gathered]
    hits = tuple(
        _hit(one.report, row.number, row.found_by) for row, one in zip(listed[:MOST_HITS], answers, strict=True)
    )
    until = min((one.until for one in answers if one.until), default=None)
    return Hits(name, hits, MOST_HITS, len(listed) > MOST_HITS), until


def _narrowed(wanted: Wanted, times: Times) -> Narrowed:
    return Narrowed(
        times.known_at,
        None if wanted.number is None else fold_number(wanted.number[:LONGEST_NUMBER]),
        None if wanted.name is None else fold(wanted.name[:LONGEST_NAME]),
        wanted.body,
        wanted.scheme,
        wanted.country,
    )


def _hit(report: r.VerificationReport, number: str, found_by: tuple[FoundName, ...] = ()) -> Hit:
    return Hit(
        str(report.certificate_id),
        number,
        report.verdict,
        report.standing,
        report.holder,
        report.body,
        report.scheme,
        found_by,
        report.links,
    )


def _links(base_url: str, public_id: str) -> dict[str, str]:
    return {
        "page": f"{base_url}/c/{public_id}",
        "verification": f"{base_url}/v1/certificates/{public_id}/verification",
    }
