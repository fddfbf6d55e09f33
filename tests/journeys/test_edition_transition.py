"""From one edition of the standard to the next, with a deadline: decided, refused and shown (domain, scenarios, extras)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.registry.verification import published
from tests.support.editions import NEXT, publish_next, state_end
from tests.support.world import STANDARD


def notices(service, public_id: str) -> dict[str, Any]:
    return {notice["code"]: notice for notice in service.verification(public_id)["notices"]}


def wanted(service, public_id: str, act: str, audit, **certificate: Any) -> dict[str, Any]:
    """The body of a request that drafts an act on the certificate as it stands."""
    asked: dict[str, Any] = service.grant_wanted(public_id, (audit.id,), act=act)
    asked["certificate"] |= certificate
    return asked


def test_a_certificate_moves_to_the_next_edition_within_the_transition_period(service):
    world = service.world
    public_id = world.grant().public_id
    publish_next(world)
    state_end(world, world.ago(-30), world.ago(-400))
    before = notices(service, public_id)["edition_ends"]
    audit = world.audit(public_id, "surveillance", last_day=world.today)

    decided = service.decide(wanted(service, public_id, "transition", audit, document=NEXT))
    issued = service.body.post("/v1/certificates", {"decision": decided["id"]})

    assert issued.status_code == 201, issued.text
    assert before["since"] == world.ago(-400).isoformat()
    shown = service.verification(public_id)
    assert (shown["version"], shown["scheme"]["document"]) == (2, NEXT)
    assert not {"edition_ends", "edition_ended"} & set(notices(service, public_id))
    assert NEXT in service.get(f"/en/c/{public_id}").text


def test_after_its_deadline_nothing_begins_in_the_old_edition_and_the_draft_says_so(service):
    world = service.world
    public_id = world.grant(certificate=world.wanted(last_valid_day=world.ago(-200))).public_id
    publish_next(world)
    state_end(world, world.ago(1), world.ago(-400))
    audit = world.audit(public_id, "recertification", last_day=world.today)

    drafted = service.body.post("/v1/decisions", wanted(service, public_id, "renew", audit))
    refusal = service.confirm(service.body, "/v1/decisions", drafted.json())

    told = {one["code"]: one["field"] for one in drafted.json()["faults"]}
    assert told == {"unknown_normative_document": "/certificate/document", "edition_ends": "/certificate/document"}
    assert (refusal.status_code, refusal.json()["code"]) == (422, "unknown_normative_document")
    decided = service.decide(wanted(service, public_id, "renew", audit, document=NEXT))
    assert service.body.post("/v1/certificates", {"decision": decided["id"]}).status_code == 201


def test_a_certificate_that_stayed_with_the_old_edition_says_so_in_both_languages(service):
    """Only the body ends a certification; the reader is told that its edition is over."""
    world = service.world
    public_id = world.grant().public_id
    publish_next(world)
    state_end(world, world.ago(30), world.ago(1))

    shown = service.verification(public_id)

    assert shown["verdict"] == "valid_with_notice"
    assert shown["notices"][0]["code"] == "edition_ended"
    assert STANDARD in shown["notices"][0]["detail"]["en"]
    assert NEXT in shown["notices"][0]["detail"]["ja"]
    assert "should have been moved to" in service.get(f"/en/c/{public_id}").text
    assert "移行期間は" in service.get(f"/ja/c/{public_id}").text


def test_the_published_answer_ends_with_the_transition_period(service):
    world = service.world
    public_id = world.grant().public_id
    publish_next(world)
    state_end(world, world.ago(10), world.ago(-2))

    answer = published(world.registry, public_id)

    assert answer.until is not None
    assert answer.until - answer.moment < timedelta(days=4)


def test_what_was_answered_before_its_end_was_stated_stays_answered(service):
    """Two clocks: what was known then knows of no deadline."""
    world = service.world
    public_id = world.grant().public_id
    then = world.now() + timedelta(minutes=1)
    world.set_clock(then + timedelta(minutes=5))
    publish_next(world)
    state_end(world, world.ago(30), world.ago(1))

    asked = then.strftime("%Y-%m-%dT%H:%M:%SZ")
    shown = service.get(f"/v1/certificates/{public_id}/verification?known_at={asked}").json()

    assert shown["verdict"] == "valid"
    assert not {"edition_ends", "edition_ended"} & {notice["code"] for notice in shown["notices"]}


def test_schemes_tell_the_deadline_as_data(service):
    world = service.world
    publish_next(world)
    state_end(world, world.ago(-30), world.ago(-400))

    documents = {one["designation"]: one for one in service.get("/v1/schemes/aims").json()["documents"]}

    (told,) = documents[STANDARD]["transitions"]
    assert (told["successor"], told["usable_to"]) == (NEXT, world.ago(-30).isoformat())
    assert documents[NEXT]["transitions"] == []
