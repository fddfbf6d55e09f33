"""The pages' questions, asked of the registry: the same acts that every other door asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from app.errors import AkashiError
from app.examiner.report import as_plain
from app.pages.questions import Answered, Lookup, Questions, Recognitions, Report, Terms, VersionAnswer
from app.registry.bodies import list_bodies, recognised
from app.registry.directory import answer_by_number, by_name
from app.registry.due import told
from app.registry.presented import check_file
from app.registry.registry import Registry
from app.registry.schemes import scheme
from app.registry.verification import moment_of
from app.registry.versions import published_with_versions, version_answer

MOST_BODIES = 200
"""Bodies that the front page offers for choosing."""


def questions_of(registry: Registry) -> Questions:
    """All questions over one registry."""
    return Questions(
        verify=partial(_verify, registry),
        version=partial(_version, registry),
        check_file=partial(_check_file, registry),
        lookup=partial(_lookup, registry),
        search=partial(_search, registry),
        bodies=partial(_bodies, registry),
        terms=partial(_terms, registry),
        now=partial(moment_of, registry),
    )


def _verify(registry: Registry, public_id: str) -> Answered:
    answer, versions = published_with_versions(registry, public_id)
    report = answer.report.as_json()
    if not versions:
        return Answered(report, answer.until)
    plain = [as_plain(one) for one in versions]
    successor = report["links"].get("continued_by", "").rpartition("/")[2] or None
    word = as_plain(told(registry, public_id))
    return Answered(report, answer.until, plain, successor, word, _recognitions(registry, report))


def _version(registry: Registry, public_id: str, number: int) -> VersionAnswer:
    answer, version = version_answer(registry, public_id, number)
    report = answer.report.as_json()
    return VersionAnswer(report, as_plain(version), answer.until, _recognitions(registry, report))


def _recognitions(registry: Registry, report: Report) -> Recognitions:
    """By which arrangements the accreditation bodies behind a report are recognised."""
    bodies = [UUID(one["accreditation_body"]["id"]) for one in report["accreditations"]]
    return as_plain(recognised(registry, bodies)) if bodies else {}


def _check_file(registry: Registry, presented: bytes) -> Report:
    return check_file(registry, presented).as_json()


def _lookup(registry: Registry, number: str, body: str) -> Lookup:
    """A body that is none finds nothing, as its page would say."""
    found, until = answer_by_number(registry, number, _parse_body(body))
    return Lookup([as_plain(hit) for hit in found.hits], found.more, until)


def _search(registry: Registry, name: str) -> Lookup:
    found, until = by_name(registry, name)
    return Lookup([as_plain(hit) for hit in found.hits], found.more, until)


def _bodies(registry: Registry) -> Sequence[Mapping[str, Any]]:
    listed = list_bodies(registry, kind="certification_body", limit=MOST_BODIES)
    return [as_plain(body) for body in listed]


def _terms(registry: Registry, code: str) -> Terms:
    """A scheme that is not operated here has no words; its codes are then shown as they are."""
    try:
        known = scheme(registry, code)
    except AkashiError:
        return {}
    return {
        "role": {term.code: as_plain(term.title) for term in known.roles},
        "area": {term.code: as_plain(term.title) for term in known.technical_areas},
        "criterion": {term.code: as_plain(term.title) for term in known.criteria},
    }


def _parse_body(presented: str) -> UUID | None:
    try:
        return UUID(presented) if presented else None
    except ValueError:
        return UUID(int=0)
