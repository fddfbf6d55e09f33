"""Lives are played by the acts: what a rule refuses ends the play, and everything before it stands."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.registry.demonstration import seeding
from app.registry.demonstration.lives import Step, lives
from tests.support.acts import refused
from tests.support.play import Play
from tests.support.postgres import FreshDatabase
from tests.support.template import urls


@pytest.fixture
def stage(database: FreshDatabase, tmp_path: Path) -> Iterator[Play]:
    made = Play(database, tmp_path, urls(database.superuser_url))
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
