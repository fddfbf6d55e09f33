"""A certificate rests on an accreditation that covers it at the decision and now; statements are an officer's own."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID, uuid4

import psycopg
import pytest

from app.conformity.accreditation import TRANSITIONS
from app.conformity.countries import country_codes
from app.credentials.canonical import canonical
from app.credentials.statement import statement_input
from app.keys.evidence import sign_evidence
from app.registry import accreditation as acts
from app.registry import key_binding
from app.storage.rows import insert
from tests.support.acts import rows, tamper
from tests.support.around import hold, lawful, lawful_grant, refuses, reserve, seal, subject
from tests.support.postgres import FreshDatabase
from tests.support.world import STANDARD, World

EVERYTHING = acts.AccreditedScope((STANDARD,), ("robotics", "generative"), ("JP", "US"))
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def world(lasting_world):
    return lasting_world


def accredited(world, **more) -> UUID:
    """An accreditation of this test's own; that of the world stays the known one."""
    kept = world.known_accreditation
    made = world.accredit(number=f"FA-{uuid4()}", **more)
    world.accreditation = kept
    return made


def suspended(world, accreditation: UUID, *, effective_on=None, **sanction) -> None:
    world.change_accreditation(
        "suspend", accreditation=accreditation, effective_on=effective_on, sanction=acts.Sanction(**sanction)
    )


def grant_on(world, *accreditations: UUID, decided_on=None, **wanted):
    grant = lawful_grant(world, world.wanted(**wanted) if wanted else None).resting_on(*accreditations)
    return grant.dated(decided_on) if decided_on else grant


# What the accreditation covers (invariant 6).


@pytest.mark.parametrize(
    "scope",
    [
        acts.AccreditedScope(("ISO/IEC 42001:1999",), ("robotics",), ("JP",)),
        acts.AccreditedScope((STANDARD,), ("generative",), ("JP",)),
        acts.AccreditedScope((STANDARD,), ("robotics",), ("US",)),
    ],
    ids=["edition", "area", "country"],
)
def test_outside_the_accreditation_nothing_is_granted(world, scope):
    with refuses("outside_accreditation_at_decision"):
        grant_on(world, accredited(world, scope=scope)).attempt()


def test_every_accreditation_named_must_cover_it(world):
    narrow = accredited(world, scope=acts.AccreditedScope((STANDARD,), ("generative",), ("JP",)))
    with refuses("outside_accreditation_at_decision"):
        grant_on(world, world.known_accreditation, narrow).attempt()


def test_without_an_accreditation_nothing_is_granted(world):
    grant = lawful_grant(world)
    grant.document["accreditations"] = grant.facts["accreditations"] = []
    with refuses("not_accredited"):
        grant.attempt()


def test_the_accreditation_is_one_s_own(world):
    other, _ = world.add_certification_body(f"Other {uuid4()}")
    with refuses("not_accredited_at_decision"):
        grant_on(world, accredited(world, body=other)).attempt()


def test_the_accreditation_is_for_the_scheme(world):
    made = accredited(world)
    with psycopg.connect(world.fresh.superuser_url, autocommit=True) as connection:
        connection.execute(
            'INSERT INTO akashi.scheme SELECT (jsonb_populate_record(s, \'{"code": "other"}\')).* '
            "FROM akashi.scheme s WHERE code = 'aims' ON CONFLICT DO NOTHING"
        )
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE akashi.accreditation SET scheme_code = 'other' WHERE id = %s", (made,))
    with refuses("not_accredited_at_decision"):
        grant_on(world, made).attempt()


def test_an_accreditation_without_any_statement_is_none(world):
    made = uuid4()
    with world.database.transaction(body=world.accreditation_body) as connection:
        insert(
            connection,
            "accreditation",
            body_id=world.accreditation_body,
            id=made,
            accredited_id=world.body,
            scheme_code="aims",
            number=f"FA-{made}",
            time_zone="Asia/Tokyo",
        )
    with refuses("not_accredited_at_decision"):
        grant_on(world, made).attempt()


# When: at the decision, and now.


def test_a_decision_before_the_accreditation_began_is_refused(world):
    with refuses("not_accredited_at_decision"):
        grant_on(world, accredited(world, effective_on=world.ago(1)), decided_on=world.ago(3)).attempt()


def test_a_decision_after_the_accreditation_ended_is_refused(world):
    ended = accredited(world, valid_to=world.ago(1))
    with refuses("not_accredited_at_decision"):
        grant_on(world, ended).attempt()
    with refuses("not_accredited_now"):
        grant_on(world, ended, decided_on=world.ago(1)).attempt()


def test_a_decision_dated_before_a_withdrawal_is_not_recorded_after_it(world):
    made = accredited(world)
    world.change_accreditation("withdraw", accreditation=made)
    with refuses("not_accredited_now"):
        grant_on(world, made, decided_on=world.ago(1)).attempt()


