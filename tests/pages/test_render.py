"""Every page as a reader meets it, from reports written by hand; the examiner's own reports have the same shape."""

from __future__ import annotations

import gzip
import re
from dataclasses import fields
from datetime import timedelta

import pytest

from app.conformity.identifiers import group_public_id
from app.conformity.standing import Act, State
from app.conformity.words import live_word
from app.errors import explain
from app.examiner import report as examiner_report
from app.examiner.examine import examine, no_record
from app.examiner.sentences import LIMITS
from app.pages import render
from app.pages.language import other_language
from app.pages.timeline import UNDONE
from app.pages.words import catalogue
from tests.support.evidence import GRANTED, granted
from tests.support.evidence import NOW as EXAMINED
from tests.support.html import read_html, said
from tests.support.pages import BODIES, DIFFERENCES, FORMER, LABEL, SITE, TERMS
from tests.support.reports import CONTINUED_BY, NOW, REPORTS, report, versions

LANGUAGES = ("en", "ja")
ESTABLISHED = [name for name in REPORTS if report(name)["scheme"] and name != "altered"]
JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
BUDGET = 14 * 1024


def frame(language: str, path: str | None = "/c/X") -> render.Frame:
    return render.Frame(SITE, language, path, NOW, "Asia/Tokyo")


def page(name: str, language: str = "en", **more) -> str:
    return render.render_certificate(frame(language), report(name), terms=TERMS, versions=versions(name), **more)


def every_page(language: str) -> dict[str, str]:
    around = frame(language)
    file = render.FileShown("証明書.jwt", 7, "ab" * 32)
    version = LABEL | {"version": 1, "current": 2, "replaced_on": "2026-06-01", "differences": DIFFERENCES}
    hits = [report(name) | {"number": "A-1"} for name in ("valid", "confidential", "withdrawn")]
    return {name: page(name, language) for name in REPORTS} | {
        "file": page("altered", language, file=file),
        "good_file": page("valid", language, file=file),
        "version": page("superseded", language, version=version),
        "front": render.render_front(around, BODIES),
        "front_with_fault": render.render_front(around, BODIES, typed="", fault="empty"),
        "malformed": render.render_malformed(around, "AAAAA-BBBBB", 2),
        "malformed_length": render.render_malformed(around, "AAAAA-BBBBB", None),
        "lookup": render.render_lookup(around, "A-1", hits, BODIES, body=BODIES[0]["id"], more=True),
        "lookup_of_nothing": render.render_lookup(around, "A-1", [], BODIES),
        "check": render.render_check(around, "2 MB"),
        "check_with_fault": render.render_check(around, "2 MB", fault="Choose."),
        "genuine": render.render_genuine(around),
        "accessibility": render.render_accessibility(around),
        "problem": render.render_problem(around, "Heading", "Remedy", code="code", request_id="id"),
    }


EVERY_PAGE = [(language, name, html) for language in LANGUAGES for name, html in every_page(language).items()]
IDS = [f"{language}-{name}" for language, name, _ in EVERY_PAGE]
each_page = pytest.mark.parametrize(("language", "name", "html"), EVERY_PAGE, ids=IDS)
each_report = pytest.mark.parametrize("name", REPORTS)
each_language = pytest.mark.parametrize("language", LANGUAGES)


@each_report
def test_the_reports_of_these_tests_have_the_shape_that_the_examiner_gives(name):
    def names_of(kind: type) -> list[str]:
        return [field.name for field in fields(kind)]

    written = report(name, checked_at=NOW)
    assert sorted(written) == sorted(names_of(examiner_report.VerificationReport))
    assert [check["name"] for check in written["checks"]] == list(examiner_report.CHECK_NAMES)
    assert all(list(check) == names_of(examiner_report.Check) for check in written["checks"])
    for part, kind in (
        ("holder", examiner_report.Holder),
        ("body", examiner_report.Body),
        ("scheme", examiner_report.Scheme),
        ("scope", examiner_report.Scope),
        ("validity", examiner_report.Validity),
        ("standing", examiner_report.Standing),
    ):
        assert written[part] is None or sorted(written[part]) == sorted(names_of(kind))
    for site in (written["scope"] or {}).get("sites") or ():
        assert list(site) == names_of(examiner_report.Site)
    for accreditation in written["accreditations"]:
        assert list(accreditation) == names_of(examiner_report.Accreditation)


