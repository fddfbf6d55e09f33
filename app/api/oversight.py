"""Around an accreditation over HTTP: applying for it, letters about named certificates, what earlier dates left out.

And what arrangements publish about accreditation bodies, with the objection of these. What two bodies share is read by
the two alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.permissions import Scope
from app.api.accreditations import Code, Officer, ScopeWanted, scope_of
from app.api.bodies import FromBody, Presented, StrictRoute
from app.api.dependencies import TheRegistry, requires
from app.api.drafts import (
    CONFIRMATION_ANSWERS,
    CREATED,
    OK,
    Confirmation,
    ShownDraft,
    after_confirmation,
    known_draft,
    show_draft,
)
from app.api.fields import Day
from app.api.idempotency import OnceOnly
from app.api.own import NOTHING_TO_SAY, REFUSALS, Made, done_once, made, recorded
from app.api.shown import JSON, fresh
from app.registry import bodies, recognition
from app.registry.accreditation_application import (
    AccreditationApplication,
    Outcome,
    applications_of,
    apply_for_accreditation,
    read_application,
    review_application,
)
from app.registry.letters import KIND, Purpose, confirm_letter, draft_letter
from app.registry.oversight import FlaggedDecision, flagged_decisions
from app.registry.verification import as_bytes, moment_of

APPLICATIONS = "/v1/accreditation-applications"
LETTERS = "/v1/accreditation-letters"

router = APIRouter(tags=["Accreditation"], route_class=StrictRoute)

Applicant = Annotated[Actor, requires(Scope.APPLICATIONS)]
EitherBody = Annotated[Actor, requires()]
"""Of the certification body or the accreditation body; the act asks for the scope of its kind."""
Reason = Annotated[str, Field(min_length=1, max_length=4000)]


class NewAccreditationApplication(Presented):
    """For what a certification body wants to be accredited, and where."""

    accreditation_body: UUID
    scheme: Code
    scope: ScopeWanted
    applied_on: Day


class NewAccreditationReview(Presented):
    """How the accreditation body's review ended; declined needs a reason."""

    officer: UUID
    outcome: Outcome
    reviewed_on: Day
    reason: Reason | None = None


class LetterWanted(Presented):
    """Certificates of the accredited body, and what is stated of them from a date on."""

    accreditation: UUID
    purpose: Purpose
    certificates: Annotated[tuple[Annotated[str, Field(max_length=64)], ...], Field(min_length=1, max_length=1000)]
    effective_on: Day
    officer: UUID


class Objection(Presented):
    """Why what was copied is wrong."""

    reason: Reason


@dataclass(frozen=True)
class AccreditationApplications:
    """The applications that one's body made or received, newest first."""

    applications: tuple[AccreditationApplication, ...]


@dataclass(frozen=True)
class FlaggedDecisions:
    """The decisions that statements with earlier dates have left outside an accreditation, in order of recording."""

    accreditation: UUID
    decisions: tuple[FlaggedDecision, ...]
    count: int


@dataclass(frozen=True)
class Arrangements:
    """The recognition arrangements there are and were."""

    arrangements: tuple[bodies.ShownArrangement, ...]


@router.post(
    APPLICATIONS,
    summary="Apply for accreditation",
    status_code=CREATED,
    response_model=Made,
    responses=REFUSALS,
)
def apply(
    registry: TheRegistry, actor: Applicant, wanted: Annotated[NewAccreditationApplication, FromBody()], once: OnceOnly
) -> Response:
    """Record what is applied for; the accreditation body reads it, and nobody else does."""
    applied = apply_for_accreditation(
        registry,
        actor,
        accreditation_body=wanted.accreditation_body,
        scheme=wanted.scheme,
        scope=scope_of(wanted.scope),
        applied_on=wanted.applied_on,
        request=done_once(once),
    )
    return made(registry, f"{APPLICATIONS}/{applied}", Made(applied))


@router.get(APPLICATIONS, summary="Applications for accreditation", response_model=AccreditationApplications)
def list_applications(registry: TheRegistry, actor: EitherBody) -> Response:
    """List what one's own body applied for, or what was applied for at it."""
    return Response(as_bytes(AccreditationApplications(applications_of(registry, actor))), media_type=JSON)


