"""Any number of organisations for a registry at size: as plainly fictional as the cast, and the same for the same seed.

An organisation is named by its number alone; its places, areas and roles are drawn from the seed. Names repeat only
after some fifty thousand, and then with another ending.
"""

from __future__ import annotations

from random import Random

from app.registry.demonstration.cast import FICTIONAL_EN, FICTIONAL_JA, CastOrganisation, CastSite

MOST_SITES = 6
ROLES = ("provider", "producer", "customer", "partner")

_WORDS = (
    ("Asagiri", "朝霧"),
    ("Amagumo", "雨雲"),
    ("Akatsuki", "暁"),
    ("Hatsuyuki", "初雪"),
    ("Hanagasa", "花笠"),
    ("Harukaze", "春風"),
    ("Hisui", "翡翠"),
    ("Hokuto", "北斗"),
    ("Inaho", "稲穂"),
    ("Iwashimizu", "岩清水"),
    ("Kagaribi", "篝火"),
    ("Kawasemi", "川蝉"),
    ("Kazaguruma", "風車"),
    ("Kiritsubo", "桐壺"),
    ("Kohaku", "琥珀"),
    ("Koharu", "小春"),
    ("Matsukaze", "松風"),
    ("Minamo", "水面"),
    ("Mizuumi", "湖"),
    ("Murasaki", "紫"),
    ("Nagisa", "渚"),
    ("Nanohana", "菜の花"),
    ("Oborozuki", "朧月"),
    ("Sakuraba", "桜葉"),
    ("Seseragi", "せせらぎ"),
    ("Shigure", "時雨"),
    ("Shiosai", "潮騒"),
    ("Suzukaze", "涼風"),
    ("Takigawa", "滝川"),
    ("Tsukikage", "月影"),
    ("Utsusemi", "空蝉"),
    ("Wakaba", "若葉"),
    ("Yamabuki", "山吹"),
    ("Yuuhi", "夕日"),
    ("Yukidoke", "雪解"),
    ("Yoiyami", "宵闇"),
)
_TRADES = (
    ("Robotics", "ロボティクス", "robotics", "robots that work beside people", "人と協働するロボット"),
    ("Vision", "ビジョン", "perception", "image recognition", "画像認識"),
    ("Voice", "ボイス", "perception", "speech recognition", "音声認識"),
    ("Translation", "翻訳", "generative", "machine translation", "機械翻訳"),
    ("Drafting", "文書作成", "generative", "text generation", "文章生成"),
    ("Credit Analytics", "信用分析", "decision_support", "credit decisions", "与信判断"),
    ("Logistics", "物流", "decision_support", "the planning of deliveries", "配送計画"),
    ("Recruiting", "採用支援", "decision_support", "the ranking of applications", "応募書類の順位付け"),
    ("Inspection", "検査", "perception", "visual inspection", "外観検査"),
    ("Crop Sensing", "農業計測", "perception", "the observation of crops", "農作物の観測"),
    ("Mobility", "モビリティ", "robotics", "delivery vehicles", "配送車両"),
    ("Tutoring", "学習支援", "generative", "conversational tutoring", "対話型学習支援"),
)
_ABROAD = ("Alderwick", "Bramblemoor", "Copperfold", "Dunmarsh", "Elmgarth", "Fennimore", "Gorsedale", "Hollowmere")
_FORMS = (("K.K.", "株式会社"), ("G.K.", "合同会社"))
_JAPAN = (
    ("Sapporo", "北海道札幌市"),
    ("Sendai", "宮城県仙台市"),
    ("Chiyoda-ku, Tokyo", "東京都千代田区"),
    ("Yokohama", "神奈川県横浜市"),
    ("Kanazawa", "石川県金沢市"),
    ("Nagoya", "愛知県名古屋市"),
    ("Osaka", "大阪府大阪市"),
    ("Hiroshima", "広島県広島市"),
    ("Fukuoka", "福岡県福岡市"),
)
_PLACES = {"GB": ("Leeds", "Bristol", "Glasgow", "Norwich"), "US": ("Portland, Maine", "Boise", "Duluth", "Savannah")}
_ABROAD_FORM = {"GB": "Ltd", "US": "Inc."}
_KINDS_OF_SITE = (("Laboratory", "研究所"), ("Works", "工場"), ("Data centre", "データセンター"), ("Branch", "支店"))


def somebody(random: Random, number: int, country: str, areas: tuple[str, ...]) -> CastOrganisation:
    """The organisation of this number: named by it, its places and the order of its areas drawn."""
    en, ja, area, does, does_ja = _name(number, country)
    others = [one for one in areas if one != area]
    random.shuffle(others)
    sites = _sites(random, country, random.choices(range(1, MOST_SITES + 1), (50, 22, 12, 8, 5, 3))[0])
    return CastOrganisation(
        key=f"crowd-{number:06}",
        en=en,
        ja=ja,
        country=country,
        scope=f"Development and operation of AI systems for {does}.",
        scope_ja=f"{does_ja}を対象とするAIシステムの開発及び運用" if ja else None,
        roles=tuple(sorted(random.sample(ROLES, random.choice((1, 1, 2))))),
        areas=(area, *others),
        sites=sites,
    )


def chance(random: Random, percent: int) -> bool:
    """Whether something happens that happens in so many of a hundred cases."""
    return random.randrange(100) < percent


def _name(number: int, country: str) -> tuple[str, str | None, str, str, str]:
    """A name that no other of the next fifty thousand numbers has, and what its bearer does."""
    rest, trade = divmod(number, len(_TRADES))
    what, what_ja, area, does, does_ja = _TRADES[trade]
    rest, first = divmod(rest, len(_WORDS))
    rest, second = divmod(rest, len(_WORDS) - 1)
    (one, one_ja), (other, other_ja) = _WORDS[first], _WORDS[(first + 1 + second) % len(_WORDS)]
    again = f" {rest + 1}" if rest else ""
    if country != "JP":
        stem = f"{_ABROAD[(first + second) % len(_ABROAD)]} {one} {other}"
        return f"{stem} {what}{again} {_ABROAD_FORM[country]} {FICTIONAL_EN}", None, area, does, does_ja
    form, form_ja = _FORMS[number % len(_FORMS)]
    name_ja = f"{one_ja}{other_ja}{what_ja}{again.strip()}{form_ja}{FICTIONAL_JA}"
    return f"{one} {other} {what}{again} {form} {FICTIONAL_EN}", name_ja, area, does, does_ja


def _sites(random: Random, country: str, count: int) -> tuple[CastSite, ...]:
    """The head office and some more, each in a town of the country; a virtual one now and then."""
    return tuple(_site(random, country, ordinal) for ordinal in range(count))


def _site(random: Random, country: str, ordinal: int) -> CastSite:
    kind, kind_ja = _KINDS_OF_SITE[ordinal % len(_KINDS_OF_SITE)]
    name, name_ja = ("Head office", "本社") if ordinal == 0 else (f"{kind} {ordinal}", f"第{ordinal}{kind_ja}")
    virtual = ordinal > 0 and chance(random, 10)
    if country == "JP":
        town, town_ja = random.choice(_JAPAN)
        return CastSite(name, name_ja, country, town, town_ja, central=ordinal == 0, virtual=virtual)
    return CastSite(name, None, country, random.choice(_PLACES[country]), central=ordinal == 0, virtual=virtual)
