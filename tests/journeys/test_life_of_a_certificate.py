"""The life of certificates from end to end, through the acts: after each act every way of verifying says so."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from app.credentials.jws import split_jws
from app.credentials.strict_json import parse_object
from app.registry import verification
from app.registry.accreditation import Sanction
from app.registry.agreement import FIELDS
from app.registry.status_publication import republish_stale
from app.registry.versions import version_answer
from tests.support.acts import refused
from tests.support.service import Service
from tests.support.ways import ask
from tests.support.world import World


def codes(report):
    """The notices, apart from the one that tells of the tests' own anchors."""
    return [notice.code for notice in report.notices if notice.code != "development_anchors"]


def check(report, name):
    return next(check for check in report.checks if check.name == name)


def later(world, **interval):
    """Time passes, and the jobs publish what has gone stale."""
    world.set_clock(world.now() + timedelta(**interval))
    republish_stale(world.registry)


# --- One certificate from its grant to its annulment ---


def test_a_certificate_is_granted_suspended_restored_amended_withdrawn_and_annulled(world):
    public_id = world.grant().public_id
    report = ask(world, public_id)
    assert (report.verdict, report.version, codes(report)) == ("valid", 1, [])
    assert all(check.result == "passed" for check in report.checks)

    until = world.ago(-30)
    world.suspend(public_id, until=until)
    report = ask(world, public_id)
    assert (report.verdict, report.standing.state, report.standing.until) == (
        "not_currently_valid",
        "suspended",
        until,
    )

    world.restore(public_id)
    report = ask(world, public_id)
    assert (report.verdict, report.standing.state, report.standing.act) == ("valid", "active", "restore")

    world.rename("Kasumi Robotics Holdings K.K.")
    world.amend(public_id)
    report = ask(world, public_id)
    assert (report.verdict, report.version) == ("valid", 2)
    assert report.holder.names[-1].name == "Kasumi Robotics Holdings K.K."

    world.withdraw(public_id)
    report = ask(world, public_id)
    assert (report.verdict, report.standing.state) == ("no_longer_valid", "withdrawn")

    world.annul(public_id)
    report = ask(world, public_id)
    assert (report.verdict, report.standing.state) == ("never_valid", "annulled")
    assert [event.act for event in report.standing.events] == [
        "grant",
        "suspend",
        "restore",
        "amend",
        "withdraw",
        "annul",
    ]


def test_a_superseded_version_names_the_current_one_and_what_differs(world):
    public_id = world.grant().public_id
    world.rename("Kasumi Robotics Holdings K.K.")
    world.amend(public_id)

    published, first = version_answer(world.registry, public_id, 1)

    assert published.report.verdict == "valid_with_notice"
    assert codes(published.report) == ["superseded"]
    assert check(published.report, "version").code == "superseded"
    assert first.current == 2
    assert [difference.field for difference in first.differences] == ["holder.names"]


def test_a_cancellation_ends_a_certificate_at_the_holder_s_request(world):
    public_id = world.grant().public_id
    world.cancel(public_id)
    report = ask(world, public_id)
    assert (report.verdict, report.standing.state) == ("no_longer_valid", "cancelled")


def test_a_restored_certificate_is_in_force_and_keeps_its_gap(world):
    public_id = world.grant().public_id
    world.suspend(public_id)
    world.restore(public_id)
    report = ask(world, public_id)
    assert [event.act for event in report.standing.events] == ["grant", "suspend", "restore"]
    assert report.standing.since == report.standing.events[-1].effective_at


# --- Time passes ---


def test_a_certificate_that_is_not_in_force_yet_is_pending(world):
    public_id = world.grant(effective_on=world.ago(-10)).public_id
    report = ask(world, public_id)
    assert (report.verdict, report.standing.state) == ("not_currently_valid", "pending")
    later(world, days=10)
    assert ask(world, public_id).verdict == "valid"


def test_a_certificate_expires_by_the_clock_and_by_no_act(world):
    public_id = world.grant(certificate=world.wanted(last_valid_day=world.ago(-60))).public_id
    later(world, days=59)
    assert ask(world, public_id).verdict == "valid"
    later(world, days=2)
    report = ask(world, public_id)
    assert (report.verdict, report.standing.state) == ("no_longer_valid", "expired")
    assert len(report.standing.events) == 1


