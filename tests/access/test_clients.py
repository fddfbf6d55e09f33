"""A client assertion is accepted only if every part of it is as the specifications say (R35: token attacks)."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from app.access.clients import LONGEST_LIFE, SKEW, check_assertion, check_client_key, sign_assertion, split_assertion
from app.errors import AkashiError, catalogue
from app.keys.encoding import b64u
from app.keys.keys import public_jwk
from app.keys.software import generate_software_key
from tests.support.assertions import assertion, ed25519_jwk, raw_assertion

ISSUER = "https://registry.example"
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
CLIENT = "client-alpha"
KEY = generate_software_key()
JWK = public_jwk(KEY.public_key)
ED = Ed25519PrivateKey.generate()
HEADER = {"alg": "ES256", "typ": "JWT"}
CLAIMS = {"iss": CLIENT, "sub": CLIENT, "aud": ISSUER, "iat": SECONDS, "exp": SECONDS + 60, "jti": "1"}
GONE = object()


def claims(**changes):
    return {name: value for name, value in {**CLAIMS, **changes}.items() if value is not GONE}


def header(**changes):
    return {name: value for name, value in {**HEADER, **changes}.items() if value is not GONE}


def check(presented, jwk=JWK, now=NOW):
    return check_assertion(split_assertion(presented), jwk, issuer=ISSUER, now=now)


def refusal(presented, jwk=JWK, now=NOW):
    with pytest.raises(AkashiError) as raised:
        check(presented, jwk, now)
    return raised.value.code


def hs256(text, secret):
    return lambda signing_input: hmac.new(secret, signing_input, hashlib.sha256).digest()


def test_an_honest_assertion_proves_its_client():
    checked = check(assertion(CLAIMS, KEY))
    assert (checked.client_id, checked.jti) == (CLIENT, "1")


def test_our_own_assertion_is_honest():
    presented = sign_assertion(CLIENT, KEY, issuer=ISSUER, now=NOW)
    assert check(presented).client_id == CLIENT
    assert check(presented).jti != check(sign_assertion(CLIENT, KEY, issuer=ISSUER, now=NOW)).jti


@pytest.mark.parametrize("algorithm", ["Ed25519", "EdDSA"])
def test_an_ed25519_client_may_use_the_old_and_the_new_name_of_its_algorithm(algorithm):
    assert check(assertion(CLAIMS, ED, {"alg": algorithm}), ed25519_jwk(ED)).client_id == CLIENT


@pytest.mark.parametrize(
    "changes",
    [{"typ": GONE}, {"typ": "client-authentication+jwt"}, {"kid": "any"}],
    ids=["no typ", "typ of RFC 7523bis", "kid"],
)
def test_the_three_permitted_header_members_may_stand_or_be_absent(changes):
    assert check(assertion(CLAIMS, KEY, header(**changes))).client_id == CLIENT


def test_the_issuer_may_be_the_only_element_of_an_audience_list():
    assert check(assertion(claims(aud=[ISSUER]), KEY)).client_id == CLIENT


def test_a_fraction_of_a_second_is_a_time_as_rfc_7519_says():
    assert check(assertion(claims(exp=SECONDS + 59.5), KEY)).remember_until == NOW + timedelta(seconds=59.5) + SKEW


def test_an_assertion_is_remembered_until_its_window_has_ended():
    """C107: the store must not forget before nobody would accept the assertion any more."""
    presented = assertion(CLAIMS, KEY)
    until = check(presented).remember_until
    assert refusal(presented, now=until) == "assertion_expired"
    assert check(presented, now=until - timedelta(microseconds=1)).jti == "1"


def test_the_jti_is_told_with_its_client_so_that_counters_of_two_clients_never_meet():
    """C109: clients A and B both begin with jti 1."""
    other = assertion(claims(iss="client-beta-", sub="client-beta-"), ED, {"alg": "Ed25519"})
    first, second = check(assertion(CLAIMS, KEY)), check(other, ed25519_jwk(ED))
    assert first.jti == second.jti
    assert first.client_id != second.client_id


CLAIM_ATTACKS = {
    "no exp": (claims(exp=GONE), "malformed_assertion"),
    "exp is text": (claims(exp=str(SECONDS + 60)), "malformed_assertion"),
    "exp is true": (claims(exp=True), "malformed_assertion"),
    "exp is null": (claims(exp=None), "malformed_assertion"),
    "exp is negative": (claims(exp=-1), "malformed_assertion"),
    "exp in milliseconds": (claims(exp=SECONDS * 1000), "malformed_assertion"),
    "exp beyond all calendars": (claims(exp=10**300), "malformed_assertion"),
    "exp reached": (claims(exp=SECONDS - 10), "assertion_expired"),
    "exp long ago": (claims(exp=0), "assertion_expired"),
    "exp in an hour": (claims(exp=SECONDS + 3600), "assertion_lives_too_long"),
    "exp a second too far": (claims(exp=SECONDS + 71), "assertion_lives_too_long"),
    "iat in the future": (claims(iat=SECONDS + 11), "assertion_not_yet_valid"),
    "nbf in the future": (claims(nbf=SECONDS + 30), "assertion_not_yet_valid"),
    "iat is text": (claims(iat="now"), "malformed_assertion"),
    "no aud": (claims(aud=GONE), "assertion_for_another"),
    "aud is the token endpoint": (claims(aud=f"{ISSUER}/oauth/token"), "assertion_for_another"),
    "aud is another server": (claims(aud="https://evil.example"), "assertion_for_another"),
    "aud names us and another": (claims(aud=[ISSUER, "https://evil.example"]), "assertion_for_another"),
    "aud names us twice": (claims(aud=[ISSUER, ISSUER]), "assertion_for_another"),
    "aud with a slash more": (claims(aud=ISSUER + "/"), "assertion_for_another"),
    "aud in capitals": (claims(aud=ISSUER.upper()), "assertion_for_another"),
    "aud is an object": (claims(aud={"url": ISSUER}), "assertion_for_another"),
    "no iss": (claims(iss=GONE), "malformed_assertion"),
    "iss of another client": (claims(iss="client-beta-"), "malformed_assertion"),
    "iss is a list": (claims(iss=[CLIENT]), "malformed_assertion"),
    "no sub": (claims(sub=GONE), "malformed_assertion"),
    "sub is a list": (claims(sub=[CLIENT]), "malformed_assertion"),
    "sub with SQL": (claims(sub="x' OR '1'='1"), "malformed_assertion"),
    "sub with NUL": (claims(sub="client-\x00alpha"), "malformed_assertion"),
    "sub of 65 letters": (claims(sub="a" * 65), "malformed_assertion"),
    "no jti": (claims(jti=GONE), "malformed_assertion"),
    "jti is empty": (claims(jti=""), "malformed_assertion"),
    "jti is a number": (claims(jti=1), "malformed_assertion"),
    "jti with NUL": (claims(jti="a\x00b"), "malformed_assertion"),
    "jti is half a character": (claims(jti="\ud83d"), "malformed_assertion"),
    "jti of 256 letters": (claims(jti="a" * 256), "malformed_assertion"),
}


@pytest.mark.parametrize("attack", CLAIM_ATTACKS)
def test_a_claim_that_is_not_as_it_must_be_is_refused(attack):
    spoilt, code = CLAIM_ATTACKS[attack]
    assert refusal(assertion(spoilt, KEY)) == code


HEADER_ATTACKS = {
    "alg none": (header(alg="none"), "client_not_authenticated"),
    "alg none in capitals": (header(alg="NONE"), "client_not_authenticated"),
    "alg RS256": (header(alg="RS256"), "client_not_authenticated"),
    "alg of the other key kind": (header(alg="Ed25519"), "client_not_authenticated"),
    "alg ES384": (header(alg="ES384"), "client_not_authenticated"),
    "alg es256": (header(alg="es256"), "client_not_authenticated"),
    "alg is a list": (header(alg=["ES256"]), "client_not_authenticated"),
    "no alg": (header(alg=GONE), "malformed_assertion"),
    "jwk": (header(jwk=JWK), "malformed_assertion"),
    "jku": (header(jku="https://evil.example/jwks"), "malformed_assertion"),
    "x5u": (header(x5u="https://evil.example/x"), "malformed_assertion"),
    "x5c": (header(x5c=["AA=="]), "malformed_assertion"),
    "crit": (header(crit=["exp"]), "malformed_assertion"),
    "b64 false": (header(b64=False, crit=["b64"]), "malformed_assertion"),
    "zip": (header(zip="DEF"), "malformed_assertion"),
    "typ of our statements": (header(typ="akashi-statement+jwt"), "malformed_assertion"),
    "typ of DPoP": (header(typ="dpop+jwt"), "malformed_assertion"),
    "typ is a list": (header(typ=["JWT"]), "malformed_assertion"),
}


@pytest.mark.parametrize("attack", HEADER_ATTACKS)
def test_a_header_cannot_choose_key_algorithm_or_meaning(attack):
    spoilt, code = HEADER_ATTACKS[attack]
    assert refusal(assertion(CLAIMS, KEY, spoilt)) == code


def test_a_public_key_is_never_a_shared_secret():
    """The oldest confusion: HS256 with the public key's bytes as the secret."""
    for secret in (json.dumps(JWK).encode(), JWK["x"].encode(), b""):
        presented = raw_assertion(
            json.dumps(header(alg="HS256")).encode(), json.dumps(CLAIMS).encode(), hs256("", secret)
        )
        assert refusal(presented) == "client_not_authenticated"


