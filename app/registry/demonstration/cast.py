"""Who appears in the demonstration. Every name says that it is fictional; nobody here exists."""

from __future__ import annotations

from dataclasses import dataclass

FICTIONAL_EN = "(fictional)"
FICTIONAL_JA = "（架空）"


@dataclass(frozen=True)
class CastBody:
    """An accreditation or certification body with its names, place and zone."""

    key: str
    en: str
    ja: str | None
    country: str
    time_zone: str


@dataclass(frozen=True)
class CastSite:
    """A place of an organisation: names and address in English and, where it has one, in Japanese."""

    en: str
    ja: str | None
    country: str
    locality: str
    locality_ja: str | None = None
    street: str | None = None
    street_ja: str | None = None
    central: bool = False
    virtual: bool = False


@dataclass(frozen=True)
class CastOrganisation:
    """An organisation with the wording of its scope."""

    key: str
    en: str
    ja: str | None
    country: str
    scope: str
    scope_ja: str | None
    roles: tuple[str, ...]
    areas: tuple[str, ...]
    sites: tuple[CastSite, ...]
    lei: str | None = None
    corporate_number: str | None = None


HOSHIZORA = CastBody(
    "hoshizora", f"Hoshizora Accreditation Board {FICTIONAL_EN}", f"星空認定機構{FICTIONAL_JA}", "JP", "Asia/Tokyo"
)
MERIDIAN = CastBody("meridian", f"Meridian Accreditation Service {FICTIONAL_EN}", None, "GB", "Europe/London")

TSUBAME = CastBody(
    "tsubame", f"Tsubame Certification {FICTIONAL_EN}", f"つばめ認証センター{FICTIONAL_JA}", "JP", "Asia/Tokyo"
)
HARBOUR = CastBody("harbour", f"Harbour Mark Certification {FICTIONAL_EN}", None, "GB", "Europe/London")
OLDMILL = CastBody("oldmill", f"Old Mill Assurance {FICTIONAL_EN}", None, "US", "America/New_York")

ACCREDITATION_BODIES = (HOSHIZORA, MERIDIAN)
CERTIFICATION_BODIES = (TSUBAME, HARBOUR, OLDMILL)


def _site(en: str, ja: str | None, country: str, locality: str, locality_ja: str | None = None) -> CastSite:
    return CastSite(en, ja, country, locality, locality_ja, central=True)


