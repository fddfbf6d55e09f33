"""Issuing: once for each decision, in order, verified before release, and never against what came in between."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from app.credentials.jws import split_jws
from app.credentials.profile import check_profile
from app.credentials.strict_json import parse_object
from app.registry import issuance
from app.registry.accreditation import Sanction
from app.registry.issuance import finish_issue, issue
from app.registry.requests import Request, once
from app.registry.verification import credential, verify
from tests.support.acts import begin_decision, begin_issue, count, refused, rows, tamper


@pytest.fixture
def decided(world):
    """A signed grant that is not issued yet."""
    opened = world.open()
    return world.decide_grant(opened.public_id, world.audits(opened.public_id))


def positions(world):
    return rows(world, "SELECT list_no, position FROM akashi.status_position ORDER BY list_no, position")


# --- What is issued ---


def test_the_certificate_that_is_answered_is_the_one_that_is_published(world, decided):
    issued = world.issue(decided)
    assert issued.credential == credential(world.registry, issued.public_id)
    assert verify(world.registry, issued.public_id).verdict == "valid"


def test_a_certificate_states_what_was_decided_under_its_id_and_number(world, decided):
    issued = world.issue(decided)
    jws = split_jws(issued.credential)
    checked = check_profile(parse_object(jws.payload, max_bytes=262144))
    (kept,) = rows(world, "SELECT facts FROM akashi.draft WHERE facts IS NOT NULL")
    assert (checked.public_id, checked.reserved.version_no) == (decided.certification, 1)
    assert checked.facts.holder.names[0].name == kept.facts["holder"]["names"][0]["name"]
    assert jws.header["kid"] == world.ring.certification.thumbprint


def test_a_version_gets_one_position_of_each_list(world, decided):
    world.issue(decided)
    assert [row.list_no for row in positions(world)] == [1, 2, 3]


def test_an_amendment_is_the_next_version(world, decided):
    first = world.issue(decided)
    second = world.amend(first.public_id)
    assert (first.version_no, second.version_no) == (1, 2)
    assert credential(world.registry, first.public_id, 1) == first.credential


# --- Retries ---


def test_the_same_key_again_answers_the_same(world, decided):
    assert world.issue(decided) == world.issue(decided)
    assert count(world, "certificate_version") == 1


def test_the_same_key_for_another_decision_is_refused(world, decided):
    issued = issue(world.registry, world.actor, decided.id, idempotency_key="one")
    amendment = world.decide(issued.public_id, "amend")
    with refused("idempotency_key_reused"):
        issue(world.registry, world.actor, amendment.id, idempotency_key="one")


def test_a_key_stands_for_one_request_of_whichever_kind(world, decided):
    once(world.registry, world.body, Request("taken", "content"), lambda _: uuid4())
    with refused("idempotency_key_reused"):
        issue(world.registry, world.actor, decided.id, idempotency_key="taken")

    issue(world.registry, world.actor, decided.id, idempotency_key="one")
    with refused("idempotency_key_reused"):
        once(world.registry, world.body, Request("one", "content"), lambda _: uuid4())


def test_another_key_after_the_issue_is_refused(world, decided):
    world.issue(decided)
    with refused("already_issued", "/decision"):
        issue(world.registry, world.actor, decided.id, idempotency_key="another")


def test_another_key_during_the_issue_is_refused(world, decided):
    begin_issue(world, decided, "one")
    with refused("act_under_way"):
        issue(world.registry, world.actor, decided.id, idempotency_key="another")


def test_the_same_key_finishes_what_it_began(world, decided):
    begin_issue(world, decided, "one")
    issued = issue(world.registry, world.actor, decided.id, idempotency_key="one")
    assert (issued.version_no, len(positions(world))) == (1, 3)


# --- Refused ---


def test_an_unknown_decision_issues_nothing(world):
    with refused("unknown_decision", "/decision"):
        issue(world.registry, world.actor, uuid4(), idempotency_key="x")


def test_another_body_s_decision_is_unknown(world, decided):
    _, other = world.add_certification_body("Another Certification")
    with refused("unknown_decision", "/decision"):
        issue(world.registry, other, decided.id, idempotency_key="x")


def test_a_draft_that_nobody_confirmed_issues_nothing(world):
    opened = world.open()
    draft = world.draft(
        opened.public_id,
        "grant",
        relied_on=world.audits(opened.public_id),
        accreditations=(world.known_accreditation,),
        certificate=world.wanted(),
    )
    with refused("unknown_decision", "/decision"):
        issue(world.registry, world.actor, draft.id, idempotency_key="x")


def test_a_decision_that_the_body_has_not_signed_yet_issues_nothing(world):
    issued = world.grant()
    amendment = world.draft(issued.public_id, "amend")
    begin_decision(world, amendment)
    with refused("act_under_way"):
        issue(world.registry, world.actor, amendment.id, idempotency_key="x")


def test_a_suspension_makes_no_certificate(world, decided):
    issued = world.issue(decided)
    suspended = world.suspend(issued.public_id)
    with refused("decision_makes_no_certificate", "/decision"):
        issue(world.registry, world.actor, suspended.id, idempotency_key="x")


def test_a_client_without_the_scope_issues_nothing(world, decided):
    with refused("insufficient_scope"):
        issue(world.registry, world.ab_actor, decided.id, idempotency_key="x")


def test_without_a_bound_key_nothing_is_reserved(world, decided):
    tamper(world, "DELETE FROM akashi.key_binding")
    with refused("key_not_bound"):
        world.issue(decided)
    assert (positions(world), count(world, "issuance_reservation")) == ([], 0)


# --- What comes between decision, reservation and seal ---


def test_an_accreditation_suspended_after_the_decision_keeps_it_from_being_issued(world, decided):
    world.change_accreditation("suspend")
    with refused("accreditation_suspended_now"):
        world.issue(decided)
    assert count(world, "issuance_reservation") == 0


def test_an_accreditation_suspended_between_the_commits_wins(world, decided):
    act = begin_issue(world, decided)
    world.change_accreditation("suspend")
    with refused("accreditation_suspended_now"):
        finish_issue(world.registry, world.body, act, decided.id)
    with refused("act_is_void"):
        issue(world.registry, world.actor, decided.id, idempotency_key="begun")
    assert verify(world.registry, decided.certification).verdict == "unknown"


def test_an_accreditation_suspended_for_another_area_does_not_matter(world, decided):
    act = begin_issue(world, decided)
    world.change_accreditation("suspend", sanction=Sanction(whole=False, areas=("generative",)))
    assert finish_issue(world.registry, world.body, act, decided.id).version_no == 1


def test_a_voided_number_is_used_again_and_its_positions_never(world, decided):
    act = begin_issue(world, decided)
    world.change_accreditation("suspend")
    with refused("accreditation_suspended_now"):
        finish_issue(world.registry, world.body, act, decided.id)
    voided = positions(world)
    world.change_accreditation("restore")

    issued = issue(world.registry, world.actor, decided.id, idempotency_key="again")

    assert issued.version_no == 1
    assert len(set(positions(world)) - set(voided)) == 3


def test_a_certification_suspended_between_the_commits_of_an_amendment_wins(world, decided):
    issued = world.issue(decided)
    amendment = world.decide(issued.public_id, "amend")
    act = begin_issue(world, amendment)
    world.suspend(issued.public_id)
    with refused("act_is_void"):
        finish_issue(world.registry, world.body, act, amendment.id)
    report = verify(world.registry, issued.public_id)
    assert (report.standing.state, report.version) == ("suspended", 1)


def test_an_overtaken_extension_is_issued_after_the_restoration(world, decided):
    issued = world.issue(decided)
    renewal = world.decide(
        issued.public_id,
        "translate",
        certificate=world.wanted(translations=(*world.wanted().translations, ("de", "Entwurf und Betrieb"))),
    )
    begin_issue(world, renewal)
    world.suspend(issued.public_id)
    world.restore(issued.public_id)
    assert world.issue(renewal).version_no == 2


def test_what_was_decided_on_an_older_version_is_never_issued(world):
    """A closed site does not come back through a translation that was decided while it was still certified."""
    both = world.wanted(site_ids=(world.head_office, world.laboratory))
    public_id = world.grant(certificate=both).public_id
    translated = replace(both, translations=(*both.translations, ("de", "Entwurf und Betrieb")))
    waiting = world.decide(public_id, "translate", certificate=translated)

    world.issue(world.decide(public_id, "reduce", certificate=world.wanted(), reason=("site_closed", "closed")))

    with refused("decision_overtaken"):
        world.issue(waiting)


def test_a_name_is_amended_while_the_certification_is_suspended(world, decided):
    issued = world.issue(decided)
    world.suspend(issued.public_id)
    assert world.amend(issued.public_id).version_no == 2


def test_a_request_is_known_by_its_decision():
    one, other = uuid4(), uuid4()
    assert issuance.request_of(one) == issuance.request_of(one) != issuance.request_of(other)
