"""A client leaves one body for another: each side does its part, and nothing is taken over that was not given (MD 2)."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

import pytest

from app.credentials.facts_json import facts_from_json
from app.credentials.strict_json import parse_object
from app.registry import organisations, transfer
from app.registry.decision import Proposal, draft_decision
from app.registry.transfer import Complaint, OutsideCertificate, PreviousSite
from app.registry.verification import verify
from tests.support.acts import refused, rows
from tests.support.transfers import REVIEWED, Accepting
from tests.support.ways import ask

NUMBERS = itertools.count(1)


@pytest.fixture
def world(lasting_world):
    return lasting_world


@pytest.fixture(scope="module")
def accepting(lasting_world) -> Accepting:
    return Accepting(lasting_world)


@pytest.fixture
def old(world) -> str:
    """A certificate of the world's body, in force."""
    return world.grant(f"T-{next(NUMBERS):04}").public_id


def state_of(world, moving) -> str:
    (row,) = rows(world, "SELECT akashi.transfer_state(t) AS state FROM akashi.transfer t WHERE id = %(id)s", id=moving)
    return row.state


def steps_of(world, moving) -> list:
    return rows(world, "SELECT * FROM akashi.transfer_step WHERE transfer_id = %(id)s ORDER BY n", id=moving)


def facts_of(world, decided):
    (row,) = rows(world, "SELECT facts FROM akashi.draft WHERE id = %(id)s", id=decided.id)
    return facts_from_json(row.facts)


def standing_of(world, public_id) -> list[tuple[str, str]]:
    found = rows(
        world,
        "SELECT e.act, e.to_state FROM akashi.standing_event e JOIN akashi.certification c ON c.id = e.certification_id "
        "WHERE c.public_id = %(id)s ORDER BY e.event_no",
        id=public_id,
    )
    return [(row.act, row.to_state) for row in found]


# The whole way.


def test_a_certificate_moves_with_its_end_and_its_cycle(world, accepting, old):
    moving, new = accepting.accepted(old)
    decided = accepting.take_over(new)
    world.decide(old, "transfer_out")
    issued = accepting.issue(decided)

    before, after = rows(
        world,
        "SELECT f.facts FROM akashi.certificate_version v JOIN akashi.draft f ON f.id = v.decision_id "
        "JOIN akashi.certification c ON c.id = v.certification_id WHERE c.public_id = ANY (%(ids)s) ORDER BY v.recorded_at",
        ids=[old, new],
    )
    before, after = facts_from_json(before.facts), facts_from_json(after.facts)
    assert (issued.public_id, issued.version_no, state_of(world, moving)) == (new, 1, "completed")
    assert after.validity.last_valid_day == before.validity.last_valid_day
    assert after.cycle == before.cycle
    assert (after.previous.certificate_id, after.previous.basis) == (old, "released")
    assert (
        after.previous.number
        == rows(world, "SELECT number FROM akashi.certification WHERE public_id = %(o)s", o=old)[0].number
    )
    assert standing_of(world, old) == [("grant", "active"), ("transfer_out", "transferred")]


def test_the_old_certificate_closes_at_the_instant_at_which_the_new_one_begins(world, accepting, old):
    _, new = accepting.accepted(old)
    decided = accepting.take_over(new)
    world.decide(old, "transfer_out")
    accepting.issue(decided)
    (ends,) = rows(world, "SELECT e.effective_at FROM akashi.standing_event e JOIN akashi.certification c ON c.id = e.certification_id WHERE c.public_id = %(o)s AND e.act = 'transfer_out'", o=old)  # fmt: skip
    (begins,) = rows(world, "SELECT v.effective_at FROM akashi.certificate_version v JOIN akashi.certification c ON c.id = v.certification_id WHERE c.public_id = %(n)s", n=new)  # fmt: skip
    assert ends.effective_at == begins.effective_at > world.now()


