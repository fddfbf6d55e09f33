"""The names of holders in the directory: those of a day, and those by which somebody found them.

A firm that changed its name is found by the old one, and is shown with both: the name that was searched for with its
days, and the name of now (C089). Only names whose holder consented to be found by name ever come here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.conformity.periods import local_day
from app.examiner.report import HolderName
from app.storage.rows import Row


@dataclass(frozen=True)
class FoundName(HolderName):
    """A name by which a holder was found: `of_now` is false for a former name, or one still to come."""

    valid_from: date | None
    valid_to: date | None
    of_now: bool


@dataclass(frozen=True)
class ShownNames:
    """The names that a holder has on the day asked about, and those that contain what was searched for."""

    names: tuple[HolderName, ...]
    found_by: tuple[FoundName, ...]


def shown_names(rows: Iterable[Row[Any]], certification: UUID, at: datetime, folded: str | None) -> ShownNames:
    """The names of one certification's holder on the day where its body is."""
    own = [row for row in rows if row.certification_id == certification]
    current = tuple(HolderName(row.name, row.language, row.script) for row in own if _counts(row, at))
    found = () if folded is None else tuple(_found(row, at) for row in own if folded in row.folded)
    return ShownNames(current, found)


def _found(row: Row[Any], at: datetime) -> FoundName:
    return FoundName(row.name, row.language, row.script, row.valid_from, row.valid_to, _counts(row, at))


def _counts(row: Row[Any], at: datetime) -> bool:
    day = local_day(at, row.time_zone)
    return (row.valid_from or day) <= day <= (row.valid_to or day)
