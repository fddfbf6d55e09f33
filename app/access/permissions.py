"""Which scope each act needs, and the one place that refuses when it is missing.

A scope lets a client *carry* what a person decides; no scope decides. Reading what is public needs none.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

from app.access.actor import Actor
from app.errors import AkashiError, Fault


class Scope(StrEnum):
    """What a machine client may carry for its party; the text is also what the authorization server advertises."""

    ACCREDITATIONS = "accreditations"
    APPLICATIONS = "applications"
    AUDITS = "audits"
    CASES = "cases"
    CERTIFICATES_PREPARE = "certificates:prepare"
    CERTIFICATES_READ = "certificates:read"
    IDENTITIES = "identities"
    ORGANISATIONS = "organisations"
    PEOPLE = "people"
    SIGNATURES_SUBMIT = "signatures:submit"
    STATUS_READ = "status:read"
    TRANSFERS = "transfers"
    WEBHOOKS = "webhooks"


MEANING: dict[Scope, str] = {
    Scope.ACCREDITATIONS: "carry an accreditation body's statements and key bindings",
    Scope.APPLICATIONS: "record applications, reviews and agreements",
    Scope.AUDITS: "record audits, teams and findings",
    Scope.CASES: "record notices of change, complaints and appeals, and how they were handled",
    Scope.CERTIFICATES_PREPARE: "carry drafts and confirmations of decisions, and issue what was decided",
    Scope.CERTIFICATES_READ: "read the body's own certificates, decisions and drafts",
    Scope.IDENTITIES: "carry the registry's bindings of keys by identity alone",
    Scope.ORGANISATIONS: "record organisations, their names, identifiers and sites",
    Scope.PEOPLE: "record people, their functions and enrolled keys",
    Scope.SIGNATURES_SUBMIT: "hand in signatures made with the body's own key",
    Scope.STATUS_READ: "read the status of the body's certificates in bulk",
    Scope.TRANSFERS: "carry notices, answers and reviews of transfers between bodies",
    Scope.WEBHOOKS: "manage where events are delivered",
}


def demand(actor: Actor, scope: Scope) -> None:
    """The actor may carry what this scope covers; processes and the operator's commands are not machine clients."""
    if actor.kind == "machine" and scope not in actor.scopes:
        raise AkashiError("insufficient_scope", note=scope.value)


def demand_alive(actor: Actor) -> None:
    """The actor's body has not ceased; one that has reads its records, and erases what it must, but acts no more."""
    if actor.ceased:
        raise AkashiError("body_has_ceased")


def acting_party(actor: Actor) -> UUID:
    """The party in whose name the actor acts; whoever acts for none is refused."""
    if actor.party_id is None:
        raise AkashiError("acts_for_no_party")
    return actor.party_id


def parse_scopes(presented: Iterable[str]) -> frozenset[Scope]:
    """The scopes of these names; all unknown ones are told at once, and none at all is refused."""
    names = list(presented)
    known = {scope.value for scope in Scope}
    faults = tuple(Fault("unknown_scope", "/scope", name[:64]) for name in names if name not in known)
    if faults or not names:
        raise AkashiError("unknown_scope", faults=faults, field="/scope")
    return frozenset(Scope(name) for name in names)
