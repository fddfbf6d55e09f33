"""Every kind of assessment record has an id, a body and a place in the order of recording."""

from __future__ import annotations

import pytest

from app.storage.own_assessment import RECORDS
from app.storage.own_records import own_records
from tests.storage.test_own_records import something_of_each


@pytest.mark.parametrize("kind", RECORDS)
def test_a_record_has_its_place(world, kind):
    something_of_each(world)
    with world.database.transaction(body=world.body) as connection:
        (record, *_) = own_records(connection, kind, world.body, None, 1)
    assert record.body_id == world.body
    assert record.sequence == int(record.recorded_at.timestamp()) * 1_000_000 + record.recorded_at.microsecond
