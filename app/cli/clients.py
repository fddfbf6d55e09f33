"""Machine clients: whose software may carry requests for a party, with which key, for what.

  akashi clients add PARTY --jwk client.json --scope organisations applications audits certificates:prepare
  akashi clients list PARTY
  akashi clients end PARTY CLIENT     its tokens are over at once

The client makes its own key (`akashi keys new`, or any P-256 or Ed25519 key); only the public JWK comes here.
A client carries what people decide; no scope decides. `docs/machine-clients.md` shows how it signs in.
Exit codes: 0 done · 1 refused · 64 wrong use.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from uuid import UUID

from app.access.permissions import MEANING
from app.cli.files import read_bounded
from app.cli.opening import open_registry, read_settings
from app.cli.output import print_json
from app.credentials.strict_json import parse_object
from app.registry import sign_in
from app.registry.registry import Registry

MAX_FILE_BYTES = 16384


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The acts on clients."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    add = acts.add_parser(
        "add",
        help="register a client of a party",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="\n".join(["Scopes:", *(f"  {scope.value:20} {meaning}" for scope, meaning in MEANING.items())]),
    )
    add.add_argument("party", type=UUID)
    add.add_argument("--jwk", type=Path, required=True, metavar="FILE", help="the client's public key")
    add.add_argument("--scope", nargs="+", required=True, metavar="SCOPE", help="what it may carry")
    acts.add_parser("list", help="list a party's clients").add_argument("party", type=UUID)
    end = acts.add_parser("end", help="a client may no longer sign in")
    end.add_argument("party", type=UUID)
    end.add_argument("client")


def run(arguments: argparse.Namespace) -> int:
    """Do the one act that was asked for and print its result as JSON."""
    with open_registry(read_settings()) as registry:
        if arguments.act == "add":
            _add(registry, arguments)
        elif arguments.act == "list":
            found = sign_in.list_clients(registry, arguments.party)
            print_json([{"client_id": client.client_id, "scopes": sorted(client.scopes)} for client in found])
        else:
            sign_in.end_client(registry, arguments.party, arguments.client)
            print_json({"ended": arguments.client})
    return 0


def _add(registry: Registry, arguments: argparse.Namespace) -> None:
    shown = parse_object(read_bounded(str(arguments.jwk), MAX_FILE_BYTES), max_bytes=MAX_FILE_BYTES)
    client_id = sign_in.register_client(registry, arguments.party, shown.get("jwk", shown), arguments.scope)
    print_json(
        {
            "client_id": client_id,
            "party": str(arguments.party),
            "scopes": sorted(arguments.scope),
            "issuer": registry.base_url,
            "token_endpoint": f"{registry.base_url}/oauth/token",
        }
    )
