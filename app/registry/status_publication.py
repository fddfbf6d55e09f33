"""Status lists, published before the act that changed them answers (records, serving; W3C Bitstring Status List 1.0).

A list is a second witness of standing: each set bit is explained by a body-signed event or a successor version. Every
publication is signed, numbered, kept for ever, and counts for 24 hours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.credentials.canonical import canonical
from app.credentials.jws import ALGORITHM, secure, signing_input, split_jws
from app.credentials.strict_json import parse_object
from app.errors import AkashiError
from app.registry.registry import Registry
from app.registry.service_identity import service_did
from app.status.bitstring import MAXIMUM_ENCODED, Bitstring
from app.status.entry import Purpose, list_address
from app.status.list_credential import LIFETIME, StatusList, compose_status_list, read_status_list
from app.storage import publications
from app.storage.database import now
from app.storage.rows import Connection, Row

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


def republish_status(registry: Registry, *, anew: bool = False) -> bool:
    """All lists are published as they stand now; False if that took longer than an act may wait.

    The bits go on from those published last, where these still count, or with `anew` are found from all events. What
    could not be published in time is published by the next act or round (`republish_stale`); the events stand.
    """
    try:
        _publish(registry, anew=anew)
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
        return republish_status(registry, anew=True)
    return change is not None and change > published[0].recorded_at and republish_status(registry)


def _publish(registry: Registry, *, anew: bool) -> None:
    signer = registry.keys.signer(registry.publication_key)
    issuer = service_did(registry.base_url)
    header = {"alg": ALGORITHM, "cty": "vc", "kid": signer.thumbprint, "typ": "vc+jwt"}
    with registry.database.transaction("jobs") as connection:
        publications.wait_at_most(connection, PATIENCE_MS)
        publications.lock_publishing(connection)
        moment = publications.moment_of_publication(connection)
        lists = publications.status_lists(connection)
        bits = (None if anew else _moved_on(connection, registry.base_url, lists, moment)) or _found(connection, lists)
        for row in lists:
            credential = compose_status_list(
                registry.base_url,
                row.list_no,
                Purpose(row.purpose),
                bits[row.list_no],
                issuer=issuer,
                valid_from=moment,
            )
            jws = secure(signing_input(header, canonical(credential)), signer)
            publications.publish(connection, list_name(row.list_no), MEDIA_TYPE, jws.encode(), moment + LIFETIME)


def _found(connection: Connection, lists: Sequence[Row[Any]]) -> dict[int, Bitstring]:
    """The bits of each list from all versions and events."""
    found = {row.list_no: Bitstring(row.size) for row in lists}
    for list_no, places in publications.set_bits(connection).items():
        found[list_no].set(*places)
    return found


def _moved_on(
    connection: Connection, base_url: str, lists: Sequence[Row[Any]], moment: datetime
) -> dict[int, Bitstring] | None:
    """The bits of each list as published last, with what moved since; None unless every list has one that counts."""
    content = publications.newest_content(connection, [list_name(row.list_no) for row in lists])
    try:
        published = [_read(content[list_name(row.list_no)], base_url, row, moment) for row in lists]
    except (KeyError, AkashiError):  # a list was opened since, or the last ones no longer count
        return None
    bits = {row.list_no: one.bits for row, one in zip(lists, published, strict=True)}
    for row in publications.moved_bits(connection, min(one.valid_from for one in published)):
        (bits[row.list_no].set if row.is_set else bits[row.list_no].clear)(row.place)
    return bits


def _read(content: bytes, base_url: str, row: Row[Any], moment: datetime) -> StatusList:
    payload = parse_object(split_jws(content.decode("ascii")).payload, max_bytes=MAXIMUM_ENCODED)
    return read_status_list(payload, purpose=row.purpose, address=list_address(base_url, row.list_no), at=moment)
