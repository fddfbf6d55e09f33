"""The verdict table of the pages: every verdict has its own mark and word, and labels refuse claims about products."""

from __future__ import annotations

import pytest

from app.conformity import words

# Verdict, standing, English, Japanese: the public table, repeated here by hand so that a change of word is a visible decision.
TABLE = [
    ("valid", "active", "Valid", "有効"),
    ("valid_with_notice", "active", "Valid, with a notice", "有効（注意事項あり）"),
    ("not_currently_valid", "suspended", "Suspended", "一時停止中"),
    ("not_currently_valid", "pending", "Not yet in force", "発効前"),
    ("no_longer_valid", "expired", "Expired", "有効期限切れ"),
    ("no_longer_valid", "withdrawn", "Withdrawn", "取消し"),
    ("no_longer_valid", "cancelled", "Ended at the holder's request", "辞退"),
    ("no_longer_valid", "transferred", "Transferred", "移転"),
    ("never_valid", "annulled", "Never had effect", "当初から無効"),
    ("never_valid", "active", "Signed after its key was compromised", "鍵の漏えい後の署名"),
    ("unknown", "none", "No record here", "この登録簿に記録なし"),
    ("unknown", "active", "Could not be checked in full", "すべては確認できませんでした"),
]


@pytest.mark.parametrize(("verdict", "state", "english", "japanese"), TABLE)
def test_each_verdict_and_standing_has_its_fixed_word(verdict: str, state: str, english: str, japanese: str) -> None:
    word = words.live_word(verdict, state)
    assert word.in_language("en") == english
    assert word.in_language("ja") == japanese


def test_a_pair_that_cannot_happen_has_no_word() -> None:
    with pytest.raises(ValueError, match="no_longer_valid with standing active"):
        words.live_word("no_longer_valid", "active")


def test_every_verdict_of_the_table_has_a_mark_and_no_other() -> None:
    assert set(words.MARKS) == {verdict for verdict, *_ in TABLE}


def test_no_two_verdicts_share_an_icon_or_a_shape() -> None:
    marks = words.MARKS.values()
    assert len({mark.icon for mark in marks}) == len({mark.shape for mark in marks}) == len(words.MARKS)


@pytest.mark.parametrize("verdict", list(words.MARKS))
def test_ink_on_tint_can_be_read(verdict: str) -> None:
    """WCAG 2.2 1.4.3: at least 4.5 to 1."""
    mark = words.MARKS[verdict]
    assert contrast(mark.ink, mark.tint) >= 4.5


@pytest.mark.parametrize(
    "claim",
    [
        "certified AI",
        "Certified  AI",
        "CERTIFIED-AI",
        "ｃｅｒｔｉｆｉｅｄ ＡＩ",
        "AI certified",
        "ISO certified",
        "certified product",
        "AI認証済み",
        "AI 認証済",
        "認証済みAI",
        "ISO認定",
        "ISO/IEC 42001 認定",
        "認定済みモデル",
    ],
)
def test_a_label_never_claims_more_than_a_management_system(claim: str) -> None:
    assert words.makes_refused_claim(claim)


@pytest.mark.parametrize(
    "label",
    [
        "AI management system",
        "ISO/IEC 42001:2023",
        "JIS Q 42001:2025",
        "AIマネジメントシステム",
        words.MANAGEMENT_SYSTEM_ONLY.en,
        words.MANAGEMENT_SYSTEM_ONLY.ja,
    ],
)
def test_honest_labels_pass(label: str) -> None:
    assert not words.makes_refused_claim(label)


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio of two `#rrggbb` colours."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
