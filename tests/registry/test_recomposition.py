"""The bytes of every document follow from the records: the signer finds the same as the reservation."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from app.credentials.facts_json import facts_from_json
from app.credentials.statement import read_statement
from app.registry.recomposition import check_columns, event_instant, next_event, recompose
from app.storage import certifications, envelopes
from app.storage.database import now
from tests.support.acts import begin_decision, begin_issue, begin_statement, refused, rows, tamper

FIXED = datetime(2026, 11, 25, 9, 30, 15, 123456, tzinfo=UTC)


def decided(act, day, zone="Asia/Tokyo"):
    return SimpleNamespace(act=act, effective_on=day, effective_at=None, time_zone=zone)


def reserved_by(world, act):
    """What the keeper reads of each document that an open act has reserved."""
    ids = rows(world, "SELECT id FROM akashi.reservation WHERE act_id = %(act)s ORDER BY ordinal", act=act)
    with world.database.transaction("keeper") as connection:
        return [envelopes.to_sign(connection, row.id) for row in ids]


def test_every_kind_of_document_is_recomposed_to_the_reserved_bytes(world):
    amended, withdrawn = world.grant("FC-1"), world.grant("FC-2")
    withdrawal = world.draft(withdrawn.public_id, "withdraw", reason=("agreement_broken", "x"))
    suspension = world.draft_statement("suspend")
    acts = (
        begin_issue(world, world.decide(amended.public_id, "amend")),
        begin_decision(world, withdrawal),
        begin_statement(world, suspension),
    )

    reserved = [row for act in acts for row in reserved_by(world, act)]

    assert [row.statement for row in reserved] == [
        "certificate",
        "akashi-standing-event-1",
        "akashi-decision-1",
        "akashi-standing-event-1",
        "akashi-accreditation-statement-1",
    ]
    with world.database.transaction("keeper") as connection:
        assert all(recompose(connection, row, world.registry.base_url) == row.signing_input for row in reserved)


def test_a_certificate_recomposed_for_another_address_is_another(world):
    opened = world.open()
    act = begin_issue(world, world.decide_grant(opened.public_id, world.audits(opened.public_id)))
    certificate, _ = reserved_by(world, act)
    with world.database.transaction("keeper") as connection:
        assert recompose(connection, certificate, "https://other.example") != certificate.signing_input


def test_a_certificate_without_its_intended_version_is_unknown(world):
    opened = world.open()
    act = begin_issue(world, world.decide_grant(opened.public_id, world.audits(opened.public_id)))
    certificate, _ = reserved_by(world, act)
    tamper(world, "DELETE FROM akashi.issuance_reservation")
    with refused("unknown_reservation"), world.database.transaction("keeper") as connection:
        recompose(connection, certificate, world.registry.base_url)


def test_an_event_carries_out_its_decision_and_continues_the_chain(world):
    granted = world.grant()
    suspended = world.suspend(granted.public_id, until=world.ago(-20))
    decision, event = (read_statement(jws).payload for jws in (suspended.decision_jws, suspended.event_jws))
    assert {name: event[name] for name in ("until", "time_zone", "reason_commitment", "act")} == {
        name: decision[name] for name in ("until", "time_zone", "reason_commitment", "act")
    }
    assert (event["event_no"], event["previous_no"], event["from_state"]) == (2, 1, "active")


def test_no_event_leads_where_the_table_has_no_row(world):
    granted = world.grant()
    ended = world.withdraw(granted.public_id)
    with refused("no_such_transition"), world.database.transaction(body=world.body) as connection:
        decided = certifications.find_decision(connection, world.body, ended.id)
        certification = certifications.find_certification(connection, world.body, granted.public_id)
        next_event(connection, world.body, decided, certification, now(connection))


@pytest.mark.parametrize(
    ("act", "day", "instant"),
    [
        ("suspend", datetime(2026, 11, 25, tzinfo=UTC).date(), FIXED.replace(microsecond=123000)),
        ("suspend", datetime(2026, 11, 27, tzinfo=UTC).date(), datetime(2026, 11, 26, 15, tzinfo=UTC)),
        ("annul", datetime(2026, 11, 25, tzinfo=UTC).date(), datetime(2026, 11, 24, 15, tzinfo=UTC)),
    ],
    ids=["today_is_now", "a_later_day_is_its_start", "an_annulment_reaches_back"],
)
def test_an_event_takes_effect(act, day, instant):
    assert event_instant(decided(act, day), FIXED) == instant


def test_columns_that_differ_from_the_facts_are_refused(world):
    granted = world.grant()
    with world.database.transaction(body=world.body) as connection:
        certification = certifications.find_certification(connection, world.body, granted.public_id)
        latest = certifications.last_version(connection, world.body, certification.id)
        row = certifications.find_decision(connection, world.body, latest.decision_id)
    facts = facts_from_json(row.facts)
    check_columns(row, facts)
    with refused("document_mismatch"):
        check_columns(row, replace(facts, scope=replace(facts.scope, areas=("generative",))))
