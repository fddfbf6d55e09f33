"""Applications are received, then reviewed once by a competent person (ISO/IEC 17021-1 9.1)."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from app.registry import application, certification
from tests.support.acts import refused


def receive(world, **changes):
    facts = {
        "organisation": world.organisation,
        "scheme": "aims",
        "scope_requested": "Design of robots",
        "received_on": world.ago(5),
    }
    return application.receive(world.registry, world.actor, **{**facts, **changes})


def review(world, applied, **changes):
    facts = {"reviewer": world.reviewer.id, "outcome": "accepted", "reviewed_on": world.ago(2)}
    application.review(world.registry, world.actor, application=applied, **{**facts, **changes})


def test_an_accepted_application_leads_on_and_a_declined_one_does_not(bare_world):
    agreement = application_agreement(bare_world)
    accepted, declined = receive(bare_world), receive(bare_world)
    review(bare_world, accepted)
    review(bare_world, declined, outcome="declined", reason="outside our competence")

    opened = certification.open_certification(
        bare_world.registry, bare_world.actor, application=accepted, agreement=agreement, number="A-1"
    )
    assert opened.number == "A-1"
    with refused("application_not_accepted"):
        certification.open_certification(
            bare_world.registry, bare_world.actor, application=declined, agreement=agreement, number="A-2"
        )


def application_agreement(world):
    from app.registry.agreement import sign_agreement

    return sign_agreement(world.registry, world.actor, organisation=world.organisation, signed_on=world.ago(3))


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"scheme": "alchemy"}, "unknown_scheme", "/scheme"),
        ({"organisation": uuid4()}, "unknown_organisation", "/organisation"),
        ({"scope_requested": ""}, "text_empty", "/scope_requested"),
        ({"scope_requested": "a\0b"}, "text_control", "/scope_requested"),
    ],
)
def test_an_application_names_what_is_known(bare_world, changes, code, field):
    with refused(code, field):
        receive(bare_world, **changes)


def test_an_application_is_not_received_in_the_future(bare_world):
    with refused("date_in_the_future"):
        receive(bare_world, received_on=bare_world.ago(-1))


def test_an_application_is_reviewed_once(bare_world):
    applied = receive(bare_world)
    review(bare_world, applied)
    with refused("application_already_reviewed"):
        review(bare_world, applied, outcome="declined", reason="second thoughts")


@pytest.mark.parametrize("reason", [None, ""])
def test_an_application_is_declined_with_a_reason(bare_world, reason):
    code = "text_empty" if reason == "" else "declined_without_reason"
    with refused(code):
        review(bare_world, receive(bare_world), outcome="declined", reason=reason)


@pytest.mark.parametrize("days_ago", [6, -1])
def test_a_review_lies_between_the_receipt_and_today(bare_world, days_ago):
    with refused("review_date_impossible"):
        review(bare_world, receive(bare_world), reviewed_on=bare_world.ago(days_ago))


def test_an_auditor_does_not_review(bare_world):
    with refused("reviewer_not_competent"):
        review(bare_world, receive(bare_world), reviewer=bare_world.auditor.id)


def test_what_belongs_to_others_reads_as_unknown(bare_world):
    applied = receive(bare_world)
    with refused("unknown_person", "/reviewer"):
        review(bare_world, applied, reviewer=bare_world.officer.id)
    _, other = bare_world.add_certification_body("Another Certification")
    with refused("unknown_application", "/application"):
        application.review(
            bare_world.registry,
            other,
            application=applied,
            reviewer=bare_world.reviewer.id,
            outcome="accepted",
            reviewed_on=bare_world.today,
        )


def test_a_client_without_the_scope_is_refused(bare_world):
    bare_world.actor = replace(bare_world.actor, scopes=frozenset({"organisations"}))
    with refused("insufficient_scope"):
        receive(bare_world)
