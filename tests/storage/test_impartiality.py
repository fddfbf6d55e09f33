"""Rows of impartiality belong to their body, and are never changed."""

from __future__ import annotations

import pytest

from app.storage import impartiality
from app.storage.rows import run
from tests.storage.test_own_records import something_of_each
from tests.support.acts import refused


def test_another_body_finds_nothing(bare_world):
    declared = bare_world.declare(bare_world.auditor.id)
    for body, found in ((bare_world.body, True), (bare_world.accreditation_body, False)):
        with bare_world.database.transaction(body=body) as connection:
            assert impartiality.has_interest(connection, bare_world.body, declared) is found
            assert not impartiality.has_relation(connection, bare_world.body, declared)
            assert not impartiality.has_threat(connection, bare_world.body, declared)


@pytest.mark.parametrize("table", ["interest", "client_relation", "impartiality_threat", "competence"])
def test_what_was_recorded_stays(world, table):
    something_of_each(world)
    world.declare(world.second_auditor.id)
    for statement in (f"UPDATE akashi.{table} SET recorded_at = recorded_at", f"DELETE FROM akashi.{table}"):
        with refused("unknown_reference"), world.database.transaction(body=world.body) as connection:
            run(connection, statement)
