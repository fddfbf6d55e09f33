"""Check 1, *signature*: every document is signed, over the received bytes, by the key that may say such a thing.

Accreditation statements and key bindings: a key of that accreditation body among the verifier's anchors; bindings by
identity: the registry's. Decisions, certificate versions and standing events: a key of the body for which a binding
holds at the time of recording; what speaks under accreditation needs an accreditation body's, never the registry's.
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
from app.credentials.facts import ACCREDITED
from app.credentials.jws import check_jws, split_jws
from app.errors import AkashiError
from app.examiner.certificate import Certificate
from app.examiner.checks.outcome import failed, not_performed, passed
from app.examiner.documents import (
    AccreditationLetter,
    AccreditationStatement,
    Decision,
    IdentityBinding,
    KeyBinding,
    StandingEvent,
    TransferEvidence,
)
from app.examiner.evidence import AnyFiled, Binding, Case, Evidence, Filed
from app.examiner.history import RELYING_ACTS
from app.examiner.report import Check
from app.keys.keys import key_from_jwk, thumbprint
from app.trust.anchors import Anchors, Role

NAME = "signature"
CERTIFY, SUSPEND = "certify", "suspend"

# Power to stop is easier to hold than power to grant: such acts may also carry the key of that purpose (trust §1).
_STOPPING = frozenset({Act.SUSPEND, Act.WITHDRAW})

# In a scheme with accreditation these acts are never those of a body whose key the registry alone has identified.
_UNDER_ACCREDITATION = (RELYING_ACTS - {Act.IMPORT}) | {Act.RESTORE}


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


def binding_of(filed: AnyFiled, case: Case, anchors: Anchors) -> Filed[Binding] | None:
    """The binding by which this document's key may sign for its body when it was recorded; an anchored one first."""
    recorded_at = filed.envelope.recorded_at
    fitting = [
        one
        for one in case.all_bindings()
        if _may_carry(one.document, filed, case)
        and one.document.key == filed.kid
        and one.document.body == body_of(filed)
        and _purposes_for(filed) & set(one.document.purposes)
        and one.envelope.recorded_at <= recorded_at
        and one.document.starts <= recorded_at < one.document.ends
    ]
    fitting = _not_frozen(fitting, case, anchors, recorded_at)
    return next((one for one in fitting if _is_anchored(one, anchors)), fitting[0] if fitting else None)


def _not_frozen(bindings: list[Filed[Binding]], case: Case, anchors: Anchors, at: datetime) -> list[Filed[Binding]]:
    """Once an accreditation body has stated that the body ceased, only a binding under a live accreditation counts."""
    stated = [(one, _status_behind(one, case, at)) for one in bindings]
    if not any(status is AccreditationState.CEASED and _is_anchored(one, anchors) for one, status in stated):
        return bindings
    return [one for one, status in stated if status not in TERMINATED]


def _status_behind(binding: Filed[Binding], case: Case, at: datetime) -> AccreditationState | None:
    """The status of the accreditation that a binding rests on; None for one by identity."""
    if isinstance(binding.document, IdentityBinding):
        return None
    return _status_at(case.accreditations.get(binding.document.accreditation, ()), at)


def _status_at(chain: tuple[Filed[AccreditationStatement], ...], at: datetime) -> AccreditationState | None:
    """The status in the statement that held at an instant, by what was recorded then."""
    known = [one for one in chain if one.envelope.recorded_at <= at]
    begun = [one.document for one in known if one.document.effective_on <= local_day(at, one.document.time_zone)]
    return max(begun, key=lambda one: one.statement_no).status if begun else None


def _may_carry(binding: Binding, filed: AnyFiled, case: Case) -> bool:
    """Whether a binding of this kind can stand behind such a document: identity never supports accreditation."""
    accredited = case.scheme is None or case.scheme.assurance == ACCREDITED
    if isinstance(binding, KeyBinding):
        return accredited
    return case.scheme is not None and binding.scheme == case.scheme.code and not (accredited and _claims(filed))


def _claims(filed: AnyFiled) -> bool:
    """Whether a document speaks under accreditation: by its act, or as a version that names one."""
    document = filed.document
    if isinstance(document, Certificate):
        return bool(document.facts.accreditations) or document.facts.decision.act in _UNDER_ACCREDITATION
    if document.act in _UNDER_ACCREDITATION:
        return True
    return isinstance(document, Decision) and document.facts_sha256 is not None and bool(document.accreditations)


def unproven(case: Case, anchors: Anchors) -> frozenset[AnyFiled]:
    """The statements, letters, evidence and bindings whose signer the anchors do not name: nothing may rest on them."""
    statements = [filed for chain in case.accreditations.values() for filed in chain]
    stated = (*statements, *case.letters, *case.takeover, *case.all_bindings())
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
    names = {one.document.accreditation for one in bindings if isinstance(one.document, KeyBinding)}
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
    """Whether the anchors hold the key of the party that this document names as its signer."""
    return _anchored_key(filed, anchors) is not None


def _anchored_key(filed: AnyFiled, anchors: Anchors) -> ec.EllipticCurvePublicKey | None:
    document, at = filed.document, filed.envelope.recorded_at
    if isinstance(document, IdentityBinding):
        return anchors.registry_key(document.registry, filed.kid, at)
    return anchors.accreditation_key(document.accreditation_body, filed.kid, at)


def _purposes_for(filed: AnyFiled) -> set[str]:
    """The purposes of which a key needs one to sign this document."""
    stops = isinstance(filed.document, Decision | StandingEvent) and filed.document.act in _STOPPING
    return {CERTIFY, SUSPEND} if stops else {CERTIFY}


def body_of(filed: AnyFiled) -> str:
    """The body that a document of a certification names as its own."""
    document = filed.document
    return str(document.facts.body.id if isinstance(document, Certificate) else document.body)


def _problem(filed: AnyFiled, case: Case, anchors: Anchors) -> _Problem | None:
    if isinstance(
        filed.document, AccreditationStatement | AccreditationLetter | KeyBinding | IdentityBinding | TransferEvidence
    ):
        return _problem_of_anchored(filed, anchors)
    binding = binding_of(filed, case, anchors)
    if binding is None:
        identified = any(one.document.key == filed.kid for one in case.identities)
        return _Problem("identity_only" if identified else "key_not_bound", filed, fault=True)
    key = _bound_key(binding.document)
    return None if key and _holds(filed, key) else _Problem("bad_signature", filed, fault=True)


def _problem_of_anchored(filed: AnyFiled, anchors: Anchors) -> _Problem | None:
    """A party that the anchors name with other keys is contradicted; one that they do not name is unknown."""
    by_registry = isinstance(filed.document, IdentityBinding)
    role = Role.REGISTRY if by_registry else Role.ACCREDITATION_BODY
    party = filed.document.registry if by_registry else filed.document.accreditation_body
    key = _anchored_key(filed, anchors)
    if key is not None:
        return None if _holds(filed, key) else _Problem("bad_signature", filed, fault=True)
    if any(anchor.role is role and anchor.party == party for anchor in anchors.keys):
        return _Problem("registry_key_unknown" if by_registry else "accreditation_key_unknown", filed, fault=True)
    return _Problem("registry_not_anchored" if by_registry else "accreditation_body_not_anchored", filed, fault=False)


def _bound_key(binding: Binding) -> ec.EllipticCurvePublicKey | None:
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
