"""What somebody typed into the one field."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conformity.identifiers import generate_public_id, group_public_id
from app.pages.asked import Kind, in_groups, looks_like_an_id, read_question
from tests.support.reports import PUBLIC_ID

GROUPED = group_public_id(PUBLIC_ID)
SLIP = GROUPED.replace("D1027", "D1028")


@pytest.mark.parametrize(
    "typed",
    [
        PUBLIC_ID,
        GROUPED,
        GROUPED.lower(),
        f"  {GROUPED.replace('-', ' ')} ",
        f"（{GROUPED}）。",
        PUBLIC_ID.replace("0", "O"),
    ],
)
def test_an_id_is_known_however_it_was_typed(typed):
    assert read_question(typed) == read_question(PUBLIC_ID)
    assert read_question(typed).kind is Kind.ID


def test_a_pasted_address_keeps_its_version_and_its_host():
    asked = read_question(f"https://akashi.example/ja/c/{GROUPED}/v2?x=1")

    assert (asked.kind, asked.text, asked.version, asked.host) == (Kind.ID, PUBLIC_ID, 2, "akashi.example")


def test_a_slip_of_the_pen_is_named_and_not_searched_as_a_number():
    """C005: the check letter catches it at once, with the group."""
    asked = read_question(SLIP)

    assert (asked.kind, asked.group, asked.text) == (Kind.MALFORMED_ID, 5, SLIP)


@pytest.mark.parametrize("typed", [PUBLIC_ID[:-1], PUBLIC_ID + "A", f"https://akashi.example/c/{PUBLIC_ID[:20]}"])
def test_an_id_that_lost_letters_is_still_taken_for_an_id(typed):
    asked = read_question(typed)

    assert (asked.kind, asked.group) == (Kind.MALFORMED_ID, None)


@pytest.mark.parametrize("typed", ["AIMS-0012", "登録第0012号", "0012-7", "JP 26/0007 rev. A", "C-1"])
def test_anything_else_is_the_number_of_a_body_as_typed(typed):
    asked = read_question(f" {typed} ")

    assert (asked.kind, asked.text) == (Kind.NUMBER, typed)


def test_nothing_and_too_much_are_said_to_be_so():
    assert read_question("  　").kind is Kind.NOTHING
    assert read_question("x" * 301).kind is Kind.TOO_LONG


@given(st.text(max_size=400))
def test_no_input_breaks_the_reading(typed):
    assert read_question(typed).kind in set(Kind)
    assert isinstance(in_groups(typed), list)


@given(st.integers(min_value=0, max_value=2**140 - 1))
def test_every_id_is_read_back_from_its_groups(number):
    made = generate_public_id(lambda bits: number % (1 << bits))

    assert read_question(group_public_id(made)).text == made
    assert looks_like_an_id(made)


@pytest.mark.parametrize(
    ("typed", "groups"),
    [
        (SLIP, ["M30QP", "8774S", "Q3NQQ", "WH2JP", "D1028", "67GKH", "0H6PS"]),
        (SLIP.replace("-", "").lower(), ["M30QP", "8774S", "Q3NQQ", "WH2JP", "D1028", "67GKH", "0H6PS"]),
        ("a-b-c-d-e-f-g", ["A", "B", "C", "D", "E", "F", "G"]),
        ("https://akashi.example/c/ABCDE-FG/v1", ["ABCDE", "FG"]),
    ],
)
def test_a_mistyped_id_is_shown_in_the_groups_that_were_written(typed, groups):
    assert in_groups(typed) == groups


@pytest.mark.parametrize("path", ["c/{}", "v1/certificates/{}/verification", "badge/{}.svg", "c/{}.json"])
def test_every_address_with_an_id_in_it_is_read_alike(path):
    """A slip in any of them is named; a number such as C/12 stays a number."""
    address = f"https://akashi.example/{path}"
    asked = read_question(address.format(SLIP))

    assert read_question(address.format(GROUPED)).text == PUBLIC_ID
    assert (asked.kind, asked.group) == (Kind.MALFORMED_ID, 5)
    assert in_groups(asked.text) == SLIP.split("-")
    assert read_question("C/12").kind is Kind.NUMBER