def test_what_is_given_over_comes_from_the_records(world, accepting, old):
    moving = accepting.open(old)
    accepting.release(moving, complaints=(Complaint(world.ago(9), "A buyer complained", closed=True),))
    (step,) = steps_of(world, moving)
    assert step.content["certificate"].count(".") == 2
    assert [one["kind"] for one in step.content["audits"]] == ["stage_1", "stage_2"]
    assert step.content["complaints"] == [{"received_on": world.ago(9).isoformat(), "summary": "A buyer complained", "closed": True}]  # fmt: skip
    assert step.content["nonconformities"] == []
    assert set(step.content["cycle"]) >= {"initially_certified_on", "started_on", "recertify_by"}


def test_the_public_finds_the_new_certificate_by_the_old_one(world, accepting, old):
    _, new = accepting.accepted(old)
    decided = accepting.take_over(new)
    world.decide(old, "transfer_out")
    assert rows(world, "SELECT FROM public_record.takeover WHERE from_public_id = %(o)s", o=old) == []
    accepting.issue(decided)
    (link,) = rows(world, "SELECT public_id, evidence_id FROM public_record.takeover WHERE from_public_id = %(o)s", o=old)  # fmt: skip
    assert (link.public_id, link.evidence_id) == (new, None)


def test_old_and_new_certificate_lead_to_each_other_in_every_way_of_verifying(world, accepting, old):
    """Closed now: with a first day of tomorrow the old one is in force until then, and the new one pending."""
    _, new = accepting.accepted(old)
    decided = accepting.take_over(new)
    world.decide(old, "transfer_out")
    accepting.issue(decided)
    assert (ask(world, old).standing.state, ask(world, new).standing.state) == ("active", "pending")
    assert verify(world.registry, old).links["continued_by"].endswith(f"/c/{new}")
    assert verify(world.registry, new).links["continues"].endswith(f"/c/{old}")
    assert {"transferred_from"} <= {one.code for one in verify(world.registry, new).notices}


def test_what_was_taken_back_verifies_by_its_new_version(world, accepting, old):
    moving, new = accepting.accepted(old)
    accepting.take_over(new)
    world.decide(old, "transfer_out")
    accepting.withdraw(moving, "issue_failed")
    world.issue(world.decide(old, "overturn_transfer", annuls=2))
    report = ask(world, old)
    assert (report.verdict, report.version, report.standing.events[1].annulled_by) == ("valid", 2, 3)


def test_later_versions_still_name_the_certificate_before(world, accepting, old):
    _, new = accepting.accepted(old)
    decided = accepting.take_over(new)
    world.decide(old, "transfer_out")
    accepting.issue(decided)
    proposal = Proposal(new, "amend", world.today, (accepting.decider.id,), effective_on=world.ago(-2))
    amended = accepting.decide(draft_decision(world.registry, accepting.actor, proposal))
    assert facts_of(world, amended).previous == facts_of(world, decided).previous


# Opening.


def test_a_transfer_of_a_suspended_certificate_is_refused(world, accepting, old):
    world.suspend(old)
    with refused("transfer_of_suspended"):
        accepting.open(old)


@pytest.mark.parametrize("act", ["withdraw", "cancel", "annul"])
def test_a_transfer_of_what_has_ended_is_refused(world, accepting, old, act):
    getattr(world, act)(old)
    with refused("transfer_of_ended"):
        accepting.open(old)


def test_a_certificate_that_was_never_issued_is_as_unknown_as_none(world, accepting):
    opened = world.open(f"T-{next(NUMBERS):04}")
    for unknown in (opened.public_id, "0" * 35):
        with refused("unknown_certificate"):
            accepting.open(unknown)


def test_a_body_transfers_nothing_to_itself(world, accepting, old):
    opening = transfer.Opening(world_application(world), world.ago(1), b"x" * 32, old)
    with refused("transfer_within_one_body"):
        transfer.open_transfer(world.registry, world.actor, opening)


def world_application(world):
    (row,) = rows(world, "SELECT id FROM akashi.application WHERE body_id = %(b)s LIMIT 1", b=world.body)
    return row.id


def test_a_second_transfer_of_one_certification_is_refused_until_the_first_is_withdrawn(world, accepting, old):
    first = accepting.open(old)
    with refused("transfer_already_open"):
        accepting.open(old)
    accepting.withdraw(first)
    assert state_of(world, accepting.open(old)) == "opened"


