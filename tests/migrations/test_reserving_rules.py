"""What is reserved for a signature: the bytes of a decided act, its own subject, key, version and status positions."""

from __future__ import annotations

import pytest

from app.credentials.statement import statement_input
from app.storage.rows import insert
from tests.support.acts import rows
from tests.support.around import hold, lawful_grant, opened, refuses
from tests.support.issuing import PURPOSES, Issue, decided_grant, decision_row


@pytest.fixture
def world(lasting_world):
    return lasting_world


@pytest.fixture
def issue(world) -> Issue:
    return Issue.of(world, decided_grant(world))


@pytest.fixture
def service(world):
    """A transaction of the service's role for the body."""
    return lambda: world.database.transaction(body=world.body)


def test_nothing_is_reserved_before_a_decision(world, service):
    grant = lawful_grant(world)
    with refuses("unknown_decision"), service() as connection:
        grant.draft(connection)
        grant.confirm(connection)
        grant.begin(connection)
        grant.reserve(connection)


def test_a_certificate_needs_a_decision_that_the_body_has_signed(world, service):
    grant = lawful_grant(world)
    grant.attempt()
    issue = Issue.of(world, decided_grant(world))
    issue.decision, issue.row = grant.id, decision_row(world, grant.id)
    with refuses("decision_not_signed"), service() as connection:
        issue.first_commit(connection)


@pytest.mark.parametrize("act", ["state", "bind"])
def test_an_issue_is_an_act_of_its_own_kind(issue, service, world, act):
    with refuses("document_mismatch"), service() as connection:
        hold(connection, world.body, issue.act, act, issue.decision, bytes(issue.row.subject))


def test_an_issue_rests_on_its_own_decision(world, issue, service):
    other = Issue.of(world, decided_grant(world))
    issue.reserved["decision_id"] = other.decision
    with refuses("unknown_decision"), service() as connection:
        issue.first_commit(connection)
    issue.reserved["certification_id"] = other.row.certification_id
    with refuses("act_is_void"), service() as connection:  # the other certification's slot is not this act's
        issue.first_commit(connection)


def test_the_facts_of_one_decision_are_never_issued_under_another(world, service):
    """Two decisions of one certification: the act rests on the first, the reservation claims the second."""
    public_id, audits = opened(world)
    first, second = (world.decide_grant(public_id, audits) for _ in range(2))
    issue = Issue.of(world, first)
    issue.reserved["decision_id"] = second.id
    with refuses("document_mismatch"), service() as connection:
        issue.first_commit(connection)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_positions_are_those_that_were_drawn_for_the_act(issue, service, purpose):
    issue.reserved = {f"{purpose}_list": PURPOSES.index(purpose) + 1, f"{purpose}_position": 7}
    with refuses("document_mismatch"), service() as connection:
        issue.first_commit(connection)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_position_of_another_act_is_out_of_reach_even_if_the_credential_names_it(world, issue, service, purpose):
    other = Issue.of(world, decided_grant(world))
    with service() as connection:
        other.first_commit(connection)
    place = other.reserved[f"{purpose}_position"]
    (key,) = rows(
        world,
        "SELECT conname FROM pg_constraint WHERE conrelid = 'akashi.issuance_reservation'::regclass AND contype = 'f' "
        "AND pg_get_constraintdef(oid) LIKE %(part)s",
        part=f"%{purpose}_position%",
    )
    with refuses("unknown_reference", "23503", key.conname), service() as connection:
        issue.begin(connection)
        issue.reserved[f"{purpose}_position"] = place
        issue.credential["credentialStatus"][PURPOSES.index(purpose)]["statusListIndex"] = str(place)
        issue.reserve(connection)
        issue.intend(connection)


def test_a_list_of_one_purpose_serves_no_other(issue, service):
    with refuses("document_mismatch"), service() as connection:
        issue.begin(connection)
        swapped = {f"revocation_{end}": issue.reserved[f"suspension_{end}"] for end in ("list", "position")}
        issue.reserved |= swapped
        issue.reserve(connection)
        issue.intend(connection)


@pytest.mark.parametrize("number", [0, 2, 5])
def test_versions_have_no_gap(issue, service, number):
    issue.reserved["version_no"] = number
    code, state, name = ("version_out_of_order", "AKR01", None)
    with refuses(code, state, name), service() as connection:
        issue.first_commit(connection)


@pytest.mark.parametrize(
    "change",
    [
        {"id": "http://localhost:8000/c/ANOTHER/v1"},
        {"validFrom": "2020-01-01T00:00:00Z"},
        {"validUntil": "2090-01-01T00:00:00Z"},
        {"issuer": {"id": "did:web:elsewhere"}},
        {"credentialStatus": []},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_reserved_credential_says_what_was_decided(issue, service, change):
    with refuses("document_mismatch"), service() as connection:
        issue.begin(connection)
        issue.credential |= change
        issue.reserve(connection)
        issue.intend(connection)


def test_reserved_bytes_name_the_key_that_signs_them(issue, service):
    issue.header["kid"] = "x" * 43
    with refuses("document_mismatch"), service() as connection:
        issue.first_commit(connection)


def test_a_decision_is_reserved_byte_by_byte_as_it_was_confirmed(world, service):
    grant = lawful_grant(world)
    key = world.ring.certification.thumbprint
    with refuses("document_mismatch"), service() as connection:
        grant.decide(connection)
        grant.reserve(connection, signing_input=statement_input(grant.document | {"until": "2099-01-01"}, key))


@pytest.mark.parametrize(
    "other",
    [{"statement": "akashi-key-binding-1"}, {"log_kind": "key"}, {"statement": "certificate"}],
    ids=["another statement", "another log kind", "a certificate"],
)
def test_an_act_reserves_the_facts_of_its_kind(world, service, other):
    grant = lawful_grant(world)
    with refuses("document_mismatch"), service() as connection:
        grant.decide(connection)
        grant.reserve(connection, **other)


def test_a_fact_is_about_the_subject_of_its_act(world, service):
    """Otherwise a body could write among another body's facts."""
    grant = lawful_grant(world)
    with (
        refuses("unknown_reference", "23503", "reservation_body_id_act_id_subject_fkey"),
        service() as connection,
    ):
        grant.decide(connection)
        grant.reserve(connection, subject=b"x" * 32)


def test_a_slot_is_held_by_an_act_about_it(world, service):
    grant = lawful_grant(world)
    grant.attempt()
    with (
        refuses("unknown_reference", "23503", "slot_body_id_act_id_subject_fkey"),
        service() as connection,
    ):
        insert(connection, "slot", body_id=world.body, subject=b"y" * 32, act_id=grant.act)
