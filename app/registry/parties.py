"""Parties: accreditation and certification bodies, declarants and the registry itself, with their keys.

Acts of the operator, who registers whom the registry serves and never decides. A certification body is registered
only with the public information of ISO/IEC 17021-1 8.1.1; a declarant only ever speaks for itself. Registering a key
grants nothing: an accreditation body's binding does (`key_binding`) or, where nobody accredits, the registry's
(`identity_binding`). The own keys of these two count for whoever has them among their anchors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from app.access.actor import Actor
from app.conformity.legal_identifiers import check_identifier
from app.conformity.names import check_name
from app.conformity.periods import zone_exists
from app.errors import AkashiError, Fault
from app.keys.keys import thumbprint
from app.registry.forms import check_country, check_language
from app.registry.possession import accept_possession, give_nonce
from app.registry.registry import Registry
from app.storage import parties
from app.storage.database import now
from app.trust.chain import check_chain

PUBLIC_INFORMATION = ("processes", "mark_rules", "complaints_and_appeals", "impartiality")
"""What a certification body publishes without request (ISO/IEC 17021-1 8.1.1), each by its address."""
LONGEST_ADDRESS = 2048
PURPOSES = {
    "accreditation_body": "accredit",
    "certification_body": "certify",
    "declarant": "certify",
    "registry": "identify",
}
"""What the key of each kind of party is for."""


@dataclass(frozen=True)
class PartyName:
    """A body's name exactly as registered, with its language (BCP 47) and the days on which it holds."""

    name: str
    language: str
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class PartyFacts:
    """What is registered about a body; `identifiers` are pairs of scheme (`lei`, `jp_corporate_number`) and value."""

    names: tuple[PartyName, ...]
    country: str
    time_zone: str
    public_information: Mapping[str, str] = field(default_factory=dict)
    identifiers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class RegisteredKey:
    """A party's key in the records; it may sign once an accreditation body or the registry has bound it."""

    party: UUID
    thumbprint: str
    purpose: str


@dataclass(frozen=True)
class ListedParty:
    """One line of the list of parties."""

    id: UUID
    kind: str
    name: str
    country: str
    time_zone: str
    keys: tuple[str, ...]


def register_accreditation_body(registry: Registry, actor: Actor, facts: PartyFacts) -> UUID:
    """An accreditation body stands in the records; returns its party id."""
    return _register(registry, actor, "accreditation_body", facts)


def register_certification_body(registry: Registry, actor: Actor, facts: PartyFacts) -> UUID:
    """A certification body stands in the records with its public information; nobody has accredited it yet."""
    return _register(registry, actor, "certification_body", facts)


def register_declarant(registry: Registry, actor: Actor, facts: PartyFacts) -> UUID:
    """An organisation that will speak for itself stands in the records; it never certifies anybody."""
    return _register(registry, actor, "declarant", facts)


def register_registry(registry: Registry, actor: Actor, facts: PartyFacts) -> UUID:
    """The operator of this registry stands in its records, once: it says who holds a key, never who is accredited."""
    return _register(registry, actor, "registry", facts)


def possession_nonce(registry: Registry, actor: Actor, party: UUID) -> str:
    """The nonce that the party signs with the key to be registered (`evidence.sign_possession`); good for a day."""
    _demand_operator(actor)
    _find(registry, party)
    return give_nonce(registry, party, party)


