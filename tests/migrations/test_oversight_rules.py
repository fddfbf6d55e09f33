"""Around the application: letters, applications and recognition by plain SQL as the service's role."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID, uuid4

import pytest

from app.credentials.canonical import canonical
from app.credentials.encoding import b64u_decode
from app.credentials.statement import statement_input
from app.keys.encoding import b64u
from app.keys.evidence import sign_evidence
from app.registry.accreditation import AccreditedScope
from app.registry.drafts import commitment
from app.registry.letters import KIND, LETTER
from app.storage.rows import insert, many
from tests.support.acts import rows
from tests.support.around import hold, lawful_grant, refuses, reserve, seal, subject
from tests.support.world import STANDARD

NOBODY = UUID("00000000-0000-4000-8000-000000000000")
SALT = b"s" * 32
NARROW = AccreditedScope((STANDARD,), ("generative",), ("JP",))


@pytest.fixture
def world(lasting_world):
    return lasting_world


@pytest.fixture(scope="module")
def certificate(lasting_world) -> str:
    """A certificate in force, resting on the accreditation of the world."""
    return lasting_world.grant(f"O-{uuid4()}").public_id


def letter(world, *public_ids: str, **changes):
    """The document of a lawful letter, but for what a test changes."""
    return {
        "type": LETTER,
        "letter": str(uuid4()),
        "purpose": "bring_under",
        "accreditation": str(world.known_accreditation),
        "accreditation_body": str(world.accreditation_body),
        "body": str(world.body),
        "certifications": sorted(b64u(subject(one)) for one in public_ids),
        "effective_on": world.today.isoformat(),
        "time_zone": "Asia/Tokyo",
        "confirmed_by_commitment": commitment(str(world.officer.id).encode(), SALT),
    } | changes


def begin(connection, world, document, *, officer=None):
    """Drafted, confirmed, begun: all up to what the rules judge in the first commit; returns the act."""
    body, officer, exact, act = world.accreditation_body, officer or world.officer, canonical(document), uuid4()
    draft = UUID(document["letter"])
    insert(connection, "draft", body_id=body, id=draft, kind=KIND, document=exact, carried_by="around")
    named = {"body_id": body, "draft_id": draft, "person_id": officer.id}
    insert(connection, "draft_person", **named, salt=SALT)
    evidence = {"thumbprint": officer.key.thumbprint, "evidence": sign_evidence(officer.key, exact)}
    insert(connection, "confirmation", **named, **evidence, carried_by="around")
    hold(connection, body, act, "write", draft, subject(document["accreditation"]))
    return act


def record(connection, world, document, act, **columns):
    """Reserved, sealed with an invented signature, and recorded as the document says but for these columns."""
    key, about = world.ring.accreditation.thumbprint, subject(document["accreditation"])
    envelope = reserve(
        connection, body=world.accreditation_body, act=act, statement=LETTER, subject=about, log_kind="accreditation",
        signing_input=statement_input(document, key), thumbprint=key,
    )  # fmt: skip
    seal(connection, world.accreditation_body, envelope)
    said = {
        "id": document["letter"],
        "accreditation_id": document["accreditation"],
        "purpose": document["purpose"],
        "subjects": [b64u_decode(one) for one in document["certifications"]],
        "effective_on": document["effective_on"],
        "draft_id": document["letter"],
    }
    insert(
        connection, "accreditation_letter", body_id=world.accreditation_body, envelope_id=envelope, **(said | columns)
    )


def attempt(world, document, *, officer=None, **columns):
    with world.database.transaction(body=world.accreditation_body) as connection:
        record(connection, world, document, begin(connection, world, document, officer=officer), **columns)
        raise Lawful


class Lawful(Exception):
    """Nothing was refused; what was written is taken back."""


def test_a_lawful_letter_may_be_written_with_plain_sql(world, certificate):
    with pytest.raises(Lawful):
        attempt(world, letter(world, certificate))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"accreditation_body": str(NOBODY)}, "document_mismatch"),
        ({"body": str(NOBODY)}, "document_mismatch"),
        ({"time_zone": "UTC"}, "document_mismatch"),
        ({"confirmed_by_commitment": "x" * 43}, "document_mismatch"),
        ({"certifications": [b64u(sha256(b"nobody's").digest())]}, "unknown_certification"),
        ({"effective_on": "2001-01-01"}, "not_accredited_now"),
        ({"accreditation": str(NOBODY)}, "unknown_accreditation"),
    ],
)
def test_a_letter_is_judged_before_it_is_signed(world, certificate, change, code):
    with refuses(code):
        attempt(world, letter(world, certificate, **change))


@pytest.mark.parametrize(
    "column",
    [
        {"purpose": "accept_unaccredited"},
        {"subjects": [sha256(b"another").digest()]},
        {"effective_on": "2030-01-01"},
        {"id": NOBODY},
    ],
    ids=lambda column: next(iter(column)),
)
def test_a_letter_is_recorded_as_its_officer_confirmed_it(world, certificate, column):
    with refuses("document_mismatch"):
        attempt(world, letter(world, certificate), **column)


def test_a_letter_is_confirmed_by_an_officer(world, certificate):
    clerk = world.add_person(world.ab_actor)
    document = letter(world, certificate, confirmed_by_commitment=commitment(str(clerk.id).encode(), SALT))
    with refuses("decider_not_competent"):
        attempt(world, document, officer=clerk)


def test_a_letter_covers_no_more_than_the_accreditation(world, certificate):
    narrow = accredited(world, scope=NARROW)
    with refuses("outside_accreditation_now"):
        attempt(world, letter(world, certificate, accreditation=str(narrow)))


def accredited(world, **more) -> UUID:
    kept = world.known_accreditation
    made = world.accredit(number=f"FA-{uuid4()}", **more)
    world.accreditation = kept
    return made


def test_an_accreditation_that_ended_between_the_two_commits_leaves_no_letter(world, certificate):
    made = accredited(world)
    document = letter(world, certificate, accreditation=str(made))
    with world.database.transaction(body=world.accreditation_body) as connection:
        act = begin(connection, world, document)
        insert(connection, "act_void", body_id=world.accreditation_body, act_id=act, reason="the next is the same")
    world.change_accreditation("withdraw", accreditation=made)
    with refuses("not_accredited"):
        attempt(world, document | {"letter": str(uuid4())})


# Invariant 7.


def test_a_body_that_is_accredited_for_a_scope_grants_nothing_unaccredited_in_it(world):
    """The rule itself, asked as the service: of the schemes with accreditation another rule refuses before."""
    grant = lawful_grant(world)
    grant.document["accreditations"] = grant.facts["accreditations"] = []
    with refuses("unaccredited_in_accredited_scope"), world.database.transaction(body=world.body) as connection:
        grant.draft(connection)
        grant.confirm(connection)
        grant.begin(connection)
        decision = ", ".join(f"CAST(:{name} AS {kind}) AS {name}" for name, kind in COLUMNS.items())
        many(
            connection,
            f"SELECT akashi.check_unaccredited(d, c) FROM akashi.certification c CROSS JOIN LATERAL "
            f"(SELECT (jsonb_populate_record(NULL::akashi.decision, to_jsonb(x))).* FROM (SELECT {decision}) x) d "
            "WHERE c.public_id = :public_id",
            public_id=grant.document["certification"],
            body_id=world.body,
            id=grant.id,
            act="grant",
            decided_on=world.today,
            designation=STANDARD,
            areas=["robotics"],
            countries=["JP"],
        )


COLUMNS = {"body_id": "uuid", "id": "uuid", "act": "text", "decided_on": "date", "designation": "text", "areas": "text[]", "countries": "text[]"}  # fmt: skip


# What two bodies share, and what nobody else sees (invariant 19).


def test_what_rests_on_an_accreditation_is_seen_by_its_two_parties_alone(world, certificate):
    found = {}
    for body in (world.accreditation_body, world.body):
        with world.database.transaction(body=body) as connection:
            seen = many(connection, "SELECT * FROM akashi.decisions_resting_on(:a)", a=world.known_accreditation)
        found[body] = {row.certificate_id for row in seen}
    assert certificate in found[world.body]
    assert found[world.accreditation_body] == found[world.body]
    other, _ = world.add_certification_body(f"Other {uuid4()}")
    with refuses("unknown_accreditation"), world.database.transaction(body=other) as connection:
        many(connection, "SELECT * FROM akashi.decisions_resting_on(:a)", a=world.known_accreditation)


def test_what_an_accreditation_body_sees_holds_no_fact_about_a_client(world):
    (row,) = rows(world, "SELECT pg_get_function_result(oid) AS said FROM pg_proc WHERE proname = 'decisions_resting_on'")  # fmt: skip
    assert [column.split()[0] for column in row.said.removeprefix("TABLE(").split(", ")] == [
        "certificate_id", "number", "decision_id", "act", "decided_on", "time_zone", "recorded_at", "designation",
        "areas", "countries", "state", "claimed", "in_force", "in_force_until", "designation_now", "areas_now",
        "countries_now", "brought_under_from",
    ]  # fmt: skip


def test_an_accreditation_body_names_only_certificates_of_the_body_it_accredited(world, certificate):
    other, _ = world.add_certification_body(f"Other {uuid4()}")
    elsewhere = accredited(world, body=other)
    asked = {"a": elsewhere, "p": "accept_unaccredited", "s": [subject(certificate)], "d": world.today}
    with world.database.transaction(body=world.accreditation_body) as connection:
        (row,) = many(connection, "SELECT akashi.letter_gap(:a, :p, :s, :d) AS gap", **asked)
    assert row.gap == "unknown_certification"
    with world.database.transaction(body=world.body) as connection:
        (row,) = many(connection, "SELECT akashi.letter_gap(:a, :p, :s, :d) AS gap", **asked)
    assert row.gap == "unknown_accreditation"


def application(world, **changes):
    return {
        "body_id": world.body,
        "id": uuid4(),
        "accreditation_body_id": world.accreditation_body,
        "scheme_code": "aims",
        "documents": [STANDARD],
        "areas": ["robotics"],
        "countries": ["JP"],
        "applied_on": world.today,
    } | changes


@pytest.mark.parametrize(
    ("change", "code", "sqlstate"),
    [
        ({"countries": ["ZZ"]}, "unknown_country", "AKR01"),
        ({"applied_on": "2999-01-01"}, "date_in_the_future", "AKR01"),
        ({"body_id": NOBODY}, "unknown_reference", "42501"),
    ],
)
def test_an_application_for_accreditation_keeps_its_rules(world, change, code, sqlstate):
    with refuses(code, sqlstate), world.database.transaction(body=world.body) as connection:
        insert(connection, "accreditation_application", **application(world, **change))


def test_a_review_is_the_addressee_s_own(world):
    made = application(world)
    with world.database.transaction(body=world.body) as connection:
        insert(connection, "accreditation_application", **made)
    review = {"application_id": made["id"], "officer_id": world.officer.id, "outcome": "accepted", "reviewed_on": world.today}  # fmt: skip
    with refuses("unknown_application"), world.database.transaction(body=world.body) as connection:
        insert(connection, "accreditation_application_review", body_id=world.body, **review)


@pytest.mark.parametrize("table", ["recognition", "recognition_end"])
def test_nobody_but_the_operator_writes_recognition(world, table):
    common = {"source_url": "https://x.example/", "source_sha256": sha256(b"x").digest(), "observed_on": world.today}
    facts = {
        "recognition": {
            "party_id": world.accreditation_body, "id": uuid4(), "arrangement_code": "gac-mra", "level": "L5",
            "scope": "x", "valid_from": world.today,
        },
        "recognition_end": {"recognition_id": NOBODY, "last_day": world.today},
    }  # fmt: skip
    for body in (world.accreditation_body, world.body):
        with refuses("unknown_reference", "42501"), world.database.transaction(body=body) as connection:
            insert(connection, table, **facts[table], **common)
