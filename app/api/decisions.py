"""Decisions over HTTP: drafted, shown, confirmed (ISO/IEC 17021-1 9.5). A draft fixes what a certificate will say."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from app.access.actor import Actor
from app.access.permissions import Scope
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
from app.api.own import done_once
from app.conformity.identifiers import parse_public_id
from app.credentials.facts import Report
from app.registry.decision import Ballot, Proposal, confirm_decision, draft_decision
from app.registry.gathered_facts import History, Wanted

ADDRESS = "/v1/decisions"

router = APIRouter(tags=["Decisions"], route_class=StrictRoute)

Code = Annotated[str, Field(min_length=1, max_length=64)]
Wording = Annotated[str, Field(min_length=1, max_length=8192)]

Words = Annotated[str, Field(min_length=1, max_length=300)]


class Text(Presented):
    """A text in one language."""

    text: Wording
    language: Code


class SiteWanted(Presented):
    """A site that the certificate covers; `statement` is its own wording where it differs from the whole."""

    id: UUID
    statement: Text | None = None


class SoaWanted(Presented):
    """Version and date of the organisation's Statement of Applicability."""

    version: Code
    date: Day


class CertificateWanted(Presented):
    """What the body decides that the certificate says; everything else comes from the records."""

    document: Annotated[str, Field(min_length=1, max_length=100, examples=["ISO/IEC 42001:2023"])]
    statement: Text
    translations: tuple[Text, ...] = ()
    roles: tuple[Code, ...]
    areas: tuple[Code, ...]
    sites: tuple[SiteWanted, ...]
    criteria: tuple[Code, ...] = ()
    soa: SoaWanted | None = None
    last_valid_day: Day | None = None


class Reason(Presented):
    """Why: a code of the scheme's list, and words that only consent or a legal duty opens."""

    code: Code
    text: Annotated[str, Field(min_length=1, max_length=4000)]


class Vote(Presented):
    """How one member of the committee voted."""

    member: UUID
    vote: Literal["for", "against", "abstained"]


class BallotWanted(Presented):
    """A committee's vote: those who voted are its deciders, whoever audited abstains."""

    committee: UUID
    votes: Annotated[tuple[Vote, ...], Field(min_length=1, max_length=50)]


class ReportWanted(Presented):
    """Where the rows come from, as of which day, how often they are reported anew, and what the body checked."""

    source: Words
    as_of: Day
    refresh_days: Annotated[int, Field(ge=1, le=366)]
    checked: Words | None = None

    def report(self) -> Report:
        """The same in the vocabulary of certificates."""
        return Report(self.source, self.as_of, self.refresh_days, self.checked)


class DecisionWanted(Presented):
    """What is to be decided; `effective_on` absent means the day of the decision."""

    certification: Annotated[str, Field(max_length=200, description="The certification's public ID.")]
    act: Code
    decided_on: Day
    deciders: Annotated[tuple[UUID, ...], Field(max_length=20)] = ()
    ballot: BallotWanted | None = None
    effective_on: Day | None = None
    until: Day | None = None
    relied_on: tuple[UUID, ...] = ()
    accreditations: tuple[UUID, ...] = ()
    certificate: CertificateWanted | None = None
    reason: Reason | None = None
    annuls: Annotated[int, Field(ge=1, le=100_000)] | None = None
    ratifies: Annotated[int, Field(ge=1, le=100_000)] | None = None
    late_reason: Annotated[str, Field(min_length=1, max_length=1000)] | None = None
    report: Annotated[ReportWanted | None, Field(description="History from elsewhere, reported anew.")] = None

    def proposal(self) -> Proposal:
        """The same in the vocabulary of the acts."""
        return Proposal(
            certification=parse_public_id(self.certification),
            act=self.act,
            decided_on=self.decided_on,
            deciders=tuple(dict.fromkeys(self.deciders)),
            ballot=_ballot(self.ballot) if self.ballot else None,
            effective_on=self.effective_on,
            until=self.until,
            relied_on=tuple(dict.fromkeys(self.relied_on)),
            accreditations=tuple(dict.fromkeys(self.accreditations)),
            certificate=wanted_of(self.certificate) if self.certificate else None,
            reason=(self.reason.code, self.reason.text) if self.reason else None,
            annuls=self.annuls,
            ratifies=self.ratifies,
            late_reason=self.late_reason,
            history=History(self.report.report()) if self.report else None,
        )


@router.post(
    ADDRESS,
    summary="Draft a decision",
    status_code=CREATED,
    response_model=ShownDraft,
    responses={
        404: {"description": "The body has no such certification."},
        422: {"description": "What is to be decided breaks a rule."},
    },
)
def draft(
    registry: TheRegistry,
    actor: Annotated[Actor, requires(Scope.CERTIFICATES_PREPARE)],
    wanted: Annotated[DecisionWanted, FromBody()],
    once: OnceOnly,
) -> Response:
    """Fix the document and its digest, and tell every rule that it breaks today; nobody has decided yet."""
    drafted = draft_decision(registry, actor, wanted.proposal(), request=done_once(once))
    return show_draft(registry, actor, drafted, ADDRESS, CREATED)


@router.get(
    f"{ADDRESS}/{{decision}}",
    summary="A drafted or confirmed decision",
    response_model=ShownDraft,
    responses={404: {"description": "The body has no such decision."}},
)
def read(registry: TheRegistry, actor: Annotated[Actor, requires(Scope.CERTIFICATES_READ)], decision: UUID) -> Response:
    """Show the document, whose evidence is awaited, what it still breaks today, and what was signed on it."""
    return show_draft(registry, actor, known_draft(registry, actor, decision, "decision"), ADDRESS, OK)


@router.post(
    f"{ADDRESS}/{{decision}}/confirmation",
    summary="Hand in a decider's evidence",
    response_model=ShownDraft,
    responses=CONFIRMATION_ANSWERS,
)
def confirm(
    registry: TheRegistry,
    actor: Annotated[Actor, requires(Scope.CERTIFICATES_PREPARE)],
    decision: UUID,
    confirmation: Annotated[Confirmation, FromBody()],
) -> Response:
    """Record the evidence; with the last decider's, the decision stands signed. Safe to repeat."""
    confirm_decision(registry, actor, decision, confirmation.presented())
    return after_confirmation(registry, actor, decision, ADDRESS)


def _ballot(presented: BallotWanted) -> Ballot:
    return Ballot(presented.committee, {one.member: one.vote for one in presented.votes})


def wanted_of(presented: CertificateWanted) -> Wanted:
    """What is wanted, in the vocabulary of the acts."""
    soa = presented.soa
    return Wanted(
        designation=presented.document,
        statement=presented.statement.text,
        language=presented.statement.language,
        roles=presented.roles,
        areas=presented.areas,
        site_ids=tuple(dict.fromkeys(site.id for site in presented.sites)),
        soa_version=soa.version if soa else None,
        soa_date=soa.date if soa else None,
        translations=tuple((one.language, one.text) for one in presented.translations),
        site_statements={
            site.id: (site.statement.language, site.statement.text) for site in presented.sites if site.statement
        },
        last_valid_day=presented.last_valid_day,
        criteria=presented.criteria,
    )
