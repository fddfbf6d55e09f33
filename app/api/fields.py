"""The types that presented members are made of, each with the code of its own refusal.

Plain dates and instants have one form only; identifiers and time zones exist or are refused where they are read.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, NoReturn

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.errors import explain

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ORDINAL = re.compile(r"[1-9]\d{0,17}", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z", re.ASCII)


def refuse(code: str) -> NoReturn:
    """Refuse the member at hand with one of our codes; the other members are still looked at."""
    raise PydanticCustomError(code, explain(code).en)


def _day(presented: Any) -> Any:
    if not isinstance(presented, str):
        return presented
    try:
        if not _DAY.fullmatch(presented):
            refuse("impossible_date")
        return date.fromisoformat(presented)
    except ValueError:
        refuse("impossible_date")


def _instant(presented: Any) -> Any:
    if not isinstance(presented, str):
        return presented
    try:
        if not _INSTANT.fullmatch(presented):
            refuse("impossible_instant")
        return datetime.fromisoformat(presented.removesuffix("Z")).replace(tzinfo=UTC)
    except ValueError:
        refuse("impossible_instant")


def _ordinal(presented: Any) -> Any:
    if isinstance(presented, str) and not _ORDINAL.fullmatch(presented):
        refuse("wrong_form")
    return presented


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
"""A plain date, `2026-11-25`."""

Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    PlainSerializer(lambda moment: moment.astimezone(UTC).isoformat().replace("+00:00", "Z")),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""An instant in UTC, `2026-11-25T00:00:00Z`; no other offset, no local time."""

Ordinal = Annotated[int, BeforeValidator(_ordinal), WithJsonSchema({"type": "integer", "minimum": 1})]
"""A number from 1 on in an address, written one way: no sign, no point, no zero before it."""