def register_signing_key(
    registry: Registry,
    actor: Actor,
    *,
    party: UUID,
    jwk: Any,
    presented_possession: Any,
    nonce: str,
    purpose: Literal["accredit", "certify", "identify"],
    chain: tuple[bytes, ...] = (),
) -> RegisteredKey:
    """A body's key stands in the records with its proof of possession.

    1. The purpose is one of the body's kind.
    2. The holder of the private key signed this registry's nonce for this party; the nonce is spent.
    3. A certifying key has a chain to an anchor of this registry that names the party, its leaf this very key.
    4. Key, chain and proof are recorded.

    A retry needs a new nonce unless the first attempt failed; a key that is already registered is `key_taken`.
    """
    _demand_operator(actor)
    row = _find(registry, party)
    if purpose != PURPOSES[row.kind]:
        raise AkashiError("purpose_of_another_kind", field="/purpose")
    with registry.database.transaction(body=party) as connection:
        name, public, possession = accept_possession(
            connection, body=party, holder=party, jwk=jwk, presented_possession=presented_possession, nonce=nonce
        )

        if purpose == "certify":
            checked = check_chain(chain, registry.anchors, now(connection), party=str(party))
            if thumbprint(checked.public_key) != name:
                raise AkashiError("chain_wrong_key", field="/chain")

        parties.add_signing_key(
            connection,
            party=party,
            thumbprint=name,
            purpose=purpose,
            jwk=public,
            chain=chain if purpose == "certify" else (),
            possession=possession,
        )
    return RegisteredKey(party, name, purpose)


def list_parties(registry: Registry) -> tuple[ListedParty, ...]:
    """Every registered body, oldest first."""
    with registry.database.transaction() as connection:
        rows = parties.list_parties(connection)
    return tuple(ListedParty(row.id, row.kind, row.name, row.country, row.time_zone, tuple(row.keys)) for row in rows)


def _demand_operator(actor: Actor) -> None:
    if actor.kind == "machine":
        raise AkashiError("operator_only")


def _find(registry: Registry, party: UUID) -> Any:
    with registry.database.transaction() as connection:
        row = parties.find_party(connection, party)
    if row is None:
        raise AkashiError("unknown_party", field="/party")
    return row


def _register(registry: Registry, actor: Actor, kind: str, facts: PartyFacts) -> UUID:
    """1. The operator acts, for no body. 2. Every fact has its form. 3. One transaction records them all."""
    _demand_operator(actor)

    _check(kind, facts)

    party = uuid4()
    with registry.database.transaction() as connection:
        parties.add_party(
            connection,
            party=party,
            kind=kind,
            country=facts.country,
            time_zone=facts.time_zone,
            public_information=dict(facts.public_information),
        )
        for name in facts.names:
            parties.add_party_name(
                connection,
                party=party,
                name=name.name,
                language=name.language,
                valid_from=name.valid_from,
                valid_to=name.valid_to,
            )
        for scheme, value in facts.identifiers:
            parties.add_party_identifier(connection, party=party, scheme=scheme, value=value)
    return party


def _check(kind: str, facts: PartyFacts) -> None:
    if not facts.names:
        raise AkashiError("name_missing", field="/names")
    for place, name in enumerate(facts.names):
        check_name(name.name, f"/names/{place}/name")
        check_language(name.language, f"/names/{place}/language")
    check_country(facts.country, "/country")
    if not zone_exists(facts.time_zone):
        raise AkashiError("unknown_time_zone", field="/time_zone", note=facts.time_zone[:64])
    for place, (scheme, value) in enumerate(facts.identifiers):
        check_identifier(scheme, value, f"/identifiers/{place}/value")
    _check_public_information(kind, facts.public_information)


def _check_public_information(kind: str, information: Mapping[str, str]) -> None:
    """Every fault at once: what is missing, what nobody asks for, what is no https address."""
    wanted = PUBLIC_INFORMATION if kind == "certification_body" else ()
    faults = [
        Fault("public_information_missing", f"/public_information/{name}")
        for name in wanted
        if not information.get(name)
    ]
    for name, address in information.items():
        at = f"/public_information/{name[:64]}"
        if name not in PUBLIC_INFORMATION:
            faults.append(Fault("unknown_member", at))
        elif address and not _is_https(address):
            faults.append(Fault("malformed_address", at))
    if faults:
        raise AkashiError(faults[0].code, faults=tuple(faults))


def _is_https(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return (
        len(address) <= LONGEST_ADDRESS
        and address.isprintable()
        and " " not in address
        and parts.scheme == "https"
        and bool(parts.hostname)
        and parts.username is None
    )
