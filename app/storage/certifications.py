"""Queries of certifications: decisions, reserved and issued versions, the chain of standing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from app.storage.rows import insert, insert_all, many, one, scalar

_CERTIFICATION = (
    "SELECT c.id, c.public_id, c.subject, c.scheme_code, c.organisation_id, c.agreement_id, c.number, "
    "p.time_zone FROM akashi.certification c JOIN akashi.party p ON p.id = c.body_id WHERE c.body_id = :body"
)


def find_certification(connection: Connection, body: UUID, public_id: str) -> Row[Any] | None:
    """The body's certification with this public ID, issued or not."""
    return one(connection, f"{_CERTIFICATION} AND c.public_id = :public_id", body=body, public_id=public_id)


def certification_by_id(connection: Connection, body: UUID, certification: UUID) -> Row[Any] | None:
    """The same by its internal id."""
    return one(connection, f"{_CERTIFICATION} AND c.id = :certification", body=body, certification=certification)


def undecided_import(
    connection: Connection, body: UUID, *, number: str, organisation: UUID, scheme: str, agreement: UUID | None
) -> Row[Any] | None:
    """What an earlier plan opened under this number, for the same holder and agreement, and nobody ever decided about."""
    return one(
        connection,
        f"{_CERTIFICATION} AND c.provenance = 'imported' AND c.number = :number AND c.organisation_id = :organisation "
        "AND c.scheme_code = :scheme AND c.agreement_id IS NOT DISTINCT FROM :agreement "
        "AND NOT EXISTS (SELECT FROM akashi.decision d WHERE d.body_id = c.body_id AND d.certification_id = c.id)",
        body=body,
        number=number,
        organisation=organisation,
        scheme=scheme,
        agreement=agreement,
    )


def last_event(connection: Connection, body: UUID, certification: UUID) -> Row[Any] | None:
    """Number and state of the newest standing event."""
    return one(
        connection,
        "SELECT event_no, to_state FROM akashi.standing_event WHERE body_id = :body AND certification_id = :certification "
        "ORDER BY event_no DESC LIMIT 1",
        body=body,
        certification=certification,
    )


def last_version(connection: Connection, body: UUID, certification: UUID) -> Row[Any] | None:
    """The newest issued version with what was decided for it."""
    return one(
        connection,
        "SELECT v.version_no, v.decision_id, v.effective_at, v.valid_until, d.last_valid_day, d.effective_on, f.facts "
        "FROM akashi.certificate_version v JOIN akashi.decision d ON d.body_id = v.body_id AND d.id = v.decision_id "
        "JOIN akashi.draft f ON f.body_id = d.body_id AND f.id = d.id "
        "WHERE v.body_id = :body AND v.certification_id = :certification ORDER BY v.version_no DESC LIMIT 1",
        body=body,
        certification=certification,
    )


def accreditations_of(connection: Connection, body: UUID, draft: UUID) -> tuple[UUID, ...]:
    """The accreditations that a decision names."""
    rows = many(
        connection,
        "SELECT accreditation_id FROM akashi.draft_accreditation WHERE body_id = :body AND draft_id = :draft "
        "ORDER BY accreditation_id",
        body=body,
        draft=draft,
    )
    return tuple(row.accreditation_id for row in rows)


def decision_type(connection: Connection, act: str) -> Row[Any] | None:
    """What a kind of decision brings about."""
    return one(
        connection,
        "SELECT act, makes_version, makes_event, extent, period, refers_to, ends, deciders FROM akashi.decision_type WHERE act = :act",
        act=act,
    )


def next_link(
    connection: Connection, body: UUID, certification: UUID, act: str, annuls: int | None
) -> tuple[str, int, str | None]:
    """How an act continues the chain: from which state, as which event, and where the transition table leads if it does.

    Where an act has several rows (a withdrawal overturned), the state before the event that it annuls is meant.
    """
    row = one(
        connection,
        "SELECT last.state, last.number + 1 AS number, (SELECT t.to_state FROM akashi.transition t "
        "WHERE t.from_state = last.state AND t.act = :act "
        "ORDER BY t.to_state = (SELECT e.from_state FROM akashi.standing_event e WHERE e.body_id = :body "
        "AND e.certification_id = :certification AND e.event_no = :annuls) DESC NULLS LAST LIMIT 1) AS to_state "
        "FROM ((SELECT to_state AS state, event_no AS number FROM akashi.standing_event WHERE body_id = :body "
        "AND certification_id = :certification ORDER BY event_no DESC LIMIT 1) "
        "UNION ALL SELECT 'none', 0 ORDER BY number DESC LIMIT 1) last",
        body=body,
        certification=certification,
        act=act,
        annuls=annuls,
    )
    assert row is not None  # noqa: S101, a chain without an event begins with none
    return row.state, row.number, row.to_state


def add_draft_links(
    connection: Connection, *, body: UUID, draft: UUID, audits: tuple[UUID, ...], accreditations: tuple[UUID, ...]
) -> None:
    """The audits and accreditations that the draft relies on."""
    named = {"body_id": body, "draft_id": draft}
    insert_all(connection, "draft_audit", [{**named, "audit_id": audit} for audit in audits])
    insert_all(connection, "draft_accreditation", [{**named, "accreditation_id": one} for one in accreditations])


def add_decision(connection: Connection, *, body: UUID, decision: UUID, certification: UUID, **columns: Any) -> None:
    """A confirmed decision; the database refuses one that breaks a rule."""
    insert(connection, "decision", body_id=body, id=decision, certification_id=certification, **columns)


