"""What somebody presents: a certificate file or a bundle, held against what this registry has recorded.

A file that is, to the byte, a version recorded here is answered by everything the registry knows about that version.
A bundle is examined by its own evidence, as a stranger would. Whatever was altered or truncated gets a report in which
the signature failed, and nothing in it is shown as fact (C026). Nothing presented is kept.
"""

from __future__ import annotations

from datetime import datetime

from app.errors import AkashiError
from app.examiner.bundle import BundleRefused, looks_like_a_bundle, read_bundle
from app.examiner.examine import examine, refused_report
from app.examiner.presented import examine_presented, read_presented
from app.examiner.question import Question
from app.examiner.report import VerificationReport
from app.registry.registry import Registry
from app.registry.verification import gather
from app.storage.database import now

BEGINS_LIKE_A_JWS = b"eyJ"
"""Base64url of `{"`: how the header of every compact JWS in JSON begins."""


def check_file(registry: Registry, presented: bytes) -> VerificationReport:
    """The report on a file; raises `not_a_certificate_file` for what is neither a certificate nor a bundle."""
    if looks_like_a_bundle(presented):
        return check_bundle(registry, presented)
    if presented.startswith(BEGINS_LIKE_A_JWS):
        return check_credential(registry, presented)
    raise AkashiError("not_a_certificate_file")


def check_credential(
    registry: Registry, presented: bytes, *, at: datetime | None = None, known_at: datetime | None = None
) -> VerificationReport:
    """The report on a presented certificate, by what is recorded under the ID that it claims."""
    claimed = _claimed_id(presented)
    with registry.database.transaction("reader") as connection:
        moment = now(connection)
        evidence = gather(connection, claimed, moment).evidence if claimed else None
    return examine_presented(presented, evidence, registry.anchors, now=moment, at=at, known_at=known_at)


def check_bundle(
    registry: Registry, presented: bytes, *, at: datetime | None = None, known_at: datetime | None = None
) -> VerificationReport:
    """The report on a presented bundle by its own evidence and this registry's anchors."""
    moment = registry.database.now("reader")
    try:
        evidence = read_bundle(presented)
    except BundleRefused as refused:
        return refused_report(refused, Question.asked(registry.anchors, now=moment, at=at, known_at=known_at))
    return examine(evidence, registry.anchors, now=moment, at=at, known_at=known_at)


def _claimed_id(presented: bytes) -> str | None:
    try:
        return read_presented(presented).certification
    except AkashiError:
        return None  # examine_presented says why it cannot be read
