"""Schemes as data: what may be certified, by which documents, in whose words, and which moves of standing exist.

Every row says where it comes from. Standards are named and addressed, never quoted (ISO/IEC 17021-1 8.2.2).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from app.conformity.editions import EditionEnd
from app.conformity.words import Word
from app.errors import AkashiError
from app.registry.registry import Registry
from app.storage import public_record
from app.storage.database import now
from app.storage.rows import Row


@dataclass(frozen=True)
class EditionTransition:
    """How an edition ends, as stated on a day: the last day of decisions to it, and of certificates decided later."""

    stated_on: date
    usable_to: date
    certificates_to: date
    successor: str | None
    origin: str


@dataclass(frozen=True)
class NormativeDocument:
    """A standard with its edition, what the scheme uses it for, and every word about its end, oldest first."""

    designation: str
    use: str
    title: Word
    identical_adoptions: tuple[str, ...]
    usable_from: date | None
    transitions: tuple[EditionTransition, ...]
    origin: str


@dataclass(frozen=True)
class Term:
    """One entry of a code list."""

    code: str
    title: Word
    origin: str


@dataclass(frozen=True)
class RequiredAudit:
    """An act rests on an audit of one of these kinds, whose team covers the scope, what is added to it, or any part."""

    act: str
    kinds: tuple[str, ...]
    team: str
    origin: str


@dataclass(frozen=True)
class Phase:
    """A stage of a scheme's life and the day from which it holds; comments on a proposal are taken until a day."""

    phase: str
    starts_on: date
    comments_until: date | None
    origin: str


@dataclass(frozen=True)
class SchemeRecord:
    """A conformity assessment scheme with its limits, documents and code lists."""

    code: str
    title: Word
    activity: str
    object: str
    assurance: str
    phase: str | None
    phases: tuple[Phase, ...]
    owner: str
    maximum_months: int
    surveillance_months: int | None
    suspension_months: int
    renewal_months: int
    restoration_months: int
    late_after_days: int
    required_fields: tuple[str, ...]
    waived_rules: tuple[str, ...]
    required_audits: tuple[RequiredAudit, ...]
    origin: str
    documents: tuple[NormativeDocument, ...]
    roles: tuple[Term, ...]
    technical_areas: tuple[Term, ...]
    controls: tuple[Term, ...]
    criteria: tuple[Term, ...]


@dataclass(frozen=True)
class Requirement:
    """A rule that an act must satisfy, and where it comes from."""

    rule: str
    origin: str


@dataclass(frozen=True)
class Act:
    """A kind of decision: what it brings about, what it must satisfy, the reasons that it may name."""

    act: str
    makes_version: bool
    makes_event: bool
    needs_reason: bool
    needs_until: bool
    deciders: int
    extent: str | None
    period: str | None
    refers_to: str | None
    ends: bool
    looks_back: bool
    successor_bit: str | None
    origin: str
    requirements: tuple[Requirement, ...]
    reasons: tuple[Term, ...]


@dataclass(frozen=True)
class Transition:
    """One move of standing; there are no others."""

    from_state: str
    act: str
    to_state: str
    validity: str
    origin: str


@dataclass(frozen=True)
class AccreditationTransition:
    """One move of an accreditation's status."""

    from_status: str
    act: str
    to_status: str
    origin: str


@dataclass(frozen=True)
class Schemes:
    """All schemes, and the acts and moves that they share."""

    schemes: tuple[SchemeRecord, ...]
    acts: tuple[Act, ...]
    transitions: tuple[Transition, ...]
    accreditation_transitions: tuple[AccreditationTransition, ...]


def schemes(registry: Registry) -> Schemes:
    """All scheme data."""
    with registry.database.transaction("reader") as connection:
        data = public_record.scheme_data(connection)
        today = now(connection).date()
    return Schemes(
        tuple(_scheme(row, data, today) for row in data["scheme"]),
        tuple(_act(row, data) for row in data["decision_type"]),
        tuple(Transition(*_values(row, Transition)) for row in data["transition"]),
        tuple(
            AccreditationTransition(*_values(row, AccreditationTransition)) for row in data["accreditation_transition"]
        ),
    )


