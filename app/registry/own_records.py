"""What a body's own clients may read of its work: people, organisations, applications, agreements, audits, drafts.

Another body's records read as unknown. Lists are read in the order of recording, each row exactly once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from types import UnionType
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.errors import AkashiError
from app.keys.encoding import b64u
from app.registry.organisations import OrganisationName, SiteAddress, SiteName
from app.registry.registry import Registry
from app.registry.verification import jws_of
from app.storage import own_records
from app.storage.public_record import Place


@dataclass(frozen=True)
class OwnFunction:
    """A function for which a person is competent, since when, and what showed it."""

    function: str
    scheme: str
    valid_from: date
    valid_to: date | None
    basis: str


@dataclass(frozen=True)
class OwnCompetence:
    """Where a person is competent for a function, since when, and what showed it."""

    function: str
    scheme: str
    area: str
    evidence: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class OwnInterest:
    """What a person has, or had, to do with a client."""

    id: UUID
    organisation: UUID
    kind: str
    detail: str
    began_on: date | None
    ended_on: date | None


@dataclass(frozen=True)
class OwnPerson:
    """A person of the body; `name` is null once erased, `keys` are thumbprints."""

    id: UUID
    relation: str
    name: str | None
    functions: tuple[OwnFunction, ...]
    competences: tuple[OwnCompetence, ...]
    interests: tuple[OwnInterest, ...]
    keys: tuple[str, ...]


@dataclass(frozen=True)
class OwnIdentifier:
    """A registration of an organisation; `last_day` is null while it holds."""

    scheme: str
    value: str
    last_day: date | None


@dataclass(frozen=True)
class OwnSite:
    """A site of an organisation."""

    id: UUID
    names: tuple[SiteName, ...]
    addresses: tuple[SiteAddress, ...]
    country: str
    virtual: bool
    central_function: bool


@dataclass(frozen=True)
class OwnOrganisation:
    """An organisation with its names, identifiers and sites."""

    id: UUID
    country: str
    names: tuple[OrganisationName, ...]
    identifiers: tuple[OwnIdentifier, ...]
    sites: tuple[OwnSite, ...]


@dataclass(frozen=True)
class OwnApplication:
    """An application; what belongs to its review is null until it was reviewed."""

    id: UUID
    organisation: UUID
    scheme: str
    scope_requested: str
    areas: tuple[str, ...]
    roles: tuple[str, ...]
    headcount: int | None
    sites: tuple[UUID, ...]
    received_on: date
    outcome: str | None
    reviewer: UUID | None
    reason: str | None
    reviewed_on: date | None


@dataclass(frozen=True)
class OwnAgreement:
    """An agreement, and what the organisation consents to show now."""

    id: UUID
    organisation: UUID
    version: int
    clauses: tuple[str, ...]
    sites: tuple[UUID, ...]
    signed_on: date
    consented: tuple[str, ...]


@dataclass(frozen=True)
class OwnCertification:
    """A certification, public from its first version on; its standing is asked by its ID."""

    id: UUID
    certificate_id: str
    number: str
    scheme: str
    organisation: UUID
    application: UUID
    agreement: UUID
    latest_version: int | None


@dataclass(frozen=True)
class OwnMember:
    """A member of an audit team."""

    person: UUID
    function: str


@dataclass(frozen=True)
class OwnStep:
    """How a finding was resolved."""

    step: str
    person: UUID
    done_on: date
    note: str | None


@dataclass(frozen=True)
class OwnFinding:
    """A finding with the steps that resolved it."""

    id: UUID
    grade: str
    clause: str
    description: str
    due_on: date | None
    steps: tuple[OwnStep, ...]


@dataclass(frozen=True)
class OwnServed:
    """A certification that an audit served, with what was audited for it."""

    certification: str
    areas: tuple[str, ...]
    sites: tuple[UUID, ...]


@dataclass(frozen=True)
class OwnConclusion:
    """What the team leader concluded from surveillance; what belongs to its monitoring is null without one."""

    leader: UUID
    positive: bool
    conclusion: str
    concluded_on: date
    monitored_by: UUID | None
    confirmed: bool | None
    monitored_on: date | None


@dataclass(frozen=True)
class OwnAudit:
    """An audit with its team and findings; the report is named by its digest."""

    id: UUID
    serves: tuple[OwnServed, ...]
    kind: str
    stage_1: UUID | None
    stage_1_not_required: str | None
    days_after_stage_1: int | None
    plan: UUID | None
    entity: UUID | None
    first_day: date
    last_day: date
    report_sha256: str
    team: tuple[OwnMember, ...]
    findings: tuple[OwnFinding, ...]
    conclusion: OwnConclusion | None


@dataclass(frozen=True)
class OwnTransferStep:
    """What a party of a transfer did; `content` is what it gave over, reviewed or decided."""

    n: int
    step: str
    party: UUID
    state: str
    done_on: date
    ground: str | None
    content: dict[str, Any]


@dataclass(frozen=True)
class OwnTransfer:
    """A transfer in which the body takes part: of which certificate, in which state, on whose word, answered by when.

    `previous` is what a certificate of a body outside says, `flagged` whether the standing of the old one changed.
    """

    id: UUID
    accepting_body: UUID
    issuing_body: UUID | None
    certificate_id: str | None
    previous: dict[str, Any] | None
    scheme: str
    requested_on: date
    request_sha256: str
    answer_by: date | None
    state: str
    basis: str | None
    flagged: bool
    steps: tuple[OwnTransferStep, ...]


@dataclass(frozen=True)
class SignedDocument:
    """A document signed on a draft."""

    statement: str
    jws: str


Record = TypeVar("Record")


@dataclass(frozen=True)
class Kind(Generic[Record]):
    """A kind of record: what it is made as, who may read it, and how an unknown one is refused."""

    name: str
    made: type[Record]
    scope: Scope
    unknown: str


PERSON = Kind("person", OwnPerson, Scope.PEOPLE, "unknown_person")
ORGANISATION = Kind("organisation", OwnOrganisation, Scope.ORGANISATIONS, "unknown_organisation")
APPLICATION = Kind("application", OwnApplication, Scope.APPLICATIONS, "unknown_application")
AGREEMENT = Kind("agreement", OwnAgreement, Scope.APPLICATIONS, "unknown_agreement")
CERTIFICATION = Kind("certification", OwnCertification, Scope.APPLICATIONS, "unknown_certification")
AUDIT = Kind("audit", OwnAudit, Scope.AUDITS, "unknown_audit")
TRANSFER = Kind("transfer", OwnTransfer, Scope.TRANSFERS, "unknown_transfer")


def list_own(
    registry: Registry, actor: Actor, kind: Kind[Record], *, place: Place | None, limit: int
) -> tuple[tuple[int, Record], ...]:
    """The body's records from a place on, nearest to it first, each with its place in the order of recording."""
    demand(actor, kind.scope)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        rows = own_records.own_records(connection, kind.name, body, place, limit)
    return tuple((row.sequence, made_of(kind.made, row._mapping)) for row in rows)  # noqa: SLF001, SQLAlchemy's public name


