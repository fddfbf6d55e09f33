"""Verifying over HTTP: by ID, signed, at a time, and what somebody presents."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.api.limits import BULK, COMPUTING
from app.conformity.identifiers import group_public_id
from app.credentials.encoding import b64u
from app.credentials.jws import check_jws, split_jws
from app.registry.bulk import MOST_IDS
from tests.support.service import UNKNOWN_ID

JWT = {"Content-Type": "application/vc+jwt"}
JSON = {"Content-Type": "application/json"}
MISTYPED_ID = UNKNOWN_ID[:6] + UNKNOWN_ID[7] + UNKNOWN_ID[6] + UNKNOWN_ID[8:]
SHOWN_AS_FACT = ("holder", "scope", "body", "scheme", "validity", "standing")


def present(service, content, headers=JWT):
    return service.http.post("/v1/verifications", content=content, headers=headers)


def shows_no_fact(report):
    return report["verdict"] == "unknown" and not any(report[member] for member in SHOWN_AS_FACT)


def seconds(answer):
    return int(answer.headers["cache-control"].partition("max-age=")[2].partition(",")[0])


# --- By ID ---


def test_a_certificate_in_force_is_valid_with_every_check_told(service):
    issued = service.world.grant()
    report = service.verification(issued.public_id)
    assert report["verdict"] == "valid"
    assert {check["name"]: check["result"] for check in report["checks"]} == dict.fromkeys(
        (
            *("signature", "issuer", "chain", "accreditation_at_decision", "accreditation_now"),
            *("standing", "version", "validity", "status_lists", "freshness"),
        ),
        "passed",
    )


def test_an_id_in_any_form_is_the_same_id(service):
    issued = service.world.grant()
    spaced = "-".join(issued.public_id[place : place + 5] for place in range(0, 35, 5)).lower()
    assert service.verification(spaced) == service.verification(issued.public_id)


def test_a_negative_report_is_a_200_and_so_is_an_unknown_one(service):
    issued = service.world.grant()
    service.world.withdraw(issued.public_id)
    withdrawn = service.get(f"/v1/certificates/{issued.public_id}/verification")
    unknown = service.get(f"/v1/certificates/{UNKNOWN_ID}/verification")
    assert (withdrawn.status_code, withdrawn.json()["verdict"]) == (200, "no_longer_valid")
    assert (unknown.status_code, unknown.json()["verdict"]) == (200, "unknown")
    assert unknown.json()["summary"]["en"].startswith("No record here.")


def test_a_mistyped_id_is_refused_with_the_group_that_looks_wrong(service):
    answer = service.get(f"/v1/certificates/{UNKNOWN_ID[:-1]}{'0' if UNKNOWN_ID[-1] != '0' else '1'}/verification")
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_id")
    assert "group 7" in answer.json()["detail"]


def test_what_happened_shows_in_the_very_next_request(service):
    """C020: our own page reads the authoritative state."""
    issued = service.world.grant()
    assert service.verification(issued.public_id)["verdict"] == "valid"
    service.world.suspend(issued.public_id)
    assert service.verification(issued.public_id)["standing"]["state"] == "suspended"
    service.world.restore(issued.public_id)
    assert service.verification(issued.public_id)["verdict"] == "valid"


# --- As published ---


def test_a_published_report_has_one_etag_and_says_nothing_for_longer_than_a_minute(service):
    issued = service.world.grant()
    address = f"/v1/certificates/{issued.public_id}/verification"
    first, second = service.get(address), service.get(address)
    assert first.content == second.content
    assert "checked_at" not in first.json()
    assert seconds(first) <= 60
    assert "must-revalidate" in first.headers["cache-control"]
    assert first.headers["access-control-allow-origin"] == "*"
    again = service.get(address, **{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_published_report_is_never_kept_past_the_next_boundary(service):
    issued = service.world.grant()
    address = f"/v1/certificates/{issued.public_id}/verification"
    last_instant = service.get(address).json()["validity"]["valid_until"]
    end = service.world.now().fromisoformat(last_instant)
    service.world.set_clock(end - timedelta(seconds=20))
    assert seconds(service.get(address)) <= 20
    service.world.set_clock(end + timedelta(seconds=1))
    assert service.get(address).json()["standing"]["state"] == "expired"


def test_the_signed_report_is_the_very_bytes_of_the_report(service):
    issued = service.world.grant()
    signed = service.get(f"/v1/certificates/{issued.public_id}/verification.jwt")
    plain = service.get(f"/v1/certificates/{issued.public_id}/verification")
    assert signed.headers["content-type"] == "application/akashi-report+jwt"
    jws = split_jws(signed.text)
    assert (jws.payload, jws.header["typ"]) == (plain.content, "akashi-report+jwt")
    check_jws(jws, service.world.ring.publication.public_key)


# --- At a time ---


def test_a_report_at_a_time_says_what_was_true_then_and_is_not_kept(service):
    issued = service.world.grant()
    before = service.world.now()
    service.world.withdraw(issued.public_id)
    moment = before.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    answer = service.get(f"/v1/certificates/{issued.public_id}/verification?at={moment}")
    assert answer.json()["verdict"] == "valid"
    assert answer.json()["checked_at"]
    assert answer.headers["cache-control"] == "no-store"
    assert "RateLimit" in answer.headers


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("at=2999-01-01T00:00:00Z", "time_in_the_future"),
        ("known_at=2999-01-01T00:00:00Z", "time_in_the_future"),
        ("at=2026-02-30T00:00:00Z", "malformed_request"),
        ("at=yesterday", "malformed_request"),
    ],
)
def test_a_time_that_has_not_come_or_does_not_exist_is_refused(service, query, code):
    issued = service.world.grant()
    answer = service.get(f"/v1/certificates/{issued.public_id}/verification?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, code)


# --- Presented ---


def test_a_presented_certificate_is_answered_as_its_version(service):
    issued = service.world.grant()
    report = present(service, issued.credential).json()
    assert (report["verdict"], report["version"]) == ("valid", 1)
    service.world.withdraw(issued.public_id)
    assert present(service, issued.credential).json()["verdict"] == "no_longer_valid"


def test_a_confidential_certificate_is_shown_to_whoever_presents_it(service):
    """The reader has its content already; by ID it stays withheld (C124)."""
    issued = service.world.grant(consented=())
    assert present(service, issued.credential).json()["holder"]["names"][0]["name"] == "Kasumi Robotics K.K."
    assert service.verification(issued.public_id)["holder"] is None


def test_a_superseded_certificate_says_which_is_current(service):
    issued = service.world.grant()
    service.world.amend(issued.public_id)
    report = present(service, issued.credential).json()
    assert (report["version"], report["verdict"]) == (1, "valid_with_notice")
    assert "superseded" in {notice["code"] for notice in report["notices"]}


def test_a_bundle_is_verified_as_a_file_and_within_json(service):
    issued = service.world.grant()
    bundle = service.get(f"/c/{issued.public_id}.bundle.json").content
    wrapped = [bundle, json.dumps({"bundle": bundle.decode()}), json.dumps({"bundle": json.loads(bundle)})]
    assert [present(service, content, JSON).json()["verdict"] for content in wrapped] == ["valid"] * 3


def test_an_expectation_that_is_not_met_is_a_failed_check(service):
    """C070."""
    issued = service.world.grant()
    content = json.dumps({"credential": issued.credential, "expected": {"holder": "Somebody Else"}})
    expectation = present(service, content, JSON).json()["checks"][-1]
    assert (expectation["name"], expectation["result"]) == ("expectation", "failed")


def test_an_expected_id_is_read_in_any_form_and_a_mistyped_one_is_refused(service):
    issued = service.world.grant()

    def expecting(certificate_id):
        content = {"credential": issued.credential, "expected": {"certificate_id": certificate_id}}
        return present(service, json.dumps(content), JSON)

    for written in (
        issued.public_id,
        group_public_id(issued.public_id).lower(),
        f"https://x.example/c/{issued.public_id}",
    ):
        assert expecting(written).json()["checks"][-1]["result"] == "passed"
    assert expecting(UNKNOWN_ID).json()["checks"][-1]["result"] == "failed"
    answer = expecting(issued.public_id[:-1] + ("0" if issued.public_id[-1] != "0" else "1"))
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_id")
    assert "group 7" in answer.json()["detail"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), letter=st.sampled_from("AQz09-_.%"), cut=st.booleans())
def test_an_altered_or_truncated_certificate_is_a_report_without_facts(presented_certificate, place, letter, cut):
    service, credential = presented_certificate
    at = int(place * len(credential))
    altered = credential[:at] if cut else credential[:at] + letter + credential[at + 1 :]
    if altered in {credential, ""}:
        return
    answer = present(service, altered)
    assert answer.status_code == 200
    assert shows_no_fact(answer.json())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), byte=st.integers(0, 255), cut=st.booleans())
def test_a_bundle_with_one_byte_changed_is_never_established(presented_bundle, place, byte, cut):
    """A changed status list leaves what the body signed; anything else leaves nothing that is shown as fact."""
    service, bundle = presented_bundle
    at = int(place * len(bundle))
    altered = bundle[:at] if cut else bundle[:at] + bytes([byte]) + bundle[at + 1 :]
    if altered == bundle:
        return
    answer = present(service, altered, JSON)
    assert answer.status_code in {200, 400}
    if answer.status_code == 200:
        failed = {check["name"] for check in answer.json()["checks"] if check["result"] == "failed"}
        assert answer.json()["verdict"] == "unknown"
        assert failed == {"status_lists"} or (failed and shows_no_fact(answer.json()))


@pytest.fixture
def presented_certificate(service):
    return service, service.world.grant().credential


@pytest.fixture
def presented_bundle(service):
    issued = service.world.grant()
    return service, service.get(f"/c/{issued.public_id}.bundle.json").content


@pytest.mark.parametrize("algorithm", ["none", "HS256", "ES384", "EdDSA"])
def test_another_algorithm_is_a_failed_signature(presented_certificate, algorithm):
    service, credential = presented_certificate
    header = {**split_jws(credential).header, "alg": algorithm}
    payload = credential.split(".")[1]
    for signature in ("", credential.split(".")[2]):
        report = present(service, f"{b64u(json.dumps(header).encode())}.{payload}.{signature}").json()
        assert shows_no_fact(report)
        assert report["checks"][0]["result"] == "failed"


@pytest.mark.parametrize(
    ("content", "headers", "status", "code"),
    [
        (b"", JWT, 400, "body_missing"),
        (b"{}", JSON, 400, "malformed_request"),
        (b'{"credential": 1}', JSON, 400, "malformed_request"),
        (b'{"credential": "a", "bundle": "b"}', JSON, 400, "malformed_request"),
        (b'{"credential": "a", "credential": "b"}', JSON, 400, "duplicate_member"),
        (b'{"credential": "a", "more": 1}', JSON, 400, "malformed_request"),
        (b"[" * 100_000, JSON, 400, "json_too_deep"),
        (b"not json", JSON, 400, "malformed_json"),
        (b"x", {"Content-Type": "text/plain"}, 415, "unsupported_media_type"),
        (b"x" * (3 * 1024 * 1024), JWT, 413, "body_too_large"),
    ],
)
def test_what_presents_nothing_is_refused_in_words(service, content, headers, status, code):
    answer = present(service, content, headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_public_computing_has_a_budget_and_says_so(service):
    service.http.app.state.door.limiter._clock = lambda: 0.0
    for _ in range(COMPUTING.quota):
        service.http.app.state.door.limiter.take(COMPUTING, "everyone")
    answer = present(service, "x")
    assert (answer.status_code, answer.json()["code"]) == (429, "rate_limited")
    assert answer.headers["retry-after"]
    assert service.get(f"/v1/certificates/{UNKNOWN_ID}/verification").status_code == 200


# --- Many at once ---


def ask_about(service, ids, **more):
    return service.http.post("/v1/verifications", json={"certificate_ids": ids, **more})


def test_many_certificates_are_answered_by_a_line_each_and_one_that_ends_them(service):
    """domain, scenarios: a regulator checks its list; an unknown or mistyped ID stops nothing."""
    world = service.world
    valid, suspended = (world.grant(f"FC-{number}").public_id for number in range(2))
    world.suspend(suspended)
    asked = [group_public_id(valid).lower(), UNKNOWN_ID, MISTYPED_ID, suspended, valid]
    answer = ask_about(service, asked)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/x-ndjson")
    *lines, end = [json.loads(line) for line in answer.text.splitlines()]
    assert end == {"complete": True, "answered": 5}
    assert [line["presented"] for line in lines] == asked
    assert [line.get("verdict") for line in lines] == ["valid", "unknown", None, "not_currently_valid", "valid"]
    assert (lines[2]["code"], lines[2]["group"]) == ("malformed_id", 2)
    report = service.verification(suspended)
    for member in ("certificate_id", "verdict", "version", "summary"):
        assert lines[3][member] == report[member]
    assert (lines[3]["state"], lines[3]["last_valid_day"]) == ("suspended", report["validity"]["last_valid_day"])


def test_many_may_be_asked_about_a_time(service):
    world = service.world
    issued = world.grant()
    then = world.now()
    world.withdraw(issued.public_id)
    stamp = then.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    line = json.loads(ask_about(service, [issued.public_id], known_at=stamp).text.splitlines()[0])
    assert (line["verdict"], line["known_at"]) == ("valid", stamp)
    answer = ask_about(service, [issued.public_id], at="2999-01-01T00:00:00Z")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "/at")


@pytest.mark.parametrize(
    ("ids", "status", "field"),
    [
        ([], 400, "/certificate_ids"),
        (["x"] * (MOST_IDS + 1), 400, "/certificate_ids"),
        ([1], 400, "/certificate_ids/0"),
    ],
)
def test_a_list_that_is_none_or_too_long_is_refused_before_anything_is_computed(service, ids, status, field):
    answer = ask_about(service, ids)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (status, field)


def test_ten_thousand_are_answered_to_the_last(service):
    """domain, scenarios: a regulator's list."""
    *_, end = ask_about(service, ["x"] * MOST_IDS).text.splitlines()
    assert json.loads(end) == {"complete": True, "answered": MOST_IDS}


def test_lists_have_a_budget_of_their_own_told_in_certificates(service):
    """C106: who asks in lists is told how many more it may ask about, and when."""
    limiter = service.http.app.state.door.limiter
    limiter._clock = lambda: 0.0
    answer = ask_about(service, [UNKNOWN_ID] * 10)
    assert answer.headers["ratelimit-policy"] == f'"bulk";q={BULK.quota};w={BULK.window}'
    assert f"r={BULK.quota - 10};" in answer.headers["ratelimit"]
    limiter.take(BULK, "everyone", BULK.quota - 15)
    refused = ask_about(service, [UNKNOWN_ID] * 10)
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    assert int(refused.headers["retry-after"]) >= 1
    assert ask_about(service, [UNKNOWN_ID] * 5).status_code == 200
