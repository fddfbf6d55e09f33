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
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from app.cli.output import language_of, print_answer, print_json, print_refusal, print_remark
from app.conformity.identifiers import MalformedPublicId, parse_address
from app.conformity.words import LANGUAGES, Word
from app.credentials.strict_json import parse_json
from app.errors import AkashiError
from app.examiner.bundle import MAX_BUNDLE_BYTES, BundleRefused, looks_like_a_bundle, read_bundle
from app.examiner.evidence import Evidence
from app.examiner.examine import examine, no_record, refused_report
from app.examiner.question import ImpossibleQuestion, Question
from app.examiner.report import VerificationReport
from app.trust.anchors import Anchors, parse_anchors

NOT_ESTABLISHED, USAGE = 2, 64
MAX_ANCHORS_BYTES = 4 * 1024 * 1024

_NOT_TO_BE_HAD = frozenset({"registry_unreachable", "bundle_withheld"})
_CERTIFICATE_ADDRESS = re.compile(r"(https?://.+?)(?:/(?:en|ja))?/c/[^/?#]+", re.IGNORECASE)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})")


_OTHER_HOST = Word(
    "The address leads to {host}; this answer rests on what {registry} handed over.",
    "指定されたアドレスは {host} のものです。この回答は {registry} から取得した内容によります。",
)


class WrongUse(AkashiError):
    """The command was not used as it can be."""


@dataclass(frozen=True)
class _Presented:
    """The bytes to examine, None if the ID has no record; for an ID, which one, and of an address its version."""

    content: bytes | None
    asked_id: str | None = None
    version: int | None = None


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
        presented = _presented(arguments, language)
    except AkashiError as refusal:
        print_refusal(refusal, language)
        return NOT_ESTABLISHED if refusal.code in _NOT_TO_BE_HAD else USAGE
    try:
        report = _report(presented, anchors, question, arguments)
    except ImpossibleQuestion as refusal:
        print_refusal(refusal, language)
        return NOT_ESTABLISHED
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
    presented: _Presented, anchors: Anchors, question: Question, arguments: argparse.Namespace
) -> VerificationReport:
    times = {"now": question.now, "at": arguments.at, "known_at": arguments.known_at}
    content, asked_id = presented.content, presented.asked_id
    if content is None:
        return no_record(asked_id or "", **times)
    if asked_id is None and not looks_like_a_bundle(content):
        from app.examiner.presented import examine_alone

        return examine_alone(content, anchors, **times)
    try:
        evidence = _evidence_in(content, asked_id)
    except BundleRefused as refused:
        return refused_report(refused, question, asked_id)
    return examine(evidence, anchors, **times, version=presented.version)


def _evidence_in(presented: bytes, asked_id: str | None) -> Evidence:
    evidence = read_bundle(presented)
    if asked_id not in {None, evidence.certificate_id}:
        raise BundleRefused("the bundle of another certificate")
    return evidence


def _presented(arguments: argparse.Namespace, language: str) -> _Presented:
    """The file, or what the registry hands over for an ID or an address."""
    path = Path(arguments.certificate)
    if path.is_file():
        with path.open("rb") as file:
            return _Presented(file.read(MAX_BUNDLE_BYTES + 1))
    try:
        address = parse_address(arguments.certificate)
    except MalformedPublicId as malformed:
        raise WrongUse("no_such_file_or_id", note=malformed.note) from malformed
    registry = arguments.registry or _registry_of(arguments.certificate)
    if registry is None:
        raise WrongUse("registry_needed")
    if address.host and address.host != _host_of(registry):
        print_remark(_OTHER_HOST, language, host=address.host, registry=registry)
    from app.cli.download import download_bundle

    return _Presented(download_bundle(registry, address.public_id), address.public_id, address.version)


def _host_of(registry: str) -> str:
    """Where a registry's address leads, written as `parse_address` writes a host; no address is refused later."""
    try:
        return urlsplit(registry).netloc.lower().removesuffix(":443").removesuffix(":80")
    except ValueError:
        return ""


def _registry_of(certificate: str) -> str | None:
    """The registry of a certificate page's address."""
    found = _CERTIFICATE_ADDRESS.match(certificate)
    return found.group(1) if found else None
