"""Rows of people: seen by their body alone, their names in a layer that can be erased."""

from __future__ import annotations

from app.storage import people
from tests.support.acts import refused


def test_another_body_sees_nobody(bare_world):
    person = bare_world.decider.id
    with bare_world.database.transaction(body=bare_world.accreditation_body) as connection:
        assert people.find_person(connection, bare_world.body, person) is None
        assert people.list_people(connection, bare_world.body) == ()


def test_a_person_is_found_with_functions_and_keys(bare_world):
    with bare_world.database.transaction(body=bare_world.body) as connection:
        row = people.find_person(connection, bare_world.body, bare_world.decider.id)
    assert (row.relation, row.functions, row.keys) == ("employee", ["decider"], [bare_world.decider.key.thumbprint])


def test_erasing_a_name_says_whether_there_was_one(bare_world):
    person = bare_world.decider.id
    with bare_world.database.transaction(body=bare_world.body) as connection:
        assert people.erase_person_name(connection, body=bare_world.body, person=person)
        assert not people.erase_person_name(connection, body=bare_world.body, person=person)
        assert people.find_person(connection, bare_world.body, person).name is None


def test_another_body_s_person_is_not_written(bare_world):
    with refused("unknown_reference"), bare_world.database.transaction(body=bare_world.body) as connection:
        people.add_person_name(
            connection, body=bare_world.accreditation_body, person=bare_world.officer.id, name="Somebody else"
        )


def end(world, body, **changes):
    row = {"person": world.decider.id, "function": "decider", "scheme": "aims", "valid_from": world.ago(400)}
    with world.database.transaction(body=body) as connection:
        people.end_function(connection, body=world.body, last_day=world.today, **{**row, **changes})


def test_only_the_recording_body_ends_a_function_and_once(bare_world):
    with refused("unknown_reference"):
        end(bare_world, bare_world.accreditation_body)
    with refused("unknown_reference"):
        end(bare_world, bare_world.body, function="reviewer")
    end(bare_world, bare_world.body)
    with refused("already_recorded"):
        end(bare_world, bare_world.body)


def test_an_ended_key_is_no_longer_listed_and_still_the_person_s(bare_world):
    person, key = bare_world.decider.id, bare_world.decider.key.thumbprint
    with bare_world.database.transaction(body=bare_world.body) as connection:
        people.end_key(connection, body=bare_world.body, thumbprint=key, reason="lost")
        assert people.find_person(connection, bare_world.body, person).keys == []
        assert people.has_key(connection, bare_world.body, person, key)
        assert not people.has_key(connection, bare_world.body, bare_world.auditor.id, key)
