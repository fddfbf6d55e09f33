"""Queries of applications for accreditation: row-level security decides who finds one."""

from __future__ import annotations

from uuid import uuid4

from app.storage import accreditation_applications as applications
from tests.support.world import STANDARD


def test_an_application_is_found_by_its_two_bodies_newest_first(bare_world):
    made = [uuid4(), uuid4()]
    for one in made:
        with bare_world.database.transaction(body=bare_world.body) as connection:
            applications.add_application(
                connection, body=bare_world.body, application=one, scheme_code="aims", documents=[STANDARD],
                accreditation_body_id=bare_world.accreditation_body, areas=["robotics"], countries=["JP"],
                applied_on=bare_world.today,
            )  # fmt: skip
    other, _ = bare_world.add_certification_body("Other")
    found = {}
    for body in (bare_world.body, bare_world.accreditation_body, other):
        with bare_world.database.transaction(body=body) as connection:
            found[body] = [row.id for row in applications.applications(connection, 10)]
            assert (applications.find_application(connection, made[0]) is None) is (body == other)
    assert found == {bare_world.body: made[::-1], bare_world.accreditation_body: made[::-1], other: []}
