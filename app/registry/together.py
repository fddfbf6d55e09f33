"""Many acts in a few commits: the decisions of a sheet, and the certificates that they grant.

Each act keeps every check and guarantee that it has alone: its own document, rules, signature, log entry and slot. What
one is refused is undone by itself. Lists are published once for all (ISO/IEC 17021-1 9.5; goals, bulk).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.errors import AkashiError
from app.registry import decision as deciding
from app.registry import issuance
from app.registry.drafts import load_draft
from app.registry.issuance import IssuedCertificate
from app.registry.recomposition import EVENT
from app.registry.registry import Registry
from app.registry.sealing import Outcome, Record, seal_together
from app.registry.status_publication import republish_status
from app.storage import certifications, envelopes
from app.storage.database import attempt_each
from app.storage.rows import Connection

DECIDED, AWAITED = "decided", "awaited"
Carried = str | AkashiError
"""What became of one decision: the word, or the refusal."""
Begin = Callable[[Connection, UUID], UUID | None]


def carry_out(registry: Registry, body: UUID, drafts: Sequence[UUID]) -> dict[UUID, Carried]:
    """Every decision whose deciders have all confirmed is judged, signed and stored; the others still wait.

    Safe to repeat: what was decided before is decided again.
    """
    outcomes: dict[UUID, Carried] = {}
    acts: dict[UUID, tuple[UUID, Record]] = {}
    for draft, begun in _begin_all(registry, body, drafts, lambda connection, one: _decide(connection, body, one)):
        if isinstance(begun, UUID):
            acts[draft] = (begun, deciding.recorder(body, draft))
        else:
            outcomes[draft] = begun or AWAITED
    sealed = _seal_all(registry, body, acts)
    return {draft: outcomes[draft] if draft in outcomes else _done(sealed[draft]) for draft in drafts}


def issue_together(
    registry: Registry, actor: Actor, decisions: Sequence[UUID], *, idempotency_key: str
) -> dict[UUID, IssuedCertificate | AkashiError]:
    """The certificates of many decisions, or for each the refusal; safe to repeat with the same key."""
    demand(actor, Scope.CERTIFICATES_PREPARE)
    body = acting_party(actor)

    def reserve(connection: Connection, decision: UUID) -> UUID:
        key, request = f"{idempotency_key}/{decision}", issuance.request_of(decision)
        envelopes.lock_idempotency_key(connection, body, key)
        begun = issuance.begun_before(connection, body, decision, key, request)
        return begun or issuance.reserve_version(registry, connection, body, decision, key, request)

    outcomes: dict[UUID, IssuedCertificate | AkashiError] = {}
    acts: dict[UUID, tuple[UUID, Record]] = {}
    for decision, begun in _begin_all(registry, body, decisions, reserve):
        if isinstance(begun, UUID):
            acts[decision] = (begun, issuance.recorder(body, begun, decision))
        elif begun is not None:
            outcomes[decision] = begun
    sealed = _seal_all(registry, body, acts)
    outcomes |= {decision: outcome for decision, outcome in sealed.items() if isinstance(outcome, AkashiError)}
    outcomes |= _certificates(registry, body, [one for one in decisions if one not in outcomes])
    return {decision: outcomes[decision] for decision in decisions}


def _begin_all(
    registry: Registry, body: UUID, asked: Sequence[UUID], begin: Begin
) -> list[tuple[UUID, UUID | AkashiError | None]]:
    """The first commit of all: for each its act, None where nothing is to be done yet, or what refused it."""
    with registry.database.transaction(body=body) as connection:
        return list(attempt_each(connection, asked, partial(begin, connection)).items())


def _decide(connection: Connection, body: UUID, draft: UUID) -> UUID | None:
    envelopes.lock_draft(connection, body, draft)
    act = envelopes.act_of_draft(connection, body, draft, "decide")
    if act is None and not load_draft(connection, body, draft).awaited:
        act = deciding.decide(connection, body, draft)
    return act


def _seal_all(registry: Registry, body: UUID, acts: dict[UUID, tuple[UUID, Record]]) -> dict[UUID, Outcome]:
    """The second commit of all, and what changed published; by what was asked for."""
    if not acts:
        return {}
    outcomes = seal_together(registry, body, dict(acts.values()))
    if any(EVENT in outcome for outcome in outcomes.values() if not isinstance(outcome, AkashiError)):
        republish_status(registry)
    return {asked: outcomes[act] for asked, (act, _) in acts.items()}


def _done(outcome: Outcome) -> Carried:
    return outcome if isinstance(outcome, AkashiError) else DECIDED


def _certificates(registry: Registry, body: UUID, decisions: Sequence[UUID]) -> dict[UUID, IssuedCertificate]:
    with registry.database.transaction(body=body) as connection:
        rows = certifications.versions_of_decisions(connection, body, decisions)
    return {decision: issuance.issued(row) for decision, row in rows.items()}
