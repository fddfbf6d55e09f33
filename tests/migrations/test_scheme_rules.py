"""Around the application: whose key signs under which assurance, who certifies or declares, and when a scheme is open."""

from __future__ import annotations

import json
from uuid import uuid4

import psycopg
import pytest

from app.conformity.identifiers import generate_public_id, subject_of
from app.credentials.statement import statement_input
from app.keys.evidence import sign_evidence
from app.registry.letters import confirm_letter, draft_letter
from app.storage.rows import insert
from tests.support.around import NUMBERS, hold, lawful, like, opened, refuses, reserve, seal
from tests.support.unaccredited import (
    DECLARATION,
    THIRD_PARTY,
    add_declarant,
    add_person,
    add_registry,
    certify,
    certifying_in,
    give,
)

WORDS = {"roles": ("supplier",), "areas": ("manufacturing",), "soa_version": None, "soa_date": None}


@pytest.fixture(scope="module")
def registry_party(lasting_world):
    return add_registry(lasting_world)


@pytest.fixture(scope="module")
def unaccredited(lasting_world, registry_party):
    """The same body at work without accreditation, in a country where it has none."""
    return certifying_in(lasting_world, registry_party)


@pytest.fixture(scope="module")
def declarant(lasting_world, registry_party):
    return add_declarant(lasting_world, registry_party)


def abroad(world):
    """A site where the world's accreditation does not reach."""
    return world.add_site("Works", "工場", "Lyon", "リヨン", country="FR")


def lawful_unaccredited(world, **wanted):
    """A lawful grant in a scheme without accreditation, of a site outside every accreditation."""
    public_id, audits = opened(world)
    certificate = world.wanted(**{**WORDS, "site_ids": (abroad(world),), **wanted})
    return like(world, world.draft(public_id, "grant", relied_on=audits, certificate=certificate))


# --- Invariant 7 ---


def test_outside_its_accreditation_a_body_may_work_without_one(unaccredited):
    lawful_unaccredited(unaccredited).attempt()


def test_where_it_is_accredited_a_body_issues_nothing_unaccredited(unaccredited):
    with refuses("unaccredited_in_accredited_scope"):
        lawful_unaccredited(unaccredited, site_ids=(unaccredited.head_office,)).attempt()


def test_what_the_accreditation_body_accepted_in_writing_is_issued_unaccredited_in_another_scheme(unaccredited):
    world = unaccredited
    attempt = lawful_unaccredited(world, site_ids=(world.head_office,))
    letter = draft_letter(
        world.registry,
        world.ab_actor,
        accreditation=world.known_accreditation,
        purpose="accept_unaccredited",
        certificates=[attempt.document["certification"]],
        effective_on=world.today,
        officer=world.officer.id,
    )
    confirm_letter(world.registry, world.ab_actor, letter.id, sign_evidence(world.officer.key, letter.document))
    attempt.attempt()


# --- Keys ---


def test_an_accredited_certificate_is_not_signed_with_a_key_that_only_the_registry_knows(lasting_world, registry_party):
    key = lasting_world.keys.create()
    chain = lasting_world.issue_chain(lasting_world.body, "Fictional Certification", key)
    lasting_world.register_key(lasting_world.body, key, "certify", chain)
    registry_party.identify(lasting_world.body, key.thumbprint, "aims")
    attempt = grant_in_aims(lasting_world)

    with (
        refuses("key_for_another_assurance"),
        lasting_world.database.transaction(body=lasting_world.body) as connection,
    ):
        attempt.decide(connection)
        attempt.reserve(
            connection,
            thumbprint=key.thumbprint,
            signing_input=statement_input(json.loads(attempt.bytes()), key.thumbprint),
        )


def test_a_key_of_an_accreditation_signs_nothing_in_a_scheme_without(unaccredited, lasting_world):
    key = lasting_world.keys.create()
    chain = lasting_world.issue_chain(lasting_world.body, "Fictional Certification", key)
    lasting_world.register_key(lasting_world.body, key, "certify", chain)
    lasting_world.bind_key(key.thumbprint)
    attempt = lawful_unaccredited(unaccredited)

    with (
        refuses("key_for_another_assurance"),
        lasting_world.database.transaction(body=lasting_world.body) as connection,
    ):
        attempt.decide(connection)
        attempt.reserve(
            connection,
            thumbprint=key.thumbprint,
            signing_input=statement_input(json.loads(attempt.bytes()), key.thumbprint),
        )


def grant_in_aims(world):
    public_id, audits = opened(world)
    return like(
        world,
        world.draft(
            public_id,
            "grant",
            relied_on=audits,
            accreditations=(world.known_accreditation,),
            certificate=world.wanted(),
        ),
    )


# --- Bindings by identity ---


def test_nobody_but_the_registry_binds_by_identity_alone(lasting_world, registry_party):
    drafted = registry_party.draft(lasting_world.body, lasting_world.ring.certification.thumbprint, "aims")
    officer = add_person(lasting_world, lasting_world.actor, {})
    give(lasting_world, lasting_world.actor, officer.id, "identity_officer", "aims")
    draft, body = uuid4(), lasting_world.body

    with refuses("registry_only"), lasting_world.database.transaction(body=body) as connection:
        insert(
            connection,
            "draft",
            body_id=body,
            id=draft,
            kind="identity_binding",
            document=drafted.document,
            carried_by="around",
        )
        insert(connection, "draft_person", body_id=body, draft_id=draft, person_id=officer.id, salt=b"s" * 32)
        insert(
            connection,
            "confirmation",
            body_id=body,
            draft_id=draft,
            person_id=officer.id,
            thumbprint=officer.key.thumbprint,
            evidence=sign_evidence(officer.key, drafted.document),
            carried_by="around",
        )
        hold(connection, body, uuid4(), "identify", draft, subject_of(json.loads(drafted.document)["key"]))


