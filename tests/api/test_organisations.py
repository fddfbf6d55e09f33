"""Organisations over HTTP: names as registered and dated, identifiers checked, sites; of one's own body only."""

from __future__ import annotations

from uuid import uuid4

import pytest

NAME = {"name": "葵人工知能株式会社", "language": "ja", "script": "Jpan", "source": "登記簿"}
ORGANISATION = {"names": [NAME], "country": "JP"}
SITE = {
    "names": [{"name": "本社", "language": "ja"}],
    "country": "JP",
    "addresses": [{"locality": "神戸市", "language": "ja", "street": "1-2"}],
}


def add(service, **changes):
    return service.body.post("/v1/organisations", {**ORGANISATION, **changes})


def test_an_organisation_is_kept_exactly_as_given(service):
    """Compatibility kanji and variation sequences stay (U+FA19, IVS)."""
    name = {**NAME, "name": "\ufa19戸\u845b\U000e0100飾株式会社"}
    answer = add(service, names=[name], identifiers=[{"scheme": "jp_corporate_number", "value": "8000000000001"}])
    shown = service.body.get(answer.headers["location"]).json()
    assert answer.status_code == 201
    assert shown["names"] == [{**name, "valid_from": None, "valid_to": None}]
    assert shown["identifiers"] == [{"scheme": "jp_corporate_number", "value": "8000000000001", "last_day": None}]


@pytest.mark.parametrize(
    ("name", "code", "note"),
    [
        ("霞\u202eロボティクス", "text_bidi_control", "U+202E at position 2"),
        ("霞ロボ\u200dティクス", "text_invisible", "U+200D at position 4"),
        ("\u3000霞ロボティクス", "text_space", "at the beginning"),
    ],
)
def test_what_cannot_be_seen_in_a_name_is_refused_with_its_place(service, name, code, note):
    """C091: a name that reads as another one is nobody's; nothing is repaired in silence."""
    answer = add(service, names=[{**NAME, "name": name}])
    (fault,) = answer.json()["errors"]
    assert (answer.status_code, fault["code"], fault["field"]) == (400, code, "/names/0/name")
    assert note in fault["note"]


def test_a_name_ends_and_another_begins(service):
    address = add(service).headers["location"].removeprefix("http://localhost:8000")
    ended = {key: NAME[key] for key in ("name", "language", "script")} | {"last_day": service.world.ago(1).isoformat()}
    assert service.body.post(f"{address}/ended-names", ended).status_code == 204
    new = {**NAME, "name": "あおい株式会社", "valid_from": service.world.today.isoformat()}
    assert service.body.post(f"{address}/names", new).status_code == 204
    first, second = service.body.get(address).json()["names"]
    assert (first["valid_to"], second["name"]) == (ended["last_day"], "あおい株式会社")


def test_a_registration_ends_and_the_successor_s_begins(service):
    old = {"scheme": "jp_corporate_number", "value": "8000000000001"}
    address = add(service, identifiers=[old]).headers["location"]
    ended = {**old, "last_day": service.world.ago(1).isoformat()}
    assert service.body.post(f"{address}/ended-identifiers", ended).status_code == 204
    new = {**old, "value": "7000000000002"}
    assert service.body.post(f"{address}/identifiers", new).status_code == 204
    shown = {one["value"]: one["last_day"] for one in service.body.get(address).json()["identifiers"]}
    assert shown == {"8000000000001": ended["last_day"], "7000000000002": None}
    never = service.body.post(f"{address}/ended-identifiers", {**ended, "value": "6000000000003"})
    assert never.json()["code"] == "unknown_reference"
    assert (
        service.body.post(f"{address}/identifiers", {**old, "value": "1"}).json()["code"]
        == "malformed_corporate_number"
    )


def test_sites_belong_to_their_organisation(service):
    address = add(service).headers["location"].removeprefix("http://localhost:8000")
    made = service.body.post(f"{address}/sites", SITE)
    assert made.status_code == 201
    (site,) = service.body.get(address).json()["sites"]
    assert (site["id"], site["addresses"][0]["locality"]) == (made.json()["id"], "神戸市")


def test_a_retry_makes_no_second_organisation(service):
    answers = [service.body.post("/v1/organisations", ORGANISATION, key="organisation-once") for _ in range(2)]
    assert len({answer.text for answer in answers}) == 1


def test_organisations_are_listed_in_the_order_of_recording(service):
    made = [add(service).json()["id"] for _ in range(3)]
    first = service.body.get("/v1/organisations?limit=2").json()
    second = service.body.get(first["next"]).json()
    assert [one["id"] for one in first["organisations"] + second["organisations"]] == made
    assert service.body.get(second["prev"]).json()["organisations"] == first["organisations"]


def test_another_bodys_organisation_is_unknown(service):
    made = add(service).json()["id"]
    _, stranger = service.world.add_certification_body("Another Body")
    other = service.caller(stranger.party_id, stranger.scopes)
    answers = [
        other.get(f"/v1/organisations/{made}"),
        other.post(f"/v1/organisations/{made}/names", NAME),
        other.post(f"/v1/organisations/{made}/sites", SITE),
        service.body.get(f"/v1/organisations/{uuid4()}"),
    ]
    assert [(one.status_code, one.json()["code"]) for one in answers] == [(404, "unknown_organisation")] * 4


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"names": []}, "malformed_request"),
        ({"country": "JPN"}, "malformed_request"),
        ({"country": "jp"}, "malformed_country"),
        ({"names": [{**NAME, "surprise": 1}]}, "malformed_request"),
        ({"names": [{**NAME, "language": "!!"}]}, "malformed_language"),
        ({"names": [{**NAME, "valid_from": "2026-02-30"}]}, "malformed_request"),
        ({"names": [{**NAME, "valid_from": "2026-02-02", "valid_to": "2026-02-01"}]}, "period_without_days"),
        ({"names": [{**NAME, "name": "\u202eabc"}]}, "text_bidi_control"),
        ({"identifiers": [{"scheme": "lei", "value": "00000FICTIONALTEST58"}]}, "malformed_lei"),
        ({"identifiers": [{"scheme": "passport", "value": "x"}]}, "malformed_request"),
    ],
)
def test_what_is_no_organisation_is_refused_and_nothing_recorded(service, changes, code):
    answer = add(service, **changes)
    assert (400 <= answer.status_code < 500, answer.json()["code"]) == (True, code)
    assert service.body.get("/v1/organisations").json()["organisations"] == []


def test_a_virtual_site_has_no_address(service):
    address = add(service).headers["location"].removeprefix("http://localhost:8000")
    refused = service.body.post(f"{address}/sites", {**SITE, "virtual": True})
    assert refused.json()["code"] == "address_of_virtual_site"