def test_an_application_is_for_one_transfer_at_a_time(world, accepting, old):
    other, applied = world.grant(f"T-{next(NUMBERS):04}").public_id, accepting.apply()
    accepting.open(old, applied=applied)
    with refused("transfer_already_open"):
        accepting.open(other, applied=applied)


def test_a_request_of_tomorrow_was_not_made(world, accepting, old):
    with refused("date_in_the_future"):
        accepting.open(old, requested_on=world.ago(-1))


# Answers.


def test_a_release_of_a_suspended_certificate_is_refused(world, accepting, old):
    moving = accepting.open(old)
    world.suspend(old)
    with refused("transfer_of_suspended"):
        accepting.release(moving)


def test_a_refusal_states_a_ground_of_the_list(world, accepting, old):
    moving = accepting.open(old)
    with refused("reason_missing"):
        accepting.refuse(moving, "we would rather keep them")
    accepting.refuse(moving)
    assert state_of(world, moving) == "refused"
    accepting.release(moving)
    assert state_of(world, moving) == "released"


def test_only_the_issuing_body_gives_over(world, accepting, old):
    moving = accepting.open(old)
    given = transfer.Release(accepting.reviewer.id, world.today, world.today)
    with refused("no_such_transfer_step"):
        transfer.release(world.registry, accepting.actor, moving, given)


def test_nobody_else_knows_of_a_transfer(world, accepting, old):
    moving = accepting.open(old)
    stranger, actor = world.add_certification_body("A third body")
    given = transfer.Release(world.reviewer.id, world.today, world.today)
    with refused("unknown_transfer"):
        transfer.release(world.registry, actor, moving, given)
    for table in ("transfer", "transfer_step"):
        with world.database.transaction(body=stranger) as connection:
            assert connection.exec_driver_sql(f"SELECT FROM akashi.{table}").fetchall() == []


# The review.


def test_nothing_is_reviewed_before_it_is_given_over(world, accepting, old):
    moving = accepting.open(old)
    with refused("no_such_transfer_step"):
        accepting.review(moving)


def test_a_review_is_made_by_a_competent_person(world, accepting, old):
    moving = accepting.open(old)
    accepting.release(moving)
    with refused("reviewer_not_competent"):
        accepting.review(moving, reviewer=accepting.decider.id)


def test_what_the_documents_leave_open_is_seen_at_a_visit(world, accepting, old):
    moving = accepting.open(old)
    accepting.release(moving)
    with refused("transfer_visit_missing"):
        accepting.review(moving, reviewed=REVIEWED[1:])
    accepting.review(moving, reviewed=REVIEWED[1:], visited_on=world.ago(1))
    assert state_of(world, moving) == "reviewed"


def test_open_nonconformities_are_settled_before_anything_is_taken_over(world, accepting, old):
    moving = accepting.open(old)
    accepting.release(moving)
    with refused("open_nonconformities"):
        accepting.review(moving, nonconformities_settled=False)


def test_a_review_against_it_leads_to_no_decision(world, accepting, old):
    applied = accepting.apply()
    moving = accepting.open(old, applied=applied)
    accepting.release(moving)
    accepting.review(moving, conclusion="declined")
    draft = accepting.draft_in(accepting.certification_of(applied))
    with refused("transfer_not_reviewed"):
        accepting.decide(draft)


def test_what_is_given_over_again_is_reviewed_again(world, accepting, old):
    moving, new = accepting.accepted(old)
    draft = accepting.draft_in(new)
    world.suspend(old)
    world.restore(old)
    assert [step.step for step in steps_of(world, moving)][-2:] == ["source_changed", "source_changed"]
    assert accepting.decide(draft).act == "transfer_in"


# The decision (C095).


def test_c095_one_more_site_is_an_extension_and_no_transfer(world, accepting, old):
    _, new = accepting.accepted(old)
    annex = accepting.add_site("Annex")
    draft = accepting.draft_in(new, certificate=accepting.wanted(site_ids=(accepting.site, annex)))
    with refused("transfer_widens_scope"):
        accepting.decide(draft)


