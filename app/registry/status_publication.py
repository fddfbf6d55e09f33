"""Status lists, published before the act that changed them answers (records, serving; W3C Bitstring Status List 1.0).

A list is a second witness of standing: each set bit is explained by a body-signed event or a successor version. Every
publication is signed, numbered, kept for ever, and counts for 24 hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.credentials.canonical import canonical
from app.credentials.jws import ALGORITHM, secure, signing_input
from app.errors import AkashiError
from app.registry.registry import Registry
from app.registry.service_identity import service_did
from app.status.bitstring import Bitstring
from app.status.entry import Purpose
from app.status.list_credential import LIFETIME, compose_status_list
from app.storage import publications
from app.storage.database import now

MEDIA_TYPE = "application/vc+jwt"
PATIENCE_MS = 2000
SOON = LIFETIME / 4
"""Lists are published anew while a quarter of their life is left, so that a missed round harms nobody."""


def list_name(list_no: int) -> str:
    """Under which name a list is published."""
    return f"status/{list_no}"


@dataclass(frozen=True)
class Publication:
    """One publication of a name: its number, when it was made, until when it counts."""

    name: str
    number: int
    recorded_at: datetime
    valid_until: datetime


def newest_publications(registry: Registry) -> tuple[Publication, ...]:
    """The newest publication of each name, the oldest first."""
    with registry.database.transaction("jobs") as connection:
        rows = publications.newest(connection)
    return tuple(Publication(row.name, row.number, row.recorded_at, row.valid_until) for row in rows)


def republish_status(registry: Registry) -> bool:
    """All lists are published as they stand now; False if that took longer than an act may wait.

    What could not be published in time is published by the next act or round (`republish_stale`); the events stand.
    """
    try:
        _publish(registry)
    except AkashiError as error:
        if error.code not in {"try_again", "outcome_unknown"}:
            raise
        return False
    return True


def republish_stale(registry: Registry) -> bool:
    """Whether the lists were published anew, because something moved a bit since or they will soon not count."""
    with registry.database.transaction("jobs") as connection:
        published = publications.newest(connection)
        change = publications.last_change(connection)
        soon = now(connection) + SOON
    if not published or min(one.valid_until for one in published) <= soon:
        return republish_status(registry)
    return change is not None and change > published[0].recorded_at and republish_status(registry)


def _publish(registry: Registry) -> None:
    signer = registry.keys.signer(registry.publication_key)
    issuer = service_did(registry.base_url)
    header = {"alg": ALGORITHM, "cty": "vc", "kid": signer.thumbprint, "typ": "vc+jwt"}
    with registry.database.transaction("jobs") as connection:
        publications.wait_at_most(connection, PATIENCE_MS)
        publications.lock_publishing(connection)
        moment = publications.moment_of_publication(connection)
        set_bits = publications.set_bits(connection)
        for row in publications.status_lists(connection):
            bits = Bitstring(row.size)
            bits.set(*set_bits.get(row.list_no, ()))
            credential = compose_status_list(
                registry.base_url, row.list_no, Purpose(row.purpose), bits, issuer=issuer, valid_from=moment
            )
            jws = secure(signing_input(header, canonical(credential)), signer)
            publications.publish(connection, list_name(row.list_no), MEDIA_TYPE, jws.encode(), moment + LIFETIME)
