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


# What nobody accredits and what its holder declares: never the words of an accredited certificate in force.
BESIDE_ACCREDITATION = [
    ("third_party", "valid_with_notice", "active", "Valid, not accredited", "有効（認定なし）"),
    ("third_party", "valid", "active", "Valid, not accredited", "有効（認定なし）"),
    ("third_party", "no_longer_valid", "expired", "Expired", "有効期限切れ"),
    ("self_declared", "valid_with_notice", "active", "Self-declaration", "自己宣言"),
    ("self_declared", "valid", "active", "Self-declaration", "自己宣言"),
    ("self_declared", "not_currently_valid", "suspended", "Self-declaration: suspended", "自己宣言：一時停止中"),
    ("self_declared", "never_valid", "annulled", "Self-declaration: never had effect", "自己宣言：当初から無効"),
    ("self_declared", "unknown", "active", "Could not be checked in full", "すべては確認できませんでした"),
]


@pytest.mark.parametrize(("assurance", "verdict", "state", "english", "japanese"), BESIDE_ACCREDITATION)
def test_whose_word_it_is_shows_in_the_word(assurance, verdict, state, english, japanese) -> None:
    word = words.live_word(verdict, state, assurance)
    assert (word.en, word.ja) == (english, japanese)


def test_a_declaration_in_force_has_a_mark_of_its_own() -> None:
    assert words.mark_name("valid_with_notice", "self_declared") == "declared"
    assert words.mark_name("no_longer_valid", "self_declared") == "no_longer_valid"
    assert words.mark_name("valid_with_notice", "third_party") == "valid_with_notice"


def test_every_verdict_of_the_table_has_a_mark_and_no_other_but_a_declaration() -> None:
    assert set(words.MARKS) == {verdict for verdict, *_ in TABLE} | {"declared"}


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
    "text",
    ["Sale of certified AI", "AI認証済みサービスの提供", "当社はISO認定を取得", "an ISO 42001 certified supplier"],
)
def test_no_text_that_we_issue_claims_it_either(text: str) -> None:
    assert words.tells_refused_claim(text)


@pytest.mark.parametrize(
    "text",
    [
        "Inspection of approved products by AI",
        "認定機関向けAIの開発",
        "AIを用いた認証システムの運用",
        "AI; certified mail",
    ],
)
def test_a_text_may_speak_of_what_is_worked_on(text: str) -> None:
    assert not words.tells_refused_claim(text)


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
