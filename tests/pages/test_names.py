"""Names of other languages inside a page (C092)."""

from __future__ import annotations

import pytest

from app.pages import names

JAPANESE = {"name": "株式会社霞ロボティクス", "language": "ja", "script": "Jpan"}
ENGLISH = {"name": "Kasumi Robotics", "language": "en", "script": "Latn"}


def test_a_name_stands_isolated_in_its_own_language():
    assert names.name_markup(ENGLISH) == '<bdi lang="en">Kasumi Robotics</bdi>'


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("株式会社霞ロボティクス", "株式会社霞ロ"),
        ("常磐認証機構株式会社", "機構株式会社"),
        ("Tokiwa Certification K.K.", "Certification K.K."),
        ("Takasaki Logistics Co., Ltd.", "Logistics Co., Ltd."),
        ("Wren Analytics GmbH", "Analytics GmbH"),
    ],
)
def test_a_legal_form_is_never_broken_from_its_name(name, kept):
    shown = names.name_markup({"name": name, "language": "en"})

    assert f'<span class="unbroken">{kept}</span>' in shown
    assert shown.striptags() == name


@pytest.mark.parametrize("name", ["K.K.", "株式会社", "Plain", "葛\U000e0100飾", "<b>&", "神\ufa19"])
def test_no_name_is_altered(name):
    assert names.name_markup({"name": name, "language": "ja"}).unescape().endswith(f">{name}</bdi>")


def test_the_name_in_the_language_of_the_page_leads_and_else_the_first():
    assert names.primary_name([JAPANESE, ENGLISH], "en") == ENGLISH
    assert names.primary_name([JAPANESE], "en") == JAPANESE
    assert names.primary_name([ENGLISH | {"language": "en-GB"}, JAPANESE], "en")["language"] == "en-GB"
    assert names.other_names([JAPANESE, ENGLISH], "en") == [JAPANESE]
    assert names.other_names([], "en") == []


@pytest.mark.parametrize(
    ("name", "possessive"),
    [("Kasumi Robotics", "Kasumi Robotics’"), ("Aoba", "Aoba’s"), ("Aoba K.K.", "Aoba K.K.’s"), ("霞", "霞’s")],
)
def test_the_possessive_clings_to_the_name(name, possessive):
    shown = names.possessive({"name": name, "language": "en"})

    assert shown.striptags() == possessive
    assert shown.endswith("</bdi>")


def test_names_of_another_language_inside_a_sentence_carry_their_language():
    report = {"holder": {"names": [JAPANESE]}, "accreditations": [{"names": [ENGLISH]}]}
    sentence = "Aoba certifies 株式会社霞ロボティクス & Kasumi Robotics."

    shown = names.tagged(sentence, names.names_within(report), "en")

    assert shown.striptags().replace("&amp;", "&") == sentence
    assert '<bdi lang="ja">' in shown
    assert 'lang="en"' not in shown


def test_the_longer_name_wins_where_one_contains_the_other():
    short, long = ({"name": name, "language": "ja"} for name in ("霞", "霞工業"))

    assert (
        names.tagged("霞工業 and 霞", [short, long], "en") == '<bdi lang="ja">霞工業</bdi> and <bdi lang="ja">霞</bdi>'
    )


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [("JP", "en", "Japan"), ("sg", "ja", "シンガポール"), ("TW", "en", "Taiwan"), ("ZZZ", "en", "ZZZ")],
)
def test_countries_are_named_as_readers_name_them(code, language, name):
    assert names.country_name(code, language) == name


def test_an_address_follows_the_order_of_its_language():
    address = {
        "street": "直木町1-2-3",
        "locality": "千代田区",
        "region": "東京都",
        "postal_code": "100-0001",
        "language": "ja",
    }
    foreign = {"street": "1 Quay St", "locality": "Leith", "region": None, "postal_code": None, "language": "en"}

    assert names.address_line(address) == '〒<span class="unbroken">100-0001</span> 東京都千代田区直木町1-2-3'
    assert names.address_line(address | {"postal_code": None}) == "東京都千代田区直木町1-2-3"
    assert names.address_line(foreign) == "1 Quay St, Leith"


@pytest.mark.parametrize("language", ["ja", "ja-JP"])
def test_a_japanese_address_runs_from_the_large_to_the_small_whatever_its_region(language):
    """C092: the language of a run is compared without its region."""
    address = {"language": language, "locality": "千代田区", "street": "霞1-2-3", "postal_code": "100-0000"}
    assert names.address_line(address) == '〒<span class="unbroken">100-0000</span> 千代田区霞1-2-3'


def test_a_designation_is_kept_whole_unless_it_is_wider_than_a_small_screen():
    """WCAG 2.2 1.4.10: at 320 pixels nothing is cut off or scrolls sideways."""
    assert names.unbroken("ISO/IEC 42001:2023") == '<span class="unbroken">ISO/IEC 42001:2023</span>'
    assert names.unbroken("AI Governance Action Goals 1.0") == "AI Governance Action Goals 1.0"
