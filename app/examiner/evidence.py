"""Evidence: the signed documents about one certificate, and the same opened into what each of them says.

`Evidence` is what a registry, a bundle or a presented file hands in; `Case` is what it says once every document was
read by its strict reader and found to belong to this certificate. Opening checks no signature. A document that is
about something else, cannot be read, or serves no purpose is refused: nothing rides along unread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, Generic, TypeVar

from app.conformity.editions import EditionEnd
from app.conformity.identifiers import subject_of
from app.conformity.recognition import Recognition
from app.credentials.canonical import digest
from app.credentials.facts import Scheme
from app.credentials.jws import UnverifiedJws, split_jws
from app.credentials.statement import read_statement
from app.errors import AkashiError
from app.examiner.certificate import CREDENTIAL_TYP, Certificate, read_certificate
from app.examiner.documents import (
    ACCREDITATION_LETTER,
    ACCREDITATION_STATEMENT,
    DECISION,
    IDENTITY_BINDING,
    KEY_BINDING,
    STANDING_EVENT,
    TRANSFER_EVIDENCE,
    AccreditationLetter,
    AccreditationStatement,
    Decision,
    IdentityBinding,
    KeyBinding,
    StandingEvent,
    TransferEvidence,
    read_accreditation_letter,
    read_accreditation_statement,
    read_decision,
    read_identity_binding,
    read_key_binding,
    read_standing_event,
    read_transfer_evidence,
)

MAX_ENVELOPES = 1000
"""Openings in one bundle (trust §9)."""

WITHHOLDABLE = frozenset({"holder", "identifiers", "scope", "sites", "soa"})

Document_co = TypeVar("Document_co", covariant=True)


class Source(StrEnum):
    """Where evidence comes from; it decides how old it may be, never what is true."""

    REGISTRY = "registry"
    BUNDLE = "bundle"
    PRESENTED = "presented"


class EvidenceRefused(AkashiError):
    """The evidence cannot be opened: a document is malformed, about something else, or of no use."""


@dataclass(frozen=True)
class Envelope:
    """One signed document with the subject's ordinal and the instant at which the registry recorded it."""

    jws: str
    n: int
    subject: bytes
    recorded_at: datetime

    @cached_property
    def digest(self) -> str:
        """Its name: the digest of the signing input, since a signature is not unique."""
        return digest(self.jws.rpartition(".")[0].encode())


@dataclass(frozen=True)
class Continuation:
    """By which certificate of another body this one is continued, and since when the registry knows it."""

    certificate_id: str
    recorded_at: datetime


@dataclass(frozen=True)
class Evidence:
    """All that is handed in about one certificate, of which nothing is verified yet.

    `withheld` names what the holder did not consent to show (`WITHHOLDABLE`). `manifest` is a bundle's own, and signed.
    """

    certificate_id: str
    envelopes: tuple[Envelope, ...]
    status_lists: tuple[str, ...]
    as_of: datetime
    publication: int | None
    source: Source
    manifest: str | None = None
    withheld: frozenset[str] = frozenset()
    recognitions: tuple[Recognition, ...] = ()
    """As observed by the registry about the accreditation bodies; signed by nobody, and in no bundle."""
    editions: tuple[EditionEnd, ...] = ()
    """What the scheme's owner stated about the ends of its editions, as the registry recorded it; in no bundle."""
    continuation: Continuation | None = None
    """Where the registry says to read on; a pointer and no evidence, so no bundle carries it."""

    def __post_init__(self) -> None:
        if not self.withheld <= WITHHOLDABLE:
            raise ValueError(f"only {sorted(WITHHOLDABLE)} can be withheld")


@dataclass(frozen=True, eq=False)
class Filed(Generic[Document_co]):
    """A document with the envelope that it came in and the key that it names as its signer."""

    document: Document_co
    envelope: Envelope
    jws: UnverifiedJws
    kid: str

    @property
    def digest(self) -> str:
        """Name of the signed bytes."""
        return self.envelope.digest

    @property
    def payload_digest(self) -> str:
        """Digest of the document itself, without its header: what other documents cite."""
        return digest(self.jws.payload)


AnyFiled = Filed[Any]
Binding = KeyBinding | IdentityBinding


@dataclass(frozen=True)
class Case:
    """Everything that was handed in about one certificate, opened and in order; still unverified."""

    certificate_id: str
    accreditations: Mapping[str, tuple[Filed[AccreditationStatement], ...]]
    bindings: tuple[Filed[KeyBinding], ...]
    identities: tuple[Filed[IdentityBinding], ...]
    decisions: Mapping[str, Filed[Decision]]
    versions: tuple[Filed[Certificate], ...]
    events: tuple[Filed[StandingEvent], ...]
    letters: tuple[Filed[AccreditationLetter], ...] = ()
    """What else the accreditation bodies stated under these accreditations, whichever certificate it names."""
    takeover: tuple[Filed[TransferEvidence], ...] = ()
    """On whose word another body took over, where this one did not cooperate (IAF MD 2)."""

    def all_documents(self) -> tuple[AnyFiled, ...]:
        """Every document: accreditation first, then keys, then what the body signed."""
        statements = [filed for chain in self.accreditations.values() for filed in chain]
        stated = (*statements, *self.letters, *self.takeover, *self.bindings, *self.identities)
        return (*stated, *self.signed_by_the_body())

    def letters_about_it(self, accreditation: str | None = None) -> tuple[Filed[AccreditationLetter], ...]:
        """The letters that name this certificate, all or those under one accreditation."""
        subject = subject_of(self.certificate_id)
        about = (one for one in self.letters if subject in one.document.certifications)
        return tuple(one for one in about if accreditation in {None, one.document.accreditation})

    def all_bindings(self) -> tuple[Filed[Binding], ...]:
        """Whoever said whose the keys are: accreditation bodies first, then the registry."""
        return (*self.bindings, *self.identities)

    def signed_by_the_body(self) -> tuple[AnyFiled, ...]:
        """Decisions, certificate versions and standing events."""
        return (*self.decisions.values(), *self.versions, *self.events)

    @property
    def scheme(self) -> Scheme | None:
        """The scheme of all its versions; None before there is one."""
        return self.versions[0].document.facts.scheme if self.versions else None


