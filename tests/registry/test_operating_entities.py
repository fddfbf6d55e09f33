"""Operating entities: people of an entity decide only while it is under the body's control (17021-1 6.2, 7.5, MD 23)."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from app.registry import operating_entities
from app.registry.operating_entities import EntityFacts
from tests.support.acts import refused, rows


def facts(world, **changes):
    day = world.ago(300)
    entity = EntityFacts(
        name="Osaka branch",
        country="JP",
        under_control=True,
        agreement_signed_on=day,
        risk_assessed_on=day,
        risk_assessment="decides by the body's own procedures",
        valid_from=day,
    )
    return replace(entity, **changes)


def register(world, **changes):
    return operating_entities.register_entity(world.registry, world.actor, facts(world, **changes))


def member(world, entity, **period):
    """A decider of an entity."""
    made = world.add_person(world.actor, "decider", relation="controlled_entity")
    if entity is not None:
        joined = {"valid_from": world.ago(200), **period}
        operating_entities.join_entity(world.registry, world.actor, person=made.id, entity=entity, **joined)
    return made


def decide(world, decider):
    public_id = world.open(f"E-{uuid4()}").public_id
    return world.decide_grant(public_id, world.audits(public_id), deciders=(decider,))


def test_an_entity_stands_with_its_risks_and_its_agreement(bare_world):
    register(bare_world)
    [kept] = rows(bare_world, "SELECT name, risk_assessment, under_control FROM akashi.operating_entity")
    assert kept == ("Osaka branch", "decides by the body's own procedures", True)


@pytest.mark.parametrize("later", ["agreement_signed_on", "risk_assessed_on"])
def test_an_entity_begins_after_agreement_and_risk_assessment(bare_world, later):
    with refused("entity_before_its_agreement"):
        register(bare_world, **{later: bare_world.ago(299)})


def test_a_person_of_an_entity_under_control_decides(world):
    assert decide(world, member(world, register(world))).act == "grant"


def test_a_person_of_no_entity_or_of_one_beyond_control_does_not(world):
    for entity in (None, register(world, under_control=False)):
        with refused("entity_not_controlled"):
            decide(world, member(world, entity))


def test_nor_does_anybody_after_the_entity_or_the_membership_has_ended(world):
    gone = register(world, valid_to=world.ago(1))
    with refused("entity_not_controlled"):
        decide(world, member(world, gone))
    with refused("entity_not_controlled"):
        decide(world, member(world, register(world), valid_to=world.ago(1)))


def test_what_is_unknown_or_impossible_is_refused(bare_world):
    someone = {"person": bare_world.decider.id, "valid_from": bare_world.ago(9)}
    with refused("unknown_entity", "/entity"):
        operating_entities.join_entity(bare_world.registry, bare_world.actor, **someone, entity=uuid4())
    with refused("period_without_days", "/valid_to"):
        register(bare_world, valid_to=bare_world.ago(301))
    with refused("period_without_days", "/valid_to"):
        operating_entities.join_entity(
            bare_world.registry, bare_world.actor, **someone, entity=register(bare_world), valid_to=bare_world.ago(10)
        )
