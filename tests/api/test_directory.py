"""Looking up: by number, in the directory with cursors (C104), bodies, accreditations, schemes."""

from __future__ import annotations

from threading import Thread

import pytest

from app.registry.agreement import FIELDS
from tests.support.gallery import import_history
from tests.support.world import STANDARD

NOBODY = "00000000-0000-4000-8000-000000000000"


def pages(service, address):
    """Every page of a list, by the links that each gives."""
    while address:
        page = service.get(address).json()
        yield page
        address = page["next"]


# --- By number ---


@pytest.mark.parametrize("written", ["FC-0001", "fc 0001", "ＦＣ－０００１", "FC0001", " fc_0001 "])
def test_a_number_is_found_however_it_is_written(service, written):
    issued = service.world.grant("FC-0001")
    found = service.http.get("/v1/lookup", params={"number": written}).json()
    assert [hit["certificate_id"] for hit in found["hits"]] == [issued.public_id]
    assert (found["hits"][0]["verdict"], found["more"]) == ("valid", False)


def test_several_hits_are_listed_and_a_body_narrows_them(service):
    world = service.world
    first = world.grant("SAME-1")
    hits = service.http.get("/v1/lookup", params={"number": "SAME-1", "body": str(world.body)}).json()["hits"]
    assert [hit["certificate_id"] for hit in hits] == [first.public_id]
    other = service.http.get("/v1/lookup", params={"number": "SAME-1", "body": NOBODY}).json()
    assert other["hits"] == []


def test_nothing_found_is_an_answer(service):
    answer = service.get("/v1/lookup?number=NONE")
    assert (answer.status_code, answer.json()["hits"]) == (200, [])


def test_a_holder_who_is_not_to_be_found_is_not_found(service):
    """C124: by number and in the directory only whose holder consented."""
    consented = tuple(field for field in FIELDS if field != "directory")
    service.world.grant("FC-0001", consented=consented)
    assert service.get("/v1/lookup?number=FC-0001").json()["hits"] == []
    assert service.get("/v1/certificates").json()["certificates"] == []


def test_a_listed_holder_who_withholds_its_name_is_listed_without(service):
    service.world.grant("FC-0001", consented=("directory",))
    (listed,) = service.get("/v1/certificates").json()["certificates"]
    assert (listed["number"], listed["holder_names"]) == ("FC-0001", [])
    (hit,) = service.get("/v1/lookup?number=FC-0001").json()["hits"]
    assert hit["holder"] is None


@pytest.mark.parametrize("query", ["", "number=", "number=" + "1" * 300, "number=1&body=x"])
def test_a_lookup_without_a_number_is_refused(service, query):
    assert service.get(f"/v1/lookup?{query}").status_code == 400


# --- The directory ---


def test_every_certificate_comes_exactly_once_while_others_are_being_issued(service):
    """C104: equal times and rows that arrive meanwhile neither hide nor repeat anything."""
    before = {service.world.grant(f"FC-{number}").public_id for number in range(5)}
    meanwhile = Thread(target=lambda: [service.world.grant(f"FD-{number}") for number in range(2)])
    meanwhile.start()
    seen = [
        one["certificate_id"] for page in pages(service, "/v1/certificates?limit=2") for one in page["certificates"]
    ]
    meanwhile.join()
    assert before <= set(seen)
    assert len(seen) == len(set(seen))


def test_a_plan_of_many_rows_comes_whole_while_others_are_brought_in(service):
    """C104: what one plan brought in together comes exactly once, in pages far smaller than the plan."""
    world = service.world
    before = set(import_history(world, [f"OLD-{number:02}" for number in range(40)]))
    assert len(before) == 40
    seen = []
    for place, page in enumerate(pages(service, "/v1/certificates?limit=7")):
        seen += [one["certificate_id"] for one in page["certificates"]]
        if place < 3:
            import_history(world, [f"NEW-{place}-{number}" for number in range(3)])
    assert before <= set(seen)
    assert len(seen) == len(set(seen))


def test_a_page_leads_forward_and_back(service):
    for number in range(3):
        service.world.grant(f"FC-{number}")
    first = service.get("/v1/certificates?limit=2")
    assert first.json()["limit"] == 2
    assert 'rel="next"' in first.headers["link"]
    second = service.get(first.json()["next"]).json()
    assert second["next"] is None
    assert service.get(second["prev"]).json()["certificates"] == first.json()["certificates"]


