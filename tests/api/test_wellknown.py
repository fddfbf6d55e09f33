"""Strangers find the contact for weaknesses and the catalogue of interfaces where the standards say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.api import wellknown
from tests.support.door import BASE_URL, app_over, client_of


@pytest.fixture
def client():
    return client_of(app_over())


def test_security_txt_names_contact_expiry_and_its_own_address(client):
    """RFC 9116: Contact and Expires are required; less than a year ahead is recommended."""
    answer = client.get("/.well-known/security.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"] == "mailto:security@registry.example"
    assert fields["Canonical"] == f"{BASE_URL}/.well-known/security.txt"
    expires = datetime.fromisoformat(fields["Expires"])
    assert timedelta(days=120) < expires - datetime.now(UTC) < timedelta(days=365)


@pytest.mark.parametrize(
    ("now", "expiry"), [("2026-01-31", "2026-07-01"), ("2026-07-15", "2027-01-01"), ("2026-12-31", "2027-06-01")]
)
def test_the_expiry_changes_once_a_month(now, expiry):
    assert wellknown._expiry(datetime.fromisoformat(now)).date().isoformat() == expiry


def test_the_api_catalogue_points_to_contract_documentation_and_health(client):
    """RFC 9727 §4: a linkset with service-desc, service-doc and status."""
    answer = client.get("/.well-known/api-catalog")
    assert answer.headers["content-type"].startswith("application/linkset+json")
    (links,) = answer.json()["linkset"]
    for relation in ("service-desc", "service-doc", "status"):
        address = links[relation][0]["href"].removeprefix(BASE_URL)
        assert client.get(address).status_code == 200


def test_well_known_answers_can_be_asked_for_again(client):
    etag = client.get("/.well-known/api-catalog").headers["etag"]
    assert client.get("/.well-known/api-catalog", headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("path", ["/.well-known/security.txt", "/.well-known/api-catalog", "/docs", "/openapi.json"])
def test_what_may_change_says_nothing_for_longer_than_a_minute(client, path):
    assert client.get(path).headers["cache-control"] == "public, max-age=60, must-revalidate"
