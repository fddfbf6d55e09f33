"""Examine evidence about one certificate: ten checks, one verdict, one report.

    1 signature   2 issuer   3 chain   4 accreditation at decision   5 accreditation now
    6 standing    7 version  8 validity   9 status lists   10 freshness

Pure: evidence, anchors and times in, a report out; a bad certificate never raises. What a file says is shown as fact
only if its signatures hold, the right body signed, and its chain is not contradicted (C026). An impossible question (a
time in the future, a version that is not there) raises `ImpossibleQuestion`.
"""

from __future__ import annotations

from datetime import datetime

from app.conformity.standing import Verdict
from app.errors import AkashiError
from app.examiner.assertions import assertions_of
from app.examiner.checks.accreditation import AT_DECISION, NOW, Reach, check_at_decision, check_now, reaches_of
from app.examiner.checks.chain import check_chains
from app.examiner.checks.freshness import check_freshness
from app.examiner.checks.issuer import check_issuer
from app.examiner.checks.outcome import dependent, failed
from app.examiner.checks.signature import check_signature
from app.examiner.checks.standing import check_standing
from app.examiner.checks.status_lists import address_of, check_status_lists, list_addresses
from app.examiner.checks.unaccredited import said_instead
from app.examiner.checks.validity import check_validity
from app.examiner.checks.version import check_version
from app.examiner.evidence import Case, Evidence, EvidenceRefused, Source, open_case
from app.examiner.hindsight import with_hindsight
from app.examiner.notices import notices_of, of_anchors
from app.examiner.question import Examination, ImpossibleQuestion, Question
from app.examiner.report import CHECK_NAMES, Check, Notice, Result, VerificationReport
from app.examiner.sentences import Sentence, incomplete, sentence
from app.examiner.shown import (
    shown_accreditation,
    shown_body,
    shown_by,
    shown_cycle,
    shown_holder,
    shown_links,
    shown_origin,
    shown_scheme,
    shown_scope,
    shown_standing,
    shown_validity,
)
from app.examiner.verdict import comes_from_the_body, summary_of, verdict_on, was_altered
from app.trust.anchors import Anchors

BASIS = "recorded"
"""What `known_at` rests on while there is no log: the registry's own record (records §9)."""


def examine(
    evidence: Evidence,
    anchors: Anchors,
    *,
    now: datetime,
    at: datetime | None = None,
    known_at: datetime | None = None,
    version: int | None = None,
) -> VerificationReport:
    """The report on the certificate (or on one version of it) at a time, by what was known at a time."""
    question = Question.asked(anchors, now=now, at=at, known_at=known_at, version=version)
    if not evidence.envelopes:
        return no_record(evidence.certificate_id, now=now, at=question.at, known_at=question.known_at)
    try:
        case = open_case(evidence)
        _demand_use_of_lists(evidence, case)
    except EvidenceRefused as refused:
        return refused_report(refused, question, _asked_id(evidence))
    return with_hindsight(_report, Examination(case, evidence, question))


def no_record(
    certificate_id: str, *, now: datetime, at: datetime | None = None, known_at: datetime | None = None
) -> VerificationReport:
    """The report on an ID of which there is no record: unknown, and never "invalid"."""
    question = Question.asked(Anchors(), now=now, at=at, known_at=known_at)
    checks = tuple(dependent(name, "no_record") for name in CHECK_NAMES)
    return without_facts(question, certificate_id, sentence("no_record"), checks)


def refused_report(refused: AkashiError, question: Question, certificate_id: str | None = None) -> VerificationReport:
    """The report on a file that cannot even be read as evidence: it was changed, or is not by whom it names."""
    signature = failed("signature", "unreadable", reason=str(refused))
    return without_facts(question, certificate_id, sentence("altered"), only_origin({"signature": signature}))


def only_origin(checks: dict[str, Check]) -> tuple[Check, ...]:
    """These checks, and for each of the others that it rests on signatures which were not established."""
    return tuple(checks.get(name) or dependent(name, "signature_not_established") for name in CHECK_NAMES)


def without_facts(
    question: Question,
    certificate_id: str | None,
    told: Sentence,
    checks: tuple[Check, ...],
    notices: tuple[Notice, ...] = (),
) -> VerificationReport:
    """A report that states no fact about any certificate."""
    return VerificationReport(
        verdict=Verdict.UNKNOWN,
        certificate_id=certificate_id,
        version=None,
        summary=told.text,
        holder=None,
        confidential=False,
        body=None,
        accreditations=(),
        scheme=None,
        scope=None,
        validity=None,
        cycle=None,
        origin=None,
        standing=None,
        known_then=None,
        at=question.at,
        known_at=question.known_at,
        checked_at=question.now,
        data_as_of=None,
        known_at_basis=BASIS,
        notices=(*notices, *of_anchors(question.anchors)),
        checks=checks,
        statements=(),
    )


