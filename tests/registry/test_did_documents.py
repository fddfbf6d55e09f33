"""DID documents: bound keys and the registry's own, retired ones among them, never a private part."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from app.credentials.addresses import body_did
from app.credentials.jws import split_jws
from app.credentials.strict_json import parse_object
from app.keys.software import generate_software_key
from app.registry.did_documents import body_document, registry_document
from app.trust.anchors import Anchors, KeyAnchor, Role
from tests.support.acts import refused
from tests.support.world import BASE_URL


def names_of(document):
    """The thumbprints of the keys that a document lists."""
    return {one["id"].partition("#")[2] for one in document["verificationMethod"]}


def test_a_bodys_document_has_the_did_that_its_certificates_name(world):
    issued = world.grant()
    issuer = parse_object(split_jws(issued.credential).payload, max_bytes=262144)["issuer"]["id"]
    assert body_document(world.registry, world.body)["id"] == issuer == body_did(BASE_URL, str(world.body))


def test_each_method_is_named_after_its_key_and_is_public(world):
    document = body_document(world.registry, world.body)
    (method,) = document["verificationMethod"]
    assert method["id"] == f"{document['id']}#{world.ring.certification.thumbprint}"
    assert method["publicKeyJwk"].keys() == {"kty", "crv", "x", "y"}
    assert document["assertionMethod"] == [method["id"]]


def test_a_key_that_nobody_bound_does_not_stand_there(world):
    unbound = world.keys.create()
    world.register_key(
        world.body, unbound, "certify", world.issue_chain(world.body, "Fictional Certification", unbound)
    )
    assert names_of(body_document(world.registry, world.body)) == {world.ring.certification.thumbprint}


def test_a_key_whose_binding_has_ended_stays_listed(world):
    world.set_clock(world.now() + timedelta(days=900))
    assert names_of(body_document(world.registry, world.body)) == {world.ring.certification.thumbprint}


def test_an_accreditation_bodys_own_key_stands_in_its_document(world):
    document = body_document(world.registry, world.accreditation_body)
    assert document["verificationMethod"][0]["id"].endswith(world.ring.accreditation.thumbprint)


def test_a_retired_publication_key_stays_listed(world):
    retired = generate_software_key()
    anchor = KeyAnchor(party=BASE_URL, valid_from=world.start, role=Role.PUBLICATION, key=retired.public_key)
    registry = replace(world.registry, anchors=Anchors((*world.anchors.keys, anchor), world.anchors.authorities))
    assert names_of(registry_document(registry)) == {retired.thumbprint, world.registry.publication_key}


def test_there_is_no_document_of_nobody(world):
    with refused("unknown_body"):
        body_document(world.registry, uuid4())
