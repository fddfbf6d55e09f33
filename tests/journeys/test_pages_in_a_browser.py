"""The pages in a real Chromium: without scripts, by keyboard, on a phone, in the dark, on paper, for axe and for people."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from app.conformity.identifiers import group_public_id
from app.conformity.words import live_word
from tests.support.browser import open_browser, served
from tests.support.pages import SITE, application, identifier
from tests.support.reports import REPORTS, report

pytestmark = pytest.mark.browser

CERTIFICATES = [name for name in REPORTS if name != "altered"]
PLACES = {
    **{name: f"/c/{identifier(name)}" for name in CERTIFICATES},
    "version": f"/c/{identifier('superseded')}/v1",
    "front": "/",
    "fault": "/find?q=",
    "malformed": f"/c/{identifier('valid')[:-1]}",
    "lookup": "/find?q=AIMS-0012",
    "lookup_of_nothing": "/find?q=NONE-1",
    "lookup_by_name": "/find?q=warehouse+machines",
    "elsewhere": f"/find?q=https://akashi-verify.example/c/{identifier('valid')}",
    "check": "/check-a-file",
    "genuine": "/genuine",
    "accessibility": "/accessibility",
    "problem": f"/c/{identifier('valid')}/v9",
}
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(application()) as where:
        yield where


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    made = browser.new_context(**getattr(request, "param", {}))
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize(("language", "scheme"), [("en", "dark"), ("ja", "light")])
def test_axe_finds_nothing_on_any_page(browser, address, language, scheme):
    """C125, and pages.md: axe 0."""
    page = browser.new_page(color_scheme=scheme)
    found = {}
    for name, path in PLACES.items():
        page.goto(f"{address}/{language}{path}")
        found[name] = violations(page)
    page.close()

    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_page_scrolls_sideways_on_a_small_screen(browser, address, language):
    """320 CSS pixels wide is also 1280 at 400 % zoom (WCAG 2.2 1.4.10)."""
    page = browser.new_page(viewport={"width": 320, "height": 640})
    too_wide = []
    for name, path in PLACES.items():
        page.goto(f"{address}/{language}{path}")
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            too_wide.append(name)
    page.close()

    assert too_wide == []


def test_everything_comes_from_the_same_place_and_no_policy_is_broken(browser, address):
    context = browser.new_context()
    page = context.new_page()
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    for path in (PLACES["valid"], PLACES["version"], PLACES["check"], "/"):
        page.goto(address + path)
    cookies = context.cookies()
    context.close()

    assert {url.split("/")[2] for url in asked} == {address.split("/")[2]}
    assert [said for said in complaints if "Content Security Policy" in said] == []
    assert cookies == []


@pytest.mark.parametrize("context", [{"java_script_enabled": False}], indirect=True)
def test_without_scripts_a_reader_gets_from_the_number_to_the_answer(page, address):
    page.goto(f"{address}/en/")
    page.get_by_label("ID, address, number or name").fill("AIMS-0012")
    page.get_by_role("button", name="Check").click()

    page.get_by_role("link", name="Kasumi Robotics").first.click()

    assert page.get_by_role("heading", level=1).inner_text().startswith("Valid.")
    assert page.title().startswith("Valid – Kasumi Robotics, ISO/IEC 42001:2023")


@pytest.mark.parametrize("context", [{"locale": "ja-JP"}], indirect=True)
def test_a_japanese_reader_stays_in_japanese_after_a_bare_address(page, address):
    """C103: by the header at first, by the address from then on, and never by a cookie."""
    page.goto(f"{address}/c/{identifier('suspended')}")
    assert page.get_by_role("heading", level=1).inner_text().startswith("一時停止中。")

    page.get_by_role("link", name="別の登録証を照会").click()
    assert page.url == f"{address}/ja/"
    page.get_by_role("link", name="English").click()
    page.get_by_label("ID, address, number or name").fill(identifier("expired").lower())
    page.keyboard.press("Enter")

    page.wait_for_url(f"{address}/en/c/{identifier('expired')}")
    assert page.get_by_role("heading", level=1).inner_text().startswith("Expired.")


def test_by_keyboard_alone_the_focus_is_always_seen(page, address):
    page.goto(f"{address}/en/")
    reached = []
    for _ in range(6):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
        ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert ring == "solid"

    assert reached == ["証Akashi", "English", "日本語", "q", "body", "Check"]


@pytest.mark.parametrize("name", [name for name in CERTIFICATES if name != "unknown"])
def test_the_verdict_survives_greyscale_and_forced_colours(browser, address, name):
    """C125: the word is in the accessible name of the first heading, and six shapes tell the verdicts apart."""
    page = browser.new_page(forced_colors="active")
    page.goto(f"{address}/en{PLACES[name]}")
    shown = report(name)
    state = shown["standing"]["state"]

    heading = page.get_by_role("heading", level=1)
    word = live_word(shown["verdict"], state).en
    assert heading.inner_text().startswith(word)
    assert page.locator(".panel > .mark").is_visible()
    page.close()


def test_six_verdicts_have_six_marks(page, address):
    names = ("valid", "superseded", "suspended", "withdrawn", "annulled", "stale")
    drawn = set()
    for name in names:
        page.goto(f"{address}/en{PLACES[name]}")
        drawn.add(page.locator(".panel > .mark").inner_html())

    assert len(drawn) == len(names)


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("size", ["A4", "Letter"])
def test_the_first_printed_page_holds_verdict_facts_moment_address_and_code(page, address, size, language):
    width, height = {"A4": (210, 297), "Letter": (215.9, 279.4)}[size]
    millimetre = 96 / 25.4
    page.set_viewport_size({"width": round((width - 32) * millimetre), "height": round((height - 28) * millimetre)})
    page.emulate_media(media="print")
    page.goto(f"{address}/{language}{PLACES['multi_site']}")

    bottom = (height - 28) * millimetre
    for seen in (".panel h1", ".panel .moment", ".facts >> nth=0", ".limits", ".scan svg", ".scan .address"):
        box = page.locator(seen).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < bottom
    assert not page.get_by_role("navigation").first.is_visible()
    assert page.locator(".scan svg").bounding_box()["width"] >= 29 * millimetre


def test_every_printed_page_names_the_id(page, address):
    page.emulate_media(media="print")
    page.goto(f"{address}/en{PLACES['multi_site']}")

    repeated = page.locator(".running")

    assert repeated.evaluate("element => getComputedStyle(element).display") == "table-footer-group"
    assert repeated.inner_text() == group_public_id(identifier("multi_site"))


def test_a_file_is_checked_and_an_altered_one_shows_nothing_of_itself(page, address):
    """C026, through the form that people use."""
    page.goto(f"{address}/ja/check-a-file")
    page.get_by_label("ファイル", exact=True).set_input_files(
        {"name": "登録証.jwt", "mimeType": "application/jwt", "buffer": b"altered"}
    )
    page.get_by_role("button", name="このファイルを検証する").click()

    assert page.get_by_role("heading", level=1).inner_text().startswith("このファイルは改変された")
    assert "霞" not in page.content()
    assert violations(page) == []


def test_a_form_sent_empty_says_what_is_wrong_and_where(page, address):
    page.goto(f"{address}/en/check-a-file")
    page.get_by_role("button", name="Check this file").click()

    page.get_by_role("alert").get_by_role("link", name="Choose a file first.").click()

    assert page.evaluate("document.activeElement.id") == "file"


@pytest.mark.parametrize("context", [{"viewport": {"width": 390, "height": 844}, "has_touch": True}], indirect=True)
def test_targets_are_large_enough_for_a_thumb(page, address):
    page.goto(f"{address}/en/")
    for control in page.locator("button, input, select, .languages a, .registry a, .foot a").all():
        box = control.bounding_box()
        assert box is not None
        assert box["height"] >= 40, control.inner_text()


def test_japanese_names_keep_japanese_shapes_on_an_english_page(page, address):
    """C092: the language of the run chooses the face, not the language of the page."""
    page.goto(f"{address}/en{PLACES['multi_site']}")

    languages = page.evaluate(
        "[...document.querySelectorAll('bdi, [lang]')].filter(e => /[\\u4e00-\\u9fff]/.test(e.textContent)"
        " && !e.querySelector('[lang]') && e.tagName !== 'HTML').map(e => e.lang)"
    )

    assert languages
    assert set(languages) == {"ja"}


def test_the_badge_on_the_page_is_drawn(page, address):
    page.goto(f"{address}/en{PLACES['valid']}")

    assert page.evaluate("document.querySelector('.badge img').naturalWidth") > 0
    assert SITE.host in page.locator(".badge img").get_attribute("alt")
