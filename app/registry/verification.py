"""Verifying by ID: the evidence that the registry holds, examined by the same examiner that a stranger runs.

The registry adds nothing to what the evidence says. A published answer is computed as of the later of the current
minute and the newest fact that it rests on, so its bytes stay the same in between; an answer computed on request says
when. A holder who withholds fields is answered by standing, body and standard; signed files are then not served,
because a signature cannot be split.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.conformity import accreditation, standing
from app.conformity.editions import end_of
from app.conformity.identifiers import parse_public_id, subject_of
from app.conformity.periods import end_instant
from app.credentials.jws import secure, signing_input
from app.credentials.statement import read_statement, statement_input
from app.errors import AkashiError
from app.examiner.bundle import manifest_of, write_bundle
from app.examiner.documents import KEY_BINDING
from app.examiner.evidence import (
    WITHHOLDABLE,
    Case,
    Continuation,
    Envelope,
    Evidence,
    EvidenceRefused,
    Source,
    open_case,
)
from app.examiner.examine import examine, no_record
from app.examiner.history import events_of, periods_of, statement_of
from app.examiner.report import VerificationReport, as_plain
from app.keys.encoding import b64u
from app.registry.recognition import recognition_of
from app.registry.registry import Registry
from app.registry.schemes import edition_end_of
from app.registry.status_publication import list_name
from app.registry.two_clocks import NOW, Asked, Times
from app.storage import public_record, publications
from app.storage.database import now
from app.storage.rows import Connection, Row

REPORT_TYPE = "akashi-report+jwt"
PURPOSES = ("revocation", "suspension", "refresh")


@dataclass(frozen=True)
class Gathered:
    """What the registry holds about one ID at a moment; no evidence where it has no record."""

    public_id: str
    moment: datetime
    number: str | None = None
    """The body's own number, where the holder consented to be found by it."""
    evidence: Evidence | None = None


@dataclass(frozen=True)
class Published:
    """A published answer: its report, the moment of asking, and the next instant at which the calendar changes it."""

    report: VerificationReport
    moment: datetime
    until: datetime | None

    @property
    def content(self) -> bytes:
        """The report as it is served and signed."""
        return as_bytes(self.report.as_json())


def verify(
    registry: Registry,
    presented_id: str,
    *,
    at: datetime | None = None,
    known_at: datetime | None = None,
    version: int | None = None,
) -> VerificationReport:
    """The report on a certificate, computed on request; an unknown ID is a report too, a malformed one raises."""
    asked = Asked(at, known_at)
    return answer_about(registry, look_up(registry, presented_id, asked), asked, version)


def answer_about(registry: Registry, found: Gathered, asked: Asked, version: int | None = None) -> VerificationReport:
    """The report on what was gathered for a question."""
    at, known_at = asked.at, asked.known_at
    if found.evidence is None:
        return no_record(found.public_id, now=found.moment, at=at, known_at=known_at)
    return examine(found.evidence, registry.anchors, now=found.moment, at=at, known_at=known_at, version=version)


def published(registry: Registry, presented_id: str, version: int | None = None) -> Published:
    """The same as of its publication: without the time of asking, equal for everybody who asks in between."""
    return publish(registry, look_up(registry, presented_id), version)


def published_report(registry: Registry, presented_id: str, version: int | None = None) -> VerificationReport:
    """The report alone of a published answer."""
    return published(registry, presented_id, version).report


def publish(registry: Registry, found: Gathered, version: int | None = None) -> Published:
    """The published answer about what was gathered; equal evidence is examined once."""
    if found.evidence is None:
        return Published(no_record(found.public_id, now=_minute(found.moment)).published(), found.moment, None)
    evidence = found.evidence

    def examined() -> tuple[VerificationReport, datetime | None]:
        report = examine(evidence, registry.anchors, now=evidence.as_of, version=version).published()
        return report, next_boundary(evidence)

    report, until = registry.recent.answer((evidence, version), examined)
    return Published(report, found.moment, until)


def report_jws(registry: Registry, presented_id: str) -> tuple[str, Published]:
    """The published report's very bytes, signed by the publication key; it never outranks its evidence."""
    answer = published(registry, presented_id)
    signer = registry.keys.signer(registry.publication_key)
    header = {"alg": "ES256", "kid": signer.thumbprint, "typ": REPORT_TYPE}
    return secure(signing_input(header, answer.content), signer), answer


def bundle(registry: Registry, presented_id: str) -> bytes:
    """Everything needed to verify offline, in one file; byte-equal for the same publication.

    Raises `unknown_certificate`, or `withheld` where a field is not consented.
    """
    public_id = parse_public_id(presented_id)
    with registry.database.transaction("reader") as connection:
        evidence = gather(connection, public_id, now(connection), Source.BUNDLE).evidence
    if evidence is None:
        raise AkashiError("unknown_certificate")
    if evidence.withheld:
        raise AkashiError("withheld")
    signer = registry.keys.signer(registry.publication_key)
    return write_bundle(evidence, secure(statement_input(manifest_of(evidence), signer.thumbprint), signer))