def open_case(evidence: Evidence) -> Case:
    """The opened evidence; raises `EvidenceRefused` with a code and the number of the envelope at fault."""
    if len(evidence.envelopes) > MAX_ENVELOPES:
        raise EvidenceRefused("evidence_too_large", note=f"more than {MAX_ENVELOPES} documents")
    filed = [_open(place, envelope, evidence.certificate_id) for place, envelope in enumerate(evidence.envelopes)]
    if len({one.digest for one in filed}) < len(filed):
        raise EvidenceRefused("repeated_part", note="a document occurs twice")

    statements = [one for one in filed if isinstance(one.document, AccreditationStatement)]
    case = Case(
        evidence.certificate_id,
        _chains(statements),
        tuple(one for one in filed if isinstance(one.document, KeyBinding)),
        tuple(one for one in filed if isinstance(one.document, IdentityBinding)),
        {one.document.decision: one for one in filed if isinstance(one.document, Decision)},
        _sorted(filed, Certificate, lambda version: version.version_no),
        _sorted(filed, StandingEvent, lambda event: event.event_no),
        tuple(one for one in filed if isinstance(one.document, AccreditationLetter)),
        tuple(one for one in filed if isinstance(one.document, TransferEvidence)),
    )
    _demand_use(case)
    return case


def _open(place: int, envelope: Envelope, certificate_id: str) -> AnyFiled:
    """One envelope, read by the reader of its type and found to be about this certificate or what it rests on."""
    try:
        jws = split_jws(envelope.jws)
        document, kid = _read(jws, envelope.jws)
    except AkashiError as error:
        raise EvidenceRefused("unreadable_part", field=f"/envelopes/{place}", note=str(error)) from error
    named = document.certification if _is_of_certification(document) else certificate_id
    if subject_of(_about(document)) != envelope.subject or named != certificate_id:
        raise EvidenceRefused("foreign_part", field=f"/envelopes/{place}")
    return Filed(document, envelope, jws, kid)


def _read(jws: UnverifiedJws, compact: str) -> tuple[Any, str]:
    if jws.header.get("typ") == CREDENTIAL_TYP:
        certificate = read_certificate(jws)
        return certificate, certificate.kid
    statement = read_statement(compact)
    reader = _READERS.get(statement.type)
    if reader is None:
        raise EvidenceRefused("unknown_part", note=statement.type[:64])
    return reader(statement.payload), statement.kid


_READERS: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    ACCREDITATION_STATEMENT: read_accreditation_statement,
    ACCREDITATION_LETTER: read_accreditation_letter,
    KEY_BINDING: read_key_binding,
    IDENTITY_BINDING: read_identity_binding,
    DECISION: read_decision,
    STANDING_EVENT: read_standing_event,
    TRANSFER_EVIDENCE: read_transfer_evidence,
}


def _about(document: Any) -> str:
    """The identifier whose subject a document counts under: certification, accreditation, key, or its own."""
    if isinstance(document, TransferEvidence):
        return document.evidence
    if isinstance(document, AccreditationStatement | AccreditationLetter):
        return document.accreditation
    if isinstance(document, KeyBinding | IdentityBinding):
        return document.key
    return str(document.certification)


def _is_of_certification(document: Any) -> bool:
    return not isinstance(document, AccreditationStatement | AccreditationLetter | KeyBinding | IdentityBinding)


def _chains(statements: Iterable[AnyFiled]) -> dict[str, tuple[Filed[AccreditationStatement], ...]]:
    """The statements of each accreditation in the order of their numbers."""
    chains: dict[str, list[Filed[AccreditationStatement]]] = {}
    for one in statements:
        chains.setdefault(one.document.accreditation, []).append(one)
    return {
        accreditation: tuple(sorted(chain, key=lambda one: one.document.statement_no))
        for accreditation, chain in chains.items()
    }


def _sorted(filed: Iterable[AnyFiled], kind: type, number: Callable[[Any], int]) -> tuple[AnyFiled, ...]:
    chosen = [one for one in filed if isinstance(one.document, kind)]
    return tuple(sorted(chosen, key=lambda one: number(one.document)))


def _demand_use(case: Case) -> None:
    """Each accreditation is relied on by a decision, a binding or a letter about this certificate; each key signed."""
    relied_on = {name for one in case.decisions.values() for name in one.document.accreditations}
    relied_on |= {one.document.accreditation for one in case.bindings}
    relied_on |= {one.document.accreditation for one in case.letters_about_it()}
    stated = set(case.accreditations) | {one.document.accreditation for one in case.letters}
    stated |= {one.document.accreditation for one in case.takeover}
    if unused := stated - relied_on:
        raise EvidenceRefused("unused_part", note=f"accreditation {min(unused)}")
    signers = {one.kid for one in case.signed_by_the_body()}
    if any(one.document.key not in signers for one in case.all_bindings()):
        raise EvidenceRefused("unused_part", note="a key binding of a key that signed nothing here")
