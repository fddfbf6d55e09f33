"""Bindings by identity: whose key it is, in one scheme, by the registry's word alone, and never accreditation."""

from datetime import timedelta

import pytest

from app.access.actor import OPERATOR
from app.keys.evidence import sign_evidence
from app.registry import identity_binding, parties
from app.registry.parties import PartyFacts, PartyName
from tests.support.acts import refused, said
from tests.support.unaccredited import DECLARATION, add_declarant, add_person, add_registry, key_for
from tests.support.world import ZONE

AIMS = "aims"


@pytest.fixture
def registry_party(bare_world):
    return add_registry(bare_world)


def test_a_binding_by_identity_says_so_and_names_the_party_as_the_registry_knows_it(bare_world, registry_party):
    key = bare_world.ring.certification.thumbprint

    document = said(registry_party.draft(bare_world.body, key, AIMS).document)

    assert (document["type"], document["evidence"]) == ("akashi-identity-binding-1", "identity_only")
    assert (document["body"], document["scheme"], document["key"]) == (str(bare_world.body), AIMS, key)
    assert {"name": "Fictional Certification", "language": "en"} in document["body_names"]
    assert not {"accreditation", "accreditation_body"} & set(document)


def test_confirming_twice_binds_once(bare_world, registry_party):
    drafted = registry_party.draft(bare_world.body, bare_world.ring.certification.thumbprint, AIMS)
    evidence = sign_evidence(registry_party.officer.key, drafted.document)

    bound = [
        identity_binding.confirm_identity(bare_world.registry, registry_party.actor, drafted.id, evidence)
        for _ in range(2)
    ]

    assert bound[0] == bound[1]


def test_only_an_officer_of_the_registry_for_that_scheme_confirms(bare_world, registry_party):
    stranger = add_person(bare_world, registry_party.actor, {"identity_officer": (DECLARATION,)})
    drafted = identity_binding.draft_identity(
        bare_world.registry,
        registry_party.actor,
        body=bare_world.body,
        scheme=AIMS,
        thumbprint=bare_world.ring.certification.thumbprint,
        valid_from=bare_world.now(),
        valid_to=bare_world.now() + timedelta(days=100),
        officer=stranger.id,
    )

    with refused("decider_not_competent"):
        identity_binding.confirm_identity(
            bare_world.registry, registry_party.actor, drafted.id, sign_evidence(stranger.key, drafted.document)
        )


def test_a_certification_body_binds_nobody(bare_world):
    with refused("insufficient_scope"):
        identity_binding.draft_identity(
            bare_world.registry,
            bare_world.ab_actor,
            body=bare_world.body,
            scheme=AIMS,
            thumbprint=bare_world.ring.certification.thumbprint,
            valid_from=bare_world.now(),
            valid_to=bare_world.now() + timedelta(days=100),
            officer=bare_world.officer.id,
        )


def test_it_holds_for_27_months_at_most(bare_world, registry_party):
    key, begin = bare_world.ring.certification.thumbprint, bare_world.now()

    with refused("binding_period", "/to"):
        registry_party.draft(bare_world.body, key, AIMS, valid_from=begin, valid_to=begin + timedelta(days=900))


def test_a_key_that_is_not_that_partys_is_not_bound(bare_world, registry_party):
    with refused("unknown_key", "/key"):
        registry_party.draft(bare_world.body, registry_party.key.thumbprint, AIMS)


def test_the_scheme_is_one_of_the_registry(bare_world, registry_party):
    with refused("unknown_scheme", "/scheme"):
        registry_party.draft(bare_world.body, bare_world.ring.certification.thumbprint, "qms")


def test_there_is_one_registry(bare_world, registry_party):
    facts = PartyFacts((PartyName("Another Registry", "en"),), "JP", ZONE)

    with refused("already_recorded"):
        parties.register_registry(bare_world.registry, OPERATOR, facts)


def test_a_declarant_declares_with_the_key_that_was_identified_for_that_scheme(bare_world, registry_party):
    declarant = add_declarant(bare_world, registry_party)

    decided = declarant.decide(declarant.open().public_id, "grant", certificate=declarant.wanted())

    assert key_for(bare_world, declarant.party, decided.id) is not None
