"""Many certificates asked about at once: one short answer each, in the order asked, and at the end that it is the end.

A regulator or a large buyer asks about thousands. Each line says what the full report would say, computed by the same
examiner; an ID without a record is an answer, a mistyped one names its group, and neither stops the others. Few
certificates are read together, so that no transaction lasts as long as the list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.conformity.identifiers import MalformedPublicId, parse_public_id
from app.conformity.standing import Verdict
from app.conformity.words import Word
from app.examiner.report import VerificationReport
from app.registry.registry import Registry
from app.registry.two_clocks import Asked
from app.registry.verification import answer_about, gather_about
from app.storage.database import now

MOST_IDS = 10_000
READ_TOGETHER = 25


@dataclass(frozen=True)
class Line:
    """The answer about one ID: what the verification says of it, in short."""

    presented: str
    certificate_id: str
    verdict: Verdict
    state: str | None
    version: int | None
    summary: Word
    last_valid_day: date | None
    notices: tuple[str, ...]
    at: datetime
    known_at: datetime
    checked_at: datetime | None
    links: Mapping[str, str]


@dataclass(frozen=True)
class Mistyped:
    """What is no ID; `group` is the one that looks wrong, null when the length is."""

    presented: str
    code: str
    group: int | None


@dataclass(frozen=True)
class End:
    """Every ID was answered; whoever does not read this line has not read them all."""

    complete: bool
    answered: int


def verify_many(registry: Registry, presented: Sequence[str], asked: Asked) -> Iterator[Line | Mistyped | End]:
    """The answers one by one, computed as they are read; a time that cannot be asked about raises at once."""
    asked.settled(registry.database.now("reader"))
    return _answers(registry, presented, asked)


def _answers(registry: Registry, presented: Sequence[str], asked: Asked) -> Iterator[Line | Mistyped | End]:
    for start in range(0, len(presented), READ_TOGETHER):
        yield from _answers_to_few(registry, presented[start : start + READ_TOGETHER], asked)
    yield End(complete=True, answered=len(presented))


def _answers_to_few(registry: Registry, presented: Sequence[str], asked: Asked) -> list[Line | Mistyped]:
    ids = {one: _parsed(one) for one in presented}
    with registry.database.transaction("reader") as connection:
        moment = now(connection)
        found = {
            one: gather_about(connection, public_id, moment, asked)
            for one, public_id in ids.items()
            if isinstance(public_id, str)
        }
    return [
        _line(registry, one, answer_about(registry, found[one], asked)) if one in found else _mistyped(one, ids[one])
        for one in presented
    ]


def _parsed(presented: str) -> str | MalformedPublicId:
    try:
        return parse_public_id(presented)
    except MalformedPublicId as malformed:
        return malformed


def _mistyped(presented: str, malformed: str | MalformedPublicId) -> Mistyped:
    assert isinstance(malformed, MalformedPublicId)  # noqa: S101 - the others were found
    return Mistyped(presented, malformed.code, malformed.group)


def _line(registry: Registry, presented: str, report: VerificationReport) -> Line:
    public_id = str(report.certificate_id)
    return Line(
        presented,
        public_id,
        report.verdict,
        report.standing.state if report.standing else None,
        report.version,
        report.summary,
        report.validity.last_valid_day if report.validity else None,
        tuple(notice.code for notice in report.notices),
        report.at,
        report.known_at,
        report.checked_at,
        {"verification": f"{registry.base_url}/v1/certificates/{public_id}/verification"},
    )
