"""What is judged is what was confirmed: rows, facts, people and reasons that differ from the document are refused."""

from __future__ import annotations

from uuid import UUID, uuid4

import psycopg
import pytest

from app.storage.rows import insert, run
from tests.support.acts import rows
from tests.support.around import Attempt, hold, lawful, lawful_grant, opened, refuses
from tests.support.issuing import decided_grant


@pytest.fixture
def world(lasting_world):
    return lasting_world


@pytest.fixture
def grant(world) -> Attempt:
    return lawful_grant(world)


@pytest.fixture
def amendment(world) -> Attempt:
    return lawful(world, world.grant(f"amended-{uuid4()}").public_id, "amend")


# The columns that the rules judge.

OTHER_COLUMNS = {
    "decided_on": "2026-01-01",
    "effective_on": "2099-01-01",
    "time_zone": "Pacific/Kiritimati",
    "late_reason": "none was given",
    "annuls_no": 1,
    "designation": "ISO/IEC 27001:2022",
    "areas": ["generative"],
    "countries": ["JP", "US"],
    "roles": ["partner"],
    "site_ids": [],
    "soa_version": "9",
    "soa_date": "2020-01-01",
    "last_valid_day": "2027-01-01",
}


@pytest.mark.parametrize("column", OTHER_COLUMNS)
def test_a_column_that_differs_from_what_was_confirmed_is_refused(grant, column):
    grant.columns = {column: OTHER_COLUMNS[column]}
    with refuses("document_mismatch"):
        grant.attempt()


def test_the_end_of_a_suspension_is_the_confirmed_one(world):
    suspension = lawful(world, world.grant(f"until-{uuid4()}").public_id, "suspend")
    suspension.columns = {"until": world.ago(-31)}
    with refuses("document_mismatch"):
        suspension.attempt()


def test_a_decision_is_about_the_confirmed_certification(world, grant):
    other, _ = opened(world)
    grant.columns = {"certification_id": lawful_grant(world).certification.id}
    with refuses("document_mismatch"):
        grant.attempt()
    grant.columns = {}
    grant.document["certification"] = other
    with refuses("audit_of_another_certification"):
        grant.attempt()


REQUIRED = ["decision", "body", "certification", "act", "decided_on", "effective_on", "time_zone", "relied_on", "accreditations", "deciders"]  # fmt: skip


@pytest.mark.parametrize("member", REQUIRED)
def test_a_document_that_leaves_a_member_out_confirms_nothing(world, grant, member):
    row = grant.row()
    subject = bytes(grant.certification.subject)
    grant.links = {"audits": grant.document["relied_on"], "accreditations": grant.document["accreditations"]}
    del grant.document[member]
    with refuses("document_mismatch"), world.database.transaction(body=world.body) as connection:
        grant.draft(connection)
        grant.confirm(connection)
        hold(connection, world.body, grant.act, "decide", grant.id, subject)
        insert(connection, "decision", body_id=world.body, id=grant.id, **row)


@pytest.mark.parametrize("kind", ["audits", "accreditations"])
def test_audits_and_accreditations_are_those_that_the_document_names(grant, kind):
    grant.links = {kind: []}
    with refuses("document_mismatch"):
        grant.attempt()


def test_nobody_decides_in_the_place_of_whom_the_document_names(world, grant):
    grant.bytes()  # the document commits to the decider
    grant.deciders = [world.second_decider]
    grant.salts = {world.second_decider.id: next(iter(grant.salts.values()))}
    with refuses("document_mismatch"):
        grant.attempt()


def test_the_reason_is_the_one_behind_the_commitment(world):
    withdrawal = lawful(world, world.grant(f"reason-{uuid4()}").public_id, "withdraw")
    withdrawal.bytes()
    withdrawal.reason = ("misuse_of_mark", "another story")
    with refuses("document_mismatch"):
        withdrawal.attempt()


