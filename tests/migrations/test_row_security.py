"""Row-level security, keys, functions and views, read from the catalogue so that none can be forgotten (goal R32)."""

from __future__ import annotations

import psycopg
import pytest

from tests.support.acts import rows
from tests.support.template import url_for

# No row-level security: the same for everybody, written by migrations or by the jobs alone.
PUBLIC_TABLES = {
    "accreditation_transition", "assessment_limit", "clock", "country", "cycle_audit", "decision_type",
    "edition_transition", "interest_kind", "log_checkpoint", "log_entry", "normative_document", "publication",
    "reason_code", "recognition_arrangement", "relation_bar", "reply_term", "required_audit", "required_clause",
    "requirement", "scheme", "scheme_phase", "scheme_term", "status_list", "transfer_terms", "transfer_transition",
    "transition",
}  # fmt: skip
# Foreign keys of tenants that lead to what is public, and so need not begin with the body.
TO_PUBLIC_RECORDS = {
    "accreditation", "accreditation_transition", "country", "decision_type", "interest_kind", "oauth_client", "party",
    "scheme", "scheme_term", "signing_key", "status_list", "transfer_transition", "transition",
}  # fmt: skip
# References from one body's row to another's: a trigger looks with the writer's eyes first, or fills them itself.
BETWEEN_BODIES = {
    ("akashi.transfer", "akashi.certification"): "found by its public ID, by the trigger alone",
    (
        "akashi.transfer_step",
        "akashi.transfer",
    ): "a step of any party; who does not see the transfer is told that it is unknown",
}
# Unique across bodies, and why that tells nobody anything.
UNIQUE_ACROSS_BODIES = {
    "accreditation_application_accreditation_body_id_id_key": "random ids, under the body that receives it",
    "accreditation_id_key": "public records, random ids",
    "certification_public_id_key": "140 random bits",
    "certification_subject_key": "a digest of 140 random bits",
    "log_queue_pkey": "a number of the queue, read by jobs alone",
    "oauth_client_pkey": "named by the body with a random part",
    "oauth_client_end_pkey": "the same",
    "access_token_pkey": "a digest of 256 random bits, behind functions",
    "status_position_pkey": "drawn by claim_position alone",
    "transfer_step_pkey": "numbered by the trigger, for who sees the transfer",
}
# Functions that look with the owner's eyes, and why each must.
WITH_OWNERS_EYES = {
    "append_leaf": "queues the leaf that the service may not write",
    "bind_token": "a token is looked up before its body is known",
    "decisions_resting_on": "an accreditation body looks at what rests on its accreditation, and only at that",
    "letter_gap": "an accreditation body names certificates of the body that it accredited",
    "claim_position": "positions are drawn among those of all bodies",
    "client_for": "a client is looked up before its body is known",
    "envelope_has_its_record": "judges at commit, whatever the tenant setting has become by then",
    "letters_about": "an index on subjects cannot be used through a view that guards its rows",
    "findable_in_order": "an order cannot end the search through a view that guards its rows",
    "found_by_name": "an index on names cannot be used through a view that guards its rows",
    "forget_sign_ins": "purges what has expired",
    "keep_token": "the service sees no token",
    "overseen_due": "an accreditation body sees what is due on certificates that rest on its accreditation",
    "source_of": "the accepting body is judged by the issuing one's records (invariant 14)",
    "start_of_transfer": "the issuing body closes when the accepting one's signed decision begins (invariant 14)",
    "transfer_begins_lawfully": "finds whose certification it is, and whether another transfer of it is open (invariant 14)",
    "seal": "a subject's ordinal counts the envelopes of every body",
    "use_assertion": "the service sees no assertion",
    "void_before_seal": "frees the slot and looks for envelopes",
}
# Inlined into policies and queries; both name the schema of everything they use.
WITHOUT_PINNED_SETTINGS = {"now", "current_body"}


@pytest.fixture
def world(lasting_world):
    return lasting_world


def as_role(world, role: str) -> psycopg.Connection:
    """A connection of a process, with the tenant set to the body."""
    connection = psycopg.connect(url_for(world.fresh.superuser_url, role), autocommit=True)
    connection.execute("SELECT set_config('akashi.body', %s, false)", [str(world.body)])
    return connection


def test_every_table_is_under_forced_row_level_security_or_on_the_public_list(world):
    open_to_all = {
        row.relname
        for row in rows(
            world,
            "SELECT relname FROM pg_class WHERE relnamespace = 'akashi'::regnamespace AND relkind = 'r' "
            "AND NOT (relrowsecurity AND relforcerowsecurity)",
        )
    }
    assert open_to_all == PUBLIC_TABLES


def test_no_table_of_a_body_is_on_the_public_list(world):
    of_bodies = {row.table_name for row in rows(world, "SELECT table_name FROM information_schema.columns WHERE table_schema = 'akashi' AND column_name IN ('body_id', 'party_id')")}  # fmt: skip
    assert of_bodies & PUBLIC_TABLES == set()


def test_every_protected_table_has_a_policy_for_its_owner(world):
    without = rows(
        world,
        "SELECT relname FROM pg_class c WHERE relnamespace = 'akashi'::regnamespace AND relrowsecurity AND relkind = 'r' "
        "AND NOT EXISTS (SELECT FROM pg_policies p WHERE p.schemaname = 'akashi' AND p.tablename = c.relname "
        "AND 'akashi_owner' = ANY (p.roles))",
    )
    assert without == []


