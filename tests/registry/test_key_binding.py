"""An accreditation body says which key of an accredited body may certify, and how long; without it nothing is signed."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.credentials.statement import check_statement, read_statement
from app.keys.evidence import sign_evidence
from app.keys.keys import public_jwk
from app.registry import accreditation, key_binding
from app.registry.decision import finish_decision
from tests.support.acts import begin_decision, count, refused, rows, said
from tests.support.world import ACCREDITED


def draft_binding(world, **changes):
    facts = {
        "accreditation": world.known_accreditation,
        "thumbprint": world.ring.certification.thumbprint,
        "valid_from": world.now(),
        "valid_to": world.now() + timedelta(days=100),
        "officer": world.officer.id,
    }
    return key_binding.draft_binding(world.registry, world.ab_actor, **(facts | changes))


def confirm(world, draft, key=None):
    evidence = sign_evidence(key or world.officer.key, draft.document)
    return key_binding.confirm_binding(world.registry, world.ab_actor, draft.id, evidence)


def test_a_binding_is_signed_by_the_accreditation_body_and_carries_the_key(world):
    bound = confirm(world, draft_binding(world))
    payload = check_statement(read_statement(bound.jws), world.ring.accreditation.public_key).payload
    assert (payload["key"], payload["jwk"]) == (bound.thumbprint, public_jwk(world.ring.certification.public_key))
    assert (payload["binding"], payload["purposes"]) == (str(bound.id), ["certify"])


def test_confirming_twice_gives_the_same_binding(world):
    draft = draft_binding(world)
    assert confirm(world, draft) == confirm(world, draft)


def test_a_key_may_be_bound_anew(world):
    confirm(world, draft_binding(world))
    assert count(world, "key_binding") == 2


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"accreditation": uuid4()}, "unknown_accreditation", "/accreditation"),
        ({"thumbprint": "x" * 43}, "unknown_key", "/key"),
        ({"officer": uuid4()}, "unknown_reference", None),
    ],
)
def test_what_is_not_there_is_not_bound(world, change, code, field):
    with refused(code, field):
        draft_binding(world, **change)


def test_an_accreditation_body_s_own_key_is_bound_by_nobody(world):
    with refused("unknown_key", "/key"):
        draft_binding(world, thumbprint=world.ring.accreditation.thumbprint)


@pytest.mark.parametrize("days", [0, -1, 900], ids=["empty", "backwards", "beyond_27_months"])
def test_a_binding_has_a_period_of_at_most_27_months(world, days):
    begin = world.now()
    with refused("binding_period", "/to"):
        draft_binding(world, valid_from=begin, valid_to=begin + timedelta(days=days))


def test_a_person_without_the_officer_s_function_binds_nothing(world):
    clerk = world.add_person(world.ab_actor)
    draft = draft_binding(world, officer=clerk.id)
    with refused("decider_not_competent"):
        confirm(world, draft, clerk.key)
    assert rows(world, "SELECT FROM akashi.confirmation WHERE draft_id = %(id)s", id=draft.id) == []


def test_a_draft_accreditation_that_nobody_confirmed_binds_no_key(bare_world):
    drafted = accreditation.draft_grant(
        bare_world.registry,
        bare_world.ab_actor,
        accredited=bare_world.body,
        scheme="aims",
        number="FA-002",
        scope=ACCREDITED,
        effective_on=bare_world.today,
        valid_to=bare_world.ago(-1000),
        officer=bare_world.officer.id,
    )
    bare_world.accreditation = UUID(json.loads(drafted.document)["accreditation"])
    with refused("not_accredited"):
        confirm(bare_world, draft_binding(bare_world))
    bare_world.confirm_statement(drafted)
    confirm(bare_world, draft_binding(bare_world))


def test_a_withdrawn_accreditation_binds_no_key_and_a_suspended_one_does(world):
    world.change_accreditation("suspend")
    confirm(world, draft_binding(world))
    world.change_accreditation("withdraw")
    with refused("not_accredited"):
        confirm(world, draft_binding(world))


def test_a_draft_of_another_kind_binds_nothing(world):
    draft = world.draft_statement("withdraw")
    with refused("unknown_draft"):
        confirm(world, draft)


def test_a_client_without_the_scope_binds_nothing(world):
    draft = draft_binding(world)
    with refused("insufficient_scope"):
        key_binding.confirm_binding(
            world.registry, world.actor, draft.id, sign_evidence(world.officer.key, draft.document)
        )


def test_a_decision_under_a_key_that_nobody_bound_is_refused(bare_world):
    bare_world.accredit()
    opened = bare_world.open()
    with refused("key_not_bound"):
        bare_world.decide_grant(opened.public_id, bare_world.audits(opened.public_id))


def test_a_decision_after_the_binding_s_end_is_refused(world):
    granted = world.grant()
    world.set_clock(world.now() + timedelta(days=780))
    with refused("key_not_bound"):
        world.suspend(granted.public_id)


def test_a_binding_that_ends_between_the_two_commits_ends_the_act(bare_world):
    bare_world.accredit()
    end = bare_world.now().replace(microsecond=0) + timedelta(hours=1)
    bare_world.bind_key(valid_to=end)
    granted = bare_world.grant()
    draft = bare_world.draft(granted.public_id, "cancel", reason=("holder_request", "x"))
    act = begin_decision(bare_world, draft)
    bare_world.set_clock(end)
    with refused("key_not_bound"):
        finish_decision(bare_world.registry, bare_world.body, act, draft.id)


def test_after_a_new_binding_the_body_goes_on(world):
    granted = world.grant()
    world.set_clock(world.now() + timedelta(days=780))
    world.bind_key(valid_from=world.now())
    assert world.suspend(granted.public_id).act == "suspend"


def test_a_binding_says_from_and_to_in_whole_seconds(world):
    begin = world.now()
    document = said(draft_binding(world, valid_from=begin, valid_to=begin + timedelta(days=5)).document)
    assert document["from"] == begin.strftime("%Y-%m-%dT%H:%M:%SZ")
