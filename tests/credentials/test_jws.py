"""Compact JWS: ES256 over exact bytes; nothing in a header can move trust to the sender; no byte can change."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws as joserfc_jws
from joserfc.jwk import ECKey

from app.credentials.jws import MAX_JWS_BYTES, JwsRefused, UnverifiedJws, check_jws, secure, signing_input, split_jws
from app.keys.encoding import b64, b64u
from app.keys.keys import BadSignature, MalformedKey, key_from_jwk, public_jwk
from app.keys.software import generate_software_key
from tests.support.shared import shared_data
from tests.support.signatures import with_other_form

KEY = generate_software_key()
DER = b"\x30\x82\x01\x00" + bytes(256)
HEADER = {"alg": "ES256", "kid": KEY.thumbprint, "typ": "vc+jwt", "cty": "vc"}
PAYLOAD = '{"name":"株式会社灯"}'.encode()
COMPACT = secure(signing_input({**HEADER, "x5c": [b64(DER)]}, PAYLOAD), KEY)


def _signed(header, payload=PAYLOAD):
    """A JWS that is rightly signed over a header which our own composer would refuse."""
    encoded = header if isinstance(header, bytes) else json.dumps(header).encode()
    unsigned = f"{b64u(encoded)}.{b64u(payload)}"
    return f"{unsigned}.{b64u(KEY.sign(unsigned.encode()))}"


def _refusal(presented):
    with pytest.raises(JwsRefused) as refusal:
        split_jws(presented)
    return refusal.value


def test_what_was_secured_is_read_back_and_holds():
    unverified = split_jws(COMPACT)
    assert unverified.compact == COMPACT
    assert unverified.chain == (DER,)
    verified = check_jws(unverified, KEY.public_key)
    assert verified.payload == PAYLOAD
    assert dict(verified.header) == {**HEADER, "x5c": [b64(DER)]}
    assert verified.signing_input == COMPACT.rpartition(".")[0].encode()


def second_opinion(presented, jwk):
    """The same text as joserfc reads it, which knows nothing of us; raises `JoseError`."""
    registry = joserfc_jws.JWSRegistry(algorithms=["ES256"])
    registry.max_header_length = registry.max_payload_length = MAX_JWS_BYTES
    return joserfc_jws.deserialize_compact(presented, ECKey.import_key(jwk), registry=registry)


def test_an_independent_library_reads_our_chain_and_signature():
    """C046: `x5c` as RFC 7515 §4.1.6 has it, read by joserfc from the text alone."""
    token = second_opinion(COMPACT, public_jwk(KEY.public_key))
    assert token.payload == PAYLOAD
    assert base64.b64decode(token.headers()["x5c"][0], validate=True) == DER


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)


@settings(max_examples=100)
@given(st.binary(max_size=300), st.dictionaries(st.sampled_from(["kid", "typ", "cty"]), texts))
def test_an_independent_library_reads_all_that_we_compose_alike(payload, names):
    header = {"alg": "ES256", **names}
    jws = secure(signing_input(header, payload), KEY)
    ours, theirs = check_jws(split_jws(jws), KEY.public_key), second_opinion(jws, public_jwk(KEY.public_key))
    assert (ours.payload, dict(ours.header)) == (theirs.payload, theirs.headers()) == (payload, header)


def test_another_key_another_curve_and_another_payload_are_refused():
    unverified = split_jws(COMPACT)
    with pytest.raises(BadSignature):
        check_jws(unverified, generate_software_key().public_key)
    with pytest.raises(BadSignature):
        check_jws(unverified, ec.generate_private_key(ec.SECP384R1()).public_key())
    header, _, signature = COMPACT.split(".")
    with pytest.raises(BadSignature):
        check_jws(split_jws(f"{header}.{b64u(b'other')}.{signature}"), KEY.public_key)


@settings(max_examples=300)
@given(st.integers(0, len(COMPACT) - 1), st.integers(1, 127))
def test_a_jws_in_which_any_character_was_changed_is_refused(place, difference):
    altered = COMPACT[:place] + chr((ord(COMPACT[place]) + difference) % 128) + COMPACT[place + 1 :]
    with pytest.raises((JwsRefused, BadSignature)):
        check_jws(split_jws(altered), KEY.public_key)


@pytest.mark.parametrize("length", range(0, len(COMPACT), 7))
def test_a_jws_cut_off_anywhere_is_refused(length):
    with pytest.raises((JwsRefused, BadSignature)):
        check_jws(split_jws(COMPACT[:length]), KEY.public_key)


@settings(max_examples=60)
@given(st.binary(max_size=64))
def test_the_other_form_of_a_true_signature_is_refused_before_any_key_is_touched(payload):
    jws = _signed(HEADER, payload)
    assert split_jws(jws).payload == payload
    refusal = _refusal(with_other_form(jws))
    assert (refusal.code, "lower s" in refusal.note) == ("malformed_jws", True)


def test_of_all_last_letters_only_the_signed_one_holds():
    """Python's base64 decodes sixteen last letters of a 64-byte signature alike."""
    holds = []
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_":
        try:
            check_jws(split_jws(COMPACT[:-1] + letter), KEY.public_key)
        except (JwsRefused, BadSignature):
            continue
        holds.append(letter)
    assert holds == [COMPACT[-1]]


