"""Accreditation statements: granted, extended, reduced, renewed, suspended in whole or part, restored, ended.

An accreditation ends when its body withdraws it, when the certification body gives it up or ceases, or by the calendar,
which nobody states (ISO/IEC 17011 7.6 to 7.11). Each statement is the full resulting state, confirmed by an officer's
own evidence and signed by the accreditation body; its date counts from the start of that day in the accreditation's
zone. A suspension that is recorded wins against every certificate whose second commit has not yet happened. No
statement ever changes a certificate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.conformity.identifiers import subject_of
from app.conformity.names import check_name
from app.conformity.scope import Scope as Codes
from app.conformity.scope import covers
from app.credentials.strict_json import parse_object
from app.errors import AkashiError
from app.registry.drafts import Draft, commit_to, keep_draft, read_draft, record_confirmation
from app.registry.forms import check_country
from app.registry.recomposition import MAX_DOCUMENT_BYTES, draft_input
from app.registry.registry import Registry
from app.registry.requests import Request, once
from app.registry.sealing import Fact, Sealed, open_act, reserve, seal_act
from app.storage import accreditations, certifications, envelopes, recorded_facts
from app.storage.rows import Connection, Row

STATEMENT = "akashi-accreditation-statement-1"
_ACT_NAMES = {STATEMENT: "state", "akashi-key-binding-1": "bind", "akashi-accreditation-letter-1": "write"}


@dataclass(frozen=True)
class AccreditedScope:
    """What a body is accredited for: editions, technical areas, countries."""

    documents: tuple[str, ...]
    areas: tuple[str, ...]
    countries: tuple[str, ...]

    @property
    def codes(self) -> Codes:
        """The same as sets, to be compared."""
        return Codes.of(self.documents, self.areas, self.countries)


@dataclass(frozen=True)
class Sanction:
    """What a suspension takes away: everything, or these areas and countries; and which acts stay permitted."""

    whole: bool = True
    areas: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    permitted_acts: tuple[str, ...] = ()
    symbol_allowed: bool = False

    @property
    def is_clear(self) -> bool:
        """Whether it takes either everything or something named, not both and not nothing."""
        return self.whole != bool(self.areas or self.countries)


@dataclass(frozen=True)
class Change:
    """What is to be stated; None where the act leaves it as last stated.

    `scope` belongs to grant, extend and reduce, `sanction` to suspend, `valid_to` to grant and renew.
    """

    act: str
    effective_on: date
    scope: AccreditedScope | None = None
    sanction: Sanction | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class AccreditationStatement:
    """A signed statement of an accreditation body."""

    accreditation: UUID
    statement_no: int
    status: str
    jws: str


def draft_grant(
    registry: Registry,
    actor: Actor,
    *,
    accredited: UUID,
    scheme: str,
    number: str,
    scope: AccreditedScope,
    effective_on: date,
    valid_to: date,
    officer: UUID,
    request: Request | None = None,
) -> Draft:
    """A draft that would accredit a certification body for a scope until a last valid day.

    A number of which nothing was ever stated is free for a new draft about the same body and scheme.
    """
    demand(actor, Scope.ACCREDITATIONS)
    body = acting_party(actor)
    if valid_to <= effective_on:
        raise AkashiError("accreditation_period", field="/valid_to")
    check_name(number, "/number")

    def make(connection: Connection) -> UUID:
        own = recorded_facts.party(connection, body)
        if own is None or recorded_facts.party(connection, accredited) is None:
            raise AkashiError("unknown_party", field="/body")
        if recorded_facts.scheme(connection, scheme) is None:
            raise AkashiError("unknown_scheme", field="/scheme")
        accreditation = accreditations.unused_accreditation(connection, body, number, accredited, scheme)
        if accreditation is None:
            accreditation = uuid4()
            accreditations.add_accreditation(
                connection,
                body=body,
                accreditation=accreditation,
                accredited=accredited,
                scheme=scheme,
                number=number,
                time_zone=own.time_zone,
            )
        change = Change("grant", effective_on, scope, None, valid_to)
        return _draft(connection, actor, accreditation=accreditation, change=change, officer=officer)

    return read_draft(registry, actor, once(registry, body, request, make))


def draft_change(
    registry: Registry,
    actor: Actor,
    *,
    accreditation: UUID,
    change: Change,
    officer: UUID,
    request: Request | None = None,
) -> Draft:
    """A draft of the next statement about an accreditation; what the act does not change stays as last stated."""
    demand(actor, Scope.ACCREDITATIONS)
    body = acting_party(actor)

    def make(connection: Connection) -> UUID:
        last = accreditations.last_statement(connection, body, accreditation)
        if last is None:
            raise AkashiError("unknown_accreditation", field="/accreditation")
        return _draft(connection, actor, accreditation=accreditation, change=completed(last, change), officer=officer)

    return read_draft(registry, actor, once(registry, body, request, make))


def confirm_statement(
    registry: Registry, actor: Actor, draft: UUID, presented_evidence: object
) -> AccreditationStatement:
    """The statement stands signed by the accreditation body; safe to repeat.

    1. The officer's evidence is checked against the enrolled key and this document.
    2. First commit: the exact bytes of the statement, the next one of its accreditation.
    3. The accreditation body's key signs; second commit: the statement.
    """
    demand(actor, Scope.ACCREDITATIONS)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        kept = record_confirmation(connection, actor, draft, presented_evidence)
        if kept.kind != "accreditation_statement":
            raise AkashiError("unknown_draft")
        act = envelopes.act_of_draft(connection, body, draft, "state")
        if act is None:
            document = parse_object(kept.document, max_bytes=MAX_DOCUMENT_BYTES)
            about = document["accreditation"]
            act = reserve_statement(connection, body, kept, statement=STATEMENT, log_kind="accreditation", about=about)
    return finish_statement(registry, body, act, draft)


def finish_statement(registry: Registry, body: UUID, act: UUID, draft: UUID) -> AccreditationStatement:
    """Sign and store what the first commit reserved."""
    with registry.database.transaction(body=body) as connection:
        row = envelopes.find_draft(connection, body, draft)
    assert row is not None  # noqa: S101, the act rests on it
    document = parse_object(bytes(row.document), max_bytes=MAX_DOCUMENT_BYTES)

    def record(connection: Connection, sealed: Mapping[str, Sealed]) -> None:
        _record(connection, body, draft, document, sealed[STATEMENT])

    sealed = seal_act(registry, body, act, record)
    return AccreditationStatement(
        UUID(document["accreditation"]), document["statement_no"], document["status"], sealed[STATEMENT].jws
    )


def reserve_statement(
    connection: Connection, body: UUID, draft: Draft, *, statement: str, log_kind: str, about: str
) -> UUID:
    """The first commit of what an accreditation body states about an accreditation or a key; returns the act."""
    subject = subject_of(about)
    act = uuid4()
    open_act(
        connection,
        body=body,
        act=act,
        name=_ACT_NAMES[statement],
        draft=draft.id,
        subject=subject,
    )
    key = certifications.bound_key(connection, body, "accredit")
    if key is None:
        raise AkashiError("key_not_bound")
    fact = Fact(statement, log_kind, subject, draft_input(draft.document, key.thumbprint), key.thumbprint)
    reserve(connection, body, act, [fact])
    return act


def names_of(connection: Connection, party: UUID) -> list[dict[str, str]]:
    """A body's names as they stand in signed statements."""
    return [{"name": row.name, "language": row.language} for row in recorded_facts.party_names(connection, party)]


