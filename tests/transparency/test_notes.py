"""Signed notes, held against the examples printed in C2SP signed-note and tlog-cosignature."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.keys.encoding import b64
from app.transparency.notes import (
    COSIGNATURE,
    ED25519,
    MOST_SIGNATURES,
    Note,
    NoteRefused,
    SignatureLine,
    VerifierKey,
    cosign,
    cosigned_message,
    parse_lines,
    parse_note,
    sign,
    verify,
)

EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = """This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
"""
"""C2SP signed-note, section Example."""

TEXT = "log.example/one\n1\nwNOgs2bDmpnrjNpgS9LnB0Bmz9QvT0ybXUoB3vHfHlc=\n"


def private_key(seed: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)


def key_of(name: str, kind: int, seed: int) -> VerifierKey:
    return VerifierKey(name, kind, private_key(seed).public_key().public_bytes_raw())


LOG = key_of("log.example/one", ED25519, 1)
WITNESS = key_of("witness.example/w1", COSIGNATURE, 2)
SIGNED = Note(TEXT, (sign(TEXT, LOG, private_key(1)),))
COSIGNED = SIGNED.with_lines([cosign(TEXT, WITNESS, private_key(2), time=1_800_000_000)])


def refused(act, *arguments) -> str:
    with pytest.raises(NoteRefused) as refusal:
        act(*arguments)
    return refusal.value.code


def test_the_example_of_the_specification_is_verified():
    key = VerifierKey.parse(EXAMPLE_KEY)
    note = parse_note(EXAMPLE.encode())
    (verified,) = verify(note, [key])
    assert (note.text, verified.key, verified.time) == ("This is an example message.\n", key, None)
    assert (str(note), str(key)) == (EXAMPLE, EXAMPLE_KEY)


def test_a_changed_text_refuses_the_example():
    changed = parse_note(EXAMPLE.replace("an example", "no example").encode())
    assert refused(verify, changed, [VerifierKey.parse(EXAMPLE_KEY)]) == "note_signature_wrong"


def test_any_bit_of_a_signature_counts():
    (line,) = SIGNED.signatures
    for bit in range(len(line.blob) * 8):
        blob = (int.from_bytes(line.blob) ^ 1 << bit).to_bytes(len(line.blob))
        assert refused(verify, Note(TEXT, (replace(line, blob=blob),)), [LOG]) == "note_signature_wrong"


def test_a_cosignature_covers_its_time():
    """C2SP tlog-cosignature: eight bytes of time, then the signature over header, time and text."""
    verified = verify(COSIGNED, [LOG, WITNESS])
    assert [one.time for one in verified] == [None, 1_800_000_000]
    line = COSIGNED.signatures[1]
    later = replace(line, blob=(1_800_000_001).to_bytes(8) + line.blob[8:])
    assert refused(verify, Note(TEXT, (later,)), [WITNESS]) == "note_signature_wrong"


def test_the_message_of_a_cosignature_is_that_of_the_specification():
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    assert cosigned_message(text, 1_679_315_147).decode() == f"cosignature/v1\ntime 1679315147\n{text}"


def test_a_time_beyond_63_bits_is_refused():
    signature = private_key(2).sign(cosigned_message(TEXT, 1 << 63))
    line = SignatureLine(WITNESS.name, WITNESS.key_id, (1 << 63).to_bytes(8) + signature)
    assert refused(verify, Note(TEXT, (line,)), [WITNESS]) == "note_signature_wrong"


def test_a_plain_signature_is_no_cosignature_and_the_reverse():
    """One key, two types: the id differs, so neither line is taken for the other."""
    as_witness = VerifierKey(LOG.name, COSIGNATURE, LOG.public)
    assert as_witness.key_id != LOG.key_id
    assert refused(verify, SIGNED, [as_witness]) == "note_not_signed"
    renamed = replace(SIGNED.signatures[0], key_id=as_witness.key_id)
    assert refused(verify, Note(TEXT, (renamed,)), [as_witness]) == "note_signature_wrong"


def test_signatures_of_unknown_keys_are_passed_over():
    """Also those of a type that nobody here verifies: ML-DSA-44 (0x06), 2 428 bytes."""
    large = SignatureLine("log.example/one", b"\x01\x02\x03\x04", bytes(2_428))
    note = parse_note(str(Note(TEXT, (large, *COSIGNED.signatures))).encode())
    assert len(verify(note, [LOG])) == 1
    assert refused(verify, note, [key_of("log.example/two", ED25519, 1)]) == "note_not_signed"
    assert refused(verify, note, []) == "note_not_signed"


def test_one_wrong_signature_of_a_known_key_refuses_the_note():
    wrong = replace(COSIGNED.signatures[1], blob=bytes(72))
    assert refused(verify, COSIGNED.with_lines([wrong]), [LOG, WITNESS]) == "note_signature_wrong"


def test_a_line_that_is_there_already_is_not_repeated():
    assert COSIGNED.with_lines(COSIGNED.signatures) == COSIGNED


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"\n",
        EXAMPLE.encode()[:-1],
        EXAMPLE.replace("\n\n", "\n").encode(),
        EXAMPLE.replace("—", "-").encode(),
        EXAMPLE.replace("— example.com/foo", "— ").encode(),
        EXAMPLE.replace("example.com/foo U", "example.com/f+o U").encode(),
        EXAMPLE.replace("example.com/foo U", "example.com/foo  U").encode(),
        EXAMPLE.replace("aQM=", "aQM").encode(),
        EXAMPLE.replace("aQM=", "aQN=").encode(),
        EXAMPLE.replace("message", "mess\tage").encode(),
        EXAMPLE.replace("\n", "\r\n").encode(),
        EXAMPLE.encode() + b"\n",
        EXAMPLE.encode("utf-16"),
        EXAMPLE.encode()[:60] + b"\xff" + EXAMPLE.encode()[60:],
        b"text\n\n\xe2\x80\x94 name AAAAAA==\n",
        b"x" * (256 * 1024) + EXAMPLE.encode(),
    ],
)
def test_whatever_is_no_note_is_refused(damaged):
    assert refused(parse_note, damaged) == "malformed_note"


def test_a_text_may_hold_empty_lines():
    text = "one\n\ntwo\n"
    note = parse_note(str(Note(text, (sign(text, LOG, private_key(1)),))).encode())
    assert note.text == text


def test_signatures_have_a_limit_and_sixteen_are_below_it():
    line = str(SIGNED.signatures[0])
    assert len(parse_lines(line * 16)) == 16
    assert refused(parse_lines, line * (MOST_SIGNATURES + 1)) == "malformed_note"


@pytest.mark.parametrize(
    "damaged",
    [
        EXAMPLE_KEY.replace("530d903a", "530d903b"),
        EXAMPLE_KEY.replace("530d903a", "530D903A"),
        EXAMPLE_KEY.replace("foo", "bar"),
        EXAMPLE_KEY.replace("AekyeR", "BekyeR"),
        EXAMPLE_KEY[:-4],
        EXAMPLE_KEY + "+",
        "example.com/foo+530d903a+" + b64(b"\x01" + bytes(31)),
        "",
    ],
)
def test_a_key_whose_parts_do_not_agree_is_refused(damaged):
    assert refused(VerifierKey.parse, damaged) == "malformed_note_key"


@pytest.mark.parametrize("name", ["", "two words", "a+b", "ideographic\u3000space"])
def test_a_name_has_neither_spaces_nor_plus_signs(name):
    assert refused(key_of, name, ED25519, 1) == "malformed_note_key"


def test_a_key_of_another_type_is_carried_but_verifies_nothing():
    key = VerifierKey("log.example/one", 0x06, bytes(1_312))
    assert VerifierKey.parse(str(key)) == key
    line = SignatureLine(key.name, key.key_id, bytes(2_428))
    assert refused(verify, Note(TEXT, (line,)), [key]) == "note_signature_wrong"
