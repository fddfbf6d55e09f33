"""The live badge: always the live word, whose, of what, and where to check; never a claim about a product."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page, sync_playwright

from app.conformity.identifiers import group_public_id
from app.conformity.words import MARKS, live_word
from app.documents.badge import BadgeFacts, ClaimRefused, badge_facts, render_badge
from app.documents.text import Run
from tests.support.reports import PUBLIC_ID, REPORTS, report

SVG = "{http://www.w3.org/2000/svg}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
LIMIT = {
    "en": "management system — not a product or AI model",
    "ja": "マネジメントシステムの認証（製品・AIモデルの認証ではありません）",
}
VALID = BadgeFacts(
    verdict="valid",
    state="active",
    holder=Run("Kasumi Robotics", "en"),
    standard="ISO/IEC 42001:2023",
    body=Run("Tokiwa Certification K.K.", "en"),
    certificate_id=PUBLIC_ID,
    check_at="registry.example/c/",
    language="en",
    as_of=datetime(2026, 11, 24, 13, 50, tzinfo=UTC),
)


def facts_of(name: str, language: str = "en", **changes: Any) -> BadgeFacts:
    return badge_facts(report(name, **changes), "https://registry.example", language)


def drawn(facts: BadgeFacts) -> ET.Element:
    return ET.fromstring(render_badge(facts))


def shown(facts: BadgeFacts) -> list[str]:
    """The rows that an eye reads."""
    return ["".join(text.itertext()) for text in drawn(facts).iter(f"{SVG}text")]


ESTABLISHED = [name for name in REPORTS if report(name)["verdict"] != "unknown"]


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", list(REPORTS))
def test_every_standing_shows_its_fixed_word_first(name: str, language: str) -> None:
    facts = facts_of(name, language)
    assert shown(facts)[0] == live_word(facts.verdict, facts.state).in_language(language)


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", ESTABLISHED)
def test_every_badge_says_whose_of_what_and_where_to_check(name: str, language: str) -> None:
    """C073: a copied image tells on itself; 17021-1 8.3: never as if a product were certified."""
    rows = shown(facts_of(name, language))
    holder = report(name)["holder"]
    withheld = {"en": "the holder", "ja": "登録組織"}[language]
    names = [entry["name"] for entry in holder["names"]] if holder else [withheld]
    assert any(row in names for row in rows)
    assert "ISO/IEC 42001:2023" in rows
    assert LIMIT[language] in rows
    assert f"{'check at ' if language == 'en' else '確認先：'}registry.example/c/" in rows
    assert group_public_id(PUBLIC_ID) in rows


def test_an_english_badge_from_top_to_bottom() -> None:
    assert shown(facts_of("suspended")) == [
        "Suspended",
        "Kasumi Robotics",
        "ISO/IEC 42001:2023",
        "certification body: Tokiwa Certification K.K.",
        LIMIT["en"],
        "check at registry.example/c/",
        group_public_id(PUBLIC_ID),
        "as of 24 November 2026, 13:50 UTC",
    ]


def test_a_japanese_badge_from_top_to_bottom() -> None:
    assert shown(facts_of("suspended", "ja")) == [
        "一時停止中",
        "株式会社霞ロボティクス",
        "ISO/IEC 42001:2023",
        "認証機関：常磐認証機構株式会社",
        LIMIT["ja"],
        "確認先：registry.example/c/",
        group_public_id(PUBLIC_ID),
        "2026年11月24日 13:50（UTC）現在",
    ]


@pytest.mark.parametrize("name", ["unknown", "stale", "altered"])
def test_where_nothing_is_established_nothing_is_claimed(name: str) -> None:
    """The altered file still carries a holder and a scheme: not one letter of it may be drawn (C026)."""
    badge = render_badge(facts_of(name)).decode()
    assert "This badge makes no claim." in badge
    assert "check at registry.example/c/" in badge
    for claim in ("Kasumi", "Tokiwa", "42001", "management system"):
        assert claim not in badge
    for verdict in set(MARKS) - {"unknown", "declared"}:  # these two share their grey
        assert MARKS[verdict].ink not in badge


def test_a_record_whose_standing_is_not_established_is_not_called_no_record() -> None:
    assert shown(facts_of("stale", standing=None))[0] == "Could not be checked in full"
    assert shown(facts_of("unknown"))[0] == "No record here"


def test_a_confidential_holder_is_named_nowhere() -> None:
    badge = render_badge(facts_of("confidential")).decode()
    assert "Kasumi" not in badge
    assert "霞" not in badge
    assert "<title>Valid: the holder, ISO/IEC 42001:2023</title>" in badge


def test_a_withheld_body_leaves_no_empty_label() -> None:
    assert not any("certification body" in row for row in shown(replace(VALID, body=None)))


@pytest.mark.parametrize("name", list(REPORTS))
def test_green_is_drawn_for_valid_only(name: str) -> None:
    facts = facts_of(name)
    assert (MARKS["valid"].ink in render_badge(facts).decode()) == (facts.verdict == "valid")


def test_only_what_never_had_effect_has_a_hatched_edge() -> None:
    hatched = [name for name in REPORTS if 'stroke-width="1.5"' in render_badge(facts_of(name)).decode()]
    assert hatched == ["annulled"]


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", list(REPORTS))
def test_a_badge_is_a_drawing_and_nothing_else(name: str, language: str) -> None:
    """C068: no script, style, link, reference, identifier or event handler."""
    root = drawn(facts_of(name, language))
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "desc", "rect", "path", "circle", "g", "text", "tspan",
    }  # fmt: skip
    attributes = {attribute for element in root.iter() for attribute in element.attrib}
    assert not {"id", "style", "class", "href"} & attributes
    assert not [attribute for attribute in attributes if attribute.startswith("on")]
    assert "url(" not in render_badge(facts_of(name, language)).decode()


def test_who_does_not_see_it_hears_the_same() -> None:
    root = drawn(facts_of("suspended"))
    assert root.get("role") == "img"
    assert root[0].tag == f"{SVG}title"
    assert root[0].text == "Suspended: Kasumi Robotics, ISO/IEC 42001:2023"
    assert (root[1].text or "").splitlines() == shown(facts_of("suspended"))[1:]


def test_every_run_states_its_language() -> None:
    """C092: a Japanese name on an English badge keeps its own shapes, and the other way round."""
    facts = replace(VALID, holder=Run("直骨令刃株式会社", "ja"))
    runs = {run.text: run for run in drawn(facts).iter(f"{SVG}tspan")}
    assert runs["直骨令刃株式会社"].get("lang") == runs["直骨令刃株式会社"].get(XML_LANG) == "ja"
    assert runs["Valid"].get("lang") == "en"
    assert "Hiragino" in (runs["直骨令刃株式会社"].get("font-family") or "")
    assert "Hiragino" not in (runs["Valid"].get("font-family") or "")


def test_a_mixed_row_keeps_both_languages() -> None:
    facts = replace(VALID, body=Run("常磐認証機構株式会社", "ja"))
    row = next(text for text in drawn(facts).iter(f"{SVG}text") if "常磐" in "".join(text.itertext()))
    assert [(run.text, run.get("lang")) for run in row] == [
        ("certification body: ", "en"),
        ("常磐認証機構株式会社", "ja"),
    ]


def test_without_a_name_in_its_language_a_badge_shows_the_registered_one() -> None:
    only_japanese = [{"name": "株式会社霞ロボティクス", "language": "ja-JP", "script": "Jpan"}]
    holder = {"names": only_japanese, "country": "JP", "identifiers": None}
    assert facts_of("valid", holder=holder).holder == Run("株式会社霞ロボティクス", "ja-JP")
    assert facts_of("valid", "ja", holder=holder).holder == Run("株式会社霞ロボティクス", "ja-JP")


def test_a_name_cannot_break_out_of_its_place() -> None:
    hostile = '"/><script>alert(1)</script>\u202e\x00&amp;'
    facts = replace(VALID, holder=Run(hostile, 'en"><a'), check_at="<b>/c/")
    badge = render_badge(facts).decode()
    assert "<script" not in badge
    assert "<a" not in badge
    assert "<b>" not in badge
    assert '"/><script>alert(1)</script>\ufffd\ufffd&amp;' in (drawn(facts)[0].text or "")


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=120), st.text(max_size=120))
def test_no_text_makes_a_badge_that_is_not_well_formed(holder: str, body: str) -> None:
    root = drawn(replace(VALID, holder=Run(holder, "ja"), body=Run(body, "en")))
    assert 344 <= int(root.get("width") or 0) <= 480


def test_a_long_name_wraps_and_is_whole_in_the_title() -> None:
    name = "一般財団法人日本人工知能安全性評価・高度情報処理技術研究開発推進機構" * 3
    rows = shown(replace(VALID, holder=Run(name, "ja")))
    assert rows[3].endswith("…")
    assert "".join(rows[1:4])[:-1] == name[: len("".join(rows[1:4])) - 1]
    assert name in (drawn(replace(VALID, holder=Run(name, "ja")))[0].text or "")


def test_a_badge_widens_for_a_longer_name_up_to_its_bound() -> None:
    widths = [int(drawn(replace(VALID, holder=Run("A" * n, "en"))).get("width") or 0) for n in (3, 32, 60)]
    assert widths[0] < widths[1] < widths[2] == 480


def test_the_word_itself_is_never_cut() -> None:
    facts = replace(VALID, verdict="never_valid")
    assert shown(facts)[0] == "Signed after its key was compromised"
    assert int(drawn(facts).get("width") or 0) > 480


@pytest.mark.parametrize("label", ["certified AI", "AI認証済み", "ISO認定", "Certified AI model, ISO/IEC 42001"])
def test_a_label_that_claims_more_than_a_management_system_is_refused(label: str) -> None:
    """domain: claims."""
    with pytest.raises(ClaimRefused) as refusal:
        render_badge(replace(VALID, standard=label))
    assert refusal.value.code == "refused_claim"


def test_equal_facts_give_equal_bytes() -> None:
    assert render_badge(facts_of("valid")) == render_badge(facts_of("valid"))


def test_the_age_of_the_data_is_told_and_where_it_is_not_known_the_time_asked() -> None:
    assert facts_of("valid", data_as_of="2026-11-24T13:49:00.250Z").as_of.minute == 49
    assert facts_of("unknown", data_as_of=None).as_of == datetime(2026, 11, 24, 13, 50, tzinfo=UTC)


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"), args=["--no-sandbox"]
        )
        yield browser.new_page(device_scale_factor=2)
        browser.close()


def picture(page: Page, facts: BadgeFacts, ground: str = "#ffffff") -> np.ndarray:
    """The badge as a page embeds it: by `img`, on a ground of some colour."""
    source = render_badge(facts).decode()
    page.set_content(f'<body style="margin:0;background:{ground}"><img alt=""></body>')
    page.eval_on_selector(
        "img",
        "(img, svg) => { img.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(svg); return img.decode() }",
        source,
    )
    return cv2.imdecode(np.frombuffer(page.locator("img").screenshot(), dtype=np.uint8), cv2.IMREAD_COLOR)


@pytest.mark.browser
def test_kanji_keep_the_shapes_of_their_language_in_an_image(page: Page) -> None:
    """C092, picture test: 直 骨 令 刃 differ between Japanese and Chinese faces, whatever the badge's language."""
    japanese = picture(page, replace(VALID, holder=Run("直骨令刃", "ja")))
    chinese = picture(page, replace(VALID, holder=Run("直骨令刃", "zh-Hans")))
    assert np.array_equal(japanese, picture(page, replace(VALID, holder=Run("直骨令刃", "ja"))))
    assert not np.array_equal(japanese, chinese)


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_text_reaches_the_edge_of_its_badge(page: Page, language: str) -> None:
    """The estimate of widths holds in a real browser with its own fonts."""
    long = Run("International Consortium for Responsible Machine Learning and Autonomous Systems", "en")
    for facts in (facts_of("valid", language), facts_of("cancelled", language), replace(VALID, holder=long)):
        image = picture(page, facts)
        edge = image[120:-8, -18:-8]
        assert int(edge.min()) > 240, "white between text and edge"


@pytest.mark.browser
def test_a_badge_reads_the_same_on_a_dark_page(page: Page) -> None:
    light, dark = picture(page, VALID), picture(page, VALID, "#101418")
    inside = np.s_[12:-12, 12:-12]
    assert np.array_equal(light[inside], dark[inside])
