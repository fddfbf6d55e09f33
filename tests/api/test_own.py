"""What routes of a body's own records share: the links of a page, and that only one's own are listed."""

from __future__ import annotations

import pytest

LISTS = ("people", "organisations", "applications", "agreements", "certifications", "audits", "complaints", "appeals")


@pytest.mark.parametrize("member", LISTS)
def test_every_list_says_its_limit_and_is_empty_for_whoever_has_none(service, member):
    _, stranger = service.world.add_certification_body("Another Body")
    other = service.caller(stranger.party_id, stranger.scopes)
    page = other.get(f"/v1/{member}").json()
    assert page == {member: [], "limit": 50, "next": None, "prev": None}


@pytest.mark.parametrize("member", LISTS)
def test_every_list_needs_its_scope(service, member):
    other = service.caller(service.world.body, frozenset({"status:read"}))
    answer = other.get(f"/v1/{member}")
    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")


def test_own_records_are_kept_by_no_cache(service):
    assert service.body.get("/v1/people").headers["cache-control"] == "no-store"


def test_the_links_stand_in_the_header_and_the_body_alike(service):
    page = service.body.get("/v1/people?limit=1")
    assert f'<{page.json()["next"]}>; rel="next"' in page.headers["link"]