def test_what_expired_is_restored_within_six_months_and_its_gap_stays_for_ever(world):
    """17021-1 9.6.3.2: a new version from the day of the restoration; nothing was in force in between."""
    public_id = world.grant(certificate=world.wanted(last_valid_day=world.ago(-60))).public_id
    ended = world.ago(-60)
    later(world, days=100)
    audited = world.audit(public_id, "recertification", last_day=world.ago(2))
    restored = world.issue(
        world.decide(
            public_id,
            "restore_expired",
            relied_on=(audited.id,),
            accreditations=(world.known_accreditation,),
            certificate=world.wanted(),
        )
    )

    report = ask(world, public_id)

    assert (restored.version_no, report.verdict, report.standing.act) == (2, "valid", "restore_expired")
    assert report.cycle.previous_ended_on == ended
    between = verification.verify(world.registry, public_id, at=world.now() - timedelta(days=20))
    assert (between.verdict, between.standing.state) == ("no_longer_valid", "expired")


def test_a_suspension_whose_time_is_over_is_still_a_suspension_and_says_that_it_is_overdue(world):
    public_id = world.grant().public_id
    world.suspend(public_id, until=world.ago(-5))
    later(world, days=6)
    report = ask(world, public_id)
    assert (report.verdict, report.standing.state, codes(report)) == (
        "not_currently_valid",
        "suspended",
        ["suspension_overdue"],
    )


def test_a_suspended_certificate_that_expires_is_expired(world):
    public_id = world.grant(certificate=world.wanted(last_valid_day=world.ago(-20))).public_id
    world.suspend(public_id)
    later(world, days=21)
    report = ask(world, public_id)
    assert (report.verdict, report.standing.state) == ("no_longer_valid", "expired")


def test_an_amendment_for_a_later_day_is_announced_and_then_current(world):
    public_id = world.grant().public_id
    world.rename("Kasumi Robotics Holdings K.K.", last_day=world.ago(-2))
    world.amend(public_id, effective_on=world.ago(-3))
    report = ask(world, public_id)
    assert (report.verdict, report.version, codes(report)) == ("valid", 1, ["version_pending", "event_pending"])
    later(world, days=3)
    assert ask(world, public_id).version == 2


def test_a_decision_recorded_late_is_shown_as_such(world):
    opened = world.open()
    granted = world.issue(
        world.decide_grant(
            opened.public_id,
            (
                (first := world.audit(opened.public_id, "stage_1", last_day=world.ago(60))).id,
                world.audit(opened.public_id, "stage_2", last_day=world.ago(50), stage_1=first.id).id,
            ),
            on=world.ago(33),
            effective_on=world.today,
            late_reason="the registry was not yet in use",
        )
    )
    report = ask(world, granted.public_id)
    assert (report.verdict, codes(report)) == ("valid_with_notice", ["late_recorded"])


# --- What happens to the accreditation afterwards ---


def test_an_accreditation_suspended_after_the_issue_is_a_notice(world):
    public_id = world.grant().public_id
    world.change_accreditation("suspend", effective_on=world.ago(-1))
    assert ask(world, public_id).verdict == "valid"
    later(world, days=1)
    report = ask(world, public_id)
    assert (report.verdict, codes(report)) == ("valid_with_notice", ["accreditation_suspended"])
    assert [(held.at_decision, held.now) for held in report.accreditations] == [("active", "suspended")]

    world.change_accreditation("restore")
    assert ask(world, public_id).verdict == "valid"


def test_an_accreditation_withdrawn_after_the_issue_is_a_notice(world):
    public_id = world.grant().public_id
    later(world, days=1)
    world.change_accreditation("withdraw")
    report = ask(world, public_id)
    assert (report.verdict, codes(report)) == ("valid_with_notice", ["accreditation_ended", "transfer_until"])


def test_an_accreditation_that_runs_out_is_a_notice(bare_world):
    bare_world.accredit(valid_to=bare_world.ago(-100))
    bare_world.bind_key()
    public_id = bare_world.grant().public_id
    later(bare_world, days=101)
    report = ask(bare_world, public_id)
    assert (report.verdict, codes(report)) == ("valid_with_notice", ["accreditation_ended", "transfer_until"])


@pytest.mark.parametrize(
    ("areas", "verdict"), [(("generative",), "valid"), (("robotics",), "valid_with_notice")], ids=["elsewhere", "here"]
)
def test_a_suspension_of_a_part_concerns_the_certificates_of_that_part_only(world, areas, verdict):
    public_id = world.grant().public_id
    later(world, days=1)
    world.change_accreditation("suspend", sanction=Sanction(whole=False, areas=areas))
    assert ask(world, public_id).verdict == verdict


def test_an_accreditation_suspended_back_to_a_day_before_the_decision_puts_it_outside(world):
    public_id = world.grant().public_id
    world.change_accreditation("suspend", effective_on=world.ago(1))
    report = ask(world, public_id)
    assert (report.verdict, codes(report)) == ("valid_with_notice", ["outside_accreditation", "reached_back"])
    assert check(report, "accreditation_at_decision").result == "failed"


