"""What everybody may read: the views of schema public_record, through a role that sees nothing else."""

from __future__ import annotations

import json
from uuid import UUID

import psycopg
import pytest

from app.conformity.identifiers import subject_of
from app.registry import accreditation
from app.registry.agreement import FIELDS
from app.storage import public_record
from app.storage.public_record import Narrowed, Place
from app.storage.rows import many, run
from tests.support.acts import begin_issue, refused
from tests.support.world import ACCREDITED


def reading(world, query, *arguments):
    with world.database.transaction("reader") as connection:
        return query(connection, *arguments)


def test_a_certification_is_there_from_its_first_issued_version_on(world):
    opened = world.open()
    assert reading(world, public_record.certification, opened.public_id) is None
    world.issue(world.decide_grant(opened.public_id, world.audits(opened.public_id)))
    found = reading(world, public_record.certification, opened.public_id)
    assert (found.number, found.body_id, set(found.consented)) == ("FC-0001", world.body, set(FIELDS))


def test_what_the_holder_withholds_is_not_among_the_consented(world):
    granted = world.grant(consented=("scope", "sites"))
    found = reading(world, public_record.certification, granted.public_id)
    assert found.consented == ["scope", "sites"]


def test_signed_facts_come_by_subject_in_the_order_asked_and_by_ordinal(world):
    granted = world.grant()
    world.suspend(granted.public_id)
    own, statements = subject_of(granted.public_id), subject_of(str(world.known_accreditation))
    found = reading(world, public_record.envelopes, [statements, own])
    assert [(bytes(row.subject) == own, row.n) for row in found] == [
        (False, 1),
        (True, 1),
        (True, 2),
        (True, 3),
        (True, 4),
        (True, 5),
    ]


def test_what_is_only_reserved_is_not_public(world):
    opened = world.open()
    begin_issue(world, world.decide_grant(opened.public_id, world.audits(opened.public_id)))
    found = reading(world, public_record.envelopes, [subject_of(opened.public_id)])
    assert [row.statement for row in found] == ["akashi-decision-1"]


def test_versions_come_in_their_order(world):
    granted = world.grant()
    world.amend(granted.public_id)
    row = reading(world, public_record.certification, granted.public_id)
    versions = reading(world, public_record.versions, row.body_id, row.id)
    assert [version.version_no for version in versions] == [1, 2]


def test_bodies_are_read_with_their_names_and_keys(world):
    assert reading(world, public_record.party, world.body).kind == "certification_body"
    assert [row.name for row in reading(world, public_record.party_names, [world.body], None)] == [
        "Fictional Certification",
        "架空認証機関",
    ]
    (key,) = reading(world, public_record.signing_keys, world.body)
    assert (key.thumbprint, key.purpose) == (world.ring.certification.thumbprint, "certify")


def test_an_accreditation_is_read_with_every_statement(world):
    world.change_accreditation("suspend")
    name = world.known_accreditation
    assert reading(world, public_record.accreditation, name).accredited_id == world.body
    assert [row.id for row in reading(world, public_record.accreditations_of, world.accreditation_body)] == [name]
    statuses = [row.status for row in reading(world, public_record.statements, [name])]
    assert sorted(statuses) == ["active", "suspended"]


def test_an_accreditation_that_no_officer_has_confirmed_is_not_public(bare_world):
    drafted = accreditation.draft_grant(
        bare_world.registry,
        bare_world.ab_actor,
        accredited=bare_world.body,
        scheme="aims",
        number="FA-003",
        scope=ACCREDITED,
        effective_on=bare_world.today,
        valid_to=bare_world.ago(-1000),
        officer=bare_world.officer.id,
    )
    name = UUID(json.loads(drafted.document)["accreditation"])
    assert reading(bare_world, public_record.accreditation, name) is None
    assert reading(bare_world, public_record.accreditations_of, bare_world.body) == ()
    bare_world.confirm_statement(drafted)
    assert reading(bare_world, public_record.accreditation, name).number == "FA-003"