def test_a_decision_dated_before_a_suspension_is_not_recorded_during_it(world):
    made = accredited(world)
    suspended(world, made)
    with refuses("accreditation_suspended_now"):
        grant_on(world, made, decided_on=world.ago(1)).attempt()


def test_a_decision_of_the_day_of_the_suspension_is_outside(world):
    made = accredited(world)
    suspended(world, made)
    with refuses("accreditation_suspended_at_decision"):
        grant_on(world, made).attempt()


def test_a_decision_dated_within_a_suspension_stays_refused_after_it(world):
    made = accredited(world)
    suspended(world, made, effective_on=world.ago(5))
    world.change_accreditation("restore", accreditation=made)
    with refuses("accreditation_suspended_at_decision"):
        grant_on(world, made, decided_on=world.ago(3)).attempt()
    grant_on(world, made).attempt()


@pytest.mark.parametrize("taken", [{"areas": ("robotics",)}, {"countries": ("JP",)}], ids=["area", "country"])
def test_a_partial_suspension_takes_what_it_names(world, taken):
    made = accredited(world)
    suspended(world, made, whole=False, **taken)
    with refuses("accreditation_suspended_at_decision"):
        grant_on(world, made).attempt()


def test_a_partial_suspension_leaves_the_rest(world):
    made = accredited(world)
    suspended(world, made, whole=False, areas=("generative",))
    grant_on(world, made).attempt()


def test_a_suspension_may_permit_acts_by_name(world):
    made = accredited(world)
    suspended(world, made, permitted_acts=("grant",))
    grant_on(world, made).attempt()


def test_a_certificate_is_not_restored_under_a_suspended_accreditation(world):
    made = accredited(world)
    public_id = world.grant(f"rest-{uuid4()}", accreditations=(made,)).public_id
    world.suspend(public_id)
    suspended(world, made)
    with refuses("accreditation_suspended_now"):
        lawful(world, public_id, "restore").attempt()
    lawful(world, public_id, "withdraw").attempt()  # what reduces is never blocked


# Statements and bindings: confirmed by an officer, recorded as confirmed.


def statement(world, **document):
    """A draft of the accreditation body, changed in its document; returns its id and the subject."""
    made = accredited(world)
    draft = world.draft_statement("suspend", accreditation=made)
    changed = json.loads(draft.document) | document
    (kept,) = rows(world, "SELECT person_id, salt FROM akashi.draft_person WHERE draft_id = %(id)s", id=draft.id)
    return changed, kept, made


def confirmed(world, changed, kept, *, officer=None, kind="accreditation_statement"):
    """A draft with that document, confirmed by its officer; returns its id."""
    officer = officer or world.officer
    identity, exact = uuid4(), canonical(changed)
    with world.database.transaction(body=world.accreditation_body) as connection:
        body = world.accreditation_body
        insert(connection, "draft", body_id=body, id=identity, kind=kind, document=exact, carried_by="around")
        insert(connection, "draft_person", body_id=body, draft_id=identity, person_id=officer.id, salt=kept.salt)
        insert(
            connection,
            "confirmation",
            body_id=body,
            draft_id=identity,
            person_id=officer.id,
            thumbprint=officer.key.thumbprint,
            evidence=sign_evidence(officer.key, exact),
            carried_by="around",
        )
    return identity


def state(world, draft: UUID, about: UUID | str, name: str = "state") -> None:
    with world.database.transaction(body=world.accreditation_body) as connection:
        hold(connection, world.accreditation_body, uuid4(), name, draft, subject(about))


def test_a_lawful_statement_may_be_begun_with_plain_sql(world):
    changed, kept, made = statement(world)
    state(world, confirmed(world, changed, kept), made)


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("accreditation_body", NOBODY, "document_mismatch"),
        ("body", NOBODY, "document_mismatch"),
        ("number", "another", "document_mismatch"),
        ("scheme", "other", "document_mismatch"),
        ("time_zone", "Pacific/Kiritimati", "document_mismatch"),
        ("confirmed_by_commitment", "x" * 43, "document_mismatch"),
        ("statement_no", 3, "event_out_of_order"),
        ("statement_no", 1, "event_out_of_order"),
        ("act", "restore", "no_such_transition"),
        ("status", "active", "no_such_transition"),
    ],
)
def test_a_statement_is_judged_before_it_is_signed(world, member, value, code):
    changed, kept, made = statement(world, **{member: value})
    draft = confirmed(world, changed, kept)
    with refuses(code):
        state(world, draft, made)


