"""A certificate file that somebody presents: was this, to the byte, issued under its ID.

With the registry's evidence the file is compared with the versions recorded under its own ID; whoever presents it has
its content already, so nothing of it is withheld. Alone, without evidence, it can only be said whether the file fits
the X.509 certificate inside it. A file that differs shows no fact and is never called "invalid" (C026).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app.credentials.jws import MAX_JWS_BYTES, JwsRefused, UnverifiedJws, check_jws, split_jws
from app.errors import AkashiError
from app.examiner.certificate import Certificate, read_certificate
from app.examiner.checks.chain import check_chain_of
from app.examiner.checks.outcome import failed, not_performed
from app.examiner.evidence import Evidence
from app.examiner.examine import examine, no_record, only_origin, refused_report, without_facts
from app.examiner.question import Question
from app.examiner.report import VerificationReport
from app.examiner.sentences import incomplete, sentence
from app.trust.anchors import Anchors
from app.trust.certificates import p256_key
from app.trust.certificates import read_certificate as read_x509


def read_presented(presented: bytes) -> Certificate:
    """The unverified certificate in presented bytes: its ID says which evidence to fetch. Raises `AkashiError`."""
    return read_certificate(_split(presented))


def examine_presented(
    presented: bytes,
    evidence: Evidence | None,
    anchors: Anchors,
    *,
    now: datetime,
    at: datetime | None = None,
    known_at: datetime | None = None,
) -> VerificationReport:
    """The report on a presented certificate by the registry's evidence about its ID; None where there is none."""
    question = Question.asked(anchors, now=now, at=at, known_at=known_at)
    try:
        jws = _split(presented)
        certificate = read_certificate(jws)
    except AkashiError as refused:
        return refused_report(refused, question)
    if evidence is None or not evidence.envelopes:
        return no_record(certificate.certification, now=now, at=question.at, known_at=question.known_at)
    if jws.compact not in {envelope.jws for envelope in evidence.envelopes}:
        different = {"signature": failed("signature", "not_the_recorded_file")}
        return without_facts(question, None, sentence("altered"), only_origin(different))
    shown = replace(evidence, withheld=frozenset())
    return examine(shown, anchors, now=now, at=at, known_at=known_at, version=certificate.version_no)


def examine_alone(
    presented: bytes,
    anchors: Anchors,
    *,
    now: datetime,
    at: datetime | None = None,
    known_at: datetime | None = None,
) -> VerificationReport:
    """The report on a certificate file without any evidence: never more than that nothing speaks against it."""
    question = Question.asked(anchors, now=now, at=at, known_at=known_at)
    try:
        jws = _split(presented)
        certificate = read_certificate(jws)
        check_jws(jws, p256_key(read_x509(next(iter(certificate.chain), b""))))
    except AkashiError as refused:
        return refused_report(refused, question)
    # Nobody trustworthy says when the file was made: its chain is looked at for the time that it claims itself.
    chain = check_chain_of(certificate, certificate.facts.validity.valid_from, anchors)
    checks = only_origin({"signature": not_performed("signature", "presented_alone"), "chain": chain})
    if chain in (check for check in checks if check.result == "failed"):
        return without_facts(question, None, sentence("altered"), checks)
    return without_facts(question, certificate.certification, incomplete([checks[0].detail], None, None), checks)


def _split(presented: bytes) -> UnverifiedJws:
    """The parts of a compact JWS in a file, which may end with one line feed."""
    if len(presented) > MAX_JWS_BYTES + 1:
        raise JwsRefused("jws_too_large", note=f"more than {MAX_JWS_BYTES} bytes")
    try:
        return split_jws(presented.removesuffix(b"\n").decode("ascii"))
    except UnicodeDecodeError as error:
        raise JwsRefused("malformed_jws", note="not ASCII") from error
