"""What a crash left between two commits is finished or voided, at the next start and by the jobs (records, issuing).

An act that still keeps the rules is signed and sealed as if nothing had happened; one that does not is voided by the
same refusal that its caller would have got. Nothing is ever half public.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.errors import AkashiError
from app.registry.accreditation import finish_statement
from app.registry.decision import finish_decision
from app.registry.identity_binding import finish_identity
from app.registry.issuance import finish_issue
from app.registry.key_binding import finish_binding
from app.registry.letters import finish_letter
from app.registry.registry import Registry
from app.registry.transfer_evidence import finish_evidence
from app.storage import envelopes
from app.storage.rows import Row

FINISH = {
    "decide": finish_decision,
    "issue": finish_issue,
    "state": finish_statement,
    "bind": finish_binding,
    "attest": finish_evidence,
    "write": finish_letter,
    "identify": finish_identity,
}


@dataclass(frozen=True)
class Recovered:
    """How many open acts were finished, and how many had to be voided or still wait."""

    finished: int
    refused: int


def finish_open_acts(registry: Registry, *, begun_before: datetime | None = None) -> Recovered:
    """Every act left open (begun before an instant, if given) is sealed, or voided where a rule now refuses it."""
    with registry.database.transaction("jobs") as connection:
        acts = [
            act for act in envelopes.open_acts(connection) if begun_before is None or act.recorded_at < begun_before
        ]
    finished = sum(_finish(registry, act) for act in acts)
    return Recovered(finished, len(acts) - finished)


def _finish(registry: Registry, act: Row[Any]) -> bool:
    try:
        FINISH[act.name](registry, act.body_id, act.id, act.draft_id)
    except AkashiError:
        return False
    return True
