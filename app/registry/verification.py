"""Verifying by ID: the evidence that the registry holds, examined by the same examiner that a stranger runs.

The registry adds nothing to what the evidence says. A published answer is computed as of the later of the current
minute and the newest fact that it rests on, so its bytes stay the same in between; an answer computed on request says
when. A holder who withholds fields is answered by standing, body and standard; signed files are then not served,
because a signature cannot be split.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.conformity.identifiers import parse_public_id, subject_of
from app.credentials.jws import secure, signing_input
from app.credentials.statement import read_statement, statement_input
from app.errors import AkashiError
from app.examiner.bundle import manifest_of, write_bundle
from app.examiner.evidence import WITHHOLDABLE, Envelope, Evidence, Source
from app.examiner.examine import examine, no_record
from app.examiner.report import VerificationReport
from app.keys.encoding import b64u
from app.registry.registry import Registry
from app.registry.status_publication import list_name
from app.storage import public_record, publications
from app.storage.database import now
from app.storage.rows import Connection, Row

REPORT_TYPE = "akashi-report+jwt"
PURPOSES = ("revocation", "suspension", "refresh")


@dataclass(frozen=True)
class Published:
    """Bytes as published, with the instant that they speak for and the next one at which they may change."""

    content: bytes
    as_of: datetime
    until: datetime | None


def verify(
    registry: Registry,
    presented_id: str,
    *,
    at: datetime | None = None,
    known_at: datetime | None = None,
    version: int | None = None,
) -> VerificationReport:
    """The report on a certificate, computed on request; an unknown ID is a report too, a malformed one raises."""
    public_id = parse_public_id(presented_id)
    with registry.database.transaction("reader") as connection:
        moment = now(connection)
        evidence = gather(connection, public_id, moment)
    if evidence is None:
        return no_record(public_id, now=moment, at=at, known_at=known_at)
    return examine(evidence, registry.anchors, now=moment, at=at, known_at=known_at, version=version)


def published_report(registry: Registry, presented_id: str, version: int | None = None) -> VerificationReport:
    """The same as of its publication: without the time of asking, equal for everybody who asks in between."""
    public_id = parse_public_id(presented_id)
    with registry.database.transaction("reader") as connection:
        moment = now(connection)
        evidence = gather(connection, public_id, moment)
    if evidence is None:
        return no_record(public_id, now=_minute(moment)).published()
    return examine(evidence, registry.anchors, now=evidence.as_of, version=version).published()


def published_bytes(registry: Registry, presented_id: str) -> Published:
    """The published report as bytes of plain JSON."""
    report = published_report(registry, presented_id)
    content = json.dumps(report.as_json(), ensure_ascii=False, separators=(",", ":")).encode()
    return Published(content, report.data_as_of or report.at, next_boundary(report))


def report_jws(registry: Registry, presented_id: str) -> str:
    """The published report's very bytes, signed by the publication key; it never outranks its evidence."""
    signer = registry.keys.signer(registry.publication_key)
    header = {"alg": "ES256", "kid": signer.thumbprint, "typ": REPORT_TYPE}
    return secure(signing_input(header, published_bytes(registry, presented_id).content), signer)


def bundle(registry: Registry, presented_id: str) -> bytes:
    """Everything needed to verify offline, in one file; byte-equal for the same publication.

    Raises `unknown_certificate`, or `withheld` where a field is not consented.
    """
    public_id = parse_public_id(presented_id)
    with registry.database.transaction("reader") as connection:
        evidence = gather(connection, public_id, now(connection), Source.BUNDLE)
    if evidence is None:
        raise AkashiError("unknown_certificate")
    if evidence.withheld:
        raise AkashiError("withheld")
    signer = registry.keys.signer(registry.publication_key)
    return write_bundle(evidence, secure(statement_input(manifest_of(evidence), signer.thumbprint), signer))


def credential(registry: Registry, presented_id: str, version: int | None = None) -> str:
    """The credential of a version (the newest unless named) as it was signed; raises `withheld` without consent."""
    public_id = parse_public_id(presented_id)
    with registry.database.transaction("reader") as connection:
        row = public_record.certification(connection, public_id)
        versions = public_record.versions(connection, row.body_id, row.id) if row else ()
    if row is None:
        raise AkashiError("unknown_certificate")
    if withheld_of(row.consented):
        raise AkashiError("withheld")
    wanted = [one for one in versions if version is None or one.version_no == version]
    if not wanted:
        raise AkashiError("unknown_version")
    return _jws(wanted[-1])


def gather(
    connection: Connection, public_id: str, moment: datetime, source: Source = Source.REGISTRY
) -> Evidence | None:
    """All signed facts about a certificate and what it rests on, or None if there is no such record."""
    row = public_record.certification(connection, public_id)
    if row is None:
        return None
    own = public_record.envelopes(connection, [bytes(row.subject)])
    rests_on = _what_it_rests_on(connection, own)
    versions = public_record.versions(connection, row.body_id, row.id)
    lists = [publications.latest(connection, list_name(number)) for number in _lists_of(versions)]
    published = [one for one in lists if one is not None]
    envelopes = tuple(_envelope(one) for one in (*rests_on, *own))
    recorded = [*(one.recorded_at for one in envelopes), *(one.recorded_at for one in published)]
    as_of = _as_of(moment, recorded)
    return Evidence(
        public_id,
        envelopes,
        tuple(bytes(one.content).decode("ascii") for one in published),
        as_of,
        int(as_of.timestamp() * 1000),
        source,
        withheld=withheld_of(row.consented),
    )


def withheld_of(consented: list[str]) -> frozenset[str]:
    """What the holder did not consent to show."""
    return WITHHOLDABLE - frozenset(consented)


def next_boundary(report: VerificationReport) -> datetime | None:
    """The first instant after the report's own at which the answer changes by the calendar alone."""
    if report.validity is None:
        return None
    ahead = [moment for moment in (report.validity.valid_from, report.validity.valid_until) if moment > report.at]
    return min(ahead, default=None)


def _what_it_rests_on(connection: Connection, own: tuple[Row[Any], ...]) -> list[Row[Any]]:
    """The envelopes of the accreditations that decisions and bindings name, then those of the keys that signed."""
    keys = sorted({row.thumbprint for row in own})
    bindings = public_record.envelopes(connection, [subject_of(key) for key in keys])
    decisions = [row for row in own if row.statement == "akashi-decision-1"]
    named = {one for row in decisions for one in read_statement(_jws(row)).payload["accreditations"]}
    named |= {read_statement(_jws(row)).payload["accreditation"] for row in bindings}
    statements = public_record.envelopes(connection, [subject_of(one) for one in sorted(named)])
    return [*statements, *bindings]


def _lists_of(versions: tuple[Row[Any], ...]) -> list[int]:
    """The status lists that the versions point at, in the order in which they are named."""
    named = [getattr(version, f"{purpose}_list") for version in versions for purpose in PURPOSES]
    return list(dict.fromkeys(named))


def _envelope(row: Row[Any]) -> Envelope:
    return Envelope(_jws(row), row.n, bytes(row.subject), _to_the_millisecond(row.recorded_at))


def _jws(row: Row[Any]) -> str:
    return f"{bytes(row.signing_input).decode('ascii')}.{b64u(bytes(row.signature))}"


def _as_of(moment: datetime, recorded: list[datetime]) -> datetime:
    """The later of the current minute and the newest of what the answer rests on."""
    return max(_minute(moment), _to_the_millisecond(max(recorded)))


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _to_the_millisecond(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
