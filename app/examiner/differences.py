"""What differs between two versions of a certificate, field by field, among what may be shown of it.

Fields are named by their place in the report, values have the report's shape; dates come last. A place that both
versions cover is compared by itself, so that a change of its address or of its own scope names the place. Texts are
compared as signed: a change of one letter is a change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.conformity.words import Word
from app.examiner.certificate import Certificate
from app.examiner.report import HolderName, Site
from app.examiner.shown import shown_cycle, shown_holder, shown_origin, shown_scheme, shown_scope, shown_validity

FIELDS: Mapping[str, Word] = {
    "holder.names": Word("holder's names", "登録組織の名称"),
    "holder.country": Word("holder's country", "登録組織の国・地域"),
    "holder.identifiers": Word("holder's identifiers", "登録組織の識別番号"),
    "scope.statement": Word("scope statement", "認証範囲"),
    "scope.roles": Word("AI roles", "AIに関する役割"),
    "scope.areas": Word("technical areas", "技術分野"),
    "scope.countries": Word("countries of the scope", "対象の国・地域"),
    "scope.sites": Word("sites", "事業所"),
    "scope.criteria": Word("criteria", "基準"),
    "scope.soa": Word("Statement of Applicability", "適用宣言書"),
    "scheme.document": Word("standard", "規格"),
    "accreditations": Word("accreditations", "認定"),
    "origin.provenance": Word("origin of the record", "記録の由来"),
    "validity.effective_on": Word("effective date", "発効日"),
    "validity.last_valid_day": Word("last valid day", "有効期限"),
    "cycle.recertify_by": Word("recertification date", "再認証の期限"),
}

SITE_FIELDS: Mapping[str, Word] = {
    "scope.sites.names": Word("site's names", "事業所の名称"),
    "scope.sites.addresses": Word("site's address", "事業所の所在地"),
    "scope.sites.scope": Word("site's own scope", "事業所ごとの認証範囲"),
    "scope.sites.virtual": Word("virtual site", "仮想サイトの区分"),
    "scope.sites.central_function": Word("central function", "中枢機能の区分"),
    "scope.sites.country": Word("site's country", "事業所の国・地域"),
}
"""What is compared of a place that both versions cover."""


@dataclass(frozen=True)
class Difference:
    """One field with its value in the examined version and in the current one; `site` names the place that it is of."""

    field: str
    this: Any
    current: Any
    site: tuple[HolderName, ...] = ()


def differences(this: Certificate, current: Certificate, withheld: frozenset[str]) -> tuple[Difference, ...]:
    """Every field that differs, in the order of `FIELDS`; fields that may not be shown are not compared."""
    old, new = _fields(this, withheld), _fields(current, withheld)
    found: list[Difference] = []
    for field in FIELDS:
        if field == "scope.sites":
            found += _of_sites(_sites(this, withheld), _sites(current, withheld))
        elif old[field] != new[field]:
            found.append(Difference(field, old[field], new[field]))
    return tuple(found)


def changes_in_words(found: Iterable[Difference]) -> Word:
    """The names of the changed fields in one list; says so where nothing that a reader sees differs."""
    named = {**FIELDS, **SITE_FIELDS}
    names = list(dict.fromkeys(named[one.field] for one in found))
    if not names:
        return Word("nothing that is shown here", "表示される項目にはありません")
    return Word(", ".join(name.en for name in names), "、".join(name.ja for name in names))


def _fields(certificate: Certificate, withheld: frozenset[str]) -> dict[str, Any]:
    parts = {
        "holder": shown_holder(certificate, withheld),
        "scope": shown_scope(certificate, withheld),
        "scheme": shown_scheme(certificate),
        "validity": shown_validity(certificate),
        "cycle": shown_cycle(certificate),
        "origin": shown_origin(certificate),
    }
    values: dict[str, Any] = {
        field: getattr(parts[field.partition(".")[0]], field.partition(".")[2], None)
        for field in FIELDS
        if "." in field
    }
    return values | {"accreditations": tuple(held.number for held in certificate.facts.accreditations)}


def _sites(certificate: Certificate, withheld: frozenset[str]) -> dict[str, Site]:
    """The places that may be shown, by their identifier, which is not."""
    scope = shown_scope(certificate, withheld)
    shown = scope.sites if scope else None
    return {site.id: one for site, one in zip(certificate.facts.scope.sites, shown or (), strict=bool(shown))}


def _of_sites(old: Mapping[str, Site], new: Mapping[str, Site]) -> Iterator[Difference]:
    """Places that went and came, as the two whole lists; then what changed of those that stayed."""
    if set(old) != set(new):
        yield Difference("scope.sites", tuple(old.values()), tuple(new.values()))
    for place in (place for place in old if place in new):
        this, current = old[place], new[place]
        for field in SITE_FIELDS:
            member = field.rpartition(".")[2]
            before, after = getattr(this, member), getattr(current, member)
            if before != after:
                yield Difference(field, before, after, this.names)
