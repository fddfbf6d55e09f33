"""The decided facts as values: a period has the instants that its days mean in their zone."""

from __future__ import annotations

from datetime import date

from app.credentials.facts import validity_of


def test_a_validity_ends_with_the_instant_after_its_last_day_in_its_zone():
    validity = validity_of(date(2027, 3, 1), date(2030, 2, 28), "Asia/Tokyo")

    assert validity.valid_from.isoformat() == "2027-02-28T15:00:00+00:00"
    assert validity.valid_until.isoformat() == "2030-02-28T15:00:00+00:00"
