"""Drafts over HTTP: the exact document that a person confirms, and the answer to their evidence.

Any client of the body may carry both; only the evidence of the named persons makes it an act (records, deciding in two
steps). `akashi sign` reads the answer of a draft as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from starlette.responses import Response

from app.access.actor import Actor
from app.api.bodies import Presented
from app.api.shown import JSON
from app.conformity.words import Word
from app.credentials.encoding import b64u
from app.credentials.strict_json import parse_object
from app.errors import AkashiError, Fault, explain
from app.registry.drafts import Draft, read_draft
from app.registry.own_records import SignedDocument, signed_on
from app.registry.registry import Registry
from app.registry.rehearsal import faults_of
from app.registry.verification import as_bytes

MAX_DOCUMENT_BYTES = 65536
CREATED, OK, ACCEPTED = 201, 200, 202
CONFIRMATION_ANSWERS: dict[int | str, dict[str, Any]] = {
    202: {"description": "Recorded; the evidence of others is still awaited."},
    403: {"description": "The evidence is not that of a person who is named, or the scope is missing."},
    404: {"description": "The body has no such draft."},
    409: {"description": "Another act about the same certification is under way."},
    422: {"description": "A rule refuses the act."},
}


class Evidence(Presented):
    """A person's signature over the document, made with their own enrolled key (`akashi sign`)."""

    type: Literal["key"]
    key: str
    signature: str


class Confirmation(Presented):
    """One person's evidence."""

    evidence: Evidence

    def presented(self) -> dict[str, str]:
        """The evidence as the acts check it."""
        return {"type": self.evidence.type, "key": self.evidence.key, "signature": self.evidence.signature}


@dataclass(frozen=True)
class ShownFault:
    """A rule that the draft breaks today: its code, where it lies in what was proposed, its clause, what to do."""

    code: str
    field: str
    clause: str
    detail: Word
    remedy: Word


@dataclass(frozen=True)
class ShownDraft:
    """A draft: the document parsed and as its exact bytes, its digest, who confirmed, and what was signed on it.

    `faults`: all rules that a decision which awaits evidence breaks today; the confirmation judges anew.
    """

    id: UUID
    kind: str
    document: dict[str, Any]
    document_base64url: str
    sha256: str
    confirmed_by: tuple[UUID, ...]
    awaited: tuple[UUID, ...]
    signed: tuple[SignedDocument, ...]
    faults: tuple[ShownFault, ...]


def show_draft(registry: Registry, actor: Actor, draft: Draft, address: str, status: int) -> Response:
    """The draft with all that is known of it; its address stands in Location."""
    shown = shown_draft(registry, actor, draft)
    return Response(as_bytes(shown), status, {"Location": f"{registry.base_url}{address}/{draft.id}"}, JSON)


def shown_draft(registry: Registry, actor: Actor, draft: Draft) -> ShownDraft:
    """All that is known of a draft."""
    return ShownDraft(
        draft.id,
        draft.kind,
        parse_object(draft.document, max_bytes=MAX_DOCUMENT_BYTES),
        b64u(draft.document),
        draft.sha256,
        draft.confirmed_by,
        draft.awaited,
        signed_on(registry, actor, draft.id),
        _faults_today(registry, actor, draft),
    )


def _faults_today(registry: Registry, actor: Actor, draft: Draft) -> tuple[ShownFault, ...]:
    """What keeps a decision that somebody is still to confirm from being one; a sheet's items tell their own."""
    if draft.kind != "decision" or not draft.awaited:
        return ()
    return tuple(_shown_fault(one) for one in faults_of(registry, actor, draft.id))


def _shown_fault(fault: Fault) -> ShownFault:
    said = explain(fault.code)
    detail, remedy = Word(said.en, said.ja), Word(said.remedy_en, said.remedy_ja)
    return ShownFault(fault.code, fault.field, fault.note or said.clause, detail, remedy)


def known_draft(registry: Registry, actor: Actor, draft: UUID, kind: str) -> Draft:
    """The body's draft of this kind; any other is unknown."""
    found = read_draft(registry, actor, draft)
    if found.kind != kind:
        raise AkashiError("unknown_draft")
    return found


def after_confirmation(registry: Registry, actor: Actor, draft: UUID, address: str) -> Response:
    """The draft after somebody's evidence: done, or still awaiting that of others."""
    found = read_draft(registry, actor, draft)
    return show_draft(registry, actor, found, address, ACCEPTED if found.awaited else OK)
