"""What the pages ask the registry. Every answer is plain JSON-ready data; no page sees a row, a session or a key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Report = Mapping[str, Any]
Recognitions = Mapping[str, Sequence[Mapping[str, Any]]]
Terms = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Vocabulary (`role`, `area`) → code → title in each language: schemes are data, so their words are too."""


@dataclass(frozen=True)
class Answered:
    """A report, and the next instant at which the calendar changes it; None where there is none.

    `versions`, oldest first: `{"version", "act", "label", "state", "decided_on", "effective_on", "last_valid_day",
    "valid_from", "valid_until", "changes"}`; a change is `{"field", "before", "after"}` in the shape of the report.
    `successor` is the ID of the certificate by which another body continues this one; `told` what the body told without
    signing it: `{"last_surveillance_reported", "under_appeal"}`. `recognitions` are those of each accreditation body
    that hold, by its id: `{"title", "owner", "level", "scope", "observed_on", "objected_at"}`, copied and not signed.
    """

    report: Report
    until: datetime | None = None
    versions: Sequence[Mapping[str, Any]] = ()
    successor: str | None = None
    told: Mapping[str, Any] | None = None
    recognitions: Recognitions = field(default_factory=dict)


@dataclass(frozen=True)
class VersionAnswer:
    """One version: its report, and `{"version", "act", "label", "current", "replaced_on", "differences"}`.

    `current` is the number of the version in force or None, `replaced_on` a plain date or None. A difference is
    `{"field", "this", "current"}`, its values in the shape that the report gives the field, such as `scope.statement`.
    """

    report: Report
    version: Mapping[str, Any]
    until: datetime | None = None
    recognitions: Recognitions = field(default_factory=dict)


@dataclass(frozen=True)
class Lookup:
    """Certificates that carry a number: `certificate_id`, `number`, `verdict`, `standing` and the facts as in a report.

    `found_by` are the holder's names that contain what was searched for: a name as in a report with `valid_from`,
    `valid_to` and `of_now`. `more` says that there are others than those listed; `until` is the first instant that
    changes one of them.
    """

    hits: Sequence[Mapping[str, Any]]
    more: bool = False
    until: datetime | None = None


@dataclass(frozen=True)
class Questions:
    """One function for each question.

    `verify` answers every well-formed ID, an unknown one with the verdict `unknown`. `version` raises `AkashiError`
    for a version that does not exist. `check_file` raises it for bytes that are no credential and no bundle; a bad
    signature is an answer. `lookup` takes the number and the body's id, or "" for any; `search` a part of a holder's
    name, of now or of before. `bodies` lists those that can be chosen: `{"id", "names"}`. `terms` gives the words of a
    scheme by its code; a code without one is shown as it is.
    """

    verify: Callable[[str], Answered]
    version: Callable[[str, int], VersionAnswer]
    check_file: Callable[[bytes], Report]
    lookup: Callable[[str, str], Lookup]
    search: Callable[[str], Lookup]
    bodies: Callable[[], Sequence[Mapping[str, Any]]]
    terms: Callable[[str], Terms]
    now: Callable[[], datetime]
