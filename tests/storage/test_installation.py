"""The installation's row: one, written by nobody who acts for a body."""

from __future__ import annotations

from app.storage import installation
from tests.support.acts import refused

KEY = "A" * 43
LOG_KEY = "registry.example/log+12ab34cd+" + "A" * 44
WANTED = {"public_url": "https://registry.example", "publication_key": KEY, "log_key": LOG_KEY}


def test_the_row_is_found_as_it_was_added(world):
    with world.database.transaction() as connection:
        assert installation.find_installation(connection) is None
        installation.add_installation(connection, **WANTED)
        row = installation.find_installation(connection)
    assert row._asdict() == WANTED


def test_a_body_does_not_fix_the_installation(world):
    with refused("unknown_reference"), world.database.transaction(body=world.body) as connection:
        installation.add_installation(connection, **WANTED)
