"""Key files: make one, show its public half, prove that you hold it, sign in a machine client.

  akashi keys new --out my.key                          a new ES256 key, encrypted, readable by you only
  akashi keys show my.key                               public JWK and thumbprint, for whoever enrols or binds the key
  akashi keys possession my.key --party ID --nonce N    proof of possession over the nonce that you were given
  akashi keys assertion my.key --client CLIENT --issuer https://registry.example
                                                        what a machine client sends to /oauth/token within a minute

The secret comes from AKASHI_KEY_SECRET, or is asked for; at least 12 characters. A lost secret cannot be recovered:
then a new key is enrolled, and what the old one signed stays good. Exit codes: 0 done · 1 refused · 64 wrong use.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from app.access.clients import sign_assertion
from app.cli.output import print_json
from app.cli.secret import key_secret
from app.keys.evidence import sign_possession
from app.keys.keys import public_jwk
from app.keys.software import SoftwareKey, generate_software_key, load_key, save_key


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The four commands on key files."""
    commands = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    new = commands.add_parser("new", help="make a key file")
    new.add_argument("--out", type=Path, required=True, metavar="FILE", help="where the new key file is written")
    show = commands.add_parser("show", help="print the public JWK and the thumbprint")
    show.add_argument("key", type=Path, metavar="FILE")
    possession = commands.add_parser("possession", help="prove that you hold the key")
    possession.add_argument("key", type=Path, metavar="FILE")
    possession.add_argument("--party", type=UUID, required=True, metavar="ID", help="the party that the key is for")
    possession.add_argument("--nonce", required=True, help="the text that you were given to sign")
    assertion = commands.add_parser("assertion", help="make the assertion with which a machine client signs in")
    assertion.add_argument("key", type=Path, metavar="FILE")
    assertion.add_argument("--client", required=True, metavar="CLIENT", help="the client ID (akashi clients add)")
    assertion.add_argument("--issuer", required=True, metavar="URL", help="the public address of the registry")


def run(arguments: argparse.Namespace) -> int:
    """Do the one act that was asked for and print its result: JSON, or the assertion alone for the shell to pass on."""
    if arguments.act == "new":
        key = generate_software_key()
        save_key(arguments.out, key, key_secret(twice=True))
        print_json(_public(key))
        return 0
    key = load_key(arguments.key, key_secret())
    if arguments.act == "show":
        print_json(_public(key))
    elif arguments.act == "assertion":
        print(sign_assertion(arguments.client, key, issuer=arguments.issuer, now=datetime.now(UTC)))
    else:
        proof = sign_possession(key, arguments.party, arguments.nonce)
        print_json({"key": key.thumbprint, "nonce": arguments.nonce, "possession": proof})
    return 0


def _public(key: SoftwareKey) -> dict[str, object]:
    return {"thumbprint": key.thumbprint, "jwk": public_jwk(key.public_key)}