@each_page
def test_every_page_is_whole_says_its_language_and_its_moment(language, name, html):
    read = read_html(html)

    assert read.unbalanced == []
    assert read.one("html").attributes["lang"] == language
    assert len(read.all("h1")) == 1
    assert read.one("title").text.endswith("– Akashi")
    assert "24 Nov 2026" in read.text or "2026年11月24日" in read.text
    identifiers = [element.attributes["id"] for element in read.elements if "id" in element.attributes]
    assert len(identifiers) == len(set(identifiers))


@each_page
def test_no_page_needs_scripts_inline_styles_or_anything_from_elsewhere(language, name, html):
    read = read_html(html)

    assert not read.all("script")
    assert not read.all("style")
    for element in read.elements:
        assert "style" not in element.attributes
        assert not any(attribute.startswith("on") for attribute in element.attributes)
        if element.name in {"img", "link"} and element.attributes.get("rel") != "alternate":
            assert element.attributes.get("src", element.attributes.get("href", "")).startswith("/")


@each_page
def test_every_run_of_japanese_carries_its_language(language, name, html):
    """C092: 直, 骨 and 令 keep their Japanese shapes on an English page."""
    wrong = [run for run in read_html(html).runs if JAPANESE.search(run.text) and run.language != "ja"]

    assert [run for run in wrong if "証明書.jwt" not in run.text] == []


@each_page
def test_the_language_switch_is_on_every_page(language, name, html):
    other = other_language(language)

    assert read_html(html).all("a", hreflang=other)[0].attributes["href"].startswith(f"/{other}/")


@each_language
@pytest.mark.parametrize("name", ESTABLISHED)
def test_the_verdict_is_the_first_heading_and_begins_the_title(name, language):
    """C125: told in words, to eyes and to screen readers alike."""
    shown = report(name)
    state = shown["standing"]["state"]
    word = live_word(shown["verdict"], state).in_language(language)

    read = read_html(page(name, language))

    assert read.one("title").text.startswith(word)
    assert read.one("h1").text.startswith(word)
    assert read.all("svg")[0].attributes["aria-hidden"] == "true"


@each_language
@pytest.mark.parametrize("name", ESTABLISHED)
def test_the_summary_stands_on_the_page_as_the_report_tells_it(name, language):
    shown = report(name)["summary"][language]
    first, *rest = shown.split(". " if language == "en" else "。", 1)

    assert (rest or [first])[0] in said(page(name, language))


@each_language
@pytest.mark.parametrize("name", ESTABLISHED)
def test_the_limits_are_as_visible_as_the_praise(name, language):
    assert LIMITS.in_language(language) in said(page(name, language))


@each_language
def test_the_facts_stand_in_their_order(language):
    order = [element.text for element in read_html(page("valid", language)).all("dt")][:5]

    assert (
        order
        == {
            "en": ["Holder", "Scope", "Certified by", "Valid", "Checked"],
            "ja": ["登録組織", "認証範囲", "認証機関", "有効期間", "確認時点"],
        }[language]
    )


@each_language
def test_the_scope_is_the_second_fact_in_full_and_asks_the_reader(language):
    """C100: a scope that does not name what you buy does not cover it."""
    text = said(page("valid", language))

    for statement in report("valid")["scope"]["statement"]:
        assert statement["text"] in text
    assert {"en": "Does this scope cover what you buy?", "ja": "この範囲に含まれますか"}[language] in text