def read_own(registry: Registry, actor: Actor, kind: Kind[Record], record: UUID) -> Record:
    """One record of the body; another body's is as unknown as none."""
    demand(actor, kind.scope)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        row = own_records.own_record(connection, kind.name, body, record)
    if row is None:
        raise AkashiError(kind.unknown)
    made: Record = made_of(kind.made, row._mapping)  # noqa: SLF001, SQLAlchemy's public name
    return made


def signed_on(registry: Registry, actor: Actor, draft: UUID) -> tuple[SignedDocument, ...]:
    """What was signed on a draft of the actor's body, in the order of signing; nothing before it was confirmed."""
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        rows = own_records.signed_documents(connection, body, draft)
    return tuple(SignedDocument(row.statement, jws_of(row)) for row in rows)


def made_of(kind: type[Any], members: Mapping[Any, Any]) -> Any:
    """A result of ours from a row, or from a part of one that came as JSON."""
    hints = get_type_hints(kind)
    return kind(**{member.name: _value(hints[member.name], members.get(member.name)) for member in fields(kind)})


def _value(kind: Any, stored: Any) -> Any:
    if isinstance(kind, UnionType):
        kind = get_args(kind)[0]
    if get_origin(kind) is tuple:
        return tuple(_value(get_args(kind)[0], one) for one in stored or ())
    if stored is None:
        return None
    if is_dataclass(kind):
        return made_of(kind, stored)  # type: ignore[arg-type]  # a class, not an instance
    if isinstance(stored, bytes | memoryview):
        return b64u(bytes(stored))
    if isinstance(stored, str) and kind in {date, UUID}:
        return date.fromisoformat(stored) if kind is date else UUID(stored)
    return stored
