"""The demonstration's story, played on a database of the test's own, and what each of its certificates then reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.keys.software import KeyFolder
from app.registry.demonstration.stage import Stage
from app.registry.demonstration.story import FIRST_DAY, play_story, scenes
from app.registry.registry import Registry
from app.registry.status_publication import republish_status
from app.registry.verification import verify
from app.storage.clock import set_clock
from app.storage.database import Database
from app.trust.anchors import Anchors, KeyAnchor, Role
from app.trust.development import write_development_chain
from tests.support.postgres import FreshDatabase
from tests.support.template import url_for, urls

SECRET = "a secret of tests only"
EXPECTED = {
    "in_force": ("valid", "active"),
    "in_force_london": ("valid", "active"),
    "pending": ("not_currently_valid", "pending"),
    "suspended": ("not_currently_valid", "suspended"),
    "restored": ("valid", "active"),
    "expired": ("no_longer_valid", "expired"),
    "withdrawn": ("no_longer_valid", "withdrawn"),
    "cancelled": ("no_longer_valid", "cancelled"),
    "annulled": ("never_valid", "annulled"),
    "superseded": ("valid", "active"),
    "accreditation_suspended": ("valid_with_notice", "active"),
    "accreditation_ended": ("valid_with_notice", "active"),
    "two_accreditations": ("valid", "active"),
    "multi_site": ("valid", "active"),
    "confidential": ("valid", "active"),
}


@pytest.fixture
def played(database: FreshDatabase, tmp_path: Path) -> Iterator[Stage]:
    """The whole story, played up to now."""
    pools = Database.connect(urls(database.superuser_url))
    keys = KeyFolder(tmp_path / "keys", SECRET)
    begin = pools.now() - timedelta(days=FIRST_DAY + 30)
    chain = write_development_chain(tmp_path / "pki", keys, not_before=begin)
    publication = keys.create()
    anchor = KeyAnchor(
        party="publication", role=Role.PUBLICATION, key=publication.public_key, valid_from=begin, development=True
    )
    registry = Registry(
        pools,
        keys,
        Anchors((anchor,), (chain.anchor,)),
        "http://localhost:8000",
        publication.thumbprint,
        development=True,
    )
    stage = Stage(registry, KeyFolder(tmp_path / "people", SECRET), chain)
    migrator = url_for(database.superuser_url, "migrator")
    now = pools.now()
    play_story(stage, now=now, set_clock=lambda instant: set_clock(migrator, instant), tell=lambda _when, _says: None)
    set_clock(migrator, now + timedelta(minutes=10))  # the last scene was played since
    republish_status(stage.registry)
    yield stage
    pools.close()


def test_every_standing_is_there_and_reads_as_its_story_says(played: Stage) -> None:
    reports = {key: verify(played.registry, ready.public_id) for key, ready in played.prepared.items()}
    found = {key: (report.verdict.value, report.standing.state) for key, report in reports.items() if report.standing}

    assert found == EXPECTED
    assert reports["superseded"].version == 2
    assert len(reports["two_accreditations"].accreditations) == 2
    assert reports["confidential"].holder is None


def test_scenes_are_told_oldest_first_and_every_name_says_that_it_is_fictional() -> None:
    days = [scene.days_ago for scene in scenes()]

    assert days == sorted(days, reverse=True)
    assert all("(fictional)" in scene.says for scene in scenes())
