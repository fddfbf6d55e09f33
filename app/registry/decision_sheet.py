"""Decision sheets: the decisions of one meeting in their order, confirmed by one evidence of each decider.

Each item stays a decision of its own, with its own document, rules and signature; the sheet's document names each by
its digest, so evidence over the sheet is evidence over every one of them (records, deciding in two steps). One item
that a rule refuses does not hold up the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.errors import AkashiError
from app.examiner.documents import SHEET
from app.keys.encoding import b64u
from app.registry.drafts import Draft, carrier, commit_to, digest_of, keep_draft, read_draft, record_confirmation
from app.registry.registry import Registry
from app.registry.requests import Request, once
from app.registry.together import Carried, carry_out
from app.storage import committees, envelopes
from app.storage.rows import Connection

MOST_ITEMS = 1000
REFUSED = "refused"


@dataclass(frozen=True)
class Item:
    """What became of one decision of a sheet; `code` says which rule refused it."""

    decision: UUID
    result: str
    code: str | None = None


@dataclass(frozen=True)
class Sheet:
    """A sheet after somebody's evidence."""

    draft: Draft
    items: tuple[Item, ...]


def draft_sheet(
    registry: Registry, actor: Actor, decisions: tuple[UUID, ...], *, request: Request | None = None
) -> Draft:
    """The sheet's document lists these drafts by digest; whoever is named in any of them is asked for evidence.

    Raises `sheet_without_items`, `already_on_a_sheet`. A repeated request gets the sheet of the first time.
    """
    demand(actor, Scope.CERTIFICATES_PREPARE)
    made = once(registry, acting_party(actor), request, lambda connection: make_sheet(connection, actor, decisions))
    return read_draft(registry, actor, made)


def make_sheet(
    connection: Connection, actor: Actor, decisions: tuple[UUID, ...], plan: dict[str, Any] | None = None
) -> UUID:
    """The same within the caller's transaction; `plan` says what all of them rest on, as an import does."""
    body = acting_party(actor)
    if not 1 <= len(decisions) <= MOST_ITEMS:
        raise AkashiError("sheet_without_items", field="/decisions", note=f"1 to {MOST_ITEMS}")
    sheet = uuid4()
    drafts = [_open_draft(connection, body, one, place) for place, one in enumerate(decisions)]
    people = dict.fromkeys(person for row, named in drafts for person in named)
    document = {
        "type": SHEET,
        "sheet": str(sheet),
        "body": str(body),
        "plan": plan,
        "items": [
            {"decision": str(one), "sha256": b64u(digest_of(row.document))}
            for one, (row, _) in zip(decisions, drafts, strict=True)
        ],
    }
    salts = {person: commit_to(str(person)).salt for person in people}
    keep_draft(connection, actor, draft=sheet, kind="sheet", document=document, people=salts)
    for ordinal, one in enumerate(decisions, start=1):
        committees.add_item(connection, body=body, sheet=sheet, ordinal=ordinal, draft=one)
    return sheet


def confirm_sheet(registry: Registry, actor: Actor, sheet: UUID, presented_evidence: object) -> Sheet:
    """What one person's evidence over the sheet brought about; safe to repeat.

    1. The evidence is checked against the person's enrolled key and the sheet's document.
    2. It is recorded for each decision of the sheet in which the person is named.
    3. Each decision whose deciders have all confirmed is judged, signed and stored by itself.
    """
    demand(actor, Scope.CERTIFICATES_PREPARE)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        kept = record_confirmation(connection, actor, sheet, presented_evidence)
        if kept.kind != "sheet":
            raise AkashiError("unknown_draft")
        listed = committees.items(connection, body, sheet)
        _spread(connection, actor, sheet, [(row.draft_id, row.people) for row in listed])
    outcomes = carry_out(registry, body, tuple(row.draft_id for row in listed))
    items = tuple(_item(decision, outcome) for decision, outcome in outcomes.items())
    return Sheet(read_draft(registry, actor, sheet), items)


def _open_draft(connection: Connection, body: UUID, decision: UUID, place: int) -> tuple[Any, tuple[UUID, ...]]:
    """A draft that may stand on a sheet, with those who are named in it."""
    row = envelopes.find_draft(connection, body, decision)
    if row is None or row.kind != "decision":
        raise AkashiError("unknown_draft", field=f"/decisions/{place}")
    if committees.sheet_of(connection, body, decision) is not None:
        raise AkashiError("already_on_a_sheet", field=f"/decisions/{place}")
    return row, tuple(person.person_id for person in envelopes.draft_people(connection, body, decision))


def _spread(connection: Connection, actor: Actor, sheet: UUID, listed: list[tuple[UUID, list[UUID]]]) -> None:
    """The evidence given over the sheet stands for each decision that names the person and has not had it yet."""
    body = acting_party(actor)
    given = {one.person_id: one for one in envelopes.draft_people(connection, body, sheet) if one.evidence is not None}
    for decision, people in listed:
        done = {one.person_id for one in envelopes.draft_people(connection, body, decision) if one.evidence is not None}
        for person in (person for person in people if person in given and person not in done):
            evidence = given[person].evidence | {"type": "sheet", "sheet": str(sheet)}
            envelopes.add_confirmation(
                connection,
                body=body,
                draft=decision,
                person=person,
                thumbprint=given[person].thumbprint,
                evidence=evidence,
                carried_by=carrier(actor),
            )


def _item(decision: UUID, outcome: Carried) -> Item:
    if isinstance(outcome, AkashiError):
        return Item(decision, REFUSED, outcome.code)
    return Item(decision, outcome)