@router.get(
    f"{APPLICATIONS}/{{application}}",
    summary="One application for accreditation",
    response_model=AccreditationApplication,
    responses={404: {"description": "There is no such application of one's own body, or at it."}},
)
def one_application(registry: TheRegistry, actor: EitherBody, application: UUID) -> Response:
    """Show an application with its review."""
    return Response(as_bytes(read_application(registry, actor, application)), media_type=JSON)


@router.post(
    f"{APPLICATIONS}/{{application}}/review",
    summary="Accept or decline an application for accreditation",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def review(
    registry: TheRegistry, actor: Officer, application: UUID, wanted: Annotated[NewAccreditationReview, FromBody()]
) -> Response:
    """Record that the application was accepted, or declined with a reason; once. Only a statement accredits."""
    review_application(
        registry,
        actor,
        application=application,
        officer=wanted.officer,
        outcome=wanted.outcome,
        reviewed_on=wanted.reviewed_on,
        reason=wanted.reason,
    )
    return recorded()


@router.post(
    LETTERS,
    summary="Draft a letter about named certificates",
    status_code=CREATED,
    response_model=ShownDraft,
    responses={
        404: {"description": "There is no such accreditation of one's own, or no such certificate of its body."},
        422: {"description": "The accreditation does not cover a certificate on that date."},
    },
)
def draft_accreditation_letter(
    registry: TheRegistry, actor: Officer, wanted: Annotated[LetterWanted, FromBody()], once: OnceOnly
) -> Response:
    """Bring certificates under the accreditation from a date on, or accept that they are issued without one.

    Neither rewrites what was accredited at a decision: verification tells both.
    """
    drafted = draft_letter(
        registry,
        actor,
        accreditation=wanted.accreditation,
        purpose=wanted.purpose,
        certificates=wanted.certificates,
        effective_on=wanted.effective_on,
        officer=wanted.officer,
        request=done_once(once),
    )
    return show_draft(registry, actor, drafted, LETTERS, CREATED)


@router.get(
    f"{LETTERS}/{{letter}}",
    summary="A drafted or confirmed letter",
    response_model=ShownDraft,
    responses={404: {"description": "The body has no such letter."}},
)
def read_letter(registry: TheRegistry, actor: Officer, letter: UUID) -> Response:
    """Show the document, who confirmed it, and the signed letter once it stands."""
    return show_draft(registry, actor, known_draft(registry, actor, letter, KIND), LETTERS, OK)


@router.post(
    f"{LETTERS}/{{letter}}/confirmation",
    summary="Hand in the officer's evidence for a letter",
    response_model=ShownDraft,
    responses=CONFIRMATION_ANSWERS,
)
def confirm_drafted_letter(
    registry: TheRegistry, actor: Officer, letter: UUID, confirmation: Annotated[Confirmation, FromBody()]
) -> Response:
    """Sign and record the letter. Safe to repeat."""
    confirm_letter(registry, actor, letter, confirmation.presented())
    return after_confirmation(registry, actor, letter, LETTERS)


@router.get(
    "/v1/accreditations/{accreditation}/flagged-decisions",
    summary="Decisions that an earlier date has left outside",
    response_model=FlaggedDecisions,
    responses={404: {"description": "There is no such accreditation of one's own."}},
)
def list_flagged_decisions(registry: TheRegistry, actor: EitherBody, accreditation: UUID) -> Response:
    """List them for the accreditation body and the accredited body alone; nothing is annulled by it."""
    found = flagged_decisions(registry, actor, accreditation)
    return Response(as_bytes(FlaggedDecisions(accreditation, found, len(found))), media_type=JSON)


@router.get("/v1/recognition-arrangements", summary="Recognition arrangements", response_model=Arrangements)
def list_arrangements(request: Request, registry: TheRegistry) -> Response:
    """List the arrangements under which accreditation bodies recognise each other, with their days."""
    content = as_bytes(Arrangements(bodies.arrangements(registry)))
    return fresh(request, content, JSON, moment=moment_of(registry))


@router.post(
    "/v1/recognitions/{recognition_id}/objection",
    summary="Object to what was copied about oneself",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def object_to_recognition(
    registry: TheRegistry, actor: Officer, recognition_id: UUID, wanted: Annotated[Objection, FromBody()]
) -> Response:
    """Record the accreditation body's objection; it is shown beside the record at once."""
    recognition.object_to(registry, actor, recognition_id, reason=wanted.reason)
    return recorded()