def test_a_grant_that_a_sanction_permitted_says_so(world):
    world.change_accreditation("suspend", sanction=Sanction(permitted_acts=("grant",)))
    report = ask(world, world.grant().public_id)
    assert (report.verdict, "issued_during_sanction" in codes(report)) == ("valid_with_notice", True)


def test_of_two_accreditations_one_carries_on(world):
    first = world.known_accreditation
    second = world.accredit(number="FA-002")
    public_id = world.grant(accreditations=(first, second)).public_id
    assert ask(world, public_id).verdict == "valid"

    world.change_accreditation("withdraw", accreditation=first)

    report = ask(world, public_id)
    assert check(report, "accreditation_now").result == "passed"
    assert {held.number: held.now for held in report.accreditations} == {"FA-001": "withdrawn", "FA-002": "active"}


# --- Several sites, and a holder who does not want to be shown ---


def test_a_certificate_of_several_sites_shows_each(world):
    report = ask(world, world.grant(certificate=world.wanted(site_ids=(world.head_office, world.laboratory))).public_id)
    assert [site.names[0].name for site in report.scope.sites] == ["Head office", "Laboratory"]


def test_a_holder_who_withholds_the_name_is_answered_by_standing_body_and_standard(world):
    public_id = world.grant(
        consented=tuple(field for field in FIELDS if field not in {"holder", "directory"})
    ).public_id
    report = verification.published_report(world.registry, public_id)
    assert (report.verdict, report.confidential, report.holder) == ("valid", True, None)
    assert (report.body.id, report.scheme.document) == (str(world.body), "ISO/IEC 42001:2023")
    for file in (verification.bundle, verification.credential):
        with refused("withheld"):
            file(world.registry, public_id)

    world.withdraw(public_id)
    assert verification.published_report(world.registry, public_id).verdict == "no_longer_valid"


def test_until_it_is_issued_a_public_id_is_unknown(world):
    opened = world.open()
    world.decide_grant(opened.public_id, world.audits(opened.public_id))
    report = verification.published_report(world.registry, opened.public_id)
    assert (report.verdict, report.standing) == ("unknown", None)


# --- Days where the body is ---


@pytest.fixture
def elsewhere(database, key_ring, monkeypatch):
    """A world whose bodies live in another time zone, beginning at an instant."""
    made = []

    def begin(zone, start):
        monkeypatch.setattr("tests.support.world.ZONE", zone)
        world = World(database, key_ring, start=start)
        world.accredit()
        world.bind_key()
        made.append(world)
        return world

    yield begin
    for world in made:
        world.close()


KIRITIMATI = SimpleNamespace(zone="Pacific/Kiritimati", morning=datetime(2028, 2, 28, 11, tzinfo=UTC))
ADAK = SimpleNamespace(zone="America/Adak", morning=datetime(2028, 3, 1, 8, tzinfo=UTC))


@pytest.mark.parametrize("place", [KIRITIMATI, ADAK], ids=["first_on_earth", "last_on_earth"])
def test_a_leap_day_s_certificate_lasts_three_calendar_years_where_the_body_is(elsewhere, place):
    """C034: from 29 February 2028 for 36 months to 28 February 2031, never to 1 March, whatever day UTC has."""
    world = elsewhere(place.zone, place.morning)
    assert world.today == date(2028, 2, 29)

    validity = ask(world, world.grant().public_id).validity

    zone = ZoneInfo(place.zone)
    assert (validity.effective_on, validity.last_valid_day) == (date(2028, 2, 29), date(2031, 2, 28))
    assert validity.valid_from == datetime(2028, 2, 29, tzinfo=zone)
    assert validity.valid_until == datetime(2031, 3, 1, tzinfo=zone)


def test_the_day_before_the_leap_day_ends_a_period_the_day_before(elsewhere):
    """C034: from 28 February 2028 for 36 months to 27 February 2031."""
    world = elsewhere(ADAK.zone, ADAK.morning - timedelta(days=1))
    assert ask(world, world.grant().public_id).validity.last_valid_day == date(2031, 2, 27)


@pytest.mark.parametrize("place", [KIRITIMATI, ADAK], ids=["first_on_earth", "last_on_earth"])
def test_tomorrow_is_tomorrow_where_the_body_is(elsewhere, place):
    """C037: a decision is dated by the body's own calendar, not by that of UTC."""
    world = elsewhere(place.zone, place.morning)
    granted = world.grant()
    draft = world.draft(granted.public_id, "cancel", on=date(2028, 3, 1), reason=("holder_request", "x"))
    with refused("decided_in_the_future"):
        world.confirm(draft)


