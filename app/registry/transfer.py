"""Transfers: a client leaves one body for another, and its certification goes on under the same end (IAF MD 2).

Both bodies have their part. The accepting one gives notice of the client's written request; the issuing one gives over
what it knows, or refuses with a coded ground; the accepting one reviews, and decides. Where the issuing body does not
cooperate, its accreditation body's signed evidence stands in for it (`transfer_evidence`). Nobody else sees any of it.
The decisions themselves are decisions like all others (`transfer_in`, `transfer_out`); the database holds both halves
together. Steps are added, never changed; one that is sent twice is refused or says the same again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.conformity.names import check_name, check_text
from app.errors import AkashiError
from app.keys.encoding import b64u
from app.registry.forms import check_country, check_language
from app.registry.gathered_facts import Source
from app.registry.registry import Registry
from app.registry.requests import Request, once
from app.registry.sealing import secured
from app.storage import assessment, people, transfers
from app.storage.rows import Connection, Row

SHA256_BYTES = 32
Conclusion = Literal["accepted", "declined"]
LONGEST_LABEL = 60


@dataclass(frozen=True)
class PreviousSite:
    """A site as the certificate of a body outside names it."""

    label: str
    country: str


@dataclass(frozen=True)
class OutsideCertificate:
    """What the certificate of a body that keeps no records here says, as the accepting body read it.

    `arrangement` is the recognition arrangement under which its accreditation body is a signatory.
    """

    body_names: tuple[tuple[str, str], ...]
    country: str
    number: str
    document: str
    areas: tuple[str, ...]
    roles: tuple[str, ...]
    sites: tuple[PreviousSite, ...]
    initially_certified_on: date
    cycle_started_on: date
    last_valid_day: date
    arrangement: str | None = None
    identifiers: tuple[tuple[str, str], ...] = ()

    def says(self) -> dict[str, Any]:
        """The same in the form in which the rules read a certificate that is transferred."""
        return {
            "certificate_id": None,
            "number": self.number,
            "document": self.document,
            "body_names": [{"name": name, "language": language} for name, language in self.body_names],
            "country": self.country,
            "areas": list(self.areas),
            "roles": list(self.roles),
            "countries": sorted({site.country for site in self.sites}),
            "sites": [{"id": site.label, "country": site.country} for site in self.sites],
            "identifiers": [{"scheme": scheme, "value": value} for scheme, value in self.identifiers],
            "initially_certified_on": self.initially_certified_on.isoformat(),
            "cycle_started_on": self.cycle_started_on.isoformat(),
            "last_valid_day": self.last_valid_day.isoformat(),
            "arrangement": self.arrangement,
        }


@dataclass(frozen=True)
class Opening:
    """The notice of a transfer: whose application, of which certificate (here by its ID), on which written request."""

    application: UUID
    requested_on: date
    request_sha256: bytes
    certificate: str | OutsideCertificate


@dataclass(frozen=True)
class Complaint:
    """A complaint about the client that the issuing body knows of."""

    received_on: date
    summary: str
    closed: bool


@dataclass(frozen=True)
class Release:
    """The issuing body's word: who gives over, from which day on it is ready to close, and complaints it knows of."""

    person: UUID
    done_on: date
    planned_day: date
    complaints: tuple[Complaint, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """The issuing body's no, with its coded ground."""

    person: UUID
    done_on: date
    ground: str


@dataclass(frozen=True)
class Review:
    """The pre-transfer review: what was looked at, and which of the client's sites is which on the old certificate."""

    reviewer: UUID
    done_on: date
    reviewed: tuple[str, ...]
    conclusion: Conclusion
    nonconformities_settled: bool
    sites: dict[UUID, str] = field(default_factory=dict)
    visited_on: date | None = None
    accreditation_body_told_on: date | None = None


def open_transfer(registry: Registry, actor: Actor, opening: Opening, *, request: Request | None = None) -> UUID:
    """The notice stands, and the issuing body and its accreditation bodies see it; returns the transfer's id.

    1. The application is the actor's body's, the client's request known by its digest.
    2. The certificate is found by its ID, or kept as it was read where its body is outside.
    3. It is in force, and no other transfer of it is open.
    """
    demand(actor, Scope.TRANSFERS)
    body = acting_party(actor)
    if len(opening.request_sha256) != SHA256_BYTES:
        raise AkashiError("malformed_digest", field="/request_sha256")
    outside = opening.certificate if isinstance(opening.certificate, OutsideCertificate) else None
    if outside is not None:
        _check_outside(outside)

    def make(connection: Connection) -> UUID:
        if assessment.find_application(connection, body, opening.application) is None:
            raise AkashiError("unknown_application", field="/application")

        transfer = uuid4()
        transfers.add_transfer(
            connection,
            body=body,
            transfer=transfer,
            application=opening.application,
            source=outside.number if outside else str(opening.certificate),
            previous=outside.says() if outside else None,
            requested_on=opening.requested_on,
            request_sha256=opening.request_sha256,
        )
        return transfer

    return once(registry, body, request, make)


def release(registry: Registry, actor: Actor, transfer: UUID, given: Release) -> None:
    """The issuing body has given over: the signed certificate, its cycle, audits, open nonconformities, complaints.

    All but the complaints and the planned day come from its records.
    """
    demand(actor, Scope.TRANSFERS)
    body = acting_party(actor)
    for place, complaint in enumerate(given.complaints):
        check_text(complaint.summary, f"/complaints/{place}/summary")
    with registry.database.transaction(body=body) as connection:
        row = _known(connection, transfer)
        content = _given_over(connection, row, given) if row.from_body_id == body else {}
        _step(connection, body, row, "released", given.done_on, given.person, content=content)


def refuse_release(registry: Registry, actor: Actor, transfer: UUID, refusal: Refusal) -> None:
    """The issuing body has refused on a coded ground; its accreditation body may find that it is none."""
    demand(actor, Scope.TRANSFERS)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        row = _known(connection, transfer)
        _step(connection, body, row, "refused", refusal.done_on, refusal.person, ground=refusal.ground)


def review_transfer(registry: Registry, actor: Actor, transfer: UUID, review: Review) -> None:
    """The pre-transfer review stands; only one that concluded in favour leads to a decision (IAF MD 2)."""
    demand(actor, Scope.TRANSFERS)
    body = acting_party(actor)
    content = {
        "reviewed": sorted(set(review.reviewed)),
        "conclusion": review.conclusion,
        "nonconformities_settled": review.nonconformities_settled,
        "sites": {str(site): source for site, source in review.sites.items()},
        "visited_on": _day(review.visited_on),
        "accreditation_body_told_on": _day(review.accreditation_body_told_on),
    }
    with registry.database.transaction(body=body) as connection:
        _step(
            connection, body, _known(connection, transfer), "reviewed", review.done_on, review.reviewer, content=content
        )


def withdraw_transfer(
    registry: Registry, actor: Actor, transfer: UUID, *, person: UUID, done_on: date, ground: str
) -> None:
    """The accepting body has given the transfer up; what the issuing body closed for it, that body may take back."""
    demand(actor, Scope.TRANSFERS)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        _step(connection, body, _known(connection, transfer), "withdrawn", done_on, person, ground=ground)


def taken_over(connection: Connection, body: UUID, certification: UUID) -> Source:
    """What a certification of this body takes over; raises what is missing before a certificate could say it."""
    row = transfers.transfer_to(connection, body, certification)
    if row is None:
        raise AkashiError("no_open_transfer", field="/certification")
    says = transfers.source_of(connection, row.id)
    if says is None:
        raise AkashiError("transfer_not_released", field="/certification")
    if row.reviewed_on is None:
        raise AkashiError("transfer_not_reviewed", field="/certification")
    return Source(says, row.basis, row.reviewed_on)


def closing_instant(connection: Connection, body: UUID, certification: UUID) -> datetime | None:
    """When a certification of this body closes for its transfer: the very instant at which the new one begins.

    None where nothing is decided there yet, or what was taken over without this body's word began before.
    """
    return transfers.start_of_transfer(connection, body, certification)


def _known(connection: Connection, transfer: UUID) -> Row[Any]:
    """A transfer that the acting party may see; any other is unknown."""
    row = transfers.find_transfer(connection, transfer)
    if row is None:
        raise AkashiError("unknown_transfer")
    return row


def _step(
    connection: Connection, body: UUID, row: Row[Any], step: str, done_on: date, person: UUID, **said: Any
) -> None:
    if people.find_person(connection, body, person) is None:
        raise AkashiError("unknown_person", field="/reviewer" if step == "reviewed" else "/person")
    transfers.add_step(connection, body=body, transfer=row, step=step, done_on=done_on, person=person, **said)


def _given_over(connection: Connection, row: Row[Any], given: Release) -> dict[str, Any]:
    """What the issuing body's records hold about the certification, with what it says besides."""
    body, certification = row.from_body_id, row.from_certification_id
    current = transfers.current_credential(connection, body, certification)
    assert current is not None  # noqa: S101, only an issued certification is transferred
    return {
        "certificate": secured(bytes(current.signing_input), bytes(current.signature)),
        "cycle": current.facts["cycle"],
        "audits": [
            {
                "kind": one.kind,
                "first_day": _day(one.first_day),
                "last_day": _day(one.last_day),
                "report_sha256": b64u(bytes(one.report_sha256)),
            }
            for one in transfers.audits_of(connection, body, certification)
        ],
        "nonconformities": [
            {
                "grade": one.grade,
                "clause": one.clause,
                "description": one.description,
                "due_on": _day(one.due_on),
                "plan_accepted": one.plan_accepted,
            }
            for one in transfers.nonconformities_of(connection, body, certification)
        ],
        "complaints": [
            {"received_on": _day(one.received_on), "summary": one.summary, "closed": one.closed}
            for one in given.complaints
        ],
        "planned_day": _day(given.planned_day),
    }


def _check_outside(outside: OutsideCertificate) -> None:
    """What will stand in a signed certificate is well formed before anything rests on it."""
    check_country(outside.country, "/previous/country")
    check_name(outside.number, "/previous/number")
    if not outside.body_names or not outside.sites or len(outside.number) > LONGEST_LABEL:
        raise AkashiError("value_refused", field="/previous")
    for place, (name, language) in enumerate(outside.body_names):
        check_name(name, f"/previous/body_names/{place}/name")
        check_language(language, f"/previous/body_names/{place}/language")
    for place, site in enumerate(outside.sites):
        check_name(site.label, f"/previous/sites/{place}/label")
        check_country(site.country, f"/previous/sites/{place}/country")
    if not outside.initially_certified_on <= outside.cycle_started_on <= outside.last_valid_day:
        raise AkashiError("cycle_out_of_order", field="/previous/cycle_started_on")


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
