"""Decisions: drafted, confirmed by the deciders' own evidence, signed by the body (ISO/IEC 17021-1 9.5).

A draft decides nothing. Its document is fixed with its date; when the last named decider's evidence arrives, the
database judges the decision by every rule, the body's key signs it, and an act that changes standing without a new
certificate (suspend, restore, withdraw, cancel, annul) takes effect in the same second commit, published before the
answer. A grant or an amendment is then issued (`issuance`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.conformity.identifiers import subject_of
from app.conformity.names import check_text
from app.conformity.periods import instant_text
from app.credentials.facts import CertificateFacts
from app.credentials.facts_json import facts_as_json, facts_digest, facts_from_json
from app.credentials.statement import read_statement, statement_input
from app.credentials.strict_json import parse_object
from app.errors import AkashiError
from app.registry.drafts import Draft, Sealing, commit_to, keep_draft, read_draft, record_confirmation
from app.registry.gathered_facts import History, Plan, Wanted, version_facts
from app.registry.recomposition import (
    EVENT,
    MAX_DOCUMENT_BYTES,
    draft_input,
    facts_columns,
    next_event,
)
from app.registry.registry import Registry
from app.registry.requests import Request, once
from app.registry.sealing import Fact, Record, Sealed, open_act, reserve, seal_act
from app.registry.status_publication import republish_status
from app.registry.transfer import closing_instant, taken_over
from app.storage import certifications, committees, envelopes
from app.storage.rows import Connection, Row

DECISION = "akashi-decision-1"
REFUSE = "refuse"
TRANSFER_OUT = "transfer_out"
TAKEN_OVER = "taken_over"
ABSTAINED = "abstained"


@dataclass(frozen=True)
class Ballot:
    """How the members of a committee voted: for, against or abstained."""

    committee: UUID
    votes: Mapping[UUID, str]

    @property
    def voters(self) -> tuple[UUID, ...]:
        """Those whose evidence the decision needs."""
        return tuple(member for member, vote in self.votes.items() if vote != ABSTAINED)


@dataclass(frozen=True)
class Proposal:
    """What a draft decides: `effective_on` absent means the day of the decision."""

    certification: str
    act: str
    decided_on: date
    deciders: tuple[UUID, ...]
    effective_on: date | None = None
    until: date | None = None
    relied_on: tuple[UUID, ...] = ()
    accreditations: tuple[UUID, ...] = ()
    certificate: Wanted | None = None
    reason: tuple[str, str] | None = None
    annuls: int | None = None
    ratifies: int | None = None
    effective_at: datetime | None = None
    ballot: Ballot | None = None
    late_reason: str | None = None
    history: History | None = None


@dataclass(frozen=True)
class Decision:
    """A confirmed and signed decision, with the standing event if it brought one about."""

    id: UUID
    certification: str
    act: str
    decision_jws: str
    event_jws: str | None


def draft_decision(registry: Registry, actor: Actor, proposal: Proposal, *, request: Request | None = None) -> Draft:
    """A draft stands in the records; nobody has decided yet. A repeated request gets the draft of the first time."""
    demand(actor, Scope.CERTIFICATES_PREPARE)
    made = once(registry, acting_party(actor), request, lambda connection: make_draft(connection, actor, proposal))
    return read_draft(registry, actor, made)


def make_draft(connection: Connection, actor: Actor, proposal: Proposal) -> UUID:
    """The same within the caller's transaction; returns the draft's id.

    1. The certification is the actor's body's, its act one that the scheme knows.
    2. What the certificate will say is gathered from the records and fixed by digest.
    3. The document is kept, with the salts of deciders and reason.
    """
    body, draft = acting_party(actor), uuid4()
    _check_said(proposal)
    certification = certifications.find_certification(connection, body, proposal.certification)
    if certification is None:
        raise AkashiError("unknown_certification", field="/certification")
    kind = certifications.decision_type(connection, proposal.act)
    if kind is None:
        raise AkashiError("unknown_act", field="/act")
    effective_on, effective_at = _takes_effect(connection, body, certification, proposal)

    accreditations, facts = _what_is_certified(connection, body, certification, kind, proposal, effective_on)

    ballot = proposal.ballot
    if bool(proposal.deciders) == bool(ballot):
        raise AkashiError("deciders_or_ballot", field="/deciders")
    if ballot and committees.find_committee(connection, body, ballot.committee) is None:
        raise AkashiError("unknown_committee", field="/ballot/committee")
    people = {person: commit_to(str(person)) for person in (ballot.voters if ballot else proposal.deciders)}
    abstained = {person: commit_to(str(person)) for person in (ballot.votes if ballot else ()) if person not in people}
    reason = commit_to("\n".join(proposal.reason)) if proposal.reason else None
    document = {
        "type": DECISION,
        "decision": str(draft),
        "body": str(body),
        "certification": certification.public_id,
        "act": proposal.act,
        "decided_on": proposal.decided_on.isoformat(),
        "time_zone": certification.time_zone,
        "effective_on": effective_on.isoformat(),
        "effective_at": instant_text(effective_at) if effective_at else None,
        "until": proposal.until.isoformat() if proposal.until else None,
        "facts_sha256": facts_digest(facts) if facts else None,
        "relied_on": sorted(str(audit) for audit in proposal.relied_on),
        "accreditations": sorted(str(one) for one in accreditations),
        "deciders": sorted(sealing.commitment for sealing in people.values()),
        "reason_commitment": reason.commitment if reason else None,
        "annuls": proposal.annuls,
        "ratifies": proposal.ratifies,
        "committee": _votes(ballot, people | abstained) if ballot else None,
    }
    keep_draft(
        connection,
        actor,
        draft=draft,
        kind="decision",
        document=document,
        people={person: sealing.salt for person, sealing in people.items()},
        facts=facts_as_json(facts) if facts else None,
        late_reason=proposal.late_reason,
    )
    if ballot:
        _keep_votes(connection, body, draft, ballot, people | abstained)
    if proposal.reason and reason:
        code, text = proposal.reason
        envelopes.add_draft_reason(connection, body=body, draft=draft, code=code, text=text, salt=reason.salt)
    certifications.add_draft_links(
        connection, body=body, draft=draft, audits=proposal.relied_on, accreditations=accreditations
    )
    return draft


def confirm_decision(registry: Registry, actor: Actor, draft: UUID, presented_evidence: object) -> Decision | Draft:
    """The decision stands signed, or the draft still awaits another decider's evidence; safe to repeat.

    1. The evidence is checked against the decider's enrolled key and this document.
    2. First commit, once all have confirmed: the decision, judged by the rules; the exact bytes to be signed.
    3. The body's key signs; second commit: the signed decision, and the standing event if it needs no new version.
    4. What changed is published before the answer.
    """
    demand(actor, Scope.CERTIFICATES_PREPARE)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        kept = record_confirmation(connection, actor, draft, presented_evidence)
        if kept.kind != "decision":
            raise AkashiError("unknown_draft")
        act = envelopes.act_of_draft(connection, body, draft, "decide")
        if act is None and not kept.awaited:
            act = decide(connection, body, draft)
    if act is None:
        return kept
    return finish_decision(registry, body, act, draft)


def finish_decision(registry: Registry, body: UUID, act: UUID, draft: UUID) -> Decision:
    """Sign and store what the first commit reserved; for the act itself and for whoever finds it unfinished."""
    sealed = seal_act(registry, body, act, recorder(body, draft))
    with registry.database.transaction(body=body) as connection:
        decision = certifications.find_decision(connection, body, draft)
        assert decision is not None  # noqa: S101, the first commit wrote it
        certification = certifications.certification_by_id(connection, body, decision.certification_id)
        assert certification is not None  # noqa: S101, a foreign key leads there
    if EVENT in sealed:
        republish_status(registry)
    event = sealed[EVENT].jws if EVENT in sealed else None
    return Decision(draft, certification.public_id, decision.act, sealed[DECISION].jws, event)


def _check_said(proposal: Proposal) -> None:
    """What people read later reads to everybody as it was meant: raises for what cannot be seen in a text."""
    if proposal.reason:
        check_text(proposal.reason[1], "/reason/text")
    if proposal.late_reason is not None:
        check_text(proposal.late_reason, "/late_reason")


def _takes_effect(
    connection: Connection, body: UUID, certification: Row[Any], proposal: Proposal
) -> tuple[date, datetime | None]:
    """The day, and the instant where one is decided: a transfer closes when the new certificate begins."""
    instant = proposal.effective_at
    if proposal.act == TRANSFER_OUT and instant is None:
        instant = closing_instant(connection, body, certification.id)
    if instant is not None and proposal.effective_on is None:
        return instant.astimezone(ZoneInfo(certification.time_zone)).date(), instant
    return proposal.effective_on or proposal.decided_on, instant


def _keep_votes(
    connection: Connection, body: UUID, draft: UUID, ballot: Ballot, members: Mapping[UUID, Sealing]
) -> None:
    for member, sealing in members.items():
        committees.add_vote(
            connection,
            body=body,
            draft=draft,
            committee=ballot.committee,
            person=member,
            vote=ballot.votes[member],
            salt=sealing.salt,
        )


def _votes(ballot: Ballot, members: Mapping[UUID, Sealing]) -> dict[str, Any]:
    """The votes as the document says them: each member behind a commitment, in its order."""
    votes = [{"member": sealing.commitment, "vote": ballot.votes[member]} for member, sealing in members.items()]
    return {"votes": sorted(votes, key=lambda one: one["member"])}


def recorder(body: UUID, draft: UUID) -> Record:
    """What the second commit of a decision adds to its signature: the event, if it brings one about by itself."""

    def record(connection: Connection, sealed: Mapping[str, Sealed]) -> None:
        if EVENT in sealed:
            decided = certifications.find_decision(connection, body, draft)
            assert decided is not None  # noqa: S101, the first commit wrote it
            record_event(connection, body, decided, sealed[EVENT])

    return record


def _what_is_certified(
    connection: Connection, body: UUID, certification: Row[Any], kind: Row[Any], proposal: Proposal, effective_on: date
) -> tuple[tuple[UUID, ...], CertificateFacts | None]:
    """The accreditations that the act stands on, and the facts of the version it will make, if it makes one.

    Those of the version in force stay unless others are named.
    """
    latest = certifications.last_version(connection, body, certification.id)
    inherited = certifications.accreditations_of(connection, body, latest.decision_id) if latest else ()
    accreditations = proposal.accreditations or inherited
    if not kind.makes_version:
        return accreditations, None
    return accreditations, version_facts(
        connection,
        Plan(
            body,
            certification,
            kind,
            proposal.decided_on,
            effective_on,
            proposal.relied_on,
            accreditations,
            proposal.certificate,
            taken_over(connection, body, certification.id) if kind.period == TAKEN_OVER else None,
            proposal.history,
        ),
    )


@dataclass(frozen=True)
class Drafted:
    """A draft of a decision with what it is about: its row, its document read, certification and kind of decision."""

    id: UUID
    row: Row[Any]
    document: Mapping[str, Any]
    certification: Row[Any]
    kind: Row[Any]


def drafted(connection: Connection, body: UUID, draft: UUID) -> Drafted:
    """The body's draft of a decision; raises `unknown_draft`."""
    row = envelopes.find_draft(connection, body, draft)
    if row is None or row.kind != "decision":
        raise AkashiError("unknown_draft")
    document = parse_object(row.document, max_bytes=MAX_DOCUMENT_BYTES)
    certification = certifications.find_certification(connection, body, document["certification"])
    kind = certifications.decision_type(connection, document["act"])
    assert certification is not None  # noqa: S101, the draft was made for it
    assert kind is not None  # noqa: S101, the draft was made with it
    return Drafted(draft, row, document, certification, kind)


