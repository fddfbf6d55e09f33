"""JSON from outside has one meaning or is refused, and every place at fault is named."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.credentials.strict_json import MAX_INTEGER, StrictJsonError, parse_json, parse_object, pointer_to


def parse(presented, **options):
    return parse_json(presented if isinstance(presented, bytes) else presented.encode(), max_bytes=100_000, **options)


def refusal(presented, **options):
    with pytest.raises(StrictJsonError) as raised:
        parse(presented, **options)
    return raised.value


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-MAX_INTEGER, MAX_INTEGER)
    | st.text(st.characters(codec="utf-8", exclude_characters="\0")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab/~é", max_size=3), inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=60)
@given(json_values)
def test_what_has_one_meaning_is_read_as_the_standard_library_reads_it(value):
    for ascii_only in (True, False):
        assert parse(json.dumps(value, ensure_ascii=ascii_only)) == value


@settings(max_examples=200)
@given(st.binary(max_size=40))
def test_any_bytes_are_read_or_refused_and_never_anything_else(presented):
    with suppress(StrictJsonError):
        parse(presented, allow_floats=True)


@pytest.mark.parametrize(
    ("presented", "code", "field"),
    [
        ('{"a":1,"a":1}', "duplicate_member", "/a"),
        ('{"x":[0,{"a":1,"b":2,"\\u0061":3}]}', "duplicate_member", "/x/1/a"),
        ('{"t":"\\ud83d"}', "lone_surrogate", "/t"),
        ('{"t":["ok","\\udc00x"]}', "lone_surrogate", "/t/1"),
        ('{"t":"\\udc00\\ud83d"}', "lone_surrogate", "/t"),
        ('{"\\ud83d":1}', "lone_surrogate", "/?"),
        ('{"t":"a\\u0000b"}', "nul_character", "/t"),
        ('{"é\\u0000":1}', "nul_character", "/é\0"),
        ('{"n":9007199254740992}', "number_out_of_range", "/n"),
        ('{"n":-9007199254740992}', "number_out_of_range", "/n"),
        ('{"n":' + "9" * 5000 + "}", "number_out_of_range", "/n"),
        ('{"n":NaN}', "number_out_of_range", "/n"),
        ("[Infinity]", "number_out_of_range", "/0"),
        ("[-Infinity]", "number_out_of_range", "/0"),
        ("[1.0]", "number_not_integer", "/0"),
        ("[1e3]", "number_not_integer", "/0"),
        ('{"a/b":{"c~d":1.5}}', "number_not_integer", "/a~1b/c~0d"),
    ],
)
def test_a_value_with_two_meanings_or_none_is_refused_at_its_place(presented, code, field):
    """C010 among them: a lone surrogate is refused, never replaced."""
    error = refusal(presented)
    assert error.code == code
    assert [(fault.code, fault.field) for fault in error.faults] == [(code, field)]
    str(error.faults).encode("utf-8")


def test_all_faults_are_named_at_once_in_the_order_of_the_document():
    error = refusal('{"a":1.5,"b":"\\ud800","c":{"d":1,"d":2},"e":"\\u0000"}')
    assert [(fault.code, fault.field) for fault in error.faults] == [
        ("number_not_integer", "/a"),
        ("lone_surrogate", "/b"),
        ("duplicate_member", "/c/d"),
        ("nul_character", "/e"),
    ]


def test_a_flood_of_faults_is_cut_off():
    assert len(refusal("[" + ",".join(["1.5"] * 500) + "]").faults) == 50


@pytest.mark.parametrize("surrogate_pair", ['"\\ud83d\\ude00"', '"😀"'])
def test_a_whole_pair_is_a_character(surrogate_pair):
    assert parse(surrogate_pair) == "😀"


@pytest.mark.parametrize(
    ("presented", "note"),
    [
        (b"", "line 1, column 1"),
        (b"{", "line 1"),
        (b'{"a":1,}', "line 1"),
        (b"[1] 2", "Extra data"),
        (b"[01]", "line 1"),
        (b"{'a':1}", "line 1"),
        (b'["\x01"]', "control character"),
        (b'["\xff"]', "byte 2 is not UTF-8"),
        (b'["\xed\xa0\x80"]', "byte 2 is not UTF-8"),
        (b'["\xc0\x80"]', "byte 2 is not UTF-8"),
        (b"\xef\xbb\xbf[]", "byte order mark"),
        ("[]".encode("utf-16"), "not UTF-8"),
    ],
)
def test_what_is_not_json_in_utf_8_is_refused_with_the_place(presented, note):
    error = refusal(presented)
    assert error.code == "malformed_json"
    assert note in error.note


def test_size_depth_and_number_of_members_have_limits():
    with pytest.raises(StrictJsonError) as raised:
        parse_json(b"[      ]", max_bytes=7)
    assert raised.value.code == "json_too_large"
    assert parse("[" * 32 + "]" * 32)
    assert refusal("[" * 33 + "]" * 33).code == "json_too_deep"
    assert refusal("[" * 40_000 + "]" * 40_000).code == "json_too_deep"
    assert parse("[[0,0],[0,0]]", max_members=6)
    assert refusal("[[0,0],[0,0]]", max_members=5).code == "json_too_many_members"
    assert refusal(json.dumps([0] * 10_001)).code == "json_too_many_members"


def test_fractions_are_read_where_they_are_asked_for():
    assert parse("[1.5,1e-7]", allow_floats=True) == [1.5, 1e-7]
    assert refusal("[1e400]", allow_floats=True).code == "number_out_of_range"


def test_an_object_is_demanded_where_one_is_expected():
    assert parse_object(b'{"a":1}', max_bytes=10) == {"a": 1}
    with pytest.raises(StrictJsonError) as raised:
        parse_object(b"[]", max_bytes=10)
    assert raised.value.code == "malformed_json"


def test_a_pointer_is_short_and_can_always_be_shown():
    assert pointer_to("/a", "x" * 1000) == "/a/" + "x" * 80
    assert pointer_to("", "\ud800") == "/?"
