from __future__ import annotations

import re

import pytest

from app.conformity.standing import State
from app.conformity.words import HOLDER_WITHHELD, Word
from app.examiner.sentences import (
    LIMITS,
    SCOPE_SHOWN,
    SENTENCES,
    accredits,
    in_list,
    incomplete,
    limits_of,
    sentence,
    shown_name,
)

A, B, H = Word("Aoba", "青葉"), Word("Tokiwa", "常磐"), Word("Kasumi", "霞")
D, D0, U = Word("1 May 2027", "2027年5月1日"), Word("1 May 2026", "2026年5月1日"), Word("1 June 2027", "2027年6月1日")
R = Word("1 March 2027", "2027年3月1日")
S = "ISO/IEC 42001:2023"
VALUES = {
    "A": A,
    "B": B,
    "H": H,
    "D": D,
    "D0": D0,
    "U": U,
    "R": R,
    "S": S,
    "n": 2,
    "g": 3,
    "changes": Word("scope", "範囲"),
}
VALUES |= {
    "accredits": accredits([A]),
    "scope": SCOPE_SHOWN,
    "M": Word("AI management system", "AIマネジメントシステム"),
}

# Letter for letter as the design fixes them.
EXACT = {
    "valid": (
        "Valid. Tokiwa certifies the AI management system of Kasumi to ISO/IEC 42001:2023 for the scope below; last valid day 1 May 2027. Aoba accredits Tokiwa for this standard.",
        "有効。常磐は、霞のAIマネジメントシステムを、下記の認証範囲についてISO/IEC 42001:2023に適合するものとして認証しています。有効期限は2027年5月1日（当日を含む）です。常磐はこの規格について青葉の認定を受けています。",
    ),
    "superseded": (
        "The certification is valid, but this document is an old version. Version 2 replaced it on 1 May 2027. Changes: scope.",
        "認証は有効ですが、この登録証は旧版です。2027年5月1日に第2版へ差し替えられました。変更点：範囲。",
    ),
    "accreditation_suspended": (
        "In force; accreditation since suspended. Aoba suspended Tokiwa's accreditation for this standard on 1 May 2027. It was in force at the decision (1 May 2026). The suspension does not by itself end this certificate.",
        "認証は継続中、認定は一時停止中。青葉は2027年5月1日に、この規格に関する常磐の認定を一時停止しました。認証の決定日（2026年5月1日）には認定されていました。認定の一時停止だけでこの認証が終了することはありません。",
    ),
    "suspended": (
        "Suspended since 1 May 2027. The certification is temporarily invalid. The suspension period ends on 1 June 2027; certification does not resume by itself.",
        "一時停止中。2027年5月1日から、この認証は一時的に無効です。停止期限は2027年6月1日ですが、自動的には復帰しません。",
    ),
    "expired": (
        "Expired. The last valid day was 1 May 2027. No renewal is recorded here.",
        "有効期限切れ。有効期限は2027年5月1日でした。この登録簿に更新の記録はありません。",
    ),
    "withdrawn": (
        "Withdrawn by Tokiwa with effect from 1 May 2027.",
        "取消し。常磐は2027年5月1日付けでこの認証を取り消しました。",
    ),
    "cancelled": (
        "Ended at the holder's request on 1 May 2027.",
        "辞退。登録組織の申し出により、2027年5月1日に終了しました。",
    ),
    "annulled": (
        "Never had effect. On 1 May 2027, Tokiwa declared that this certificate never had effect. Until 1 May 2027 this registry showed it with the standings listed below.",
        "当初から無効。常磐は2027年5月1日に、この登録証は発行時から効力がないと宣言しました。2027年5月1日までの当登録簿の表示は下記のとおりです。",
    ),
    "altered": (
        "This file was altered, or not signed by the body it names. Nothing in it is shown as fact.",
        "このファイルは改変されたか、記載の認証機関が署名したものではありません。内容は事実として表示していません。",
    ),
    "accreditation_ended": (
        "In force, no longer accredited. Aoba's accreditation of Tokiwa for this standard ended on 1 May 2027. It was in force at the decision (1 May 2026).",
        "認証は継続中、認定は終了。この規格に関する常磐への青葉の認定は、2027年5月1日に終了しました。認証の決定日（2026年5月1日）には認定されていました。",
    ),
    "accreditation_reduced": (
        "In force, no longer accredited for this scope. Since 1 May 2027, Aoba's accreditation of Tokiwa no longer covers ISO/IEC 42001:2023 and this scope. It was in force at the decision (1 May 2026).",
        "認証は継続中、この範囲は認定の対象外。常磐への青葉の認定は、2027年5月1日からISO/IEC 42001:2023・この範囲を対象としていません。認証の決定日（2026年5月1日）には認定されていました。",
    ),
    "no_record": (
        "No record here. That does not show that the certificate is false; not every body publishes here. Ask the body named on it.",
        "この登録簿に記録がありません。偽物であることを示すものではありません。登録証に記載された認証機関にご確認ください。",
    ),
    "malformed_id": (
        "This ID seems mistyped, probably in group 3. Nothing was looked up.",
        "IDに入力誤りがあるようです（左から3番目の区切り付近）。照会は行っていません。",
    ),
    "pending": (
        "Not yet in force. Tokiwa decided on 1 May 2026; effective from 1 May 2027.",
        "発効前。常磐は2026年5月1日に認証を決定しました。効力は2027年5月1日から生じます。",
    ),
    "imported": (
        "In force, as reported by Tokiwa on 1 March 2027. This is history from elsewhere; last valid day 1 May 2027. Its decision, audit and Statement of Applicability were not checked here.",
        "有効（2027年3月1日時点の常磐の報告による）。他で行われた認証で、有効期限は2027年5月1日（当日を含む）です。決定、審査及び適用宣言書は、この登録簿では確認していません。",
    ),
    "outside_accreditation": (
        "In force, but not accredited. We have no record that Tokiwa was accredited for ISO/IEC 42001:2023 and this scope on the decision date (1 May 2026).",
        "認証は継続中、ただし認定外。決定日（2026年5月1日）に、常磐がISO/IEC 42001:2023・この範囲について認定を受けていた記録はありません。",
    ),
    "self_declared": (
        "Self-declaration, not a certificate. Kasumi declared this itself on 1 May 2026. No third-party assessment is recorded for this entry.",
        "自己宣言（第三者認証ではありません）。霞が2026年5月1日に自ら宣言したものです。この記載について第三者による審査の記録はありません。",
    ),
    "without_accreditation": (
        "In force, without accreditation. Tokiwa certifies Kasumi to ISO/IEC 42001:2023 for the scope below; last valid day 1 May 2027. No accreditation body watches over this work (scheme: AI management system).",
        "認証は継続中、認定なし。常磐は、霞を、下記の認証範囲についてISO/IEC 42001:2023に適合するものとして認証しています。有効期限は2027年5月1日（当日を含む）です。この認証業務を監督する認定機関はありません（制度：AIマネジメントシステム）。",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(EXACT))
def test_each_sentence_is_exact_in_both_languages(name: str) -> None:
    assert sentence(name, **VALUES).text == Word(*EXACT[name])


def test_no_other_sentence_is_unfixed_by_this_list() -> None:
    declared = {name for name in SENTENCES if name.startswith("declaration_")}
    assert set(SENTENCES) == set(EXACT) | {"incomplete", "none", "transferred"} | declared


def test_there_are_words_for_every_standing_of_a_declaration_and_none_calls_it_certified() -> None:
    standings = {state.value for state in State} - {"active"}
    assert {f"declaration_{state}" for state in standings} <= set(SENTENCES)
    for name in (*(f"declaration_{state}" for state in standings), "self_declared"):
        told = sentence(name, **VALUES).text
        assert "certif" not in told.en.replace("not a certificate", "")
        assert "認証" not in told.ja.replace("第三者認証ではありません", "")
    assert "認証" not in limits_of("self_declared").ja


def test_what_stands_under_every_verdict() -> None:
    assert LIMITS.en == "This certifies a management system, not a product or AI model, nor compliance with law."
    assert (
        LIMITS.ja == "これはマネジメントシステムの認証であり、製品・AIモデルの認証でも、法令適合の証明でもありません。"
    )


def test_both_languages_of_a_sentence_use_values_that_mean_the_same() -> None:
    for template in SENTENCES.values():
        for text in (template.lead.en + template.rest.en, template.lead.ja + template.rest.ja):
            assert set(re.findall(r"{(\w+)}", text)) <= {*VALUES, "missing", "T", "standing"}


def test_incomplete_evidence_says_what_is_missing_and_what_stood_then() -> None:
    told = incomplete(
        [Word("A list is missing.", "リストがありません。")], Word("T", "T"), sentence("expired", **VALUES)
    )
    assert told.text.en == (
        "Could not be checked in full. A list is missing. As of T: Expired. The last valid day was 1 May 2027. "
        "No renewal is recorded here."
    )
    assert told.text.ja.startswith(
        "すべては確認できませんでした。確認できなかった点と、T時点の状態は下記のとおりです。"
    )
    assert (
        incomplete([Word("No anchors.", "なし。")], None, None).text.en == "Could not be checked in full. No anchors."
    )


def test_a_name_is_shown_in_the_readers_language_where_it_has_one() -> None:
    assert shown_name([("霞", "ja"), ("Kasumi", "en-GB")]) == Word("Kasumi", "霞")
    assert shown_name([("Kasumi", "fr")]) == Word("Kasumi", "Kasumi")
    assert shown_name([]) == HOLDER_WITHHELD


def test_braces_in_a_name_stay_as_they_are() -> None:
    assert (
        sentence("withdrawn", B=Word("{D} Ltd", "{D}社"), D=D).text.en
        == "Withdrawn by {D} Ltd with effect from 1 May 2027."
    )


def test_names_in_a_list() -> None:
    assert in_list([A, B]) == Word("Aoba and Tokiwa", "青葉および常磐")


def test_two_bodies_accredit_and_one_accredits() -> None:
    assert [accredits(several).en for several in ([A], [A, B])] == ["accredits", "accredit"]
