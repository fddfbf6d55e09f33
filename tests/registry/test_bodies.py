"""Bodies as anyone may read them: accredited for what, since when, with which bound keys."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from app.credentials.statement import read_statement
from app.registry.accreditation import Sanction
from app.registry.bodies import accreditation_record, body_record, list_bodies
from tests.support.acts import refused


def test_a_body_that_is_not_accredited_is_registered_and_no_more(bare_world):
    _, record = body_record(bare_world.registry, bare_world.body)
    assert (record.accreditations, record.keys[0].bindings) == ((), ())


def test_an_accreditation_bodys_own_key_needs_no_binding(world):
    _, record = body_record(world.registry, world.accreditation_body)
    assert [(key.purpose, key.bindings) for key in record.keys] == [("accredit", ())]


def test_a_statement_can_be_checked_by_whoever_reads_it(world):
    _, record = accreditation_record(world.registry, world.accreditation)
    statement = read_statement(record.statements[0].jws)
    assert statement.payload["accreditation"] == str(world.accreditation)
    assert statement.kid == world.ring.accreditation.thumbprint


def test_the_status_is_that_of_the_last_statement_that_counts(world):
    assert accreditation_record(world.registry, world.accreditation)[1].status == "active"
    world.change_accreditation("suspend", sanction=Sanction(whole=False, areas=("robotics",)))
    assert accreditation_record(world.registry, world.accreditation)[1].status == "suspended"
    world.change_accreditation("withdraw", effective_on=world.ago(-2))
    moment, record = accreditation_record(world.registry, world.accreditation)
    assert record.status == "suspended"
    assert moment.until <= world.now() + timedelta(days=3)


def test_after_its_last_day_it_is_expired(world):
    world.set_clock(world.now() + timedelta(days=1300))
    assert accreditation_record(world.registry, world.accreditation)[1].status == "expired"


def test_before_its_first_day_there_is_none(bare_world):
    bare_world.accredit(effective_on=bare_world.ago(-5))
    assert accreditation_record(bare_world.registry, bare_world.accreditation)[1].status == "none"


def test_what_is_not_there_is_unknown(world):
    with refused("unknown_body"):
        body_record(world.registry, uuid4())
    with refused("unknown_accreditation"):
        accreditation_record(world.registry, uuid4())


def test_bodies_are_listed_by_kind(world):
    assert {one.kind for one in list_bodies(world.registry, limit=10)} == {"accreditation_body", "certification_body"}
    (one,) = list_bodies(world.registry, kind="accreditation_body", limit=10)
    assert one.id == world.accreditation_body
