"""Certificate numbers are compared as a reader compares them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conformity.numbers import fold_number


@pytest.mark.parametrize(
    "written",
    [
        "FC-0001",
        "fc 0001",
        "ＦＣ－０００１",
        "FC‐0001",
        "FC–0001",
        "FC−0001",
        "FCー0001",
        "FC_0001",
        " FC\u00a0-\u20090001 ",
        "FC\u00ad0001",
    ],
)
def test_width_case_spaces_and_hyphens_do_not_count(written):
    assert fold_number(written) == "fc0001"


def test_numbers_that_only_look_alike_stay_apart():
    assert len({fold_number(one) for one in ("FC0001", "FCO001", "FC000I", "FC0001/2", "FC00012")}) == 5


def test_japanese_numbers_are_kept():
    assert fold_number("認証第１２号") == "認証第12号"


def test_separators_alone_are_no_number():
    assert fold_number(" -–ー_ ") == ""


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text):
    assert fold_number(fold_number(text)) == fold_number(text)
