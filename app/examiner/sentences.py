"""The exact sentences of a verdict in English and Japanese: the standing first, then what there is to notice.

Each is a lead, which pages set in bold, and the rest. `{…}` are H holder, B body, A accreditation body, S standard
with edition, M title of the scheme, R the day of a report, D and D0 dates, U the end of a suspension, n a version. The
words are fixed by `docs/verification.md` (tests compare them); page, JSON, command line and PDF show the same ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.conformity.words import HOLDER_WITHHELD, Word
from app.credentials.facts import SELF_DECLARED


@dataclass(frozen=True)
class Sentence:
    """A lead and what follows it, in both languages."""

    lead: Word
    rest: Word

    @property
    def text(self) -> Word:
        """The whole as plain text."""
        return Word(" ".join(filter(None, (self.lead.en, self.rest.en))), self.lead.ja + self.rest.ja)


def _sentence(lead_en: str, rest_en: str, lead_ja: str, rest_ja: str) -> Sentence:
    return Sentence(Word(lead_en, lead_ja), Word(rest_en, rest_ja))


SENTENCES: Mapping[str, Sentence] = MappingProxyType(
    {
        "valid": _sentence(
            "Valid.",
            "{B} certifies the {M} of {H} to {S} for {scope}; last valid day {D}. "
            "{A} {accredits} {B} for this standard.",
            "有効。",
            "{B}は、{H}の{M}を、{scope}について{S}に適合するものとして認証しています。"
            "有効期限は{D}（当日を含む）です。{B}はこの規格について{A}の認定を受けています。",
        ),
        "superseded": _sentence(
            "The certification is valid, but this document is an old version.",
            "Version {n} replaced it on {D}. Changes: {changes}.",
            "認証は有効ですが、この登録証は旧版です。",
            "{D}に第{n}版へ差し替えられました。変更点：{changes}。",
        ),
        "accreditation_suspended": _sentence(
            "In force; accreditation since suspended.",
            "{A} suspended {B}'s accreditation for this standard on {D}. It was in force at the decision ({D0}). "
            "The suspension does not by itself end this certificate.",
            "認証は継続中、認定は一時停止中。",
            "{A}は{D}に、この規格に関する{B}の認定を一時停止しました。認証の決定日（{D0}）には認定されていました。"
            "認定の一時停止だけでこの認証が終了することはありません。",
        ),
        "accreditation_ended": _sentence(
            "In force, no longer accredited.",
            "{A}'s accreditation of {B} for this standard ended on {D}. It was in force at the decision ({D0}).",
            "認証は継続中、認定は終了。",
            "この規格に関する{B}への{A}の認定は、{D}に終了しました。認証の決定日（{D0}）には認定されていました。",
        ),
        "accreditation_reduced": _sentence(
            "In force, no longer accredited for this scope.",
            "Since {D}, {A}'s accreditation of {B} no longer covers {S} and this scope. "
            "It was in force at the decision ({D0}).",
            "認証は継続中、この範囲は認定の対象外。",
            "{B}への{A}の認定は、{D}から{S}・この範囲を対象としていません。認証の決定日（{D0}）には認定されていました。",
        ),
        "outside_accreditation": _sentence(
            "In force, but not accredited.",
            "We have no record that {B} was accredited for {S} and this scope on the decision date ({D0}).",
            "認証は継続中、ただし認定外。",
            "決定日（{D0}）に、{B}が{S}・この範囲について認定を受けていた記録はありません。",
        ),
        "imported": _sentence(
            "In force, as reported by {B} on {R}.",
            "This is history from elsewhere; last valid day {D}. Its decision, audit and Statement of Applicability "
            "were not checked here.",
            "有効（{R}時点の{B}の報告による）。",
            "他で行われた認証で、有効期限は{D}（当日を含む）です。"
            "決定、審査及び適用宣言書は、この登録簿では確認していません。",
        ),
        "without_accreditation": _sentence(
            "In force, without accreditation.",
            "{B} certifies {H} to {S} for {scope}; last valid day {D}. "
            "No accreditation body watches over this work (scheme: {M}).",
            "認証は継続中、認定なし。",
            "{B}は、{H}を、{scope}について{S}に適合するものとして認証しています。有効期限は{D}（当日を含む）です。"
            "この認証業務を監督する認定機関はありません（制度：{M}）。",
        ),
        "self_declared": _sentence(
            "Self-declaration, not a certificate.",
            "{H} declared this itself on {D0}. No third-party assessment is recorded for this entry.",
            "自己宣言（第三者認証ではありません）。",
            "{H}が{D0}に自ら宣言したものです。この記載について第三者による審査の記録はありません。",
        ),
        "declaration_suspended": _sentence(
            "Self-declaration on hold since {D}.",
            "{H} does not uphold it for the time being; the pause ends on {U}, and it does not resume by itself.",
            "{D}から自己宣言は休止中。",
            "{H}は現在この宣言を維持していません。休止期限は{U}ですが、自動的には再開しません。",
        ),
        "declaration_expired": _sentence(
            "Self-declaration, expired.",
            "The last day was {D}. No renewal is recorded here.",
            "期限切れの自己宣言。",
            "最終日は{D}でした。この登録簿に更新の記録はありません。",
        ),
        "declaration_withdrawn": _sentence(
            "Self-declaration, taken back",
            "by {H} with effect from {D}.",
            "撤回された自己宣言。",
            "{H}は{D}付けで撤回しました。",
        ),
        "declaration_cancelled": _sentence(
            "Self-declaration, ended on {D}.", "{H} ended it.", "終了した自己宣言。", "{H}が{D}に終了しました。"
        ),
        "declaration_transferred": _sentence(
            "Self-declaration, ended on {D}.", "{H} ended it.", "終了した自己宣言。", "{H}が{D}に終了しました。"
        ),
        "declaration_annulled": _sentence(
            "Self-declaration that never had effect.",
            "On {D}, {H} declared it void. Until {D} this registry showed it as listed below.",
            "当初から無効の自己宣言。",
            "{H}は{D}に、この宣言は当初から効力がないとしました。{D}までの当登録簿の表示は下記のとおりです。",
        ),
        "declaration_none": _sentence(
            "Not declared at that time.",
            "Nothing was declared at the time asked about. The first declaration recorded here is of {D0}.",
            "その時点では宣言なし。",
            "照会された時点で効力のある宣言はありません。この登録簿にある最初の宣言日は{D0}です。",
        ),
        "declaration_pending": _sentence(
            "Self-declaration, not yet in force.",
            "{H} declared on {D0}; effective from {D}.",
            "発効前の自己宣言。",
            "{H}は{D0}に宣言しました。効力は{D}から生じます。",
        ),
        "suspended": _sentence(
            "Suspended since {D}.",
            "The certification is temporarily invalid. The suspension period ends on {U}; "
            "certification does not resume by itself.",
            "一時停止中。",
            "{D}から、この認証は一時的に無効です。停止期限は{U}ですが、自動的には復帰しません。",
        ),
        "expired": _sentence(
            "Expired.",
            "The last valid day was {D}. No renewal is recorded here.",
            "有効期限切れ。",
            "有効期限は{D}でした。この登録簿に更新の記録はありません。",
        ),
        "withdrawn": _sentence(
            "Withdrawn", "by {B} with effect from {D}.", "取消し。", "{B}は{D}付けでこの認証を取り消しました。"
        ),
        "cancelled": _sentence(
            "Ended at the holder's request on {D}.", "", "辞退。", "登録組織の申し出により、{D}に終了しました。"
        ),
        "transferred": _sentence(
            "Transferred.",
            "The certification moved to another body on {D}; this certificate ended then.",
            "移転。",
            "この認証は{D}に別の認証機関へ移転し、この登録証は終了しました。",
        ),
        "annulled": _sentence(
            "Never had effect.",
            "On {D}, {B} declared that this certificate never had effect. "
            "Until {D} this registry showed it with the standings listed below.",
            "当初から無効。",
            "{B}は{D}に、この登録証は発行時から効力がないと宣言しました。{D}までの当登録簿の表示は下記のとおりです。",
        ),
        "none": _sentence(
            "Not certified at that time.",
            "Nothing was in force at the time asked about. The first decision recorded here is of {D0}.",
            "その時点では未認証。",
            "照会された時点で効力のある認証はありません。この登録簿にある最初の決定日は{D0}です。",
        ),
        "pending": _sentence(
            "Not yet in force.",
            "{B} decided on {D0}; effective from {D}.",
            "発効前。",
            "{B}は{D0}に認証を決定しました。効力は{D}から生じます。",
        ),
        "incomplete": _sentence(
            "Could not be checked in full.",
            "{missing} As of {T}: {standing}",
            "すべては確認できませんでした。",
            "確認できなかった点と、{T}時点の状態は下記のとおりです。{missing}{T}時点：{standing}",
        ),
        "altered": _sentence(
            "This file was altered, or not signed by the body it names.",
            "Nothing in it is shown as fact.",
            "このファイルは改変されたか、記載の認証機関が署名したものではありません。",
            "内容は事実として表示していません。",
        ),
        "no_record": _sentence(
            "No record here.",
            "That does not show that the certificate is false; not every body publishes here. "
            "Ask the body named on it.",
            "この登録簿に記録がありません。",
            "偽物であることを示すものではありません。登録証に記載された認証機関にご確認ください。",
        ),
        "malformed_id": _sentence(
            "This ID seems mistyped,",
            "probably in group {g}. Nothing was looked up.",
            "IDに入力誤りがあるようです",
            "（左から{g}番目の区切り付近）。照会は行っていません。",
        ),
    }
)

# Stands under every verdict (ISO/IEC 17021-1 8.3).
LIMITS = Word(
    "This certifies a management system, not a product or AI model, nor compliance with law.",
    "これはマネジメントシステムの認証であり、製品・AIモデルの認証でも、法令適合の証明でもありません。",
)


SCOPE_SHOWN = Word("the scope below", "下記の認証範囲")
SCOPE_WITHHELD = Word("the scope stated on the certificate", "登録証に記載の認証範囲")

# The same for what its holder declares: there is nothing that it certifies.
DECLARATION_LIMITS = Word(
    "This is the holder's own declaration. It certifies nothing: no management system, product or AI model, "
    "nor compliance with law.",
    "これは登録者自身の宣言です。マネジメントシステム、製品、AIモデル、法令適合のいずれも証明するものではありません。",
)


def limits_of(assurance: str | None) -> Word:
    """What an entry does not say, by whose word it is."""
    return DECLARATION_LIMITS if assurance == SELF_DECLARED else LIMITS


def sentence(name: str, **values: Word | str | int) -> Sentence:
    """The sentence of this name with its values filled in, each in the language of its text."""
    template = SENTENCES[name]
    return Sentence(_fill(template.lead, values), _fill(template.rest, values))


def incomplete(reasons: Iterable[Word], as_of: Word | None, standing: Sentence | None) -> Sentence:
    """What could not be checked, and what stood at the time of the data where that much is established."""
    listed = list(reasons)
    missing = Word(" ".join(one.en for one in listed), "".join(one.ja for one in listed))
    if as_of is None or standing is None:
        return Sentence(SENTENCES["incomplete"].lead, missing)
    return sentence("incomplete", missing=missing, T=as_of, standing=standing.text)


def in_list(words: Iterable[Word]) -> Word:
    """Several names as one subject: `A and B`, `AおよびB`."""
    several = list(words)
    return Word(" and ".join(word.en for word in several), "および".join(word.ja for word in several))


def accredits(several: Iterable[Word]) -> Word:
    """The verb after as many names as these; Japanese has one form."""
    return Word("accredits" if len(list(several)) == 1 else "accredit", "")


def shown_name(names: Iterable[tuple[str, str]]) -> Word:
    """The name to use in a sentence of each language, from (name, language) pairs; the first one leads."""
    listed = list(names)
    if not listed:
        return HOLDER_WITHHELD
    return Word(*(_in(language, listed) for language in ("en", "ja")))


def _in(language: str, names: list[tuple[str, str]]) -> str:
    return next((name for name, its in names if its.partition("-")[0] == language), names[0][0])


def _fill(template: Word, values: Mapping[str, Word | str | int]) -> Word:
    """Values are put in once: braces inside a name stay as they are."""
    chosen = {
        name: value if isinstance(value, Word) else Word(str(value), str(value)) for name, value in values.items()
    }
    return Word(
        template.en.format_map({name: value.en for name, value in chosen.items()}),
        template.ja.format_map({name: value.ja for name, value in chosen.items()}),
    )
