"""Access tokens are unguessable, and the store knows only their digest."""

from __future__ import annotations

import hashlib

import pytest

from app.access.tokens import make_token, token_digest
from app.errors import AkashiError


def test_a_token_holds_256_random_bits_behind_a_prefix_that_scanners_know():
    asked = []
    token = make_token(lambda count: asked.append(count) or "A" * 43)
    assert asked == [32]
    assert token == "akashi_at_" + "A" * 43


def test_two_tokens_differ():
    assert make_token() != make_token()


def test_the_store_gets_the_digest():
    token = make_token()
    assert token_digest(token) == hashlib.sha256(token.encode()).digest()


@pytest.mark.parametrize(
    "presented",
    ["", "akashi_at_", "akashi_at_" + "A" * 42, "akashi_at_" + "A" * 43 + "\n", "Bearer x", "akashi_at_" + "é" * 43],
)
def test_text_of_another_form_is_refused_before_any_look_up(presented):
    with pytest.raises(AkashiError, match="token_not_accepted"):
        token_digest(presented)
