"""What is due by when over HTTP: to a body about its own work, to an accreditation body about what it oversees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.permissions import Scope
from app.api.bodies import StrictRoute
from app.api.dependencies import TheRegistry, requires
from app.api.pagination import PageAsked, link_header, page_asked, page_members, page_of
from app.api.shown import JSON
from app.registry.due import Asked, Due, OverseenTask, Place, Placed, Task, what_is_due, what_is_overseen
from app.registry.verification import as_bytes

router = APIRouter(tags=["Due"], route_class=StrictRoute)


@dataclass(frozen=True)
class DueAsked:
    """A page of the list, and whether only what is overdue."""

    page: PageAsked
    overdue: bool | None

    def of(self, what: str | None) -> Asked:
        """The same in the vocabulary of the acts, of one kind or of all."""
        cursor = self.page.cursor
        place = None if cursor is None else Place(cursor.sequence, cursor.id, cursor.backwards)
        return Asked(what, self.overdue, place, self.page.rows_to_fetch)


@dataclass(frozen=True)
class DueList:
    """A page of what is due, by day."""

    due: tuple[Due, ...]
    limit: int
    next: str | None
    prev: str | None


def due_asked(
    asked: Annotated[PageAsked, Depends(page_asked)],
    overdue: Annotated[
        bool | None, Query(description="Only what is overdue (`true`), or only what is in time (`false`).")
    ] = None,
) -> DueAsked:
    """The dependency that reads which part of what is due is asked for."""
    return DueAsked(asked, overdue=overdue)


@router.get("/v1/due", summary="What is due by when", response_model=DueList)
def own(
    request: Request,
    registry: TheRegistry,
    actor: Annotated[Actor, requires(Scope.CERTIFICATES_READ)],
    asked: Annotated[DueAsked, Depends(due_asked)],
    what: Annotated[Task | None, Query()] = None,
) -> Response:
    """List surveillance, recertification, time limits of suspensions and open cases of one's own body."""
    return _page(request, asked.page, what_is_due(registry, actor, asked.of(what)))


@router.get("/v1/oversight/due", summary="What accredited bodies have to do", response_model=DueList)
def overseen(
    request: Request,
    registry: TheRegistry,
    actor: Annotated[Actor, requires(Scope.ACCREDITATIONS)],
    asked: Annotated[DueAsked, Depends(due_asked)],
    what: Annotated[OverseenTask | None, Query()] = None,
) -> Response:
    """List the same, complaints and notices excepted, for certificates that rest on one's own accreditation."""
    return _page(request, asked.page, what_is_overseen(registry, actor, asked.of(what)))


def _page(request: Request, asked: PageAsked, rows: tuple[Placed, ...]) -> Response:
    page = page_of(asked, rows, lambda row: row[0])
    content = {"due": [one for _, one in page.rows], **page_members(request, page)}
    return Response(as_bytes(content), media_type=JSON, headers=link_header(request, page))
