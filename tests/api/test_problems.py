"""Every refusal is one problem document: code, all faults with field and remedy, the language asked for, nothing leaked."""

from __future__ import annotations

import pytest

from app.errors import AkashiError, Fault, Kind, catalogue
from app.http import STATUS, status_of
from tests.support.door import BASE_URL, app_over, client_of

SECRET = "canary-7b1e"


@pytest.fixture
def client():
    app = app_over()

    @app.get("/refused")
    def refused():
        raise AkashiError("malformed_request", faults=(Fault("missing_member", "/a"), Fault("unknown_member", "/b")))

    @app.get("/defect")
    def defect():
        raise RuntimeError(SECRET)

    @app.get("/of/{code}")
    def of(code: str):
        raise AkashiError(code, note="a note")

    return client_of(app)


def test_all_faults_are_told_with_field_code_and_remedy(client):
    answer = client.get("/refused")
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    problem = answer.json()
    assert problem["code"] == "malformed_request"
    assert [(error["field"], error["code"]) for error in problem["errors"]] == [
        ("/a", "missing_member"),
        ("/b", "unknown_member"),
    ]
    assert all(error["remedy"] for error in problem["errors"])


def test_a_broken_rule_is_told_with_its_clause(client):
    (fault,) = client.get("/of/decider_in_audit_team").json()["errors"]
    assert (fault["clause"], fault["note"]) == ("ISO/IEC 17021-1 9.5.1", "a note")
    (conduct,) = client.get("/of/document_mismatch").json()["errors"]
    assert "clause" not in conduct


def test_a_problem_names_its_type_its_documentation_and_the_request(client):
    answer = client.get("/refused")
    problem = answer.json()
    assert problem["type"] == "urn:akashi:problem:malformed_request"
    assert problem["doc"] == f"{BASE_URL}/docs#malformed_request"
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert problem["status"] == answer.status_code


def test_a_problem_speaks_japanese_to_who_prefers_it(client):
    answer = client.get("/refused", headers={"Accept-Language": "ja-JP, en;q=0.5"})
    assert answer.headers["content-language"] == "ja"
    assert answer.headers["vary"] == "Accept-Language"
    assert answer.json()["detail"] == catalogue()["malformed_request"].ja


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_every_code_has_a_status_a_remedy_and_both_languages(client, code):
    english, japanese = (client.get(f"/of/{code}", headers={"Accept-Language": tongue}) for tongue in ("en", "ja"))
    assert english.status_code == japanese.status_code == status_of(code)
    assert english.json()["title"] != japanese.json()["title"]
    assert english.json()["errors"][0]["remedy"]
    assert "a note" in english.json()["detail"]


def test_every_kind_has_a_status():
    assert set(STATUS) == set(Kind)


def test_a_defect_shows_nothing_but_the_request(client, capfd):
    answer = client.get("/defect")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    told = answer.text + str(answer.headers) + "".join(capfd.readouterr())
    assert SECRET not in told
    assert "RuntimeError" in told  # the log names the kind of exception and its place


def test_an_address_that_does_not_exist_and_a_method_that_is_not_answered_are_problems(client):
    assert client.get("/nowhere").json()["code"] == "no_such_address"
    answer = client.post("/refused")
    assert (answer.status_code, answer.json()["code"], answer.headers["allow"]) == (405, "method_not_allowed", "GET")


def test_a_code_without_entry_reads_as_a_defect_of_ours(client):
    assert client.get("/of/never_written").json()["code"] == "internal_error"


@pytest.mark.parametrize(
    ("code", "challenge"),
    [
        ("not_signed_in", 'Bearer realm="akashi"'),
        ("token_not_accepted", 'Bearer realm="akashi", error="invalid_token"'),
    ],
)
def test_who_is_not_signed_in_is_told_how(client, code, challenge):
    assert client.get(f"/of/{code}").headers["www-authenticate"] == challenge
