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
from app.registry.decision import Decision
from app.registry.signing import Signer
from app.registry.verification import verify
from tests.support.acts import begin_decision, refused, rows


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
        lambda: end_function(bare_world, bare_world.today, person=person),
        lambda: end_key(bare_world, bare_world.decider, person=person),
    ):
        with refused("unknown_person", "/person"):
            act()


# --- Ends ---


def end_function(world, last_day, **changes):
    facts = {"function": "decider", "scheme": "aims", "valid_from": world.ago(400), "person": world.decider.id}
    people.end_function(world.registry, world.actor, last_day=last_day, **{**facts, **changes})


def end_key(world, owner, **changes):
    facts = {"person": owner.id, "thumbprint": owner.key.thumbprint, "reason": "lost on a train"}
    people.end_key(world.registry, world.actor, **{**facts, **changes})


def withdrawal(world, public_id, **changes):
    return world.draft(public_id, "withdraw", reason=("agreement_broken", "x"), **changes)


def test_a_decider_decides_until_the_last_day_of_the_function(world):
    granted = world.grant()
    end_function(world, world.today)
    assert isinstance(world.confirm(withdrawal(world, granted.public_id)), Decision)


def test_a_decider_whose_function_ended_decides_nothing_and_past_decisions_stand(world):
    granted = world.grant()
    draft = withdrawal(world, granted.public_id)
    end_function(world, world.ago(1))
    with refused("decider_not_competent"):
        world.confirm(draft)
    assert verify(world.registry, granted.public_id).verdict == "valid"


def test_an_end_does_not_prolong_a_function(bare_world):
    give(bare_world, bare_world.reviewer.id, valid_from=bare_world.ago(9), valid_to=bare_world.ago(5))
    facts = {"person": bare_world.reviewer.id, "function": "auditor", "valid_from": bare_world.ago(9)}
    end_function(bare_world, bare_world.today, **facts)
    statement = "SELECT akashi.person_has_function(%(b)s, %(p)s, 'auditor', 'aims', %(day)s) AS has"
    for day, expected in ((5, True), (4, False)):
        (row,) = rows(bare_world, statement, b=bare_world.body, p=bare_world.reviewer.id, day=bare_world.ago(day))
        assert row.has is expected


def test_an_officer_whose_function_ended_states_nothing(bare_world):
    people.end_function(
        bare_world.registry, bare_world.ab_actor, person=bare_world.officer.id, function="accreditation_officer",
        scheme="aims", valid_from=bare_world.ago(400), last_day=bare_world.ago(1),
    )  # fmt: skip
    with refused("decider_not_competent"):
        bare_world.accredit()


def test_a_function_ends_once_and_not_before_it_begins(bare_world):
    with refused("function_ends_before_it_begins"):
        end_function(bare_world, bare_world.ago(401))
    with refused("unknown_reference"):
        end_function(bare_world, bare_world.today, valid_from=bare_world.ago(399))
    end_function(bare_world, bare_world.today)
    with refused("already_recorded"):
        end_function(bare_world, bare_world.ago(1))


def test_whoever_returns_is_given_the_function_anew(world):
    granted = world.grant()
    end_function(world, world.ago(9))
    give(world, world.decider.id, function="decider", valid_from=world.ago(2))
    assert isinstance(world.confirm(withdrawal(world, granted.public_id)), Decision)


def test_an_ended_key_confirms_nothing_and_past_decisions_stand(world):
    granted = world.grant()
    draft = withdrawal(world, granted.public_id)
    end_key(world, world.decider)
    with refused("person_key_ended"):
        world.confirm(draft)
    assert verify(world.registry, granted.public_id).verdict == "valid"

    key = generate_software_key()
    enrol(world, world.decider.id, key)
    world.decider = replace(world.decider, key=key)
    assert isinstance(world.confirm(draft), Decision)


def test_what_was_confirmed_before_the_end_of_the_key_is_still_signed(world):
    granted = world.grant()
    act = begin_decision(world, withdrawal(world, granted.public_id))
    end_key(world, world.decider)
    signer = Signer(world.database, world.keys, world.registry.base_url)
    for row in rows(world, "SELECT id FROM akashi.reservation WHERE act_id = %(act)s", act=act):
        assert signer.sign(row.id)


def test_an_ended_key_is_never_enrolled_again(bare_world):
    end_key(bare_world, bare_world.decider)
    assert person_of(bare_world, bare_world.decider.id).keys == ()
    with refused("key_taken"):
        enrol(bare_world, bare_world.decider.id, bare_world.decider.key)


def test_a_key_is_ended_once_and_only_as_its_owner_s(bare_world):
    with refused("unknown_person_key", "/thumbprint"):
        end_key(bare_world, bare_world.decider, person=bare_world.auditor.id)
    with refused("text_empty", "/reason"):
        end_key(bare_world, bare_world.decider, reason="")
    end_key(bare_world, bare_world.decider)
    with refused("already_recorded"):
        end_key(bare_world, bare_world.decider)


def test_a_client_without_the_scope_is_refused(bare_world):
    narrow = replace(bare_world.actor, scopes=frozenset({"audits"}))
    with refused("insufficient_scope"):
        people.list_people(bare_world.registry, narrow)
    with refused("acts_for_no_party"):
        people.list_people(bare_world.registry, Actor("operator"))
