"""Rehearsals: a drafted decision is tried out, so that who prepares it reads every rule that it breaks today at once.

The row of the decision is written as the act itself writes it, the database's own rules judge it and go on after each
refusal, and all of it is undone (docs/adr/0023). Nothing is promised: the confirmation judges anew, and it decides.
"""

from __future__ import annotations

from uuid import UUID

from app.access.actor import Actor
from app.access.permissions import acting_party
from app.errors import Fault, explain
from app.registry.decision import drafted, judge
from app.registry.drafts import load_draft
from app.registry.registry import Registry
from app.storage import certifications
from app.storage.database import rehearse
from app.storage.rows import Connection

AWAITED = "not_confirmed"
"""What every draft lacks by its nature; it is a fault only where too few are named."""


def faults_of(registry: Registry, actor: Actor, draft: UUID) -> tuple[Fault, ...]:
    """Every rule that a drafted decision breaks today: its code, where it lies in what was proposed, its clause.

    Nothing changes; what is decided breaks none. Raises `unknown_draft`.
    """
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        if certifications.find_decision(connection, body, draft) is not None:
            return ()
        return faults_within(connection, body, draft)


def faults_within(connection: Connection, body: UUID, draft: UUID) -> tuple[Fault, ...]:
    """The same within the caller's transaction, for what is not decided yet."""
    known, named = drafted(connection, body, draft), load_draft(connection, body, draft)
    with rehearse(connection, body) as refusals:
        judge(connection, body, known)
    enough = len(named.awaited + named.confirmed_by) >= known.kind.deciders
    heard = {one.code: Fault(one.code, explain(one.code).field, one.note) for one in refusals}
    return tuple(fault for code, fault in heard.items() if not (code == AWAITED and enough))
