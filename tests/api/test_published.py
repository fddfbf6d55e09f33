"""What is published beside certificates: status lists as of any time, context, badge, DID documents."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.api.limits import COMPUTING
from app.credentials.jws import check_jws, split_jws
from app.credentials.strict_json import parse_object
from app.registry.status_publication import republish_status
from app.status.list_credential import read_status_list
from tests.support.service import UNKNOWN_ID
from tests.support.world import BASE_URL


def text(moment):
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def bits(service, answer, purpose="suspension", number=2):
    jws = check_jws(split_jws(answer.text), service.world.ring.publication.public_key)
    payload = parse_object(jws.payload, max_bytes=1_000_000)
    address = f"{BASE_URL}/status/{number}"
    return read_status_list(payload, purpose=purpose, address=address, at=service.world.now()).bits


def entry(credential, purpose):
    payload = parse_object(split_jws(credential).payload, max_bytes=1_000_000)
    (found,) = [one for one in payload["credentialStatus"] if one["statusPurpose"] == purpose]
    return int(found["statusListIndex"])


# --- Status lists ---


def test_a_list_is_signed_and_says_what_happened_before_the_act_answered(service):
    issued = service.world.grant()
    place = entry(issued.credential, "suspension")
    assert bits(service, service.get("/status/2")).get(place) is False
    service.world.suspend(issued.public_id)
    answer = service.get("/status/2")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/vc+jwt")
    assert bits(service, answer).get(place) is True


def test_the_list_as_it_was_stands_at_an_address_of_its_own_for_ever(service):
    """C029: a cache that ignores queries must not serve today's list for another day."""
    issued = service.world.grant()
    then = service.world.now()
    service.world.suspend(issued.public_id)
    sent = service.get(f"/status/2?timestamp={text(then)}")
    assert sent.status_code == 303
    answer = service.get(sent.headers["location"])
    assert "immutable" in answer.headers["cache-control"]
    assert bits(service, answer).get(entry(issued.credential, "suspension")) is False


def test_the_same_time_may_be_asked_in_seconds_as_the_token_status_list_does(service):
    """C029: both parameter names lead to the same publication, and a future time to none."""
    service.world.grant()
    then = service.world.now()
    service.world.set_clock(then + timedelta(hours=1))
    republish_status(service.registry)
    (seconds,) = {int(then.timestamp()) + 1}
    sent = service.get(f"/status/2?time={seconds}")
    assert sent.status_code == 303
    assert sent.headers["location"] == service.get(f"/status/2?timestamp={text(then)}").headers["location"]
    assert service.get(f"/status/2?time={seconds + 86400}").status_code == 404
    for impossible in ("1803859200000", "-1", "1.5", "now", f"{seconds}&timestamp={text(then)}"):
        assert service.get(f"/status/2?time={impossible}").status_code == 400


def test_who_asks_for_json_gets_the_signed_list_in_an_envelope(service):
    """The claims of a list are never served without the signature around them."""
    service.world.grant()
    plain = service.get("/status/2")
    enveloped = service.get("/status/2", accept="application/json")
    assert (plain.headers["vary"], enveloped.headers["content-type"]) == ("Accept", "application/json")
    assert enveloped.json()["type"] == "EnvelopedVerifiableCredential"
    assert enveloped.json()["id"] == f"data:application/vc+jwt,{plain.text}"
    assert service.get("/status/2/1", accept="application/vc, */*").headers["content-type"] == "application/vc"
    for accept in ("*/*", "application/vc+jwt, application/json", "text/html"):
        assert service.get("/status/2", accept=accept).text == plain.text


@pytest.mark.parametrize("days", [-400, 400])
def test_a_time_at_which_none_was_published_or_that_has_not_come_is_not_found(service, days):
    service.world.grant()
    answer = service.get(f"/status/2?timestamp={text(service.world.now() + timedelta(days=days))}")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_status_list")


def test_a_time_after_the_last_list_ceased_to_count_is_not_found(service):
    republish_status(service.registry)
    moment = service.world.now()
    service.world.set_clock(moment + timedelta(days=3))
    answer = service.get(f"/status/1?timestamp={text(moment + timedelta(days=2))}")
    assert answer.status_code == 404


@pytest.mark.parametrize("address", ["/status/99", "/status/1/999", "/status/1/0", "/status/0", "/status/x"])
def test_a_list_that_is_not_there_is_refused(service, address):
    service.world.grant()
    assert service.get(address).status_code in {400, 404}


def test_a_list_says_nothing_for_longer_than_a_minute_or_past_its_own_end(service):
    republish_status(service.registry)
    assert service.get("/status/1").headers["cache-control"] == "public, max-age=60, must-revalidate"
    service.world.set_clock(service.world.now() + timedelta(hours=23, minutes=59, seconds=30))
    age = service.get("/status/1").headers["cache-control"]
    assert int(age.split("=")[1].split(",")[0]) <= 30


# --- Context ---