@pytest.mark.parametrize(
    "alg", ["none", "None", "HS256", "RS256", "ES384", "ES512", "EdDSA", "Ed25519", "es256", "", None, 1, ["ES256"]]
)
def test_any_other_algorithm_is_refused_before_any_key_is_touched(alg):
    assert _refusal(_signed({**HEADER, "alg": alg})).code == "jws_algorithm"


def test_a_header_without_algorithm_is_refused():
    assert _refusal(_signed({"typ": "vc+jwt"})).code == "jws_algorithm"


def test_an_unsigned_jws_is_refused():
    assert _refusal(f"{b64u(b'{}')}.{b64u(PAYLOAD)}.").code == "jws_algorithm"
    assert _refusal(f"{COMPACT.rpartition('.')[0]}.").note == "an ES256 signature has 64 bytes"


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("jwk", public_jwk(KEY.public_key)),
        ("jku", "https://evil.example/jwks"),
        ("x5u", "https://evil.example/chain"),
        ("x5t", "AAAA"),
        ("zip", "DEF"),
        ("crit", []),
        ("crit", ["b64"]),
        ("b64", False),
        ("iss", "https://evil.example"),
        ("surprise", 1),
        ("", 1),
    ],
)
def test_a_header_member_that_could_move_trust_is_refused_by_name(member, value):
    refusal = _refusal(_signed({**HEADER, member: value}))
    assert refusal.code == "jws_header_member"
    assert refusal.faults[0].field == f"/header/{member}"


@pytest.mark.parametrize(
    "header",
    [
        b'{"alg":"ES256","alg":"ES256"}',
        b'{"alg":"none","alg":"ES256"}',
        b'{"alg":"ES256","\\u0061lg":"ES256"}',
        b'{"alg":"ES256","kid":"\\ud800"}',
        b'["ES256"]',
        b'"ES256"',
        b"{",
        b"\xff",
        b"",
        b'{"alg":"ES256","kid":1}',
        b'{"alg":"ES256","kid":""}',
        b'{"alg":"ES256","typ":null}',
        b'{"alg":"ES256","cty":["vc"]}',
    ],
)
def test_a_header_with_two_meanings_or_none_is_malformed(header):
    assert _refusal(_signed(header)).code == "malformed_jws"


@pytest.mark.parametrize(
    "presented",
    [
        "",
        ".",
        "..",
        "a.b",
        "....",
        COMPACT + ".",
        COMPACT + "\n",
        " " + COMPACT,
        COMPACT.replace(".", "=.", 1),
        COMPACT + "A",
        COMPACT[:-2],
        "é.é.é",
        '{"payload":""}',
    ],
)
def test_a_text_that_is_no_compact_jws_is_malformed(presented):
    assert _refusal(presented).code in {"malformed_jws", "jws_algorithm"}


def test_an_oversized_text_is_refused_before_it_is_read():
    assert _refusal("A" * (MAX_JWS_BYTES + 1)).code == "jws_too_large"
    assert _refusal(_signed(b'{"alg":"ES256","kid":"' + b"a" * 120_000 + b'"}')).code == "malformed_jws"


