"""What a reader sees of real certificates in every standing: on the page in both languages, and the same in the data.

Every certificate here was brought about by the acts themselves (`tests/support/gallery.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.support.browser import open_browser, served
from tests.support.gallery import Gallery
from tests.support.html import said
from tests.support.lending import Library
from tests.support.service import Service
from tests.support.world import World

pytestmark = pytest.mark.xdist_group("what_people_see")

LANGUAGES = ("en", "ja")
NAMES = (
    "in_force", "confidential", "revised", "suspended", "appealed", "restored", "withdrawn", "cancelled", "annulled",
    "lapsed", "expired", "transferred", "taken_over", "imported", "imported_long_ago", "unaccredited", "declared",
    "accreditation_ended", "pending",
)  # fmt: skip


@pytest.fixture(scope="module")
def gallery(worlds: dict[str, World], world_libraries: dict[str, Library]) -> Iterator[Gallery]:
    with world_libraries["bare"].lend() as lent:
        yield Gallery(worlds["bare"].on(lent))


@pytest.fixture(scope="module")
def service(gallery: Gallery) -> Service:
    return Service(gallery.world)


@pytest.fixture
def markup(gallery, service):
    def of(name: str, language: str, version: str = "") -> str:
        answer = service.get(f"/{language}{gallery.path(name)}{version}")
        assert answer.status_code == 200
        page = answer.text
        return page[page.index("<main") : page.index("</main>")]

    return of


@pytest.fixture
def told(markup):
    """The words of a page, without markup."""
    return lambda *which: said(f"<body>{markup(*which)}</main></body>")


# --- Every standing ---

WORDS = {
    "in_force": ("Valid.", "有効。"),
    "suspended": ("Suspended.", "一時停止中。"),
    "withdrawn": ("Withdrawn.", "取消し。"),
    "cancelled": ("Ended at the holder's request.", "辞退。"),
    "annulled": ("Never had effect.", "当初から無効。"),
    "expired": ("Expired.", "有効期限切れ。"),
    "lapsed": ("Valid.", "有効。"),
    "transferred": ("Transferred.", "移転。"),
    "pending": ("Not yet in force.", "発効前。"),
    "accreditation_ended": ("Valid, with a notice.", "有効（注意事項あり）。"),
    "imported": ("Valid, with a notice.", "有効（注意事項あり）。"),
    "imported_long_ago": ("Could not be checked in full.", "すべては確認できませんでした。"),
    "unaccredited": ("Valid, not accredited.", "有効（認定なし）。"),
    "declared": ("Self-declaration.", "自己宣言。"),
}


@pytest.mark.parametrize("name", WORDS)
def test_the_answer_comes_before_everything_else_in_both_languages(told, name):
    for language, word in zip(LANGUAGES, WORDS[name], strict=True):
        assert told(name, language).startswith(word)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_notice_of_the_report_is_told_in_words(gallery, service, told, name, language):
    """The page leaves out no notice that a machine gets: it stands in the summary or in a box of its own."""
    page = told(name, language)
    report = service.verification(gallery.ids[name])

    summary = report["summary"][language]
    for notice in report["notices"]:
        lead = notice["detail"][language]
        assert lead in page or notice["code"] in {"accreditation_ended", "superseded"}, notice
    assert summary.split(". ")[-1].strip(" .") in page or summary.split("。")[-2] in page


# --- History ---


@pytest.mark.parametrize(
    ("language", "gap"),
    [("en", "Nothing was in force from then until"), ("ja", "有効な認証はありませんでした。")],
)
def test_what_was_restored_after_expiry_shows_its_gap_for_ever(gallery, service, markup, language, gap):
    """17021-1 9.6.3.2: in words above the facts, in the history with both ends, in the drawing, and in the data."""
    page = markup("lapsed", language)
    entry = re.search(r'<li class="gap">.*?</li>', page, re.DOTALL)

    assert entry is not None
    assert gap in said(f"<body>{entry.group()}</body>")
    assert 'class="bar-expired"' in page
    report = service.verification(gallery.ids["lapsed"])
    assert "lapse_bridged" in [notice["code"] for notice in report["notices"]]
    assert report["cycle"]["previous_ended_on"] is not None
    first, second = service.get(f"/v1/certificates/{gallery.ids['lapsed']}/versions").json()["versions"]
    assert first["valid_until"] < second["valid_from"]


def test_an_annulled_grant_was_not_annulled_on_appeal(told):
    english, japanese = told("annulled", "en"), told("annulled", "ja")

    assert "Granted declared never to have had effect" in english
    assert "Counts for every day, from the beginning." in english
    assert "appeal" not in english
    assert "認証の授与 当初から無効と宣言" in japanese
    assert "異議申立て" not in japanese


def test_what_an_appeal_annulled_stays_visible_as_that(told):
    """Domain §9: the interval stays visible as "suspended, later annulled"."""
    assert "Suspended annulled on appeal" in told("appealed", "en")
    assert "一時停止 異議申立てにより無効" in told("appealed", "ja")
    assert "Suspended, later annulled on appeal" in told("appealed", "en")


def test_every_event_of_the_data_is_a_line_of_the_history(gallery, service, markup):
    for name in NAMES:
        events = service.get(f"/v1/certificates/{gallery.ids[name]}/events").json()["events"]
        lines = re.findall(r"<li[^>]*><strong>", markup(name, "en").split('<ol class="events">')[1])
        added_by_the_clock = {"lapsed": 1, "expired": 1}.get(name, 0)
        assert len(lines) == len(events) + added_by_the_clock, name


# --- Versions ---


@pytest.mark.parametrize(
    ("language", "labels"),
    [
        ("en", ["Correction of a misprint", "Reduction of the scope", "First certificate"]),
        ("ja", ["誤記の訂正", "認証範囲の縮小", "初回の登録証"]),
    ],
)
def test_versions_are_listed_newest_first_with_what_each_changed(markup, language, labels):
    listed = markup("revised", language).split('<ol class="versions"')[1]

    places = [listed.index(label) for label in labels]
    assert places == sorted(places)
    assert "<del>service</del>" in listed
    assert "<ins>mobile</ins>" in listed


def test_the_page_of_an_old_version_compares_it_field_by_field_with_the_current_one(gallery, service, markup):
    page = markup("revised", "en", "/v1")

    assert "Version 3 replaced it on" in page
    fields = {re.sub(r":.*", "", field) for field in re.findall(r'<th scope="row">(.*?)</th>', page)}
    assert {"Scope statement", "Sites", "Effective date"} <= fields
    version = service.get(f"/v1/certificates/{gallery.ids['revised']}/versions").json()["versions"][0]
    assert {one["field"] for one in version["differences_from_current"]} >= {"scope.statement", "scope.sites"}


# --- What is certified ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_stands_there_in_its_language_and_one_is_said_to_prevail(markup, language):
    page = markup("in_force", language)

    assert '<p class="statement" lang="en">Design and operation of AI functions in service robots</p>' in page
    assert '<p class="statement" lang="ja">サービスロボットにおけるAI機能の設計及び運用</p>' in page
    prevails, other = {
        "en": ("This text prevails.", "Translation; the other text prevails."),
        "ja": ("この文面を正とします。", "翻訳です（もう一方の文面を正とします）。"),
    }[language]
    facts = page.split('class="sites"')[0]
    english = facts.index('<p class="statement" lang="en">')
    assert prevails in facts[english : english + 200]
    assert other in facts


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["AI roles: AI provider", "Statement of Applicability: version 1.0,"]),
        ("ja", ["AIに関する役割：AI提供者", "適用宣言書：第1.0版（"]),
    ],
)
def test_roles_and_the_statement_of_applicability_are_told_in_words(told, language, words):
    page = told("in_force", language)
    for expected in words:
        assert expected in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_site_has_its_own_scope_beside_its_names_and_addresses(markup, language):
    sites = markup("in_force", language).split('<ol class="sites">')[1].split("</ol>")[0]
    office, laboratory = re.findall(r"<li>.*?</li>", sites, re.DOTALL)

    assert '<p class="statement small" lang="en">Design of AI functions</p>' in office
    assert '<p class="statement small" lang="ja">AI機能の評価</p>' in laboratory
    for name in ("Laboratory", "研究所", "Tsukuba", "つくば市"):
        assert name in laboratory


def test_the_recognition_of_the_accreditation_body_is_told_as_copied_and_from_whom(told):
    """Domain, finding 10: recognition is a sourced, dated record, not a word of the body."""
    english = told("in_force", "en")
    assert re.search(r"is recognised under the .* \(MRA\), level L5, for ISO/IEC 42001: as published by", english)
    assert "に基づく認定機関の承認：レベルL5" in told("in_force", "ja")


# --- Transfers ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_old_and_new_certificate_lead_to_each_other_in_the_data_and_on_the_page(gallery, service, markup, language):
    """IAF MD 2: the old ID keeps resolving, and says where to read on; it is no redirection of HTTP."""
    old, new = gallery.ids["transferred"], gallery.ids["taken_over"]

    assert f'href="/{language}/c/{new}"' in markup("transferred", language)
    assert f'href="/{language}/c/{old}"' in markup("taken_over", language)
    assert service.verification(old)["links"]["continued_by"].endswith(f"/c/{new}")
    continued = service.verification(new)
    assert continued["links"]["continues"].endswith(f"/c/{old}")
    assert continued["origin"]["previous"]["certificate_id"] == old
    assert service.get(f"/v1/certificates/{old}").json()["continued_by"] == new


def test_after_a_transfer_the_holder_takes_down_the_old_bodys_claims_only(told):
    english = told("transferred", "en")

    assert "every statement that this body certifies it" in english
    assert "every statement that it is certified" not in english
    assert "What it may show instead follows from the certificate of the body that took over." in english
    assert "この認証機関の認証を受けている旨の表示" in told("transferred", "ja")
    assert "every statement that it is certified" in told("withdrawn", "en")


# --- History from elsewhere ---


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["As reported by Fictional Certification", "paper register of Fictional Certification"]),
        ("ja", ["架空認証機関", "paper register of Fictional Certification"]),
    ],
)
def test_imported_history_says_whose_report_it_is_of_which_day(told, language, words):
    """C098."""
    for name in ("imported", "imported_long_ago"):
        page = told(name, language)
        for expected in words:
            assert expected in page


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["The report names no accreditation for it.", "No accreditation named in the report"]),
        ("ja", ["報告に、この認証についての認定の記載はありません。", "報告に認定の記載なし"]),
    ],
)
def test_a_report_that_names_no_accreditation_does_not_say_that_its_body_has_none(told, language, words):
    """The body is accredited here; what is not stated is only on what this certificate rests."""
    page = told("imported", language)
    for expected in words:
        assert expected in page


def test_an_old_report_is_never_green(markup):
    """C098: not reported again in the agreed time is "could not be checked", in its own colour and shape."""
    assert 'class="panel unknown"' in markup("imported_long_ago", "en")
    assert 'class="panel valid_with_notice"' in markup("imported", "en")


# --- Accreditation 認定 and certification 認証 ---


@pytest.mark.parametrize("name", NAMES)
def test_certificates_are_never_called_accredited_things(told, name):
    """Domain, words in Japanese: the certificate is a 登録証, what it says is 認証, what its body has is 認定."""
    page = told(name, "ja")
    assert not re.findall(r"認定証|認定範囲|認定登録|認定取得|認証番号FA", page)
    assert not re.findall(r"(?:組織|システム)[はをの、]{1,2}認定", page)


# --- On a small screen ---


@pytest.mark.browser
def test_no_page_is_wider_than_the_smallest_screen_with_everything_unfolded(gallery, service):
    """WCAG 2.2 1.4.10, with what real certificates say."""
    too_wide = []
    with served(service.http.app) as address, open_browser() as browser:
        page = browser.new_page(viewport={"width": 320, "height": 640})
        for name in NAMES:
            for language in LANGUAGES:
                page.goto(f"{address}/{language}{gallery.path(name)}")
                page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
                if page.evaluate("document.documentElement.scrollWidth") > 320:
                    too_wide.append((name, language))
    assert too_wide == []
