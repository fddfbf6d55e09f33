"""The `akashi` command: finds the command that is asked for, and turns refusals into words and exit codes.

0 done, or the certificate stands · 1 refused, or a check failed, or the certificate does not stand · 2 it could not be
established · 64 the command was not used as it can be · 130 interrupted. Errors go to the standard error output, in
Japanese where LANG asks for it.
"""

from __future__ import annotations

import argparse
import atexit
import gc
import os
import re
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from types import MappingProxyType
from typing import NoReturn

from app.cli.output import WIDTH, close_output, language_of, print_refusal
from app.errors import AkashiError

DONE, FAILED, NOT_ESTABLISHED, USAGE, INTERRUPTED = 0, 1, 2, 64, 130

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "verify": "does a certificate stand? from a file without a network, or by its ID",
        "sign": "confirm a draft with your own key; prints the evidence that makes it a decision",
        "keys": "make a key file, show its public half, prove that you hold it",
        "demo": "the registry's main job before your eyes, on a database of its own",
        "seed": "fill a fresh installation with fictional certifications and their histories",
        "serve": "serve the registry that `akashi init` made",
        "init": "make an installation: roles, database, publication key, public address",
        "migrate": "bring the database to the schema of this release",
        "parties": "register accreditation and certification bodies and their keys",
        "recognitions": "copy what arrangements publish about accreditation bodies",
        "certs": "get certificates for bodies' keys: a request for a CA, or a development chain",
        "clients": "register the machine clients that carry a party's requests",
        "status": "what is published, how old it is, until when it counts",
    }
)
"""Every command with what it does, in the order of the help; its module is `app.cli.<name>`."""

_HYPHENED = re.compile(r"-[A-Za-z0-9_-]{42}")
"""32 bytes in base64url whose first letter is a hyphen."""

_ABOUT = """\
Akashi (証, "proof"): a registry of management-system certificates in which nobody has to trust the registry.

Commands:
{commands}

Try:
  akashi verify bundle.json --anchors anchors.json
  akashi COMMAND --help

Exit codes: 0 done, or the certificate stands; 1 refused, or a check failed, or it does not stand;
2 it could not be established; 64 wrong use."""


class Parser(argparse.ArgumentParser):
    """argparse with our exit code for wrong use."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where to read on, and exit with 64."""
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: {message}\nSee `{self.prog} --help`.\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = _answer(given)
        _flush()
    except AkashiError as refusal:
        print_refusal(refusal, language_of(os.environ))
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough while the command was not yet done.
        close_output()
        return FAILED
    return code


def help_text() -> str:
    """What `akashi --help` prints."""
    widest = max(map(len, COMMANDS))
    lines = [f"  {name:{widest}}  {what}" for name, what in COMMANDS.items()]
    return _ABOUT.format(commands="\n".join(lines))


def _flush() -> None:
    """Write what is left; the command is done, and its exit code stays whether or not anybody still reads."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        close_output()


def _answer(given: list[str]) -> int:
    """The help that was asked for, a hint to whoever mistyped, or the command."""
    name = given[0] if given else ""
    if name in {"-h", "--help", "help"}:
        print(help_text())
        return DONE
    if name not in COMMANDS:
        print(_unknown(name) if name else help_text(), file=sys.stderr)
        return USAGE
    return _run(name, given[1:])


def _run(name: str, rest: list[str]) -> int:
    # At the end all memory goes at once: no last search for cycles in it, which is a tenth of `akashi verify` (C6).
    atexit.register(gc.freeze)
    command = import_module(f"app.cli.{name}")
    parser = Parser(prog=f"akashi {name}", description=command.__doc__, formatter_class=_formatter, allow_abbrev=False)
    command.add_arguments(parser)
    return int(command.run(parser.parse_args(values_joined(rest))))


def values_joined(arguments: Sequence[str]) -> list[str]:
    """The arguments with each thumbprint or nonce that begins with a hyphen joined to its option.

    One in 64 does, and argparse would read it as an option: `--key -oF9…` becomes `--key=-oF9…`.
    """
    joined: list[str] = []
    for argument in arguments:
        if _HYPHENED.fullmatch(argument) and joined and joined[-1].startswith("--") and "=" not in joined[-1]:
            joined[-1] += f"={argument}"
        else:
            joined.append(argument)
    return joined


def _formatter(prog: str) -> argparse.RawDescriptionHelpFormatter:
    """As wide as all our output; argparse would measure the terminal for every argument."""
    return argparse.RawDescriptionHelpFormatter(prog, width=WIDTH)


def _unknown(name: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, COMMANDS, n=1)
    hint = f" Did you mean `akashi {close[0]}`?" if close else ""
    return f"akashi: there is no command {name!r}.{hint}\nSee `akashi --help`."