def credential(registry: Registry, presented_id: str, version: int | None = None) -> str:
    """The credential of a version (the current one unless named) as it was signed.

    Raises `unknown_certificate`, `unknown_version`, or `withheld` where a field is not consented.
    """
    public_id = parse_public_id(presented_id)
    with registry.database.transaction("reader") as connection:
        row = public_record.certification(connection, public_id)
        versions = public_record.versions(connection, row.body_id, row.id) if row else ()
        moment = now(connection)
    if row is None:
        raise AkashiError("unknown_certificate")
    if version is None:
        begun = [one for one in versions if one.effective_at <= moment]
        wanted = begun[-1:] or versions[:1]
    else:
        wanted = [one for one in versions if one.version_no == version]
    if not wanted:
        raise AkashiError("unknown_version")
    if withheld_of(row.consented):
        raise AkashiError("withheld")
    return jws_of(wanted[0])


def look_up(registry: Registry, presented_id: str, asked: Asked = NOW) -> Gathered:
    """What the registry holds about an ID, or held at the time whose knowledge counts, in one read."""
    public_id = parse_public_id(presented_id)
    with registry.database.transaction("reader") as connection:
        return gather_about(connection, public_id, now(connection), asked)


def gather_about(connection: Connection, public_id: str, moment: datetime, asked: Asked) -> Gathered:
    """The same within a transaction that reads more."""
    times = asked.settled(moment)
    if times.at <= times.known_at < moment:
        return _gather_known(connection, public_id, moment, times)
    return gather(connection, public_id, moment)


def gather(connection: Connection, public_id: str, moment: datetime, source: Source = Source.REGISTRY) -> Gathered:
    """All signed facts about a certificate and what it rests on, as far as they are recorded at the moment."""
    row = public_record.certification(connection, public_id)
    if row is None:
        return Gathered(public_id, moment)
    own = public_record.envelopes(connection, [bytes(row.subject)])
    rests_on = _what_it_rests_on(connection, own)
    after = public_record.takeover(connection, public_id)
    envelopes = [_envelope(one) for one in (*rests_on, *_word_on(connection, after), *own)]
    versions = public_record.versions(connection, row.body_id, row.id)
    lists = [publications.latest(connection, list_name(number)) for number in _lists_of(versions)]
    published_lists = [one for one in lists if one]
    announced = public_record.edition_transitions(connection, row.scheme_code)
    as_of = _as_of(moment, envelopes, published_lists, announced, [after] if after else [])
    found = _gathered(row, moment, as_of, envelopes, published_lists, source)
    if source is Source.BUNDLE:
        return found
    return _with_what_is_observed(connection, found, rests_on, announced, after)


def _gather_known(connection: Connection, public_id: str, moment: datetime, times: Times) -> Gathered:
    """What was recorded and published by then, and nothing else, so that what came later cannot change the answer.

    What the holder withholds today is withheld about the past, too. Where no status list counted then (the service
    stood still), today's witness for the same events: the examiner leaves out what was not known.
    """
    row = public_record.certification(connection, public_id)
    if row is None:
        return Gathered(public_id, moment)
    versions = tuple(one for one in public_record.versions(connection, row.body_id, row.id) if _was_known(one, times))
    if not versions:
        return Gathered(public_id, moment)
    named = [list_name(number) for number in _lists_of(versions)]
    lists = [one for name in named if (one := publications.as_published(connection, name, times.known_at))]
    if len(lists) < len(named):
        return gather(connection, public_id, moment)
    own = tuple(one for one in public_record.envelopes(connection, [bytes(row.subject)]) if _was_known(one, times))
    rests_on = [one for one in _what_it_rests_on(connection, own, times) if _was_known(one, times)]
    after = public_record.takeover(connection, public_id)
    after = after if after and _was_known(after, times) else None
    envelopes = [_envelope(one) for one in (*rests_on, *_word_on(connection, after), *own)]
    announced = public_record.edition_transitions(connection, row.scheme_code)
    announced = tuple(one for one in announced if _was_known(one, times))
    as_of = _as_of(times.known_at, envelopes, lists, announced, [after] if after else [])
    found = _gathered(row, moment, as_of, envelopes, lists, Source.REGISTRY)
    return _with_what_is_observed(connection, found, rests_on, announced, after)


def _word_on(connection: Connection, after: Row[Any] | None) -> tuple[Row[Any], ...]:
    """The accreditation body's evidence on which another body took over, where this one gave no word."""
    if after is None or after.evidence_subject is None:
        return ()
    return public_record.envelopes(connection, [bytes(after.evidence_subject)])


def _with_what_is_observed(
    connection: Connection,
    found: Gathered,
    rests_on: Sequence[Row[Any]],
    announced: Sequence[Row[Any]],
    after: Row[Any] | None,
) -> Gathered:
    """With what was observed about accreditation bodies and editions behind these documents, and where to read on."""
    assert found.evidence is not None  # noqa: S101, the caller gathered it
    parties = sorted({row.body_id for row in rests_on})
    observed = tuple(recognition_of(row) for row in public_record.recognitions(connection, parties))
    continuation = Continuation(after.public_id, _to_the_millisecond(after.recorded_at)) if after else None
    evidence = replace(
        found.evidence,
        recognitions=observed,
        editions=tuple(edition_end_of(one) for one in announced),
        continuation=continuation,
    )
    return replace(found, evidence=evidence)


