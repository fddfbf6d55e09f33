"""Organisations: names as registered in each script, their search key beside them, sites with their addresses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from app.registry import organisations
from app.registry.organisations import OrganisationName, SiteAddress, SiteFacts, SiteName
from app.storage.recorded_facts import organisation_names
from tests.support.acts import count, refused, rows

NAME = OrganisationName("Kasumi Robotics K.K.", "en", "Latn", "articles of incorporation")
SITE = SiteFacts((SiteName("Head office", "en"),), "JP", (SiteAddress("Chiyoda", "en"),))


def register(world, *names, **more):
    return organisations.register_organisation(
        world.registry, world.actor, names=names or (NAME,), country=more.pop("country", "JP"), **more
    )


def names_on(world, organisation, day):
    with world.database.transaction(body=world.body) as connection:
        return [row.name for row in organisation_names(connection, world.body, organisation, day)]


def test_a_name_is_kept_as_registered_and_found_by_its_folded_key(bare_world):
    name = "㈱霞\U000e0100ロボティクス﨑"
    organisation = register(bare_world, OrganisationName(name, "ja", "Jpan", "登記簿"))

    [kept] = rows(
        bare_world, "SELECT name, folded FROM akashi.organisation_name WHERE organisation_id = %(o)s", o=organisation
    )
    assert kept.name == name
    assert kept.folded == "霞ロボティクス崎"


def test_identifiers_are_kept_with_the_organisation(bare_world):
    organisation = register(bare_world, identifiers=(("jp_corporate_number", "8000000000001"), ("other", "X-1")))
    kept = rows(
        bare_world,
        "SELECT scheme, value FROM akashi.organisation_identifier WHERE organisation_id = %(o)s",
        o=organisation,
    )
    assert {(row.scheme, row.value) for row in kept} == {("jp_corporate_number", "8000000000001"), ("other", "X-1")}


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"name": "a\u200bb"}, "text_invisible", "/names/0/name"),
        ({"name": " Kasumi"}, "text_space", "/names/0/name"),
        ({"language": "jp_JP"}, "malformed_language", "/names/0/language"),
        ({"script": "Latin"}, "malformed_script", "/names/0/script"),
        ({"source": ""}, "text_empty", "/names/0/source"),
        ({"valid_from": date(2026, 2, 1), "valid_to": date(2026, 1, 1)}, "period_without_days", "/names/0/valid_to"),
    ],
)
def test_a_name_without_its_form_is_refused_by_its_field(bare_world, changes, code, field):
    with refused(code, field):
        register(bare_world, replace(NAME, **changes))


@pytest.mark.parametrize(
    ("identifier", "code"),
    [
        (("lei", "00000FICTIONALTEST75"), "malformed_lei"),
        (("jp_corporate_number", "8000000000002"), "malformed_corporate_number"),
    ],
)
def test_check_digits_are_verified(bare_world, identifier, code):
    with refused(code, "/identifiers/0/value"):
        register(bare_world, identifiers=(identifier,))


def test_an_organisation_needs_a_name_and_a_country(bare_world):
    with refused("name_missing", "/names"):
        organisations.register_organisation(bare_world.registry, bare_world.actor, names=(), country="JP")
    with refused("malformed_country", "/country"):
        register(bare_world, country="jp")


def test_nothing_is_half_registered(bare_world):
    before = count(bare_world, "organisation")
    with refused("already_recorded"):
        register(bare_world, NAME, NAME)
    assert count(bare_world, "organisation") == before


# --- Names in time ---


def test_a_name_that_ends_holds_until_its_last_day(bare_world):
    today = bare_world.today
    organisation = register(bare_world)
    organisations.end_name(
        bare_world.registry, bare_world.actor, organisation,
        name=NAME.name, language="en", script="Latn", last_day=today,
    )  # fmt: skip
    organisations.add_name(
        bare_world.registry, bare_world.actor, organisation,
        replace(NAME, name="Kasumi Holdings K.K.", valid_from=today + timedelta(days=1)),
    )  # fmt: skip

    assert names_on(bare_world, organisation, today) == [NAME.name]
    assert names_on(bare_world, organisation, today + timedelta(days=1)) == ["Kasumi Holdings K.K."]


def test_a_name_that_nobody_recorded_does_not_end(bare_world):
    organisation = register(bare_world)
    with refused("unknown_reference"):
        organisations.end_name(
            bare_world.registry, bare_world.actor, organisation,
            name="Another", language="en", script="Latn", last_day=bare_world.today,
        )  # fmt: skip


# --- Sites ---


def test_a_site_is_kept_with_names_and_addresses_in_their_order(bare_world):
    site = bare_world.head_office
    [kept] = rows(bare_world, "SELECT names, address FROM akashi.site WHERE id = %(site)s", site=site)
    assert kept.names == [
        {"name": "Head office", "language": "en", "script": "Latn"},
        {"name": "本社", "language": "ja", "script": "Jpan"},
    ]
    assert [address["locality"] for address in kept.address["addresses"]] == ["Chiyoda-ku", "千代田区"]
    assert "region" not in kept.address["addresses"][0], "what is not stated is absent"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"names": ()}, "name_missing", "/names"),
        ({"country": "J"}, "malformed_country", "/country"),
        ({"addresses": ()}, "address_missing", "/addresses"),
        ({"virtual": True}, "address_of_virtual_site", "/addresses"),
        ({"addresses": (SiteAddress("Chiyoda", "en", street="1\n2"),)}, "text_control", "/addresses/0/street"),
        ({"addresses": (SiteAddress("Chiyoda", "English"),)}, "malformed_language", "/addresses/0/language"),
        ({"names": (SiteName("HQ", "en", "latn"),)}, "malformed_script", "/names/0/script"),
    ],
)
def test_a_site_without_its_form_is_refused_by_its_field(bare_world, changes, code, field):
    with refused(code, field):
        organisations.add_site(bare_world.registry, bare_world.actor, bare_world.organisation, replace(SITE, **changes))


def test_a_virtual_site_has_no_address(bare_world):
    virtual = replace(SITE, virtual=True, addresses=())
    site = organisations.add_site(bare_world.registry, bare_world.actor, bare_world.organisation, virtual)
    [kept] = rows(bare_world, "SELECT address, virtual FROM akashi.site WHERE id = %(site)s", site=site)
    assert (kept.address, kept.virtual) == ({"addresses": []}, True)


# --- Registrations ---


def test_a_registration_that_ended_is_named_by_no_further_version(world):
    issued = world.grant().public_id
    old = {"scheme": "jp_corporate_number", "value": "8000000000001"}
    organisations.end_identifier(world.registry, world.actor, world.organisation, **old, last_day=world.today)
    with refused("already_recorded"):
        organisations.end_identifier(world.registry, world.actor, world.organisation, **old, last_day=world.today)
    world.amend(issued)
    (named,) = rows(
        world,
        "SELECT facts->'holder'->'identifiers' AS them FROM akashi.draft WHERE facts->'decision'->>'act' = 'amend'",
    )
    assert named.them == [{"scheme": "lei", "value": "00000FICTIONALTEST57"}]


# --- Others' ---


def test_organisations_of_others_read_as_unknown(bare_world):
    _, other = bare_world.add_certification_body("Another Certification")
    for organisation in (uuid4(), bare_world.organisation):
        with refused("unknown_organisation", "/organisation"):
            organisations.add_site(bare_world.registry, other, organisation, SITE)
        with refused("unknown_organisation", "/organisation"):
            organisations.add_name(bare_world.registry, other, organisation, NAME)


def test_a_client_without_the_scope_is_refused(bare_world):
    narrow = replace(bare_world.actor, scopes=frozenset({"audits"}))
    with refused("insufficient_scope"):
        organisations.register_organisation(bare_world.registry, narrow, names=(NAME,), country="JP")