def test_an_unaccredited_certificate_is_never_green_and_says_so():
    """C100, C122: accredited by whom, for this standard, on that date; and in words when not."""
    html = page("unaccredited")

    assert 'class="panel valid"' not in html
    assert "No accreditation of this body for this standard is recorded here." in said(html)


@each_language
def test_the_accreditation_is_shown_then_and_now(language):
    text = said(page("accreditation_suspended", language))

    expected = {
        "en": ("At the decision (16 November 2025): accredited", "Now: suspended since 1 October 2026"),
        "ja": ("認証の決定日（2025年11月16日）：認定あり", "現在：一時停止中 2026年10月1日から"),
    }[language]
    assert all(each in text for each in expected)


def test_two_accreditations_stand_beside_each_other():
    html = page("two_accreditations")

    assert "Accreditation bodies" in html
    assert said(html).count("Harbour Accreditation Service") >= 2


def test_a_confidential_certificate_says_what_is_withheld_and_by_whom():
    html = page("confidential")

    assert "Kasumi" not in html
    assert "withheld at the holder’s request" in html
    assert ".jwt" not in html


@pytest.mark.parametrize(
    ("withheld", "said_in_words"),
    [
        ("scope", ("The scope and its sites are withheld", "認証範囲と事業所は表示していません")),
        ("sites", ("The sites are withheld", "事業所は表示していません")),
        ("soa", ("The Statement of Applicability is not shown here", "適用宣言書は、ここに表示していません")),
        ("identifiers", ("Identifiers are withheld", "識別番号は表示していません")),
    ],
)
def test_each_part_that_is_withheld_is_said_to_be(withheld, said_in_words):
    """C124: silence would read as if there were nothing."""
    shown = report("valid", confidential=True)
    place = {"scope": shown, "identifiers": shown["holder"]}.get(withheld, shown["scope"])
    place[withheld] = None

    for language, words in zip(("en", "ja"), said_in_words, strict=True):
        html = said(render.render_certificate(frame(language), shown))
        assert words in html
        assert words not in said(page("valid", language))
        assert ("Whoever holds", "登録証のファイルをお持ちの方")[language == "ja"] in html
        assert ("The name is withheld", "名称は表示していません")[language == "ja"] not in html


def test_roles_and_areas_are_told_in_the_words_of_the_scheme():
    text = said(page("valid", "ja"))

    assert "AIに関する役割：AI製作者（開発者）、AI提供者" in text
    assert "技術分野：画像・音声・センサ認識" in text


@pytest.mark.parametrize("act", ["suspend", "withdraw", "cancel", "annul"])
@each_language
def test_the_examiners_own_reports_become_pages(act, language):
    """Not only reports written by hand: a signed record, examined, rendered."""
    record = granted()
    record.act(act, GRANTED + timedelta(days=100), **({"until": "2026-11-13"} if act == "suspend" else {}))
    examined = examine(record.evidence(), record.signers.anchors, now=EXAMINED).published().as_json()

    read = read_html(render.render_certificate(frame(language), examined))

    assert read.unbalanced == []
    assert read.one("h1").text.startswith(
        live_word(examined["verdict"], examined["standing"]["state"]).in_language(language)
    )
    assert len(read.all("li", class_="passed") + read.all("li", class_="failed")) == len(examined["checks"])


def test_an_id_without_a_record_becomes_a_page_too():
    examined = no_record(report("unknown")["certificate_id"], now=EXAMINED).published().as_json()

    assert "No record here. This registry has no certificate with this ID." in said(
        render.render_certificate(frame("en"), examined)
    )


@each_language
def test_sites_are_listed_with_their_own_scope(language):
    text = said(page("multi_site", language))

    assert "東京都千代田区直木町1-2-3" in text
    assert "画像認識モデルの学習データの作成" in text


