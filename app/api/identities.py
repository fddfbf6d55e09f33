"""Bindings by identity over HTTP: the registry says whose key this is, where no accreditation body speaks."""

from __future__ import annotations

from typing import Annotated
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
from app.api.fields import Instant
from app.api.idempotency import OnceOnly
from app.api.own import done_once
from app.registry.identity_binding import KIND, confirm_identity, draft_identity

IDENTITIES = "/v1/identity-bindings"

router = APIRouter(tags=["Identity"], route_class=StrictRoute)

Officer = Annotated[Actor, requires(Scope.IDENTITIES)]


class IdentityWanted(Presented):
    """A registered key is its party's own in a scheme, from an instant to another, in whole seconds."""

    body: UUID
    scheme: Annotated[str, Field(min_length=1, max_length=32)]
    key: Annotated[str, Field(description="The thumbprint of a key that the party registered.", max_length=43)]
    valid_from: Instant
    valid_to: Instant
    officer: UUID


@router.post(
    IDENTITIES,
    summary="Draft a binding by identity",
    status_code=CREATED,
    response_model=ShownDraft,
    responses={
        404: {"description": "There is no such scheme, or no such key of that party."},
        422: {"description": "The binding breaks a rule."},
    },
)
def draft_identity_binding(
    registry: TheRegistry, actor: Officer, wanted: Annotated[IdentityWanted, FromBody()], once: OnceOnly
) -> Response:
    """Fix whose key it is, in which scheme and how long; nothing is bound yet."""
    drafted = draft_identity(
        registry,
        actor,
        body=wanted.body,
        scheme=wanted.scheme,
        thumbprint=wanted.key,
        valid_from=wanted.valid_from,
        valid_to=wanted.valid_to,
        officer=wanted.officer,
        request=done_once(once),
    )
    return show_draft(registry, actor, drafted, IDENTITIES, CREATED)


@router.get(
    f"{IDENTITIES}/{{binding}}",
    summary="A drafted or confirmed binding by identity",
    response_model=ShownDraft,
    responses={404: {"description": "The registry has no such binding."}},
)
def read_identity_binding(registry: TheRegistry, actor: Officer, binding: UUID) -> Response:
    """Show the document, who confirmed it, and the signed binding once it stands."""
    return show_draft(registry, actor, known_draft(registry, actor, binding, KIND), IDENTITIES, OK)


@router.post(
    f"{IDENTITIES}/{{binding}}/confirmation",
    summary="Hand in the officer's evidence for a binding by identity",
    response_model=ShownDraft,
    responses=CONFIRMATION_ANSWERS,
)
def confirm_identity_binding(
    registry: TheRegistry, actor: Officer, binding: UUID, confirmation: Annotated[Confirmation, FromBody()]
) -> Response:
    """Sign and record the binding: from here on the key may sign in that scheme. Safe to repeat."""
    confirm_identity(registry, actor, binding, confirmation.presented())
    return after_confirmation(registry, actor, binding, IDENTITIES)