def completed(last: Row[Any], change: Change) -> Change:
    """The change with all that the last statement said and the act leaves as it is; raises what the act may not do.

    A suspension goes on through a reduction or a renewal; only a restoration ends it.
    """
    said = AccreditedScope(tuple(last.documents), tuple(last.areas), tuple(last.countries))
    if (change.act == "suspend") != (change.sanction is not None and change.sanction.is_clear):
        raise AkashiError("suspension_names_its_scope", field="/suspended")
    if (change.act in {"extend", "reduce"}) != (change.scope is not None):
        raise AkashiError("accreditation_scope_changed", field="/scope")
    if change.scope is not None:
        _check_scope(change.act, said, change.scope)
    if (change.act == "renew") != (change.valid_to is not None and change.valid_to > last.valid_to):
        raise AkashiError("renewal_not_later", field="/valid_to")
    if change.sanction is not None and not (
        set(change.sanction.areas) <= set(said.areas) and set(change.sanction.countries) <= set(said.countries)
    ):
        raise AkashiError("suspension_outside_scope", field="/suspended")
    goes_on = _sanction_of(last) if change.act in {"reduce", "renew"} else None
    return replace(
        change,
        scope=change.scope or said,
        sanction=change.sanction or goes_on,
        valid_to=change.valid_to or last.valid_to,
    )


