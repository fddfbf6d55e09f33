"""Parties: bodies with what must be public, keys whose possession and chain were shown. An act of the operator."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from app.access.actor import OPERATOR
from app.errors import AkashiError
from app.keys.evidence import sign_possession
from app.keys.keys import public_jwk
from app.keys.software import generate_software_key
from app.registry import parties
from app.registry.parties import PartyFacts, PartyName
from tests.support.acts import refused, rows
from tests.support.world import PUBLIC_INFORMATION, ZONE

FACTS = PartyFacts((PartyName("Fictional", "en"),), "JP", ZONE, PUBLIC_INFORMATION)


def register(world, **changes):
    return parties.register_certification_body(world.registry, OPERATOR, replace(FACTS, **changes))


def faults_of(world, **changes):
    """Code and field of each fault with which a body is refused."""
    with pytest.raises(AkashiError) as caught:
        register(world, **changes)
    return {(fault.code, fault.field) for fault in caught.value.faults}


def register_key(world, party, key, *, chain=(), purpose="certify", **changes):
    nonce = parties.possession_nonce(world.registry, OPERATOR, party)
    given = {
        "presented_possession": sign_possession(key, party, nonce),
        "nonce": nonce,
        "purpose": purpose,
        "chain": chain,
    }
    return parties.register_signing_key(
        world.registry, OPERATOR, party=party, jwk=public_jwk(key.public_key), **{**given, **changes}
    )


# --- Bodies ---


def test_a_body_is_registered_as_it_was_given(bare_world):
    names = (PartyName("﨑山認証", "ja"), PartyName("Sakiyama Certification", "en"))
    party = register(bare_world, names=names, identifiers=(("lei", "00000FICTIONALTEST57"),))

    kept = rows(bare_world, "SELECT name FROM akashi.party_name WHERE party_id = %(party)s", party=party)
    assert {row.name for row in kept} == {"﨑山認証", "Sakiyama Certification"}
    listed = {one.id: one for one in parties.list_parties(bare_world.registry)}
    assert (listed[party].kind, listed[party].country, listed[party].time_zone) == ("certification_body", "JP", ZONE)
    assert listed[party].keys == ()


@pytest.mark.parametrize("missing", parties.PUBLIC_INFORMATION)
def test_each_part_of_the_public_information_is_demanded(bare_world, missing):
    information = {name: url for name, url in PUBLIC_INFORMATION.items() if name != missing}
    assert faults_of(bare_world, public_information=information) == {
        ("public_information_missing", f"/public_information/{missing}")
    }


def test_all_faults_of_the_public_information_are_said_at_once(bare_world):
    information = {
        **PUBLIC_INFORMATION,
        "processes": "",
        "mark_rules": "http://cb.example",
        "motto": "https://x.example",
    }
    assert faults_of(bare_world, public_information=information) == {
        ("public_information_missing", "/public_information/processes"),
        ("malformed_address", "/public_information/mark_rules"),
        ("unknown_member", "/public_information/motto"),
    }


@pytest.mark.parametrize(
    "address",
    [
        "https://",
        "https://a b.example",
        "https://u:p@cb.example",
        "javascript:x",
        "https://[x",
        "https://cb.example/\u202e",
    ],
)
def test_an_address_that_is_no_plain_https_address_is_refused(bare_world, address):
    assert faults_of(bare_world, public_information={**PUBLIC_INFORMATION, "processes": address}) == {
        ("malformed_address", "/public_information/processes")
    }


def test_an_accreditation_body_has_no_such_demand(bare_world):
    party = parties.register_accreditation_body(bare_world.registry, OPERATOR, replace(FACTS, public_information={}))
    assert party in {one.id for one in parties.list_parties(bare_world.registry)}


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"names": ()}, ("name_missing", "/names")),
        ({"names": (PartyName("a\u202eb", "en"),)}, ("text_bidi_control", "/names/0/name")),
        ({"names": (PartyName("Fictional", "English"),)}, ("malformed_language", "/names/0/language")),
        ({"country": "Japan"}, ("malformed_country", "/country")),
        ({"time_zone": "Asia/Edo"}, ("unknown_time_zone", "/time_zone")),
        ({"identifiers": (("lei", "00000FICTIONALTEST58"),)}, ("malformed_lei", "/identifiers/0/value")),
    ],
)
def test_a_fact_without_its_form_is_refused_by_its_field(bare_world, changes, fault):
    assert faults_of(bare_world, **changes) == {fault}


def test_nothing_is_registered_of_a_body_that_is_refused(bare_world):
    before = len(parties.list_parties(bare_world.registry))
    with refused("already_recorded"):
        register(bare_world, names=(PartyName("Twice", "en"), PartyName("Twice", "en")))
    assert len(parties.list_parties(bare_world.registry)) == before


@pytest.mark.parametrize("actor", ["actor", "ab_actor"])
def test_no_machine_client_registers_parties(bare_world, actor):
    carrier = getattr(bare_world, actor)
    with refused("operator_only"):
        parties.register_certification_body(bare_world.registry, carrier, FACTS)
    with refused("operator_only"):
        parties.possession_nonce(bare_world.registry, carrier, bare_world.body)


# --- Keys ---


def test_a_certifying_key_comes_with_possession_and_chain(bare_world):
    key = generate_software_key()
    chain = bare_world.issue_chain(bare_world.body, "Fictional", key)

    registered = register_key(bare_world, bare_world.body, key, chain=chain)

    assert (registered.party, registered.thumbprint) == (bare_world.body, key.thumbprint)
    [kept] = rows(bare_world, "SELECT chain FROM akashi.signing_key WHERE thumbprint = %(key)s", key=key.thumbprint)
    assert tuple(kept.chain) == chain


def test_a_chain_to_another_key_is_refused(bare_world):
    chain = bare_world.issue_chain(bare_world.body, "Fictional", generate_software_key())
    with refused("chain_wrong_key", "/chain"):
        register_key(bare_world, bare_world.body, generate_software_key(), chain=chain)


def test_a_chain_to_another_party_is_refused(bare_world):
    key = generate_software_key()
    chain = bare_world.issue_chain(uuid4(), "Somebody else", key)
    with refused("chain_wrong_party"):
        register_key(bare_world, bare_world.body, key, chain=chain)


def test_a_certifying_key_without_a_chain_is_refused(bare_world):
    with refused("chain_malformed"):
        register_key(bare_world, bare_world.body, generate_software_key())


def test_a_chain_that_has_expired_is_refused(bare_world):
    key = generate_software_key()
    chain = bare_world.issue_chain(bare_world.body, "Fictional", key)
    bare_world.set_clock(bare_world.now() + timedelta(days=900))
    with refused("chain_expired"):
        register_key(bare_world, bare_world.body, key, chain=chain)


@pytest.mark.parametrize(("party", "purpose"), [("body", "accredit"), ("accreditation_body", "certify")])
def test_a_purpose_belongs_to_a_kind_of_body(bare_world, party, purpose):
    with refused("purpose_of_another_kind", "/purpose"):
        register_key(bare_world, getattr(bare_world, party), generate_software_key(), purpose=purpose)


def test_a_key_is_registered_once_and_for_one_body(bare_world):
    taken = bare_world.ring.accreditation
    party = parties.register_accreditation_body(bare_world.registry, OPERATOR, replace(FACTS, public_information={}))
    with refused("key_taken"):
        register_key(bare_world, party, taken, purpose="accredit")


def test_a_key_that_its_presenter_does_not_hold_is_refused(bare_world):
    stolen, own = generate_software_key(), generate_software_key()
    nonce = parties.possession_nonce(bare_world.registry, OPERATOR, bare_world.accreditation_body)
    proof = sign_possession(own, bare_world.accreditation_body, nonce)
    with refused("bad_signature"):
        register_key(
            bare_world,
            bare_world.accreditation_body,
            stolen,
            purpose="accredit",
            presented_possession=proof,
            nonce=nonce,
        )


def test_a_private_key_in_the_place_of_a_public_one_is_refused(bare_world):
    key = generate_software_key()
    with refused("malformed_key"):
        parties.register_signing_key(
            bare_world.registry,
            OPERATOR,
            party=bare_world.accreditation_body,
            jwk={**public_jwk(key.public_key), "d": "AA"},
            presented_possession="",
            nonce="",
            purpose="accredit",
        )


def test_an_unknown_party_gets_no_nonce(bare_world):
    with refused("unknown_party", "/party"):
        parties.possession_nonce(bare_world.registry, OPERATOR, uuid4())
