"""A log for a test's world: a key of its own, a published folder and a fence in the test's folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.registry.log_place import LogPlace, log_key_of
from app.registry.registry import Registry
from app.transparency.policy import Policy
from tests.support.world import BASE_URL, World


def log_in(world: World, folder: Path) -> Registry:
    """The world's registry, with a log of which nothing is published yet."""
    key = log_key_of(BASE_URL, world.keys.create_note_key())
    return replace(world.registry, log=LogPlace.of(str(key), folder / "published" / "log", folder / "fence"))


def policy_of(registry: Registry) -> Policy:
    """What a verifier writes down who knows the log's key and asks for no witness."""
    assert registry.log is not None
    return Policy.parse(f"log {registry.log.key}\nquorum none\n")


@pytest.fixture
def logged(world: World, tmp_path: Path) -> Registry:
    """The registry of the test's world with a log of its own."""
    return log_in(world, tmp_path)
