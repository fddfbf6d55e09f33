"""Verification reports written by hand, one for each standing and verdict, in the shape that the examiner gives.

All bodies and organisations are fictional. Tests change a copy: `report("valid", version=2)`.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

Report = dict[str, Any]

PUBLIC_ID = "M30QP8774SQ3NQQWH2JPD102767GKH0H6PS"
CONTINUED_BY = "0000200004000080000G000050000A0000M"
NOW = "2026-11-24T13:50:00Z"

KASUMI = [
    {"name": "株式会社霞ロボティクス", "language": "ja", "script": "Jpan"},
    {"name": "Kasumi Robotics", "language": "en", "script": "Latn"},
]
TOKIWA = {
    "id": "0b6d7a6e-6a31-4d7e-9a55-1c0a5f1a7a01",
    "names": [
        {"name": "常磐認証機構株式会社", "language": "ja"},
        {"name": "Tokiwa Certification K.K.", "language": "en"},
    ],
    "country": "JP",
}
AOBA = {
    "id": "d0b6f5a4-2f44-4a55-8d0e-1b2f6f7f1c02",
    "names": [
        {"name": "青葉認定センター", "language": "ja"},
        {"name": "Aoba Accreditation Centre", "language": "en"},
    ],
}
HARBOUR = {
    "id": "5a0d1d6c-91b5-4a0e-8a43-7f0a51f0aa03",
    "names": [{"name": "Harbour Accreditation Service", "language": "en"}],
}
CYCLE = {
    "initially_certified_on": "2025-12-01",
    "started_on": "2025-12-01",
    "recertify_by": "2028-11-30",
    "previous_ended_on": None,
    "recertification_audit_ended_on": None,
}
SCHEME = {
    "code": "aims",
    "title": {"en": "AI management system", "ja": "AIマネジメントシステム"},
    "document": "ISO/IEC 42001:2023",
    "assurance": "accredited_third_party",
}
SCOPE_EN = (
    "Development and operation of machine-vision models for warehouse robots, "
    "from data collection to monitoring in service."
)
SCOPE_JA = "倉庫ロボット用画像認識モデルの開発及び運用（データ収集から稼働中の監視まで）"
VALIDITY = {
    "decided_on": "2025-11-16",
    "effective_on": "2025-12-01",
    "last_valid_day": "2028-11-30",
    "time_zone": "Asia/Tokyo",
    "valid_from": "2025-11-30T15:00:00Z",
    "valid_until": "2028-11-30T15:00:00Z",
}
DIGEST = "u3vXkW1Yf0m1bY0d3kq2v9cX0a7o5x1JmZl2mBq5yJk"
KEY = "Qm3tD5oWJf2m8s1V0a9c4b7YxE6nRzKpLhTgUuIiOo0"


def _accreditation(body: Report = AOBA, **changes: Any) -> Report:
    return {
        "id": "3f2a7a10-10be-4b6e-bb0b-5a9a0a5f0d04",
        "number": "AAC-MS-0107",
        "accreditation_body": body,
        "at_decision": "active",
        "now": "active",
        "since": "2025-04-01",
        "evidence_level": "signed",
    } | changes


def _event(number: int, act: str, before: str, after: str, effective: str, recorded: str = "", **more: Any) -> Report:
    return {
        "event_no": number,
        "act": act,
        "from_state": before,
        "to_state": after,
        "effective_at": effective,
        "recorded_at": recorded or effective,
        "until": None,
        "annulled_by": None,
    } | more


CHECKS = (
    ("signature", "signature_good", "The body’s signature over the certificate holds.", "登録証に対する認証機関の署名は正しいものです。"),
    ("issuer", "issuer_matches", "The key is bound to Tokiwa Certification K.K. by its accreditation body.", "鍵は、認定機関によって常磐認証機構株式会社に結び付けられています。"),
    ("chain", "chain_good", "The chain of keys leads to an anchor that this registry holds.", "鍵の連鎖は、当登録簿の持つ信頼の起点に至ります。"),
    ("accreditation_at_decision", "accredited", "Accredited for ISO/IEC 42001:2023 on 16 November 2025.", "2025年11月16日に、ISO/IEC 42001:2023について認定されていました。"),
    ("accreditation_now", "accredited", "Accredited for ISO/IEC 42001:2023 now.", "現在、ISO/IEC 42001:2023について認定されています。"),
    ("standing", "active", "In force.", "有効です。"),
    ("version", "current", "This is the current version.", "現行版です。"),
    ("validity", "within", "Inside its period of validity.", "有効期間内です。"),
    ("status_lists", "agree", "The status lists say the same.", "ステータスリストの内容も一致しています。"),
    ("freshness", "fresh", "The data are of this minute.", "データは1分以内のものです。"),
)  # fmt: skip


def _check(name: str, code: str, en: str, ja: str, result: str = "passed") -> Report:
    return {"name": name, "result": result, "code": code, "detail": {"en": en, "ja": ja}, "evidence": [DIGEST]}


def _valid() -> Report:
    return {
        "verdict": "valid",
        "certificate_id": PUBLIC_ID,
        "version": 1,
        "summary": {
            "en": "Valid. Tokiwa Certification K.K. certifies the AI management system of Kasumi Robotics to "
            "ISO/IEC 42001:2023 for the scope below; last valid day 30 November 2028. "
            "Aoba Accreditation Centre accredits Tokiwa Certification K.K. for this standard.",
            "ja": "有効。常磐認証機構株式会社は、株式会社霞ロボティクスのAIマネジメントシステムを、下記の認証範囲について"
            "ISO/IEC 42001:2023に適合するものとして認証しています。有効期限は2028年11月30日（当日を含む）です。"
            "常磐認証機構株式会社はこの規格について青葉認定センターの認定を受けています。",
        },
        "holder": {
            "names": KASUMI,
            "country": "JP",
            "identifiers": [{"scheme": "jp_corporate_number", "value": "4010001234567"}],
        },
        "confidential": False,
        "body": TOKIWA,
        "accreditations": [_accreditation()],
        "scheme": SCHEME,
        "scope": {
            "statement": [
                {"text": SCOPE_JA, "language": "ja", "authoritative": True},
                {"text": SCOPE_EN, "language": "en", "authoritative": False},
            ],
            "roles": ["producer", "provider"],
            "areas": ["perception"],
            "countries": ["JP"],
            "sites": [],
            "soa": {"version": "3", "date": "2025-09-30"},
            "criteria": [],
        },
        "validity": dict(VALIDITY),
        "cycle": dict(CYCLE),
        "origin": {"provenance": "issued", "original_decided_on": None, "previous": None, "report": None},
        "standing": {
            "state": "active",
            "since": "2025-11-30T15:00:00Z",
            "until": None,
            "act": "grant",
            "events": [
                _event(1, "grant", "none", "active", "2025-11-30T15:00:00Z", "2025-11-16T02:12:09.120Z"),
            ],
        },
        "known_then": None,
        "at": NOW,
        "known_at": NOW,
        "data_as_of": NOW,
        "known_at_basis": "recorded",
        "notices": [],
        "checks": [_check(*check) for check in CHECKS],
        "statements": [
            {
                "by": "Tokiwa Certification K.K.",
                "key": KEY,
                "says": {"en": "The certificate, version 1.", "ja": "登録証（第1版）。"},
                "sha256": DIGEST,
            },
            {
                "by": "Aoba Accreditation Centre",
                "key": KEY,
                "says": {"en": "The accreditation AAC-MS-0107.", "ja": "認定 AAC-MS-0107。"},
                "sha256": DIGEST,
            },
        ],
        "links": {
            "json": f"/c/{PUBLIC_ID}.json",
            "jwt": f"/c/{PUBLIC_ID}.jwt",
            "bundle": f"/c/{PUBLIC_ID}.bundle.json",
            "verification": f"/v1/certificates/{PUBLIC_ID}/verification",
        },
    }


def _with_check(report: Report, name: str, result: str, code: str, en: str, ja: str) -> None:
    place = next(place for place, check in enumerate(report["checks"]) if check["name"] == name)
    report["checks"][place] = _check(name, code, en, ja, result)


def _changed_standing(state: str, act: str, at: str, **more: Any) -> Report:
    """A valid certificate after one further standing event."""
    changed = _valid()
    changed["standing"]["events"].append(_event(2, act, "active", state, at, **more))
    changed["standing"] |= {"state": state, "since": at, "act": act} | more
    _with_check(changed, "standing", "failed", state, f"Standing: {state}.", "有効ではありません。")
    return changed


def _suspended() -> Report:
    changed = _changed_standing("suspended", "suspend", "2026-11-03T01:00:00Z", until="2027-05-03")
    changed["verdict"] = "not_currently_valid"
    changed["summary"] = {
        "en": "Suspended since 3 November 2026. The certification is temporarily invalid. The suspension period ends "
        "on 3 May 2027; certification does not resume by itself.",
        "ja": "一時停止中。2026年11月3日から、この認証は一時的に無効です。停止期限は2027年5月3日ですが、"
        "自動的には復帰しません。",
    }
    return changed


def _restored() -> Report:
    changed = _valid()
    changed["standing"]["events"] += [
        _event(2, "suspend", "active", "suspended", "2026-02-10T01:00:00Z", until="2026-08-10"),
        _event(3, "restore", "suspended", "active", "2026-06-01T04:30:00Z"),
    ]
    changed["standing"] |= {"since": "2026-06-01T04:30:00Z", "act": "restore"}
    return changed


def _pending() -> Report:
    changed = _valid()
    changed["verdict"] = "not_currently_valid"
    changed["validity"] |= {
        "decided_on": "2026-11-20",
        "effective_on": "2026-12-15",
        "last_valid_day": "2029-12-14",
        "valid_from": "2026-12-14T15:00:00Z",
        "valid_until": "2029-12-14T15:00:00Z",
    }
    changed["standing"] = {
        "state": "pending",
        "since": "2026-11-20T03:00:00Z",
        "until": None,
        "act": "grant",
        "events": [_event(1, "grant", "none", "active", "2026-12-14T15:00:00Z", "2026-11-20T03:00:00Z")],
    }
    changed["summary"] = {
        "en": "Not yet in force. Tokiwa Certification K.K. decided on 20 November 2026; effective from 15 December 2026.",
        "ja": "発効前。常磐認証機構株式会社は2026年11月20日に認証を決定しました。効力は2026年12月15日から生じます。",
    }
    _with_check(
        changed, "validity", "failed", "not_yet", "The period has not begun.", "有効期間はまだ始まっていません。"
    )
    return changed


def _expired() -> Report:
    changed = _valid()
    changed["verdict"] = "no_longer_valid"
    changed["validity"] |= {
        "decided_on": "2025-08-20",
        "effective_on": "2025-09-01",
        "last_valid_day": "2026-08-31",
        "valid_from": "2025-08-31T15:00:00Z",
        "valid_until": "2026-08-31T15:00:00Z",
    }
    changed["standing"] = {
        "state": "expired",
        "since": "2026-08-31T15:00:00Z",
        "until": None,
        "act": "grant",
        "events": [_event(1, "grant", "none", "active", "2025-08-31T15:00:00Z", "2025-08-20T05:00:00Z")],
    }
    changed["summary"] = {
        "en": "Expired. The last valid day was 31 August 2026. No renewal is recorded here.",
        "ja": "有効期限切れ。有効期限は2026年8月31日でした。この登録簿に更新の記録はありません。",
    }
    _with_check(changed, "validity", "failed", "over", "The period of validity is over.", "有効期間は終了しています。")
    return changed


def _withdrawn() -> Report:
    changed = _changed_standing("withdrawn", "withdraw", "2026-09-15T00:00:00Z")
    changed["verdict"] = "no_longer_valid"
    changed["summary"] = {
        "en": "Withdrawn by Tokiwa Certification K.K. with effect from 15 September 2026.",
        "ja": "取消し。常磐認証機構株式会社は2026年9月15日付けでこの認証を取り消しました。",
    }
    return changed


def _cancelled() -> Report:
    changed = _changed_standing("cancelled", "cancel", "2026-10-01T00:00:00Z")
    changed["verdict"] = "no_longer_valid"
    changed["summary"] = {
        "en": "Ended at the holder's request on 1 October 2026.",
        "ja": "辞退。登録組織の申し出により、2026年10月1日に終了しました。",
    }
    return changed


def _annulled() -> Report:
    changed = _valid()
    changed["verdict"] = "never_valid"
    changed["standing"]["events"].append(
        _event(2, "annul", "active", "annulled", "2025-11-30T15:00:00Z", "2026-07-08T06:00:00Z")
    )
    changed["standing"] |= {"state": "annulled", "since": "2025-11-30T15:00:00Z", "act": "annul"}
    changed["summary"] = {
        "en": "Never had effect. On 8 July 2026, Tokiwa Certification K.K. declared that this certificate never had "
        "effect. Until 8 July 2026 this registry showed it with the standings listed below.",
        "ja": "当初から無効。常磐認証機構株式会社は2026年7月8日に、この登録証は発行時から効力がないと宣言しました。"
        "2026年7月8日までの当登録簿の表示は下記のとおりです。",
    }
    _with_check(changed, "standing", "failed", "annulled", "Annulled from the beginning.", "当初から無効です。")
    return changed


def _noticed(code: str, en: str, ja: str, since: str) -> Report:
    changed = _valid()
    changed["verdict"] = "valid_with_notice"
    changed["summary"] = {"en": en, "ja": ja}
    changed["notices"] = [{"code": code, "detail": {"en": en, "ja": ja}, "since": since}]
    return changed


def _accreditation_suspended() -> Report:
    changed = _noticed(
        "accreditation_suspended",
        "In force; accreditation since suspended. Aoba Accreditation Centre suspended Tokiwa Certification K.K.'s "
        "accreditation for this standard on 1 October 2026. It was in force at the decision (16 November 2025). "
        "The suspension does not by itself end this certificate.",
        "認証は継続中、認定は一時停止中。青葉認定センターは2026年10月1日に、この規格に関する常磐認証機構株式会社の"
        "認定を一時停止しました。認証の決定日（2025年11月16日）には認定されていました。"
        "認定の一時停止だけでこの認証が終了することはありません。",
        "2026-10-01",
    )
    changed["accreditations"] = [_accreditation(now="suspended", since="2026-10-01")]
    _with_check(
        changed,
        "accreditation_now",
        "failed",
        "suspended",
        "Suspended since 1 October 2026.",
        "2026年10月1日から一時停止中です。",
    )
    return changed


def _accreditation_ended() -> Report:
    changed = _noticed(
        "accreditation_ended",
        "In force, no longer accredited. Aoba Accreditation Centre's accreditation of Tokiwa Certification K.K. for "
        "this standard ended on 1 September 2026. It was in force at the decision (16 November 2025).",
        "認証は継続中、認定は終了。この規格に関する常磐認証機構株式会社への青葉認定センターの認定は、2026年9月1日に"
        "終了しました。認証の決定日（2025年11月16日）には認定されていました。",
        "2026-09-01",
    )
    changed["accreditations"] = [_accreditation(now="withdrawn", since="2026-09-01")]
    _with_check(
        changed, "accreditation_now", "failed", "ended", "Ended on 1 September 2026.", "2026年9月1日に終了しました。"
    )
    return changed


def _superseded() -> Report:
    changed = _noticed(
        "superseded",
        "The certification is valid, but this document is an old version. Version 2 replaced it on 1 June 2026. "
        "Changes: scope statement, sites.",
        "認証は有効ですが、この登録証は旧版です。2026年6月1日に第2版へ差し替えられました。変更点：認証範囲、事業所。",
        "2026-06-01",
    )
    _with_check(changed, "version", "failed", "superseded", "Version 2 is current.", "現行版は第2版です。")
    changed["standing"]["events"].append(_event(2, "amend", "active", "active", "2026-05-31T15:00:00Z"))
    return changed


def _transferred() -> Report:
    changed = _changed_standing("transferred", "transfer_out", "2026-09-30T15:00:00Z")
    changed["verdict"] = "no_longer_valid"
    changed["summary"] = {
        "en": "Transferred. The certification moved to another body on 1 October 2026; this certificate ended then.",
        "ja": "移転。この認証は2026年10月1日に別の認証機関へ移転し、この登録証は終了しました。",
    }
    return changed


def _continued() -> Report:
    """The certificate of the body that took over."""
    changed = _valid()
    changed["origin"] = {
        "provenance": "issued",
        "original_decided_on": None,
        "previous": {
            "body_names": [{"name": "Fujimi Assessment Ltd.", "language": "en", "script": "Latn"}],
            "country": "GB",
            "basis": "released",
            "number": "FA 7711",
            "certificate_id": PUBLIC_ID,
            "last_valid_day": "2028-11-30",
        },
        "report": None,
    }
    changed["standing"]["events"][0]["act"] = changed["standing"]["act"] = "transfer_in"
    return changed


def _imported() -> Report:
    """History from elsewhere, as its body reported it: accreditation, decision and SoA are not stated."""
    changed = _valid()
    changed |= {"verdict": "valid_with_notice", "accreditations": []}
    changed["summary"] = {
        "en": "In force, as reported by Fujimi Assessment Ltd. on 14 November 2026. This is history from elsewhere; "
        "last valid day 30 November 2028. Its decision, audit and Statement of Applicability were not checked here.",
        "ja": "有効（2026年11月14日時点の富士見審査の報告による）。他で行われた認証で、有効期限は2028年11月30日（当日を含む）です。"
        "決定、審査及び適用宣言書は、この登録簿では確認していません。",
    }
    changed["origin"] = {
        "provenance": "imported",
        "original_decided_on": None,
        "previous": None,
        "report": {
            "source": "register of Fujimi Assessment",
            "as_of": "2026-11-14",
            "refresh_days": 30,
            "checked": "the paper certificate",
            "fresh_until": "2026-12-14",
        },
    }
    changed["scope"]["soa"] = None
    changed["validity"]["decided_on"] = "2026-11-16"
    changed["standing"]["events"][0]["act"] = changed["standing"]["act"] = "import"
    changed["notices"] = [
        {
            "code": "imported",
            "detail": {
                "en": "History from elsewhere, as reported by Fujimi Assessment Ltd. on 14 November 2026 (source: "
                "register of Fujimi Assessment). Its decision, audit and Statement of Applicability were not checked here.",
                "ja": "他で行われた認証を富士見審査が2026年11月14日時点で報告したものです"
                "（出典：register of Fujimi Assessment）。"
                "決定、審査及び適用宣言書は、この登録簿では確認していません。",
            },
            "since": "2026-11-14",
        }
    ]
    return changed


def _appealed() -> Report:
    """Suspended, and the suspension annulled on appeal: it stays in the history as what it was."""
    changed = _valid()
    changed["standing"]["events"] += [
        _event(2, "suspend", "active", "suspended", "2026-04-10T01:00:00Z", until="2026-10-10", annulled_by=3),
        _event(3, "overturn_suspension", "suspended", "active", "2026-07-01T04:30:00Z"),
    ]
    changed["standing"] |= {"since": "2026-07-01T04:30:00Z", "act": "overturn_suspension"}
    changed["notices"] = [
        {
            "code": "annulled_on_appeal",
            "detail": {
                "en": "The decision of 10 April 2026 (suspended) was annulled on appeal; it counted until 1 July 2026.",
                "ja": "2026年4月10日の決定（一時停止）は、異議申立てにより無効とされました（2026年7月1日まで適用）。",
            },
            "since": "2026-07-01T04:30:00Z",
        }
    ]
    return changed


def _lapsed() -> Report:
    """Restored within six months after it expired: the gap is shown for ever."""
    changed = _valid()
    changed |= {"version": 2}
    changed["validity"] |= {
        "decided_on": "2026-03-10",
        "effective_on": "2026-03-16",
        "last_valid_day": "2028-12-31",
        "valid_from": "2026-03-15T15:00:00Z",
        "valid_until": "2028-12-31T15:00:00Z",
    }
    changed["standing"] = {
        "state": "active",
        "since": "2026-03-15T15:00:00Z",
        "until": None,
        "act": "restore_expired",
        "events": [
            _event(1, "grant", "none", "active", "2022-12-31T15:00:00Z", "2022-12-20T05:00:00Z"),
            _event(2, "restore_expired", "active", "active", "2026-03-15T15:00:00Z", "2026-03-10T05:00:00Z"),
        ],
    }
    return changed


def _revised() -> Report:
    """The third version: granted, extended, corrected."""
    changed = _valid()
    changed |= {"version": 3}
    changed["standing"]["events"] += [
        _event(2, "extend", "active", "active", "2026-05-31T15:00:00Z", "2026-05-20T05:00:00Z"),
        _event(3, "correct", "active", "active", "2026-08-17T15:00:00Z"),
    ]
    return changed


def _unaccredited() -> Report:
    changed = _noticed(
        "outside_accreditation",
        "In force, but not accredited. We have no record that Tokiwa Certification K.K. was accredited for "
        "ISO/IEC 42001:2023 and this scope on the decision date (16 November 2025).",
        "認証は継続中、ただし認定外。決定日（2025年11月16日）に、常磐認証機構株式会社がISO/IEC 42001:2023・この範囲に"
        "ついて認定を受けていた記録はありません。",
        "2025-11-16",
    )
    changed["notices"][0]["detail"] = {
        "en": "The certificate claims accreditation by Aoba Accreditation Centre. We have no record that Tokiwa "
        "Certification K.K. was accredited for ISO/IEC 42001:2023 and this scope on the decision date (16 November 2025).",
        "ja": "登録証は青葉認定センターの認定を主張していますが、決定日（2025年11月16日）に常磐認証機構株式会社が"
        "ISO/IEC 42001:2023・この範囲について認定を受けていた記録はありません。",
    }
    changed["accreditations"] = []
    for name in ("accreditation_at_decision", "accreditation_now"):
        _with_check(changed, name, "failed", "none", "No record of accreditation.", "認定の記録はありません。")
    return changed


def _confidential() -> Report:
    changed = _valid()
    changed |= {"holder": None, "scope": None, "confidential": True}
    changed["links"] = {name: changed["links"][name] for name in ("json", "verification")}
    changed["summary"] = {
        "en": "Valid. Tokiwa Certification K.K. certifies the AI management system of the holder to "
        "ISO/IEC 42001:2023 for the scope stated on the certificate; last valid day 30 November 2028. "
        "Aoba Accreditation Centre accredits Tokiwa Certification K.K. for this standard.",
        "ja": "有効。常磐認証機構株式会社は、登録組織のAIマネジメントシステムを、登録証に記載の認証範囲について"
        "ISO/IEC 42001:2023に適合するものとして認証しています。有効期限は2028年11月30日（当日を含む）です。"
        "常磐認証機構株式会社はこの規格について青葉認定センターの認定を受けています。",
    }
    return changed


def _two_accreditations() -> Report:
    changed = _valid()
    changed["accreditations"].append(_accreditation(HARBOUR, number="HAS 4411", since="2025-06-15"))
    return changed


def _multi_site() -> Report:
    changed = _valid()
    changed["holder"]["names"] = [
        {"name": "株式会社髙﨑物流", "language": "ja", "script": "Jpan"},
        {"name": "Takasaki Logistics Co., Ltd.", "language": "en", "script": "Latn"},
        {"name": "タカサキブツリュウ", "language": "ja", "script": "Kana"},
    ]
    for language, old, new in (
        ("en", "Kasumi Robotics", "Takasaki Logistics Co., Ltd."),
        ("ja", "株式会社霞ロボティクス", "株式会社髙﨑物流"),
    ):
        changed["summary"][language] = changed["summary"][language].replace(old, new)
    changed["scope"]["sites"] = [
        _site("本社", "Head office", "東京都", "千代田区", "直木町1-2-3", True),
        _site("高崎倉庫", "Takasaki warehouse", "群馬県", "高崎市", "骨董通り4-5", False),
        _site("札幌開発室", "Sapporo development office", "北海道", "札幌市", None, False),
    ]
    changed["scope"]["sites"][2]["scope"] = [
        {"text": "画像認識モデルの学習データの作成", "language": "ja", "authoritative": True}
    ]
    return changed


def _site(ja: str, en: str, region: str, locality: str, street: str | None, central: bool) -> Report:
    return {
        "names": [
            {"name": ja, "language": "ja", "script": "Jpan"},
            {"name": en, "language": "en", "script": "Latn"},
        ],
        "country": "JP",
        "virtual": False,
        "central_function": central,
        "addresses": [
            {
                "country": "JP",
                "region": region,
                "locality": locality,
                "street": street,
                "postal_code": None,
                "language": "ja",
            }
        ],
        "scope": [],
    }


def _empty(summary_en: str, summary_ja: str) -> Report:
    """A report in which nothing is established."""
    nothing = _valid()
    nothing |= {"verdict": "unknown", "version": None, "notices": [], "statements": [], "links": {}}
    nothing |= dict.fromkeys(("holder", "body", "scheme", "scope", "validity", "cycle", "origin", "standing"))
    nothing["accreditations"] = []
    nothing["summary"] = {"en": summary_en, "ja": summary_ja}
    return nothing


def _unknown() -> Report:
    nothing = _empty(
        "No record here. That does not show that the certificate is false; not every body publishes here. "
        "Ask the body named on it.",
        "この登録簿に記録がありません。偽物であることを示すものではありません。"
        "登録証に記載された認証機関にご確認ください。",
    )
    nothing["checks"] = [
        _check(name, "no_record", "Nothing to check.", "確認できません。", "not_performed") for name, *_ in CHECKS
    ]
    return nothing | {"data_as_of": None}


def _stale() -> Report:
    changed = _valid()
    changed["verdict"] = "unknown"
    changed["summary"] = {
        "en": "Could not be checked in full. The status lists could not be read; as of 24 November 2026, 22:50 JST "
        "the certification stood as in force.",
        "ja": "すべては確認できませんでした。ステータスリストを読み取れませんでした。2026年11月24日 22:50 JST の時点では"
        "有効でした。",
    }
    for name, en, ja in (
        ("status_lists", "The list could not be read.", "リストを読み取れませんでした。"),
        ("freshness", "The data are older than 24 hours.", "データは24時間より古いものです。"),
    ):
        _with_check(changed, name, "not_performed", "unreadable", en, ja)
    return changed


def _altered() -> Report:
    """The file's own content stays in the report on purpose: a page must not show it."""
    changed = _valid()
    changed["verdict"] = "unknown"
    changed["summary"] = {
        "en": "This file was altered, or not signed by the body it names. Nothing in it is shown as fact.",
        "ja": "このファイルは改変されたか、記載の認証機関が署名したものではありません。内容は事実として表示していません。",
    }
    changed["checks"] = [
        _check("signature", "signature_bad", "The signature does not hold.", "署名が正しくありません。", "failed"),
        *(
            _check(
                name,
                "signature_bad",
                "Not checked, since the signature failed.",
                "署名が不正のため未確認です。",
                "not_performed",
            )
            for name, *_ in CHECKS[1:]
        ),
    ]
    changed["checked_at"] = NOW
    return changed