@pytest.mark.parametrize(
    ("days_later", "code"), [(3 * 365, "validity_beyond_maximum"), (1000, "transfer_moves_the_end")]
)
def test_c095_a_transfer_does_not_restart_the_three_years(world, accepting, days_later, code):
    ends, later = world.ago(-30), world.ago(-30 - days_later)
    old = world.grant(f"T-{next(NUMBERS):04}", certificate=world.wanted(last_valid_day=ends)).public_id
    _, new = accepting.accepted(old)
    draft = accepting.draft_in(new, certificate=accepting.wanted(last_valid_day=later))
    with refused(code):
        accepting.decide(draft)


@pytest.mark.parametrize("wider", [{"areas": ("robotics", "generative")}, {"roles": ("provider", "producer")}])
def test_c095_more_codes_are_no_transfer(world, accepting, old, wider):
    _, new = accepting.accepted(old)
    draft = accepting.draft_in(new, certificate=accepting.wanted(**wider))
    with refused("transfer_widens_scope"):
        accepting.decide(draft)


@pytest.mark.parametrize("matched", ["nothing", "another site", "another country"])
def test_each_site_is_matched_with_one_of_the_old_certificate(world, accepting, old, matched):
    abroad = accepting.add_site("Office", "US")
    sites = {
        "nothing": {},
        "another site": {accepting.site: str(world.laboratory)},
        "another country": {abroad: str(world.head_office)},
    }[matched]
    applied = accepting.apply()
    moving = accepting.open(old, applied=applied)
    accepting.release(moving)
    accepting.review(moving, sites=sites)
    chosen = abroad if matched == "another country" else accepting.site
    draft = accepting.draft_in(accepting.certification_of(applied), certificate=accepting.wanted(site_ids=(chosen,)))
    with refused("transfer_widens_scope"):
        accepting.decide(draft)


def test_another_holder_is_not_taken_over(world, old):
    other = Accepting(world, name="Body of another client", number=f"FA-{next(NUMBERS):04}")
    other.organisation = organisations.register_organisation(
        world.registry,
        other.actor,
        names=(organisations.OrganisationName("Another K.K.", "en", "Latn", "register"),),
        country="JP",
        identifiers=(("jp_corporate_number", "7000000000002"),),
    )
    other.site = other.add_site("Head office")
    _, new = other.accepted(old)
    with refused("transfer_of_another_holder"):
        other.take_over(new)


def test_a_certificate_that_would_have_begun_already_cannot_be_closed_in_time(world, accepting, old):
    _, new = accepting.accepted(old)
    draft = accepting.draft_in(new, effective_on=world.today)
    with refused("transfer_begins_too_early"):
        accepting.decide(draft)


def test_it_does_not_begin_before_the_day_that_the_issuing_body_planned(world, accepting, old):
    applied = accepting.apply()
    moving = accepting.open(old, applied=applied)
    accepting.release(moving, planned_day=world.ago(-5))
    accepting.review(moving)
    new = accepting.certification_of(applied)
    early, in_time = accepting.draft_in(new, effective_on=world.ago(-4)), accepting.draft_in(new, effective_on=world.ago(-5))  # fmt: skip
    with refused("transfer_begins_too_early"):
        accepting.decide(early)
    assert accepting.decide(in_time).act == "transfer_in"


def test_nothing_is_drafted_that_was_not_given_over_and_reviewed(world, accepting, old):
    applied = accepting.apply()
    new = accepting.certification_of(applied)
    with refused("no_open_transfer", "/certification"):
        accepting.draft_in(new)
    moving = accepting.open(old, applied=applied)
    with refused("transfer_not_released", "/certification"):
        accepting.draft_in(new)
    accepting.release(moving)
    with refused("transfer_not_reviewed", "/certification"):
        accepting.draft_in(new)


def test_a_suspension_before_the_decision_stops_it(world, accepting, old):
    _, new = accepting.accepted(old)
    draft = accepting.draft_in(new)
    world.suspend(old)
    with refused("transfer_of_suspended"):
        accepting.decide(draft)


