"""What a decision fixes about one version of a certificate: every fact of its credential, in one frozen value.

Not among the facts are the public ID, the version number, the status entries and the key: they are fixed later, at
the reservation (`composition.Reserved`). Absent (`None`, an empty tuple) means not stated, never "no". The types hold
the shape; `facts_json` gives them their JSON form and digest, `rules` says what must agree within one version,
`succession` what between two. No input or output here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.conformity import periods
from app.conformity.words import ACCREDITED as ACCREDITED  # noqa: PLC0414, part of the vocabulary of facts
from app.conformity.words import SELF_DECLARED as SELF_DECLARED  # noqa: PLC0414
from app.conformity.words import THIRD_PARTY as THIRD_PARTY  # noqa: PLC0414

ISSUED, IMPORTED = "issued", "imported"
"""Whether the version rests on decisions made here, or is history that a body reported from elsewhere."""

RELEASED, NO_COOPERATION, OUTSIDE = "released", "no_cooperation", "outside"
"""How a certification came over: its old body released it here, an accreditation body's evidence stood in for that, or
the old body keeps its records outside of this registry (IAF MD 2)."""


@dataclass(frozen=True)
class Text:
    """Words in one language (BCP 47, as in `en` or `pt-BR`)."""

    text: str
    language: str


@dataclass(frozen=True)
class Name:
    """A name exactly as registered, in one language and script (ISO 15924), never normalised."""

    name: str
    language: str
    script: str | None = None


@dataclass(frozen=True)
class Identifier:
    """A registration of a legal person; `scheme` is a code such as `lei` or `jp_corporate_number`."""

    scheme: str
    value: str


@dataclass(frozen=True)
class Holder:
    """The certified organisation; its first name is the one that leads."""

    id: str
    names: tuple[Name, ...]
    country: str
    identifiers: tuple[Identifier, ...] = ()


@dataclass(frozen=True)
class Body:
    """A certification or accreditation body."""

    id: str
    names: tuple[Name, ...]
    country: str


@dataclass(frozen=True)
class NormativeDocument:
    """The standard with its edition, by designation; `identical_adoptions` such as JIS Q 42001:2025."""

    designation: str
    titles: tuple[Text, ...]
    identical_adoptions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scheme:
    """The scheme under which it was certified (ISO/IEC 17000): what kind of attestation, about what kind of object.

    `assurance` says who stands behind it; a decision recorded more than `late_after_days` later is shown as late;
    `required` are the parts of the scope that the scheme demands of everything issued under it.
    """

    code: str
    titles: tuple[Text, ...]
    document: NormativeDocument
    assurance: str
    late_after_days: int
    activity: str = "certification"
    object: str = "management_system"
    required: tuple[str, ...] = ()


@dataclass(frozen=True)
class Statement:
    """The wording of a scope: `text` prevails, translations only help to read it."""

    text: str
    language: str
    translations: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Address:
    """A postal address in one language; a home office may stop at its municipality."""

    locality: str
    language: str
    region: str | None = None
    street: str | None = None
    postal_code: str | None = None


@dataclass(frozen=True)
class Site:
    """A place that the certificate covers, with its own scope where it differs from the whole."""

    id: str
    names: tuple[Name, ...]
    country: str
    virtual: bool = False
    central_function: bool = False
    address: Address | None = None
    address_translations: tuple[Address, ...] = ()
    statement: Statement | None = None


@dataclass(frozen=True)
class StatementOfApplicability:
    """Version and date of the organisation's statement of applicability."""

    version: str
    dated_on: date


@dataclass(frozen=True)
class Scope:
    """What is certified: wording, codes, places; `criteria` are those of a scheme that names them one by one."""

    statement: Statement
    roles: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    sites: tuple[Site, ...] = ()
    soa: StatementOfApplicability | None = None
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decision:
    """The act, its date, and the last day of the assessment it relied on (ISO/IEC 17021-1 9.5), if that is stated."""

    act: str
    decided_on: date
    assessed_on: date | None = None


@dataclass(frozen=True)
class Cycle:
    """The certification cycle; the last two dates stand only where a lapse was bridged (ISO/IEC 17021-1 8.2.2)."""

    initially_certified_on: date
    started_on: date
    recertify_by: date
    previous_ended_on: date | None = None
    recertification_audit_ended_on: date | None = None


@dataclass(frozen=True)
class Validity:
    """Plain dates in the body's zone, and the instants that they meant when the facts were written."""

    effective_on: date
    last_valid_day: date
    time_zone: str
    valid_from: datetime
    valid_until: datetime


@dataclass(frozen=True)
class Accreditation:
    """An accreditation that the certificate rests on; `arrangement` names a recognition that held at the decision."""

    id: str
    number: str
    body: Body
    arrangement: str | None = None


@dataclass(frozen=True)
class Previous:
    """The certification that this one continues with another body (IAF MD 2); `basis` says how it was given over.

    `certificate_id` is its public ID where it stood in a registry of this kind, `number` its number with the old body.
    """

    body_names: tuple[Name, ...]
    country: str
    basis: str
    number: str | None = None
    certificate_id: str | None = None
    last_valid_day: date | None = None


@dataclass(frozen=True)
class Report:
    """Where imported history comes from: the source, as it stood on a day, and how often the body reports it anew.

    `checked` says what the body itself had compared it with, if it stated that.
    """

    source: str
    as_of: date
    refresh_days: int
    checked: str | None = None

    @property
    def fresh_until(self) -> date:
        """The last day on which the report is as new as was agreed."""
        return self.as_of + timedelta(days=self.refresh_days)


@dataclass(frozen=True)
class CertificateFacts:
    """All that one version of a certificate asserts, as decided.

    `original_decided_on` and `report` belong to imported history: the day of the decision elsewhere, as the body
    reported it, and where and when it was reported.
    """

    holder: Holder
    body: Body
    scheme: Scheme
    scope: Scope
    decision: Decision
    cycle: Cycle
    validity: Validity
    accreditations: tuple[Accreditation, ...] = ()
    previous: Previous | None = None
    provenance: str = ISSUED
    original_decided_on: date | None = None
    report: Report | None = None


def validity_of(effective_on: date, last_valid_day: date, time_zone: str) -> Validity:
    """The period with its instants: from the start of the first day to the instant after the last, in that zone."""
    return Validity(
        effective_on,
        last_valid_day,
        time_zone,
        periods.start_instant(effective_on, time_zone),
        periods.end_instant(last_valid_day, time_zone),
    )