def decide(connection: Connection, body: UUID, draft: UUID) -> UUID:
    """The first commit of a decision, all within the caller's transaction; a voided one is never decided again."""
    if certifications.find_decision(connection, body, draft) is not None:
        raise AkashiError("act_is_void")
    known = drafted(connection, body, draft)
    act, about = uuid4(), _subject(known.certification, known.document)
    fixed_at = open_act(
        connection, body=body, act=act, name="decide", draft=draft, subject=about, decides=known.document["act"]
    )

    key = judge(connection, body, known).thumbprint

    signed = [Fact(DECISION, "certification", about, draft_input(known.row.document, key), key)]
    if known.kind.makes_event and not known.kind.makes_version:
        decided = certifications.find_decision(connection, body, draft)
        assert decided is not None  # noqa: S101, it was just written
        event = next_event(connection, body, decided, known.certification, fixed_at)
        signed.append(Fact(EVENT, "certification", known.certification.subject, statement_input(event, key), key))
    reserve(connection, body, act, signed)
    return act


def judge(connection: Connection, body: UUID, known: Drafted) -> Row[Any]:
    """The decision stands in its row, judged by every rule of the database; returns the key that is to sign it."""
    document, facts = known.document, facts_from_json(known.row.facts) if known.row.facts else None
    certifications.add_decision(
        connection,
        body=body,
        decision=known.id,
        certification=known.certification.id,
        act=document["act"],
        decided_on=document["decided_on"],
        time_zone=document["time_zone"],
        effective_on=document["effective_on"],
        until=document["until"],
        effective_at=document["effective_at"],
        annuls_no=document["annuls"],
        ratifies_no=document["ratifies"],
        late_reason=known.row.late_reason,
        **(facts_columns(facts) if facts else {}),
    )
    key = certifications.key_for_decision(connection, body, known.id)
    if key is None:
        raise AkashiError("key_not_bound")
    return key


def _subject(certification: Row[Any], document: Mapping[str, Any]) -> bytes:
    """What the decision is logged about: a refusal about itself, so that no certificate's ID leads to it."""
    return subject_of(document["decision"]) if document["act"] == REFUSE else bytes(certification.subject)


def record_event(
    connection: Connection, body: UUID, decision: Row[Any], sealed: Sealed, version_no: int | None = None
) -> None:
    """The signed event takes its place in the chain."""
    payload = signed_payload(sealed.jws)
    certifications.add_event(
        connection,
        body=body,
        certification=decision.certification_id,
        event_no=payload["event_no"],
        act=payload["act"],
        from_state=payload["from_state"],
        to_state=payload["to_state"],
        decision=decision.id,
        version_no=version_no,
        effective_at=payload["effective_at"],
        until=payload["until"],
        envelope=sealed.envelope,
    )


def signed_payload(jws: str) -> dict[str, Any]:
    """The payload of a statement that this registry has just signed."""
    return read_statement(jws).payload
