"""Names and texts are accepted or refused, never repaired; search folds a copy. Five hundred spoofs, two hundred honest."""

from __future__ import annotations

import itertools
import tomllib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conformity.characters import script_of
from app.conformity.names import (
    FOLDING_FILE,
    LONGEST_NAME,
    LONGEST_TEXT,
    check_name,
    check_text,
    fold,
    legal_form,
    name_faults,
    resembles,
    skeleton,
    text_faults,
)
from app.errors import AkashiError, catalogue

IVS = "葛\U000e0100"  # U+845B U+E0100, C091

HONEST_LATIN = [
    "Kasumi Robotics", "Wells & Co", "L'Oréal", "O’Neill Systems", "Société Générale", "Łódź Software", "Þórr Gögn",
    "Nestlé", "Đại Việt AI", "Ŝtelo", "Ægir", "Straße 9", "İstanbul Yazılım", "São José Dados", "3M", "7-Eleven", "AT&T",
    "T-Systems", "Foo (Japan)", "Yahoo!", "1&1", "E.ON", "A.I. Works / Berlin", "Toys“R”Us", "№ 1 Data", "C++ School",
    "Maʻema AI", "Ōno", "½ Price Books", "Tokyo—Osaka", "Guðrún", "Ñandú", "Šiauliai", "Český Svět", "Győr",
]  # fmt: skip
LATIN_FORMS = ["{}", "{} Ltd.", "{} K.K.", "{} GmbH"]
HONEST_JAPANESE = [
    "霞ロボティクス", "灯", "髙島屋", "山﨑製作所", "𠮷野家", "邊見工業", "神社本庁", "ＮＴＴデータ", "エヌ・ティ・ティ", "カネ一",
    "マル八", "八十二銀行", "三菱UFJ銀行", "ダイハツ工業", "霞ヶ関", "三ツ矢サイダー", "ﾄﾖﾀ自動車", "モーニング娘。", "代々木", "〆縄工房",
    f"{IVS}城市", "辻\U000e0101食品", "神\ufe00戸", "令和データ", "とやま①", "㈱東京", "いすゞ自動車", "東京　電力", "ニコ二コ", "℡サービス",
]  # fmt: skip
JAPANESE_FORMS = ["株式会社{}", "{}合同会社"]
HONEST_OTHER = ["ООО Яндекс", "Αθήνα Δεδομένα", "삼성전자 주식회사", "บริษัท ปูนซิเมนต์ไทย", "شركة البيانات", "חברת הנתונים"]

HONEST = (
    [form.format(name) for name, form in itertools.product(HONEST_LATIN, LATIN_FORMS)]
    + [form.format(name) for name, form in itertools.product(HONEST_JAPANESE, JAPANESE_FORMS)]
    + HONEST_OTHER
)


# --- R30 ---

VICTIMS = [
    "Kasumi Robotics", "Copper Hope Ltd.", "Pax Oceanic", "Hope Space Co", "Tokyo Data", "Akashi", "Excel Spice",
    "Poppy Systems", "Aster Logic", "Sapphire Works",
]  # fmt: skip
CYRILLIC = dict(zip("ACEHKMOPTXYaceopxyis", "АСЕНКМОРТХУасеорхуіѕ", strict=True))
GREEK = dict(zip("AEHIKMNOPTXYZo", "ΑΕΗΙΚΜΝΟΡΤΧΥΖο", strict=True))
STYLES = [0x1D400, 0x1D434, 0x1D5A0, 0x1D670]  # mathematical bold, italic, sans-serif, monospace


def inserted(*characters: str) -> list[str]:
    """Each character in the middle of each victim's name."""
    return [f"{name[:3]}{character}{name[3:]}" for name, character in itertools.product(VICTIMS, characters)]


def exchanged(table: dict[str, str]) -> list[str]:
    """Each victim's name with its first letter of the table exchanged, then with all of them."""
    spoofs = []
    for name in VICTIMS:
        first = next(letter for letter in name if letter in table)
        spoofs += [name.replace(first, table[first], 1), "".join(table.get(letter, letter) for letter in name)]
    return spoofs


