"""The addresses of the pages, over a real application."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from app.conformity.identifiers import group_public_id
from app.examiner.bundle import MAX_BUNDLE_BYTES
from app.pages.questions import Answered, Questions
from app.pages.render import icon_address, style_address
from app.pages.routes import LARGEST_FILE
from tests.support.html import read_html, said
from tests.support.pages import BODIES, MOMENT, NOT_A_FILE, QUESTIONS, SITE, application, identifier
from tests.support.reports import REPORTS, report
from tests.support.service import UNKNOWN_ID

VALID = identifier("valid")
PATHS = ("/", "/find?q=AIMS-0012", "/check-a-file", "/genuine", "/accessibility", f"/c/{VALID}", f"/c/{VALID}/v1")


@pytest.fixture(scope="module")
def client():
    with TestClient(application(), base_url="https://akashi.example", follow_redirects=False) as opened:
        yield opened


def ask(client, path, **headers):
    return client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


def posted(client, content: bytes, name: str = "x.jwt", language: str = "en"):
    return client.post(f"/{language}/check-a-file", files={"file": (name, content)})


@pytest.mark.parametrize("path", PATHS)
def test_every_page_is_bare_english_and_japanese(client, path):
    """C103: the path says the language; a bare address follows the header and says so."""
    bare = ask(client, path, accept_language="ja")

    assert read_html(bare.text).one("html").attributes["lang"] == "ja"
    assert "Accept-Language" in bare.headers["vary"]
    assert bare.headers["content-language"] == "ja"
    assert read_html(ask(client, path).text).one("html").attributes["lang"] == "en"
    for language in ("en", "ja"):
        named = ask(client, f"/{language}{path}", accept_language="fr")
        assert read_html(named.text).one("html").attributes["lang"] == language
        assert "vary" not in named.headers


@pytest.mark.parametrize("path", PATHS)
def test_every_page_wears_the_headers_and_no_cookie(client, path):
    answered = ask(client, path)

    assert answered.headers["content-security-policy"].startswith("default-src 'none'")
    assert answered.headers["referrer-policy"] == "no-referrer"
    assert answered.headers["content-type"] == "text/html; charset=utf-8"
    assert "set-cookie" not in answered.headers
    assert answered.headers["cache-control"].startswith("public, max-age=")


def test_a_chosen_language_is_an_address(client):
    answered = ask(client, f"/c/{VALID}?lang=ja")

    assert (answered.status_code, answered.headers["location"]) == (303, f"/ja/c/{VALID}")
    assert ask(client, "/find?q=A&lang=en").headers["location"] == "/en/find?q=A"
    assert ask(client, f"/c/{VALID}?lang=xx").status_code == 200


@pytest.mark.parametrize(
    "presented", [VALID, VALID.lower(), group_public_id(VALID), group_public_id(VALID).lower(), VALID.replace("0", "o")]
)
@pytest.mark.parametrize("letter", ["c", "C"])
def test_the_id_is_read_in_any_form_at_either_address(client, presented, letter):
    """C007: `/C/` and `/c/` are the same page."""
    answered = ask(client, f"/{letter}/{presented}")

    assert answered.status_code == 200
    assert answered.text.replace(f"/{letter}/{presented}", f"/c/{VALID}") == ask(client, f"/c/{VALID}").text


@pytest.mark.parametrize("letters", ["/c/{}/v1", "/C/{}/V1"])
def test_the_printed_address_of_a_version_answers(client, letters):
    answered = ask(client, letters.format(identifier("superseded")))

    assert answered.status_code == 200
    assert "Version 2 replaced it on 1 June 2026" in said(answered.text)
    assert "<ins>" in answered.text


@pytest.mark.parametrize("name", [name for name in REPORTS if name not in {"unknown", "altered"}])
def test_a_negative_answer_is_an_answer(client, name):
    """C023: a withdrawn record is shown for ever."""
    assert ask(client, f"/c/{identifier(name)}").status_code == 200


def test_an_unknown_id_is_404_and_says_that_absence_proves_nothing(client):
    answered = ask(client, f"/en/c/{identifier('unknown')}")

    assert answered.status_code == 404
    assert "No record here." in said(answered.text)
    assert identifier("unknown") in answered.text


@pytest.mark.parametrize("path", ["/c/{}", "/c/{}/v1"])
def test_a_mistyped_id_is_400_and_names_the_group(client, path):
    wrong = VALID[:22] + ("A" if VALID[22] != "A" else "B") + VALID[23:]

    answered = ask(client, path.format(wrong))

    assert answered.status_code == 400
    assert "probably in group 5. Nothing was looked up." in said(answered.text)


def test_mistyping_never_locks_anything(client):
    """C005: three slips, then the right ID."""
    for _ in range(3):
        ask(client, "/c/" + "A" * 35)

    assert ask(client, f"/c/{VALID}").status_code == 200


def test_a_version_that_does_not_exist_is_a_problem_page(client):
    answered = ask(client, f"/ja/c/{VALID}/v9")

    assert answered.status_code == 404
    assert "unknown_certificate" in answered.text


def test_the_one_field_leads_to_the_certificate(client):
    answered = ask(client, f"/ja/find?q=+{group_public_id(VALID).lower()}+")

    assert (answered.status_code, answered.headers["location"]) == (303, f"/ja/c/{VALID}")
    assert ask(client, f"/find?q=https://akashi.example/C/{VALID}").headers["location"] == f"/en/c/{VALID}"


def test_what_is_no_number_is_looked_for_among_names(client):
    """C089: one field, also for a name, present or former."""
    answered = ask(client, "/en/find?q=warehouse+machines")

    assert "Now: Kasumi Robotics." in said(answered.text)
    assert "No record here with the number" in said(ask(client, "/en/find?q=nobody+of+this+name").text)


def test_a_pasted_address_leads_to_the_version_that_it_names(client):
    answered = ask(client, f"/ja/find?q=https://akashi.example/C/{VALID}/V2")

    assert answered.headers["location"] == f"/ja/c/{VALID}/v2"


@pytest.mark.parametrize(
    ("pasted", "host"),
    [
        (f"https://akashi-verify.example/c/{VALID}", "akashi-verify.example"),
        (f"akashi-verify.example/c/{VALID}", "akashi-verify.example"),
        (f"https://akashi.example@akashi-verify.example/c/{VALID}", "akashi-verify.example"),
    ],
)
def test_an_address_of_another_site_is_said_to_be_one(client, pasted, host):
    """C004: a look-alike host is named before anything is said of the ID."""
    answered = client.get("/en/find", params={"q": pasted})

    assert answered.status_code == 200
    assert f"leads to {host}. This registry is at akashi.example." in said(answered.text)
    assert f'href="/en/c/{VALID}"' in answered.text
    assert "Valid." not in said(answered.text)


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/en", "/en/"),
        ("/ja", "/ja/"),
        (f"/c/{VALID}/", f"/c/{VALID}"),
        (f"/ja/C/{VALID}/v1/", f"/ja/C/{VALID}/v1"),
        ("/en/find/?q=A", "/en/find?q=A"),
    ],
)
def test_a_slash_too_many_or_too_few_leads_to_the_page(client, path, location):
    answered = ask(client, path)

    assert (answered.status_code, answered.headers["location"]) == (303, location)


@pytest.mark.parametrize(
    ("query", "status", "heading"),
    [
        ("q=AIMS-0012", 200, "3 certificates carry the number AIMS-0012."),
        ("q=AIMS-0044", 200, "One certificate carries the number AIMS-0044."),
        ("q=NONE-1", 200, "No record here with the number NONE-1."),
        (f"q=AIMS-0012&body={BODIES[1]['id']}", 200, "No record here with the number AIMS-0012."),
        ("q=", 400, "Check a certificate"),
        ("", 400, "Check a certificate"),
        ("q=" + "x" * 301, 400, "Check a certificate"),
        ("q=" + "A" * 35, 400, "This ID seems mistyped, probably in group 1. Nothing was looked up."),
    ],
)
def test_every_question_has_its_heading(client, query, status, heading):
    answered = ask(client, f"/en/find?{query}")

    assert answered.status_code == status
    assert read_html(answered.text).one("h1").text.strip() == heading


def test_the_same_certificate_in_another_format_is_elsewhere(client):
    answered = ask(client, f"/c/{VALID}", accept="application/json")

    assert (answered.status_code, answered.headers["location"]) == (303, f"/c/{VALID}.json")
    assert ask(client, f"/ja/c/{VALID}", accept="application/json").status_code == 200


def test_the_same_page_is_not_sent_twice(client):
    first = ask(client, f"/c/{VALID}")

    assert ask(client, f"/c/{VALID}", if_none_match=first.headers["etag"]).status_code == 304


def test_a_page_is_kept_no_longer_than_a_minute(client):
    assert ask(client, f"/c/{VALID}").headers["cache-control"] == "public, max-age=60, must-revalidate"


def test_head_is_answered(client):
    assert client.head(f"/c/{VALID}").status_code == 200


def test_style_and_icon_are_kept_for_ever(client):
    for address, kind in ((style_address(), "text/css"), (icon_address(), "image/svg+xml")):
        answered = ask(client, address)
        assert answered.headers["content-type"].startswith(kind)
        assert "immutable" in answered.headers["cache-control"]


def test_a_presented_file_is_reported_and_kept_nowhere(client):
    answered = posted(client, b"withdrawn", "証明書.jwt", "ja")

    assert answered.status_code == 200
    assert answered.headers["cache-control"] == "no-store"
    assert read_html(answered.text).one("h1").text.startswith("取消し。")
    assert "証明書.jwt" in answered.text


def test_an_altered_file_shows_nothing_of_itself(client):
    """C026: and it is an answer, not an error."""
    answered = posted(client, b"altered")

    assert answered.status_code == 200
    assert "Kasumi" not in answered.text
    assert "This file was altered" in said(answered.text)


def test_what_is_no_certificates_file_is_said_to_be_so(client):
    answered = posted(client, NOT_A_FILE)

    assert answered.status_code == 400
    assert read_html(answered.text).all("a", href="#file")


@pytest.mark.parametrize("content", [b"", b"x" * (LARGEST_FILE + 1), b"x" * (LARGEST_FILE + 9000)])
def test_a_file_that_is_empty_or_too_large_is_refused_with_the_form(client, content):
    answered = posted(client, content)

    assert answered.status_code == (413 if content else 400)
    assert read_html(answered.text).one("input").attributes["aria-invalid"] == "true"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "multipart/form-data; boundary=x"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"--x\r\nbroken", "multipart/form-data"),
        (b"file=text", "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
    ],
)
def test_what_is_no_form_with_a_file_is_refused_in_words(client, content, kind):
    answered = client.post("/en/check-a-file", content=content, headers={"content-type": kind})

    assert answered.status_code == 400


def test_a_body_of_untold_length_is_refused(client):
    answered = client.post(
        "/en/check-a-file", content=iter([b"x"]), headers={"content-type": "multipart/form-data; boundary=x"}
    )

    assert answered.status_code == 400


def test_a_file_name_cannot_reorder_the_page(client):
    answered = posted(client, b"valid", "a\u202etxt.jwt")

    assert "\u202e" not in answered.text


def test_a_file_may_be_as_large_as_the_largest_bundle():
    assert LARGEST_FILE == MAX_BUNDLE_BYTES


def test_the_page_says_as_of_when(client):
    assert report("valid")["data_as_of"] == MOMENT.isoformat().replace("+00:00", "Z")
    assert "As of 24 Nov 2026, 22:50 JST (13:50 UTC)" in said(ask(client, f"/en/c/{VALID}").text)


def test_paper_carries_a_code(client):
    """The code leads to the address, in its own language, and says nothing by itself."""
    read = read_html(ask(client, f"/ja/c/{VALID}").text)

    assert read.one("figure", class_="scan").text.startswith("読み取ると現在の状態を確認できます")


def test_an_address_too_long_for_a_code_leaves_the_page_without_one():
    site = type(application.__defaults__[0])(
        base_url="https://" + "long." * 12 + "example", operator="Nobody", version="1"
    )
    with TestClient(application(site)) as opened:
        answered = opened.get(f"/en/c/{VALID}")

    assert answered.status_code == 200
    assert 'class="scan"' not in answered.text


def test_a_record_without_an_established_version_has_no_code():
    answered = Questions(**{**vars(QUESTIONS), "verify": lambda _: Answered(report("stale", version=None))})

    with TestClient(application(SITE, answered)) as opened:
        assert 'class="scan"' not in opened.get(f"/en/c/{VALID}").text


def test_a_page_is_not_kept_past_the_next_boundary():
    soon = MOMENT + timedelta(seconds=19)
    questions = Questions(
        **{
            **vars(QUESTIONS),
            "verify": lambda public_id: Answered(QUESTIONS.verify(public_id).report, soon),
            "lookup": lambda number, body: replace(QUESTIONS.lookup(number, body), until=soon),
        }
    )

    with TestClient(application(SITE, questions)) as opened:
        for path in (f"/en/c/{VALID}", "/en/find?q=AIMS-0012"):
            assert opened.get(path).headers["cache-control"] == "public, max-age=12, must-revalidate"


HTML = {"Accept": "text/html"}


@pytest.mark.parametrize("path", ["/c/{}.pdf", "/C/{}.jsonld", "/ja/c/{}.json", "/c/{}/v1.pdf", "/C/{}/V1.jsonld"])
def test_a_format_that_is_not_offered_is_said_to_be_so_and_not_mistyped(service, path):
    address = path.format(UNKNOWN_ID)
    for program in (service.get(address), service.http.get(address, headers={"Accept": "application/json"})):
        assert (program.status_code, program.json()["code"]) == (404, "unknown_format")

    page = service.http.get(address, headers=HTML)

    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "unknown_format" in page.text


@pytest.mark.parametrize("name", ["at", "known_at"])
@pytest.mark.parametrize("path", ["/c/{}", "/ja/c/{}", "/c/{}/v1"])
def test_a_page_takes_no_time_and_says_where_one_is_answered(service, path, name):
    """C029: never today's answer for another day."""
    address = f"{path.format(UNKNOWN_ID)}?{name}=2026-01-01T00:00:00Z"

    assert service.get(address).json()["code"] == "page_is_of_now"
    page = service.http.get(address, headers=HTML)

    assert page.status_code == 400
    assert "/v1/certificates/{ID}/verification" in page.text
    assert service.http.get(path.format(UNKNOWN_ID) + "?utm_source=x", headers=HTML).status_code == 404


def test_security_txt_is_linked_where_there_is_one():
    for contact in (False, True):
        with TestClient(application(replace(SITE, security_contact=contact))) as opened:
            assert ("/.well-known/security.txt" in opened.get("/en/").text) is contact
            assert ("the security file" in opened.get("/en/accessibility").text) is contact
