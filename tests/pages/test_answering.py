"""From a page to an HTTP answer."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from starlette.requests import Request

from app.errors import AkashiError, catalogue
from app.pages.answering import Page, answer, minute_of, problem_response, visit_of, wants_a_page
from tests.support.html import read_html, said
from tests.support.pages import MOMENT, SITE


def request(path: str = "/c/X", query: str = "", **headers: str) -> Request:
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request(
        {
            "type": "http",
            "method": "GET",
            "path": path,
            "query_string": query.encode(),
            "headers": [(b"host", b"akashi.example"), *pairs],
            "state": {"request_id": "abc123"},
        }
    )


def refuse(code: str):
    def page(_):
        raise AkashiError(code)

    return page


@pytest.mark.parametrize(
    ("code", "status"),
    [("unknown_certificate", 404), ("malformed_id", 400), ("rate_limited", 429), ("method_not_allowed", 405)],
)
def test_a_refusal_becomes_a_page_in_the_readers_language(code, status):
    visit = visit_of(request("/ja/c/X"), SITE, "ja", MOMENT)

    answered = answer(visit, refuse(code), bare=False)

    html = answered.body.decode()
    assert answered.status_code == status
    assert answered.headers["cache-control"] == "no-store"
    assert read_html(html).one("h1").text == catalogue()[code].ja
    assert catalogue()[code].remedy_ja in said(html)
    assert "abc123" in html


def test_a_path_without_its_language_is_what_the_switch_keeps():
    visit = visit_of(request("/ja/find", "q=A+1&lang=en&body=%E8%AA%8D"), SITE, "ja", MOMENT)

    assert visit.path == "/find?q=A+1&body=%E8%AA%8D"


def test_without_a_body_the_zone_is_the_sites_own():
    visit = visit_of(request(), SITE, None, MOMENT)

    assert visit.frame().zone == "UTC"
    assert visit.frame(zone="Asia/Tokyo").zone == "Asia/Tokyo"
    assert visit.frame(addressed=False).path is None


@pytest.mark.parametrize(
    ("accept", "location"),
    [
        ("application/json", "/c/X.json"),
        ("application/vc+jwt, */*;q=0.1", "/c/X.jwt"),
        ("text/html, application/json", None),
        ("image/png", None),
        ("*/*", None),
        ("", None),
    ],
)
def test_another_format_stands_at_an_address_of_its_own(accept, location):
    """Caches confuse negotiated answers, so asking for another format is answered 303."""
    visit = visit_of(request(accept=accept), SITE, None, MOMENT)
    formats = {"application/json": ".json", "application/vc+jwt": ".jwt"}

    answered = answer(visit, lambda _: Page("<p>"), bare=True, formats=formats)

    assert answered.headers.get("location") == location
    assert answered.status_code == (303 if location else 200)
    assert "Accept" in answered.headers["vary"]


@pytest.mark.parametrize("presented", ["{tag}", "W/{tag}", '"other", {tag}', "*"])
def test_who_has_the_bytes_is_told_so(presented):
    page = Page("<p>same")
    first = answer(visit_of(request(), SITE, "en", MOMENT), lambda _: page, bare=False)
    again = request(if_none_match=presented.format(tag=first.headers["etag"]))

    answered = answer(visit_of(again, SITE, "en", MOMENT), lambda _: page, bare=False)

    assert answered.status_code == 304
    assert answered.body == b""
    assert answered.headers["etag"] == first.headers["etag"]


def test_a_negative_status_is_never_turned_into_304():
    answered = answer(
        visit_of(request(if_none_match="*"), SITE, "en", MOMENT), lambda _: Page("<p>", status=404), bare=False
    )

    assert answered.status_code == 404


@pytest.mark.parametrize(
    ("path", "language", "vary"),
    [("/ja/nowhere", "ja", None), ("/nowhere", "en", "Accept-Language"), ("", "en", "Accept-Language")],
)
def test_the_service_can_answer_any_refusal_with_a_page(path, language, vary):
    answered = problem_response(request(path), SITE, AkashiError("internal_error"), MOMENT)

    assert answered.status_code == 500
    assert answered.headers["content-language"] == language
    assert answered.headers.get("vary") == vary


def test_only_who_reads_html_gets_pages():
    assert wants_a_page(request(accept="text/html,*/*"))
    assert not wants_a_page(request(accept="application/json"))
    assert not wants_a_page(request())


def test_a_page_without_data_is_of_this_minute():
    assert minute_of(datetime(2026, 11, 24, 13, 50, 59, tzinfo=UTC)) == "2026-11-24T13:50:00Z"
