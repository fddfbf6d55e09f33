"""Complaints over HTTP: from anyone, and how the body handles them (ISO/IEC 17021-1 8.3, 9.8).

Anyone may complain at the address of a body, without an account: the text is kept as text, the answer is a reference,
and nothing can be read back there. The limit counts by body, so that one body's flood is not another's; a body that is
flooded still records what reaches it on paper.
"""

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
from app.api.dependencies import TheDoor, TheRegistry, requires
from app.api.fields import Day
from app.api.idempotency import OnceOnly
from app.api.limits import COMPLAINTS
from app.api.middleware import bind
from app.api.own import CREATED, NOTHING_TO_SAY, REFUSALS, done_once, made, own_page, own_record, recorded
from app.api.pagination import PageAsked, page_asked
from app.api.shown import JSON
from app.conformity.identifiers import parse_public_id
from app.registry import complaint
from app.registry.own_cases import COMPLAINT, OwnComplaint
from app.registry.verification import as_bytes

ADDRESS = "/v1/complaints"

router = APIRouter(tags=["Cases"], route_class=StrictRoute)

Client = Annotated[Actor, requires(Scope.CASES)]


class PresentedComplaint(Presented):
    """What somebody complains about; `misuse` is of a certificate or a mark."""

    kind: complaint.ComplaintKind = "complaint"
    subject: Annotated[str, Field(min_length=1, max_length=4000)]
    certification: Annotated[
        str | None, Field(max_length=200, description="The ID on the certificate that it is about.")
    ] = None
    contact: Annotated[
        str | None, Field(min_length=1, max_length=1000, description="How the body reaches whoever complains.")
    ] = None

    def vocabulary(self) -> complaint.Complaint:
        """The same in the vocabulary of the acts."""
        named = None if self.certification is None else parse_public_id(self.certification)
        return complaint.Complaint(self.kind, self.subject, named, self.contact)


class NewComplaint(PresentedComplaint):
    """A complaint that reached the body, from whom and when."""

    origin: complaint.Origin
    received_on: Day


class NewStep(Presented):
    """How the complaint was handled, by whom and when."""

    step: complaint.Step
    person: UUID
    done_on: Day
    account: Annotated[str, Field(min_length=1, max_length=8192)]


class Involved(Presented):
    """A person of the body whom the complaint is about."""

    person: UUID


class NewComplaintDecision(Presented):
    """What somebody who is not involved found."""

    outcome: complaint.Outcome
    person: UUID
    decided_on: Day
    reasons: Annotated[str, Field(min_length=1, max_length=8192)]


class Publicity(Presented):
    """What one side agrees to make public."""

    side: complaint.Side
    extent: complaint.Extent
    agreed_on: Day


@dataclass(frozen=True)
class Received:
    """The reference under which the body has the complaint."""

    reference: str


@dataclass(frozen=True)
class RecordedComplaint:
    """The id of a complaint, and the reference for whoever complained."""

    id: UUID
    reference: str


@dataclass(frozen=True)
class ComplaintList:
    """A page of complaints."""

    complaints: tuple[OwnComplaint, ...]
    limit: int
    next: str | None
    prev: str | None


@router.post(
    "/v1/bodies/{body}/complaints",
    summary="Complain to a certification body",
    status_code=CREATED,
    response_model=Received,
    responses={
        404: {"description": "There is no such certification body, or it has no such certification."},
        429: {"description": "Too many complaints about this body at once; its own address is on its page."},
    },
)
def complain(
    request: Request,
    registry: TheRegistry,
    door: TheDoor,
    body: UUID,
    presented: Annotated[PresentedComplaint, FromBody()],
) -> Response:
    """Hand a complaint, or a report of misuse, to the body; keep the reference. No account is needed."""
    bind(request.scope, headers=door.limiter.take(COMPLAINTS, body))
    received = complaint.receive_from_anyone(registry, body, presented.vocabulary())
    return Response(as_bytes(Received(received.reference)), CREATED, media_type=JSON)


@router.post(
    ADDRESS,
    summary="Record a complaint",
    status_code=CREATED,
    response_model=RecordedComplaint,
    responses=REFUSALS,
)
def receive(
    registry: TheRegistry, actor: Client, wanted: Annotated[NewComplaint, FromBody()], once: OnceOnly
) -> Response:
    """Record a complaint that reached the body in any other way."""
    done = complaint.receive_complaint(
        registry,
        actor,
        wanted.vocabulary(),
        origin=wanted.origin,
        received_on=wanted.received_on,
        request=done_once(once),
    )
    return made(registry, f"{ADDRESS}/{done.id}", RecordedComplaint(done.id, done.reference))


@router.get(ADDRESS, summary="Complaints", response_model=ComplaintList)
def list_all(
    request: Request, registry: TheRegistry, actor: Client, asked: Annotated[PageAsked, Depends(page_asked)]
) -> Response:
    """List the complaints that one's own body received, from anyone."""
    return own_page(request, registry, actor, COMPLAINT, "complaints", asked)


@router.get(
    f"{ADDRESS}/{{case}}",
    summary="One complaint",
    response_model=OwnComplaint,
    responses={404: {"description": "The body has no such complaint."}},
)
def read(registry: TheRegistry, actor: Client, case: UUID) -> Response:
    """Show a complaint, the days by which it is due, and how it was handled."""
    return own_record(registry, actor, COMPLAINT, case)


@router.post(
    f"{ADDRESS}/{{case}}/involved",
    summary="Name somebody whom a complaint is about",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def involve(registry: TheRegistry, actor: Client, case: UUID, wanted: Annotated[Involved, FromBody()]) -> Response:
    """Name a person of the body whom the complaint is about; that person handles none of it."""
    complaint.name_involved(registry, actor, case, wanted.person)
    return recorded()


@router.post(f"{ADDRESS}/{{case}}/steps", summary="Handle a complaint", status_code=NOTHING_TO_SAY, responses=REFUSALS)
def handle(registry: TheRegistry, actor: Client, case: UUID, wanted: Annotated[NewStep, FromBody()]) -> Response:
    """Record that the complaint was acknowledged, or investigated by somebody who is not involved."""
    complaint.record_step(registry, actor, case, **dict(wanted))
    return recorded()


@router.post(
    f"{ADDRESS}/{{case}}/decision", summary="Decide a complaint", status_code=NOTHING_TO_SAY, responses=REFUSALS
)
def decide(
    registry: TheRegistry, actor: Client, case: UUID, wanted: Annotated[NewComplaintDecision, FromBody()]
) -> Response:
    """Record what somebody found who is not involved in the complaint's subject."""
    complaint.decide_complaint(registry, actor, case, **dict(wanted))
    return recorded()


@router.post(
    f"{ADDRESS}/{{case}}/publicity",
    summary="Agree what of a complaint becomes public",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def agree(registry: TheRegistry, actor: Client, case: UUID, wanted: Annotated[Publicity, FromBody()]) -> Response:
    """Record one side's newest word; the least of the three sides' counts."""
    complaint.agree_publicity(registry, actor, case, **dict(wanted))
    return recorded()


@router.delete(
    f"{ADDRESS}/{{case}}/contact",
    summary="Erase who complained",
    status_code=NOTHING_TO_SAY,
    responses={404: {"description": "The body has no such complaint."}},
)
def forget(registry: TheRegistry, actor: Client, case: UUID) -> Response:
    """Erase the contact; the complaint and how it was handled stay."""
    complaint.erase_contact(registry, actor, case)
    return recorded()