def test_the_service_writes_for_the_body_of_its_transaction_alone(world):
    conditions = {
        row.with_check
        for row in rows(
            world,
            "SELECT with_check FROM pg_policies WHERE schemaname = 'akashi' AND 'akashi_service' = ANY (roles) "
            "AND cmd IN ('ALL', 'INSERT')",
        )
    }
    setting = "(NULLIF(current_setting('akashi.body'::text, true), ''::text))::uuid"
    assert conditions == {
        "(body_id = akashi.current_body())",
        f"(body_id = {setting})",
        "(party_id = akashi.current_body())",
        "(akashi.current_body() IS NULL)",  # the operator, who acts for no body
    }


def test_no_process_but_the_service_has_a_policy_to_write(world):
    writing = {
        role
        for row in rows(world, "SELECT roles FROM pg_policies WHERE schemaname = 'akashi' AND cmd <> 'SELECT'")
        for role in row.roles
    }
    assert writing == {"akashi_owner", "akashi_service"}


def test_every_foreign_key_of_a_body_begins_with_the_body(world):
    keys = rows(
        world,
        """SELECT c.conrelid::regclass::text AS child, c.confrelid::regclass::text AS parent, c.conname,
                  (SELECT attname FROM pg_attribute WHERE attrelid = c.conrelid AND attnum = c.conkey[1]) AS first,
                  cardinality(c.conkey) AS width
           FROM pg_constraint c JOIN pg_attribute b ON b.attrelid = c.conrelid AND b.attname = 'body_id'
           WHERE c.contype = 'f' AND c.connamespace = 'akashi'::regnamespace""",
    )
    assert len(keys) > 60
    loose = {
        (row.child, row.parent)
        for row in keys
        if row.first != "body_id" or row.width < 2
        if row.parent.removeprefix("akashi.") not in TO_PUBLIC_RECORDS
    }
    assert loose == set(BETWEEN_BODIES)


def test_every_unique_key_of_a_body_begins_with_the_body_or_is_named_here(world):
    across = {
        row.name
        for row in rows(
            world,
            """SELECT i.indexrelid::regclass::text AS name FROM pg_index i
               JOIN pg_class t ON t.oid = i.indrelid AND t.relnamespace = 'akashi'::regnamespace
               JOIN pg_attribute b ON b.attrelid = t.oid AND b.attname = 'body_id'
               WHERE i.indisunique AND i.indkey[0] <> b.attnum""",
        )
    }
    assert {name.removeprefix("akashi.") for name in across} == set(UNIQUE_ACROSS_BODIES)


# Functions and views.


def test_the_functions_that_look_with_the_owner_s_eyes_are_exactly_these(world):
    found = {row.proname for row in rows(world, "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'akashi'::regnamespace")}  # fmt: skip
    assert found == set(WITH_OWNERS_EYES)


def test_the_settings_of_a_caller_reach_no_function(world):
    pinned = "search_path=pg_catalog, pg_temp"
    loose = {
        row.proname
        for row in rows(
            world,
            "SELECT proname, proconfig FROM pg_proc WHERE pronamespace = 'akashi'::regnamespace AND prokind = 'f'",
        )
        if pinned not in (row.proconfig or [])
    }
    assert loose == WITHOUT_PINNED_SETTINGS


def test_nobody_outside_executes_a_function_of_ours_but_the_clock(world):
    found = {
        row.proname
        for row in rows(
            world,
            "SELECT DISTINCT proname FROM pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner))) a "
            "WHERE pronamespace IN ('akashi'::regnamespace, 'public_record'::regnamespace) AND a.grantee = 0",
        )
    }
    assert found == {"now"}


def test_a_view_shows_what_its_reader_may_see_or_belongs_to_the_public_record(world):
    views = rows(
        world,
        "SELECT relname, relnamespace::regnamespace::text AS schema, relowner::regrole::text AS owner, "
        "coalesce(reloptions, '{}') AS options FROM pg_class WHERE relkind IN ('v', 'm') "
        "AND relnamespace IN ('akashi'::regnamespace, 'public_record'::regnamespace)",
    )
    for view in views:
        if view.schema == "public_record":
            assert (view.owner, "security_barrier=true" in view.options) == ("akashi_public", True), view.relname
        else:
            assert "security_invoker=true" in view.options, view.relname
    assert len(views) > 15


def test_there_is_no_materialised_view(world):
    assert rows(world, "SELECT FROM pg_class WHERE relkind = 'm' AND relnamespace = 'akashi'::regnamespace") == []


def test_a_view_lends_nobody_its_owner_s_eyes(world):
    """A leaky function in a condition must not see rows that the view hides."""
    with as_role(world, "reader") as reader:
        plan = reader.execute("EXPLAIN SELECT * FROM public_record.certification WHERE number::int = 1")
        assert any("Subquery Scan" in line for (line,) in plan)


def test_turning_row_security_off_shows_an_error_and_no_row(world):
    with as_role(world, "service") as service:
        service.execute("SET row_security = off")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            service.execute("SELECT * FROM akashi.decision")
