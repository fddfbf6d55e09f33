"""A dossier's parts are found by its body alone; drafts by what their documents say."""

from __future__ import annotations

import pytest

from app.storage import dossier


@pytest.mark.parametrize("part", dossier.PARTS)
def test_a_part_is_read_by_its_body_alone(world, part):
    opened = world.open()
    stranger, _ = world.add_certification_body("Another Body")
    for body in (world.body, stranger):
        with world.database.transaction(body=body) as connection:
            assert dossier.part_of_dossier(connection, part, world.body, opened.public_id) == ()


def test_a_draft_is_open_until_it_is_confirmed(world):
    issued = world.grant().public_id
    draft = world.draft(issued, "amend")
    with world.database.transaction(body=world.body) as connection:
        (found,) = dossier.part_of_dossier(connection, "drafts", world.body, issued)
    assert (found.id, found.act, list(found.awaited)) == (draft.id, "amend", [world.decider.id])
    world.confirm(draft)
    with world.database.transaction(body=world.body) as connection:
        assert dossier.part_of_dossier(connection, "drafts", world.body, issued) == ()


def test_audits_are_those_of_the_certification(world):
    opened = world.open()
    audits = world.audits(opened.public_id)
    with world.database.transaction(body=world.body) as connection:
        found = dossier.audits_in_dossier(connection, world.body, opened.id)
    assert {one.id for one in found} == set(audits)
