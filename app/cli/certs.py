"""X.509 certificates for bodies' keys: who holds a key, never what it may sign.

  akashi certs request PARTY [--key THUMBPRINT]   a signing request in PEM for your CA
  akashi certs development                        a throw-away root, marked DEVELOPMENT ONLY, and its anchor
  akashi certs development PARTY --accreditation-body PARTY [--key THUMBPRINT]
                                                  a chain of that root, ready for `akashi parties add-key`

Without --key a key is made here, in the key folder of this installation.

Chains and requests are written into the folder `certs` beside the keys; private keys never are. Production refuses
development certificates. Exit codes: 0 done · 1 refused · 64 wrong use.
"""

from __future__ import annotations

import argparse
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from app.cli.chain_files import write_chain
from app.cli.opening import anchors_path, open_registry, read_settings
from app.cli.output import print_json
from app.cli.private_files import PUBLIC, add_anchor, write_whole
from app.errors import AkashiError
from app.keys.software import SoftwareKey
from app.registry import parties
from app.registry.registry import Registry
from app.settings import Settings
from app.trust.development import DevelopmentChain, Holder, write_development_chain
from app.trust.requests import signing_request

BACK = timedelta(days=1)
"""How far a development certificate reaches back, so that no clock nearby finds it not yet valid."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The two ways to a certificate."""
    ways = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    request = ways.add_parser("request", help="make a signing request for a CA")
    request.add_argument("party", type=UUID)
    request.add_argument("--key", metavar="THUMBPRINT", help="a key of this installation; without it one is made")
    development = ways.add_parser("development", help="make a throw-away chain")
    development.add_argument("party", type=UUID, nargs="?")
    development.add_argument("--accreditation-body", type=UUID, metavar="PARTY", help="whose issuing CA it shall be")
    development.add_argument("--key", metavar="THUMBPRINT", help="a key of this installation; without it one is made")


def run(arguments: argparse.Namespace) -> int:
    """Make what was asked for and print where it is."""
    settings = read_settings()
    with open_registry(settings) as registry:
        folder = registry.keys.path.parent / "certs"
        if arguments.act == "request":
            _request(registry, folder, arguments)
        else:
            _development(registry, settings, folder, arguments)
    return 0


def _request(registry: Registry, folder: Path, arguments: argparse.Namespace) -> None:
    key, holder = _key(registry, arguments.key), _holder(registry, arguments.party)
    path = folder / f"{key.thumbprint}.csr"
    write_whole(path, signing_request(key, holder, _did_address(registry, holder)), PUBLIC)
    print_json({"party": holder.party, "key": key.thumbprint, "request": str(path)})


def _development(registry: Registry, settings: Settings, folder: Path, arguments: argparse.Namespace) -> None:
    if settings.production:
        raise AkashiError("development_anchors", note="akashi certs development")
    begin = registry.database.now() - BACK
    chain = write_development_chain(folder / "development", registry.keys, not_before=begin)
    add_anchor(anchors_path(settings), chain.anchor)
    if arguments.party is None:
        print_json({"root": str(folder / "development" / "root.cer"), "anchors": str(anchors_path(settings))})
        return
    if arguments.accreditation_body is None:
        raise AkashiError("accreditation_body_missing")
    _issue(registry, chain, folder, arguments)


def _issue(registry: Registry, chain: DevelopmentChain, folder: Path, arguments: argparse.Namespace) -> None:
    key, holder = _key(registry, arguments.key), _holder(registry, arguments.party)
    issued = chain.issue(
        key.public_key,
        holder,
        did_address=_did_address(registry, holder),
        accreditation_body=_holder(registry, arguments.accreditation_body),
        not_before=registry.database.now() - BACK,
    )
    path = folder / f"{key.thumbprint}.pem"
    write_chain(path, issued)
    print_json({"party": holder.party, "key": key.thumbprint, "chain": str(path)})


def _key(registry: Registry, named: str | None) -> SoftwareKey:
    return registry.keys.create() if named is None else registry.keys.signer(named)


def _holder(registry: Registry, party: UUID) -> Holder:
    found = next((one for one in parties.list_parties(registry) if one.id == party), None)
    if found is None:
        raise AkashiError("unknown_party", note=str(party))
    return Holder(str(found.id), found.name, found.country)


def _did_address(registry: Registry, holder: Holder) -> str:
    return f"{registry.base_url}/bodies/{holder.party}/did.json"
