"""LEI and Japanese corporate number: check digits, exact text, and a second opinion."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import lei as stdnum_lei
from stdnum.jp import cn as stdnum_cn

from app.conformity.legal_identifiers import check_identifier, is_corporate_number, is_lei
from app.errors import AkashiError

# Public examples: GLEIF's and Deutsche Bank's LEI; the National Tax Agency's own number and a large firm's.
LEIS = ["506700GE1G29325QX363", "7LTWFZYICNSX8D621K86"]
CORPORATE_NUMBERS = ["7000012050002", "5010401067252"]


@pytest.mark.parametrize("value", LEIS)
def test_a_sound_lei_is_kept_as_it_is(value):
    assert check_identifier("lei", value, "/lei") == value


@pytest.mark.parametrize("value", CORPORATE_NUMBERS)
def test_a_sound_corporate_number_is_kept_as_it_is(value):
    assert check_identifier("jp_corporate_number", value, "/number") == value


@pytest.mark.parametrize(
    ("scheme", "value", "code"),
    [
        ("lei", "506700GE1G29325QX364", "malformed_lei"),
        ("lei", "506700ge1g29325qx363", "malformed_lei"),
        ("lei", "506700GE1G29325QX36", "malformed_lei"),
        ("lei", "123400E5", "malformed_lei"),  # C080
        ("lei", "５０６７００ＧＥ１Ｇ２９３２５ＱＸ３６３", "malformed_lei"),
        (
            "jp_corporate_number",
            "1010001000005",
            "malformed_corporate_number",
        ),  # C080: its check digit would be another
        ("jp_corporate_number", "1.01E+12", "malformed_corporate_number"),  # C080
        ("jp_corporate_number", "0000012050002", "malformed_corporate_number"),
        ("jp_corporate_number", "700001205000", "malformed_corporate_number"),
        ("jp_corporate_number", " 7000012050002", "malformed_corporate_number"),
        ("other", "", "malformed_identifier"),
        ("other", "x" * 65, "malformed_identifier"),
        ("other", "ABC\n", "malformed_identifier"),
        ("other", "ＡＢＣ", "malformed_identifier"),
    ],
)
def test_an_unsound_identifier_is_refused_with_its_field(scheme, value, code):
    with pytest.raises(AkashiError) as refusal:
        check_identifier(scheme, value, "/identifiers/0/value")
    assert refusal.value.code == code
    assert [fault.field for fault in refusal.value.faults] == ["/identifiers/0/value"]


@pytest.mark.parametrize("value", ["HRB 12345", "0012-7", "00127", "DE:123/456.7", "7"])
def test_an_identifier_of_another_register_keeps_its_zeros_and_signs(value):
    """C080: every identifier is text."""
    assert check_identifier("other", value, "/v") == value


@given(st.text(string.digits + string.ascii_uppercase, min_size=18, max_size=18))
def test_lei_check_digits_agree_with_a_second_implementation_and_catch_one_wrong_digit_or_letter(stem):
    value = stem + stdnum_lei.mod_97_10.calc_check_digits(stem)
    assert is_lei(value)
    for place in range(18):
        same_kind = string.digits if value[place].isdigit() else string.ascii_uppercase
        for wrong in same_kind.replace(value[place], ""):
            assert not is_lei(value[:place] + wrong + value[place + 1 :])


@given(st.text(string.digits, min_size=12, max_size=12))
def test_corporate_check_digits_agree_with_a_second_implementation(stem):
    right = stdnum_cn.calc_check_digit(stem)
    assert [digit for digit in "0123456789" if is_corporate_number(digit + stem)] == [right]
