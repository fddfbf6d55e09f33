"""Committees over HTTP: formed, appointed to, left (ISO/IEC 17021-1 9.5.1)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from app.access.actor import Actor
from app.access.permissions import Scope
from app.api.bodies import FromBody, Presented, StrictRoute
from app.api.dependencies import TheRegistry, requires
from app.api.fields import Day
from app.api.idempotency import OnceOnly
from app.api.own import CREATED, NOTHING_TO_SAY, REFUSALS, Made, done_once, made, recorded
from app.api.shown import JSON
from app.registry import committee as committees
from app.registry.verification import as_bytes

ADDRESS = "/v1/committees"

router = APIRouter(tags=["People"], route_class=StrictRoute)

Client = Annotated[Actor, requires(Scope.PEOPLE)]


class NewCommittee(Presented):
    """A committee; `quorum_percent` is counted among the members who may vote on an item, 50 meaning more than half."""

    name: Annotated[str, Field(min_length=1, max_length=300)]
    quorum_percent: Annotated[int, Field(ge=50, le=100)]


class NewMember(Presented):
    """A person who sits on the committee from a day on."""

    person: UUID
    valid_from: Day


class EndedMembership(Presented):
    """A membership as it was recorded, and its last day."""

    person: UUID
    valid_from: Day
    last_day: Day


@router.post(ADDRESS, summary="Form a committee", status_code=CREATED, response_model=Made, responses=REFUSALS)
def form(registry: TheRegistry, actor: Client, wanted: Annotated[NewCommittee, FromBody()], once: OnceOnly) -> Response:
    """Form a committee without members yet."""
    committee = committees.form_committee(
        registry, actor, name=wanted.name, quorum_percent=wanted.quorum_percent, request=done_once(once)
    )
    return made(registry, f"{ADDRESS}/{committee}", Made(committee))


@router.get(
    f"{ADDRESS}/{{committee}}",
    summary="One committee with its members",
    response_model=committees.Committee,
    responses={404: {"description": "The body has no such committee."}},
)
def read(registry: TheRegistry, actor: Client, committee: UUID) -> Response:
    """Show a committee of one's own body with everybody who sits or sat on it."""
    return Response(as_bytes(committees.read_committee(registry, actor, committee)), media_type=JSON)


@router.post(
    f"{ADDRESS}/{{committee}}/members",
    summary="Appoint a member",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def appoint(
    registry: TheRegistry, actor: Client, committee: UUID, wanted: Annotated[NewMember, FromBody()]
) -> Response:
    """Record that a person sits on the committee from a day on."""
    committees.appoint_member(registry, actor, committee=committee, person=wanted.person, valid_from=wanted.valid_from)
    return recorded()


@router.post(
    f"{ADDRESS}/{{committee}}/ended-memberships",
    summary="End a membership",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def end(
    registry: TheRegistry, actor: Client, committee: UUID, ended: Annotated[EndedMembership, FromBody()]
) -> Response:
    """Record a member's last day; what the committee decided until then stands."""
    committees.end_membership(
        registry,
        actor,
        committee=committee,
        person=ended.person,
        valid_from=ended.valid_from,
        last_day=ended.last_day,
    )
    return recorded()
