"""People: relation, functions, a key of their own, and a name that can be erased."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from app.access.actor import Actor
from app.keys.evidence import sign_possession
from app.keys.keys import public_jwk
from app.keys.software import generate_software_key
from app.registry import people
from tests.support.acts import refused, rows


def person_of(world, person):
    return next(one for one in people.list_people(world.registry, world.actor) if one.id == person)


def enrol(world, person, key, *, signed_for=None):
    nonce = people.enrolment_nonce(world.registry, world.actor, person)
    return people.enrol_key(
        world.registry,
        world.actor,
        person=person,
        jwk=public_jwk(key.public_key),
        presented_possession=sign_possession(key, signed_for or person, nonce),
        nonce=nonce,
    )


def give(world, person, **changes):
    facts = {"function": "auditor", "scheme": "aims", "valid_from": date(2026, 1, 1), "basis": "witnessed audit"}
    people.give_function(world.registry, world.actor, person=person, **{**facts, **changes})


def test_a_person_stands_in_the_records_of_their_body_alone(bare_world):
    person = people.add_person(bare_world.registry, bare_world.actor, relation="individual_contract", name="髙橋 桜")
    give(bare_world, person)
    key = generate_software_key()
    enrol(bare_world, person, key)

    assert person_of(bare_world, person) == people.Person(
        person, "individual_contract", "髙橋 桜", ("auditor",), (key.thumbprint,)
    )
    assert person not in {one.id for one in people.list_people(bare_world.registry, bare_world.ab_actor)}


def test_a_name_is_erased_and_the_person_stays(bare_world):
    person = bare_world.decider.id
    people.erase_name(bare_world.registry, bare_world.actor, person)
    people.erase_name(bare_world.registry, bare_world.actor, person)

    assert person_of(bare_world, person).name is None
    assert person_of(bare_world, person).functions == ("decider",)
    assert not rows(bare_world, "SELECT FROM akashi.person_name WHERE person_id = %(person)s", person=person)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"valid_from": date(2026, 2, 1), "valid_to": date(2026, 1, 31)}, "period_without_days", "/valid_to"),
        ({"basis": ""}, "text_empty", "/basis"),
        ({"function": "president"}, "value_refused", None),
        ({"scheme": "alchemy"}, "unknown_reference", None),
    ],
)
def test_a_function_without_its_form_is_refused(bare_world, changes, code, field):
    with refused(code, field):
        give(bare_world, bare_world.auditor.id, **changes)


def test_the_same_function_from_the_same_day_is_recorded_once(bare_world):
    give(bare_world, bare_world.reviewer.id)
    with refused("already_recorded"):
        give(bare_world, bare_world.reviewer.id)


@pytest.mark.parametrize("relation", ["volunteer", ""])
def test_a_relation_that_nobody_knows_is_refused(bare_world, relation):
    with refused("value_refused"):
        people.add_person(bare_world.registry, bare_world.actor, relation=relation, name="Sakura")


def test_a_name_that_cannot_be_read_is_refused(bare_world):
    with refused("text_control", "/name"):
        people.add_person(bare_world.registry, bare_world.actor, relation="employee", name="a\x07b")


def test_the_body_s_key_is_no_person_s_key(bare_world):
    with refused("person_key_is_a_body_key"):
        enrol(bare_world, bare_world.decider.id, bare_world.ring.certification)


def test_a_key_belongs_to_one_person(bare_world):
    with refused("key_taken"):
        enrol(bare_world, bare_world.reviewer.id, bare_world.decider.key)


def test_a_proof_for_another_person_enrols_nobody(bare_world):
    with refused("bad_signature"):
        enrol(bare_world, bare_world.reviewer.id, generate_software_key(), signed_for=bare_world.auditor.id)


@pytest.mark.parametrize("whose", ["nobody", "another body's"])
def test_people_of_others_read_as_unknown(bare_world, whose):
    person = uuid4() if whose == "nobody" else bare_world.officer.id
    for act in (
        lambda: give(bare_world, person),
        lambda: people.enrolment_nonce(bare_world.registry, bare_world.actor, person),
        lambda: people.erase_name(bare_world.registry, bare_world.actor, person),
    ):
        with refused("unknown_person", "/person"):
            act()


def test_a_client_without_the_scope_is_refused(bare_world):
    narrow = replace(bare_world.actor, scopes=frozenset({"audits"}))
    with refused("insufficient_scope"):
        people.list_people(bare_world.registry, narrow)
    with refused("acts_for_no_party"):
        people.list_people(bare_world.registry, Actor("operator"))
