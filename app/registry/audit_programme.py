"""The audit programme: the audits and the sites of a whole cycle (ISO/IEC 17021-1 9.1.3, 9.1.5).

A cycle is planned before the decision that begins it. A site enters a certificate only when it is in the programme;
where not every site is visited, the programme says why the sample suffices. A newer version replaces the last.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.conformity.names import check_text
from app.errors import AkashiError
from app.registry.audit import Kind
from app.registry.drafts import carrier
from app.registry.known import known_certification, known_person
from app.registry.registry import Registry
from app.registry.requests import Request, once
from app.storage import programmes
from app.storage.rows import Connection


@dataclass(frozen=True)
class ProgrammeFacts:
    """A cycle of a certification (by its public ID), its sites, those visited, and further audits by year of the cycle.

    `sampling` justifies that not every site is visited; the audits that the scheme foresees need not be listed.
    """

    certification: str
    established_on: date
    sites: tuple[UUID, ...]
    justified_by: UUID
    visited: tuple[UUID, ...] | None = None
    sampling: str | None = None
    cycle: int = 1
    further_audits: tuple[tuple[Kind, int], ...] = ()


def establish_programme(
    registry: Registry, actor: Actor, programme: ProgrammeFacts, *, request: Request | None = None
) -> UUID:
    """The next version of the cycle's programme stands in the records; returns its id.

    1. Certification and person are the body's own.
    2. The sites, and which of them are visited; the database demands a reason for a sample.
    3. The audits: those that the scheme foresees for such a cycle, and further ones.
    """
    demand(actor, Scope.AUDITS)
    body = acting_party(actor)
    if programme.sampling is not None:
        check_text(programme.sampling, "/sampling")
    visited = programme.sites if programme.visited is None else programme.visited
    if not set(programme.sites) <= set(visited) and programme.sampling is None:
        raise AkashiError("sampling_without_reason", field="/sampling")

    def make(connection: Connection) -> UUID:
        certification = known_certification(connection, body, programme.certification)
        known_person(connection, body, programme.justified_by, "/justified_by")

        made = uuid4()
        programmes.add_programme(
            connection,
            body=body,
            certification=certification.id,
            cycle=programme.cycle,
            id=made,
            established_on=programme.established_on,
            site_ids=programme.sites,
            visited_site_ids=visited,
            sampling=programme.sampling,
            person_id=programme.justified_by,
            carried_by=carrier(actor),
        )

        begun_by = "grant" if programme.cycle == 1 else "renew"
        programmes.add_scheme_audits(connection, body, made, certification.scheme_code, begun_by)
        programmes.add_programme_audits(connection, body, made, programme.further_audits)
        return made

    return once(registry, body, request, make)