def find_decision(connection: Connection, body: UUID, decision: UUID) -> Row[Any] | None:
    """A decision with its certification, document and facts."""
    return one(
        connection,
        "SELECT d.*, f.document, f.facts FROM akashi.decision d "
        "JOIN akashi.draft f ON f.body_id = d.body_id AND f.id = d.id WHERE d.body_id = :body AND d.id = :decision",
        body=body,
        decision=decision,
    )


def check_still_lawful(connection: Connection, body: UUID, decision: UUID, act: UUID) -> None:
    """Return if every rule that may have changed since the decision still allows the act; its refusal is raised."""
    scalar(
        connection,
        "SELECT akashi.still_lawful(d.body_id, d.certification_id, d.id, :act) FROM akashi.decision d "
        "WHERE d.body_id = :body AND d.id = :decision",
        body=body,
        decision=decision,
        act=act,
    )


def version_of_decision(connection: Connection, body: UUID, decision: UUID) -> Row[Any] | None:
    """The version issued on this decision, with its credential's parts."""
    return versions_of_decisions(connection, body, [decision]).get(decision)


def versions_of_decisions(connection: Connection, body: UUID, decisions: Sequence[UUID]) -> dict[UUID, Row[Any]]:
    """The same for many decisions; absent where nothing is issued."""
    rows = many(
        connection,
        "SELECT v.decision_id, v.version_no, v.envelope_id, r.signing_input, e.signature, e.n, e.recorded_at, c.public_id "
        "FROM akashi.certificate_version v "
        "JOIN akashi.reservation r ON r.body_id = v.body_id AND r.id = v.envelope_id "
        "JOIN akashi.envelope e ON e.body_id = v.body_id AND e.id = v.envelope_id "
        "JOIN akashi.certification c ON c.body_id = v.body_id AND c.id = v.certification_id "
        "WHERE v.body_id = :body AND v.decision_id = ANY (:decisions)",
        body=body,
        decisions=list(decisions),
    )
    return {row.decision_id: row for row in rows}


def claim_positions(connection: Connection, purposes: Sequence[str], act: UUID) -> tuple[Row[Any], ...]:
    """For each purpose a list and a position in it, drawn at random and never given again."""
    return many(
        connection,
        "SELECT p.purpose, c.list_no, c.position FROM unnest(CAST(:purposes AS text[])) WITH ORDINALITY p (purpose, place), "
        "LATERAL akashi.claim_position(p.purpose, :act) c ORDER BY p.place",
        purposes=list(purposes),
        act=act,
    )


def add_issuance_reservation(connection: Connection, *, body: UUID, reservation: UUID, **columns: Any) -> None:
    """The intended version with its status positions."""
    insert(connection, "issuance_reservation", body_id=body, reservation_id=reservation, **columns)


def find_issuance_reservation(connection: Connection, body: UUID, act: UUID) -> Row[Any] | None:
    """The intended version of an act."""
    return one(
        connection,
        "SELECT * FROM akashi.issuance_reservation WHERE body_id = :body AND act_id = :act",
        body=body,
        act=act,
    )


def add_version(
    connection: Connection,
    *,
    body: UUID,
    certification: UUID,
    version_no: int,
    decision: UUID,
    envelope: UUID,
    effective_at: datetime,
    valid_until: datetime,
) -> None:
    """An issued version over its sealed envelope."""
    insert(
        connection,
        "certificate_version",
        body_id=body,
        certification_id=certification,
        version_no=version_no,
        decision_id=decision,
        envelope_id=envelope,
        effective_at=effective_at,
        valid_until=valid_until,
    )


def add_event(
    connection: Connection,
    *,
    body: UUID,
    certification: UUID,
    event_no: int,
    act: str,
    from_state: str,
    to_state: str,
    decision: UUID,
    version_no: int | None,
    effective_at: datetime,
    until: date | None,
    envelope: UUID,
) -> None:
    """The next event of the chain over its sealed envelope."""
    insert(
        connection,
        "standing_event",
        body_id=body,
        certification_id=certification,
        event_no=event_no,
        act=act,
        from_state=from_state,
        to_state=to_state,
        decision_id=decision,
        version_no=version_no,
        effective_at=effective_at,
        until=until,
        envelope_id=envelope,
    )


def bound_key(connection: Connection, body: UUID, purpose: str = "certify") -> Row[Any] | None:
    """The body's newest key that is bound now, with its chain; for `accredit` and `identify` its own anchor."""
    return one(
        connection,
        "SELECT k.thumbprint, k.chain FROM akashi.signing_key k WHERE k.party_id = :body AND k.purpose = :purpose "
        "AND akashi.key_is_bound(:body, k.thumbprint, akashi.now()) ORDER BY k.recorded_at DESC LIMIT 1",
        body=body,
        purpose=purpose,
    )


def key_for_decision(connection: Connection, body: UUID, decision: UUID) -> Row[Any] | None:
    """The body's newest key that may sign what this recorded decision asserts, with its chain."""
    return one(
        connection,
        "SELECT k.thumbprint, k.chain FROM akashi.signing_key k WHERE k.party_id = :body AND k.purpose = 'certify' "
        "AND akashi.key_serves(:body, k.thumbprint, :decision, akashi.now()) ORDER BY k.recorded_at DESC LIMIT 1",
        body=body,
        decision=decision,
    )


def chain_of(connection: Connection, body: UUID, thumbprint: str) -> tuple[bytes, ...]:
    """The X.509 chain of a body's key, leaf first."""
    chain = scalar(
        connection,
        "SELECT chain FROM akashi.signing_key WHERE party_id = :body AND thumbprint = :thumbprint",
        body=body,
        thumbprint=thumbprint,
    )
    return tuple(bytes(certificate) for certificate in chain or ())