def styled(start: int) -> list[str]:
    return [f"{chr(start + ord(name[0]) - ord('A'))}{name[1:]}" for name in VICTIMS]


SPOOFS = {
    "bidi": inserted("\u202e", "\u202d", "\u2066", "\u2067", "\u200f", "\u061c"),
    "zero width": inserted("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad"),
    "default ignorable": inserted("\u034f", "\u3164", "\u115f", "\uffa0", "\u180e", "\u2800"),
    "tags": inserted("\U000e0041", "\U000e007f"),
    "private use": inserted("\ue000", "\U000f0000"),
    "header and log": inserted("\r\nSet-Cookie: a=b", "\n2027-01-01 INFO valid", "\x1b[32m", "\x00", "\x85", "\u2028"),
    "SVG": inserted("<script>", "</text>", "<!--"),
    "CSV": [f"{sign}{name}" for sign in ("=", "+", "-", "@", "＝") for name in VICTIMS],
    "lone selector": inserted("\ufe0f", "\U000e0100"),
    "spaces": [f"{name} " for name in VICTIMS] + inserted("\u2003", "\u00a0"),
    "verdict marks": inserted("✓", "✅", "🔒"),
    "look-alike signs": inserted("⁄", "․", "꞉"),
    "overlay and zalgo": inserted("\u0336", "\u0301\u0301", "\u0302\u0303\u0304\u0305"),
    "styled letters": [spoof for start in STYLES for spoof in styled(start)] + inserted("Ⓐ", "ℓ", "ɑ", "ﬁ"),
    "Cyrillic in Latin": exchanged(CYRILLIC),
    "Greek in Latin": exchanged(GREEK),
    "other scripts in Latin": inserted("Ꭺ", "օ", "ס", "๐", "ㅣ", "ꓐ"),
    "whole script": ["сосо", "СОСО", "АХО", "Рорру", "ΑΚΤΗ", "ΜΗΝΟ", "расе", "ероха", "ѕрасе", "ОСЕАН"],
    "radicals": ["⼭﨑工業", "⽇本灯", "東⼝", "⺅本", "⾦沢"],
}
# These are honest strings by themselves; what flags them is the name that is already registered.
IMITATIONS = {
    "Kasumi Robotics": [
        "Kasumi Robotlcs",
        "Kasurni Robotics",
        "KASUMI R0BOTICS",
        "Kasumi Robot1cs",
        "Ｋasumi Robotics",
    ],
    "Copper Hope Ltd.": ["C0pper Hope Ltd.", "Copper H0pe Ltd."],
    "株式会社ロボット灯": ["株式会社口ボット灯", "株式会社ロボッ卜灯", "㈱ロボット灯"],
    "カネハ工業": ["力ネハ工業", "カネ八工業", "カネハエ業"],
}


def flagged(spoof: str) -> bool:
    return bool(name_faults(spoof, "/name"))


def test_500_spoofed_names_are_flagged():
    """R30: 0 unflagged."""
    spoofs = [(kind, spoof) for kind, rows in SPOOFS.items() for spoof in rows]
    imitations = [(name, spoof) for name, spoofs in IMITATIONS.items() for spoof in spoofs]
    assert len(set(spoofs)) + len(imitations) >= 500
    assert [(kind, ascii(spoof)) for kind, spoof in spoofs if not flagged(spoof)] == []
    assert [spoof for name, spoof in imitations if not resembles(name, spoof)] == []


def test_200_honest_names_are_accepted_exactly_as_they_are():
    """R30: 200 of 200."""
    assert len(set(HONEST)) >= 200
    assert [(name, name_faults(name, "/n")) for name in HONEST if name_faults(name, "/n")] == []
    assert [check_name(name, "/n") for name in HONEST] == HONEST