@each_report
def test_only_performed_checks_pass(name):
    """C025: not performed is not passed, and has no tick."""
    read = read_html(page(name))

    for line, check in zip(read.all("li", class_="not_performed"), range(10), strict=False):
        assert "Not checked" in line.text
        assert check < 10
    passed = [check for check in report(name)["checks"] if check["result"] == "passed"]
    assert len(read.all("li", class_="passed")) == len(passed)


def test_unreadable_lists_make_no_green_page():
    html = page("stale")

    assert 'class="panel unknown"' in html
    assert "Could not be checked in full." in said(html)


@each_language
def test_nothing_in_an_altered_file_is_shown_as_fact(language):
    """C026: no name, no scope, no date, no standing of the file; the report of this test still holds them all."""
    html = render.render_certificate(
        frame(language, None), report("altered"), file=render.FileShown("x.jwt", 7, "ab" * 32)
    )

    for claimed in (
        "Kasumi",
        "霞",
        "Tokiwa",
        "常磐",
        "Aoba",
        "42001",
        "2028",
        "2025",
        report("altered")["certificate_id"],
    ):
        assert claimed not in html
    assert (
        read_html(html)
        .one("h1")
        .text.startswith({"en": "This file was altered", "ja": "このファイルは改変された"}[language])
    )


def test_a_checked_file_says_which_file_and_leads_to_the_present_answer():
    html = render.render_certificate(
        frame("en", None), report("valid", checked_at=NOW), file=render.FileShown("<b>.jwt", 812, "ab" * 32)
    )

    assert "&lt;b&gt;.jwt" in html
    assert "812 bytes" in html
    assert "Checked 24 Nov 2026" in said(html)
    assert read_html(html).all("a", href=f"/en/c/{report('valid')['certificate_id']}")


@each_language
@pytest.mark.parametrize("name", ["suspended", "withdrawn", "expired", "cancelled", "annulled", "pending", "stale"])
def test_negative_answers_get_the_same_care(name, language):
    assert {"en": "What you can do", "ja": "次にできること"}[language] in said(page(name, language))


def test_a_suspended_holder_is_told_what_to_take_down():
    """C097: what the marks may say meanwhile."""
    assert "must take down every statement" in said(page("suspended"))


def test_an_unknown_id_is_not_called_false():
    """C023: absence proves nothing, and the page says so."""
    text = said(page("unknown"))

    assert "That does not show that the certificate is false" in text
    assert "invalid" not in text
    assert "What was checked" not in text


@each_language
@pytest.mark.parametrize("name", ESTABLISHED)
def test_the_whole_id_stands_once_in_one_piece_besides_its_groups(name, language):
    read = read_html(page(name, language))
    public_id = report(name)["certificate_id"]

    assert public_id in [element.text for element in read.all("code")]
    assert group_public_id(public_id) in [element.text for element in read.all("span", class_="id")]


def test_the_badge_snippet_holds_the_address_and_no_verdict():
    snippet = read_html(page("valid")).one("pre").text
    public_id = report("valid")["certificate_id"]

    assert (
        f'<a href="https://akashi.example/c/{public_id}"><img src="https://akashi.example/badge/{public_id}.svg"'
        in snippet
    )
    assert "management system" in snippet
    assert "alid" not in snippet
    assert f'{public_id}.svg?lang=ja" alt=' in read_html(page("valid", "ja")).one("pre").text


def test_a_version_says_which_is_current_and_what_differs_field_by_field():
    version = LABEL | {"version": 1, "current": 2, "replaced_on": "2026-06-01", "differences": DIFFERENCES}
    html = page("superseded", version=version)
    read = read_html(html)

    assert "You are reading version 1. Version 2 replaced it on 1 June 2026." in read.text
    assert len(read.all("th", scope="row")) == len(DIFFERENCES)
    assert read.one("caption").text == "Version 1 beside version 2"