@pytest.mark.parametrize(
    "table",
    ["organisation", "person_name", "draft", "draft_reason", "confirmation", "audit", "finding", "reservation"],
)
def test_the_reader_sees_no_table_behind_the_views(world, table):
    with refused("unknown_reference"), world.database.transaction("reader") as connection:
        run(connection, f"SELECT FROM akashi.{table}")


def test_the_reader_writes_nothing(world):
    with refused("unknown_reference"), world.database.transaction("reader") as connection:
        run(connection, "INSERT INTO public_record.party (id) VALUES (gen_random_uuid())")


# --- Lists, read from a place on (C104) ---


def page(world, place=None, limit=100, **narrowed):
    wanted = Narrowed(world.now(), **narrowed)
    with world.database.transaction("reader") as connection:
        return public_record.directory(connection, wanted, place=place, limit=limit)


def test_a_certification_appears_with_its_first_version_and_keeps_its_place(world):
    opened = world.open("FC-1")
    assert page(world) == ()
    world.issue(world.decide_grant(opened.public_id, world.audits(opened.public_id)))
    second = world.grant("FC-2")
    places = [(row.sequence, row.public_id) for row in page(world)]
    world.amend(opened.public_id)
    assert [(row.sequence, row.public_id) for row in page(world)] == places
    assert [public_id for _, public_id in places] == [opened.public_id, second.public_id]


def test_a_place_works_after_its_row_is_gone(world):
    """C104: a cursor names a place, not a row."""
    issued = [world.grant(f"FC-{number}") for number in range(3)]
    rows = page(world)
    between = Place(rows[0].sequence, rows[0].public_id + "Z")
    assert [row.public_id for row in page(world, between)] == [one.public_id for one in issued[1:]]
    assert [row.public_id for row in page(world, Place(rows[2].sequence, "", backwards=True), limit=1)] == [
        issued[1].public_id
    ]


def test_bodies_come_page_by_page_in_both_directions(world):
    moment = world.now()
    with world.database.transaction("reader") as connection:
        everybody = public_record.parties(connection, None, None, 10, moment)
        after = public_record.parties(connection, None, Place(0, str(everybody[0].id)), 10, moment)
        before = public_record.parties(connection, None, Place(0, str(everybody[1].id), backwards=True), 10, moment)
    assert (after, before) == (everybody[1:], everybody[:1])


def test_scheme_data_is_complete(world):
    with world.database.transaction("reader") as connection:
        data = public_record.scheme_data(connection)
    assert data.keys() == public_record.SCHEME_DATA.keys()
    assert [name for name, rows in data.items() if not rows] == ["edition_transition"]  # no edition ends yet


# --- Search by name ---


def found_by_name(world, folded):
    return [row.number for row in page(world, name=folded)]


def test_a_part_of_a_name_finds_it_in_any_script(world):
    world.grant("FC-1")
    for folded in ("kasumi", "robotics", "ロボ", "霞", "s"):
        assert found_by_name(world, folded) == ["FC-1"]
    for folded in ("kasumi s", "ロホ", "x"):
        assert found_by_name(world, folded) == []


def test_nobody_is_found_by_a_name_without_consent_to_it_and_to_the_directory(world):
    """C124: the search reads names with its owner's eyes, and gives away none that is withheld."""
    world.grant("FC-1", consented=("holder", "scope"))
    world.grant("FC-2", consented=("directory", "scope"))
    with world.database.transaction("reader") as connection:
        found = many(connection, "SELECT * FROM akashi.found_by_name('kasumi', akashi.now())")
    assert found == ()


def test_the_search_by_name_reads_an_index(world):
    """C119: what is asked of many names is not answered by reading all of them."""
    with psycopg.connect(world.fresh.superuser_url) as connection:
        connection.execute("SET enable_seqscan = off")
        plan = connection.execute(
            "EXPLAIN SELECT name FROM akashi.organisation_name "
            "WHERE akashi.letter_pairs(folded) @> akashi.letter_pairs('kasumi')"
        ).fetchall()
    assert "organisation_name_letters" in str(plan)
