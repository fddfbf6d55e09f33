"""Transfers over HTTP: notice, answer, review, evidence; each party takes its own steps (IAF MD 2).

The decisions to take over, to close and to take back are decisions like all others (`/v1/decisions`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import Field, RootModel, model_validator
from pydantic_core import PydanticCustomError
from starlette.requests import Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.permissions import Scope
from app.api.bodies import FromBody, Presented, StrictRoute
from app.api.dependencies import TheRegistry, requires
from app.api.drafts import (
    CONFIRMATION_ANSWERS,
    OK,
    Confirmation,
    ShownDraft,
    after_confirmation,
    known_draft,
    show_draft,
)
from app.api.fields import Day
from app.api.idempotency import OnceOnly
from app.api.own import CREATED, NOTHING_TO_SAY, REFUSALS, Made, done_once, made, own_page, own_record, recorded
from app.api.pagination import PageAsked, page_asked
from app.conformity.identifiers import parse_public_id
from app.credentials.encoding import b64u_decode
from app.registry import transfer, transfer_evidence
from app.registry.own_records import TRANSFER, OwnTransfer

ADDRESS = "/v1/transfers"
EVIDENCE = "/v1/transfer-evidence"

router = APIRouter(tags=["Transfers"], route_class=StrictRoute)

Client = Annotated[Actor, requires(Scope.TRANSFERS)]
Officer = Annotated[Actor, requires(Scope.ACCREDITATIONS)]
Code = Annotated[str, Field(min_length=1, max_length=64)]
Name = Annotated[str, Field(min_length=1, max_length=300)]


class BodyName(Presented):
    """A name of the body outside, in one language."""

    name: Name
    language: Code


class SiteThere(Presented):
    """A site as the certificate from outside names it; the review matches the client's sites with these labels."""

    label: Name
    country: Code


class IdentifierThere(Presented):
    """A registration of the holder that the certificate from outside states."""

    scheme: Code
    value: Code


class Previous(Presented):
    """What the certificate of a body that keeps no records here says, and under which recognition arrangement."""

    body_names: Annotated[tuple[BodyName, ...], Field(min_length=1, max_length=10)]
    country: Code
    number: Annotated[str, Field(min_length=1, max_length=60)]
    document: Annotated[str, Field(min_length=1, max_length=100)]
    areas: Annotated[tuple[Code, ...], Field(min_length=1, max_length=100)]
    roles: Annotated[tuple[Code, ...], Field(max_length=100)] = ()
    sites: Annotated[tuple[SiteThere, ...], Field(min_length=1, max_length=1000)]
    initially_certified_on: Day
    cycle_started_on: Day
    last_valid_day: Day
    arrangement: Code | None = None
    identifiers: Annotated[tuple[IdentifierThere, ...], Field(max_length=10)] = ()

    def vocabulary(self) -> transfer.OutsideCertificate:
        """The same in the vocabulary of the acts."""
        said = dict(self) | {
            "body_names": tuple((one.name, one.language) for one in self.body_names),
            "sites": tuple(transfer.PreviousSite(one.label, one.country) for one in self.sites),
            "identifiers": tuple((one.scheme, one.value) for one in self.identifiers),
        }
        return transfer.OutsideCertificate(**said)


class NewTransfer(Presented):
    """Notice of a client's written request: `certificate` is its ID here, or `previous` what one from outside says."""

    application: UUID
    requested_on: Day
    request_sha256: Annotated[str, Field(min_length=43, max_length=43, description="Of the client's written request.")]
    certificate: Annotated[str, Field(max_length=200)] | None = None
    previous: Previous | None = None

    @model_validator(mode="after")
    def _one_source(self) -> NewTransfer:
        if (self.certificate is None) == (self.previous is None):
            raise PydanticCustomError("one_of_both", "exactly one of certificate and previous")
        return self

    def vocabulary(self) -> transfer.Opening:
        """The same in the vocabulary of the acts."""
        here = parse_public_id(self.certificate) if self.certificate is not None else None
        outside = self.previous.vocabulary() if self.previous is not None else None
        source = here if outside is None else outside
        assert source is not None  # noqa: S101, the model has one of the two
        return transfer.Opening(self.application, self.requested_on, b64u_decode(self.request_sha256), source)


class KnownComplaint(Presented):
    """A complaint about the client that the issuing body knows of."""

    received_on: Day
    summary: Annotated[str, Field(min_length=1, max_length=4000)]
    closed: bool


class Released(Presented):
    """The issuing body gives over, and is ready to close from the planned day on."""

    answer: Literal["released"]
    person: UUID
    done_on: Day
    planned_day: Day
    complaints: Annotated[tuple[KnownComplaint, ...], Field(max_length=200)] = ()

    def vocabulary(self) -> transfer.Release:
        """The same in the vocabulary of the acts."""
        complaints = tuple(transfer.Complaint(**dict(one)) for one in self.complaints)
        return transfer.Release(self.person, self.done_on, self.planned_day, complaints)


class Refused(Presented):
    """The issuing body refuses, on a coded ground."""

    answer: Literal["refused"]
    person: UUID
    done_on: Day
    ground: Code


class Answer(RootModel[Annotated[Released | Refused, Field(discriminator="answer")]]):
    """The issuing body's answer."""


class MatchedSite(Presented):
    """A site of the client, and the site of the old certificate (its id, or its label outside) that it is."""

    site: UUID
    was: Name


class NewReview(Presented):
    """The pre-transfer review."""

    reviewer: UUID
    done_on: Day
    reviewed: Annotated[tuple[Code, ...], Field(max_length=50)]
    conclusion: transfer.Conclusion
    nonconformities_settled: bool
    sites: Annotated[tuple[MatchedSite, ...], Field(max_length=1000)] = ()
    visited_on: Day | None = None
    accreditation_body_told_on: Day | None = None

    def vocabulary(self) -> transfer.Review:
        """The same in the vocabulary of the acts."""
        return transfer.Review(**(dict(self) | {"sites": {one.site: one.was for one in self.sites}}))


