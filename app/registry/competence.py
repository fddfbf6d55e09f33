"""Competence: shown per function, scheme and technical area, with its evidence and its period (17021-1 7.1, 7.2).

A function says what a person does for a body; competence says where they can do it. An audit team covers its areas
together, each reviewer and each decider alone, on the day of the act; the database refuses anything else.
"""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.conformity.names import check_text
from app.errors import AkashiError
from app.registry.drafts import carrier
from app.registry.known import known_person
from app.registry.registry import Registry
from app.storage import people

Function = Literal["auditor", "technical_expert", "reviewer", "decider", "appeal_handler"]


def give_competence(
    registry: Registry,
    actor: Actor,
    *,
    person: UUID,
    function: Function,
    scheme: str,
    areas: tuple[str, ...],
    evidence: str,
    valid_from: date,
    valid_to: date | None = None,
    evidence_sha256: bytes | None = None,
) -> None:
    """The person is competent in these areas from a day on; `evidence` says what showed it.

    The same competence from the same day is recorded once: a retry is `already_recorded` and changes nothing.
    """
    demand(actor, Scope.PEOPLE)
    body = acting_party(actor)
    check_text(evidence, "/evidence")
    if valid_to is not None and valid_to < valid_from:
        raise AkashiError("period_without_days", field="/valid_to")
    with registry.database.transaction(body=body) as connection:
        known_person(connection, body, person)
        people.add_competence(
            connection,
            body=body,
            person=person,
            function=function,
            scheme=scheme,
            areas=areas,
            evidence=evidence,
            evidence_sha256=evidence_sha256,
            valid_from=valid_from,
            valid_to=valid_to,
            carried_by=carrier(actor),
        )


def end_competence(
    registry: Registry,
    actor: Actor,
    *,
    person: UUID,
    function: Function,
    scheme: str,
    area: str,
    valid_from: date,
    last_day: date,
) -> None:
    """The competence recorded from `valid_from` holds until that day and no longer; what was done until then stands."""
    demand(actor, Scope.PEOPLE)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        known_person(connection, body, person)
        people.end_competence(
            connection,
            body=body,
            person=person,
            function=function,
            scheme=scheme,
            area=area,
            valid_from=valid_from,
            last_day=last_day,
            carried_by=carrier(actor),
        )
