"""Decision sheets over HTTP: the decisions of one meeting, confirmed by one evidence of each decider."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from app.access.actor import Actor
from app.access.permissions import Scope
from app.api.bodies import FromBody, Presented, StrictRoute
from app.api.dependencies import TheRegistry, requires
from app.api.drafts import CONFIRMATION_ANSWERS, CREATED, OK, Confirmation, ShownDraft, known_draft, show_draft
from app.api.idempotency import OnceOnly
from app.api.own import done_once
from app.api.shown import JSON
from app.registry.decision_sheet import MOST_ITEMS, Item, confirm_sheet, draft_sheet
from app.registry.verification import as_bytes

ADDRESS = "/v1/decision-sheets"

router = APIRouter(tags=["Decisions"], route_class=StrictRoute)


class SheetWanted(Presented):
    """The drafts to be confirmed together, in their order."""

    decisions: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=MOST_ITEMS)]


@dataclass(frozen=True)
class CarriedOut:
    """What became of each decision: decided, awaited (somebody's evidence is missing) or refused by the rule named."""

    id: UUID
    items: tuple[Item, ...]


@router.post(
    ADDRESS,
    summary="Draft a decision sheet",
    status_code=CREATED,
    response_model=ShownDraft,
    responses={
        404: {"description": "The body has no such draft."},
        409: {"description": "A draft stands on another sheet."},
    },
)
def draft(
    registry: TheRegistry,
    actor: Annotated[Actor, requires(Scope.CERTIFICATES_PREPARE)],
    wanted: Annotated[SheetWanted, FromBody()],
    once: OnceOnly,
) -> Response:
    """List drafts by their digests; nobody has decided yet. Safe to repeat with the same key."""
    listed = tuple(dict.fromkeys(wanted.decisions))
    sheet = draft_sheet(registry, actor, listed, request=done_once(once))
    return show_draft(registry, actor, sheet, ADDRESS, CREATED)


@router.get(
    f"{ADDRESS}/{{sheet}}",
    summary="A decision sheet",
    response_model=ShownDraft,
    responses={404: {"description": "The body has no such sheet."}},
)
def read(registry: TheRegistry, actor: Annotated[Actor, requires(Scope.CERTIFICATES_READ)], sheet: UUID) -> Response:
    """Show the sheet's document and whose evidence is awaited."""
    return show_draft(registry, actor, known_draft(registry, actor, sheet, "sheet"), ADDRESS, OK)


@router.post(
    f"{ADDRESS}/{{sheet}}/confirmation",
    summary="Hand in a decider's evidence over a sheet",
    response_model=CarriedOut,
    responses=CONFIRMATION_ANSWERS,
)
def confirm(
    registry: TheRegistry,
    actor: Annotated[Actor, requires(Scope.CERTIFICATES_PREPARE)],
    sheet: UUID,
    confirmation: Annotated[Confirmation, FromBody()],
) -> Response:
    """Record the evidence for every decision of the sheet; each that is complete is carried out. Safe to repeat."""
    carried = confirm_sheet(registry, actor, sheet, confirmation.presented())
    return Response(as_bytes(CarriedOut(sheet, carried.items)), media_type=JSON)
