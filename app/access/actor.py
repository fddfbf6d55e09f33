"""Who acts: a machine client of a party, an operator at the command line, or a process of our own.

An actor says who carries a request and with which scopes. It never stands for a person's decision: only the evidence
of the person, over the very document, does that (records: deciding in two steps).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID


@dataclass(frozen=True)
class Actor:
    """The carrier of an act; `party_id` is the body in whose name it may act, None for operator and processes.

    `ceased` says that an accreditation body stated that this body exists or works no more: it reads, and acts no more.
    """

    kind: Literal["machine", "operator", "process"]
    party_id: UUID | None = None
    client_id: str | None = None
    scopes: frozenset[str] = frozenset()
    ceased: bool = False


OPERATOR = Actor("operator")
"""Whoever may run commands on this machine: runs the service, never decides (trust, roles)."""