SCOPE = {"documents": [STANDARD], "areas": ["generative", "robotics"], "countries": ["JP", "US"]}
CHANGES = {
    "a scope in passing": ({"scope": SCOPE | {"areas": ["robotics"]}}, "accreditation_scope_changed"),
    "a last day in passing": ({"valid_to": "2999-01-01"}, "document_mismatch"),
    "a reduction that adds": (
        {"act": "reduce", "status": "active", "suspended": None, "scope": SCOPE | {"countries": ["FR"]}},
        "scope_not_reduced",
    ),
    "an extension that takes": (
        {"act": "extend", "status": "active", "suspended": None, "scope": SCOPE | {"areas": ["robotics"]}},
        "scope_not_extended",
    ),
    "a renewal that is none": ({"act": "renew", "status": "active", "suspended": None}, "renewal_not_later"),
    "a suspension of what is not held": ({"suspended": {"areas": ["biometric"], "countries": []}}, "suspension_outside_scope"),
    "a country that is none": ({"scope": SCOPE | {"countries": ["ZZ"]}}, "unknown_country"),
    "a sanction in passing": (
        {"act": "reduce", "status": "active", "suspended": {"whole": True}, "scope": SCOPE | {"areas": ["robotics"]}},
        "document_mismatch",
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_statement_changes_only_what_its_act_names(world, change):
    document, code = CHANGES[change]
    changed, kept, made = statement(world, **document)
    draft = confirmed(world, changed, kept)
    with refuses(code):
        state(world, draft, made)


@pytest.mark.parametrize("status", ["withdrawn", "relinquished", "ceased"])
def test_a_key_is_not_bound_where_the_accreditation_ended_between_its_two_commits(world, status):
    made = accredited(world)
    body, exact, draft = world.accreditation_body, key_draft(world)[0] | {"accreditation": str(made)}, uuid4()
    exact |= {"binding": str(draft)}
    kept = SimpleNamespace(salt=b"s" * 32)
    draft = confirmed(world, exact, kept, kind="key_binding")
    act = uuid4()
    with world.database.transaction(body=body) as connection:
        hold(connection, body, act, "bind", draft, subject(exact["key"]))
        key = world.ring.accreditation.thumbprint
        reservation = reserve(
            connection, body=body, act=act, statement=key_binding.BINDING, subject=subject(exact["key"]),
            signing_input=statement_input(exact, key), thumbprint=key,
        )  # fmt: skip
    world.change_accreditation(ENDING[status], accreditation=made)
    with refuses("not_accredited"), world.database.transaction(body=body) as connection:
        seal(connection, body, reservation)
        insert(
            connection, "key_binding", body_id=body, id=exact["binding"], accreditation_id=made,
            bound_body_id=world.body, thumbprint=exact["key"], purposes=["certify"], valid_from=exact["from"],
            valid_to=exact["to"], draft_id=draft, envelope_id=reservation,
        )  # fmt: skip
    with world.database.transaction(body=body) as connection:
        insert(connection, "act_void", body_id=body, act_id=act, reason="test")


ENDING = {"withdrawn": "withdraw", "relinquished": "relinquish", "ceased": "cease"}


def test_the_rows_of_the_transition_table_are_those_of_the_vocabulary(world):
    found = rows(world, "SELECT from_status, act, to_status FROM akashi.accreditation_transition")
    assert {tuple(row) for row in found} == {tuple(one.value for one in move) for move in TRANSITIONS}


def test_countries_are_those_of_the_vocabulary(world):
    assert {row.code for row in rows(world, "SELECT code FROM akashi.country")} == country_codes()


@pytest.mark.parametrize("table", ["organisation", "party"])
def test_a_country_that_is_none_stands_in_no_record(world, table):
    facts = {"id": uuid4(), "country": "ZZ"}
    if table == "party":
        facts |= {"kind": "accreditation_body", "time_zone": "UTC", "public_information": {}}
    body = world.body if table == "organisation" else None
    with refuses("unknown_country", "23503", f"{table}_country"), world.database.transaction(body=body) as connection:
        insert(connection, table, **(facts | ({"body_id": body} if body else {})))


def test_an_accreditation_of_the_same_date_further_west_covers_a_decision_from_its_first_hour(
    postgres, template, key_ring
):
    """The same date in both calendars; there the day has not begun yet (records, dates)."""
    name = postgres.create_database(template)
    early = World(
        FreshDatabase(postgres, name), key_ring, start=datetime(2026, 11, 24, 22, tzinfo=UTC)
    )  # 7:00 in Tokyo
    try:
        early.accredit(effective_on=early.today)
        early.bind_key()
        tamper(early, "UPDATE akashi.accreditation SET time_zone = 'America/Adak'")
        grant = grant_on(early, early.known_accreditation)
        grant.attempt()
        assert early.today == date(2026, 11, 25)
    finally:
        early.close()
        postgres.drop_database(name)


def test_a_statement_is_confirmed_by_an_officer(world):
    changed, kept, made = statement(world)
    stranger = world.add_person(world.ab_actor)
    draft = confirmed(world, changed, kept, officer=stranger)
    with refuses("decider_not_competent"):
        state(world, draft, made)


def test_a_statement_is_not_confirmed_in_another_officer_s_name(world):
    changed, kept, made = statement(world)
    draft = confirmed(world, changed, kept, officer=world.add_person(world.ab_actor, "accreditation_officer"))
    with refuses("document_mismatch"):
        state(world, draft, made)


def test_an_accreditation_body_speaks_of_its_own_accreditations(world):
    changed, kept, _ = statement(world)
    unknown = str(uuid4())
    draft = confirmed(world, changed | {"accreditation": unknown}, kept)
    with refuses("unknown_accreditation"):
        state(world, draft, unknown)


@pytest.mark.parametrize(
    ("change", "code"),
    [({"body": NOBODY}, "not_accredited"), ({"accreditation": NOBODY}, "unknown_accreditation")],
    ids=["another body", "no accreditation"],
)
def test_a_key_is_bound_to_the_body_that_is_accredited(world, change, code):
    binding, kept = key_draft(world)
    draft = confirmed(world, binding | change, kept, kind="key_binding")
    with refuses(code):
        state(world, draft, binding["key"], "bind")


def test_a_key_is_bound_by_an_officer(world):
    binding, kept = key_draft(world)
    draft = confirmed(world, binding, kept, kind="key_binding", officer=world.add_person(world.ab_actor))
    with refuses("decider_not_competent"):
        state(world, draft, binding["key"], "bind")


def key_draft(world):
    draft = key_binding.draft_binding(
        world.registry,
        world.ab_actor,
        accreditation=world.known_accreditation,
        thumbprint=world.ring.certification.thumbprint,
        valid_from=world.now().replace(microsecond=0),
        valid_to=world.now().replace(microsecond=0) + timedelta(days=365),
        officer=world.officer.id,
    )
    (kept,) = rows(world, "SELECT person_id, salt FROM akashi.draft_person WHERE draft_id = %(id)s", id=draft.id)
    return json.loads(draft.document), kept


STATEMENT_COLUMNS = {
    "statement_no": "3",
    "act": "'restore'",
    "status": "'active'",
    "documents": "'{x}'",
    "areas": "'{robotics}'",
    "countries": "'{JP}'",
    "criteria": "'{x}'",
    "suspended_whole": "false",
    "suspended_areas": "'{robotics}'",
    "permitted_acts": "'{grant}'",
    "symbol_allowed": "true",
    "effective_on": "effective_on - 30",
    "valid_to": "valid_to + 1",
    "accreditation_id": "gen_random_uuid()",
}


@pytest.fixture(scope="module")
def recorded(lasting_world):
    """A recorded suspension."""
    made = accredited(lasting_world)
    suspended(lasting_world, made)
    (row,) = rows(lasting_world, "SELECT * FROM akashi.accreditation_statement WHERE accreditation_id = %(id)s AND statement_no = 2", id=made)  # fmt: skip
    return row


@pytest.mark.parametrize("column", STATEMENT_COLUMNS)
def test_a_statement_is_recorded_as_its_officer_confirmed_it(world, recorded, column):
    written = [name for name in recorded._fields if name not in {"previous_no", "recorded_at"}]
    values = [STATEMENT_COLUMNS[column] if name == column else name for name in written]
    with refuses("document_mismatch"), world.database.transaction(body=world.accreditation_body) as connection:
        connection.exec_driver_sql(
            f"INSERT INTO akashi.accreditation_statement ({', '.join(written)}) SELECT {', '.join(values)} "
            f"FROM akashi.accreditation_statement WHERE envelope_id = '{recorded.envelope_id}'"
        )


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("id", "gen_random_uuid()"),
        ("purposes", "'{certify,suspend}'"),
        ("valid_from", "valid_from - interval '1 day'"),
        ("valid_to", "valid_to + interval '1 day'"),
        ("thumbprint", "'x' || substr(thumbprint, 2)"),
        ("accreditation_id", "gen_random_uuid()"),
        ("bound_body_id", "gen_random_uuid()"),
    ],
)
def test_a_binding_is_recorded_as_its_officer_confirmed_it(world, column, value):
    (binding,) = rows(world, "SELECT * FROM akashi.key_binding LIMIT 1")
    written = [name for name in binding._fields if name != "recorded_at"]
    values = [value if name == column else name for name in written]
    with refuses("document_mismatch"), world.database.transaction(body=world.accreditation_body) as connection:
        connection.exec_driver_sql(
            f"INSERT INTO akashi.key_binding ({', '.join(written)}) SELECT {', '.join(values)} "
            f"FROM akashi.key_binding WHERE id = '{binding.id}'"
        )
