"""Two certificates of one scope: refused by the database until a competent person says that both are meant.

The same body certifies the same client, in one scheme, for a shared technical area at a shared site (or shared
criteria): mostly a mistake, sometimes meant. The confirmation is kept with its reason and shown in the dossier; it
decides nothing.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.conformity.names import check_text
from app.errors import AkashiError
from app.registry.registry import Registry
from app.storage import certifications, overlaps, people


def confirm_overlap(
    registry: Registry,
    actor: Actor,
    certification: UUID,
    *,
    other: UUID,
    person: UUID,
    reason: str,
    confirmed_on: date,
) -> None:
    """Both may stand side by side from now on; a retry is `already_recorded` and changes nothing."""
    demand(actor, Scope.APPLICATIONS)
    body = acting_party(actor)
    check_text(reason, "/reason")
    with registry.database.transaction(body=body) as connection:
        for one, field in ((certification, ""), (other, "/other")):
            if certifications.certification_by_id(connection, body, one) is None:
                raise AkashiError("unknown_certification", field=field)
        if people.find_person(connection, body, person) is None:
            raise AkashiError("unknown_person", field="/person")
        overlaps.add_confirmation(
            connection,
            body=body,
            certification=certification,
            other=other,
            person=person,
            reason=reason,
            confirmed_on=confirmed_on,
        )
