"""Notices of change over HTTP: what a holder tells of itself, and what a competent person finds to follow (8.5.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.permissions import Scope
from app.api.bodies import FromBody, Presented, StrictRoute
from app.api.dependencies import TheRegistry, requires
from app.api.fields import Day
from app.api.idempotency import OnceOnly
from app.api.own import CREATED, NOTHING_TO_SAY, REFUSALS, Made, done_once, made, own_page, own_record, recorded
from app.api.pagination import PageAsked, page_asked
from app.conformity.identifiers import parse_public_id
from app.registry import change_notice
from app.registry.own_cases import CHANGE_NOTICE, OwnChangeNotice

ADDRESS = "/v1/change-notices"

router = APIRouter(tags=["Cases"], route_class=StrictRoute)

Client = Annotated[Actor, requires(Scope.CASES)]


class NewNotice(Presented):
    """What the holder tells, and since when the body knows it."""

    certification: Annotated[str, Field(max_length=200, description="The certification's public ID.")]
    kind: change_notice.ChangeKind
    detail: Annotated[str, Field(min_length=1, max_length=4000)]
    received_on: Day


class NewDisposition(Presented):
    """What follows; `assessment` says whether a legal successor still conforms."""

    consequence: change_notice.Consequence
    person: UUID
    reason: Annotated[str, Field(min_length=1, max_length=4000)]
    disposed_on: Day
    assessment: Annotated[str, Field(min_length=1, max_length=8192)] | None = None


@dataclass(frozen=True)
class NoticeList:
    """A page of notices."""

    change_notices: tuple[OwnChangeNotice, ...]
    limit: int
    next: str | None
    prev: str | None


@router.post(ADDRESS, summary="Record a notice of change", status_code=CREATED, response_model=Made, responses=REFUSALS)
def receive(registry: TheRegistry, actor: Client, wanted: Annotated[NewNotice, FromBody()], once: OnceOnly) -> Response:
    """Record what the holder told; it waits for a competent person."""
    notice = change_notice.receive_notice(
        registry,
        actor,
        certification=parse_public_id(wanted.certification),
        kind=wanted.kind,
        detail=wanted.detail,
        received_on=wanted.received_on,
        request=done_once(once),
    )
    return made(registry, f"{ADDRESS}/{notice}", Made(notice))


@router.get(ADDRESS, summary="Notices of change", response_model=NoticeList)
def list_all(
    request: Request, registry: TheRegistry, actor: Client, asked: Annotated[PageAsked, Depends(page_asked)]
) -> Response:
    """List the notices that one's own body received; the open ones are also among what is due."""
    return own_page(request, registry, actor, CHANGE_NOTICE, "change_notices", asked)


@router.get(
    f"{ADDRESS}/{{notice}}",
    summary="One notice of change",
    response_model=OwnChangeNotice,
    responses={404: {"description": "The body has no such notice."}},
)
def read(registry: TheRegistry, actor: Client, notice: UUID) -> Response:
    """Show a notice and what was found to follow."""
    return own_record(registry, actor, CHANGE_NOTICE, notice)


@router.post(
    f"{ADDRESS}/{{notice}}/disposition",
    summary="Dispose of a notice of change",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def dispose(
    registry: TheRegistry, actor: Client, notice: UUID, wanted: Annotated[NewDisposition, FromBody()]
) -> Response:
    """Record what a competent person found to follow; the acts that it calls for are decided on their own."""
    change_notice.dispose_of(registry, actor, notice, change_notice.Disposition(**dict(wanted)))
    return recorded()