# Closing, issuing.


def test_the_issuing_body_does_not_close_before_the_other_has_decided(world, accepting, old):
    draft = world.draft(old, "transfer_out")
    with refused("no_open_transfer"):
        world.confirm(draft)
    accepting.accepted(old)
    with refused("transfer_not_decided"):
        world.confirm(draft)


def test_the_issuing_body_closes_at_no_other_instant(world, accepting, old):
    _, new = accepting.accepted(old)
    draft = world.draft(old, "transfer_out")
    accepting.take_over(new)
    with refused("closes_at_another_instant"):
        world.confirm(draft)


def test_a_suspension_before_the_closing_stops_the_issue(world, accepting, old):
    _, new = accepting.accepted(old)
    decided = accepting.take_over(new)
    world.suspend(old)
    with refused("no_such_transition"):
        world.decide(old, "transfer_out")
    with refused("transfer_of_suspended"):
        accepting.issue(decided)


def test_only_the_newest_decision_is_carried_out(world, accepting, old):
    _, new = accepting.accepted(old)
    first = accepting.take_over(new)
    second = accepting.take_over(new, effective_on=world.ago(-3))
    world.decide(old, "transfer_out")
    with refused("no_open_transfer"):
        accepting.issue(first)
    assert accepting.issue(second).version_no == 1


def test_an_annulment_after_the_closing_stops_the_issue(world, accepting, old):
    moving, new = accepting.accepted(old)
    decided = accepting.take_over(new)
    world.decide(old, "transfer_out")
    world.annul(old)
    with refused("transfer_of_ended"):
        accepting.issue(decided)
    assert steps_of(world, moving)[-1].content["act"] == "annul"


def test_what_was_withdrawn_is_not_issued(world, accepting, old):
    moving, new = accepting.accepted(old)
    decided = accepting.take_over(new)
    accepting.withdraw(moving)
    with refused("no_open_transfer"):
        accepting.issue(decided)


# The way back.


def test_what_was_closed_for_a_transfer_that_failed_is_taken_back_with_a_new_version(world, accepting, old):
    moving, new = accepting.accepted(old)
    decided = accepting.take_over(new)
    world.decide(old, "transfer_out")
    with refused("transfer_not_failed"):
        world.decide(old, "overturn_transfer", annuls=2)
    accepting.withdraw(moving, "issue_failed")
    back = world.issue(world.decide(old, "overturn_transfer", annuls=2))
    assert back.version_no == 2
    assert standing_of(world, old)[-1] == ("overturn_transfer", "active")
    assert state_of(world, moving) == "taken_back"
    with refused("no_open_transfer"):
        accepting.issue(decided)


def test_after_the_way_back_the_certificate_may_move_again(world, accepting, old):
    moving, new = accepting.accepted(old)
    accepting.take_over(new)
    world.decide(old, "transfer_out")
    accepting.withdraw(moving, "issue_failed")
    world.issue(world.decide(old, "overturn_transfer", annuls=2))
    assert state_of(world, accepting.open(old)) == "opened"


def test_what_was_completed_is_not_taken_back(world, accepting, old):
    _, new = accepting.accepted(old)
    decided = accepting.take_over(new)
    world.decide(old, "transfer_out")
    accepting.issue(decided)
    with refused("transfer_not_failed"):
        world.decide(old, "overturn_transfer", annuls=2)


def test_the_bit_of_what_was_closed_stays_set(world, accepting, old):
    moving, new = accepting.accepted(old)
    accepting.take_over(new)
    world.decide(old, "transfer_out")
    accepting.withdraw(moving, "issue_failed")
    world.issue(world.decide(old, "overturn_transfer", annuls=2))
    revoked = rows(
        world,
        "SELECT v.version_no FROM akashi.certificate_version v "
        "JOIN akashi.certification c ON c.id = v.certification_id "
        "JOIN akashi.issuance_reservation i ON i.reservation_id = v.envelope_id "
        "JOIN akashi.status_bit b ON b.list_no = i.revocation_list AND b.position = i.revocation_position "
        "WHERE c.public_id = %(o)s",
        o=old,
    )
    assert [row.version_no for row in revoked] == [1]


