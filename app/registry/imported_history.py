"""History from elsewhere: certificates granted outside of this registry, imported under one signed plan.

A plan says where the rows come from, as of when, how often they are reported anew and what was checked; every
certificate under it repeats these words, and none claims more than was stated. One decider of the body confirms the
whole with one evidence; each row stays a decision of its own (records, deciding in two steps), without application,
audit or four eyes. From the first act done here every rule binds (domain, beyond one certificate).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.credentials.facts import Report
from app.errors import AkashiError, Fault
from app.registry.certification import Opening, make_certification
from app.registry.decision import Proposal, make_draft
from app.registry.decision_sheet import MOST_ITEMS, confirm_sheet, make_sheet
from app.registry.drafts import Draft, read_draft
from app.registry.gathered_facts import History, Wanted
from app.registry.issuance import IssuedCertificate
from app.registry.registry import Registry
from app.registry.rehearsal import faults_within
from app.registry.requests import Request, once
from app.registry.together import DECIDED, issue_together
from app.storage import certifications
from app.storage.database import attempt
from app.storage.rows import Connection, Row

IMPORT = "import"
_OF_THE_PLAN = {"/decided_on": "/decided_on", "/deciders": "/decider"}


@dataclass(frozen=True)
class ImportedRow:
    """One certificate as it stands elsewhere; what is not stated there is left out, never guessed."""

    organisation: UUID
    scheme: str
    number: str
    certificate: Wanted
    effective_on: date
    original_decided_on: date | None = None
    initially_certified_on: date | None = None
    accreditations: tuple[UUID, ...] = ()
    agreement: UUID | None = None


@dataclass(frozen=True)
class Imported:
    """What became of one row: the certificate, or the rule that refused it; neither while evidence is awaited."""

    decision: UUID
    certificate: IssuedCertificate | None = None
    code: str | None = None


def draft_import(
    registry: Registry,
    actor: Actor,
    report: Report,
    rows: Sequence[ImportedRow],
    *,
    decided_on: date,
    decider: UUID,
    request: Request | None = None,
) -> Draft:
    """A plan awaits its decider's evidence; nothing is public, and either every row stands in it or none.

    1. Every row is opened and drafted; all that cannot be stated is told at once, each with its row. What an earlier
       plan opened and nobody decided about is drafted anew: no number is lost with a plan that was given up or refused.
    2. The sheet's document lists them by digest under the plan.
    3. Every row is tried out: all rules that rows break today are told at once, before evidence is asked for.
    Raises `import_refused`. A repeated request gets the plan of the first time.
    """
    demand(actor, Scope.CERTIFICATES_PREPARE)
    body = acting_party(actor)
    if not 1 <= len(rows) <= MOST_ITEMS:
        raise AkashiError("sheet_without_items", field="/rows", note=f"1 to {MOST_ITEMS}")

    def make(connection: Connection) -> UUID:
        drafts: dict[UUID, UUID] = {}  # by their certifications
        faults: list[Fault] = []
        for place, row in enumerate(rows):
            try:
                with attempt(connection):
                    opened = _open_row(connection, body, row, drafts)
                    drafts[opened.id] = make_draft(
                        connection, actor, _proposal(opened, row, report, decided_on, decider)
                    )
            except AkashiError as refusal:
                faults += _faults_of(refusal, place)
        if faults:
            raise AkashiError("import_refused", faults=tuple(faults))

        sheet = make_sheet(connection, actor, tuple(drafts.values()), plan_of(report))
        broken = _broken_rules(connection, body, drafts.values())
        if broken:
            raise AkashiError("import_refused", faults=broken)
        return sheet

    return read_draft(registry, actor, once(registry, body, request, make))


def confirm_import(registry: Registry, actor: Actor, sheet: UUID, presented_evidence: object) -> tuple[Imported, ...]:
    """Every row is decided by the one evidence, and its certificate issued; safe to repeat.

    What a rule refuses by now is told for its row; the others stand.
    """
    confirmed = confirm_sheet(registry, actor, sheet, presented_evidence)
    decided = [item.decision for item in confirmed.items if item.result == DECIDED]
    issued = issue_together(registry, actor, decided, idempotency_key=f"import/{sheet}")
    return tuple(_outcome(item.decision, item.code, issued) for item in confirmed.items)


def plan_of(report: Report) -> dict[str, Any]:
    """The plan as the sheet's document says it."""
    return {
        "kind": IMPORT,
        "source": report.source,
        "as_of": report.as_of.isoformat(),
        "refresh_days": report.refresh_days,
        "checked": report.checked,
    }


def _open_row(connection: Connection, body: UUID, row: ImportedRow, drafted: Container[UUID]) -> Row[Any]:
    """The certification of a row: what an earlier plan opened and nobody decided about, or a new one."""
    whose: dict[str, Any] = {"organisation": row.organisation, "scheme": row.scheme, "agreement": row.agreement}
    found = certifications.undecided_import(connection, body, number=row.number, **whose)
    if found is not None and found.id not in drafted:
        return found
    made = make_certification(connection, body, Opening(row.number, imported=True, **whose))
    opened = certifications.certification_by_id(connection, body, made)
    assert opened is not None  # noqa: S101, it was made just now
    return opened


def _proposal(opened: Row[Any], row: ImportedRow, report: Report, decided_on: date, decider: UUID) -> Proposal:
    return Proposal(
        opened.public_id,
        IMPORT,
        decided_on,
        (decider,),
        effective_on=row.effective_on,
        accreditations=row.accreditations,
        certificate=row.certificate,
        history=History(report, row.original_decided_on, row.initially_certified_on),
    )


def _broken_rules(connection: Connection, body: UUID, drafts: Iterable[UUID]) -> tuple[Fault, ...]:
    """What the rules refuse of the rows, each once where it lies: day and decider are those of the plan."""
    found = [
        Fault(one.code, _OF_THE_PLAN.get(one.field, f"/rows/{place}{one.field}"), one.note)
        for place, draft in enumerate(drafts)
        for one in faults_within(connection, body, draft)
    ]
    return tuple(dict.fromkeys(found))


def _faults_of(refusal: AkashiError, place: int) -> list[Fault]:
    at = f"/rows/{place}"
    if refusal.faults:
        return [Fault(one.code, at + one.field, one.note) for one in refusal.faults]
    return [Fault(refusal.code, at, refusal.note)]


def _outcome(decision: UUID, code: str | None, issued: dict[UUID, IssuedCertificate | AkashiError]) -> Imported:
    found = issued.get(decision)
    if isinstance(found, AkashiError):
        return Imported(decision, code=found.code)
    return Imported(decision, found, code)
