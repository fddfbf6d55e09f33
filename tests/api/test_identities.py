"""Bindings by identity over HTTP: drafted and confirmed by the registry's own officer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.service import Service
from tests.support.unaccredited import REGISTRY_SCOPES, add_registry

ADDRESS = "/v1/identity-bindings"


@pytest.fixture
def registry_party(bare_world):
    return add_registry(bare_world)


@pytest.fixture
def door(bare_world, registry_party):
    return Service(bare_world)


def wanted(registry_party, **other):
    world = registry_party.world
    begin = world.now().replace(microsecond=0)
    asked = {
        "body": str(world.body),
        "scheme": "aims",
        "key": world.ring.certification.thumbprint,
        "valid_from": begin.isoformat().replace("+00:00", "Z"),
        "valid_to": (begin + timedelta(days=700)).isoformat().replace("+00:00", "Z"),
        "officer": str(registry_party.officer.id),
    }
    return asked | other


def test_an_officer_binds_a_key_by_identity_and_everybody_can_read_it(door, registry_party):
    client = door.caller(registry_party.party, REGISTRY_SCOPES)

    drafted = client.post(ADDRESS, wanted(registry_party))
    assert drafted.status_code == 201
    done = door.confirm(client, ADDRESS, drafted.json(), registry_party.officer)

    assert done.status_code == 200
    assert done.json()["document"]["evidence"] == "identity_only"
    assert client.get(f"{ADDRESS}/{drafted.json()['id']}").json()["awaited"] == []
    keys = door.get(f"/v1/bodies/{registry_party.world.body}").json()["keys"]
    assert [one["scheme"] for one in keys[0]["identities"]] == ["aims"]


@pytest.mark.parametrize(
    ("other", "status", "code"),
    [
        ({"scheme": "qms"}, 404, "unknown_scheme"),
        ({"key": "A" * 43}, 404, "unknown_key"),
        ({"valid_to": "2099-01-01T00:00:00Z"}, 422, "binding_period"),
    ],
)
def test_what_cannot_be_bound_is_refused(door, registry_party, other, status, code):
    client = door.caller(registry_party.party, REGISTRY_SCOPES)

    refusal = client.post(ADDRESS, wanted(registry_party, **other))

    assert (refusal.status_code, refusal.json()["code"]) == (status, code)


def test_a_certification_body_has_no_such_scope(door, registry_party):
    refusal = door.body.post(ADDRESS, wanted(registry_party, body=str(registry_party.world.accreditation_body)))

    assert (refusal.status_code, refusal.json()["code"]) == (403, "insufficient_scope")


def test_with_the_scope_it_still_is_not_the_registry(door, registry_party):
    client = door.caller(registry_party.world.body, REGISTRY_SCOPES)

    refusal = client.post(ADDRESS, wanted(registry_party))

    assert (refusal.status_code, refusal.json()["code"]) == (422, "registry_only")