@pytest.mark.parametrize(
    ("version", "words"),
    [
        (
            LABEL | {"version": 1, "current": 1, "replaced_on": None, "differences": []},
            "This is version 1, the current one.",
        ),
        (
            LABEL | {"version": 1, "current": None, "replaced_on": None, "differences": []},
            "version 1, which is not yet in force",
        ),
        (
            LABEL | {"version": 3, "current": 2, "replaced_on": None, "differences": []},
            "not yet in force. Version 2 is current.",
        ),
        (
            LABEL | {"version": 1, "current": 2, "replaced_on": None, "differences": []},
            "Nothing that a reader sees differs.",
        ),
    ],
)
def test_every_relation_between_versions_has_its_words(version, words):
    assert words in said(page("superseded", version=version))


def test_a_mistyped_id_names_the_group_and_keeps_what_was_typed():
    """C005: a hint which group is wrong, and nothing is ever locked."""
    read = read_html(render.render_malformed(frame("en"), "M30QP-8774S-Q3NQQ-WH2JP-D1028-67GKH-0H6PS", 5))

    assert read.one("h1").text == "This ID seems mistyped, probably in group 5. Nothing was looked up."
    assert read.one("li", class_="wrong").text == "D1028 look here"
    assert read.one("input").attributes["value"] == "M30QP-8774S-Q3NQQ-WH2JP-D1028-67GKH-0H6PS"
    assert "Nothing is ever locked" in read.text


def test_the_japanese_sentence_of_a_mistyped_id_is_exact():
    read = read_html(render.render_malformed(frame("ja"), "x", 3))

    assert read.one("h1").text == "IDに入力誤りがあるようです（左から3番目の区切り付近）。照会は行っていません。"


def test_three_results_of_looking_have_three_headings():
    """C127: found, not found and mistyped differ in words; the count and the next step are stated."""
    found = render.render_lookup(frame("en"), "A-1", [report("valid") | {"number": "A-1"}] * 2, BODIES)
    nothing = render.render_lookup(frame("en"), "A-1", [], BODIES)
    mistyped = render.render_malformed(frame("en"), "x", 1)

    headings = {read_html(html).one("h1").text.strip() for html in (found, nothing, mistyped)}
    assert headings == {
        "2 certificates carry the number A-1.",
        "No record here with the number A-1.",
        "This ID seems mistyped, probably in group 1. Nothing was looked up.",
    }


def test_a_list_of_hits_shows_each_with_its_word():
    hits = [report(name) | {"number": "A-1"} for name in ("valid", "suspended", "stale")]
    read = read_html(render.render_lookup(frame("en"), "A-1", hits, BODIES, body=BODIES[0]["id"], more=True))

    assert [each.text for each in read.all("b", class_="word-small")] == [
        "Valid",
        "Suspended",
        "Could not be checked in full",
    ]
    assert "Only the first 3 are listed." in read.text
    assert "Looked up at Tokiwa Certification K.K. only." in read.text


def test_a_hit_whose_holder_is_withheld_is_listed_without_a_name():
    hit = report("confidential") | {"number": "A-1"}

    assert "Holder withheld at its request" in said(render.render_lookup(frame("en"), "A-1", [hit], BODIES))


def test_a_form_with_a_fault_keeps_what_was_typed_and_links_to_the_field():
    read = read_html(render.render_front(frame("en"), BODIES, typed="x" * 9, body=BODIES[1]["id"], fault="too_long"))

    assert read.one("title").text.startswith("There is a problem")
    assert read.one("input").attributes["value"] == "x" * 9
    assert read.one("input").attributes["aria-invalid"] == "true"
    assert [element.attributes["value"] for element in read.all("option", selected="")] == [BODIES[1]["id"]]
    assert read.all("a", href="#q")


def test_the_file_page_states_its_limits_before_the_field():
    html = render.render_check(frame("en"), "2 MB")

    assert html.index("at most 2 MB") < html.index('type="file"')


def test_the_page_about_genuineness_names_host_and_keys():
    """C004: check the host name, type the ID on the known address."""
    text = said(render.render_genuine(frame("en")))

    assert "https://akashi.example" in text
    assert SITE.publication_keys[0] in text
    assert "type the address above" in text


