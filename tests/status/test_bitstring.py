"""The bits of a status list, held against W3C Bitstring Status List v1.0 (Recommendation of 15 May 2025)."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.keys.encoding import b64u, b64u_decode
from app.status.bitstring import MAXIMUM_INFLATED, MINIMUM_BITS, Bitstring, StatusListRefused, parse_index

EMPTY_LIST_OF_THE_SPECIFICATION = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
"""Example 3 of the Recommendation, §2.2."""


def text_of(raw: bytes) -> str:
    return "u" + b64u(gzip.compress(raw, mtime=0))


def refused(presented: str) -> str:
    with pytest.raises(StatusListRefused) as refusal:
        Bitstring.decode(presented)
    return refusal.value.code


def test_position_zero_is_the_leftmost_bit() -> None:
    """C017: the most significant bit of the first byte, not the least."""
    bits = Bitstring()
    bits.set(0)
    assert bits.to_bytes()[0] == 0x80


def test_the_last_position_is_the_rightmost_bit() -> None:
    bits = Bitstring()
    bits.set(131_071)
    assert bits.to_bytes()[-1] == 0x01
    assert sum(bits.to_bytes()) == 1


def test_the_example_of_the_specification_reads_as_131072_clear_bits() -> None:
    assert Bitstring.decode(EMPTY_LIST_OF_THE_SPECIFICATION) == Bitstring()


def test_a_text_is_multibase_base64url_without_padding_of_gzip() -> None:
    bits = Bitstring()
    bits.set(94_567)
    text = bits.encode()
    assert text.startswith("uH4sI")
    assert "=" not in text
    assert gzip.decompress(b64u_decode(text[1:])) == bits.to_bytes()


def test_equal_bits_give_equal_text_in_every_hour() -> None:
    one, other = Bitstring(), Bitstring()
    for position in (3, 70_000, 5):
        one.set(position)
    for position in (5, 3, 70_000):
        other.set(position)
    assert one.encode() == other.encode()
    assert b64u_decode(one.encode()[1:])[4:8] == bytes(4), "gzip carries no time"


@settings(max_examples=30, deadline=None)
@given(st.sets(st.integers(0, MINIMUM_BITS - 1), max_size=60), st.data())
def test_a_published_list_says_exactly_what_was_set_and_not_cleared(positions: set[int], data: st.DataObject) -> None:
    bits = Bitstring()
    for position in positions:
        bits.set(position)
    cleared = data.draw(st.sets(st.sampled_from(sorted(positions)))) if positions else set()
    for position in cleared:
        bits.clear(position)
    read = Bitstring.decode(bits.encode())
    assert {position for position in positions if read.get(position)} == positions - cleared
    assert sum(byte.bit_count() for byte in read.to_bytes()) == len(positions - cleared)


def test_setting_twice_and_clearing_a_clear_bit_change_nothing() -> None:
    bits = Bitstring()
    bits.set(9)
    bits.set(9)
    bits.clear(8)
    assert bits.to_bytes()[1] == 0x40


@pytest.mark.parametrize("position", [-1, 131_072, 10**12])
def test_a_position_outside_the_list_is_an_error_and_never_not_set(position: int) -> None:
    """C019; RANGE_ERROR of §3.2."""
    bits = Bitstring()
    for act in (bits.get, bits.set, bits.clear):
        with pytest.raises(StatusListRefused) as refusal:
            act(position)
        assert refusal.value.code == "status_index_out_of_range"


def test_a_batch_with_one_position_outside_changes_nothing() -> None:
    bits = Bitstring()
    for act in (bits.set, bits.clear):
        for batch in ((1, -1), (131_072, 1)):
            with pytest.raises(StatusListRefused):
                act(*batch)
    assert bits == Bitstring()


def test_a_batch_is_the_same_as_one_after_the_other() -> None:
    once, singly = Bitstring(), Bitstring()
    once.set(5, 9, 131_071)
    for position in (9, 131_071, 5):
        singly.set(position)
    assert once == singly
    once.clear(9, 5)
    once.set()
    assert [once.get(position) for position in (5, 9, 131_071)] == [False, False, True]


@pytest.mark.parametrize("size", [0, 8, 131_064, 131_073])
def test_a_list_cannot_be_made_too_short_or_with_part_of_a_byte(size: int) -> None:
    with pytest.raises(StatusListRefused) as refusal:
        Bitstring(size)
    assert refusal.value.code == "status_list_size"


@pytest.mark.parametrize("size", [131_080, 262_144])
def test_a_longer_list_is_read_with_its_own_length(size: int) -> None:
    bits = Bitstring(size)
    bits.set(size - 1)
    read = Bitstring.decode(bits.encode())
    assert len(read) == size
    assert read.get(size - 1)


def test_a_published_list_that_is_too_short_is_refused() -> None:
    """STATUS_LIST_LENGTH_ERROR of §3.2."""
    assert refused(text_of(bytes(16_383))) == "status_list_size"
    assert refused(text_of(b"")) == "status_list_size"


@pytest.mark.parametrize(
    "presented",
    [
        "",
        "H4sI",
        EMPTY_LIST_OF_THE_SPECIFICATION[1:],
        "z" + EMPTY_LIST_OF_THE_SPECIFICATION[1:],
        EMPTY_LIST_OF_THE_SPECIFICATION + "==",
        EMPTY_LIST_OF_THE_SPECIFICATION + "A",
        EMPTY_LIST_OF_THE_SPECIFICATION[:-1] + "B",
        EMPTY_LIST_OF_THE_SPECIFICATION[:-4],
        EMPTY_LIST_OF_THE_SPECIFICATION.replace("-", "+"),
        EMPTY_LIST_OF_THE_SPECIFICATION.replace("b", " "),
        EMPTY_LIST_OF_THE_SPECIFICATION.replace("A", "Ａ"),
        "u" + b64u(bytes(16_384)),
        "u" + b64u(zlib.compress(bytes(16_384))),
        "u" + b64u(gzip.compress(bytes(16_384)) + b"more"),
        "u" + b64u(gzip.compress(bytes(8_192)) + gzip.compress(bytes(8_192))),
    ],
    ids=[
        "nothing",
        "no prefix",
        "prefix lost",
        "other multibase",
        "padding",
        "length that cannot occur",
        "slack in the last letter",
        "truncated",
        "standard base64",
        "space",
        "full-width letter",
        "not compressed",
        "zlib instead of gzip",
        "bytes after the stream",
        "two streams",
    ],
)
def test_any_other_text_is_refused_as_malformed(presented: str) -> None:
    assert refused(presented) == "malformed_status_list"


def test_no_changed_letter_changes_a_bit() -> None:
    for place in range(len(EMPTY_LIST_OF_THE_SPECIFICATION)):
        letter = "B" if EMPTY_LIST_OF_THE_SPECIFICATION[place] != "B" else "C"
        changed = EMPTY_LIST_OF_THE_SPECIFICATION[:place] + letter + EMPTY_LIST_OF_THE_SPECIFICATION[place + 1 :]
        try:
            read = Bitstring.decode(changed)
        except StatusListRefused:
            continue
        assert read == Bitstring(), "the check sum of gzip holds for the bits, not for how they were packed"


def test_a_bomb_is_stopped_by_counting_and_takes_little_memory() -> None:
    """Deflate reaches about 1000 to 1; 256 MiB of zeros fit into the 1 MiB that we accept."""
    stream = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(1024 * 1024)
    bomb = "u" + b64u(b"".join([*(stream.compress(zeros) for _ in range(256)), stream.flush()]))
    tracemalloc.start()
    try:
        assert refused(bomb) == "status_list_too_large"
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3 * MAXIMUM_INFLATED


def test_the_largest_list_that_we_read_is_read() -> None:
    assert len(Bitstring.decode(text_of(bytes(MAXIMUM_INFLATED)))) == MAXIMUM_INFLATED * 8
    assert refused(text_of(bytes(MAXIMUM_INFLATED + 1))) == "status_list_too_large"


def test_a_text_that_is_too_long_is_refused_before_it_is_decoded() -> None:
    assert refused("u" + "!" * 1024 * 1024) == "status_list_too_large"


def test_a_list_equals_only_a_list_with_the_same_bits() -> None:
    other = Bitstring()
    other.set(1)
    assert Bitstring() != other
    assert Bitstring() != Bitstring().to_bytes()
    assert Bitstring.from_bytes(other.to_bytes()) == other


@pytest.mark.parametrize(("presented", "index"), [("0", 0), ("10", 10), ("94567", 94_567), ("131072", 131_072)])
def test_an_index_is_a_base_ten_text(presented: str, index: int) -> None:
    assert parse_index(presented) == index


@pytest.mark.parametrize(
    "presented",
    [
        "010",
        10,
        10.0,
        True,
        None,
        ["1"],
        "0x0a",
        "-1",
        "+1",
        "",
        " 1",
        "1 ",
        "1\n",
        "1e3",
        "1_0",
        "１０",
        "٣",
        "1.0",
        "9" * 17,
    ],
)
def test_any_other_index_is_malformed(presented: object) -> None:
    """C019: never read as hexadecimal, octal, a number or another script's digits."""
    with pytest.raises(StatusListRefused) as refusal:
        parse_index(presented)
    assert refusal.value.code == "malformed_status_index"
