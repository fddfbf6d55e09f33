"""Check 3, *chain*: the X.509 certificates in the credential say that this body holds this key.

They must lead to a `ca` anchor of the verifier, as things stood when the registry recorded the version, and their key
must be the one that signed. X.509 says who holds a key, never what it may sign: the binding of check 1 says that.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.examiner.certificate import Certificate
from app.examiner.checks.outcome import failed, not_performed, passed
from app.examiner.evidence import Filed
from app.examiner.report import Check, Result
from app.keys.keys import thumbprint
from app.trust.anchors import Anchors
from app.trust.certificates import ChainRefused
from app.trust.chain import check_chain

NAME = "chain"


def check_chains(versions: Sequence[Filed[Certificate]], anchors: Anchors) -> Check:
    """Passed if the chain of every version leads to an anchor; else what was found about the first that does not."""
    checks = [check_chain_of(one.document, one.envelope.recorded_at, anchors, one) for one in versions]
    return next((check for check in checks if check.result is not Result.PASSED), passed(NAME, "anchored", versions))


def check_chain_of(
    certificate: Certificate, at: datetime, anchors: Anchors, filed: Filed[Certificate] | None = None
) -> Check:
    """The check of one certificate's chain at an instant."""
    looked_at = [filed] if filed else []
    if not anchors.authorities:
        return not_performed(NAME, "no_ca_anchors", looked_at)
    try:
        chain = check_chain(certificate.chain, anchors, at, party=certificate.facts.body.id)
    except ChainRefused as refused:
        reason = refused.code.removeprefix("chain_").replace("_", " ")
        return failed(NAME, "untrusted", looked_at, reason=": ".join(filter(None, (reason, refused.note))))
    if thumbprint(chain.public_key) != certificate.kid:
        return failed(NAME, "wrong_key", looked_at)
    return passed(NAME, "anchored", looked_at)
