"""Check 2, *issuer*: the right body signed, not merely somebody with a good key.

The body of the key's binding, of the accreditation statements of the same accreditation body, and of every document
must be one. It is shown by the name in its accreditation statement or, where nobody accredits, in the registry's
binding by identity, never by a name inside the presented file (C058).
"""

from __future__ import annotations

from app.conformity.words import Word
from app.examiner.checks.outcome import failed, passed
from app.examiner.checks.signature import binding_of, body_of
from app.examiner.documents import AccreditationStatement, IdentityBinding
from app.examiner.evidence import AnyFiled, Case, Filed
from app.examiner.names import name_of_body
from app.examiner.report import Check
from app.trust.anchors import Anchors

NAME = "issuer"


def check_issuer(
    case: Case, shown_by: Filed[AccreditationStatement] | Filed[IdentityBinding] | None, anchors: Anchors
) -> Check:
    """Passed if the body's documents, its keys' bindings and its accreditations agree on one body."""
    documents = case.signed_by_the_body()
    bodies = {body_of(filed) for filed in documents}
    if len(bodies) != 1 or not all(_is_known_there(filed, case, anchors) for filed in documents):
        return failed(NAME, "wrong_body", documents)
    name = name_of_body(shown_by.document) if shown_by else Word("", "")
    bindings = [one for filed in documents if (one := binding_of(filed, case, anchors))]
    if shown_by and isinstance(shown_by.document, IdentityBinding):
        return passed(NAME, "identity_only", bindings, B=name)
    return passed(NAME, "right_body", [*bindings, *([shown_by] if shown_by else [])], B=name)


def _is_known_there(filed: AnyFiled, case: Case, anchors: Anchors) -> bool:
    """Whether the registry identified this body, or the binding's accreditation is one of it by that same body."""
    binding = binding_of(filed, case, anchors)
    if binding is None or isinstance(binding.document, IdentityBinding):
        return binding is not None
    statements = case.accreditations.get(binding.document.accreditation, ())
    return bool(statements) and all(
        stated.document.body == body_of(filed)
        and stated.document.accreditation_body == binding.document.accreditation_body
        for stated in statements
    )