@pytest.mark.parametrize("act", ["suspend", "withdraw", "cancel", "annul"])
def test_an_adverse_act_states_a_coded_reason(world, act):
    public_id = world.grant(f"coded-{uuid4()}").public_id
    silent = lawful(world, public_id, act)
    silent.reason = None
    with refuses("reason_missing"):
        silent.attempt()
    unknown = lawful(world, public_id, act)
    unknown.reason = ("because", "so")
    with refuses("reason_missing"):
        unknown.attempt()


def test_an_act_is_about_what_its_document_names(world, grant):
    other = lawful_grant(world)
    with refuses("document_mismatch"), world.database.transaction(body=world.body) as connection:
        grant.draft(connection)
        grant.confirm(connection)
        insert(
            connection,
            "act",
            body_id=world.body,
            id=grant.act,
            name="decide",
            draft_id=grant.id,
            subject=bytes(other.certification.subject),
        )


@pytest.mark.parametrize("name", ["state", "bind"])
def test_a_decision_is_carried_out_by_no_other_kind_of_act(world, grant, name):
    with refuses("document_mismatch"), world.database.transaction(body=world.body) as connection:
        grant.draft(connection)
        grant.confirm(connection)
        grant.begin(connection, name)


def test_what_was_confirmed_once_is_carried_out_once(world, grant):
    grant.attempt()
    with refuses("act_under_way"), world.database.transaction(body=world.body) as connection:
        grant.act = uuid4()
        grant.begin(connection)


def test_what_was_signed_is_not_carried_out_again(world):
    decided = decided_grant(world)
    (subject,) = rows(world, "SELECT subject FROM akashi.act WHERE draft_id = %(id)s", id=decided.id)
    with refuses("already_recorded"), world.database.transaction(body=world.body) as connection:
        hold(connection, world.body, uuid4(), "decide", decided.id, bytes(subject.subject))


# What the certificate will say.


@pytest.mark.parametrize(
    "place",
    [
        "body.id", "holder.id", "scheme.code", "decision.act", "decision.decided_on", "validity.effective_on",
        "validity.time_zone", "validity.valid_from", "validity.valid_until",
    ],
)  # fmt: skip
def test_a_certificate_says_what_was_decided(world, grant, place):
    part, member = place.split(".")
    others = {"id": str(uuid4()), "code": "other", "act": "amend", "time_zone": "Asia/Seoul"}
    days = {"decided_on": str(world.ago(2)), "effective_on": str(world.ago(400))}
    instants = {"valid_from": "2020-01-01T00:00:00Z", "valid_until": "2050-01-01T00:00:00Z"}
    grant.facts[part][member] = (others | days | instants)[member]
    with refuses("document_mismatch"):
        grant.attempt()


def test_a_certificate_names_only_the_accreditations_it_rests_on(world, grant):
    grant.facts["accreditations"].append({**grant.facts["accreditations"][0], "id": str(uuid4())})
    with refuses("document_mismatch"):
        grant.attempt()


@pytest.mark.parametrize(
    ("member", "empty"), [("roles", []), ("areas", []), ("countries", []), ("sites", []), ("soa", {})]
)
def test_an_aims_certificate_needs_role_area_country_site_and_statement_of_applicability(grant, member, empty):
    grant.facts["scope"][member] = empty
    with refuses("required_field_missing"):
        grant.attempt()


@pytest.mark.parametrize("member", ["version", "dated_on"])
def test_a_statement_of_applicability_has_version_and_date(grant, member):
    del grant.facts["scope"]["soa"][member]
    with refuses("required_field_missing"):
        grant.attempt()


@pytest.mark.parametrize("member", ["roles", "areas"])
def test_roles_and_areas_are_those_of_the_scheme(grant, member):
    grant.facts["scope"][member] = ["astrology"]
    with refuses("unknown_scheme_term"):
        grant.attempt()


@pytest.mark.parametrize("designation", ["ISO/IEC 42001:1999", "ISO/IEC 42006:2025", None])
def test_the_standard_is_one_of_the_scheme_with_its_edition(grant, designation):
    grant.facts["scheme"]["document"]["designation"] = designation
    with refuses("unknown_normative_document"):
        grant.attempt()


