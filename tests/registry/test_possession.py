"""Proof of possession: over our nonce, for one holder, within a day, once."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from app.keys.evidence import sign_possession
from app.keys.keys import public_jwk
from app.keys.software import generate_software_key
from app.registry.possession import accept_possession, give_nonce
from tests.support.acts import refused

KEY = generate_software_key()


def show(world, holder, nonce, *, key=KEY, signed_for=None, body=None):
    """Thumbprint of a key whose possession was accepted."""
    body = body or world.body
    with world.database.transaction(body=body) as connection:
        name, _, _ = accept_possession(
            connection,
            body=body,
            holder=holder,
            jwk=public_jwk(key.public_key),
            presented_possession=sign_possession(key, signed_for or holder, nonce),
            nonce=nonce,
        )
    return name


def test_a_holder_of_the_key_is_believed_once(bare_world):
    holder = bare_world.auditor.id
    nonce = give_nonce(bare_world.registry, bare_world.body, holder)

    assert show(bare_world, holder, nonce) == KEY.thumbprint
    with refused("nonce_used"):
        show(bare_world, holder, nonce)


def test_nonces_are_never_the_same(bare_world):
    given = {give_nonce(bare_world.registry, bare_world.body, bare_world.body) for _ in range(20)}
    assert len(given) == 20


def test_a_nonce_of_our_own_invention_is_unknown(bare_world):
    with refused("unknown_nonce"):
        show(bare_world, bare_world.body, "A" * 43)


def test_a_nonce_counts_for_its_holder_only(bare_world):
    nonce = give_nonce(bare_world.registry, bare_world.body, bare_world.auditor.id)
    with refused("unknown_nonce"):
        show(bare_world, bare_world.reviewer.id, nonce)


def test_a_nonce_of_another_body_is_unknown(bare_world):
    nonce = give_nonce(bare_world.registry, bare_world.accreditation_body, bare_world.body)
    with refused("unknown_nonce"):
        show(bare_world, bare_world.body, nonce)


def test_a_proof_for_another_holder_or_by_another_key_is_no_proof(bare_world):
    holder = bare_world.auditor.id
    nonce = give_nonce(bare_world.registry, bare_world.body, holder)
    with refused("bad_signature"):
        show(bare_world, holder, nonce, signed_for=uuid4())

    assert show(bare_world, holder, nonce) == KEY.thumbprint, "a refused proof must not spend the nonce"


@pytest.mark.parametrize(("age", "accepted"), [(timedelta(hours=23), True), (timedelta(hours=25), False)])
def test_a_nonce_is_fresh_for_a_day(bare_world, age, accepted):
    nonce = give_nonce(bare_world.registry, bare_world.body, bare_world.body)
    bare_world.set_clock(bare_world.now() + age)

    if accepted:
        assert show(bare_world, bare_world.body, nonce) == KEY.thumbprint
    else:
        with refused("nonce_expired"):
            show(bare_world, bare_world.body, nonce)
