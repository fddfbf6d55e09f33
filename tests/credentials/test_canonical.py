"""Canonical JSON, held against the published vectors of RFC 8785 and of its author."""

import json
import struct

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from app.credentials.canonical import NotCanonical, canonical, digest
from tests.support.shared import shared_data

VECTORS = ["arrays", "french", "structures", "unicode", "values", "weird"]


@pytest.mark.parametrize("name", VECTORS)
def test_the_vectors_of_the_author_of_rfc_8785_come_out_byte_for_byte(name):
    """cyberphone/json-canonicalization, testdata: outputs of an independent canonicaliser (C011)."""
    folder = shared_data("jcs")
    made = canonical(json.loads((folder / "input" / f"{name}.json").read_bytes()))
    assert made == (folder / "output" / f"{name}.json").read_bytes()
    assert made == bytes.fromhex("".join((folder / "outhex" / f"{name}.txt").read_text().split()))


@pytest.mark.parametrize(
    ("ieee", "text"),
    [
        ("0000000000000000", "0"),
        ("8000000000000000", "0"),
        ("0000000000000001", "5e-324"),
        ("8000000000000001", "-5e-324"),
        ("7fefffffffffffff", "1.7976931348623157e+308"),
        ("ffefffffffffffff", "-1.7976931348623157e+308"),
        ("4340000000000000", "9007199254740992"),
        ("c340000000000000", "-9007199254740992"),
        ("4430000000000000", "295147905179352830000"),
        ("44b52d02c7e14af5", "9.999999999999997e+22"),
        ("44b52d02c7e14af6", "1e+23"),
        ("44b52d02c7e14af7", "1.0000000000000001e+23"),
        ("444b1ae4d6e2ef4e", "999999999999999700000"),
        ("444b1ae4d6e2ef4f", "999999999999999900000"),
        ("444b1ae4d6e2ef50", "1e+21"),
        ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
        ("3eb0c6f7a0b5ed8d", "0.000001"),
        ("41b3de4355555553", "333333333.3333332"),
        ("41b3de4355555554", "333333333.33333325"),
        ("41b3de4355555555", "333333333.3333333"),
        ("41b3de4355555556", "333333333.3333334"),
        ("41b3de4355555557", "333333333.33333343"),
        ("becbf647612f3696", "-0.0000033333333333333333"),
        ("43143ff3c1cb0959", "1424953923781206.2"),
    ],
)
def test_numbers_take_the_form_of_rfc_8785_appendix_b(ieee, text):
    assert canonical(struct.unpack(">d", bytes.fromhex(ieee))[0]) == text.encode()


def test_members_sort_by_utf_16_and_texts_stay_raw():
    """C008, C011: an emoji (surrogates in UTF-16) comes before U+E000, U+2028 is not escaped, 1e-7 has no zero."""
    assert canonical({"\ue000": 1, "😀": 2}) == '{"😀":2,"\ue000":1}'.encode()
    assert canonical("\u2028\u2029") == b'"\xe2\x80\xa8\xe2\x80\xa9"'
    assert canonical('\b\t\n\f\r"\\\x01/\x7f') == b'"\\b\\t\\n\\f\\r\\"\\\\\\u0001/\x7f"'
    assert canonical({"name": "株式会社灯", "n": 1e-7}) == '{"n":1e-7,"name":"株式会社灯"}'.encode()


def test_the_size_of_an_integer_is_no_reason_to_refuse_it():
    """C008: an integer is written as the double that it is."""
    assert (
        canonical([295147905179352830000, -(2**53), 10**21, 10**23])
        == b"[295147905179352830000,-9007199254740992,1e+21,1e+23]"
    )
    assert canonical([True, 2**53 - 1]) == b"[true,9007199254740991]"


@pytest.mark.parametrize("value", [2**53 + 1, 10**400, -(2**64) - 1])
def test_an_integer_that_would_become_another_number_is_refused(value):
    with pytest.raises(NotCanonical) as refusal:
        canonical({"n": value})
    assert refusal.value.code == "not_canonical"


@pytest.mark.parametrize(
    "value", ["\ud83d", {"\udc00": 1}, float("nan"), float("inf"), {1: 2}, {"a": b"bytes"}, {"a": {1}}]
)
def test_what_has_no_canonical_form_stops_with_an_error(value):
    """C010: a lone surrogate is never replaced and then signed."""
    with pytest.raises(NotCanonical):
        canonical(value)


def test_depth_is_limited_before_the_library_recurses():
    def nested(levels):
        value = 0
        for _ in range(levels):
            value = [value]
        return value

    assert canonical(nested(64))
    for levels in (65, 500):
        with pytest.raises(NotCanonical):
            canonical(nested(levels))


@settings(max_examples=60)
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**53) + 1, 2**53 - 1)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(st.characters(codec="utf-8")),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=3), inner, max_size=3)
        ),
        max_leaves=10,
    )
)
def test_canonical_bytes_mean_the_same_and_are_a_fixed_point(value):
    """All numbers of JCS are doubles, so its text is read as doubles: 71393712458369930 is one."""
    made = canonical(value)
    assert json.loads(made, parse_int=float) == value
    assert canonical(json.loads(made)) == made


def test_tuples_are_arrays_and_order_of_members_does_not_matter():
    assert canonical({"b": (1, 2), "a": None}) == canonical({"a": None, "b": [1, 2]}) == b'{"a":null,"b":[1,2]}'


def test_a_digest_is_base64url_sha_256():
    """FIPS 180-4, the empty message."""
    assert digest(b"") == "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(JSON)
@settings(max_examples=300, deadline=None)
def test_what_python_writes_itself_is_what_the_library_writes(value):
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("value", ["\ud800", {"name": "\udfff"}, {"\ud800": 1}, ["\ud83d"]])
def test_a_lone_surrogate_has_no_canonical_form(value):
    with pytest.raises(NotCanonical):
        canonical(value)


def test_every_character_that_json_escapes_is_escaped_as_the_rfc_says():
    text = "".join(map(chr, (*range(0x80), 0x2028, 0xFEFF, 0x1F600)))
    assert canonical({text: text}) == rfc8785.dumps({text: text})
    assert canonical({"a": text}) == rfc8785.dumps({"a": text})
