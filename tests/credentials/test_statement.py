"""Signed statements: one form only, canonical, and said by exactly the key that they name."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.credentials.jws import JwsRefused, secure, signing_input
from app.credentials.statement import (
    MalformedStatement,
    UnverifiedStatement,
    check_statement,
    read_statement,
    statement_input,
)
from app.keys.encoding import b64u
from app.keys.keys import BadSignature
from app.keys.software import generate_software_key

KEY = generate_software_key()
PAYLOAD = {
    "type": "akashi-decision-1",
    "act": "grant",
    "until": None,
    "names": [{"name": "株式会社灯", "language": "ja"}],
}
HEADER = {"alg": "ES256", "kid": KEY.thumbprint, "typ": "akashi-statement+jwt"}
JWS = secure(statement_input(PAYLOAD, KEY.thumbprint), KEY)


def test_a_statement_is_read_and_then_checked():
    unverified = read_statement(JWS)
    assert isinstance(unverified, UnverifiedStatement)
    assert (unverified.type, unverified.payload, unverified.kid, unverified.jws) == (
        "akashi-decision-1",
        PAYLOAD,
        KEY.thumbprint,
        JWS,
    )
    statement = check_statement(unverified, KEY.public_key)
    assert statement.payload == PAYLOAD
    assert statement.signing_input == unverified.signing_input == statement_input(PAYLOAD, KEY.thumbprint)


def test_the_same_content_gives_the_same_bytes_whatever_its_order():
    assert statement_input(dict(reversed(PAYLOAD.items())), KEY.thumbprint) == statement_input(PAYLOAD, KEY.thumbprint)


def test_a_statement_that_names_another_key_is_refused_even_if_that_key_exists():
    other = generate_software_key()
    with pytest.raises(BadSignature):
        check_statement(read_statement(JWS), other.public_key)
    borrowed = secure(statement_input(PAYLOAD, other.thumbprint), KEY)
    for key in (KEY, other):
        with pytest.raises(BadSignature):
            check_statement(read_statement(borrowed), key.public_key)


@settings(max_examples=150)
@given(st.integers(0, len(JWS) - 1), st.integers(1, 127))
def test_a_statement_in_which_any_character_was_changed_is_refused(place, difference):
    altered = JWS[:place] + chr((ord(JWS[place]) + difference) % 128) + JWS[place + 1 :]
    with pytest.raises((JwsRefused, MalformedStatement, BadSignature)):
        check_statement(read_statement(altered), KEY.public_key)


@pytest.mark.parametrize(
    "payload",
    [
        b'{"type": "x"}',
        b'{"type":"x","a":1}',
        b'{"type":"\\u0078"}',
        b'{"n":1.0,"type":"x"}',
        b'{"n":9007199254740993,"type":"x"}',
        b'{"type":"x","type":"x"}',
        b'{"a":"\\ud800","type":"x"}',
        b'["x"]',
        b"",
        b"{}",
        b'{"type":""}',
        b'{"type":1}',
        b'{"type":"x"}\n',
        b'{"type":"' + b"x" * 70_000 + b'"}',
    ],
)
def test_a_payload_of_another_form_is_refused_though_rightly_signed(payload):
    with pytest.raises(MalformedStatement) as refusal:
        read_statement(secure(signing_input(HEADER, payload), KEY))
    assert refusal.value.code == "malformed_statement"


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "ES256", "kid": KEY.thumbprint},
        {"alg": "ES256", "typ": "akashi-statement+jwt"},
        {**HEADER, "cty": "json"},
        {**HEADER, "typ": "vc+jwt"},
        {**HEADER, "x5c": ["MAA="]},
    ],
)
def test_a_header_of_another_form_is_refused(header):
    with pytest.raises(MalformedStatement):
        read_statement(secure(signing_input(header, b'{"type":"x"}'), KEY))


def test_a_header_that_is_not_canonical_is_refused():
    """One statement has one text: its header too."""
    header = b64u(json.dumps(HEADER).encode())
    payload = b64u(b'{"type":"x"}')
    with pytest.raises(MalformedStatement):
        read_statement(secure(f"{header}.{payload}".encode(), KEY))


@pytest.mark.parametrize("payload", [{}, {"type": ""}, {"type": None}])
def test_a_statement_without_type_is_not_composed(payload):
    with pytest.raises(MalformedStatement):
        statement_input(payload, KEY.thumbprint)
