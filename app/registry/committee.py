"""Committees: who decides together, since when, and how many of them it takes (ISO/IEC 17021-1 9.5.1).

Membership is dated and never changed after a decision of the committee. How members voted stands in the draft of each
decision; whoever carried out an audit that the decision relies on abstains, and the quorum is counted without them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.conformity.names import check_name
from app.errors import AkashiError
from app.registry.registry import Registry
from app.registry.requests import Request, once
from app.storage import committees, people
from app.storage.rows import Connection


@dataclass(frozen=True)
class Member:
    """A person's time on a committee; `last_day` is None while it goes on."""

    person: UUID
    valid_from: date
    last_day: date | None


@dataclass(frozen=True)
class Committee:
    """A committee with everybody who sits or sat on it."""

    id: UUID
    name: str
    quorum_percent: int
    members: tuple[Member, ...]


def form_committee(
    registry: Registry, actor: Actor, *, name: str, quorum_percent: int, request: Request | None = None
) -> UUID:
    """A committee stands in the body's records, without members yet; returns its id."""
    demand(actor, Scope.PEOPLE)
    body = acting_party(actor)
    check_name(name, "/name")

    def make(connection: Connection) -> UUID:
        committee = uuid4()
        committees.add_committee(connection, body=body, committee=committee, name=name, quorum_percent=quorum_percent)
        return committee

    return once(registry, body, request, make)


def appoint_member(registry: Registry, actor: Actor, *, committee: UUID, person: UUID, valid_from: date) -> None:
    """The person sits on the committee from a day on; refused for a day on or before which it has decided."""
    demand(actor, Scope.PEOPLE)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        _demand_known(connection, body, committee)
        if people.find_person(connection, body, person) is None:
            raise AkashiError("unknown_person", field="/person")
        committees.add_member(connection, body=body, committee=committee, person=person, valid_from=valid_from)


def end_membership(
    registry: Registry, actor: Actor, *, committee: UUID, person: UUID, valid_from: date, last_day: date
) -> None:
    """The person's last day on the committee is recorded; what was decided until then stands."""
    demand(actor, Scope.PEOPLE)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        _demand_known(connection, body, committee)
        committees.end_member(
            connection, body=body, committee=committee, person=person, valid_from=valid_from, last_day=last_day
        )


def read_committee(registry: Registry, actor: Actor, committee: UUID) -> Committee:
    """A committee of the actor's body; another body's is unknown."""
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        row = committees.find_committee(connection, body, committee)
        if row is None:
            raise AkashiError("unknown_committee")
        sat = committees.members(connection, body, committee)
    members = tuple(Member(one.person_id, one.valid_from, one.last_day) for one in sat)
    return Committee(row.id, row.name, row.quorum_percent, members)


def _demand_known(connection: Connection, body: UUID, committee: UUID) -> None:
    if committees.find_committee(connection, body, committee) is None:
        raise AkashiError("unknown_committee")
