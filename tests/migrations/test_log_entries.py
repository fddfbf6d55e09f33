"""The leaf of each fact: its bytes are RFC 8785 form, its commitment opens with the salt, it names nobody (trust, the log)."""

from __future__ import annotations

import hashlib
import json

import pytest

from app.conformity.identifiers import subject_of
from app.credentials.canonical import canonical
from app.keys.encoding import b64u, b64u_decode
from tests.support.acts import rows

MEMBERS = {"commitment", "issuer", "key", "kind", "n", "recorded", "subject", "v"}


@pytest.fixture(scope="module")
def lived(lasting_world):
    """A certificate that lived through everything, with its accreditation changed beside it."""
    world = lasting_world
    issued = world.grant("leaf-1")
    world.suspend(issued.public_id)
    world.restore(issued.public_id)
    world.rename("Kasumi Robotics Holdings K.K.")
    world.amend(issued.public_id)
    world.withdraw(issued.public_id)
    world.annul(issued.public_id)
    world.change_accreditation("suspend")
    return issued.public_id


@pytest.fixture(scope="module")
def leaves(lasting_world, lived):
    return rows(
        lasting_world,
        "SELECT q.sequence, q.entry, r.*, e.n, e.recorded_at AS sealed_at, e.signature FROM akashi.log_queue q "
        "JOIN akashi.envelope e ON e.body_id = q.body_id AND e.id = q.envelope_id "
        "JOIN akashi.reservation r ON r.body_id = e.body_id AND r.id = e.id ORDER BY q.sequence",
    )


def test_every_sealed_fact_has_exactly_one_leaf(lasting_world, leaves):
    (sealed,) = rows(lasting_world, "SELECT count(*) AS n FROM akashi.envelope")
    assert len(leaves) == sealed.n == len({leaf.id for leaf in leaves}) > 10


def test_a_leaf_is_its_own_canonical_form(leaves):
    for leaf in leaves:
        assert canonical(json.loads(bytes(leaf.entry))) == bytes(leaf.entry)


def test_a_leaf_is_what_the_records_give(leaves):
    for leaf in leaves:
        digest = hashlib.sha256(bytes(leaf.signing_input)).digest()
        opened = hashlib.sha256(b"akashi-entry-v1\n" + bytes(leaf.salt) + digest).digest()
        assert json.loads(bytes(leaf.entry)) == {
            "v": 1,
            "kind": leaf.log_kind,
            "issuer": str(leaf.body_id),
            "key": leaf.thumbprint,
            "subject": b64u(bytes(leaf.subject)),
            "n": leaf.n,
            "commitment": b64u(opened),
            "recorded": leaf.sealed_at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{leaf.sealed_at.microsecond // 1000:03}Z",
        }


def test_another_salt_does_not_open_a_commitment(leaves):
    first, second = leaves[0], leaves[1]
    digest = hashlib.sha256(bytes(first.signing_input)).digest()
    wrong = hashlib.sha256(b"akashi-entry-v1\n" + bytes(second.salt) + digest).digest()
    assert json.loads(bytes(first.entry))["commitment"] != b64u(wrong)


def test_salts_never_repeat(leaves):
    assert len({bytes(leaf.salt) for leaf in leaves}) == len(leaves)


def test_the_facts_of_a_subject_are_numbered_from_one_without_a_gap_in_the_order_of_the_queue(leaves):
    numbers: dict[bytes, list[int]] = {}
    for leaf in leaves:
        numbers.setdefault(bytes(leaf.subject), []).append(leaf.n)
    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())
    assert len(numbers) == 3  # the certification, the accreditation, the key


def test_the_instants_of_a_subject_never_go_back(leaves):
    by_subject: dict[bytes, list[str]] = {}
    for leaf in leaves:
        by_subject.setdefault(bytes(leaf.subject), []).append(json.loads(bytes(leaf.entry))["recorded"])
    assert all(found == sorted(found) for found in by_subject.values())


def test_only_who_has_the_id_finds_its_leaves(leaves, lived):
    own = [leaf for leaf in leaves if json.loads(bytes(leaf.entry))["subject"] == b64u(subject_of(lived))]
    assert len(own) == 6 + 6 + 2  # decisions, events, certificates
    assert all(lived.encode() not in bytes(leaf.entry) for leaf in leaves)


def test_a_leaf_names_no_person_organisation_scope_or_standing(lasting_world, leaves):
    names = rows(
        lasting_world,
        "SELECT name FROM akashi.organisation_name UNION SELECT name FROM akashi.person_name "
        "UNION SELECT name FROM akashi.party_name UNION SELECT id::text FROM akashi.person",
    )
    told = [row.name for row in names] + ["robotics", "suspend", "withdraw", "active", "FA-001", "leaf-1"]
    for leaf in leaves:
        content = bytes(leaf.entry).decode("ascii")
        assert set(json.loads(content)) == MEMBERS
        assert [word for word in told if word in content] == []


def test_a_leaf_fits_the_log(leaves):
    assert max(len(leaf.entry) for leaf in leaves) <= 4096


def test_signed_documents_hold_no_natural_person(lasting_world, leaves):
    people = rows(lasting_world, "SELECT name AS said FROM akashi.person_name UNION SELECT id::text FROM akashi.person")
    for leaf in leaves:
        content = b"".join(b64u_decode(part) for part in bytes(leaf.signing_input).decode("ascii").split(".")).decode()
        assert [row.said for row in people if row.said in content] == []
