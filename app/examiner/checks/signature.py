"""Check 1, *signature*: every document is signed, over the received bytes, by the key that may say such a thing.

Accreditation statements and key bindings: a key of that accreditation body among the verifier's anchors. Decisions,
certificate versions and standing events: a key of the body for which such a binding holds at the time of recording.
A bundle's manifest: a publication key. A signature that does not hold fails the check whether or not anchors are there;
a missing anchor leaves it not performed, for unknown is not invalid. Only a document that the conclusion needs can do
that: what an accreditation body without anchor says of its own accord is left out, and nothing rests on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec

from app.conformity.accreditation import TERMINATED, AccreditationState
from app.conformity.periods import local_day
from app.conformity.standing import Act
from app.credentials.jws import check_jws, split_jws
from app.errors import AkashiError
from app.examiner.certificate import Certificate
from app.examiner.checks.outcome import failed, not_performed, passed
from app.examiner.documents import AccreditationLetter, AccreditationStatement, Decision, KeyBinding, StandingEvent
from app.examiner.evidence import AnyFiled, Case, Evidence, Filed
from app.examiner.report import Check
from app.keys.keys import key_from_jwk, thumbprint
from app.trust.anchors import Anchors, Role

NAME = "signature"
CERTIFY, SUSPEND = "certify", "suspend"

# Power to stop is easier to hold than power to grant: such acts may also carry the key of that purpose (trust §1).
_STOPPING = frozenset({Act.SUSPEND, Act.WITHDRAW})


@dataclass(frozen=True)
class _Problem:
    """Why one document is not established; only a fault means that something is wrong with it."""

    code: str
    filed: AnyFiled
    fault: bool


def check_signature(
    case: Case, evidence: Evidence, anchors: Anchors, relied_on: Filed[Decision] | None = None
) -> Check:
    """Passed only if no signature is wrong and every document that the conclusion needs leads to an anchor.

    Needed are the body's documents, the bindings of their keys, the accreditations of these bindings, and those that
    the decision `relied_on` claims: of several claimed ones, those with an anchor suffice.
    """
    documents = case.all_documents()
    problems = [found for filed in documents if (found := _problem(filed, case, anchors))]
    if evidence.manifest and not _manifest_holds(evidence.manifest, evidence, anchors):
        return failed(NAME, "bad_signature")

    faults = [problem for problem in problems if problem.fault]
    if faults:
        return failed(NAME, faults[0].code, [problem.filed for problem in faults])
    needed = _needed(case, anchors, relied_on)
    if open_ends := [problem for problem in problems if problem.filed in needed]:
        code = open_ends[0].code if anchors.keys else "no_anchors"
        return not_performed(NAME, code, [problem.filed for problem in open_ends])
    return _passed(documents, {problem.filed for problem in problems})


def binding_of(filed: AnyFiled, case: Case, anchors: Anchors) -> Filed[KeyBinding] | None:
    """The binding by which this document's key may sign for its body when it was recorded; an anchored one first."""
    recorded_at = filed.envelope.recorded_at
    fitting = [
        one
        for one in case.bindings
        if one.document.key == filed.kid
        and one.document.body == body_of(filed)
        and _purposes_for(filed) & set(one.document.purposes)
        and one.envelope.recorded_at <= recorded_at
        and one.document.starts <= recorded_at < one.document.ends
    ]
    fitting = _not_frozen(fitting, case, anchors, recorded_at)
    return next((one for one in fitting if _is_anchored(one, anchors)), fitting[0] if fitting else None)


def _not_frozen(
    bindings: list[Filed[KeyBinding]], case: Case, anchors: Anchors, at: datetime
) -> list[Filed[KeyBinding]]:
    """Once an accreditation body has stated that the body ceased, only a binding under a live accreditation counts."""
    stated = {one: _status_at(case.accreditations.get(one.document.accreditation, ()), at) for one in bindings}
    if not any(status is AccreditationState.CEASED and _is_anchored(one, anchors) for one, status in stated.items()):
        return bindings
    return [one for one, status in stated.items() if status not in TERMINATED]


def _status_at(chain: tuple[Filed[AccreditationStatement], ...], at: datetime) -> AccreditationState | None:
    """The status in the statement that held at an instant, by what was recorded then."""
    known = [one for one in chain if one.envelope.recorded_at <= at]
    begun = [one.document for one in known if one.document.effective_on <= local_day(at, one.document.time_zone)]
    return max(begun, key=lambda one: one.statement_no).status if begun else None