# From a body outside.


@pytest.fixture
def outside(world) -> OutsideCertificate:
    return OutsideCertificate(
        body_names=(("Elsewhere Registrars", "en"),),
        country="US",
        number="ER-77",
        document="ISO/IEC 42001:2023",
        areas=("robotics",),
        roles=("provider",),
        sites=(PreviousSite("Head office, Tokyo", "JP"),),
        initially_certified_on=world.ago(400),
        cycle_started_on=world.ago(400),
        last_valid_day=world.ago(-600),
        arrangement="gac-mra",
    )


def from_outside(accepting, outside, **said):
    applied = accepting.apply()
    moving = accepting.open(outside, applied=applied)
    accepting.review(moving, sites={accepting.site: "Head office, Tokyo"}, **said)
    return moving, accepting.certification_of(applied)


def test_a_certificate_of_a_body_outside_is_taken_over_as_data(world, accepting, outside):
    moving, new = from_outside(accepting, replace(outside, number="ER-1"))
    decided = accepting.take_over(new, effective_on=world.today)
    assert accepting.issue(decided).version_no == 1
    facts = facts_of(world, decided)
    assert (facts.previous.basis, facts.previous.number, facts.previous.certificate_id) == ("outside", "ER-1", None)
    assert facts.cycle.initially_certified_on == world.ago(400)
    assert facts.validity.last_valid_day == world.ago(-600)
    assert state_of(world, moving) == "completed"


@pytest.mark.parametrize("arrangement", [None, "iaf-mla", "self-made"])
def test_a_certificate_from_outside_names_an_arrangement_that_holds(world, accepting, outside, arrangement):
    """The IAF MLA ended with 2025; look-alike networks are none (finding 10)."""
    _, new = from_outside(accepting, replace(outside, number=f"ER-{arrangement}", arrangement=arrangement))
    draft = accepting.draft_in(new, effective_on=world.today)
    with refused("transfer_not_recognised"):
        accepting.decide(draft)


def test_c095_holds_for_a_certificate_from_outside(world, accepting, outside):
    _, new = from_outside(accepting, replace(outside, number="ER-2"))
    annex = accepting.add_site("Another annex")
    wider = accepting.draft_in(new, certificate=accepting.wanted(site_ids=(accepting.site, annex)))
    longer = accepting.draft_in(new, certificate=accepting.wanted(last_valid_day=world.ago(-900)))
    with refused("transfer_widens_scope"):
        accepting.decide(wider)
    with refused("transfer_moves_the_end"):
        accepting.decide(longer)


def test_an_expired_certificate_from_outside_is_not_taken_over(world, accepting, outside):
    with refused("transfer_of_expired"):
        accepting.open(replace(outside, number="ER-3", last_valid_day=world.ago(1)))


def test_a_certificate_from_outside_is_taken_over_once(world, accepting, outside):
    accepting.open(replace(outside, number="ER-4"))
    with refused("transfer_already_open"):
        accepting.open(replace(outside, number="ER-4"))


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"country": "usa"}, "malformed_country", "/previous/country"),
        ({"body_names": ()}, "value_refused", "/previous"),
        ({"sites": (PreviousSite("x", "Japan"),)}, "malformed_country", "/previous/sites/0/country"),
        ({"body_names": (("X", "English"),)}, "malformed_language", "/previous/body_names/0/language"),
        ({"cycle_started_on": date(2090, 1, 1)}, "cycle_out_of_order", "/previous/cycle_started_on"),
    ],
)
def test_what_a_certificate_from_outside_says_is_well_formed(accepting, outside, change, code, field):
    with refused(code, field):
        accepting.open(replace(outside, **change))


def test_the_document_of_the_closing_names_the_instant(world, accepting, old):
    _, new = accepting.accepted(old)
    accepting.take_over(new)
    document = parse_object(world.draft(old, "transfer_out").document, max_bytes=65536)
    assert document["effective_at"] == f"{world.today.isoformat()}T15:00:00Z"
    assert document["effective_on"] == world.ago(-1).isoformat()