def test_an_unknown_client_and_a_wrong_key_read_alike():
    assert refusal(assertion(CLAIMS, KEY), jwk=None) == "client_not_authenticated"
    assert refusal(assertion(CLAIMS, generate_software_key())) == "client_not_authenticated"


def test_nothing_about_claims_is_told_before_the_signature_held():
    assert refusal(assertion(claims(exp=0, aud="x"), generate_software_key())) == "client_not_authenticated"


RAW_ATTACKS = {
    "empty": "",
    "two parts": "a.b",
    "four parts": assertion(CLAIMS, KEY) + ".AA",
    "no signature": assertion(CLAIMS, KEY).rsplit(".", 1)[0] + ".",
    "padding": assertion(CLAIMS, KEY) + "==",
    "line break": assertion(CLAIMS, KEY) + "\n",
    "standard base64": assertion(CLAIMS, KEY).replace(".", ".+", 1),
    "not ASCII": "é.é.é",
    "too long": assertion(claims(note="n" * 4096), KEY),
    "header not JSON": raw_assertion(b"{", b"{}", KEY.sign),
    "header not an object": raw_assertion(b"[]", json.dumps(CLAIMS).encode(), KEY.sign),
    "claims not an object": raw_assertion(b'{"alg":"ES256"}', b'"x"', KEY.sign),
    "claims not UTF-8": raw_assertion(b'{"alg":"ES256"}', b'{"sub":"\xff"}', KEY.sign),
    "claims nested": raw_assertion(b'{"alg":"ES256"}', b"[" * 2900, KEY.sign),
    "alg twice": raw_assertion(b'{"alg":"ES256","alg":"none"}', json.dumps(CLAIMS).encode(), KEY.sign),
    "sub twice": raw_assertion(
        b'{"alg":"ES256"}', json.dumps(CLAIMS).encode()[:-1] + b',"sub":"client-beta-"}', KEY.sign
    ),
    "NaN": raw_assertion(b'{"alg":"ES256"}', json.dumps(claims(exp=float("nan"))).encode(), KEY.sign),
    "a JWS in JSON form": json.dumps({"payload": "", "signatures": []}),
}


