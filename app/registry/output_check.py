"""Our own output, verified as a stranger would before it is released: signature, chain, profile, issuer."""

from __future__ import annotations

from app.credentials.jws import check_jws, split_jws
from app.credentials.profile import check_profile
from app.credentials.strict_json import parse_object
from app.errors import AkashiError
from app.keys.keys import thumbprint
from app.registry.registry import Registry
from app.trust.chain import check_chain

MAX_CREDENTIAL_BYTES = 256 * 1024


def check_output(registry: Registry, credential: str) -> None:
    """Return if a stranger with this registry's anchors would accept the credential; raise its refusal otherwise."""
    jws = split_jws(credential)
    payload = parse_object(jws.payload, max_bytes=MAX_CREDENTIAL_BYTES)
    party = check_profile(payload).facts.body.id
    chain = check_chain(jws.chain, registry.anchors, registry.database.now(), party=party)
    check_jws(jws, chain.public_key)
    if thumbprint(chain.public_key) != jws.header["kid"]:
        raise AkashiError("evidence_of_another_key")