def test_the_context_is_the_pinned_bytes(service):
    answer = service.get("/contexts/certificate/1")
    assert answer.headers["content-type"] == "application/ld+json"
    assert "immutable" in answer.headers["cache-control"]
    issued = service.world.grant()
    payload = parse_object(split_jws(issued.credential).payload, max_bytes=1_000_000)
    assert payload["@context"][-1] == f"{BASE_URL}/contexts/certificate/1"


# --- Badge ---


def test_a_badge_may_be_embedded_anywhere_and_can_do_nothing_there(service):
    """C068."""
    issued = service.world.grant()
    answer = service.get(f"/badge/{issued.public_id}.svg")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert "x-frame-options" not in answer.headers
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["x-content-type-options"] == "nosniff"
    policy = answer.headers["content-security-policy"]
    assert "sandbox" in policy
    assert "frame-ancestors *" in policy
    assert "<script" not in answer.text


def test_a_badge_says_the_word_of_this_minute_in_both_languages(service):
    issued = service.world.grant()
    service.world.suspend(issued.public_id)
    english = service.get(f"/badge/{issued.public_id}.svg?lang=en")
    japanese = service.get(f"/badge/{issued.public_id}.svg?lang=ja")
    assert "Suspended" in english.text
    assert "一時停止中" in japanese.text
    assert (english.headers["content-language"], japanese.headers["content-language"]) == ("en", "ja")
    assert "must-revalidate" in english.headers["cache-control"]


def test_a_badge_embedded_elsewhere_says_suspended_in_the_very_next_request(service):
    """C097: no copy of yesterday outlives the act, even with the ETag of before, and restored it says so at once."""
    world = service.world
    public_id = world.grant().public_id
    address = f"/badge/{public_id}.svg"
    before = service.get(address)
    assert "Valid" in before.text

    world.suspend(public_id)
    suspended = service.get(address, **{"If-None-Match": before.headers["etag"]})
    assert suspended.status_code == 200
    assert "Suspended" in suspended.text
    assert "Valid" not in suspended.text
    age = int(re.search(r"max-age=(\d+)", suspended.headers["cache-control"]).group(1))
    assert age <= 60

    world.restore(public_id)
    assert "Valid" in service.get(address, **{"If-None-Match": suspended.headers["etag"]}).text


def test_the_badge_of_an_unknown_id_claims_nothing(service):
    answer = service.get(f"/badge/{UNKNOWN_ID}.svg")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "image/svg+xml")
    assert "makes no claim" in answer.text


def test_a_badge_in_another_language_or_of_no_id_is_refused(service):
    assert service.get(f"/badge/{UNKNOWN_ID}.svg?lang=fr").status_code == 400
    assert service.get("/badge/nonsense.svg").json()["code"] == "malformed_id"


# --- DID documents ---


def test_the_registrys_did_document_names_the_publication_key(service):
    document = service.get("/.well-known/did.json").json()
    assert document["id"] == "did:web:localhost%3A8000"
    (method,) = document["verificationMethod"]
    assert method["id"].endswith(f"#{service.registry.publication_key}")
    assert "d" not in method["publicKeyJwk"]
    assert document["assertionMethod"] == [method["id"]]


def test_a_bodys_did_document_names_bound_keys_alone(service):
    world = service.world
    document = service.get(f"/bodies/{world.body}/did.json").json()
    assert [one["id"].partition("#")[2] for one in document["verificationMethod"]] == [
        world.ring.certification.thumbprint
    ]
    unbound, _ = world.add_certification_body("Not Accredited")
    assert service.get(f"/bodies/{unbound}/did.json").json()["verificationMethod"] == []


def test_a_key_whose_binding_is_over_stays_listed(service):
    world = service.world
    world.set_clock(world.now() + timedelta(days=1000))
    document = service.get(f"/bodies/{world.body}/did.json").json()
    assert len(document["verificationMethod"]) == 1


def test_there_is_no_did_document_of_nobody(service):
    answer = service.get("/bodies/00000000-0000-4000-8000-000000000000/did.json")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_body")


# --- Without limit ---


def test_what_is_published_has_no_limit_however_much_was_computed(service):
    """C106: whoever reads what is published need not guess how fast they may go."""
    public_id = service.world.grant().public_id
    limiter = service.http.app.state.door.limiter
    limiter._clock = lambda: 0.0
    limiter.take(COMPUTING, "everyone", COMPUTING.quota)
    at = text(service.world.now())
    assert service.get(f"/v1/certificates/{public_id}/verification?at={at}").status_code == 429
    for address in (
        f"/en/c/{public_id}",
        f"/c/{public_id}.json",
        f"/c/{public_id}.jwt",
        f"/c/{public_id}.bundle.json",
        f"/badge/{public_id}.svg",
        f"/v1/certificates/{public_id}/verification",
        "/v1/certificates",
        "/status/1",
        "/v1/bodies",
    ):
        answer = service.get(address)
        assert (answer.status_code, "ratelimit" in answer.headers) == (200, False), address