def test_no_honest_name_is_taken_for_another():
    by_skeleton = {}
    for name in HONEST_LATIN + HONEST_JAPANESE + HONEST_OTHER:
        by_skeleton.setdefault(skeleton(name), []).append(name)
    assert [names for names in by_skeleton.values() if len(names) > 1] == []


# --- What a refusal says ---


@pytest.mark.parametrize(
    ("name", "code", "note"),
    [
        ("Acme\u202eLtd", "text_bidi_control", "U+202E at position 5"),  # C091
        ("Ac\u200dme", "text_invisible", "U+200D at position 3"),  # C091
        ("A\U000e0100", "text_variation_selector", "U+E0100 at position 2"),
        (f"{IVS}\U000e0101", "text_variation_selector", "U+E0101 at position 3"),
        ("\u0301Acme", "text_combining_mark", "U+0301 at position 1"),
        ("A \u0301cme", "text_combining_mark", "U+0301 at position 3"),
        ("Ⅰnc", "text_styled_letter", "U+006E at position 2"),
        ("TⅠmes", "text_styled_letter", "U+2160 at position 2"),
        ("Аcme", "text_mixed_scripts", "cyrillic, latin"),
        ("株式会社Яндекс", "text_mixed_scripts", "cyrillic, han"),
        ("株式会社삼성テスト", "text_mixed_scripts", "han, hangul, katakana"),
        ("сосо", "text_look_alike", "cyrillic"),
        ("=1+1", "text_formula", "U+003D at position 1"),
        (" Acme", "text_space", "at the beginning or the end"),
        ("", "text_empty", ""),
        ("\u3000", "text_empty", ""),
        ("x" * (LONGEST_NAME + 1), "text_too_long", "257 characters, at most 256"),
    ],
)
def test_a_refusal_names_code_field_and_place(name, code, note):
    with pytest.raises(AkashiError) as refusal:
        check_name(name, "/holder/names/0/name")
    assert refusal.value.code == code
    assert (refusal.value.faults[0].field, refusal.value.faults[0].note) == ("/holder/names/0/name", note)


def test_all_faults_of_a_name_are_told_at_once_but_no_more_than_twenty():
    assert [fault.code for fault in name_faults("=\u200bA\u202e ", "/n")] == [
        "text_invisible", "text_bidi_control", "text_space", "text_formula",
    ]  # fmt: skip
    assert len(name_faults("\x00" * 200, "/n")) == 20


def test_every_code_is_in_the_catalogue():
    codes = {fault.code for rows in SPOOFS.values() for spoof in rows for fault in name_faults(spoof, "/n")}
    assert codes <= set(catalogue())
    assert len(codes) >= 12


# --- Texts ---


@pytest.mark.parametrize(
    "text",
    [
        "Development of AI models,\nand their operation.",
        "accuracy > 95 % → see annex ①",
        "Разработка AI systems",
        "β-version of the γ-ray detector, 5 μm",
        "生成AIの開発・運用\n（α版を含む）",
        f"{IVS}城市における提供",
        "prix\u00a0: 5 €",
    ],
)
def test_an_honest_scope_statement_passes_as_it_is(text):
    assert check_text(text, "/scope") == text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a\r\nb", "text_control"),
        ("a\tb", "text_control"),
        ("hosting of \u202eX", "text_bidi_control"),
        ("development\u200b", "text_invisible"),
        ("AI sуstems", "text_mixed_scripts"),
        ("e\u0301\u0301", "text_combining_mark"),
        ("❤\ufe0f", "text_variation_selector"),
        (" \n ", "text_empty"),
        ("x" * (LONGEST_TEXT + 1), "text_too_long"),
    ],
)
def test_a_text_with_hidden_or_mixed_letters_is_refused(text, code):
    with pytest.raises(AkashiError) as refusal:
        check_text(text, "/scope/statement/text")
    assert refusal.value.code == code


