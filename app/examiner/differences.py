"""What differs between two versions of a certificate, field by field, among what may be shown of it.

Fields are named by their place in the report, values have the report's shape; dates of validity come last. Texts are
compared as signed: a change of one letter is a change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.conformity.words import Word
from app.examiner.certificate import Certificate
from app.examiner.shown import shown_holder, shown_scheme, shown_scope, shown_validity

FIELDS: Mapping[str, Word] = {
    "holder.names": Word("holder's names", "登録組織の名称"),
    "holder.country": Word("holder's country", "登録組織の国・地域"),
    "holder.identifiers": Word("holder's identifiers", "登録組織の識別番号"),
    "scope.statement": Word("scope statement", "認証範囲"),
    "scope.roles": Word("AI roles", "AIに関する役割"),
    "scope.areas": Word("technical areas", "技術分野"),
    "scope.countries": Word("countries of the scope", "対象の国・地域"),
    "scope.sites": Word("sites", "事業所"),
    "scope.soa": Word("Statement of Applicability", "適用宣言書"),
    "scheme.document": Word("standard", "規格"),
    "accreditations": Word("accreditations", "認定"),
    "validity.effective_on": Word("effective date", "発効日"),
    "validity.last_valid_day": Word("last valid day", "有効期限"),
}


@dataclass(frozen=True)
class Difference:
    """One field with its value in the examined version and in the current one."""

    field: str
    this: Any
    current: Any


def differences(this: Certificate, current: Certificate, withheld: frozenset[str]) -> tuple[Difference, ...]:
    """Every field that differs, in the order of `FIELDS`; fields that may not be shown are not compared."""
    old, new = _fields(this, withheld), _fields(current, withheld)
    return tuple(Difference(field, old[field], new[field]) for field in FIELDS if old[field] != new[field])


def changes_in_words(found: Iterable[Difference]) -> Word:
    """The names of the changed fields in one list; says so where nothing that a reader sees differs."""
    names = [FIELDS[one.field] for one in found]
    if not names:
        return Word("nothing that is shown here", "表示される項目にはありません")
    return Word(", ".join(name.en for name in names), "、".join(name.ja for name in names))


def _fields(certificate: Certificate, withheld: frozenset[str]) -> dict[str, Any]:
    parts = {
        "holder": shown_holder(certificate, withheld),
        "scope": shown_scope(certificate, withheld),
        "scheme": shown_scheme(certificate),
        "validity": shown_validity(certificate),
    }
    values: dict[str, Any] = {
        field: getattr(parts[field.partition(".")[0]], field.partition(".")[2], None)
        for field in FIELDS
        if "." in field
    }
    return values | {"accreditations": tuple(held.number for held in certificate.facts.accreditations)}