def test_a_day_of_decision_is_shown_and_signed_as_that_day_with_its_zone(elsewhere):
    """C037: decided on 1 April 2027 at eight in the morning in Tokyo, when UTC still has 31 March."""
    world = elsewhere("Asia/Tokyo", datetime(2027, 3, 31, 23, tzinfo=UTC))
    report = ask(world, world.grant().public_id)
    assert (report.validity.decided_on, report.validity.time_zone) == (date(2027, 4, 1), "Asia/Tokyo")


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Adak"])
def test_three_years_from_1_march_2027_last_through_28_february_2030(elsewhere, zone):
    """C035, C038: calendar months, one rule for limit, report and credential; the last day counts to its end."""
    first_day = datetime(2027, 3, 1, 9, tzinfo=ZoneInfo(zone))
    world = elsewhere(zone, first_day)
    opened = world.open()
    audits = world.audits(opened.public_id)
    beyond = world.draft(
        opened.public_id,
        "grant",
        relied_on=audits,
        accreditations=(world.known_accreditation,),
        certificate=world.wanted(last_valid_day=date(2030, 3, 1)),
    )
    with refused("validity_beyond_maximum"):
        world.confirm(beyond)
    public_id = world.issue(world.decide_grant(opened.public_id, audits)).public_id
    assert ask(world, public_id).validity.last_valid_day == date(2030, 2, 28)

    end = datetime(2030, 3, 1, tzinfo=ZoneInfo(zone))
    world.set_clock(end - timedelta(minutes=5))
    republish_stale(world.registry)
    assert ask(world, public_id).standing.state == "active"

    world.set_clock(end)
    report = ask(world, public_id)
    assert (report.verdict, report.standing.since) == ("no_longer_valid", end)


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Adak"])
def test_the_last_valid_day_is_stated_on_the_page_and_signed_as_the_start_of_the_next(elsewhere, zone):
    """C038: effective on 1 March 2027 for 36 months; asked on 28 February and on 1 March 2030, where the body is."""
    world = elsewhere(zone, datetime(2027, 3, 1, 9, tzinfo=ZoneInfo(zone)))
    issued = world.grant()
    end = datetime(2030, 3, 1, tzinfo=ZoneInfo(zone))
    signed = parse_object(split_jws(issued.credential).payload, max_bytes=1_000_000)
    assert datetime.fromisoformat(signed["validUntil"]) == end
    door = Service(world)

    world.set_clock(end - timedelta(minutes=5))
    republish_stale(world.registry)
    page = door.get(f"/en/c/{issued.public_id}").text
    assert 'Last valid day <time datetime="2030-02-28">28 February 2030</time>, included (today)' in page
    assert '<span class="word">Valid' in page

    world.set_clock(end)
    page = door.get(f"/en/c/{issued.public_id}").text
    assert '<span class="word">Expired.</span>' in page
    assert "included (yesterday)" in page


def test_a_suspension_begins_where_the_accreditation_body_is(elsewhere):
    """C037: a statement of 2 March counts from the first instant of that day in its own zone."""
    world = elsewhere(KIRITIMATI.zone, datetime(2028, 3, 1, 8, tzinfo=UTC))
    public_id = world.grant().public_id
    world.change_accreditation("suspend", effective_on=date(2028, 3, 2))
    assert ask(world, public_id).verdict == "valid"

    world.set_clock(datetime(2028, 3, 1, 10, tzinfo=UTC))

    report = ask(world, public_id)
    assert (report.verdict, codes(report)) == ("valid_with_notice", ["accreditation_suspended"])


def test_two_bodies_on_both_sides_of_the_date_line_each_count_by_their_own_day(elsewhere, monkeypatch):
    """C037: suspended since 1 March where it is 1 March; a decision of 29 February, where it still is, comes too late."""
    world = elsewhere(KIRITIMATI.zone, ADAK.morning)
    monkeypatch.setattr("tests.support.world.ZONE", ADAK.zone)
    key = world.keys.create()
    world.body, world.actor = world.add_certification_body("Adak Certification", key)
    world.auditor = world.add_person(world.actor, "auditor")
    world.reviewer = world.add_person(world.actor, "reviewer")
    world.decider = world.add_person(world.actor, "decider")
    world.accredit(number="FA-002")
    world.bind_key(key.thumbprint)
    opened = world.open()
    audits = world.audits(opened.public_id)
    world.change_accreditation("suspend", effective_on=date(2028, 3, 1))

    assert world.today == date(2028, 2, 29)
    with refused("accreditation_suspended_now"):
        world.decide_grant(opened.public_id, audits)