REPORTS: dict[str, Callable[[], Report]] = {
    "valid": _valid,
    "restored": _restored,
    "suspended": _suspended,
    "pending": _pending,
    "expired": _expired,
    "withdrawn": _withdrawn,
    "cancelled": _cancelled,
    "annulled": _annulled,
    "accreditation_suspended": _accreditation_suspended,
    "accreditation_ended": _accreditation_ended,
    "superseded": _superseded,
    "revised": _revised,
    "lapsed": _lapsed,
    "appealed": _appealed,
    "transferred": _transferred,
    "continued": _continued,
    "imported": _imported,
    "unaccredited": _unaccredited,
    "confidential": _confidential,
    "two_accreditations": _two_accreditations,
    "multi_site": _multi_site,
    "unknown": _unknown,
    "stale": _stale,
    "altered": _altered,
}


def report(name: str, **changes: Any) -> Report:
    """A fresh copy of one of the reports, with members replaced."""
    return copy.deepcopy(REPORTS[name]()) | changes


def _version(number: int, act: str, label: tuple[str, str], begins: str, ends: str, **more: Any) -> Report:
    """One line of a list of versions, in Tokyo."""
    dates = {"decided_on": begins, "effective_on": begins, "last_valid_day": ends}
    instants = {"valid_from": _midnight(begins), "valid_until": _midnight(ends, 1), "recorded_at": _midnight(begins)}
    label_words = dict(zip(("en", "ja"), label, strict=True))
    fixed = {"version": number, "act": act, "label": label_words, "state": "superseded", "changes": []}
    return fixed | dates | instants | more