def _report(examination: Examination) -> VerificationReport:
    """The checks in their order; from the fourth on they are about facts, and need the first three."""
    case, question = examination.case, examination.question
    if examination.current is None:
        return no_record(case.certificate_id, now=question.now, at=question.at, known_at=question.known_at)
    if examination.examined is None:
        raise ImpossibleQuestion("unknown_version", field="/version")

    checks = _checks_of_origin(examination)
    if not comes_from_the_body(checks):
        return _not_established(examination, checks)

    reaches = reaches_of(examination)
    for check in (
        *_checks_of_accreditation(examination, reaches),
        check_standing(examination),
        check_version(examination),
        check_validity(examination),
        check_status_lists(examination),
        check_freshness(examination),
    ):
        checks[check.name] = check
    return _with_facts(examination, reaches, checks)


def _checks_of_origin(examination: Examination) -> dict[str, Check]:
    case, anchors = examination.case, examination.question.anchors
    signature = check_signature(case, examination.evidence, anchors, examination.decision)
    if signature.result is not Result.PASSED:
        rest = {name: dependent(name, "signature_not_established") for name in ("issuer", "chain")}
        return {"signature": signature} | rest
    return {
        "signature": signature,
        "issuer": check_issuer(case, shown_by(examination), anchors),
        "chain": check_chains(case.versions, anchors),
    }


def _checks_of_accreditation(examination: Examination, reaches: tuple[Reach, ...]) -> tuple[Check, Check]:
    """Both checks, or what is said instead of one where no accreditation can be asked about."""
    instead = said_instead(examination, reaches)
    return (
        instead.get(AT_DECISION) or check_at_decision(examination, reaches),
        instead.get(NOW) or check_now(examination, reaches),
    )


def _with_facts(examination: Examination, reaches: tuple[Reach, ...], checks: dict[str, Check]) -> VerificationReport:
    question, withheld = examination.question, examination.evidence.withheld
    assert examination.examined is not None  # noqa: S101 - `_report` looked
    certificate = examination.examined.document
    notices = notices_of(examination, reaches)
    verdict = verdict_on(checks, examination.standing.state, notices)
    stated = shown_by(examination)
    return VerificationReport(
        verdict=verdict,
        certificate_id=certificate.certification,
        version=certificate.version_no,
        summary=summary_of(examination, reaches, checks, verdict, notices).text,
        holder=shown_holder(certificate, withheld),
        confidential=bool(withheld),
        body=shown_body(certificate, stated.document if stated else None),
        accreditations=tuple(shown_accreditation(reach) for reach in reaches),
        scheme=shown_scheme(certificate),
        scope=shown_scope(certificate, withheld),
        validity=shown_validity(certificate),
        cycle=shown_cycle(certificate),
        origin=shown_origin(certificate),
        standing=shown_standing(examination),
        known_then=None,
        at=question.at,
        known_at=question.known_at,
        checked_at=question.now,
        data_as_of=examination.evidence.as_of,
        known_at_basis=BASIS,
        notices=notices,
        checks=tuple(checks[name] for name in CHECK_NAMES),
        statements=assertions_of(examination),
        links=shown_links(certificate, examination.evidence, question.known_at),
    )


def _not_established(examination: Examination, checks: dict[str, Check]) -> VerificationReport:
    """Nothing in the evidence is shown as fact: it was altered, or nothing leads to the verifier's anchors."""
    question, evidence = examination.question, examination.evidence
    if was_altered(checks):
        return without_facts(question, _asked_id(evidence), sentence("altered"), only_origin(checks))
    told = incomplete([checks["signature"].detail], None, None)
    return without_facts(question, evidence.certificate_id, told, only_origin(checks))


def _asked_id(evidence: Evidence) -> str | None:
    """The ID that was asked for; one that only a file claims is no fact once the file is refused."""
    return evidence.certificate_id if evidence.source is Source.REGISTRY else None


def _demand_use_of_lists(evidence: Evidence, case: Case) -> None:
    """In a bundle every list is one that a version names, in the order in which they are named."""
    if evidence.source is not Source.BUNDLE:
        return
    try:
        presented = [address_of(one) for one in evidence.status_lists]
    except AkashiError as error:
        raise EvidenceRefused("unreadable_part", field="/status_lists", note=str(error)) from error
    named = [address for address in list_addresses(case) if address in presented]
    if presented != named:
        raise EvidenceRefused("unused_part", field="/status_lists")
