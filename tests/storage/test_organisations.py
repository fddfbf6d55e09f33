"""Rows of organisations: known to their body alone; a name ends in a row of its own."""

from __future__ import annotations

from app.storage import organisations
from tests.support.acts import refused


def test_another_body_sees_no_organisation(bare_world):
    organisation = bare_world.organisation
    with bare_world.database.transaction(body=bare_world.body) as connection:
        assert organisations.find_organisation(connection, bare_world.body, organisation).country == "JP"
    with bare_world.database.transaction(body=bare_world.accreditation_body) as connection:
        assert organisations.find_organisation(connection, bare_world.body, organisation) is None


def test_a_name_ends_once(bare_world):
    ended = {
        "body": bare_world.body,
        "organisation": bare_world.organisation,
        "name": "Kasumi Robotics K.K.",
        "language": "en",
        "script": "Latn",
        "last_day": bare_world.today,
    }
    with bare_world.database.transaction(body=bare_world.body) as connection:
        organisations.end_name(connection, **ended)
    with refused("already_recorded"), bare_world.database.transaction(body=bare_world.body) as connection:
        organisations.end_name(connection, **ended)


def test_a_site_belongs_to_an_organisation_of_the_body(bare_world):
    with refused("unknown_reference"), bare_world.database.transaction(body=bare_world.body) as connection:
        organisations.add_site(
            connection,
            body=bare_world.body,
            organisation=bare_world.decider.id,
            site=bare_world.decider.id,
            names=[],
            addresses=[],
            country="JP",
            virtual=True,
            central_function=False,
        )