def scheme(registry: Registry, code: str) -> SchemeRecord:
    """One scheme; raises `unknown_scheme`."""
    found = next((one for one in schemes(registry).schemes if one.code == code), None)
    if found is None:
        raise AkashiError("unknown_scheme")
    return found


def _scheme(row: Row[Any], data: dict[str, tuple[Row[Any], ...]], today: date) -> SchemeRecord:
    own = {
        name: [one for one in data[name] if one.scheme_code == row.code]
        for name in ("normative_document", "edition_transition", "scheme_term", "scheme_phase", "required_audit")
    }
    terms = own["scheme_term"]
    phases = tuple(Phase(one.phase, one.starts_on, one.comments_until, one.origin) for one in own["scheme_phase"])
    begun = [one for one in phases if one.starts_on <= today]
    return SchemeRecord(
        code=row.code,
        title=_title(row),
        activity=row.activity,
        object=row.object,
        assurance=row.assurance,
        phase=begun[-1].phase if begun else None,
        phases=phases,
        owner=row.owner,
        maximum_months=row.maximum_months,
        surveillance_months=row.surveillance_months,
        suspension_months=row.suspension_months,
        renewal_months=row.renewal_months,
        restoration_months=row.restoration_months,
        late_after_days=row.late_after_days,
        required_fields=tuple(row.required_fields),
        waived_rules=tuple(row.waived_rules),
        required_audits=tuple(
            RequiredAudit(one.act, tuple(one.kinds), one.team, one.origin) for one in own["required_audit"]
        ),
        origin=row.origin,
        documents=tuple(_document(one, own["edition_transition"]) for one in own["normative_document"]),
        roles=_terms(one for one in terms if one.vocabulary == "role"),
        technical_areas=_terms(one for one in terms if one.vocabulary == "technical_area"),
        controls=_terms(one for one in terms if one.vocabulary == "control"),
        criteria=_terms(one for one in terms if one.vocabulary == "criterion"),
    )


def _document(row: Row[Any], stated: Iterable[Row[Any]]) -> NormativeDocument:
    return NormativeDocument(
        row.designation,
        row.use,
        _title(row),
        tuple(row.identical_adoptions),
        row.usable_from,
        tuple(
            EditionTransition(one.stated_on, one.usable_to, one.certificates_to, one.successor, one.origin)
            for one in stated
            if one.designation == row.designation
        ),
        row.origin,
    )


def edition_end_of(row: Row[Any]) -> EditionEnd:
    """A row of the public record in the vocabulary of conformity assessment, to the millisecond like all answers."""
    recorded_at = row.recorded_at.replace(microsecond=row.recorded_at.microsecond // 1000 * 1000)
    return EditionEnd(row.designation, row.successor, row.stated_on, row.certificates_to, recorded_at)


def _act(row: Row[Any], data: dict[str, tuple[Row[Any], ...]]) -> Act:
    return Act(
        row.act,
        row.makes_version,
        row.makes_event,
        row.needs_reason,
        row.needs_until,
        row.deciders,
        row.extent,
        row.period,
        row.refers_to,
        row.ends,
        row.looks_back,
        row.successor_bit,
        row.origin,
        tuple(Requirement(one.rule, one.origin) for one in data["requirement"] if one.act == row.act),
        _terms(one for one in data["reason_code"] if one.act == row.act),
    )


def _terms(rows: Iterable[Row[Any]]) -> tuple[Term, ...]:
    return tuple(Term(row.code, _title(row), row.origin) for row in rows)


def _title(row: Row[Any]) -> Word:
    return Word(row.title_en, row.title_ja)


def _values(row: Row[Any], kind: type[Transition | AccreditationTransition]) -> list[Any]:
    return [getattr(row, member.name) for member in fields(kind)]
