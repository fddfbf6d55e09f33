"""Lives are played by the acts: what a rule refuses ends the play, and everything before it stands."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from app.keys.software import KeyFolder
from app.registry.demonstration import seeding
from app.registry.demonstration.lives import TICK, TICKS, Life, Step, lives
from app.registry.demonstration.seeding import play_lives
from app.registry.demonstration.stage import Stage
from app.registry.registry import Registry
from app.storage.clock import set_clock
from app.storage.database import Database
from app.trust.anchors import Anchors, KeyAnchor, Role
from app.trust.development import write_development_chain
from tests.support.acts import refused
from tests.support.postgres import FreshDatabase
from tests.support.template import url_for, urls

SECRET = "a secret of tests only"


class Play:
    """A stage before anybody is on it, and how far the play has come."""

    def __init__(self, database: FreshDatabase, folder: Path) -> None:
        self.fresh = database
        self.pools = Database.connect(urls(database.superuser_url))
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


@pytest.fixture
def stage(database: FreshDatabase, tmp_path: Path) -> Iterator[Play]:
    made = Play(database, tmp_path)
    yield made
    made.pools.close()


def test_a_step_that_a_rule_refuses_ends_the_play_and_what_was_done_stands(stage: Play) -> None:
    """Nothing was suspended, so nothing is restored: the registry says so, not the plan."""
    life = lives(1, 1)[0]
    granted = replace(life.steps[0], tick=5)
    unlawful = replace(life, steps=(granted, Step(20, "restore"), Step(40, "cancel")))

    with refused("no_such_transition"):
        stage.play((unlawful,))

    assert stage.acts() == [(life.number, "grant")]
    assert stage.told[-1] == 1
    assert stage.pools.now() - stage.now < timedelta(0)


def test_nothing_of_it_goes_around_the_acts() -> None:
    tree = ast.parse(Path(seeding.__file__).read_text(encoding="utf-8"))
    imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    of_storage = {name for name in imported if name.startswith(("app.storage", "sqlalchemy", "psycopg"))}
    assert of_storage == {"app.storage.database"}  # the transaction that acts share, and no statement
