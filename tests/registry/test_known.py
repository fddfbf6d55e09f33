"""What is not the body's own reads as unknown, at the member that named it."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.registry.known import known_audit, known_certification, known_organisation, known_person
from tests.support.acts import refused


@pytest.mark.parametrize(
    ("known", "presented", "code", "field"),
    [
        (known_person, uuid4(), "unknown_person", "/person"),
        (known_organisation, uuid4(), "unknown_organisation", "/organisation"),
        (known_certification, "0" * 35, "unknown_certification", "/certification"),
        (known_audit, uuid4(), "unknown_audit", "/audit"),
    ],
)
def test_what_never_was_is_unknown(bare_world, known, presented, code, field):
    with bare_world.database.transaction(body=bare_world.body) as connection, refused(code, field):
        known(connection, bare_world.body, presented)


def test_what_is_another_body_s_is_unknown_too(bare_world):
    public_id = bare_world.open().public_id
    stranger, _ = bare_world.add_certification_body("Another Certification")
    with bare_world.database.transaction(body=stranger) as connection:
        with refused("unknown_person"):
            known_person(connection, stranger, bare_world.auditor.id)
        with refused("unknown_certification"):
            known_certification(connection, stranger, public_id)


def test_what_is_one_s_own_is_known(bare_world):
    public_id = bare_world.open().public_id
    with bare_world.database.transaction(body=bare_world.body) as connection:
        known_person(connection, bare_world.body, bare_world.auditor.id)
        known_organisation(connection, bare_world.body, bare_world.organisation)
        assert known_certification(connection, bare_world.body, public_id).public_id == public_id
