"""Formats at addresses of their own: the same thing each, `/C/` like `/c/`, and signed files whole or not at all."""

from __future__ import annotations

import pytest

from app.examiner.bundle import read_bundle
from app.registry.agreement import end_consent
from tests.support.service import UNKNOWN_ID

FILES = ("json", "jwt", "bundle.json")
SIGNED_FILES = ("/c/{}.jwt", "/c/{}.bundle.json", "/c/{}/v1.jwt", "/v1/certificates/{}/bundle")


def test_paper_and_screen_lead_to_the_same_files(service):
    issued = service.world.grant()
    for file in FILES:
        below, above = (service.get(f"/{c}/{issued.public_id}.{file}") for c in ("c", "C"))
        assert (below.status_code, below.content, below.headers["etag"]) == (200, above.content, above.headers["etag"])
    below, above = service.get(f"/c/{issued.public_id}/v1.jwt"), service.get(f"/C/{issued.public_id}/V1.jwt")
    assert below.content == above.content


def test_the_media_type_of_each_format_is_its_own(service):
    issued = service.world.grant()
    types = {file: service.get(f"/c/{issued.public_id}.{file}").headers["content-type"] for file in FILES}
    assert types == {"json": "application/json", "jwt": "application/vc+jwt", "bundle.json": "application/json"}


def test_the_bundle_is_one_sequence_of_bytes_at_both_addresses(service):
    issued = service.world.grant()
    file = service.get(f"/c/{issued.public_id}.bundle.json")
    assert file.content == service.get(f"/v1/certificates/{issued.public_id}/bundle").content
    assert read_bundle(file.content).certificate_id == issued.public_id


def test_a_versions_credential_never_changes_and_the_current_one_may(service):
    issued = service.world.grant()
    amended = service.world.amend(issued.public_id)
    first, second = (service.get(f"/c/{issued.public_id}/v{number}.jwt") for number in (1, 2))
    assert (first.text, second.text) == (issued.credential, amended.credential)
    assert "immutable" in first.headers["cache-control"]
    current = service.get(f"/c/{issued.public_id}.jwt")
    assert current.text == amended.credential
    assert "must-revalidate" in current.headers["cache-control"]


def test_a_version_says_which_is_current_and_what_differs(service):
    issued = service.world.grant()
    service.world.rename("Kasumi Robotics Holdings K.K.")
    service.world.amend(issued.public_id)
    shown = service.get(f"/c/{issued.public_id}/v1.json").json()
    assert shown["report"]["version"] == 1
    assert (shown["version"]["version"], shown["version"]["current"]) == (1, 2)
    assert shown["version"]["replaced_on"] == service.world.today.isoformat()
    (difference,) = shown["version"]["differences"]
    assert difference["field"] == "holder.names"
    assert difference["this"][0]["name"] == "Kasumi Robotics K.K."
    assert difference["current"][-1]["name"] == "Kasumi Robotics Holdings K.K."


@pytest.mark.parametrize("number", ["2", "9999"])
def test_a_version_that_was_never_given_is_unknown(service, number):
    issued = service.world.grant()
    for file in ("json", "jwt"):
        answer = service.get(f"/c/{issued.public_id}/v{number}.{file}")
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_version")


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.0"])
def test_what_is_no_number_of_a_version_is_malformed(service, number):
    issued = service.world.grant()
    assert service.get(f"/c/{issued.public_id}/v{number}.json").status_code == 400


@pytest.mark.parametrize("file", FILES)
def test_a_file_of_an_unknown_id_is_not_found(service, file):
    answer = service.get(f"/c/{UNKNOWN_ID}.{file}")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_certificate")


# --- Consent (C124) ---


def test_a_confidential_certificate_shows_standing_body_and_standard_and_no_name_anywhere(service):
    issued = service.world.grant(consented=())
    for address in ("/c/{}", "/c/{}.json", "/c/{}/v1.json", "/v1/certificates/{}/verification", "/badge/{}.svg"):
        answer = service.get(address.format(issued.public_id))
        assert answer.status_code == 200
        assert "ISO/IEC 42001:2023" in answer.text
        assert "Fictional Certification" in answer.text
        assert "Kasumi" not in answer.text
        assert "Chiyoda" not in answer.text
        assert "FC-0001" not in answer.text


@pytest.mark.parametrize("address", SIGNED_FILES)
@pytest.mark.parametrize("withheld", ["soa", "everything"])
def test_a_signed_file_is_served_whole_or_not_at_all(service, address, withheld):
    consented = ("holder", "identifiers", "scope", "sites", "directory") if withheld == "soa" else ()
    issued = service.world.grant(consented=consented)
    answer = service.get(address.format(issued.public_id))
    assert (answer.status_code, answer.json()["code"]) == (403, "withheld")
    assert "immutable" not in answer.headers["cache-control"]
    assert "Kasumi" not in answer.text


def test_the_end_of_consent_ends_the_serving_and_not_the_record(service):
    world = service.world
    issued = world.grant()
    assert service.get(f"/c/{issued.public_id}.jwt").status_code == 200
    (agreement,) = service.body.get("/v1/agreements").json()["agreements"]
    end_consent(world.registry, world.actor, agreement=agreement["id"], field="holder", ended_on=world.today)
    assert service.get(f"/c/{issued.public_id}.jwt").status_code == 403
    report = service.verification(issued.public_id)
    assert (report["verdict"], report["holder"], report["confidential"]) == ("valid", None, True)
