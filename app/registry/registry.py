"""What acts need, in one frozen value made once at start."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.keys.software import KeyFolder
from app.registry.log_place import LogPlace
from app.registry.recent import Recent
from app.storage.database import Database
from app.trust.anchors import Anchors


@dataclass(frozen=True)
class Registry:
    """The database by role, the keys held here, the anchors this installation trusts, and its public address."""

    database: Database
    keys: KeyFolder
    anchors: Anchors
    base_url: str
    publication_key: str
    development: bool = False
    log: LogPlace | None = None
    """Where the transparency log is kept, if this process may integrate or read it."""
    recent: Recent = field(default_factory=Recent, init=False, compare=False, repr=False)
    """Answers of a moment ago; another registry (other anchors) begins with none."""
