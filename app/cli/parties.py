"""Register whom this registry serves: accreditation bodies, certification bodies, declarants, and their keys.

  akashi parties add-accreditation-body --name en="Example Board" --name ja="架空認定機構"
      --country JP --time-zone Asia/Tokyo
  akashi parties add-certification-body --name en="Example Certification" --country JP --time-zone Asia/Tokyo
      --processes URL --mark-rules URL --complaints-and-appeals URL --impartiality URL
  akashi parties add-declarant --name ja="架空商事株式会社" --country JP --time-zone Asia/Tokyo --corporate-number N
  akashi parties add-registry --name en="Example Registry" --country JP --time-zone Asia/Tokyo        its operator
  akashi parties add-key PARTY --purpose accredit --new-key            a key kept by this installation
  akashi parties add-key PARTY --purpose certify --key THUMBPRINT --chain chain.pem
  akashi parties key-nonce PARTY                                       for a key kept elsewhere: sign this nonce
  akashi parties add-key PARTY --purpose certify --jwk key.json --possession proof.json --chain chain.pem
  akashi parties list

`akashi certs` gets a key its chain; `akashi keys possession` makes the proof for a key that is kept elsewhere. An
accreditation body's key, or the registry's own to identify, joins the anchors file of this installation; hand that
file to whoever verifies, and restart the service, which reads it at its start. Registering a key grants nothing: an
accreditation body binds it or, where nobody accredits, the registry.
Exit codes: 0 done · 1 refused · 64 wrong use.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any
from uuid import UUID

from app.access.actor import OPERATOR
from app.cli.chain_files import read_chain
from app.cli.files import read_bounded
from app.cli.opening import anchors_path, open_registry, read_settings
from app.cli.output import print_json
from app.cli.private_files import add_anchor
from app.credentials.strict_json import parse_object
from app.errors import AkashiError
from app.keys.evidence import sign_possession
from app.keys.keys import Signer, key_from_jwk, public_jwk
from app.registry import parties
from app.registry.registry import Registry
from app.settings import Settings
from app.trust.anchors import KeyAnchor, Role

MAX_FILE_BYTES = 65536
REGISTER = {
    "add-accreditation-body": parties.register_accreditation_body,
    "add-certification-body": parties.register_certification_body,
    "add-declarant": parties.register_declarant,
    "add-registry": parties.register_registry,
}
ANCHORED = {"accredit": Role.ACCREDITATION_BODY, "identify": Role.REGISTRY}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The acts on parties."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    for act in REGISTER:
        add = acts.add_parser(act, help=f"register: {act.removeprefix('add-').replace('-', ' ')}")
        add.add_argument("--name", action="append", required=True, metavar="LANGUAGE=NAME", type=_name)
        add.add_argument("--country", required=True, metavar="CC", help="two letters of ISO 3166-1")
        add.add_argument(
            "--time-zone", required=True, metavar="ZONE", help="IANA zone in which the body dates its acts"
        )
        add.add_argument("--lei")
        add.add_argument("--corporate-number", metavar="NUMBER", help="Japanese corporate number")
        for name in parties.PUBLIC_INFORMATION if act == "add-certification-body" else ():
            add.add_argument(f"--{name.replace('_', '-')}", metavar="URL", help="where it is published")
    nonce = acts.add_parser("key-nonce", help="get a nonce over which a key's holder shows possession")
    nonce.add_argument("party", type=UUID)
    _add_key_arguments(acts.add_parser("add-key", help="register a key with proof of possession"))
    acts.add_parser("list", help="list all parties with their keys")


def run(arguments: argparse.Namespace) -> int:
    """Do the one act that was asked for and print its result as JSON."""
    settings = read_settings()
    with open_registry(settings) as registry:
        if arguments.act == "list":
            print_json([_listed(party) for party in parties.list_parties(registry)])
        elif arguments.act == "key-nonce":
            nonce = parties.possession_nonce(registry, OPERATOR, arguments.party)
            print_json({"party": str(arguments.party), "nonce": nonce})
        elif arguments.act == "add-key":
            _add_key(registry, settings, arguments)
        else:
            print_json({"party": str(_register(registry, arguments))})
    return 0


def _add_key_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("party", type=UUID)
    parser.add_argument("--purpose", choices=sorted({*parties.PURPOSES.values()}), required=True)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--new-key", action="store_true", help="make the key here, in this installation's key folder")
    source.add_argument("--key", metavar="THUMBPRINT", help="a key of this installation's key folder")
    source.add_argument("--jwk", type=Path, metavar="FILE", help="a key kept elsewhere: what `akashi keys show` prints")
    parser.add_argument("--possession", type=Path, metavar="FILE", help="what `akashi keys possession` prints")
    parser.add_argument("--chain", type=Path, metavar="FILE", help="X.509 chain in PEM, leaf first; to certify")


def _register(registry: Registry, arguments: argparse.Namespace) -> UUID:
    identifiers = (("lei", arguments.lei), ("jp_corporate_number", arguments.corporate_number))
    information = {name: getattr(arguments, name, None) for name in parties.PUBLIC_INFORMATION}
    facts = parties.PartyFacts(
        names=tuple(parties.PartyName(name, language) for language, name in arguments.name),
        country=arguments.country,
        time_zone=arguments.time_zone,
        public_information={name: address for name, address in information.items() if address},
        identifiers=tuple((scheme, value) for scheme, value in identifiers if value),
    )
    return REGISTER[arguments.act](registry, OPERATOR, facts)


def _add_key(registry: Registry, settings: Settings, arguments: argparse.Namespace) -> None:
    """1. Possession is shown, here or with the file. 2. The key is registered. 3. What binds others is an anchor."""
    jwk, possession, nonce = _shown_here(registry, arguments) if arguments.jwk is None else _shown_elsewhere(arguments)

    registered = parties.register_signing_key(
        registry,
        OPERATOR,
        party=arguments.party,
        jwk=jwk,
        presented_possession=possession,
        nonce=nonce,
        purpose=arguments.purpose,
        chain=read_chain(arguments.chain) if arguments.chain else (),
    )
    print_json({"party": str(registered.party), "key": registered.thumbprint, "purpose": registered.purpose})

    if arguments.purpose in ANCHORED:
        anchor = KeyAnchor(
            party=str(arguments.party),
            valid_from=registry.database.now().replace(microsecond=0),
            role=ANCHORED[arguments.purpose],
            key=key_from_jwk(jwk),
            development=registry.development,
        )
        add_anchor(anchors_path(settings), anchor)


def _shown_here(registry: Registry, arguments: argparse.Namespace) -> tuple[dict[str, str], str, str]:
    """A key of our own folder shows its possession at once."""
    signer: Signer = registry.keys.create() if arguments.new_key else registry.keys.signer(arguments.key)
    nonce = parties.possession_nonce(registry, OPERATOR, arguments.party)
    return public_jwk(signer.public_key), sign_possession(signer, arguments.party, nonce), nonce


def _shown_elsewhere(arguments: argparse.Namespace) -> tuple[Any, Any, str]:
    if arguments.possession is None:
        raise AkashiError("possession_missing")
    shown = _read_object(arguments.jwk)
    proof = _read_object(arguments.possession)
    return shown.get("jwk", shown), proof.get("possession"), str(proof.get("nonce"))


def _read_object(path: Path) -> dict[str, Any]:
    return parse_object(read_bounded(str(path), MAX_FILE_BYTES), max_bytes=MAX_FILE_BYTES)


def _name(text: str) -> tuple[str, str]:
    language, equals, name = text.partition("=")
    if not equals or not name:
        raise argparse.ArgumentTypeError(f'{text!r} is not of the form en="Name"')
    return language, name


def _listed(party: parties.ListedParty) -> dict[str, Any]:
    return {
        "party": str(party.id),
        "kind": party.kind,
        "name": party.name,
        "country": party.country,
        "time_zone": party.time_zone,
        "keys": list(party.keys),
    }
