"""The next edition of the standard, and what its scheme stated about the end of the one before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import psycopg

from tests.support.world import ACCREDITED, STANDARD, World

NEXT = "ISO/IEC 42001:2028"
BOTH = replace(ACCREDITED, documents=(STANDARD, NEXT))


def publish_next(world: World) -> None:
    """The next edition is out, and the body is accredited for both."""
    record_next(world)
    world.change_accreditation("extend", scope=BOTH)


def record_next(world: World) -> None:
    """The next edition is out."""
    _record(
        world,
        "INSERT INTO akashi.normative_document (scheme_code, designation, use, title_en, title_ja, usable_from, origin) "
        "VALUES ('aims', %(next)s, 'requirements', 'Requirements, next edition', '要求事項、次の版', %(day)s, 'test')",
        day=world.ago(100),
    )


def state_end(world: World, usable_to: date, certificates_to: date, *, stated_on: date | None = None) -> None:
    """The scheme's owner states when the edition that is certified to so far ends."""
    _record(
        world,
        "INSERT INTO akashi.edition_transition (scheme_code, designation, successor, stated_on, usable_to, certificates_to, origin) "
        "VALUES ('aims', %(old)s, %(next)s, %(stated)s, %(usable)s, %(certificates)s, 'test')",
        stated=stated_on or world.ago(90),
        usable=usable_to,
        certificates=certificates_to,
    )


def _record(world: World, statement: str, **values: object) -> None:
    """As a migration would."""
    with psycopg.connect(world.fresh.superuser_url, autocommit=True) as connection:
        connection.execute(statement, {"old": STANDARD, "next": NEXT, **values})
