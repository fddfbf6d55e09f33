"""A certification body applies for accreditation; the accreditation body accepts or declines; both read, nobody else does."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from app.access.actor import OPERATOR
from app.registry import parties
from app.registry.accreditation_application import (
    applications_of,
    apply_for_accreditation,
    read_application,
    review_application,
)
from tests.support.acts import count, refused
from tests.support.world import ACCREDITED


def applied(world, **changes):
    facts = {
        "accreditation_body": world.accreditation_body,
        "scheme": "aims",
        "scope": ACCREDITED,
        "applied_on": world.ago(3),
    }
    return apply_for_accreditation(world.registry, world.actor, **(facts | changes))


def reviewed(world, application, outcome="accepted", **changes):
    facts = {"officer": world.officer.id, "reviewed_on": world.today}
    review_application(world.registry, world.ab_actor, application=application, outcome=outcome, **(facts | changes))


def test_both_bodies_read_an_application_and_its_review(bare_world):
    application = applied(bare_world)
    assert [one.outcome for one in applications_of(bare_world.registry, bare_world.ab_actor)] == [None]
    reviewed(bare_world, application, "declined", reason="no competence for this scheme yet")
    for actor in (bare_world.actor, bare_world.ab_actor):
        one = read_application(bare_world.registry, actor, application)
        assert (one.outcome, one.reason, one.areas) == (
            "declined",
            "no competence for this scheme yet",
            ("generative", "robotics"),
        )


def test_nobody_else_reads_it(bare_world):
    application = applied(bare_world)
    reviewed(bare_world, application)
    _, stranger = bare_world.add_certification_body("Stranger")
    assert applications_of(bare_world.registry, stranger) == ()
    with refused("unknown_application"):
        read_application(bare_world.registry, stranger, application)


def test_an_accepted_application_accredits_nobody(bare_world):
    reviewed(bare_world, applied(bare_world))
    assert count(bare_world, "accreditation_statement") == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"accreditation_body": uuid4()}, "unknown_party"),
        ({"scheme": "qms"}, "unknown_scheme"),
        ({"scope": replace(ACCREDITED, countries=("ZZ",))}, "unknown_country"),
    ],
)
def test_an_application_names_what_there_is(bare_world, change, code):
    with refused(code):
        applied(bare_world, **change)


def test_nobody_applies_at_a_certification_body_or_for_tomorrow(bare_world):
    with refused("unknown_party"):
        applied(bare_world, accreditation_body=bare_world.body)
    with refused("date_in_the_future"):
        applied(bare_world, applied_on=bare_world.ago(-1))


def test_an_application_is_reviewed_once_by_an_officer_and_declined_with_a_reason(bare_world):
    application = applied(bare_world)
    with refused("declined_without_reason"):
        reviewed(bare_world, application, "declined")
    with refused("reviewer_not_competent"):
        reviewed(bare_world, application, officer=bare_world.add_person(bare_world.ab_actor).id)
    with refused("unknown_person"):
        reviewed(bare_world, application, officer=bare_world.reviewer.id)
    reviewed(bare_world, application)
    with refused("application_already_reviewed"):
        reviewed(bare_world, application, "declined", reason="changed our mind")


def test_only_the_body_at_which_it_was_made_reviews_it(bare_world):
    application = applied(bare_world)
    names = (parties.PartyName("Another Accreditation", "en"),)
    another = parties.register_accreditation_body(
        bare_world.registry, OPERATOR, parties.PartyFacts(names, "JP", "Asia/Tokyo")
    )
    other = replace(bare_world.ab_actor, party_id=another)
    with refused("unknown_application"):
        review_application(
            bare_world.registry, other, application=application, officer=bare_world.officer.id,
            outcome="accepted", reviewed_on=bare_world.today,
        )  # fmt: skip