def unproven(case: Case, anchors: Anchors) -> frozenset[AnyFiled]:
    """The statements, letters and bindings whose signer the anchors do not name: nothing may rest on them."""
    statements = [filed for chain in case.accreditations.values() for filed in chain]
    stated = (*statements, *case.letters, *case.bindings)
    return frozenset(filed for filed in stated if not _is_anchored(filed, anchors))


def unanchored(case: Case, anchors: Anchors) -> frozenset[str]:
    """The accreditations of which a statement is unproven."""
    return frozenset(
        filed.document.accreditation
        for filed in unproven(case, anchors)
        if isinstance(filed.document, AccreditationStatement)
    )


def _needed(case: Case, anchors: Anchors, relied_on: Filed[Decision] | None) -> set[AnyFiled]:
    """The bindings and statements without which nothing is established."""
    bindings = [one for filed in case.signed_by_the_body() if (one := binding_of(filed, case, anchors))]
    names = {one.document.accreditation for one in bindings}
    claimed = set(relied_on.document.accreditations if relied_on else ()) & set(case.accreditations)
    if claimed <= unanchored(case, anchors):
        names |= claimed
    return {*bindings, *(filed for name in names for filed in case.accreditations.get(name, ()))}


def _passed(documents: tuple[AnyFiled, ...], left_out: set[AnyFiled]) -> Check:
    proven = [filed for filed in documents if filed not in left_out]
    if left_out:
        return passed(NAME, "signed_as_needed", proven, count=len(proven), others=len(left_out))
    return passed(NAME, "signed", proven, count=len(proven))


def _is_anchored(filed: AnyFiled, anchors: Anchors) -> bool:
    """Whether the anchors hold the key of the accreditation body that this document names as its signer."""
    party = filed.document.accreditation_body
    return anchors.accreditation_key(party, filed.kid, filed.envelope.recorded_at) is not None


def _purposes_for(filed: AnyFiled) -> set[str]:
    """The purposes of which a key needs one to sign this document."""
    stops = isinstance(filed.document, Decision | StandingEvent) and filed.document.act in _STOPPING
    return {CERTIFY, SUSPEND} if stops else {CERTIFY}


def body_of(filed: AnyFiled) -> str:
    """The body that a document of a certification names as its own."""
    document = filed.document
    return str(document.facts.body.id if isinstance(document, Certificate) else document.body)


def _problem(filed: AnyFiled, case: Case, anchors: Anchors) -> _Problem | None:
    if isinstance(filed.document, AccreditationStatement | AccreditationLetter | KeyBinding):
        return _problem_of_anchored(filed, anchors)
    binding = binding_of(filed, case, anchors)
    if binding is None:
        return _Problem("key_not_bound", filed, fault=True)
    key = _bound_key(binding.document)
    return None if key and _holds(filed, key) else _Problem("bad_signature", filed, fault=True)


def _problem_of_anchored(filed: AnyFiled, anchors: Anchors) -> _Problem | None:
    """A body that the verifier's anchors name with other keys is contradicted; one that they do not name is unknown."""
    party = filed.document.accreditation_body
    key = anchors.accreditation_key(party, filed.kid, filed.envelope.recorded_at)
    if key is not None:
        return None if _holds(filed, key) else _Problem("bad_signature", filed, fault=True)
    if any(anchor.role is Role.ACCREDITATION_BODY and anchor.party == party for anchor in anchors.keys):
        return _Problem("accreditation_key_unknown", filed, fault=True)
    return _Problem("accreditation_body_not_anchored", filed, fault=False)


def _bound_key(binding: KeyBinding) -> ec.EllipticCurvePublicKey | None:
    """The key in the binding, if it is the one that the binding names."""
    try:
        key = key_from_jwk(dict(binding.jwk))
    except AkashiError:
        return None
    return key if thumbprint(key) == binding.key else None


def _holds(filed: AnyFiled, key: ec.EllipticCurvePublicKey) -> bool:
    try:
        check_jws(filed.jws, key)
    except AkashiError:
        return False
    return True


def _manifest_holds(manifest: str, evidence: Evidence, anchors: Anchors) -> bool:
    """False only where a publication key of ours is named and did not sign: `freshness` says what is missing else."""
    jws = split_jws(manifest)
    key = anchors.publication_key(str(jws.header.get("kid")), evidence.as_of)
    if key is None:
        return True
    try:
        check_jws(jws, key)
    except AkashiError:
        return False
    return True
