"""Answers about the past do not change when new facts arrive; where later facts reach back, both answers are told.

At moments of a random life everything that anyone may ask about a time is asked, by what is known at that time; the
life goes on; then the same is asked again about the same times.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.registry.status_publication import republish_status
from tests.support.gallery import overturn
from tests.support.service import Service
from tests.support.transfers import Accepting

STEPS = 7


def stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def answers(service: Service, public_id: str, query: str) -> dict[str, Any]:
    """All that can be asked about a time."""
    world = service.world
    addresses = (
        f"/v1/certificates/{public_id}/verification",
        f"/v1/certificates/{public_id}/versions",
        f"/v1/certificates/{public_id}/events",
        f"/v1/accreditations/{world.accreditation}",
        f"/v1/bodies/{world.body}",
        f"/v1/bodies/{world.accreditation_body}",
        "/v1/bodies",
        "/v1/certificates",
        "/v1/certificates?q=Robotics",
    )
    said = {}
    for address in addresses:
        answer = service.get(f"{address}{'&' if '?' in address else '?'}{query}")
        assert answer.status_code == 200, (address, answer.text)
        said[address] = answer.json()
        said[address].pop("checked_at", None)  # the time of asking, and of nothing else
    return said


def possible(service: Service, public_id: str) -> list[Callable[[], object]]:
    """What may happen next to the certificate, and around it."""
    world = service.world
    state = service.verification(public_id)["standing"]["state"]
    accredited = service.get(f"/v1/accreditations/{world.accreditation}").json()["status"]
    around: list[Callable[[], object]] = [
        lambda: world.grant(f"FC-{world.now():%H%M%S%f}"),
        lambda: world.add_certification_body(f"Body {world.now():%H%M%S%f}"),
    ]
    if accredited == "active":
        around.append(lambda: world.change_accreditation("suspend", effective_on=world.today))
    else:
        return [lambda: world.change_accreditation("restore")]
    about = {
        "active": [
            lambda: world.suspend(public_id),
            lambda: world.amend(public_id),
            lambda: world.withdraw(public_id),
        ],
        "suspended": [lambda: world.restore(public_id), lambda: world.annul(public_id)],
        "withdrawn": [lambda: world.annul(public_id)],
    }
    return around + about.get(state, [])


@pytest.mark.parametrize("seed", [1, 2])
def test_what_was_known_at_a_time_is_answered_alike_for_ever(service, seed):
    """records §9: every answer with `known_at` in the past is the same after any further facts."""
    chance = random.Random(seed)
    world = service.world
    public_id = world.grant().public_id
    kept: dict[str, dict[str, Any]] = {}
    for _ in range(STEPS):
        republish_status(service.registry)  # as a round of upkeep does all day
        query = f"known_at={stamp(world.now())}"
        world.set_clock(world.now() + timedelta(hours=chance.randint(1, 23), minutes=chance.randint(0, 59)))
        kept[query] = answers(service, public_id, query)
        chance.choice(possible(service, public_id))()
    for query, said in kept.items():
        assert answers(service, public_id, query) == said


def test_an_annulment_tells_both_answers_about_the_time_before_it_was_known(service):
    """domain §9: effective from the beginning; what this registry showed until then is never rewritten."""
    world = service.world
    public_id = world.grant().public_id
    then = stamp(world.now())
    world.set_clock(world.now() + timedelta(days=3))
    world.annul(public_id)
    address = f"/v1/certificates/{public_id}/verification"
    known_then = service.get(f"{address}?at={then}&known_at={then}").json()
    by_now = service.get(f"{address}?at={then}").json()
    assert (known_then["verdict"], known_then["known_then"]) == ("valid", None)
    assert (by_now["verdict"], by_now["known_then"]["verdict"]) == ("never_valid", "valid")
    assert by_now["known_then"]["summary"] == known_then["summary"]
    history = service.get(f"/v1/certificates/{public_id}/events?at={then}").json()
    assert (history["state"], history["known_then"]["state"]) == ("annulled", "active")


def test_an_accreditation_statement_with_an_earlier_date_tells_both_answers(service):
    """domain §10, retroactive date: both are shown, of the certificate and of the accreditation itself."""
    world = service.world
    public_id = world.grant().public_id
    world.set_clock(world.now() + timedelta(days=5))
    then = stamp(world.now() - timedelta(days=1))
    world.change_accreditation("suspend", effective_on=world.ago(2))
    republish_status(service.registry)
    report = service.get(f"/v1/certificates/{public_id}/verification?at={then}").json()
    assert (report["verdict"], report["known_then"]["verdict"]) == ("valid_with_notice", "valid")
    held = service.get(f"/v1/accreditations/{world.accreditation}?at={then}").json()
    assert (held["status"], held["known_then"]) == ("suspended", "active")
    held = service.get(f"/v1/accreditations/{world.accreditation}?known_at={then}").json()
    assert (held["status"], held["known_then"], len(held["statements"])) == ("active", None, 1)


def about(service: Service, public_id: str, **times: datetime) -> dict[str, Any]:
    """The report about a time, by what was known at a time."""
    query = "&".join(f"{name}={stamp(moment)}" for name, moment in times.items())
    report: dict[str, Any] = service.get(f"/v1/certificates/{public_id}/verification?{query}").json()
    return report


def later(service: Service, **interval: float) -> datetime:
    """Time passes, and the lists are published as they are all day; the instant then."""
    world = service.world
    world.set_clock(world.now() + timedelta(**interval))
    republish_status(service.registry)
    return world.now()


def test_a_suspension_annulled_on_appeal_stays_one_about_its_own_time(service):
    """Domain §9: the interval stays visible as suspended, later annulled; its own time is never rewritten."""
    world = service.world
    public_id = world.grant().public_id
    later(service, days=1)
    decided = world.suspend(public_id)
    meanwhile = later(service, hours=2)
    before = about(service, public_id, at=meanwhile, known_at=meanwhile)
    later(service, hours=2)
    panel = tuple(world.add_person(world.actor, "appeal_handler") for _ in range(2))
    overturn(world, public_id, decided.id, panel)
    later(service, hours=2)

    assert service.verification(public_id)["verdict"] == "valid"
    by_now = about(service, public_id, at=meanwhile)
    assert (by_now["verdict"], by_now["standing"]["state"]) == ("not_currently_valid", "suspended")
    assert "annulled_on_appeal" in [notice["code"] for notice in by_now["notices"]]
    known_then = about(service, public_id, at=meanwhile, known_at=meanwhile)
    assert "annulled_on_appeal" not in [notice["code"] for notice in known_then["notices"]]
    assert (known_then["verdict"], known_then["summary"]) == (before["verdict"], before["summary"])


def test_the_gap_before_a_restoration_stays_a_gap_by_either_clock(service):
    """17021-1 9.6.3.2: what restores a certification after its expiry reaches back to no day before."""
    world = service.world
    public_id = world.grant(certificate=world.wanted(last_valid_day=world.ago(-30))).public_id
    between = later(service, days=50)
    later(service, days=3)
    audited = world.audit(public_id, "recertification", last_day=world.ago(1))
    world.issue(
        world.decide(
            public_id,
            "restore_expired",
            relied_on=(audited.id,),
            accreditations=(world.known_accreditation,),
            certificate=world.wanted(),
        )
    )
    later(service, hours=1)

    assert service.verification(public_id)["verdict"] == "valid"
    for known in (about(service, public_id, at=between), about(service, public_id, at=between, known_at=between)):
        assert (known["standing"]["state"], known["known_then"]) == ("expired", None)


def test_where_a_certification_went_is_known_from_its_recording_on(service):
    """IAF MD 2: the link from the old certificate to the new is a fact with a time of its own."""
    world = service.world
    accepting = Accepting(world)
    old = world.grant().public_id
    before = later(service, minutes=5)
    _, taking = accepting.accepted(old)
    taken = accepting.take_over(taking)
    world.decide(old, "transfer_out")
    new = accepting.issue(taken).public_id
    later(service, days=2)

    assert about(service, old, at=world.now())["links"]["continued_by"].endswith(new)
    known_then = about(service, old, at=before, known_at=before)
    assert (known_then["verdict"], "continued_by" in known_then["links"]) == ("valid", False)
    assert about(service, new, at=before, known_at=before)["verdict"] == "unknown"


@pytest.mark.parametrize("field", ["at", "known_at"])
def test_the_future_is_refused_at_every_door_that_takes_a_time(service, field):
    world = service.world
    public_id = world.grant().public_id
    tomorrow = stamp(world.now() + timedelta(days=1))
    for address in (
        f"/v1/certificates/{public_id}/verification",
        f"/v1/certificates/{public_id}/versions",
        f"/v1/certificates/{public_id}/events",
        f"/v1/accreditations/{world.accreditation}",
        f"/v1/bodies/{world.body}",
        "/v1/bodies",
        "/v1/certificates",
    ):
        answer = service.get(f"{address}?{field}={tomorrow}")
        assert answer.status_code == 400, address
        assert answer.json()["errors"][0]["field"] == f"/{field}"


def test_before_it_was_recorded_there_was_nothing_to_know(service):
    world = service.world
    before = stamp(world.now() - timedelta(days=1))
    public_id = world.grant().public_id
    assert service.get(f"/v1/certificates/{public_id}/verification?known_at={before}").json()["verdict"] == "unknown"
    for address in (f"/v1/certificates/{public_id}/versions", f"/v1/certificates/{public_id}/events"):
        answer = service.get(f"{address}?known_at={before}")
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_certificate")
    assert service.get(f"/v1/certificates?known_at={before}").json()["certificates"] == []