def _midnight(day: str, later: int = 0) -> str:
    begins = datetime.fromisoformat(f"{day}T00:00:00+09:00") + timedelta(days=later)
    return begins.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


FIRST = ("First certificate", "初回の登録証")
REVISIONS = {
    "revised": [
        _version(1, "grant", FIRST, "2025-12-01", "2028-11-30"),
        _version(
            2,
            "extend",
            ("Extension of the scope", "認証範囲の拡大"),
            "2026-06-01",
            "2028-11-30",
            changes=[
                {
                    "field": "scope.statement",
                    "before": [{"text": "倉庫ロボット用画像認識モデルの開発", "language": "ja", "authoritative": True}],
                    "after": [{"text": SCOPE_JA, "language": "ja", "authoritative": True}],
                },
                {"field": "scope.roles", "before": ["producer"], "after": ["producer", "provider"]},
            ],
        ),
        _version(
            3,
            "correct",
            ("Correction of a misprint", "誤記の訂正"),
            "2026-08-18",
            "2028-11-30",
            state="current",
            changes=[
                {
                    "field": "holder.names",
                    "before": [{"name": "Kasumi Robotix", "language": "en", "script": "Latn"}],
                    "after": KASUMI,
                }
            ],
        ),
    ],
    "lapsed": [
        _version(1, "grant", FIRST, "2023-01-01", "2025-12-31"),
        _version(
            2,
            "restore_expired",
            ("Restoration after expiry", "有効期限後の復帰"),
            "2026-03-16",
            "2028-12-31",
            state="current",
        ),
    ],
}


def versions(name: str) -> list[Report]:
    """The versions behind a report; most have only one."""
    return copy.deepcopy(REVISIONS.get(name, []))
