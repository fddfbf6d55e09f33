"""What each check found and each notice means, in plain words of both languages: one entry for every code.

The code is for machines and never changes; the words are for readers and name what they can do. `{…}` are filled in by
the check. `docs/verification.md` lists the same codes in the same order (a test compares them).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.conformity.words import SELF_DECLARED, Word

# check name → code → words
CHECK_GLOSSES: Mapping[str, Mapping[str, Word]] = MappingProxyType(
    {
        "signature": {
            "signed": Word(
                "All {count} documents are signed, unchanged, by keys that lead to trusted anchors.",
                "{count}件の文書はすべて改変されておらず、信頼の起点（アンカー）に連なる鍵で署名されています。",
            ),
            "signed_as_needed": Word(
                "The {count} documents that count are signed, unchanged, by keys that lead to trusted anchors. "
                "Nothing rests on {others} others, by accreditation bodies that the anchors do not name.",
                "判断に必要な文書（{count}件）はすべて改変されておらず、信頼の起点（アンカー）に連なる鍵で署名されています。"
                "アンカーにない認定機関の文書（{others}件）は考慮していません。",
            ),
            "bad_signature": Word(
                "A signature does not fit the bytes that it should cover: the file was changed.",
                "署名が内容と一致しません。ファイルが改変されています。",
            ),
            "key_not_bound": Word(
                "A document is signed by a key that no accreditation body had bound to this body at that time.",
                "署名した鍵は、その時点で認定機関によってこの認証機関に紐づけられていません。",
            ),
            "identity_only": Word(
                "A document speaks under accreditation, but the registry alone had identified its key: "
                "no accreditation body had bound it.",
                "認定に基づく文書ですが、署名した鍵は登録簿が身元を確認しただけで、認定機関は紐づけていません。",
            ),
            "accreditation_key_unknown": Word(
                "A statement of the accreditation body is signed by a key that the anchors do not hold for it. "
                "If the body has a new key, get current anchors.",
                "認定機関の文書が、アンカーにない鍵で署名されています。鍵が更新された場合は、最新のアンカーを入手してください。",
            ),
            "registry_key_unknown": Word(
                "The registry's binding is signed by a key that the anchors do not hold for it. "
                "If the registry has a new key, get current anchors.",
                "登録簿による鍵の紐づけが、アンカーにない鍵で署名されています。鍵が更新された場合は、最新のアンカーを入手してください。",
            ),
            "unreadable": Word(
                "The file is not in the form that this registry writes: {reason}.",
                "この登録簿が作成する形式ではありません（{reason}）。",
            ),
            "not_the_recorded_file": Word(
                "The file is not the one that was issued under this ID: its bytes differ.",
                "このIDで発行されたファイルと内容が一致しません。",
            ),
            "no_anchors": Word(
                "No anchors were given, so nobody's signature could be traced to a trusted body. "
                "Get them from the accreditation body or from certs/anchors of the project, then pass --anchors.",
                "アンカーの指定がないため、署名を信頼できる機関までたどれません。認定機関またはプロジェクトのcerts/anchorsから入手し、"
                "--anchorsで指定してください。",
            ),
            "accreditation_body_not_anchored": Word(
                "The anchors do not name the accreditation body that stands behind this certificate.",
                "この登録証の認定機関は、アンカーに含まれていません。",
            ),
            "registry_not_anchored": Word(
                "The anchors do not name the registry that identified the signer's key.",
                "署名者の鍵の身元を確認した登録簿は、アンカーに含まれていません。",
            ),
            "presented_alone": Word(
                "The file fits the certificate inside it, but a certificate alone does not show who bound its key. "
                "Verify the bundle of the same certificate.",
                "ファイルは内部の証明書と整合しますが、単独では鍵を誰が紐づけたかを確認できません。同じ登録証のバンドルを検証してください。",
            ),
        },
        "issuer": {
            "right_body": Word(
                "The signing body is {B}, by the name in its accreditation statement.",
                "署名者は{B}です（認定文書に記載の名称）。",
            ),
            "identity_only": Word(
                "The signer is {B}, by the name under which this registry identified it. "
                "That is identity only: it says nothing about competence or accreditation.",
                "署名者は{B}です（この登録簿が身元を確認した名称）。身元だけの確認で、力量や認定については何も示しません。",
            ),
            "wrong_body": Word(
                "The documents do not agree on the body: the key's binding, the accreditation and the certificate name "
                "different ones.",
                "鍵の紐づけ、認定文書、登録証で、認証機関が一致しません。",
            ),
        },
        "chain": {
            "anchored": Word(
                "The X.509 certificates of the signing key lead to a trusted anchor.",
                "署名鍵のX.509証明書は、信頼の起点（アンカー）に連なります。",
            ),
            "wrong_key": Word(
                "The X.509 certificate is for another key than the one that signed.",
                "X.509証明書の鍵と署名した鍵が異なります。",
            ),
            "untrusted": Word(
                "The X.509 certificates do not lead to a trusted anchor ({reason}).",
                "X.509証明書は信頼の起点（アンカー）に連なりません（{reason}）。",
            ),
            "no_ca_anchors": Word(
                "The anchors hold no certificate authority, so the holder of the key could not be traced.",
                "アンカーに認証局がないため、鍵の保有者を確認できません。",
            ),
        },
        "accreditation_at_decision": {
            "accredited": Word(
                "On {D0}, {B} was accredited by {A} for {S} and this scope.",
                "{D0}に、{B}は{S}・この範囲について{A}の認定を受けていました。",
            ),
            "accredited_by_permission": Word(
                "On {D0}, the accreditation was suspended; its statement permitted this decision without the symbol.",
                "{D0}に認定は一時停止中でしたが、認定シンボルを付けない決定として許可されていました。",
            ),
            "not_accredited": Word(
                "There is no record that {B} was accredited for {S} and this scope on {D0}.",
                "{D0}に、{B}が{S}・この範囲について認定を受けていた記録はありません。",
            ),
            "not_known": Word(
                "No accreditation of this body is among the evidence.", "この機関の認定に関する文書がありません。"
            ),
            "imported": Word(
                "Not checked: this is history that the body reported from elsewhere; its decision, audit and "
                "Statement of Applicability are not recorded here.",
                "他で行われ認証機関が報告した認証です。決定、審査及び適用宣言書はこの登録簿に記録がないため、確認していません。",
            ),
            "without_accreditation": Word(
                "Not checked: this scheme works without accreditation.",
                "この制度は認定によらないため、確認していません。",
            ),
        },
        "accreditation_now": {
            "accredited": Word(
                "{B} is accredited by {A} for {S} and this scope.",
                "{B}は{S}・この範囲について{A}の認定を受けています。",
            ),
            "accreditation_suspended": Word(
                "{A} suspended the accreditation on {D}.", "{A}は{D}に認定を一時停止しました。"
            ),
            "accreditation_ended": Word("The accreditation by {A} ended on {D}.", "{A}の認定は{D}に終了しました。"),
            "accreditation_reduced": Word(
                "Since {D} the accreditation by {A} no longer covers {S} and this scope.",
                "{A}の認定は、{D}から{S}・この範囲を対象としていません。",
            ),
            "not_accredited": Word(
                "No accreditation for {S} and this scope is recorded.",
                "{S}・この範囲についての認定の記録はありません。",
            ),
            "statement_missing": Word(
                "A statement of the accreditation body is missing from its numbered sequence.",
                "認定機関の文書の連番に欠落があります。",
            ),
            "imported": Word(
                "Not checked: this is history that the body reported from elsewhere; which accreditation "
                "it rests on is not stated.",
                "他で行われ認証機関が報告した認証です。基づく認定が記載されていないため、確認していません。",
            ),
            "without_accreditation": Word(
                "Not checked: this scheme works without accreditation.",
                "この制度は認定によらないため、確認していません。",
            ),
        },
        "standing": {
            "active": Word(
                "In force. Standing events: {count}, none missing.",
                "有効。記録{count}件、欠落なし。",
            ),
            "pending": Word("Decided, not yet in force.", "決定済み、発効前です。"),
            "expired": Word("Its period of validity is over.", "有効期間は終了しました。"),
            "suspended": Word("Suspended by its body.", "認証機関により一時停止中です。"),
            "withdrawn": Word("Withdrawn by its body.", "認証機関により取り消されました。"),
            "cancelled": Word("Ended at the holder's request.", "登録組織の申し出により終了しました。"),
            "transferred": Word("Moved to another body.", "別の認証機関に移転しました。"),
            "annulled": Word("Declared never to have had effect.", "当初から効力がないと宣言されました。"),
            "none": Word("Nothing was recorded at that time.", "その時点の記録はありません。"),
            "broken_chain": Word(
                "The standing events do not continue one another: {reason}.",
                "認証状態の記録が連続していません（{reason}）。",
            ),
            "document_missing": Word(
                "A document is missing: {reason}.",
                "文書が欠落しています（{reason}）。",
            ),
            "decision_differs": Word(
                "A document does not follow from the decision that it names: {reason}.",
                "文書が、その根拠とする決定と一致しません（{reason}）。",
            ),
            "event_backdated": Word(
                "A standing event takes effect before its decision or its recording allows: {reason}.",
                "認証状態の記録が、決定または登録の時点より前に発効しています（{reason}）。",
            ),
            "rule_broken": Word(
                "A document breaks a rule of certification that anyone can check: {reason}.",
                "文書が、誰でも確認できる認証の規則に反しています（{reason}）。",
            ),
        },
        "version": {
            "current": Word("This is the current version ({n}).", "現在の版（第{n}版）です。"),
            "superseded": Word("Version {n} replaced this one on {D}.", "{D}に第{n}版へ差し替えられました。"),
            "not_yet_current": Word(
                "Version {n} is in force before this one takes effect.", "この版の発効までは第{n}版が有効です。"
            ),
        },
        "validity": {
            "within": Word(
                "Within its period: {D0} to {D}, both included.", "有効期間内です（{D0}から{D}まで、両日を含む）。"
            ),
            "pending": Word("Effective from {D0}.", "効力は{D0}から生じます。"),
            "expired": Word("The last valid day was {D}.", "有効期限は{D}でした。"),
        },
        "status_lists": {
            "agree": Word(
                "The published status lists say the same as the signed events.",
                "公開されたステータスリストは、署名された記録と一致しています。",
            ),
            "bit_without_event": Word(
                "The {purpose} list marks this certificate, but no signed event explains it.",
                "{purpose}リストに印がありますが、それを説明する署名された記録がありません。",
            ),
            "event_without_bit": Word(
                "A signed event says what the {purpose} list does not show. The event counts.",
                "署名された記録の内容が{purpose}リストにありません。記録が優先します。",
            ),
            "list_unreadable": Word(
                "A status list is damaged or not signed by the registry's publication key ({reason}).",
                "ステータスリストが破損しているか、公開用の鍵で署名されていません（{reason}）。",
            ),
            "list_missing": Word(
                "The {purpose} list that the certificate names was not at hand.",
                "登録証が指定する{purpose}リストがありません。",
            ),
            "list_older_than_event": Word(
                "The list was published before the last signed event. The event counts.",
                "リストの公開は最後の記録より前です。記録が優先します。",
            ),
            "list_not_valid_then": Word(
                "The list at hand does not count at the time of these data ({reason}).",
                "手元のリストは、このデータの時点では有効ではありません（{reason}）。",
            ),
            "publication_key_not_anchored": Word(
                "The anchors do not hold the registry's publication key.",
                "登録簿の公開用の鍵は、アンカーに含まれていません。",
            ),
        },
        "freshness": {
            "current": Word("The data are those of {T}.", "{T}時点のデータです。"),
            "recent": Word("The data are {age} old ({T}).", "{T}時点のデータです（{age}前）。"),
            "exact": Word(
                "The time asked about lies before the data were made ({T}).",
                "照会した時点は、データの作成（{T}）より前です。",
            ),
            "data_too_old": Word(
                "The data are {age} old ({T}); what happened since is not known. Get a new file, or ask with --at.",
                "{T}時点のデータで、{age}が経過しています。その後のことは分かりません。新しいファイルを入手するか、--atで時点を指定してください。",
            ),
            "report_not_fresh": Word(
                "The certification was last reported from elsewhere as of {D}, longer ago than the {n} days agreed; "
                "what happened there since is not known.",
                "他所での認証の最後の報告は{D}時点で、取り決めた{n}日を過ぎています。その後のことは分かりません。",
            ),
            "data_from_the_future": Word(
                "The data claim to be from {T}, which has not come yet. Check the clock of this machine.",
                "データの時点（{T}）が未来です。この端末の時計を確認してください。",
            ),
            "publication_key_not_anchored": Word(
                "The anchors do not hold the key that signed the time of these data.",
                "データの時点に署名した鍵は、アンカーに含まれていません。",
            ),
        },
    }
)

# Why a check that depends on an earlier one was not performed; the same words for every check.
DEPENDENT_GLOSSES: Mapping[str, Word] = MappingProxyType(
    {
        "signature_not_established": Word(
            "Not checked, because the signatures were not established.",
            "署名を確認できなかったため、確認していません。",
        ),
        "no_record": Word("Not checked: there is no record.", "記録がないため、確認していません。"),
    }
)

EXPECTATION_GLOSSES: Mapping[str, Word] = MappingProxyType(
    {
        "met": Word("Holder and ID are those that you expected.", "登録組織とIDは、指定されたものと一致します。"),
        "not_met": Word(
            "This is not the holder or not the ID that you expected.",
            "登録組織またはIDが、指定されたものと異なります。",
        ),
        "not_comparable": Word(
            "What you expected could not be compared: it is withheld or not established.",
            "指定された内容は、非公開または未確認のため、照合できませんでした。",
        ),
    }
)

NOTICE_GLOSSES: Mapping[str, Word] = MappingProxyType(
    {
        "outside_accreditation": Word(
            "The certificate claims accreditation by {A}. We have no record that {B} was accredited for {S} and this "
            "scope on the decision date ({D0}).",
            "登録証は{A}の認定を主張していますが、決定日（{D0}）に{B}が{S}・この範囲について認定を受けていた記録はありません。",
        ),
        "self_declared": Word(
            "{H} declares this itself; nobody else has assessed it. It is no certificate.",
            "{H}自身の宣言であり、第三者による審査は受けていません。登録証ではありません。",
        ),
        "without_accreditation": Word(
            "{B} works here without accreditation: no accreditation body watches over this scheme.",
            "{B}はこの制度で認定を受けずに評価しています。この制度を監督する認定機関はありません。",
        ),
        "imported": Word(
            "History from elsewhere, as reported by {B} on {D} (source: {P}). Its decision, audit and Statement of "
            "Applicability were not checked here.",
            "他で行われた認証を{B}が{D}時点で報告したものです（出典：{P}）。"
            "決定、審査及び適用宣言書は、この登録簿では確認していません。",
        ),
        "issued_during_sanction": Word(
            "Decided on {D0} while the accreditation by {A} was suspended, as its statement permitted: not accredited.",
            "{A}の認定の一時停止中（{D0}）に、許可の範囲で決定されたもので、認定の対象外です。",
        ),
        "accreditation_ended": Word(
            "{A}'s accreditation of {B} for this standard ended on {D}.",
            "この規格に関する{B}への{A}の認定は、{D}に終了しました。",
        ),
        "taken_over": Word(
            "Another body certifies the holder since a transfer. {A} states ({D}) that {B} did not cooperate in it.",
            "移転により、現在は別の認証機関が登録組織を認証しています。{A}は、{B}が移転に協力しなかったと{D}に述べています。",
        ),
        "transfer_until": Word(
            "It can be transferred to another accredited body until {D} (IAF MD 2).",
            "{D}まで、認定を受けた別の認証機関へ移転できます（IAF MD 2）。",
        ),
        "no_longer_accredited": Word(
            "No longer accredited: the time for a transfer to another accredited body ended on {D} (IAF MD 2).",
            "認定の対象外となりました。認定を受けた別の認証機関への移転の期限（{D}）を過ぎています（IAF MD 2）。",
        ),
        "body_ceased": Word(
            "{A} states that {B} ceased on {D}. Nobody can change this certificate with its keys any more.",
            "{A}によれば、{B}は{D}に業務を終了しました。その鍵でこの登録証を変更することは、もう誰にもできません。",
        ),
        "brought_under_accreditation": Word(
            "{A} brought this certificate under its accreditation from {D}. "
            "That does not change what was accredited at the decision.",
            "{A}は{D}から、この登録証を認定の対象としています。決定時の認定の有無は変わりません。",
        ),
        "accepted_unaccredited": Word(
            "{A} accepted in writing, on {D}, that this certificate is issued without accreditation.",
            "{A}は{D}付けの文書で、この登録証が認定の対象外として発行されることを認めています。",
        ),
        "recognition_lost": Word(
            "As its arrangement publishes it and we copied it, the international recognition of {A} ended on {D}. "
            "That does not by itself change this certificate.",
            "協定の公表内容（当登録簿による写し）によれば、{A}の国際的な承認は{D}に終了しました。"
            "これだけでこの登録証が変わることはありません。",
        ),
        "reached_back": Word(
            "On {R} {A} stated with effect from {D} what takes the decision of {D0} out of its accreditation; "
            "before that the decision was covered.",
            "{A}は{R}に、{D}にさかのぼる文書により、{D0}の決定を認定の対象外としました。それまでこの決定は認定の対象でした。",
        ),
        "accreditation_reduced": Word(
            "Since {D} {A}'s accreditation of {B} no longer covers {S} and this scope.",
            "{B}への{A}の認定は、{D}から{S}・この範囲を対象としていません。",
        ),
        "accreditation_suspended": Word(
            "{A} suspended {B}'s accreditation for this standard on {D}. "
            "The suspension does not by itself end this certificate.",
            "{A}は{D}に、この規格に関する{B}の認定を一時停止しました。認定の一時停止だけでこの認証が終了することはありません。",
        ),
        "superseded": Word(
            "This document is version {v}; version {n} replaced it on {D} ({act}). Changes: {changes}.",
            "この登録証は第{v}版です。{D}に第{n}版へ差し替えられました（{act}）。変更点：{changes}。",
        ),
        "edition_ended": Word(
            "The time for the transition from {S} ended on {D}. A certificate to that edition should have been moved "
            "to {N} or ended; no decision of the body is recorded.",
            "{S}からの移行期間は{D}に終了しました。旧版による認証は{N}への移行又は終了が必要でしたが、"
            "機関の決定の記録はありません。",
        ),
        "late_recorded": Word(
            "The decision of {D0} was recorded here late, on {D}.", "{D0}の決定は、{D}に遅れて記録されました。"
        ),
        "accreditation_not_anchored": Word(
            "The certificate also claims the accreditation {N}. The anchors do not name its accreditation body, "
            "so that one was not checked.",
            "登録証は認定{N}も主張していますが、その認定機関はアンカーに含まれていないため、確認していません。",
        ),
        "lapse_bridged": Word(
            "Restored after expiry: nothing was in force from the end of {D0} to {D}.",
            "有効期限後に復帰した認証です。{D0}の満了から{D}までの間、有効な認証はありませんでした。",
        ),
        "transferred_from": Word("Continues a certification with {P} ({N}).", "{P}の認証（{N}）を引き継いだものです。"),
        "annulled_on_appeal": Word(
            "The decision of {D} ({act}) was annulled on appeal; it counted until {U}.",
            "{D}の決定（{act}）は、異議申立てにより無効とされました（{U}まで適用）。",
        ),
        "version_pending": Word("Version {n} takes effect on {D}.", "第{n}版が{D}に発効します。"),
        "suspension_overdue": Word(
            "The period of the suspension ended on {U}; no decision is recorded. The certification stays suspended.",
            "一時停止の期限（{U}）を過ぎましたが、決定の記録はありません。一時停止は続いています。",
        ),
        "event_pending": Word(
            "A recorded decision takes effect on {D}: {act}.", "記録済みの決定が{D}に発効します：{act}。"
        ),
        "edition_ends": Word(
            "{N} replaces {S}; certificates to that edition run to {D} at the latest.",
            "{S}は{N}に置き換えられます。旧版による認証の有効期限は遅くとも{D}です。",
        ),
        "development_anchors": Word(
            "Checked with development anchors: this proves nothing about real bodies.",
            "開発用アンカーで確認しました。実在の機関については何も証明しません。",
        ),
    }
)

A_LATER_EDITION = Word("a later edition", "後継の版")

# Notices that turn `valid` into `valid_with_notice` (the verdict algorithm); the others only inform.
NOTICES_OF_VERDICT = (
    "self_declared",
    "without_accreditation",
    "imported",
    "outside_accreditation",
    "taken_over",
    "issued_during_sanction",
    "accreditation_ended",
    "no_longer_accredited",
    "accreditation_reduced",
    "accreditation_suspended",
    "superseded",
    "edition_ended",
    "late_recorded",
)

ACTS: Mapping[str, Word] = MappingProxyType(
    {
        "grant": Word("granted", "認証"),
        "refuse": Word("refused", "不認証"),
        "maintain": Word("maintained", "認証の維持"),
        "extend": Word("scope extended", "認証範囲の拡大"),
        "reduce": Word("scope reduced", "認証範囲の縮小"),
        "amend": Word("amended", "記載事項の変更"),
        "correct": Word("correction of a misprint", "誤記の訂正"),
        "translate": Word("translation added", "訳文の追加"),
        "renew": Word("renewed", "更新"),
        "transition": Word("moved to another edition of the standard", "規格の版の移行"),
        "restore_expired": Word("restored after expiry", "有効期限後の復帰"),
        "transfer_in": Word("taken over from another body", "移転による受入れ"),
        "import": Word("reported from elsewhere", "他の記録からの取込み"),
        "suspend": Word("suspended", "一時停止"),
        "suspend_urgently": Word("urgently suspended", "緊急の一時停止"),
        "ratify": Word("urgent suspension ratified", "緊急の一時停止の追認"),
        "restore": Word("restored", "復帰"),
        "withdraw": Word("withdrawn", "取消し"),
        "cancel": Word("ended at the holder's request", "辞退"),
        "transfer_out": Word("transferred to another body", "別の認証機関への移転"),
        "annul": Word("annulled", "無効の宣言"),
        "overturn_suspension": Word("suspension annulled on appeal", "異議申立てによる一時停止の無効化"),
        "overturn_withdrawal": Word("withdrawal annulled on appeal", "異議申立てによる取消しの無効化"),
        "overturn_transfer": Word("taken back after a transfer that failed", "不成立となった移転の取りやめによる復帰"),
    }
)

PURPOSES: Mapping[str, Word] = MappingProxyType(
    {
        "revocation": Word("revocation", "失効"),
        "suspension": Word("suspension", "一時停止"),
        "refresh": Word("refresh", "更新"),
    }
)

# What a statement of the report says: who asserts what.
# What a declarant does, where the word for a certificate would mislead.
DECLARED_ACTS: Mapping[str, Word] = MappingProxyType(
    {
        "grant": Word("declared", "宣言"),
        "maintain": Word("upheld", "宣言の維持"),
        "extend": Word("widened", "範囲の拡大"),
        "reduce": Word("narrowed", "範囲の縮小"),
        "withdraw": Word("taken back", "撤回"),
        "cancel": Word("ended", "終了"),
    }
)


def act_in_words(act: str, assurance: str | None) -> Word:
    """The word for an act, by whose word the entry is."""
    return DECLARED_ACTS.get(act, ACTS[act]) if assurance == SELF_DECLARED else ACTS[act]


ASSERTION_GLOSSES: Mapping[str, Word] = MappingProxyType(
    {
        "accreditation_granted": Word(
            "{B} is accredited for {S} from {D} (statement {n}).", "{D}から、{B}を{S}について認定（第{n}号）。"
        ),
        "accreditation_suspended": Word(
            "The accreditation of {B} is suspended from {D} (statement {n}).",
            "{D}から、{B}の認定を一時停止（第{n}号）。",
        ),
        "accreditation_withdrawn": Word(
            "The accreditation of {B} ends on {D} (statement {n}).", "{D}に、{B}の認定を終了（第{n}号）。"
        ),
        "no_cooperation": Word(
            "{B} does not cooperate in a transfer of this certification ({D}).",
            "この認証の移転に{B}が協力しない旨（{D}）。",
        ),
        "accreditation_relinquished": Word(
            "{B} gives up its accreditation on {D} (statement {n}).", "{D}に、{B}が認定を返上（第{n}号）。"
        ),
        "body_ceased": Word(
            "{B} ceased on {D}; its keys sign nothing from then on (statement {n}).",
            "{D}に、{B}が業務を終了。以後、その鍵による署名は認められません（第{n}号）。",
        ),
        "bring_under": Word(
            "This certificate is brought under the accreditation from {D}.", "{D}から、この登録証を認定の対象とする。"
        ),
        "accept_unaccredited": Word(
            "This certificate may be issued without accreditation (letter of {D}).",
            "この登録証を認定の対象外として発行することを認める（{D}付け）。",
        ),
        "key_bound": Word(
            "This key may sign certificates of {B} from {D} to {U}.",
            "{D}から{U}まで、この鍵で{B}の登録証に署名できます。",
        ),
        "key_identified": Word(
            "This key is that of {B} from {D} to {U}, by identity alone.",
            "{D}から{U}まで、この鍵は{B}の鍵です（身元のみの確認）。",
        ),
        "decision": Word("Decided on {D}: {act}.", "{D}決定：{act}。"),
        "certificate": Word("Certificate, version {n}, for {S}.", "{S}の登録証、第{n}版。"),
        "declaration": Word("Self-declaration, version {n}, on {S}.", "{S}に関する自己宣言、第{n}版。"),
        "standing_event": Word("Event {n}, from {D}: {act}.", "記録{n}（{D}から）：{act}。"),
    }
)


def gloss(template: Word, **values: Word | str | int) -> Word:
    """The words with their values filled in, each in the language of its text."""
    chosen = {
        name: value if isinstance(value, Word) else Word(str(value), str(value)) for name, value in values.items()
    }
    return Word(
        template.en.format_map({name: value.en for name, value in chosen.items()}),
        template.ja.format_map({name: value.ja for name, value in chosen.items()}),
    )
