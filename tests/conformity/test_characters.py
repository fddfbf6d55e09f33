"""Single characters: which script, and whether a name or a text may hold them."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from app.conformity.characters import is_han, is_mark, is_roman_numeral, is_selector, name_fault, script_of, text_fault


@pytest.mark.parametrize(
    ("characters", "script"),
    [
        ("aZéŁığơựßªºⅢＡｚ", "latin"),
        ("漢々〆〇髙﨑𠮷\U00031350", "han"),
        ("あゝがん", "hiragana"),
        ("アヶーｱﾞｰㇰヾ", "katakana"),
        ("жЯіђ", "cyrillic"),
        ("αΩϐ", "greek"),
        ("가힣", "hangul"),
        ("ع٣۴،", "arabic"),
        ("ก฿ำ๓", "thai"),
        ("अ०ा", "devanagari"),
        (" 1０-・。、㈱&\u0301\u3099ʼʻ①™", ""),
        ("Ꭺꓐℂ𝐀𝟎\u16a0\u0711", None),
    ],
)
def test_each_character_belongs_to_its_script(characters, script):
    assert {character: script_of(character) for character in characters} == dict.fromkeys(characters, script)


@pytest.mark.parametrize(
    ("code", "characters"),
    [
        ("text_control", "\x00\x07\x1b\r\n\t\x7f\x85\u2028\u2029"),
        ("text_bidi_control", "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"),
        (
            "text_invisible",
            "\u00ad\u034f\u115f\u1160\u17b4\u180b\u180e\u200b\u200c\u200d\u2060\u2064\ufeff\u3164\uffa0\u2800\U000e0001\U000e0041\U000e007f\U0001d173",
        ),
        ("text_private_use", "\ue000\uf8ff\U000f0000\U0010fffd"),
        ("text_unassigned", "\ufdd0\uffff\U0001fffe\ud800\udfff\u0378"),
        ("text_space", "\u1680\u2000\u2003\u2009\u205f"),
        ("text_combining_mark", "\u0336\u0338\u20d0\u20dd"),
        ("text_styled_letter", "ℂℓ𝐀𝟎ſɑɡǃﬁϐϲѡᄀㅣﾡㄱⅬ⼈⺅ﷺﭐ"),
        ("text_script", "Ꭺꓐᚠ\u0711𓀀〡"),
    ],
)
def test_a_character_refused_everywhere_says_why(code, characters):
    assert {character: text_fault(character) for character in characters} == dict.fromkeys(characters, code)
    assert {character: name_fault(character) for character in characters} == dict.fromkeys(characters, code)


@pytest.mark.parametrize(
    ("code", "characters"),
    [
        ("text_symbol", "<>⁄∕․✓✔✅☑⚠🔒🄰Ⓐ⒜⑴→−¤฿₿\ufffc"),
        ("text_space", "\u00a0\u202f"),
    ],
)
def test_a_symbol_that_free_text_may_hold_is_none_of_a_name(code, characters):
    assert {character: name_fault(character) for character in characters} == dict.fromkeys(characters, code)
    assert not any(text_fault(character) for character in characters)


def test_what_honest_names_hold_passes():
    honest = "Aéïøµ&.,'’-‐–—（）「」・、。ーｰ〜～／㈱㈲①Ⅲ²½№℡™®〒☆ 　1０漢﨑𠮷々〇ヶかガ가жαʼʻ$€￥"
    assert {character: name_fault(character) for character in honest if name_fault(character)} == {}


def test_selectors_marks_and_numerals_are_told_apart():
    assert is_selector("\ufe00")
    assert is_selector("\U000e0100")
    assert not is_mark("\ufe00")
    assert is_mark("\u0301")
    assert is_roman_numeral("Ⅻ")
    assert not is_roman_numeral("X")
    assert is_han("\U00031350")


def test_nothing_that_cannot_be_seen_or_is_no_character_ever_passes_in_a_name():
    """Exhaustive over all code points: the general categories C (other) and Z (separator) but for two spaces and Han."""
    passed = [
        point
        for point in range(sys.maxunicode + 1)
        if unicodedata.category(chr(point))[0] in "CZ" and name_fault.__wrapped__(chr(point)) is None
    ]
    assert [chr(point) for point in passed if not is_han(chr(point))] == [" ", "\u3000"]


def test_no_letter_outside_the_scripts_in_use_passes():
    """Exhaustive: every letter that passes belongs to a script; every Latin one to a national orthography."""
    for point in range(sys.maxunicode + 1):
        character = chr(point)
        if unicodedata.category(character)[0] == "L" and name_fault.__wrapped__(character) is None:
            assert script_of.__wrapped__(character) or character in "ʻʼµ"
