"""History from elsewhere over HTTP: rows under one plan, confirmed by one evidence, refusals told row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from app.access.actor import Actor
from app.access.permissions import Scope
from app.api.bodies import BulkRoute, FromBody, Presented
from app.api.decisions import CertificateWanted, ReportWanted, wanted_of
from app.api.dependencies import TheRegistry, requires
from app.api.drafts import CONFIRMATION_ANSWERS, CREATED, OK, Confirmation, ShownDraft, known_draft, show_draft
from app.api.fields import Day
from app.api.idempotency import OnceOnly
from app.api.own import done_once
from app.api.shown import JSON
from app.registry.decision_sheet import MOST_ITEMS
from app.registry.imported_history import Imported, ImportedRow, confirm_import, draft_import
from app.registry.verification import as_bytes

ADDRESS = "/v1/imports"

router = APIRouter(tags=["Decisions"], route_class=BulkRoute)

Client = Annotated[Actor, requires(Scope.CERTIFICATES_PREPARE)]


class RowWanted(Presented):
    """One certificate as it stands elsewhere; what is not stated there is left out."""

    organisation: UUID
    scheme: Annotated[str, Field(max_length=32)]
    number: Annotated[str, Field(min_length=1, max_length=60)]
    certificate: CertificateWanted
    effective_on: Day
    original_decided_on: Day | None = None
    initially_certified_on: Day | None = None
    accreditations: Annotated[tuple[UUID, ...], Field(max_length=20)] = ()
    agreement: UUID | None = None

    def row(self) -> ImportedRow:
        """The same in the vocabulary of the acts."""
        return ImportedRow(
            self.organisation,
            self.scheme,
            self.number,
            wanted_of(self.certificate),
            self.effective_on,
            self.original_decided_on,
            self.initially_certified_on,
            self.accreditations,
            self.agreement,
        )


class ImportWanted(Presented):
    """A plan with its rows; one decider of the body confirms it as a whole."""

    plan: ReportWanted
    rows: Annotated[tuple[RowWanted, ...], Field(min_length=1, max_length=MOST_ITEMS)]
    decided_on: Day
    decider: UUID


@dataclass(frozen=True)
class ImportedHistory:
    """What became of each row, in the order of the plan."""

    id: UUID
    rows: tuple[Imported, ...]


@router.post(
    ADDRESS,
    summary="Draft an import",
    status_code=CREATED,
    response_model=ShownDraft,
    responses={422: {"description": "Rows are refused; every refusal names its row, and nothing was kept."}},
)
def draft(
    registry: TheRegistry, actor: Client, wanted: Annotated[ImportWanted, FromBody()], once: OnceOnly
) -> Response:
    """Fix rows and plan by their digests; nothing is decided or public yet. Safe to repeat with the same key."""
    drafted = draft_import(
        registry,
        actor,
        wanted.plan.report(),
        [row.row() for row in wanted.rows],
        decided_on=wanted.decided_on,
        decider=wanted.decider,
        request=done_once(once),
    )
    return show_draft(registry, actor, drafted, ADDRESS, CREATED)


@router.get(
    f"{ADDRESS}/{{plan}}",
    summary="An import",
    response_model=ShownDraft,
    responses={404: {"description": "The body has no such import."}},
)
def read(registry: TheRegistry, actor: Client, plan: UUID) -> Response:
    """Show the plan with its rows by digest, and whose evidence is awaited."""
    return show_draft(registry, actor, known_draft(registry, actor, plan, "sheet"), ADDRESS, OK)


@router.post(
    f"{ADDRESS}/{{plan}}/confirmation",
    summary="Hand in the decider's evidence over an import",
    response_model=ImportedHistory,
    responses=CONFIRMATION_ANSWERS,
)
def confirm(
    registry: TheRegistry, actor: Client, plan: UUID, confirmation: Annotated[Confirmation, FromBody()]
) -> Response:
    """Decide and issue every row; what a rule refuses by now is told for its row. Safe to repeat."""
    rows = confirm_import(registry, actor, plan, confirmation.presented())
    return Response(as_bytes(ImportedHistory(plan, rows)), media_type=JSON)