def test_a_binding_by_identity_is_recorded_as_it_was_confirmed(lasting_world, registry_party):
    key = lasting_world.ring.certification.thumbprint
    drafted = registry_party.draft(lasting_world.body, key, "aims")
    body, act, document = registry_party.party, uuid4(), json.loads(drafted.document)

    with refuses("document_mismatch"), lasting_world.database.transaction(body=body) as connection:
        insert(
            connection,
            "confirmation",
            body_id=body,
            draft_id=drafted.id,
            person_id=registry_party.officer.id,
            thumbprint=registry_party.officer.key.thumbprint,
            evidence=sign_evidence(registry_party.officer.key, drafted.document),
            carried_by="around",
        )
        hold(connection, body, act, "identify", drafted.id, subject_of(key))
        reservation = reserve(
            connection,
            body=body,
            act=act,
            statement="akashi-identity-binding-1",
            subject=subject_of(key),
            signing_input=statement_input(document, registry_party.key.thumbprint),
            thumbprint=registry_party.key.thumbprint,
        )
        seal(connection, body, reservation)
        insert(
            connection,
            "identity_binding",
            body_id=body,
            id=drafted.id,
            bound_body_id=lasting_world.body,
            scheme_code=THIRD_PARTY,  # the officer confirmed another
            thumbprint=key,
            purposes=["certify"],
            valid_from=document["from"],
            valid_to=document["to"],
            draft_id=drafted.id,
            envelope_id=reservation,
        )


# --- Who certifies, who declares, and when ---


def certification_row(body, organisation, scheme, **other):
    public_id = generate_public_id()
    number = f"X-{next(NUMBERS):05}"
    said = {
        "body_id": body,
        "id": uuid4(),
        "public_id": public_id,
        "subject": subject_of(public_id),
        "scheme_code": scheme,
        "organisation_id": organisation,
        "number": number,
        "folded_number": number,
    }
    return said | other


def test_a_certification_body_declares_nothing_for_anybody(lasting_world, declarant):
    row = certification_row(lasting_world.body, lasting_world.organisation, DECLARATION, provenance="imported")
    with (
        refuses("body_of_another_kind"),
        lasting_world.database.transaction(body=lasting_world.body) as connection,
    ):
        insert(connection, "certification", **row)


def test_a_declarant_certifies_nobody(lasting_world, declarant):
    row = certification_row(declarant.party, declarant.organisation, "aims", provenance="imported")
    with refuses("body_of_another_kind"), lasting_world.database.transaction(body=declarant.party) as connection:
        insert(connection, "certification", **row)


def test_a_name_that_is_not_the_declarants_stops_the_next_declaration(lasting_world, registry_party):
    own = add_declarant(lasting_world, registry_party, f"架空 {uuid4().hex[:8]} 株式会社")
    public_id = own.open(f"SD-{next(NUMBERS)}").public_id
    proposal = own.decide
    with lasting_world.database.transaction(body=own.party) as connection:
        insert(
            connection,
            "organisation_name",
            body_id=own.party,
            organisation_id=own.organisation,
            name="Somebody Else K.K.",
            folded="somebody else",
            language="en",
            script="Latn",
            source="around",
        )
    with pytest.raises(Exception, match=r"declared_for_another|malformed_facts"):
        proposal(public_id, "grant", certificate=own.wanted())


def test_only_history_comes_without_an_agreement(lasting_world, unaccredited):
    row = certification_row(lasting_world.body, lasting_world.organisation, THIRD_PARTY)
    with (
        refuses("application_not_accepted"),
        lasting_world.database.transaction(body=lasting_world.body) as connection,
    ):
        insert(connection, "certification", **row)


def test_what_nobody_accredits_names_no_accreditation(unaccredited):
    attempt = lawful_unaccredited(unaccredited)
    attempt.document["accreditations"] = [str(unaccredited.known_accreditation)]
    attempt.facts["accreditations"] = [{"id": str(unaccredited.known_accreditation)}]
    with refuses("accreditation_in_other_scheme"):
        attempt.attempt()


@pytest.mark.parametrize("phase", ["closed", "proposed"])
def test_a_scheme_that_is_not_open_grants_nothing_and_ends_nothing(lasting_world, registry_party, phase):
    code = f"own-{phase}"
    with psycopg.connect(lasting_world.fresh.superuser_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO akashi.scheme SELECT (jsonb_populate_record(s, jsonb_build_object('code', %s::text))).* "
            "FROM akashi.scheme s WHERE code = 'aims-third-party'",
            (code,),
        )
        for table in ("normative_document", "scheme_term", "scheme_phase"):
            connection.execute(
                f"INSERT INTO akashi.{table} SELECT (jsonb_populate_record(x, jsonb_build_object('scheme_code', %s::text))).* "
                f"FROM akashi.{table} x WHERE scheme_code = 'aims-third-party' AND '{table}' <> 'scheme_phase'",
                (code,),
            )
        connection.execute("INSERT INTO akashi.scheme_phase VALUES (%s, 'pilot', '2020-01-01', NULL, 'test')", (code,))
    world = certifying_in(lasting_world, registry_party, code)
    standing = certify(world, f"S-{next(NUMBERS)}", site_ids=(abroad(world),))
    attempt = lawful_unaccredited(world)
    with psycopg.connect(world.fresh.superuser_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO akashi.scheme_phase VALUES (%s, %s, %s, NULL, 'test')", (code, phase, world.today)
        )

    with refuses("scheme_not_open"):
        attempt.attempt()
    lawful(world, standing.public_id, "suspend").attempt()
