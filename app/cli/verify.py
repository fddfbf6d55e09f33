"""Does a certificate stand? Checked by yourself: signatures, accreditation, standing, status lists.

  akashi verify bundle.json --anchors anchors.json            without a network
  akashi verify M30QP-8774S-… --registry https://registry.example --anchors anchors.json
  akashi verify https://registry.example/c/M30QP-… --anchors anchors.json

The bundle is on each certificate's page and at /c/ID.bundle.json. Anchors are the keys that you choose to trust: get
them from the accreditation body or from certs/anchors of the project, never from the one who sends you a certificate.
A single certificate file (.jwt) can be given too, but does not show its standing.

Exit codes: 0 it stands (a notice included, unless --strict) · 1 a check failed or it does not stand · 2 it could not be
established · 64 wrong use.
"""

from __future__ import annotations

import argparse
import os
import re
from datetime import UTC, datetime
from pathlib import Path

from app.cli.output import language_of, print_answer, print_json, print_refusal
from app.conformity.identifiers import MalformedPublicId, parse_public_id
from app.conformity.words import LANGUAGES
from app.credentials.strict_json import parse_json
from app.errors import AkashiError
from app.examiner.bundle import MAX_BUNDLE_BYTES, BundleRefused, looks_like_a_bundle, read_bundle
from app.examiner.evidence import Evidence
from app.examiner.examine import examine, no_record, refused_report
from app.examiner.question import Question
from app.examiner.report import VerificationReport
from app.trust.anchors import Anchors, parse_anchors

NOT_ESTABLISHED, USAGE = 2, 64
MAX_ANCHORS_BYTES = 4 * 1024 * 1024

_NOT_TO_BE_HAD = frozenset({"registry_unreachable", "bundle_withheld"})
_CERTIFICATE_ADDRESS = re.compile(r"(https?://.+?)(?:/(?:en|ja))?/c/[^/?#]+", re.IGNORECASE)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})")


class WrongUse(AkashiError):
    """The command was not used as it can be."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument(
        "certificate", metavar="FILE_OR_ID", help="bundle, certificate file, ID, or address of its page"
    )
    parser.add_argument("--anchors", type=Path, metavar="PATH", help="file of the keys that you trust")
    parser.add_argument("--registry", metavar="URL", help="where to get the bundle of an ID")
    parser.add_argument(
        "--at", type=instant, metavar="T", help="the time asked about (2026-11-25T00:00:00Z); default now"
    )
    parser.add_argument("--known-at", type=instant, metavar="T", help="by what was known at that time; default now")
    parser.add_argument("--holder", metavar="NAME", help="fail if the certificate is another organisation's")
    parser.add_argument("--strict", action="store_true", help="exit with 1 for a notice, too")
    parser.add_argument("--json", action="store_true", help="print the whole report as JSON")
    parser.add_argument("--language", choices=LANGUAGES, help="of the words; default as LANG says")


def run(arguments: argparse.Namespace) -> int:
    """Examine what was given and say what was found."""
    language = arguments.language or language_of(os.environ)
    now = datetime.now(UTC)
    try:
        anchors = read_anchors(arguments.anchors)
        question = Question.asked(anchors, now=now, at=arguments.at, known_at=arguments.known_at)
        presented, asked_id = _presented(arguments)
    except AkashiError as refusal:
        print_refusal(refusal, language)
        return NOT_ESTABLISHED if refusal.code in _NOT_TO_BE_HAD else USAGE
    report = _report(presented, asked_id, anchors, question, arguments)
    if arguments.holder is not None:
        from app.examiner.expectation import with_expectation

        report = with_expectation(report, holder=arguments.holder)
    if arguments.json:
        print_json(report.as_json())
    else:
        from app.cli.report_text import report_text

        print_answer(report_text(report, language))
    return report.exit_code(strict=arguments.strict)


def read_anchors(path: Path | None) -> Anchors:
    """The anchors of a file; without one, none: then nothing can be established, and the report says so."""
    if path is None:
        return Anchors()
    try:
        with path.open("rb") as file:
            content = file.read(MAX_ANCHORS_BYTES + 1)
    except OSError as error:
        raise WrongUse("unreadable_file", note=f"{path}: {error.strerror}") from error
    return parse_anchors(parse_json(content, max_bytes=MAX_ANCHORS_BYTES))


def instant(text: str) -> datetime:
    """An instant with its zone, as RFC 3339 writes it."""
    if not _INSTANT.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no time with a zone like 2026-11-25T00:00:00Z")
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise argparse.ArgumentTypeError(f"{text!r}: {error}") from error


def _report(
    presented: bytes | None, asked_id: str | None, anchors: Anchors, question: Question, arguments: argparse.Namespace
) -> VerificationReport:
    times = {"now": question.now, "at": arguments.at, "known_at": arguments.known_at}
    if presented is None:
        return no_record(asked_id or "", **times)
    if asked_id is None and not looks_like_a_bundle(presented):
        from app.examiner.presented import examine_alone

        return examine_alone(presented, anchors, **times)
    try:
        evidence = _evidence_in(presented, asked_id)
    except BundleRefused as refused:
        return refused_report(refused, question, asked_id)
    return examine(evidence, anchors, **times)


def _evidence_in(presented: bytes, asked_id: str | None) -> Evidence:
    evidence = read_bundle(presented)
    if asked_id not in {None, evidence.certificate_id}:
        raise BundleRefused("the bundle of another certificate")
    return evidence


def _presented(arguments: argparse.Namespace) -> tuple[bytes | None, str | None]:
    """The bytes to examine; with the ID that was asked for where it was one, None for bytes if it has no record."""
    path = Path(arguments.certificate)
    if path.is_file():
        with path.open("rb") as file:
            return file.read(MAX_BUNDLE_BYTES + 1), None
    try:
        asked_id = parse_public_id(arguments.certificate)
    except MalformedPublicId as malformed:
        raise WrongUse("no_such_file_or_id", note=malformed.note) from malformed
    registry = arguments.registry or _registry_of(arguments.certificate)
    if registry is None:
        raise WrongUse("registry_needed")
    from app.cli.download import download_bundle

    return download_bundle(registry, asked_id), asked_id


def _registry_of(certificate: str) -> str | None:
    """The registry of a certificate page's address."""
    found = _CERTIFICATE_ADDRESS.match(certificate)
    return found.group(1) if found else None
