"""Rows of the assessment: each belongs to its body, and one that was recorded is never changed."""

from __future__ import annotations

import pytest

from app.storage import assessment
from app.storage.rows import run
from tests.support.acts import refused, rows

TABLES = (
    "application",
    "application_review",
    "agreement",
    "disclosure_consent",
    "certification",
    "audit",
    "audit_certification",
    "audit_member",
    "audit_plan",
    "plan_member",
)


def test_another_body_finds_nothing(bare_world):
    opened = bare_world.open()
    first, _ = bare_world.audits(opened.public_id)
    [applied] = rows(bare_world, "SELECT id FROM akashi.application")
    [signed] = rows(bare_world, "SELECT id FROM akashi.agreement")
    with bare_world.database.transaction(body=bare_world.accreditation_body) as connection:
        assert assessment.find_application(connection, bare_world.body, applied.id) is None
        assert assessment.find_agreement(connection, bare_world.body, signed.id) is None
        assert assessment.find_audit(connection, bare_world.body, first) is None
        assert assessment.consents(connection, bare_world.body, signed.id) == ()


def test_the_latest_word_about_a_field_holds(bare_world):
    bare_world.open()
    [signed] = rows(bare_world, "SELECT id FROM akashi.agreement")
    with bare_world.database.transaction(body=bare_world.body) as connection:
        for granted in (False, True, False):
            assessment.add_consent(
                connection, body=bare_world.body, agreement=signed.id, field="soa", granted=granted,
                given_on=bare_world.today,
            )  # fmt: skip
        latest = {row.field: row.granted for row in assessment.consents(connection, bare_world.body, signed.id)}
    assert latest["soa"] is False
    assert latest["holder"] is True


def test_agreements_are_numbered_by_organisation(bare_world):
    organisation = bare_world.organisation
    with bare_world.database.transaction(body=bare_world.body) as connection:
        assert assessment.latest_agreement_version(connection, bare_world.body, organisation) == 0
    bare_world.open()
    with bare_world.database.transaction(body=bare_world.body) as connection:
        assert assessment.latest_agreement_version(connection, bare_world.body, organisation) == 1


@pytest.mark.parametrize("table", TABLES)
def test_what_was_recorded_stays(bare_world, table):
    bare_world.audits(bare_world.open().public_id)
    for statement in (f"UPDATE akashi.{table} SET recorded_at = recorded_at", f"DELETE FROM akashi.{table}"):
        with refused("unknown_reference"), bare_world.database.transaction(body=bare_world.body) as connection:
            run(connection, statement)
