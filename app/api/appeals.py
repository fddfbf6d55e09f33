"""Appeals over HTTP: lodged against one decision, handled by a panel that had no part in it (ISO/IEC 17021-1 9.7)."""

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
from app.registry import appeal
from app.registry.own_cases import APPEAL, OwnAppeal

ADDRESS = "/v1/appeals"

router = APIRouter(tags=["Cases"], route_class=StrictRoute)

Client = Annotated[Actor, requires(Scope.CASES)]


class NewAppeal(Presented):
    """Against which decision, and why; `may_be_known` is the appellant's agreement that others learn of it."""

    decision: UUID
    grounds: Annotated[str, Field(min_length=1, max_length=8192)]
    lodged_on: Day
    may_be_known: bool = False


class Acknowledgement(Presented):
    """Who told the appellant that the appeal was received, and when."""

    person: UUID
    done_on: Day


class PanelMember(Presented):
    """Somebody who handles the appeal."""

    person: UUID


class NewOutcome(Presented):
    """What the panel found."""

    outcome: appeal.AppealOutcome
    reasons: Annotated[str, Field(min_length=1, max_length=8192)]
    decided_on: Day


class Agreement(Presented):
    """The appellant's newest word about whether others may learn of the appeal."""

    agreed: bool
    agreed_on: Day


@dataclass(frozen=True)
class AppealList:
    """A page of appeals."""

    appeals: tuple[OwnAppeal, ...]
    limit: int
    next: str | None
    prev: str | None


@router.post(ADDRESS, summary="Record an appeal", status_code=CREATED, response_model=Made, responses=REFUSALS)
def lodge(registry: TheRegistry, actor: Client, wanted: Annotated[NewAppeal, FromBody()], once: OnceOnly) -> Response:
    """Record that the holder, or an applicant who was refused, appeals against a decision."""
    case = appeal.lodge_appeal(registry, actor, **dict(wanted), request=done_once(once))
    return made(registry, f"{ADDRESS}/{case}", Made(case))


@router.get(ADDRESS, summary="Appeals", response_model=AppealList)
def list_all(
    request: Request, registry: TheRegistry, actor: Client, asked: Annotated[PageAsked, Depends(page_asked)]
) -> Response:
    """List the appeals against decisions of one's own body."""
    return own_page(request, registry, actor, APPEAL, "appeals", asked)


@router.get(
    f"{ADDRESS}/{{case}}",
    summary="One appeal",
    response_model=OwnAppeal,
    responses={404: {"description": "The body has no such appeal."}},
)
def read(registry: TheRegistry, actor: Client, case: UUID) -> Response:
    """Show an appeal, the days by which it is due, its panel and its outcome."""
    return own_record(registry, actor, APPEAL, case)


@router.post(
    f"{ADDRESS}/{{case}}/acknowledgement",
    summary="Acknowledge an appeal",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def acknowledge(
    registry: TheRegistry, actor: Client, case: UUID, wanted: Annotated[Acknowledgement, FromBody()]
) -> Response:
    """Record that the appellant knows of the receipt."""
    appeal.acknowledge_appeal(registry, actor, case, person=wanted.person, done_on=wanted.done_on)
    return recorded()


@router.post(
    f"{ADDRESS}/{{case}}/panel",
    summary="Name somebody who handles an appeal",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def join(registry: TheRegistry, actor: Client, case: UUID, wanted: Annotated[PanelMember, FromBody()]) -> Response:
    """Add a member to the panel; whoever audited or decided is refused."""
    appeal.join_panel(registry, actor, case, wanted.person)
    return recorded()


@router.post(f"{ADDRESS}/{{case}}/outcome", summary="Decide an appeal", status_code=NOTHING_TO_SAY, responses=REFUSALS)
def decide(registry: TheRegistry, actor: Client, case: UUID, wanted: Annotated[NewOutcome, FromBody()]) -> Response:
    """Record what the panel found; what overturns the event is then decided by its members."""
    appeal.decide_appeal(
        registry, actor, case, outcome=wanted.outcome, reasons=wanted.reasons, decided_on=wanted.decided_on
    )
    return recorded()


@router.post(
    f"{ADDRESS}/{{case}}/publicity",
    summary="Agree whether an appeal may be known",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def agree(registry: TheRegistry, actor: Client, case: UUID, wanted: Annotated[Agreement, FromBody()]) -> Response:
    """Record the appellant's newest word."""
    appeal.agree_to_be_known(registry, actor, case, agreed=wanted.agreed, agreed_on=wanted.agreed_on)
    return recorded()