class Withdrawal(Presented):
    """The accepting body gives the transfer up, on a coded ground."""

    person: UUID
    done_on: Day
    ground: Code


class EvidenceWanted(Presented):
    """What the accreditation body found; `event_no` is the suspension that it found without ground."""

    transfer: UUID
    accreditation: UUID
    ground: Code
    stated_on: Day
    officer: UUID
    event_no: Annotated[int, Field(ge=1, le=100_000)] | None = None


@dataclass(frozen=True)
class TransferList:
    """A page of transfers."""

    transfers: tuple[OwnTransfer, ...]
    limit: int
    next: str | None
    prev: str | None


@router.post(ADDRESS, summary="Give notice of a transfer", status_code=CREATED, response_model=Made, responses=REFUSALS)
def open_one(
    registry: TheRegistry, actor: Client, wanted: Annotated[NewTransfer, FromBody()], once: OnceOnly
) -> Response:
    """Record the client's request; the issuing body and its accreditation bodies see it from here on."""
    opened = transfer.open_transfer(registry, actor, wanted.vocabulary(), request=done_once(once))
    return made(registry, f"{ADDRESS}/{opened}", Made(opened))


@router.get(ADDRESS, summary="The transfers in which the body takes part", response_model=TransferList)
def list_all(
    request: Request, registry: TheRegistry, actor: Client, asked: Annotated[PageAsked, Depends(page_asked)]
) -> Response:
    """List transfers to the body, from it, and from bodies that it accredits."""
    return own_page(request, registry, actor, TRANSFER, "transfers", asked)


@router.get(
    f"{ADDRESS}/{{transfer_id}}",
    summary="One transfer",
    response_model=OwnTransfer,
    responses={404: {"description": "The body takes part in no such transfer."}},
)
def read(registry: TheRegistry, actor: Client, transfer_id: UUID) -> Response:
    """Show a transfer with every step, who took it, and what was given over."""
    return own_record(registry, actor, TRANSFER, transfer_id)


@router.post(
    f"{ADDRESS}/{{transfer_id}}/answer",
    summary="Answer as the issuing body",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def answer(registry: TheRegistry, actor: Client, transfer_id: UUID, said: Annotated[Answer, FromBody()]) -> Response:
    """Give over what the records hold, or refuse."""
    given = said.root
    if isinstance(given, Released):
        transfer.release(registry, actor, transfer_id, given.vocabulary())
    else:
        refusal = transfer.Refusal(given.person, given.done_on, given.ground)
        transfer.refuse_release(registry, actor, transfer_id, refusal)
    return recorded()


@router.post(
    f"{ADDRESS}/{{transfer_id}}/review",
    summary="Record the pre-transfer review",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def review(registry: TheRegistry, actor: Client, transfer_id: UUID, said: Annotated[NewReview, FromBody()]) -> Response:
    """Record what was looked at, which sites are whose, and the conclusion."""
    transfer.review_transfer(registry, actor, transfer_id, said.vocabulary())
    return recorded()


@router.post(
    f"{ADDRESS}/{{transfer_id}}/withdrawal",
    summary="Give a transfer up",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def withdraw(
    registry: TheRegistry, actor: Client, transfer_id: UUID, said: Annotated[Withdrawal, FromBody()]
) -> Response:
    """Withdraw the transfer; what the issuing body closed for it, that body may take back."""
    transfer.withdraw_transfer(registry, actor, transfer_id, **dict(said))
    return recorded()


@router.post(
    EVIDENCE,
    summary="Draft evidence that a body does not cooperate",
    status_code=CREATED,
    response_model=ShownDraft,
    responses={
        404: {"description": "The accreditation body sees no such transfer, or has no such accreditation."},
        422: {"description": "The ground is not on record."},
    },
)
def draft(
    registry: TheRegistry, actor: Officer, wanted: Annotated[EvidenceWanted, FromBody()], once: OnceOnly
) -> Response:
    """Fix the document and its digest; nothing is stated yet."""
    found = transfer_evidence.Finding(wanted.ground, wanted.stated_on, wanted.accreditation, wanted.event_no)
    drafted = transfer_evidence.draft_evidence(
        registry, actor, wanted.transfer, found, wanted.officer, request=done_once(once)
    )
    return show_draft(registry, actor, drafted, EVIDENCE, CREATED)


@router.get(
    f"{EVIDENCE}/{{evidence}}",
    summary="Drafted or confirmed evidence",
    response_model=ShownDraft,
    responses={404: {"description": "The accreditation body has no such evidence."}},
)
def read_evidence(registry: TheRegistry, actor: Officer, evidence: UUID) -> Response:
    """Show the document, who confirmed it, and the signed evidence once it stands."""
    return show_draft(registry, actor, known_draft(registry, actor, evidence, transfer_evidence.KIND), EVIDENCE, OK)


@router.post(
    f"{EVIDENCE}/{{evidence}}/confirmation",
    summary="Hand in the officer's evidence",
    response_model=ShownDraft,
    responses=CONFIRMATION_ANSWERS,
)
def confirm(
    registry: TheRegistry, actor: Officer, evidence: UUID, confirmation: Annotated[Confirmation, FromBody()]
) -> Response:
    """Sign the evidence and record it in the transfer. Safe to repeat."""
    transfer_evidence.confirm_evidence(registry, actor, evidence, confirmation.presented())
    return after_confirmation(registry, actor, evidence, EVIDENCE)