def test_a_standard_is_not_certified_before_it_may_be_used(world, grant):
    with psycopg.connect(world.fresh.superuser_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO akashi.normative_document (scheme_code, designation, use, title_en, title_ja, usable_from, origin) "
            "VALUES ('aims', 'ISO/IEC 42001:2099', 'requirements', 'Next', '次', '2099-01-01', 'test')"
        )
    grant.facts["scheme"]["document"]["designation"] = "ISO/IEC 42001:2099"
    with refuses("unknown_normative_document"):
        grant.attempt()


def test_a_site_of_another_organisation_is_unknown(world, grant):
    other, site = uuid4(), uuid4()
    with world.database.transaction(body=world.body) as connection:
        insert(connection, "organisation", body_id=world.body, id=other, country="JP")
        run(
            connection,
            "INSERT INTO akashi.site (body_id, id, organisation_id, names, address, country, virtual, central_function) "
            "VALUES (:body, :site, :other, '[]', '{}', 'JP', false, false)",
            body=world.body,
            site=site,
            other=other,
        )
    grant.facts["scope"]["sites"][0]["id"] = str(site)
    with refuses("unknown_site"):
        grant.attempt()


def test_no_site_hides_in_a_country_that_was_not_judged(world, grant):
    abroad = world.add_site("Branch", "支店", "Hanoi", "ハノイ", country="VN")  # outside the accreditation
    grant.facts["scope"]["sites"].append({**grant.facts["scope"]["sites"][0], "id": str(abroad)})
    with refuses("site_country_missing"):
        grant.attempt()


# Amending (invariant 10).


@pytest.mark.parametrize("member", ["roles", "areas", "countries"])
def test_an_amendment_changes_no_code_of_the_scope(amendment, member):
    wider = {"roles": ["provider", "partner"], "areas": ["robotics", "generative"], "countries": ["JP", "US"]}
    amendment.facts["scope"][member] = wider[member]
    with refuses("amend_changes_scope"):
        amendment.attempt()


def test_an_amendment_changes_no_word_of_the_scope(amendment):
    amendment.facts["scope"]["statement"]["text"] += " and generative AI services"
    with refuses("amend_changes_scope"):
        amendment.attempt()


def test_an_amendment_does_not_prolong(world, amendment):
    longer = world.today.fromisoformat(amendment.facts["validity"]["last_valid_day"]).replace(year=2040)
    with refuses("period_not_kept"):
        amendment.until(longer).attempt()


def test_an_amendment_stays_with_its_accreditation(world, amendment):
    kept = world.known_accreditation
    borrowed = world.accredit(number=f"FA-{uuid4()}")
    world.accreditation = kept
    with refuses("amend_changes_scope"):
        amendment.resting_on(borrowed).attempt()


def test_an_act_without_a_version_carries_no_facts(world):
    suspension = lawful(world, world.grant(f"facts-{uuid4()}").public_id, "suspend")
    suspension.columns = {"designation": "ISO/IEC 42001:2023", "areas": ["robotics"]}
    with refuses("document_mismatch"):
        suspension.attempt()


def test_the_settings_of_a_caller_change_no_rule(world, grant):
    """Types in front of the catalogue's, or dates in another order, would let a rule read something else."""
    grant.dated(world.ago(1), effective_on=world.ago(2))
    with (
        refuses("effective_before_decision", "23514", "effective_before_decision"),
        world.database.transaction(body=world.body) as connection,
    ):
        run(connection, "SET LOCAL datestyle = 'SQL, DMY'")
        run(connection, "SET LOCAL search_path = pg_temp, public, pg_catalog")
        run(connection, "SET LOCAL timezone = 'Pacific/Kiritimati'")
        grant.decide(connection)


def test_a_draft_of_another_body_confirms_nothing(world, grant):
    other, _ = world.add_certification_body(f"Other {uuid4()}")
    with world.database.transaction(body=world.body) as connection:
        grant.draft(connection)
        grant.confirm(connection)
    with (
        refuses("not_confirmed"),
        world.database.transaction(body=other) as connection,
    ):
        insert(
            connection,
            "act",
            body_id=other,
            id=UUID(int=1),
            name="decide",
            draft_id=grant.id,
            subject=bytes(grant.certification.subject),
        )
