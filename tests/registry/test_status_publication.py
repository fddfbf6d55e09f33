"""Status lists: published before the act answers, never behind the event they follow, and anew before they end."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from app.credentials.jws import check_jws, split_jws
from app.credentials.strict_json import parse_object
from app.registry.decision import record_event
from app.registry.sealing import seal_act
from app.registry.status_publication import list_name, newest_publications, republish_stale, republish_status
from app.registry.verification import published_report
from app.status.bitstring import Bitstring
from app.status.list_credential import read_status_list
from app.storage import certifications, publications
from app.storage.database import now
from tests.support.acts import begin_decision, count, refused, rows, tamper
from tests.support.world import BASE_URL

REVOCATION, SUSPENSION, REFRESH = 1, 2, 3
PURPOSES = {REVOCATION: "revocation", SUSPENSION: "suspension", REFRESH: "refresh"}


def newest(world, number):
    """The newest publication of a list, checked as a stranger would."""
    with world.database.transaction("reader") as connection:
        row = publications.latest(connection, list_name(number))
    payload = check_jws(split_jws(row.content.decode()), world.ring.publication.public_key).payload
    return read_status_list(
        parse_object(payload, max_bytes=1 << 20),
        purpose=PURPOSES[number],
        address=f"{BASE_URL}/status/{number}",
        at=world.now(),
    )


def position(world, version_no, purpose):
    (row,) = rows(
        world,
        f"SELECT {purpose}_position AS place FROM akashi.issuance_reservation WHERE version_no = %(v)s",
        v=version_no,
    )
    return row.place


def bit(world, number, version_no=1):
    return newest(world, number).bits.get(position(world, version_no, PURPOSES[number]))


def bits(world, version_no=1):
    return [PURPOSES[number] for number in PURPOSES if bit(world, number, version_no)]


def last_event(world):
    return rows(world, "SELECT max(recorded_at) AS at FROM akashi.standing_event")[0].at


# --- Each act shows in the lists before it answers ---


def test_a_certificate_in_force_has_no_bit_set(world):
    world.grant()
    assert bits(world) == []


def test_a_suspension_sets_its_bit_and_a_restoration_clears_it(world):
    granted = world.grant()
    world.suspend(granted.public_id)
    assert bits(world) == ["suspension"]
    world.restore(granted.public_id)
    assert bits(world) == []


@pytest.mark.parametrize("act", ["withdraw", "cancel", "annul"])
def test_an_end_sets_the_revocation_bit(world, act):
    granted = world.grant()
    getattr(world, act)(granted.public_id)
    assert bits(world) == ["revocation"]


def test_an_amendment_asks_to_refresh_the_version_before(world):
    granted = world.grant()
    world.amend(granted.public_id)
    assert (bits(world, 1), bits(world, 2)) == (["refresh"], [])


def test_a_suspension_applies_to_every_version(world):
    granted = world.grant()
    world.amend(granted.public_id)
    world.suspend(granted.public_id)
    assert (bits(world, 1), bits(world, 2)) == (["suspension", "refresh"], ["suspension"])


def test_a_list_is_never_older_than_the_event_it_follows(world):
    granted = world.grant()
    for act in (world.suspend, world.restore, world.withdraw):
        act(granted.public_id)
        published = rows(world, "SELECT max(recorded_at) AS at FROM akashi.publication GROUP BY name")
        assert len(published) == 3
        assert min(row.at for row in published) >= last_event(world)
        assert published_report(world.registry, granted.public_id).checks[8].code == "agree"


def test_every_publication_is_numbered_and_kept(world):
    granted = world.grant()
    world.suspend(granted.public_id)
    kept = rows(world, "SELECT number FROM akashi.publication WHERE name = 'status/1' ORDER BY number")
    assert [row.number for row in kept] == list(range(1, len(kept) + 1))
    assert len(kept) >= 2


def test_a_list_counts_for_a_day(world):
    world.grant()
    found = newest(world, SUSPENSION)
    assert found.valid_until - found.valid_from == timedelta(hours=24)


# --- What goes on from the lists before says what all events say ---


def all_bits(world):
    """Every list as it was published, beside what all versions and events say."""
    with world.database.transaction("jobs") as connection:
        found = publications.set_bits(connection)
    published = [newest(world, number).bits for number in PURPOSES]
    said = [Bitstring(len(bits)) for bits in published]
    for number, bits in zip(PURPOSES, said, strict=True):
        bits.set(*found.get(number, ()))
    return published, said


def test_a_list_that_goes_on_from_the_one_before_is_the_list_of_all_events(world):
    republish_status(world.registry)
    first, second = world.grant("FC-0001"), world.grant("FC-0002")
    for act in (world.suspend, world.amend, world.restore, world.amend, world.withdraw):
        act(first.public_id)
        published, said = all_bits(world)
        assert published == said
    world.suspend(second.public_id, effective_on=world.ago(-1))
    world.set_clock(world.now() + timedelta(hours=23, minutes=59))
    republish_status(world.registry)
    published, said = all_bits(world)
    assert published == said


def test_a_suspension_bit_goes_with_the_version_s_last_day(world):
    granted = world.grant(certificate=world.wanted(last_valid_day=world.ago(-1)))
    world.suspend(granted.public_id, until=world.ago(-1))
    assert bits(world) == ["suspension"]
    for _ in range(3):
        world.set_clock(world.now() + timedelta(hours=16))
        republish_status(world.registry)
    assert bits(world) == []


def test_a_bit_that_nothing_explains_is_gone_when_all_are_found_anew(world):
    granted = world.grant()
    withdrawn = world.grant("FC-0002")
    world.withdraw(withdrawn.public_id)
    tamper(world, "DELETE FROM akashi.standing_event WHERE act = 'withdraw'")
    republish_status(world.registry)
    assert newest(world, REVOCATION).bits != Bitstring(131072)
    republish_status(world.registry, anew=True)
    assert newest(world, REVOCATION).bits == Bitstring(131072)
    assert published_report(world.registry, granted.public_id).verdict == "valid"


def test_lists_that_no_longer_count_are_found_anew(world):
    granted = world.grant()
    world.set_clock(world.now() + timedelta(hours=25))
    world.suspend(granted.public_id)
    assert bits(world) == ["suspension"]


# --- Concurrency ---


def test_an_act_does_not_wait_for_a_publisher_that_hangs(world):
    granted = world.grant()
    with world.database.transaction("jobs") as connection:
        publications.lock_publishing(connection)
        assert not republish_status(world.registry)
    assert republish_status(world.registry)
    assert published_report(world.registry, granted.public_id).verdict == "valid"


def test_a_failure_that_is_not_a_matter_of_time_is_told(world):
    tamper(world, "REVOKE INSERT ON akashi.publication FROM akashi_jobs")
    with refused("unknown_reference"):
        republish_status(world.registry)


def test_a_list_waits_for_an_event_that_has_an_earlier_time_and_is_not_committed(world):
    """Else a list could be newer than an event that it does not show, and contradict it."""
    granted = world.grant()
    draft = world.draft(granted.public_id, "withdraw", reason=("agreement_broken", "x"))
    act = begin_decision(world, draft)
    recorded, go_on = threading.Event(), threading.Event()

    def record_and_wait(connection, sealed):
        decided = certifications.find_decision(connection, world.body, draft.id)
        record_event(connection, world.body, decided, sealed["akashi-standing-event-1"])
        recorded.set()
        go_on.wait(5)

    sealing = threading.Thread(target=seal_act, args=(world.registry, world.body, act, record_and_wait))
    sealing.start()
    recorded.wait(5)
    before = count(world, "publication")
    publishing = threading.Thread(target=republish_status, args=(world.registry,))
    publishing.start()
    publishing.join(0.3)
    assert (publishing.is_alive(), count(world, "publication")) == (True, before)

    go_on.set()
    sealing.join(5)
    publishing.join(5)

    assert count(world, "publication") == before + 3
    assert bits(world) == ["revocation"]


# --- What went stale ---


def test_what_is_fresh_is_not_published_again(world):
    world.grant()
    before = count(world, "publication")
    assert not republish_stale(world.registry)
    assert count(world, "publication") == before


def test_lists_are_published_where_there_are_none(world):
    assert republish_stale(world.registry)
    assert count(world, "publication") == 3


def test_lists_are_published_anew_while_they_still_count(world):
    world.grant()
    world.set_clock(world.now() + timedelta(hours=19))
    assert republish_stale(world.registry)
    assert newest(world, REVOCATION).valid_until > world.now() + timedelta(hours=23)


def test_a_crash_between_commit_and_publication_is_made_good(world):
    granted = world.grant()
    with world.database.transaction("jobs") as connection:
        publications.lock_publishing(connection)  # the act gives up waiting, as if it had died
        world.suspend(granted.public_id)
    assert bits(world) == []
    assert republish_stale(world.registry)
    assert bits(world) == ["suspension"]


def test_a_suspension_that_takes_effect_later_is_published_then(world):
    granted = world.grant()
    world.suspend(granted.public_id, effective_on=world.ago(-1))
    assert bits(world) == []
    world.set_clock(world.now() + timedelta(hours=24))
    assert republish_stale(world.registry)
    assert bits(world) == ["suspension"]


def test_the_database_s_clock_dates_a_list(world):
    world.set_clock(world.now() + timedelta(days=40))
    republish_status(world.registry)
    with world.database.transaction("jobs") as connection:
        assert newest(world, REFRESH).valid_from <= now(connection)
    assert newest(world, REFRESH).valid_from > world.start + timedelta(days=39)


def test_the_newest_publications_are_told_with_their_ends(world):
    world.grant()
    told = newest_publications(world.registry)
    assert {one.name for one in told} == {"status/1", "status/2", "status/3"}
    assert all(one.valid_until - one.recorded_at < timedelta(hours=24, seconds=1) for one in told)
