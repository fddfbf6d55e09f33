"""Strict base64: each text has one meaning and each meaning one text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.keys.encoding import MalformedBase64, b64, b64_decode, b64u, b64u_decode

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@given(st.binary(max_size=80))
def test_what_was_encoded_decodes_to_itself(content):
    assert b64u_decode(b64u(content)) == content
    assert b64_decode(b64(content)) == content


@pytest.mark.parametrize(
    ("content", "text"), [(b"", ""), (b"f", "Zg"), (b"fo", "Zm8"), (b"foo", "Zm9v"), (b"\xfb\xff", "-_8")]
)
def test_the_url_safe_form_is_that_of_rfc_4648(content, text):
    """The first four are RFC 4648 §10 without padding; the last shows the letters of §5."""
    assert b64u(content) == text


@given(st.text(max_size=12))
def test_no_other_text_than_its_own_decodes(presented):
    for decode, encode in ((b64u_decode, b64u), (b64_decode, b64)):
        try:
            content = decode(presented)
        except MalformedBase64:
            continue
        assert encode(content) == presented


def test_of_the_sixteen_last_letters_that_decode_alike_one_is_accepted():
    """64 bytes leave four unused bits in the last letter; Python's own decoder ignores them."""
    text = b64u(bytes(range(64)))
    accepted = [content for letter in LETTERS if (content := _decoded(text[:-1] + letter)) is not None]
    assert len(accepted) == len(set(accepted)) == 4


def _decoded(presented):
    try:
        return b64u_decode(presented)
    except MalformedBase64:
        return None


@pytest.mark.parametrize(
    ("presented", "note"),
    [
        ("Zg==", "padding found"),
        ("A", "truncated"),
        ("+/8", "standard base64 found"),
        ("Zm\n8", "line breaks"),
        ("Zm.8", "outside the alphabet"),
        ("Zh", "unused bits"),
        ("Zｇ", "outside the alphabet"),
    ],
)
def test_a_url_safe_text_of_another_habit_is_refused_in_plain_words(presented, note):
    with pytest.raises(MalformedBase64) as refusal:
        b64u_decode(presented)
    assert refusal.value.code == "malformed_base64"
    assert note in refusal.value.note


@pytest.mark.parametrize(
    ("presented", "note"),
    [
        ("-_8=", "base64url found"),
        ("Zg", "padding is missing"),
        ("Zm9v\n", "line breaks"),
        ("Zm9v=", "padding is missing"),
        ("Zm9v====", "outside the alphabet"),
        ("Zh==", "unused bits"),
        ("Zm9=", "unused bits"),
        ("===", "outside the alphabet"),
        ("Z===", "outside the alphabet"),
        ("ZZZZZ=Z=", "outside the alphabet"),
        ("Zm=8", "outside the alphabet"),
    ],
)
def test_a_standard_text_of_another_habit_is_refused_in_plain_words(presented, note):
    with pytest.raises(MalformedBase64) as refusal:
        b64_decode(presented)
    assert note in refusal.value.note


def test_misplaced_padding_that_python_refuses_is_a_refusal_of_ours():
    with pytest.raises(MalformedBase64):
        b64_decode("ZZZZZ===")
