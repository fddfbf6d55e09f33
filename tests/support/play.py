"""A stage before anybody is on it, on a database of a test's own, and lives played there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import psycopg

from app.keys.software import KeyFolder
from app.registry.demonstration.lives import TICK, TICKS, Life
from app.registry.demonstration.seeding import play_lives
from app.registry.demonstration.stage import Stage
from app.registry.registry import Registry
from app.storage.clock import set_clock
from app.storage.database import Database
from app.trust.anchors import Anchors, KeyAnchor, Role
from app.trust.development import write_development_chain
from tests.support.postgres import FreshDatabase
from tests.support.template import url_for

SECRET = "a secret of tests only"


class Play:
    """A stage before anybody is on it, and how far the play has come."""

    def __init__(self, database: FreshDatabase, folder: Path, addresses: Mapping[str, str]) -> None:
        self.fresh = database
        self.pools = Database.connect(addresses)
        self.migrator_url = url_for(database.superuser_url, "migrator")
        self.now = self.pools.now().replace(microsecond=0)
        keys = KeyFolder(folder / "keys", SECRET)
        set_clock(self.migrator_url, self.now - (TICKS + 3) * TICK)
        chain = write_development_chain(folder / "pki", keys, not_before=self.pools.now().replace(microsecond=0))
        publication = keys.create()
        begin = chain.root.not_valid_before_utc
        anchor = KeyAnchor(
            party="http://localhost:8000",
            valid_from=begin,
            role=Role.PUBLICATION,
            key=publication.public_key,
            development=True,
        )
        anchors = Anchors((anchor,), (chain.anchor,))
        registry = Registry(
            self.pools, keys, anchors, "http://localhost:8000", publication.thumbprint, development=True
        )
        self.stage = Stage(registry, KeyFolder(folder / "people", SECRET), chain)
        self.told: list[int] = []

    def play(self, told: tuple[Life, ...]) -> None:
        play_lives(
            self.stage,
            told,
            now=self.now,
            set_clock=lambda instant: set_clock(self.migrator_url, instant),
            tell=lambda _, taken: self.told.append(taken),
        )

    def acts(self) -> list[tuple[str, str]]:
        """Every event that the registry holds."""
        statement = (
            "SELECT c.number, e.act FROM akashi.standing_event e JOIN akashi.certification c ON c.id = e.certification_id "
            "ORDER BY e.recorded_at"
        )
        with psycopg.connect(self.fresh.superuser_url) as connection:
            return [(number, act) for number, act in connection.execute(statement.encode())]