def test_the_directory_is_narrowed_by_number_body_and_scheme(service):
    issued = service.world.grant("FC-0001")
    service.world.grant("FC-0002")
    for query, count in (
        ("number=fc0001", 1),
        (f"body={service.world.body}", 2),
        (f"body={NOBODY}", 0),
        ("scheme=aims", 2),
        ("scheme=other", 0),
    ):
        assert len(service.get(f"/v1/certificates?{query}").json()["certificates"]) == count
    (listed,) = service.get("/v1/certificates?number=FC-0001").json()["certificates"]
    assert listed["certificate_id"] == issued.public_id
    assert listed["holder_names"][0]["name"] == "Kasumi Robotics K.K."
    assert service.get(listed["links"]["verification"]).json()["verdict"] == "valid"


@pytest.mark.parametrize("query", ["cursor=x", "cursor=PjEuYQ%3D%3D", "limit=0", "limit=201", "limit=x"])
def test_a_cursor_or_limit_that_is_not_ours_is_refused(service, query):
    assert service.get(f"/v1/certificates?{query}").status_code == 400


# --- Bodies and accreditations ---


def test_bodies_are_listed_with_their_public_information(service):
    listed = service.get("/v1/bodies").json()["bodies"]
    assert {one["kind"] for one in listed} == {"accreditation_body", "certification_body"}
    (body,) = service.get("/v1/bodies?kind=certification_body").json()["bodies"]
    assert body["public_information"]["complaints_and_appeals"].startswith("https://")
    assert {one["language"] for one in body["names"]} == {"en", "ja"}
    assert service.get("/v1/bodies?kind=other").status_code == 400


def test_bodies_come_page_by_page_each_once(service):
    service.world.add_certification_body("Third")
    seen = [one["id"] for page in pages(service, "/v1/bodies?limit=1") for one in page["bodies"]]
    assert len(seen) == len(set(seen)) == 3


def test_a_body_shows_its_accreditations_and_which_keys_are_bound(service):
    world = service.world
    body = service.get(f"/v1/bodies/{world.body}").json()
    (held,) = body["accreditations"]
    assert (held["number"], held["status"]) == ("FA-001", "active")
    (key,) = body["keys"]
    assert key["bindings"][0]["accreditation"] == str(world.accreditation)
    given = service.get(f"/v1/bodies/{world.accreditation_body}").json()["accreditations"]
    assert [one["id"] for one in given] == [held["id"]]


def test_an_accreditation_shows_every_signed_statement(service):
    world = service.world
    world.change_accreditation("suspend")
    shown = service.get(f"/v1/accreditations/{world.accreditation}").json()
    assert shown["status"] == "suspended"
    assert [one["act"] for one in shown["statements"]] == ["grant", "suspend"]
    assert shown["statements"][0]["documents"] == [STANDARD]
    assert all(one["jws"].count(".") == 2 for one in shown["statements"])


def test_a_statement_counts_from_its_day_and_the_answer_is_kept_no_longer(service):
    world = service.world
    world.change_accreditation("withdraw", effective_on=world.ago(-1))
    address = f"/v1/accreditations/{world.accreditation}"
    assert service.get(address).json()["status"] == "active"
    world.set_clock(world.now().replace(hour=15, minute=0, second=1))  # midnight in Tokyo has passed
    assert service.get(address).json()["status"] == "withdrawn"


@pytest.mark.parametrize("address", ["/v1/bodies/{}", "/v1/accreditations/{}"])
def test_what_is_not_there_is_unknown_and_what_is_no_id_malformed(service, address):
    assert service.get(address.format(NOBODY)).status_code == 404
    assert service.get(address.format("x")).status_code == 400


# --- Schemes ---


def test_schemes_are_data_with_their_origin(service):
    shown = service.get("/v1/schemes").json()
    by_code = {one["code"]: one for one in shown["schemes"]}
    aims = by_code["aims"]
    assert (aims["maximum_months"], aims["assurance"], aims["phase"]) == (36, "accredited_third_party", "operating")
    assert by_code["aims-third-party"]["assurance"] == "third_party"
    assert by_code["ai-governance-declaration"]["assurance"] == "self_declared"
    assert [one["phase"] for one in by_code["aims-third-party"]["phases"]] == ["proposed", "pilot", "operating"]
    assert len(aims["controls"]) == 38
    assert {one["designation"]: one["use"] for one in aims["documents"]}[STANDARD] == "requirements"
    assert all(one["origin"] for one in shown["transitions"])
    assert {one["act"] for one in shown["acts"]} >= {"grant", "suspend", "restore", "withdraw", "annul"}


def test_the_address_signed_into_credentials_leads_to_the_scheme(service):
    assert service.get("/v1/schemes/aims").json()["title"]["en"] == "AI management system"
    answer = service.get("/v1/schemes/none")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_scheme")
