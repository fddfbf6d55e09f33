"""Dates and instants have one written form, and what is read can be written again."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from app.api.fields import Day, Instant, Ordinal

DAY, INSTANT = TypeAdapter(Day), TypeAdapter(Instant)


@given(st.dates())
def test_every_day_is_read_from_its_plain_form(day):
    assert DAY.validate_json(f'"{day.isoformat()}"', strict=True) == day


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(1000, 1, 1)))  # noqa: DTZ001, hypothesis adds the zone
def test_every_instant_is_read_from_what_is_written(moment):
    assert INSTANT.validate_json(INSTANT.dump_json(moment), strict=True) == moment


@pytest.mark.parametrize(
    "presented", ["2026-1-1", "20260101", "2026-W01-1", "2026-02-29", " 2026-01-01", "2026-01-01\n"]
)
def test_another_form_of_a_day_is_refused_with_its_own_code(presented):
    with pytest.raises(ValidationError) as raised:
        DAY.validate_python(presented)
    assert raised.value.errors()[0]["type"] == "impossible_date"


@pytest.mark.parametrize(
    "presented",
    ["2026-01-01", "2026-01-01 00:00:00Z", "2026-01-01T00:00Z", "2026-01-01T00:00:60Z", "2026-01-01T00:00:00z"],
)
def test_another_form_of_an_instant_is_refused_with_its_own_code(presented):
    with pytest.raises(ValidationError) as raised:
        INSTANT.validate_python(presented)
    assert raised.value.errors()[0]["type"] == "impossible_instant"


def test_the_contract_shows_the_formats():
    assert DAY.json_schema() == {"type": "string", "format": "date"}
    assert DAY.validate_python(date(2026, 1, 1)) == date(2026, 1, 1)


@pytest.mark.parametrize("presented", ["0", "01", "+1", "1.0", "1_0", " 1", "-1", "x", "", "1" * 19, "\uff11"])
def test_an_ordinal_is_written_one_way(presented):
    with pytest.raises(ValidationError):
        TypeAdapter(Ordinal).validate_python(presented)


def test_an_ordinal_is_a_number():
    assert TypeAdapter(Ordinal).validate_python("12") == 12