@pytest.mark.parametrize("attack", RAW_ATTACKS)
def test_what_is_not_a_strict_compact_jws_is_refused(attack):
    assert refusal(RAW_ATTACKS[attack]) == "malformed_assertion"


def test_another_form_of_the_same_signature_is_refused():
    signing_input = assertion(CLAIMS, KEY).rsplit(".", 1)[0]
    signature = KEY.sign(signing_input.encode())
    assert refusal(f"{signing_input}.{b64u(signature[:32])}") == "client_not_authenticated"
    assert refusal(f"{signing_input}.{b64u(bytes(64))}") == "client_not_authenticated"
    assert refusal(f"{signing_input}.{b64u(signature + bytes(1))}") == "client_not_authenticated"


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_single_changed_letter_is_accepted(data):
    honest = assertion(CLAIMS, KEY)
    place = data.draw(st.integers(0, len(honest) - 1))
    letter = data.draw(st.sampled_from("ABCXYZabcxyz0189-_."))
    if letter != honest[place]:
        assert refusal(honest[:place] + letter + honest[place + 1 :]) in catalogue()


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.text(max_size=200),
        st.from_regex(r"[A-Za-z0-9_-]{0,80}\.[A-Za-z0-9_-]{0,80}\.[A-Za-z0-9_-]{0,80}", fullmatch=True),
    )
)
def test_any_text_gets_a_coded_refusal(presented):
    assert refusal(presented) in catalogue()


def test_the_window_is_a_minute_and_the_skew_of_two_clocks():
    assert check(assertion(claims(exp=SECONDS + int((LONGEST_LIFE + SKEW).total_seconds())), KEY)).jti == "1"
    assert check(assertion(claims(exp=SECONDS - 9), KEY)).jti == "1"


@pytest.mark.parametrize(
    "presented",
    [
        None,
        "text",
        {},
        {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
        {"kty": "oct", "k": "c2VjcmV0"},
        {**JWK, "d": "AAAA"},
        {**JWK, "crv": "P-384"},
        {**JWK, "y": JWK["x"]},
        {**JWK, "x5c": ["AA=="]},
        {"kty": "OKP", "crv": "X25519", "x": ed25519_jwk(ED)["x"]},
        {"kty": "OKP", "crv": "Ed25519", "x": "AA"},
        {"kty": "OKP", "crv": "Ed25519", "x": 1},
        {**ed25519_jwk(ED), "y": "AA"},
    ],
)
def test_only_a_public_p256_or_ed25519_key_can_be_registered(presented):
    with pytest.raises(AkashiError) as raised:
        check_client_key(presented)
    assert raised.value.code in {"malformed_key", "malformed_base64"}


def test_commentary_of_a_jwk_is_left_away():
    assert check_client_key({**JWK, "kid": "mine", "use": "sig", "alg": "ES256"}) == JWK
