"""Our own output, read and verified as a stranger would before it is released.

A certificate by its profile, its chain, its signature, and the anchors to which its key and its accreditations lead; a
statement by its strict reader and its signature, for what stops a certificate never waits for an anchor. A draft is
read by the same reader, so that nobody is asked to confirm what nobody could read afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.conformity.identifiers import subject_of
from app.credentials.jws import UnverifiedJws, check_jws, split_jws
from app.credentials.profile import check_profile
from app.credentials.statement import check_statement, read_statement
from app.credentials.strict_json import parse_object
from app.errors import AkashiError
from app.examiner import documents
from app.keys.encoding import b64u
from app.keys.keys import thumbprint
from app.registry.registry import Registry
from app.storage import public_record
from app.storage.rows import Row
from app.trust.anchors import Anchors
from app.trust.chain import CheckedChain, check_chain

CREDENTIAL_TYP = "vc+jwt"
MAX_CREDENTIAL_BYTES = 256 * 1024

READERS: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    documents.ACCREDITATION_STATEMENT: documents.read_accreditation_statement,
    documents.ACCREDITATION_LETTER: documents.read_accreditation_letter,
    documents.KEY_BINDING: documents.read_key_binding,
    documents.IDENTITY_BINDING: documents.read_identity_binding,
    documents.DECISION: documents.read_decision,
    documents.STANDING_EVENT: documents.read_standing_event,
    documents.SHEET: documents.read_sheet,
    documents.TRANSFER_EVIDENCE: documents.read_transfer_evidence,
}


@dataclass
class Accepted:
    """What the checks of one commit have found good, so that many certificates of one key look it up once.

    For one commit alone: a chain may expire and a statement be followed by another.
    """

    chains: dict[tuple[str, tuple[bytes, ...]], CheckedChain] = field(default_factory=dict)
    grounds: set[tuple[str, frozenset[str]]] = field(default_factory=set)


def check_output(registry: Registry, signed: str, accepted: Accepted | None = None) -> None:
    """Return if a stranger with this registry's anchors would accept the document; raise the refusal otherwise."""
    jws = split_jws(signed)
    if jws.header["typ"] == CREDENTIAL_TYP:
        _check_certificate(registry, jws, accepted or Accepted())
        return
    statement = read_statement(signed)
    check_readable(check_statement(statement, registry.keys.signer(statement.kid).public_key).payload)


def check_readable(document: Mapping[str, Any]) -> None:
    """Return if the strict reader of its type accepts the document; `malformed_document` names the members at fault."""
    READERS[document["type"]](document)


def _check_certificate(registry: Registry, jws: UnverifiedJws, accepted: Accepted) -> None:
    """Profile, chain and signature, by the key of the chain alone; then what stands behind that key."""
    facts = check_profile(parse_object(jws.payload, max_bytes=MAX_CREDENTIAL_BYTES)).facts
    chained = (facts.body.id, tuple(jws.chain))
    if chained not in accepted.chains:
        now = registry.database.now()
        accepted.chains[chained] = check_chain(jws.chain, registry.anchors, now, party=facts.body.id)
    public_key = accepted.chains[chained].public_key
    check_jws(jws, public_key)
    grounds = (thumbprint(public_key), frozenset(one.id for one in facts.accreditations))
    if grounds not in accepted.grounds:
        for row in _what_it_rests_on(registry, *grounds):
            _check_anchored(registry.anchors, row)
        accepted.grounds.add(grounds)


def _what_it_rests_on(registry: Registry, key: str, accreditations: frozenset[str]) -> tuple[Row[Any], ...]:
    """The bindings of the key, and the statements of the accreditations that they and the certificate name."""
    with registry.database.transaction("reader") as connection:
        bindings = public_record.envelopes(connection, [subject_of(key)])
        stated = [read_statement(_jws_of(row)).payload for row in bindings]
        named = accreditations | {one["accreditation"] for one in stated if one["type"] == documents.KEY_BINDING}
        return bindings + public_record.envelopes(connection, [subject_of(one) for one in sorted(named)])


def _check_anchored(anchors: Anchors, row: Row[Any]) -> None:
    """What binds or accredits is signed by a key that the anchors gave its speaker when it was recorded."""
    statement = read_statement(_jws_of(row))
    if statement.payload["type"] == documents.IDENTITY_BINDING:
        party, find = statement.payload["registry"], anchors.registry_key
    else:
        party, find = statement.payload["accreditation_body"], anchors.accreditation_key
    key = find(party, statement.kid, row.recorded_at)
    if key is None:
        raise AkashiError("output_not_verifiable", note=f"no anchor for party {party}, key {statement.kid}")
    check_statement(statement, key)


def _jws_of(row: Row[Any]) -> str:
    return f"{bytes(row.signing_input).decode('ascii')}.{b64u(bytes(row.signature))}"
