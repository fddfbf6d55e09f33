"""Our own output, read and verified as a stranger would before it is released.

A certificate by its profile, its chain and its signature; a statement by its strict reader and its signature. A draft
is read by the same reader, so that nobody is asked to confirm what nobody could read afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.credentials.jws import UnverifiedJws, check_jws, split_jws
from app.credentials.profile import check_profile
from app.credentials.statement import check_statement, read_statement
from app.credentials.strict_json import parse_object
from app.examiner import documents
from app.registry.registry import Registry
from app.trust.chain import check_chain

CREDENTIAL_TYP = "vc+jwt"
MAX_CREDENTIAL_BYTES = 256 * 1024

READERS: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    documents.ACCREDITATION_STATEMENT: documents.read_accreditation_statement,
    documents.KEY_BINDING: documents.read_key_binding,
    documents.DECISION: documents.read_decision,
    documents.STANDING_EVENT: documents.read_standing_event,
}


def check_output(registry: Registry, signed: str) -> None:
    """Return if a stranger with this registry's anchors would accept the document; raise the refusal otherwise."""
    jws = split_jws(signed)
    if jws.header["typ"] == CREDENTIAL_TYP:
        _check_certificate(registry, jws)
        return
    statement = read_statement(signed)
    check_readable(check_statement(statement, registry.keys.signer(statement.kid).public_key).payload)


def check_readable(document: Mapping[str, Any]) -> None:
    """Return if the strict reader of its type accepts the document; `malformed_document` names the members at fault."""
    READERS[document["type"]](document)


def _check_certificate(registry: Registry, jws: UnverifiedJws) -> None:
    """Profile, chain and signature, by the key of the chain alone."""
    party = check_profile(parse_object(jws.payload, max_bytes=MAX_CREDENTIAL_BYTES)).facts.body.id
    chain = check_chain(jws.chain, registry.anchors, registry.database.now(), party=party)
    check_jws(jws, chain.public_key)