def _was_known(row: Row[Any], times: Times) -> bool:
    return _to_the_millisecond(row.recorded_at) <= times.known_at


def _gathered(
    row: Row[Any],
    moment: datetime,
    as_of: datetime,
    envelopes: list[Envelope],
    lists: list[Row[Any]],
    source: Source,
) -> Gathered:
    evidence = Evidence(
        row.public_id,
        tuple(envelopes),
        tuple(bytes(one.content).decode("ascii") for one in lists),
        as_of,
        int(as_of.timestamp() * 1000),
        source,
        withheld=withheld_of(row.consented),
    )
    return Gathered(row.public_id, moment, row.number if "directory" in row.consented else None, evidence)


def moment_of(registry: Registry) -> datetime:
    """The database's clock, for answers that rest on no certificate."""
    return registry.database.now("reader")


def withheld_of(consented: list[str]) -> frozenset[str]:
    """What the holder did not consent to show."""
    return WITHHOLDABLE - frozenset(consented)


def next_boundary(evidence: Evidence) -> datetime | None:
    """The first instant after the evidence's own at which the calendar alone may change the answer."""
    try:
        case = open_case(evidence)
    except EvidenceRefused:
        return None
    chains = ([statement_of(one) for one in chain] for chain in case.accreditations.values())
    zones = [chain[0].document.time_zone for chain in case.accreditations.values() if chain]
    ends = [end for one in evidence.recognitions if (end := one.end_by(evidence.as_of))]
    ended = [end_instant(day, zone) for day in ends for zone in zones]
    turns = [
        *(turn for turn in (*ended, *_reports_end(case), *_editions_end(evidence, case)) if turn > evidence.as_of),
        standing.next_boundary(events_of(case), periods_of(case), evidence.as_of),
        *(accreditation.next_turn(chain, evidence.as_of) for chain in chains),
    ]
    return min((turn for turn in turns if turn is not None), default=None)


def _reports_end(case: Case) -> Iterator[datetime]:
    """When reports from elsewhere are older than agreed."""
    for facts in (version.document.facts for version in case.versions):
        if facts.report:
            yield end_instant(facts.report.fresh_until, facts.validity.time_zone)


def _editions_end(evidence: Evidence, case: Case) -> Iterator[datetime]:
    """When the transition periods of the editions that are certified to are over."""
    for facts in (version.document.facts for version in case.versions):
        if ends := end_of(evidence.editions, facts.scheme.document.designation, evidence.as_of):
            yield end_instant(ends.certificates_to, facts.validity.time_zone)


def as_bytes(plain: Any) -> bytes:
    """JSON as this registry publishes it."""
    return json.dumps(as_plain(plain), ensure_ascii=False, separators=(",", ":")).encode()


def jws_of(row: Row[Any]) -> str:
    """The compact form of a stored envelope."""
    return f"{bytes(row.signing_input).decode('ascii')}.{b64u(bytes(row.signature))}"


def _what_it_rests_on(connection: Connection, own: tuple[Row[Any], ...], times: Times | None = None) -> list[Row[Any]]:
    """The envelopes of the accreditations that decisions, bindings and letters name, then those of the keys."""
    keys = sorted({row.thumbprint for row in own})
    bindings = public_record.envelopes(connection, [subject_of(key) for key in keys])
    decisions = [row for row in own if row.statement == "akashi-decision-1"]
    named = {one for row in decisions for one in read_statement(jws_of(row)).payload["accreditations"]}
    named |= {read_statement(jws_of(row)).payload["accreditation"] for row in bindings if row.statement == KEY_BINDING}
    letters = public_record.letters_about(connection, [bytes(row.subject) for row in own[:1]])
    named |= {str(row.accreditation_id) for row in letters if times is None or _was_known(row, times)}
    statements = public_record.envelopes(connection, [subject_of(one) for one in sorted(named)])
    return [*statements, *bindings]


def _lists_of(versions: tuple[Row[Any], ...]) -> list[int]:
    """The status lists that the versions point at, in the order in which they are named."""
    named = [getattr(version, f"{purpose}_list") for version in versions for purpose in PURPOSES]
    return list(dict.fromkeys(named))


def _envelope(row: Row[Any]) -> Envelope:
    return Envelope(jws_of(row), row.n, bytes(row.subject), _to_the_millisecond(row.recorded_at))


def _as_of(moment: datetime, *rested_on: Sequence[Any]) -> datetime:
    """The later of the current minute and the newest of what the answer rests on."""
    newest = max(one.recorded_at for several in rested_on for one in several)
    return max(_minute(moment), _to_the_millisecond(newest))


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _to_the_millisecond(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