def _check_scope(act: str, said: AccreditedScope, wanted: AccreditedScope) -> None:
    smaller, larger = (said, wanted) if act == "extend" else (wanted, said)
    if said.codes == wanted.codes or not covers(larger.codes, smaller.codes):
        raise AkashiError("scope_not_extended" if act == "extend" else "scope_not_reduced", field="/scope")


def _sanction_of(last: Row[Any]) -> Sanction | None:
    if last.status != "suspended":
        return None
    areas, countries = tuple(last.suspended_areas), tuple(last.suspended_countries)
    return Sanction(last.suspended_whole, areas, countries, tuple(last.permitted_acts), last.symbol_allowed)


def _draft(connection: Connection, actor: Actor, *, accreditation: UUID, change: Change, officer: UUID) -> UUID:
    body = acting_party(actor)
    row = accreditations.find_accreditation(connection, body, accreditation)
    last = accreditations.last_statement(connection, body, accreditation)
    assert row is not None and change.scope is not None and change.valid_to is not None  # noqa: S101, PT018, complete
    status = accreditations.next_status(connection, last.status if last else "none", change.act)
    if status is None:
        raise AkashiError("no_such_transition", field="/act")
    for country in change.scope.countries:
        check_country(country, "/scope/countries")
    draft, sealing, sanction = uuid4(), commit_to(str(officer)), change.sanction
    document = {
        "type": STATEMENT,
        "accreditation": str(accreditation),
        "number": row.number,
        "statement_no": (last.statement_no if last else 0) + 1,
        "accreditation_body": str(body),
        "accreditation_body_names": names_of(connection, body),
        "body": str(row.accredited_id),
        "body_names": names_of(connection, row.accredited_id),
        "act": change.act,
        "status": status,
        "scheme": row.scheme_code,
        "criteria": list(accreditations.criteria(connection, row.scheme_code)),
        "scope": {
            "documents": list(change.scope.documents),
            "areas": list(change.scope.areas),
            "countries": list(change.scope.countries),
        },
        "suspended": _suspended(sanction),
        "permitted_acts": list(sanction.permitted_acts) if sanction else [],
        "symbol_allowed": sanction.symbol_allowed if sanction else status == "active",
        "effective_on": change.effective_on.isoformat(),
        "time_zone": row.time_zone,
        "valid_to": change.valid_to.isoformat(),
        "confirmed_by_commitment": sealing.commitment,
    }
    keep_draft(
        connection,
        actor,
        draft=draft,
        kind="accreditation_statement",
        document=document,
        people={officer: sealing.salt},
    )
    return draft


def _suspended(sanction: Sanction | None) -> dict[str, Any] | None:
    if sanction is None:
        return None
    if sanction.whole:
        return {"whole": True}
    return {"areas": list(sanction.areas), "countries": list(sanction.countries)}


def _record(connection: Connection, body: UUID, draft: UUID, document: dict[str, Any], sealed: Sealed) -> None:
    accreditation = UUID(document["accreditation"])
    last = accreditations.last_statement(connection, body, accreditation)
    suspended = document["suspended"] or {}
    accreditations.add_statement(
        connection,
        body=body,
        accreditation=accreditation,
        statement_no=document["statement_no"],
        act=document["act"],
        from_status=last.status if last else "none",
        status=document["status"],
        documents=document["scope"]["documents"],
        areas=document["scope"]["areas"],
        countries=document["scope"]["countries"],
        criteria=document["criteria"],
        suspended_whole=suspended.get("whole", False),
        suspended_areas=suspended.get("areas", []),
        suspended_countries=suspended.get("countries", []),
        permitted_acts=document["permitted_acts"],
        symbol_allowed=document["symbol_allowed"],
        effective_on=document["effective_on"],
        valid_to=document["valid_to"],
        draft_id=draft,
        envelope_id=sealed.envelope,
    )
