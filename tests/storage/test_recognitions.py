"""Queries of recognition records: what there is is found, and only by the body that it is about."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from uuid import uuid4

from app.storage import recognitions


def test_an_arrangement_is_known_by_its_code(bare_world):
    with bare_world.database.transaction() as connection:
        assert recognitions.arrangement_exists(connection, "gac-mra")
        assert not recognitions.arrangement_exists(connection, "nobody-mra")


def test_a_recognition_is_about_one_accreditation_body(bare_world):
    made = uuid4()
    source = {"source_url": "https://x.example/", "source_sha256": sha256(b"x").digest(), "observed_on": date(2026, 1, 2)}  # fmt: skip
    with bare_world.database.transaction() as connection:
        recognitions.add_recognition(
            connection, recognition=made, party_id=bare_world.accreditation_body, arrangement_code="gac-mra",
            level="L5", scope="x", valid_from=date(2026, 1, 1), **source,
        )  # fmt: skip
        assert recognitions.is_about(connection, made, bare_world.accreditation_body)
        assert not recognitions.is_about(connection, made, bare_world.body)
        assert not recognitions.is_about(connection, uuid4(), bare_world.accreditation_body)