@given(st.text(max_size=60))
def test_a_text_that_passes_is_the_text_that_was_presented(presented):
    for check, faults in ((check_name, name_faults), (check_text, text_faults)):
        if faults(presented, "/x"):
            with pytest.raises(AkashiError):
                check(presented, "/x")
        else:
            assert check(presented, "/x") is presented
            assert not any(unicodedata.category(character) == "Cc" and character != "\n" for character in presented)


# --- Search ---


@pytest.mark.parametrize(
    "alike",
    [
        ("澤田", "沢田"), ("髙島", "高島"), ("山﨑", "山崎"), ("渡邊", "渡邉", "渡辺"), ("龍角", "竜角"),  # C088
        ("霞ケ関", "霞ヶ関", "霞が関", "霞ガ関"), ("三カ国", "三か国", "三ヶ国", "三ヵ国"),  # C088
        ("神", "\ufa19", "神\ufe00"), ("葛城", f"{IVS}城"), ("𠮷野", "吉野"),
        ("Foo K.K.", "Foo KK", "foo", "ＦＯＯ", "Foo GK", "Foo Y.K.", "Foo Co., Ltd.", "FOO Inc.", "K.K. Foo"),  # C086
        ("フー合同会社", "フー", "ふー", "合同会社フー", "フー 合同会社", "ﾌｰ"),  # C086, C121
        ("㈱灯", "株式会社灯", "株式会社　灯", "(株)灯", "（株）灯", "灯株式会社"),
        ("データ", "デ‐タ", "デ-タ", "ﾃﾞｰﾀ", "テ\u3099ータ"),
        ("Société Générale", "SOCIETE GENERALE", "Socie\u0301te\u0301  Générale"),
        ("Foo GmbH & Co. KG", "Foo"), ("山田 太郎", "山田　太郎", "山田太郎"), ("ABC データ", "ABCデータ"),
        ("Straße", "STRASSE"), ("ООО Яндекс", "Яндекс"), ("삼성전자 주식회사", "삼성전자"), ("いすゞ", "イスヾ"),
    ],
)  # fmt: skip
def test_search_finds_one_spelling_by_another(alike):
    assert {fold(name) for name in alike} == {fold(alike[0])}


@pytest.mark.parametrize(
    "different", [("Foo", "Food"), ("高島", "高嶺"), ("ハハ", "パパ"), ("KK Data", "GK Data 2"), ("Co", "Ko")]
)
def test_search_keeps_apart_what_is_different(different):
    assert len({fold(name) for name in different}) == len(different)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Foo K.K.", "K.K."), ("フー合同会社", "合同会社"), ("㈱灯", "(株)"), ("Foo GmbH & Co. KG", "GmbH & Co. KG"),
        ("Foo", ""), ("株式会社", ""), ("Ltd.", ""),
    ],
)  # fmt: skip
def test_the_legal_form_is_recognised_and_set_aside_never_all_there_is(name, form):
    """C086."""
    assert legal_form(name) == form
    assert fold(name)


@given(st.text(max_size=40))
def test_folding_and_skeletons_never_fail(text):
    assert isinstance(fold(text), str)
    assert isinstance(skeleton(text), str)


def test_a_name_does_not_resemble_itself():
    assert not resembles("Acme", "Acme")
    assert not resembles("Acme", "Apex")


def test_the_published_table_is_unambiguous():
    """C088: each character folds one way, and to one that is not folded on."""
    table = tomllib.loads(FOLDING_FILE.read_text(encoding="utf-8"))
    for entries in (table["variants"], *(table["look_alikes"][kind] for kind in ("latin", "digits", "japanese"))):
        characters = "".join(entries)
        assert len(characters) == len(set(characters))


def test_no_look_alike_of_a_latin_letter_is_latin_or_japanese():
    """So a name in these scripts alone is accepted without the table."""
    latin = tomllib.loads(FOLDING_FILE.read_text(encoding="utf-8"))["look_alikes"]["latin"]
    scripts = {script_of(other) for entry in latin for other in entry[1:]}
    assert scripts == {"cyrillic", "greek", "armenian"}
