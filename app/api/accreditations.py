"""Accreditation bodies over HTTP: statements and key bindings, drafted and confirmed by an officer's own evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, RootModel
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
    shown_draft,
)
from app.api.fields import Day, Instant
from app.api.idempotency import OnceOnly
from app.api.own import done_once
from app.api.shown import JSON
from app.registry.accreditation import AccreditedScope, Change, Sanction, confirm_statement, draft_change, draft_grant
from app.registry.drafts import Draft
from app.registry.key_binding import confirm_binding, draft_binding
from app.registry.oversight import Preview, preview
from app.registry.registry import Registry
from app.registry.requests import Request as DoneOnce
from app.registry.verification import as_bytes

STATEMENTS = "/v1/accreditations/statements"
BINDINGS = "/v1/key-bindings"

router = APIRouter(tags=["Accreditation"], route_class=StrictRoute)

Code = Annotated[str, Field(min_length=1, max_length=100)]
Codes = Annotated[tuple[Code, ...], Field(min_length=1, max_length=500)]
Officer = Annotated[Actor, requires(Scope.ACCREDITATIONS)]


class ScopeWanted(Presented):
    """For what a body is accredited: editions, technical areas, countries."""

    documents: Codes
    areas: Codes
    countries: Codes


class Grant(Presented):
    """A certification body is accredited for a scope until a last valid day."""

    act: Literal["grant"]
    body: UUID
    scheme: Code
    number: Annotated[str, Field(min_length=1, max_length=60)]
    scope: ScopeWanted
    effective_on: Day
    valid_to: Day
    officer: UUID


class SuspendedWhole(Presented):
    """The whole accreditation."""

    whole: Literal[True]


class SuspendedPart(Presented):
    """Whatever touches one of these areas or countries."""

    areas: tuple[Code, ...] = ()
    countries: tuple[Code, ...] = ()


class Suspension(Presented):
    """An accreditation is suspended, wholly or in part; some acts may stay permitted."""

    act: Literal["suspend"]
    accreditation: UUID
    suspended: SuspendedWhole | SuspendedPart
    permitted_acts: tuple[Code, ...] = ()
    symbol_allowed: bool = False
    effective_on: Day
    officer: UUID


class OtherScope(Presented):
    """An accreditation is extended or reduced to this full scope."""

    act: Literal["extend", "reduce"]
    accreditation: UUID
    scope: ScopeWanted
    effective_on: Day
    officer: UUID


class Renewal(Presented):
    """An accreditation runs on until a later last valid day."""

    act: Literal["renew"]
    accreditation: UUID
    effective_on: Day
    valid_to: Day
    officer: UUID


class PlainChange(Presented):
    """A suspension ends; or the accreditation does: withdrawn, given up by the body, or the body itself ceased."""

    act: Literal["restore", "withdraw", "relinquish", "cease"]
    accreditation: UUID
    effective_on: Day
    officer: UUID


AnyChange = Suspension | OtherScope | Renewal | PlainChange


class PreviewedSuspension(Presented):
    """A suspension about to be drafted."""

    act: Literal["suspend"]
    suspended: SuspendedWhole | SuspendedPart
    permitted_acts: tuple[Code, ...] = ()
    symbol_allowed: bool = False
    effective_on: Day


class PreviewedScope(Presented):
    """An extension or a reduction about to be drafted."""

    act: Literal["extend", "reduce"]
    scope: ScopeWanted
    effective_on: Day


class PreviewedRenewal(Presented):
    """A renewal about to be drafted."""

    act: Literal["renew"]
    effective_on: Day
    valid_to: Day


class PreviewedChange(Presented):
    """A restoration or an end about to be drafted."""

    act: Literal["restore", "withdraw", "relinquish", "cease"]
    effective_on: Day


AnyPreviewed = PreviewedSuspension | PreviewedScope | PreviewedRenewal | PreviewedChange


class PreviewWanted(RootModel[Annotated[AnyPreviewed, Field(discriminator="act")]]):
    """A change as its draft would name it, without accreditation and officer."""


class StatementWanted(RootModel[Annotated[Grant | AnyChange, Field(discriminator="act")]]):
    """A grant, or a change of an accreditation; what the act does not name stays as last stated."""


class BindingWanted(Presented):
    """A registered key of the accredited body may certify, from an instant to another, in whole seconds."""

    accreditation: UUID
    key: Annotated[str, Field(description="The thumbprint of a key that the body registered.", max_length=43)]
    valid_from: Instant
    valid_to: Instant
    officer: UUID


@dataclass(frozen=True)
class DraftedStatement(ShownDraft):
    """A drafted statement, and what it would do if it were confirmed now; `preview` is null for a grant."""

    preview: Preview | None


@router.post(
    STATEMENTS,
    summary="Draft an accreditation statement",
    status_code=CREATED,
    response_model=DraftedStatement,
    responses={
        404: {"description": "There is no such body, scheme or accreditation of one's own."},
        409: {"description": "The number is taken."},
        422: {"description": "No such change leads on from the accreditation's status."},
    },
)
def draft_statement(
    registry: TheRegistry, actor: Officer, wanted: Annotated[StatementWanted, FromBody()], once: OnceOnly
) -> Response:
    """Fix the full resulting state and its digest, and say what it would do to certificates; nothing is stated yet."""
    drafted = shown_draft(registry, actor, _draft(registry, actor, wanted.root, done_once(once)))
    open_change = None if isinstance(wanted.root, Grant) or not drafted.awaited else wanted.root
    would = _preview(registry, actor, open_change) if open_change else None
    location = {"Location": f"{registry.base_url}{STATEMENTS}/{drafted.id}"}
    return Response(as_bytes(DraftedStatement(**vars(drafted), preview=would)), CREATED, location, JSON)


@router.get(
    f"{STATEMENTS}/{{statement}}",
    summary="A drafted or confirmed statement",
    response_model=ShownDraft,
    responses={404: {"description": "The body has no such statement."}},
)
def read_statement(registry: TheRegistry, actor: Officer, statement: UUID) -> Response:
    """Show the document, who confirmed it, and the signed statement once it stands."""
    return show_draft(
        registry, actor, known_draft(registry, actor, statement, "accreditation_statement"), STATEMENTS, OK
    )


@router.post(
    f"{STATEMENTS}/{{statement}}/confirmation",
    summary="Hand in the officer's evidence for a statement",
    response_model=ShownDraft,
    responses=CONFIRMATION_ANSWERS,
)
def confirm_drafted_statement(
    registry: TheRegistry, actor: Officer, statement: UUID, confirmation: Annotated[Confirmation, FromBody()]
) -> Response:
    """Sign and record the statement. Safe to repeat."""
    confirm_statement(registry, actor, statement, confirmation.presented())
    return after_confirmation(registry, actor, statement, STATEMENTS)


@router.post(
    BINDINGS,
    summary="Draft a key binding",
    status_code=CREATED,
    response_model=ShownDraft,
    responses={
        404: {"description": "There is no such accreditation of one's own, or no such key."},
        422: {"description": "The binding breaks a rule."},
    },
)
def draft_key_binding(
    registry: TheRegistry, actor: Officer, wanted: Annotated[BindingWanted, FromBody()], once: OnceOnly
) -> Response:
    """Fix what the key may sign, and how long; nothing is bound yet."""
    drafted = draft_binding(
        registry,
        actor,
        accreditation=wanted.accreditation,
        thumbprint=wanted.key,
        valid_from=wanted.valid_from,
        valid_to=wanted.valid_to,
        officer=wanted.officer,
        request=done_once(once),
    )
    return show_draft(registry, actor, drafted, BINDINGS, CREATED)


@router.get(
    f"{BINDINGS}/{{binding}}",
    summary="A drafted or confirmed key binding",
    response_model=ShownDraft,
    responses={404: {"description": "The body has no such binding."}},
)
def read_binding(registry: TheRegistry, actor: Officer, binding: UUID) -> Response:
    """Show the document, who confirmed it, and the signed binding once it stands."""
    return show_draft(registry, actor, known_draft(registry, actor, binding, "key_binding"), BINDINGS, OK)


@router.post(
    f"{BINDINGS}/{{binding}}/confirmation",
    summary="Hand in the officer's evidence for a key binding",
    response_model=ShownDraft,
    responses=CONFIRMATION_ANSWERS,
)
def confirm_drafted_binding(
    registry: TheRegistry, actor: Officer, binding: UUID, confirmation: Annotated[Confirmation, FromBody()]
) -> Response:
    """Sign and record the binding: from here on the key may sign. Safe to repeat."""
    confirm_binding(registry, actor, binding, confirmation.presented())
    return after_confirmation(registry, actor, binding, BINDINGS)


@router.post(
    "/v1/accreditations/{accreditation}/preview",
    summary="What a statement would do to certificates",
    response_model=Preview,
    responses={
        404: {"description": "There is no such accreditation of one's own."},
        422: {"description": "No such change leads on from the accreditation's status."},
    },
)
def preview_statement(
    registry: TheRegistry, actor: Officer, accreditation: UUID, wanted: Annotated[PreviewWanted, FromBody()]
) -> Response:
    """Name the certificates that it would impair, the decisions that it would leave outside, the acts that would stop.

    Nothing is drafted, and no statement ever changes a certificate. Of the clients nothing is told.
    """
    would = preview(registry, actor, accreditation, _change(wanted.root))
    return Response(as_bytes(would), media_type=JSON)


def _preview(registry: Registry, actor: Actor, wanted: AnyChange) -> Preview:
    return preview(registry, actor, wanted.accreditation, _change(wanted))


def _draft(registry: Registry, actor: Actor, wanted: Grant | AnyChange, request: DoneOnce) -> Draft:
    if isinstance(wanted, Grant):
        return draft_grant(
            registry,
            actor,
            accredited=wanted.body,
            scheme=wanted.scheme,
            number=wanted.number,
            scope=scope_of(wanted.scope),
            effective_on=wanted.effective_on,
            valid_to=wanted.valid_to,
            officer=wanted.officer,
            request=request,
        )
    return draft_change(
        registry,
        actor,
        accreditation=wanted.accreditation,
        change=_change(wanted),
        officer=wanted.officer,
        request=request,
    )


def _change(wanted: AnyChange | AnyPreviewed) -> Change:
    return Change(
        wanted.act,
        wanted.effective_on,
        scope=scope_of(wanted.scope) if isinstance(wanted, OtherScope | PreviewedScope) else None,
        sanction=_sanction(wanted) if isinstance(wanted, Suspension | PreviewedSuspension) else None,
        valid_to=wanted.valid_to if isinstance(wanted, Renewal | PreviewedRenewal) else None,
    )


def scope_of(wanted: ScopeWanted) -> AccreditedScope:
    """The scope as the acts take it."""
    return AccreditedScope(wanted.documents, wanted.areas, wanted.countries)


def _sanction(wanted: Suspension | PreviewedSuspension) -> Sanction:
    part = wanted.suspended if isinstance(wanted.suspended, SuspendedPart) else SuspendedPart()
    return Sanction(
        whole=part is not wanted.suspended,
        areas=part.areas,
        countries=part.countries,
        permitted_acts=wanted.permitted_acts,
        symbol_allowed=wanted.symbol_allowed,
    )
