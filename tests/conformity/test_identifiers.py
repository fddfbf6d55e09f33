"""Public IDs: what is typed, pasted or scanned is read; what was mistyped is noticed and named, and nothing is locked."""

from __future__ import annotations

import hashlib
import itertools
import random
import string

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conformity import identifiers
from app.conformity.identifiers import (
    ALPHABET,
    MalformedPublicId,
    check_letter,
    generate_public_id,
    group_public_id,
    parse_public_id,
    subject_of,
)

ids = st.integers(min_value=0).map(lambda seed: generate_public_id(random.Random(seed).getrandbits))
EXAMPLE = generate_public_id(random.Random(1).getrandbits)
GROUPED = group_public_id(EXAMPLE)


def groups_of(public_id: str) -> list[str]:
    return [public_id[start : start + 5] for start in range(0, 35, 5)]


def failed_group(presented: str) -> int | None:
    with pytest.raises(MalformedPublicId) as refusal:
        parse_public_id(presented)
    assert refusal.value.code == "malformed_id"
    return refusal.value.group


# --- Making ---


def test_an_id_is_seven_groups_of_five_of_crockfords_letters_and_reads_back():
    for _ in range(200):
        public_id = generate_public_id()
        assert len(public_id) == 35
        assert set(public_id) <= set(ALPHABET)
        assert parse_public_id(public_id) == public_id


def test_an_id_holds_140_random_bits():
    asked = []
    generate_public_id(lambda bits: asked.append(bits) or 0)
    assert sum(asked) == 140


def test_an_example_written_by_hand_stays_readable_for_ever():
    """The zeros and then the values 2, 4, 8 … of GF(32), computed by hand from x^5 + x^2 + 1."""
    assert generate_public_id(lambda _bits: 0) == "00002" + "00004" + "00008" + "0000G" + "00005" + "0000A" + "0000M"


def test_grouping_puts_hyphens_between_groups_only():
    assert "-".join(groups_of(EXAMPLE)) == GROUPED


def test_a_subject_is_the_digest_of_the_named_identifier():
    assert subject_of(EXAMPLE) == hashlib.sha256(b"akashi-subject-v1\n" + EXAMPLE.encode()).digest()


# --- Mistyping (C005) ---


def test_every_single_wrong_letter_shows_and_names_its_group():
    """C005, exhaustive: all 35 places of many IDs, each with all 31 wrong letters."""
    for seed in range(20):
        public_id = generate_public_id(random.Random(seed).getrandbits)
        for place, wrong in itertools.product(range(35), ALPHABET):
            if wrong != public_id[place]:
                assert failed_group(public_id[:place] + wrong + public_id[place + 1 :]) == place // 5 + 1


def test_every_single_wrong_letter_shows_for_every_content_of_a_group():
    """Exhaustive over all pairs of letters at each random place: the check is linear, so one context proves all (below)."""
    for place, (right, wrong) in itertools.product(range(4), itertools.permutations(ALPHABET, 2)):
        letters = {letter: "0" * place + letter + "0" * (3 - place) for letter in (right, wrong)}
        assert check_letter(letters[right], 1) != check_letter(letters[wrong], 1)


@given(st.text(ALPHABET, min_size=4, max_size=4), st.text(ALPHABET, min_size=4, max_size=4), st.integers(1, 7))
def test_the_check_is_linear(one, other, group):
    """value(a xor b) = value(a) xor value(b), which lifts the exhaustive proofs on zeros to every content."""

    def value(letters: str) -> int:
        return ALPHABET.index(check_letter(letters, group)) ^ ALPHABET.index(check_letter("0000", group))

    both = "".join(ALPHABET[ALPHABET.index(a) ^ ALPHABET.index(b)] for a, b in zip(one, other, strict=True))
    assert value(both) == value(one) ^ value(other)


def test_every_swap_of_two_letters_within_a_group_shows():
    """Exhaustive: every pair of places of a group, every pair of different letters in them."""
    for first, second in itertools.combinations(range(5), 2):
        for one, other in itertools.combinations(ALPHABET, 2):
            group = group_with(first, one, second, other)
            letters = list(group)
            letters[first], letters[second] = letters[second], letters[first]
            assert check_letter("".join(letters[:4]), 3) != letters[4]


def group_with(first: int, one: str, second: int, other: str) -> str:
    """A group that is right at position 3 and has these letters at these places, the rest found by trying."""
    for filling in itertools.product(ALPHABET, repeat=2):
        rest = iter(filling)
        letters = [one if place == first else other if place == second else next(rest, "0") for place in range(4)]
        group = "".join(letters) + check_letter("".join(letters), 3)
        if group[first] == one and group[second] == other:
            return group
    raise AssertionError((first, one, second, other))


@given(ids, st.data())
def test_a_swap_of_neighbours_in_an_id_names_the_group(public_id, data):
    group = data.draw(st.integers(0, 6))
    place = group * 5 + data.draw(st.integers(0, 3))
    swapped = public_id[:place] + public_id[place + 1] + public_id[place] + public_id[place + 2 :]
    if swapped != public_id:
        assert failed_group(swapped) == group + 1


