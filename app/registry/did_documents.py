"""DID documents of the registry and of each body: a convenience for other software, never a path of trust of ours.

Only keys that were bound stand here, or that bind others (an accreditation body's, the registry's); retired ones stay
listed, because what they signed stays to be checked (did:web; W3C DID 1.0 §5.2, JsonWebKey of Controlled Identifiers).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from app.credentials.addresses import body_did
from app.errors import AkashiError
from app.keys.keys import public_jwk, thumbprint
from app.registry.registry import Registry
from app.registry.service_identity import service_did
from app.storage import public_record
from app.trust.anchors import Role

CONTEXTS = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1")
MEDIA_TYPE = "application/did+json"


def registry_document(registry: Registry) -> dict[str, Any]:
    """The registry's own keys: what signs status lists, reports and bundles, now and before."""
    keys = {thumbprint(one.key): public_jwk(one.key) for one in registry.anchors.keys if one.role is Role.PUBLICATION}
    own = registry.keys.signer(registry.publication_key)
    return _document(service_did(registry.base_url), {own.thumbprint: public_jwk(own.public_key), **keys}.items())


def body_document(registry: Registry, body: UUID) -> dict[str, Any]:
    """A body's keys that may sign, or once might; raises `unknown_body`."""
    with registry.database.transaction("reader") as connection:
        if public_record.party(connection, body) is None:
            raise AkashiError("unknown_body")
        keys = public_record.signing_keys(connection, body)
        bound = {row.thumbprint for row in public_record.key_bindings(connection, body)}
        bound |= {row.thumbprint for row in public_record.identity_bindings(connection, body)}
    listed = [(key.thumbprint, key.jwk) for key in keys if key.purpose != "certify" or key.thumbprint in bound]
    return _document(body_did(registry.base_url, str(body)), listed)


def _document(did: str, keys: Iterable[tuple[str, Mapping[str, str]]]) -> dict[str, Any]:
    methods = [
        {"id": f"{did}#{name}", "type": "JsonWebKey", "controller": did, "publicKeyJwk": dict(jwk)}
        for name, jwk in sorted(keys)
    ]
    return {
        "@context": list(CONTEXTS),
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }
