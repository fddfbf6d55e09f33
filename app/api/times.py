"""`?at=` and `?known_at=`: what was true at a time, by what was known at a time.

An answer about now is published, the same bytes for everybody; one about a chosen time is computed on request, within
the budget of public computing, and nobody keeps it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from app.api.dependencies import TheDoor, within_computing_budget
from app.api.fields import Instant
from app.api.shown import JSON, fresh
from app.registry.two_clocks import Asked
from app.registry.verification import as_bytes

NO_STORE = "no-store"


def times_asked(
    request: Request,
    door: TheDoor,
    at: Annotated[Instant | None, Query(description="The time asked about; by default now.")] = None,
    known_at: Annotated[Instant | None, Query(description="By what was recorded then; by default now.")] = None,
) -> Asked:
    """The dependency that reads both times, and counts what has to be computed for them."""
    asked = Asked(at, known_at)
    if not asked.is_of_now:
        within_computing_budget(request, door)
    return asked


TimesAsked = Annotated[Asked, Depends(times_asked)]


def shown_as_of(
    request: Request,
    value: Any,
    asked: Asked,
    *,
    moment: datetime,
    until: datetime | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """The answer with an honest age: about now until its next boundary, about a chosen time for nobody to keep."""
    if asked.is_of_now:
        return fresh(request, as_bytes(value), JSON, moment=moment, until=until, headers=headers)
    return Response(as_bytes(value), media_type=JSON, headers={"Cache-Control": NO_STORE, **(headers or {})})
