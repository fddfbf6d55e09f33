"""Confirm a draft with your own key: you see the document and its digest, then sign; nothing is sent anywhere.

  akashi sign draft.json --key my.key > evidence.json

DOCUMENT is the draft as the registry gave it: the document alone, or the answer that holds it beside its `sha256`; the
rules that it breaks by that answer are shown, too. Compare the digest with what you were told through another channel.
The secret of the key file comes from AKASHI_KEY_SECRET, or is asked for. What is printed is the evidence that goes to
…/confirmation; any client of your body may carry it. Exit codes: 0 signed · 1 refused · 64 wrong use.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from app.cli.files import read_bounded, write_new
from app.cli.output import printable
from app.cli.secret import key_secret
from app.credentials.canonical import canonical, digest
from app.credentials.strict_json import parse_object
from app.errors import AkashiError
from app.keys.evidence import sign_evidence
from app.keys.software import load_key

MAX_DOCUMENT_BYTES = 256 * 1024
TERMINAL = Path("/dev/tty")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("document", metavar="DOCUMENT", help="file of the draft; - for the standard input")
    parser.add_argument("--key", type=Path, required=True, metavar="FILE", help="your own key file (akashi keys new)")
    parser.add_argument("--sha256", metavar="DIGEST", help="refuse unless the document has this digest")
    parser.add_argument("--yes", action="store_true", help="sign without asking (the document is shown all the same)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the evidence to a new file")


def run(arguments: argparse.Namespace) -> int:
    """Show, ask, sign, print."""
    presented = read_bounded(arguments.document, MAX_DOCUMENT_BYTES)
    document = exact_document(presented, arguments.sha256)
    _show(document)
    for fault in faults_told(presented):
        print(printable(f"When this draft was read it broke a rule: {fault}"), file=sys.stderr)
    if not arguments.yes and not _confirmed():
        print("Not signed.", file=sys.stderr)
        return 1
    key = load_key(arguments.key, key_secret())
    evidence = json.dumps(sign_evidence(key, document))
    if arguments.out:
        write_new(arguments.out, f"{evidence}\n".encode())
    else:
        print(evidence)
    return 0


def exact_document(presented: bytes, expected: str | None = None) -> bytes:
    """The canonical bytes of the draft: what the registry keeps and the decider signs. Raises if a digest differs."""
    content: dict[str, Any] = parse_object(presented, max_bytes=MAX_DOCUMENT_BYTES)
    digests = {expected} if expected else set()
    if isinstance(content.get("document"), dict) and isinstance(content.get("sha256"), str):
        digests.add(content["sha256"])
        content = content["document"]
    document = canonical(content)
    if digests - {digest(document)}:
        raise AkashiError("document_digest_differs", note=digest(document))
    return document


def faults_told(presented: bytes) -> list[str]:
    """The rules that the registry said the draft broke when it answered with it; the signature is not over them."""
    told = parse_object(presented, max_bytes=MAX_DOCUMENT_BYTES).get("faults")
    faults = [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    return [f"{one.get('code')} ({one.get('clause')})" for one in faults]


def _show(document: bytes) -> None:
    """The document as text, then its digest."""
    text = json.dumps(json.loads(document), ensure_ascii=False, indent=2)
    print("\n".join(printable(line) for line in text.splitlines()), file=sys.stderr)
    print(f"SHA-256 {digest(document)}", file=sys.stderr)


def _confirmed() -> bool:
    """Whether the person at the terminal says yes in full; never read from the pipe that brings the document."""
    print("Sign this document? Type yes: ", end="", file=sys.stderr, flush=True)
    try:
        with TERMINAL.open(encoding="utf-8") as terminal:
            return terminal.readline().strip() == "yes"
    except OSError as error:
        raise AkashiError("no_terminal") from error
