"""The fixed words, icons, shapes and colours of a verdict: one table for page, JSON, badge, PDF and command line.

Six verdicts, six marks that differ in shape and icon before they differ in colour, so that each survives greyscale; a
seventh for a self-declaration, which has no word, mark or colour in common with any certificate in force. The words are
those of ISO/IEC 17000 and 17021-1 in English and Japanese. Green is the mark of `valid` and of nothing else. Nothing
here decides a verdict; keys are the values of `standing.Verdict` and `standing.State`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

LANGUAGES = ("en", "ja")


@dataclass(frozen=True)
class Word:
    """One fixed expression in both languages."""

    en: str
    ja: str

    def in_language(self, language: str) -> str:
        """The expression in `language`, which is one of `LANGUAGES`."""
        return {"en": self.en, "ja": self.ja}[language]


@dataclass(frozen=True)
class Mark:
    """How one verdict looks: `ink` is text, icon and edge; `tint` is the ground behind them.

    `icon`: check, check_notch, pause, bar, cross, question. `shape`: circle, square, octagon, outlined_square,
    outlined_diamond, dashed_circle; a self-declaration: lines, page. `hatched` asks for a hatched edge, which keeps the
    two red verdicts apart.
    """

    icon: str
    shape: str
    ink: str
    tint: str
    hatched: bool = False


# Colours of @digital-go-jp/design-tokens 1.1.9 (MIT, Digital Agency of Japan); beside each, contrast of ink on tint.
MARKS: Mapping[str, Mark] = MappingProxyType(
    {
        "valid": Mark("check", "circle", "#197a4b", "#e6f5ec"),  # green-800, 4.75
        "valid_with_notice": Mark("check_notch", "square", "#806300", "#fbf5e0"),  # yellow-1000, 5.20
        "not_currently_valid": Mark("pause", "octagon", "#8b3200", "#ffeee2"),  # orange-1000, 7.27
        "no_longer_valid": Mark("bar", "outlined_square", "#a90000", "#fdeeee"),  # red-1000, 6.94
        "never_valid": Mark("cross", "outlined_diamond", "#a90000", "#fdeeee", hatched=True),
        "unknown": Mark("question", "dashed_circle", "#333333", "#ffffff"),  # grey-800, 12.6
        "declared": Mark("lines", "page", "#333333", "#ffffff"),  # grey-800, 12.6
    }
)

ACCREDITED, THIRD_PARTY, SELF_DECLARED = "accredited_third_party", "third_party", "self_declared"
"""What stands behind an entry of a scheme: a body that others accredit, a body alone, or only the holder itself."""

IN_FORCE = frozenset({"valid", "valid_with_notice"})

VALID = Word("Valid", "有効")
VALID_WITH_NOTICE = Word("Valid, with a notice", "有効（注意事項あり）")
VALID_UNACCREDITED = Word("Valid, not accredited", "有効（認定なし）")
DECLARED = Word("Self-declaration", "自己宣言")
SUSPENDED = Word("Suspended", "一時停止中")
PENDING = Word("Not yet in force", "発効前")
EXPIRED = Word("Expired", "有効期限切れ")
WITHDRAWN = Word("Withdrawn", "取消し")
CANCELLED = Word("Ended at the holder's request", "辞退")
TRANSFERRED = Word("Transferred", "移転")
ANNULLED = Word("Never had effect", "当初から無効")
KEY_COMPROMISED = Word("Signed after its key was compromised", "鍵の漏えい後の署名")
NO_RECORD = Word("No record here", "この登録簿に記録なし")
# A record exists but the evidence does not suffice: "no record here" would then be false.
NOT_ESTABLISHED = Word("Could not be checked in full", "すべては確認できませんでした")

# What every public label says beside the good news (17021-1 8.3: never as if a product were certified).
MANAGEMENT_SYSTEM_ONLY = Word(
    "management system — not a product or AI model", "マネジメントシステムの認証（製品・AIモデルの認証ではありません）"
)
WITHOUT_ACCREDITATION = Word("no accreditation body watches over this", "認定機関の監督なし")
DECLARATION_ONLY = Word(
    "own declaration about a management system — not a certificate, no third-party assessment",
    "マネジメントシステムに関する自己宣言（第三者の審査なし）",
)
HOLDER_WITHHELD = Word("the holder", "登録組織")

_BY_VERDICT_AND_STATE: Mapping[tuple[str, str], Word] = MappingProxyType(
    {
        ("not_currently_valid", "suspended"): SUSPENDED,
        ("not_currently_valid", "pending"): PENDING,
        ("no_longer_valid", "expired"): EXPIRED,
        ("no_longer_valid", "withdrawn"): WITHDRAWN,
        ("no_longer_valid", "cancelled"): CANCELLED,
        ("no_longer_valid", "transferred"): TRANSFERRED,
        ("never_valid", "annulled"): ANNULLED,
    }
)


def mark_name(verdict: str, assurance: str) -> str:
    """The mark of an entry: a declaration in force has its own, whatever the verdict."""
    return "declared" if assurance == SELF_DECLARED and verdict in IN_FORCE else verdict


def live_word(verdict: str, state: str, assurance: str = ACCREDITED) -> Word:
    """The word for a verdict given the standing behind it (`none` where there is no record) and whose word it is.

    A pair that the lifecycle cannot produce raises `ValueError`: no word is better than a wrong one.
    """
    if verdict in IN_FORCE and assurance != ACCREDITED:
        return DECLARED if assurance == SELF_DECLARED else VALID_UNACCREDITED
    word = _word_of(verdict, state)
    if assurance == SELF_DECLARED and verdict != "unknown":
        return Word(f"{DECLARED.en}: {word.en[0].lower()}{word.en[1:]}", f"{DECLARED.ja}：{word.ja}")
    return word


def _word_of(verdict: str, state: str) -> Word:
    if verdict == "valid":
        return VALID
    if verdict == "valid_with_notice":
        return VALID_WITH_NOTICE
    if verdict == "unknown":
        return NO_RECORD if state == "none" else NOT_ESTABLISHED
    if verdict == "never_valid" and state != "annulled":
        return KEY_COMPROMISED
    try:
        return _BY_VERDICT_AND_STATE[verdict, state]
    except KeyError:
        raise ValueError(f"no word for verdict {verdict} with standing {state}") from None


# Claims that a label never makes: they praise an AI or call a certification an accreditation (認定 is not 認証).
_REFUSED_CLAIM = (
    r"(?:certified|accredited|approved|trusted|verified)(?:ai|artificialintelligence|model|product)"
    r"|ai(?:model|system|product)?(?:is)?(?:certified|accredited|approved)"
    r"|(?:iso(?:/iec)?(?:certified|accredited|approved))"
    r"|(?:ai|人工知能|モデル|製品)(?:を|が|は)?(?:認証|認定)済"
    r"|(?:認証|認定)済み?の?(?:ai|人工知能|モデル|製品)"
    r"|iso(?:/iec)?(?:\d+(?:-\d+)?(?::\d+)?)?の?認定"
)


# The same in running text, where "approved products" may be what an organisation works on.
_REFUSED_IN_TEXT = (
    r"\b(?:certified|accredited)[\s-]+(?:ai|artificial intelligence)\b|\bai[\s-]+(?:certified|accredited)\b"
    r"|\biso(?:/iec)?(?:\s*[0-9][0-9:-]*)?[\s-]+(?:certified|accredited)\b"
    r"|(?:ai|人工知能)(?:を|が|は)?(?:認証|認定)済|(?:認証|認定)済み?の?(?:ai|人工知能)"
    r"|iso(?:/iec)?\s*(?:[0-9][0-9:-]*)?\s*の?認定"
)


def tells_refused_claim(text: str) -> bool:
    """Whether a text that we issue calls an AI certified or a certification an accreditation."""
    return bool(re.search(_REFUSED_IN_TEXT, unicodedata.normalize("NFKC", text).casefold()))


def makes_refused_claim(text: str) -> bool:
    """Whether a label says of an AI, a model or a product what is only true of a management system."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return bool(re.search(_REFUSED_CLAIM, re.sub(r"[\s\-‐‑–—・'’\"]+", "", folded)))
