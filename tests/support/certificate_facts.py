"""A fictional certificate, complete, for tests: Mizuho-dai Robotics does not exist, nor do its certifiers."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date
from typing import Any

from app.credentials.composition import Reserved
from app.credentials.facts import (
    ACCREDITED,
    IMPORTED,
    OUTSIDE,
    SELF_DECLARED,
    THIRD_PARTY,
    Accreditation,
    Address,
    Body,
    CertificateFacts,
    Cycle,
    Decision,
    Holder,
    Identifier,
    Name,
    NormativeDocument,
    Previous,
    Report,
    Scheme,
    Scope,
    Site,
    Statement,
    StatementOfApplicability,
    Text,
    validity_of,
)
from app.credentials.facts_json import facts_as_json

BASE_URL = "https://registry.example"
PUBLIC_ID = "M30QP8774SQ3NQQWH2JPD102767GKH0H6PS"

AIMS = Scheme(
    code="aims",
    titles=(Text("AI management system", "en"), Text("AIマネジメントシステム", "ja")),
    document=NormativeDocument(
        "ISO/IEC 42001:2023",
        (Text("AI management system requirements", "en"), Text("AIマネジメントシステム要求事項", "ja")),
        ("JIS Q 42001:2025",),
    ),
    assurance=ACCREDITED,
    late_after_days=30,
    required=("roles", "areas", "countries", "soa", "sites"),
)

HOLDER = Holder(
    id="6f1c1a52-3d0e-4f9b-8a35-0c7be2b60f11",
    names=(
        Name("株式会社瑞穂台ロボティクス", "ja", "Jpan"),
        Name("Mizuho-dai Robotics K.K.", "en", "Latn"),
        Name("ミズホダイロボティクス", "ja", "Kana"),
    ),
    country="JP",
    identifiers=(Identifier("jp_corporate_number", "1234567890123"), Identifier("other", "MDR-7")),
)

BODY = Body(
    id="0b9f5d0e-7a51-4c07-9a53-5f7f6a2d9c01",
    names=(Name("Kestrel Certification", "en"), Name("ケストレル認証", "ja")),
    country="GB",
)

ACCREDITATION = Accreditation(
    id="c2a7e1f4-09d3-4a7c-bb0e-3f1d7b1a5e90",
    number="AB-0042",
    body=Body("9f3d6a70-52c5-4a86-9e0f-1c6d1a2b3c4d", (Name("Northern Accreditation Council", "en"),), "GB"),
)

HEAD_OFFICE_ADDRESS = Address("横浜市", "ja", region="神奈川県", street="架空町1-2-3", postal_code="220-0000")

HEAD_OFFICE = Site(
    id="3e5b8c9d-1f2a-4b3c-8d4e-5f6a7b8c9d0e",
    names=(Name("本社", "ja", "Jpan"), Name("Head office", "en", "Latn")),
    country="JP",
    central_function=True,
    address=HEAD_OFFICE_ADDRESS,
    address_translations=(Address("Yokohama", "en", region="Kanagawa", street="1-2-3 Kakucho"),),
)

OPERATIONS = Site(
    id="4f6c9d0e-2a3b-4c5d-9e6f-7a8b9c0d1e2f",
    names=(Name("Remote operations", "en", "Latn"),),
    country="JP",
    virtual=True,
    statement=Statement("Operation of robots in service", "en"),
)

SCOPE = Scope(
    statement=Statement(
        "介護用ロボットのAI機能の設計・開発・運用",
        "ja",
        (Text("Design, development and operation of the AI functions of care robots", "en"),),
    ),
    roles=("ai_producer", "ai_provider"),
    areas=("robotics", "computer-vision"),
    countries=("JP",),
    sites=(HEAD_OFFICE, OPERATIONS),
    soa=StatementOfApplicability("2.1", date(2026, 9, 30)),
)

FACTS = CertificateFacts(
    holder=HOLDER,
    body=BODY,
    scheme=AIMS,
    scope=SCOPE,
    decision=Decision("grant", date(2026, 11, 20), date(2026, 10, 30)),
    cycle=Cycle(date(2026, 11, 25), date(2026, 11, 25), date(2029, 11, 24)),
    validity=validity_of(date(2026, 11, 25), date(2029, 11, 24), "Asia/Tokyo"),
    accreditations=(ACCREDITATION,),
)

FACTS_JSON = facts_as_json(FACTS)

BRIDGED = replace(
    FACTS,
    decision=replace(FACTS.decision, act="restore_expired"),
    cycle=Cycle(date(2023, 11, 25), date(2026, 11, 25), date(2029, 11, 24), date(2026, 10, 1), date(2026, 11, 2)),
)
"""A certification restored after expiry: the lapse is stated for ever."""

PREVIOUS = Previous(
    (Name("Heron Assurance", "en"), Name("ヘロン認証", "ja", "Jpan")),
    "GB",
    OUTSIDE,
    number="HA-2025-17",
    last_valid_day=date(2029, 11, 24),
)

TRANSFERRED = replace(FACTS, decision=replace(FACTS.decision, act="transfer_in"), previous=PREVIOUS)
"""A certification taken over from another body."""

REPORTED = replace(
    FACTS,
    decision=Decision("import", date(2026, 11, 20)),
    cycle=Cycle(date(2025, 3, 1), date(2025, 3, 1), date(2028, 2, 29)),
    validity=validity_of(date(2025, 3, 1), date(2028, 2, 29), "Asia/Tokyo"),
    accreditations=(),
    provenance=IMPORTED,
    original_decided_on=date(2025, 2, 20),
    report=Report("register of Kestrel Certification", date(2026, 11, 19), 30, "paper certificate"),
)
"""History from elsewhere, reported by its body: what was assessed and accredited then is not stated."""

COMMONS = Scheme(
    "robot-commons",
    (Text("Fair robots", "en"),),
    NormativeDocument("FR 1:2026", (Text("Fair robots", "en"),)),
    assurance=THIRD_PARTY,
    late_after_days=60,
)
UNACCREDITED = replace(FACTS, scheme=COMMONS, accreditations=())
"""Certified by a third party in a scheme that knows no accreditation."""

DECLARED = replace(
    FACTS,
    body=replace(FACTS.body, names=HOLDER.names),
    scheme=replace(COMMONS, assurance=SELF_DECLARED, activity="declaration"),
    decision=Decision("grant", date(2026, 11, 20)),
    accreditations=(),
)
"""What an organisation says of itself."""

KINDS = {
    "issued": FACTS,
    "bridged": BRIDGED,
    "transferred": TRANSFERRED,
    "reported": REPORTED,
    "unaccredited": UNACCREDITED,
    "declared": DECLARED,
}
"""Every kind of entry, each complete."""


def facts_with(**changes: Any) -> CertificateFacts:
    """The fictional facts with some members replaced."""
    return replace(FACTS, **changes)


def changed(document: dict[str, Any], pointer: str, value: Any) -> dict[str, Any]:
    """A copy of a JSON document with one place changed or added, or removed where the value is `...`."""
    copied = copy.deepcopy(document)
    *path, last = [int(step) if step.isdigit() else step for step in pointer.split("/")[1:]]
    place: Any = copied
    for step in path:
        place = place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return copied


def reserved(base_url: str = BASE_URL, version_no: int = 1) -> Reserved:
    """A reservation for the fictional certificate."""
    purposes = {"revocation": 1, "suspension": 2, "refresh": 3}
    entries = tuple(_entry(base_url, purpose, number) for purpose, number in purposes.items())
    return Reserved(base_url, PUBLIC_ID, version_no, entries)


def _entry(base_url: str, purpose: str, number: int) -> dict[str, str]:
    index = str(4000 + number)
    return {
        "id": f"{base_url}/status/{number}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": index,
        "statusListCredential": f"{base_url}/status/{number}",
    }