def test_without_a_publication_key_the_page_says_so():
    bare = render.Frame(type(SITE)("https://akashi.example", "Nobody", "1"), "en", "/", NOW, "UTC")

    assert "No publication key is in use yet." in said(render.render_genuine(bare))
    assert "Demonstration" not in render.render_genuine(bare)


def test_markup_in_any_fact_stays_text():
    evil = report("valid")
    evil["holder"]["names"] = [{"name": "<script>alert(1)</script>&amp;", "language": "en", "script": None}]
    evil["scope"]["statement"][0]["text"] = '"><img src=x onerror=1>'

    html = render.render_certificate(frame("en"), evil)

    assert "<script" not in html
    assert "<img src=x" not in html


def test_an_error_of_the_catalogue_speaks_the_readers_language():
    assert render.explained(explain("unknown_certificate"), "en")[0].startswith("There is no record")
    assert render.explained(explain("unknown_certificate"), "ja")[1].startswith("IDを確かめる")


@pytest.mark.parametrize(
    ("states", "best"),
    [(["suspended", "active"], "active"), (["withdrawn"], "withdrawn"), ([], "none"), (["none"], "none")],
)
def test_the_line_of_the_chain_is_as_good_as_the_best_accreditation(states, best):
    assert render.best_accreditation_state(states) == best


@each_page
def test_page_and_style_together_stay_within_the_budget(language, name, html):
    """pages.md: at most 14 kB compressed, HTML and CSS together."""
    compressed = len(gzip.compress(html.encode(), 6)) + len(gzip.compress(render.STYLE_FILE.read_bytes(), 6))

    assert compressed <= BUDGET


# --- Versions, history, transfers ---


@each_language
def test_every_version_is_listed_with_what_made_it_and_what_it_changed(language):
    """ISO/IEC 17021-1 8.2.2: revised documents are told apart from those before."""
    html = page("revised", language)
    text = said(html)
    labels = [one["label"][language] for one in versions("revised")]
    assert [label for label in labels if label not in text] == []
    assert html.index(labels[2]) < html.index(labels[1]) < html.index(labels[0])
    assert f"/{language}/c/{report('revised')['certificate_id']}/v2" in html
    assert "<ins>" in html


def test_a_single_version_needs_no_list():
    assert 'class="versions"' not in page("valid")


@each_language
def test_a_version_page_says_what_made_the_version(language):
    version = LABEL | {"version": 1, "current": 2, "replaced_on": "2026-06-01", "differences": DIFFERENCES}
    assert LABEL["label"][language] in said(page("superseded", language, version=version))


def test_a_gap_is_on_the_page_whatever_is_in_force_now():
    text = said(page("lapsed"))
    assert "Nothing was in force from then until 16 Mar 2026" in text
    assert text.startswith("Valid") or "Valid." in text


def test_a_suspension_that_an_appeal_annulled_is_told_so():
    text = said(page("appealed"))
    assert "Suspended annulled on appeal" in text
    assert "Suspended, later annulled on appeal" in text


def test_a_transferred_certificate_and_the_one_that_continues_it_lead_to_each_other():
    """domain, scenarios: the old ID leads on in data, not by a redirect."""
    old = page("transferred", successor=CONTINUED_BY)
    assert f'href="/en/c/{CONTINUED_BY}"' in old
    new = page("continued")
    previous = report("continued")["origin"]["previous"]
    assert f'href="/en/c/{previous["certificate_id"]}"' in new
    assert previous["number"] in new
    assert "Released by the earlier body." in said(new)


@each_language
def test_what_must_be_taken_down_is_listed_with_its_dates(language):
    """C097: marks, claims, copies and offers, from the day of the suspension; the end of the period ends nothing."""
    html = page("suspended", language)
    (section,) = [part for part in html.split("<section") if part.startswith(' class="takedown"')]
    assert section.count("<li>") == 4
    assert 'datetime="2026-11-03"' in section
    assert 'datetime="2027-05-03"' in section