@given(ids, st.permutations(range(7)))
def test_every_reordering_of_groups_shows(public_id, order):
    groups = groups_of(public_id)
    reordered = "".join(groups[place] for place in order)
    if list(order) != list(range(7)):
        first_moved = next(place for place, source in enumerate(order) if place != source)
        assert failed_group(reordered) == first_moved + 1


def test_every_swap_of_two_groups_shows_even_between_equal_random_letters():
    """Exhaustive over positions: at two positions the same group is never right."""
    for letters in ("0000", "ZZZZ", "A1B2"):
        assert len({check_letter(letters, group) for group in range(1, 8)}) == 7


def test_zeros_alone_are_no_id():
    assert failed_group("0" * 35) == 1


@pytest.mark.parametrize("foreign", ["U", "u", "*", "~", "$", "=", "é", "字", "_"])
def test_a_letter_outside_the_alphabet_names_its_group(foreign):
    """C007: Crockford's further check symbols and U are no letters of ours."""
    assert failed_group(EXAMPLE[:12] + foreign + EXAMPLE[13:]) == 3


@pytest.mark.parametrize(
    "presented", ["", "   ", "-", "ABC", EXAMPLE[:-1], EXAMPLE + "0", "x" * 10_000, "https://a/c/"]
)
def test_a_wrong_length_names_no_group(presented):
    assert failed_group(presented) is None


# --- Reading what people present ---


@given(ids)
def test_lower_case_and_look_alikes_are_read(public_id):
    """C007: O for 0, I and L for 1, in either case."""
    for zero, one in itertools.product("Oo0", "IiLl1"):
        assert parse_public_id(public_id.replace("0", zero).replace("1", one)) == public_id
    assert parse_public_id(public_id.lower()) == public_id


@pytest.mark.parametrize("hyphen", [*"-‐‑‒–—―−－﹣ーｰ─", "\u00ad", " - ", "\u3000", "\u00a0", "\n", "\t", "\u200b", "\ufeff"])  # fmt: skip
def test_hyphens_spaces_and_invisible_marks_of_all_kinds_are_set_aside(hyphen):
    assert parse_public_id(GROUPED.replace("-", hyphen)) == EXAMPLE


def test_full_width_letters_are_read():
    wide = {ord(letter): ord(letter) + 0xFEE0 for letter in string.ascii_letters + string.digits + "-"}
    assert parse_public_id(GROUPED.translate(wide)) == EXAMPLE


@pytest.mark.parametrize(
    "presented",
    [
        "https://akashi.example/C/{}/V1",
        "HTTPS://AKASHI.EXAMPLE/C/{}/V1",
        "https://akashi.example:8443/c/{}",
        "http://localhost:8000/ja/c/{}",
        "/ja/c/{}",
        "/c/{}.json",
        "/c/{}.bundle.json",
        "/c/{}/v12.jwt",
        "https://akashi.example/en/c/{}?at=2027-01-01T00:00:00Z#history",
        "https://akashi.example/v1/certificates/{}/verification",
        "https://akashi.example/badge/{}.svg",
        "akashi.example/c/{}",
        "{}/V1",
        "{}/v3.",
        "{}.",
        "{}。",
        "（{}）",
        "「{}」、",
        "<https://akashi.example/C/{}/V1>",
        "https://akashi.example/C/{}).",
        "  {}\n",
        '"{}"',
    ],
)
@pytest.mark.parametrize("form", [EXAMPLE, GROUPED, GROUPED.lower()])
def test_an_address_and_punctuation_around_the_id_are_set_aside(presented, form):
    assert parse_public_id(presented.format(form)) == EXAMPLE


@settings(max_examples=200)
@given(st.text(max_size=80))
def test_whatever_is_presented_is_an_id_or_a_coded_refusal(presented):
    try:
        assert len(parse_public_id(presented)) == 35
    except MalformedPublicId as refusal:
        assert refusal.group is None or 1 <= refusal.group <= 7  # noqa: PT017


# --- QR (C001, C007) ---


def test_the_printed_address_stays_within_a_qr_of_version_4_m():
    """C001, C007: 90 alphanumeric characters; hosts up to 33 letters, grouped ID, version up to three digits."""
    host = "A" * 29 + ".ORG"
    address = f"HTTPS://{host}/C/{GROUPED}/V999"
    assert len(address) == 90
    code = segno.make_qr(address, version=4, error="m", boost_error=False)
    assert (code.designator, code.mode) == ("4-M", "alphanumeric")


def test_without_hyphens_a_short_address_is_a_qr_of_version_3_m():
    """C007: the same code without hyphens is smaller."""
    code = segno.make_qr(f"HTTPS://CERT.EXAMPLE/C/{EXAMPLE}/V1", error="m", boost_error=False)
    assert (code.designator, code.mode) == ("3-M", "alphanumeric")


def test_the_alphabet_stays_within_digits_and_upper_case_letters():
    """C007: so that mail, forms and QR codes carry it."""
    assert set(identifiers.ALPHABET) <= set(string.digits + string.ascii_uppercase) - set("ILOU")