ORGANISATIONS = (
    CastOrganisation(
        "in_force",
        f"Kasumi Robotics K.K. {FICTIONAL_EN}",
        f"霞ロボティクス株式会社{FICTIONAL_JA}",
        "JP",
        "Design, development and support of AI functions for collaborative robots in factories.",
        "工場で使用する協働ロボット向けAI機能の設計、開発及び支援",
        ("producer", "provider"),
        ("robotics", "perception"),
        (
            CastSite(
                "Head office",
                "本社",
                "JP",
                "Chiyoda-ku, Tokyo",
                "東京都千代田区",
                "0-0-0 Kasumi",
                "霞0丁目0番0号",
                central=True,
            ),
        ),
    ),
    CastOrganisation(
        "pending",
        f"Aozora Translation G.K. {FICTIONAL_EN}",
        f"青空翻訳合同会社{FICTIONAL_JA}",
        "JP",
        "Provision of machine translation services for public authorities.",
        "官公庁向け機械翻訳サービスの提供",
        ("provider",),
        ("generative",),
        (_site("Head office", "本社", "JP", "Sendai", "宮城県仙台市"),),
    ),
    CastOrganisation(
        "suspended",
        f"Hinode Credit Scoring K.K. {FICTIONAL_EN}",
        f"日の出信用評価株式会社{FICTIONAL_JA}",
        "JP",
        "Development and operation of AI systems that support credit decisions of banks.",
        "銀行の与信判断を支援するAIシステムの開発及び運用",
        ("producer", "provider"),
        ("decision_support",),
        (_site("Head office", "本社", "JP", "Osaka", "大阪府大阪市"),),
    ),
    CastOrganisation(
        "restored",
        f"Midori Crop Vision K.K. {FICTIONAL_EN}",
        f"緑作物ビジョン株式会社{FICTIONAL_JA}",
        "JP",
        "Image recognition services for the inspection of crops.",
        "農作物検査のための画像認識サービス",
        ("provider",),
        ("perception",),
        (_site("Head office", "本社", "JP", "Obihiro", "北海道帯広市"),),
    ),
    CastOrganisation(
        "expired",
        f"Yamabiko Voice K.K. {FICTIONAL_EN}",
        f"山彦ボイス株式会社{FICTIONAL_JA}",
        "JP",
        "Speech recognition for call centres.",
        "コールセンター向け音声認識",
        ("provider",),
        ("perception",),
        (_site("Head office", "本社", "JP", "Nagano", "長野県長野市"),),
    ),
    CastOrganisation(
        "withdrawn",
        f"Sazanami Recruiting AI K.K. {FICTIONAL_EN}",
        f"さざなみ採用AI株式会社{FICTIONAL_JA}",
        "JP",
        "AI systems that rank applications for employment.",
        "応募書類を順位付けするAIシステム",
        ("producer", "provider"),
        ("decision_support",),
        (_site("Head office", "本社", "JP", "Nagoya", "愛知県名古屋市"),),
    ),
    CastOrganisation(
        "cancelled",
        f"Komorebi Tutoring K.K. {FICTIONAL_EN}",
        f"木漏れ日学習株式会社{FICTIONAL_JA}",
        "JP",
        "Conversational tutoring for schools.",
        "学校向け対話型学習支援",
        ("provider",),
        ("generative",),
        (_site("Head office", "本社", "JP", "Fukuoka", "福岡県福岡市"),),
    ),
    CastOrganisation(
        "annulled",
        f"Kagerou Analytics K.K. {FICTIONAL_EN}",
        f"陽炎アナリティクス株式会社{FICTIONAL_JA}",
        "JP",
        "Analytics for retail.",
        "小売業向け分析",
        ("provider",),
        ("decision_support",),
        (_site("Head office", "本社", "JP", "Yokohama", "神奈川県横浜市"),),
    ),
    CastOrganisation(
        "superseded",
        f"Takasaki Medical Imaging K.K. {FICTIONAL_EN}",
        f"髙﨑医用画像株式会社{FICTIONAL_JA}",
        "JP",
        "Development of AI functions that assist the reading of medical images.",
        "医用画像の読影を補助するAI機能の開発",
        ("producer",),
        ("perception", "decision_support"),
        (_site("Head office", "本社", "JP", "Takasaki", "群馬県高崎市"),),
    ),
    CastOrganisation(
        "accreditation_suspended",
        f"Brackwater Insurance AI Ltd {FICTIONAL_EN}",
        None,
        "GB",
        "AI systems that support the handling of household insurance claims.",
        None,
        ("producer", "provider"),
        ("decision_support",),
        (_site("Claims laboratory", None, "GB", "Bristol"),),
    ),
    CastOrganisation(
        "accreditation_ended",
        f"Cedar Hollow Software Inc. {FICTIONAL_EN}",
        None,
        "US",
        "Code generation tools for software teams.",
        None,
        ("producer", "provider"),
        ("generative",),
        (_site("Headquarters", None, "US", "Portland, Maine"),),
    ),
    CastOrganisation(
        "two_accreditations",
        f"Shirakaba Mobility K.K. {FICTIONAL_EN}",
        f"白樺モビリティ株式会社{FICTIONAL_JA}",
        "JP",
        "Perception software for autonomous delivery vehicles.",
        "自律配送車両向け認識ソフトウェア",
        ("producer",),
        ("robotics", "perception"),
        (_site("Head office", "本社", "JP", "Toyota", "愛知県豊田市"),),
    ),
    CastOrganisation(
        "multi_site",
        f"Minato Logistics Intelligence K.K. {FICTIONAL_EN}",
        f"湊ロジスティクスインテリジェンス株式会社{FICTIONAL_JA}",
        "JP",
        "Planning and control of warehouses with AI systems.",
        "AIシステムによる倉庫の計画及び制御",
        ("provider", "customer"),
        ("decision_support", "robotics"),
        (
            CastSite("Head office", "本社", "JP", "Minato-ku, Tokyo", "東京都港区", central=True),
            CastSite("Kobe terminal", "神戸ターミナル", "JP", "Kobe", "兵庫県神戸市"),
            CastSite("Hakata terminal", "博多ターミナル", "JP", "Fukuoka", "福岡県福岡市"),
            CastSite("Operations room", "運用室", "JP", "online", "オンライン", virtual=True),
        ),
    ),
    CastOrganisation(
        "confidential",
        f"Yukimi Defence Systems K.K. {FICTIONAL_EN}",
        f"雪見防衛システム株式会社{FICTIONAL_JA}",
        "JP",
        "A scope that its holder does not publish.",
        "登録組織が公開していない認証範囲",
        ("producer",),
        ("perception",),
        (_site("Site one", "第一拠点", "JP", "Kure", "広島県呉市"),),
    ),
    CastOrganisation(
        "in_force_london",
        f"Thistlewick Accessibility Labs Ltd {FICTIONAL_EN}",
        None,
        "GB",
        "Speech and image description services for people with disabilities.",
        None,
        ("provider",),
        ("generative", "perception"),
        (_site("Laboratory", None, "GB", "Leeds"),),
    ),
)