@pytest.mark.parametrize("name", ["withdrawn", "cancelled", "transferred", "expired", "annulled"])
def test_after_the_end_nothing_may_be_shown_again(name):
    """C097."""
    assert "It may not be shown again under this certificate." in said(page(name))


@pytest.mark.parametrize("name", ["valid", "restored", "pending", "confidential"])
def test_who_is_certified_takes_nothing_down(name):
    assert 'class="takedown"' not in page(name)


def test_a_holder_found_by_a_former_name_is_shown_with_that_of_now():
    """C089."""
    hit = report("valid") | {"number": "A-1", "found_by": [FORMER]}
    text = said(render.render_lookup(frame("en"), "warehouse", [hit], BODIES, by_name=True))
    assert "One certificate’s holder has “warehouse” in its name." in text
    assert "Found by a former name, until 31 March 2025: Kasumi Warehouse Machines. Now: Kasumi Robotics." in text


def test_a_name_that_was_searched_for_stands_in_the_quotation_marks_of_the_language():
    hit = report("valid") | {"number": "AIMS-0012", "found_by": [FORMER]}
    english, japanese = (
        said(render.render_lookup(frame(language), "warehouse", [hit], BODIES, by_name=True))
        for language in ("en", "ja")
    )
    assert "has “warehouse” in its name" in english
    assert "名称に「warehouse」を含む" in japanese
    assert "Kasumi Warehouse Machines。現在の名称：" in japanese


def test_what_the_body_told_is_a_plain_date_and_no_accusation():
    """domain, scenarios: the public sees only when surveillance was last reported, and an appeal that may be known."""
    told = {"last_surveillance_reported": "2026-10-20", "under_appeal": True}
    text = said(page("valid", told=told))
    assert "Last surveillance reported: 20 October 2026" in text
    assert "An appeal against a decision about this certification is open." in text
    assert "overdue" not in text
    assert "Told by the body" not in said(page("valid", told=dict.fromkeys(told)))


def test_every_act_and_every_drawn_standing_has_a_word():
    acts = {f"act.{act.value}" for act in Act if act is not Act.REFUSE}
    states = {f"state.{state.value}" for state in State} | {f"state.{state}" for state in UNDONE.values()}
    assert (acts | states) - set(catalogue()) == set()


@pytest.mark.parametrize(
    ("at", "language", "words"),
    [
        ("2026-08-31T14:59:00Z", "en", "Last valid day 31 August 2026, included (today)"),
        ("2026-08-31T15:00:00Z", "en", "Last valid day 31 August 2026, included (yesterday)"),
        ("2026-08-31T15:00:00Z", "ja", "有効期限 2026年8月31日（当日を含む）（昨日）"),
        ("2026-12-31T15:00:00Z", "en", "Last valid day 31 August 2026, included Decided"),
    ],
)
def test_the_last_day_stands_first_and_how_far_it_is_follows_in_the_bodys_zone(at, language, words):
    """C032: one minute later the same day is yesterday in Tokyo, where it is still the same day in UTC."""
    shown = render.render_certificate(frame(language), report("expired", at=at))
    assert words in said(shown)


def test_a_region_or_script_beside_a_language_is_still_that_language():
    """C092: `ja-JP` and `ja` are one language to a reader, on every page and in every list of wordings."""
    regional = report("valid")
    for text in regional["scope"]["statement"]:
        text["language"] = {"ja": "ja-JP", "en": "en-GB"}[text["language"]]
    regional["holder"]["names"] = [one | {"language": "ja-JP"} for one in regional["holder"]["names"][:1]]
    japanese = render.render_certificate(frame("ja"), regional)
    english = render.render_certificate(frame("en"), regional)
    in_order = re.compile('class="statement" lang="([^"]*)"').findall
    assert (in_order(japanese), in_order(english)) == (["ja-JP", "en-GB"], ["en-GB", "ja-JP"])
