"""The secret that opens key files: from AKASHI_KEY_SECRET, or asked for; never an argument, which others can list."""

from __future__ import annotations

import getpass
import os

from app.errors import AkashiError

VARIABLE = "AKASHI_KEY_SECRET"


def key_secret(*, twice: bool = False) -> str:
    """The secret; asked for twice where a mistyped one would lock a new key for ever."""
    given = os.environ.get(VARIABLE)
    if given:
        return given
    try:
        secret = getpass.getpass("Secret of the key file: ")
        if twice and getpass.getpass("The same again: ") != secret:
            raise AkashiError("secrets_differ")
    except EOFError as error:
        raise AkashiError("no_terminal") from error
    return secret
