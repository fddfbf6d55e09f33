"""For tests of decisions by several: ballots, sheets, and audits led by somebody in particular."""

from __future__ import annotations

from uuid import UUID

from app.registry import audit, decision
from app.registry.drafts import Draft
from tests.support.world import World, WorldPerson


def draft_by_ballot(world: World, public_id: str, ballot: decision.Ballot | None, audits: tuple[UUID, ...]) -> Draft:
    """A grant on which a committee votes; nobody has confirmed yet."""
    world.lay_groundwork(public_id, "grant", world.today, world.wanted())
    proposal = decision.Proposal(
        public_id,
        "grant",
        world.today,
        (),
        relied_on=audits,
        accreditations=(world.known_accreditation,),
        certificate=world.wanted(),
        ballot=ballot,
    )
    return decision.draft_decision(world.registry, world.actor, proposal)


def draft_grant(world: World, number: str, *, findings: tuple[audit.Finding, ...] = ()) -> Draft:
    """A grant drafted for one decider, on audits with these findings."""
    opened = world.open(number)
    return world.draft(
        opened.public_id,
        "grant",
        relied_on=world.audits(opened.public_id, findings=findings),
        accreditations=(world.known_accreditation,),
        certificate=world.wanted(),
    )


def audits_led_by(world: World, public_id: str, leader: WorldPerson) -> tuple[UUID, UUID]:
    """Both stages, led by this person."""
    team = (audit.TeamMember(leader.id, "team_leader"),)
    first = world.audit(public_id, "stage_1", last_day=world.ago(20), team=team)
    second = world.audit(public_id, "stage_2", last_day=world.ago(10), stage_1=first.id, team=team)
    return first.id, second.id
