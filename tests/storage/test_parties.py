"""Rows of parties: everybody reads them, and only who acts for no body registers one."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.storage import parties
from tests.support.acts import refused


def test_everybody_reads_a_party(bare_world):
    for reader in (None, bare_world.body, bare_world.accreditation_body):
        with bare_world.database.transaction(body=reader) as connection:
            row = parties.find_party(connection, bare_world.body)
        assert (row.kind, row.country) == ("certification_body", "JP")


def test_a_party_is_listed_with_its_keys_in_the_order_of_registration(bare_world):
    with bare_world.database.transaction() as connection:
        listed = parties.list_parties(connection)
    assert [row.id for row in listed] == [bare_world.accreditation_body, bare_world.body]
    assert listed[1].keys == [bare_world.ring.certification.thumbprint]


def test_a_body_registers_no_party(bare_world):
    with refused("unknown_reference"), bare_world.database.transaction(body=bare_world.body) as connection:
        parties.add_party(
            connection, party=uuid4(), kind="accreditation_body", country="JP", time_zone="UTC", public_information={}
        )


def test_a_body_is_not_registered_without_its_public_information(bare_world):
    with refused("public_information_missing"), bare_world.database.transaction() as connection:
        parties.add_party(
            connection, party=uuid4(), kind="certification_body", country="JP", time_zone="UTC", public_information={}
        )


@pytest.mark.parametrize("own", [True, False])
def test_a_nonce_is_spent_in_the_name_of_its_own_body(bare_world, own):
    with bare_world.database.transaction(body=bare_world.body) as connection:
        parties.add_nonce(connection, body=bare_world.body, holder=bare_world.body, nonce="N" * 43)
    spender = bare_world.body if own else bare_world.accreditation_body

    def spend():
        with bare_world.database.transaction(body=spender) as connection:
            parties.spend_nonce(
                connection, body=bare_world.body, holder=bare_world.body, nonce="N" * 43, thumbprint="T" * 43
            )

    if own:
        spend()
    else:
        with refused("unknown_nonce"):
            spend()