def test_the_largest_payload_still_holds():
    payload = bytes(180_000)
    assert check_jws(split_jws(_signed(HEADER, payload)), KEY.public_key).payload == payload


@pytest.mark.parametrize(
    ("x5c", "note"),
    [
        ([], "1 to 5"),
        ("MIIB", "1 to 5"),
        (None, "1 to 5"),
        ({}, "1 to 5"),
        ([b64(DER)] * 6, "1 to 5"),
        ([7], "a text"),
        ([""], "bytes of DER"),
        ([b64(bytes(16 * 1024 + 1))], "bytes of DER"),
        ([b64(b"\x30" + b"\xfb\xff" * 4).replace("+", "-").replace("/", "_")], "base64url found"),
        ([b64(DER).rstrip("=")], "padding is missing"),
        ([b64(DER)[:64] + "\n" + b64(DER)[64:]], "line breaks"),
        (["-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"], "PEM found"),
        (["LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t"], "PEM found"),
    ],
)
def test_certificates_in_another_encoding_are_refused_in_plain_words(x5c, note):
    """C046 (base64url, no padding, line breaks) and C047 (PEM in place of DER)."""
    refusal = _refusal(_signed({**HEADER, "x5c": x5c}))
    assert refusal.code == "malformed_x5c"
    assert note in refusal.note
    assert refusal.faults[0].field.startswith("/header/x5c")


def test_we_never_compose_what_we_would_refuse():
    for header in ({"alg": "none"}, {**HEADER, "crit": []}, {**HEADER, "x5c": [b64u(b"\xfb\xff\xfb\xff")]}):
        with pytest.raises(JwsRefused):
            signing_input(header, PAYLOAD)


@pytest.mark.parametrize(
    "signature", [b"", bytes(64), KEY.sign(PAYLOAD)], ids=["none", "zeros", "of the payload alone"]
)
def test_there_is_no_other_algorithm_whatever_a_header_says(signature):
    header = b64u(b'{"alg":"none"}')
    forged = UnverifiedJws({"alg": "none"}, (), PAYLOAD, f"{header}.{b64u(PAYLOAD)}".encode(), signature)
    with pytest.raises(BadSignature):
        check_jws(forged, KEY.public_key)


HIGH_S = 18


def test_every_wycheproof_vector_of_jws_is_judged_as_published_or_refused_as_not_es256():
    """C2SP/wycheproof, json_web_signature_test.json: 401 texts; valid ones under other algorithms are refused here.

    Of the two valid ones under ours, number 18 has the higher s and holds in its other form only. What holds for us
    holds for joserfc too.
    Three vectors test the key's own `use` and `key_ops`, which our keys do not have: such a JWK is refused as a key.
    """
    vectors = json.loads(shared_data("wycheproof/json_web_signature_test.json").read_bytes())
    judged = {"holds": 0, "refused": 0}
    for group in vectors["testGroups"]:
        jwk = group.get("public") or group["private"]
        for vector in group["tests"]:
            expected = vector["result"] == "valid" and jwk.get("crv") == "P-256" and vector["tcId"] != HIGH_S
            if vector["tcId"] == HIGH_S:
                assert _holds(jwk, with_other_form(vector["jws"]))
            assert _holds(jwk, vector["jws"]) == expected, vector["tcId"]
            assert not expected or second_opinion(vector["jws"], jwk).payload == split_jws(vector["jws"]).payload
            judged["holds" if expected else "refused"] += 1
    assert sum(judged.values()) == vectors["numberOfTests"]
    assert judged["holds"] == 1


def _holds(jwk, presented):
    plain = {
        name: value for name, value in jwk.items() if name not in {"kid", "alg"} and (name, value) != ("use", "sig")
    }
    try:
        key = key_from_jwk(
            plain if plain.get("kty") == "EC" and plain.get("crv") == "P-256" else public_jwk(KEY.public_key)
        )
        check_jws(split_jws(presented if isinstance(presented, str) else json.dumps(presented)), key)
    except (JwsRefused, BadSignature, MalformedKey):
        return False
    return True
