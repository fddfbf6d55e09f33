"""Recognition is dated, sourced data: copied by the operator, open to objection, recalculated by date, blocking nothing."""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256

import pytest

from app.access.actor import OPERATOR
from app.credentials.facts_json import facts_from_json
from app.registry import bodies
from app.registry.recognition import Observed, Source, object_to, record_end, record_recognition
from app.registry.two_clocks import Asked
from app.registry.verification import verify
from tests.support.acts import refused, rows

SOURCE = Source("https://arrangement.example/members", sha256(b"fetched").digest(), date(2026, 11, 1))


def copied(world, arrangement="gac-mra", level="L5", scope="ISO/IEC 42001", since=None, until=None):
    since = since or date(2026, 1, 1)
    observed = Observed(world.accreditation_body, arrangement, level, scope, since, until, SOURCE)
    return record_recognition(world.registry, OPERATOR, observed)


def ended(world, recognition, last_day):
    record_end(world.registry, OPERATOR, recognition, last_day=last_day, source=SOURCE)


def shown(world, **asked):
    return bodies.body_record(world.registry, world.accreditation_body, Asked(**asked))[1].recognitions


def test_the_arrangements_are_dated_data(world):
    """Until the end of 2025 two, since 2026 one (domain, arrangements)."""
    found = {one.code: (one.valid_from, one.valid_to) for one in bodies.arrangements(world.registry)}
    assert found["gac-mra"] == (date(2026, 1, 1), None)
    assert {found[code][1] for code in ("iaf-mla", "ilac-mra")} == {date(2025, 12, 31)}


def test_a_recognition_is_shown_as_observed_with_its_source_and_never_outlives_its_arrangement(world):
    copied(world, "iaf-mla", since=date(2020, 1, 1))
    copied(world)
    old, new = shown(world)
    assert (old.last_day, old.holds, new.last_day, new.holds) == (date(2025, 12, 31), False, None, True)
    assert (new.evidence_level, new.source_url, new.source_sha256) == ("observed", SOURCE.url, SOURCE.sha256.hex())
    assert new.title.ja.endswith("相互承認協定（MRA）")
    record = bodies.accreditation_record(world.registry, world.known_accreditation)[1]
    assert record.recognitions == (old, new)


def test_an_end_is_a_fact_of_its_own_and_what_was_known_before_stays(world):
    recognition = copied(world)
    before = world.now()
    ended(world, recognition, world.ago(3))
    (now,), (then,) = shown(world), shown(world, known_at=before)
    assert ((now.last_day, now.holds), (then.last_day, then.holds)) == ((world.ago(3), False), (None, True))
    assert len(rows(world, "SELECT FROM akashi.recognition")) == 1


def test_the_accreditation_body_can_object_and_the_copy_stays_beside_it(world):
    recognition = copied(world)
    object_to(world.registry, world.ab_actor, recognition, reason="signed for L4 only")
    (one,) = shown(world)
    assert (one.objected_at is not None, one.holds) == (True, True)
    with refused("already_recorded"):
        object_to(world.registry, world.ab_actor, recognition, reason="again")


def test_nobody_else_objects_and_nobody_but_the_operator_copies(world):
    recognition = copied(world)
    with refused("insufficient_scope"):
        object_to(world.registry, world.actor, recognition, reason="x")
    with refused("operator_only"):
        observed = Observed(world.accreditation_body, "gac-mra", "L5", "x", date(2026, 1, 1), None, SOURCE)
        record_recognition(world.registry, world.ab_actor, observed)
    with refused("unknown_arrangement"):
        copied(world, "nobody-mra")
    with refused("recognition_period"):
        copied(world, until=date(2025, 1, 1))


# What a certificate says, and what verification tells.


def arrangement_of(world, public_id):
    (row,) = rows(
        world,
        "SELECT d.facts FROM akashi.draft d JOIN akashi.decision x ON x.id = d.id JOIN akashi.certification c "
        "ON c.id = x.certification_id WHERE c.public_id = %(id)s",
        id=public_id,
    )
    return facts_from_json(row.facts).accreditations[0].arrangement


@pytest.mark.parametrize(
    ("level", "scope", "named"),
    [
        ("L5", "ISO/IEC 42001", True),
        ("L4", "ISO/IEC 42006", True),
        ("L3", "ISO/IEC 17021-1:2015", True),
        ("L2", "ISO/IEC 17021-1", False),
        ("L5", "ISO/IEC 27001", False),
        ("L5", "ISO/IEC 4200", False),
    ],
)
def test_a_certificate_names_the_arrangement_that_held_for_its_standard_at_the_decision(world, level, scope, named):
    copied(world, level=level, scope=scope)
    told = arrangement_of(world, world.grant().public_id)
    assert (told is not None and told.startswith("Global Accreditation Cooperation")) is named


def test_what_the_accreditation_body_objects_to_is_named_on_no_certificate(world):
    object_to(world.registry, world.ab_actor, copied(world), reason="wrong")
    assert arrangement_of(world, world.grant().public_id) is None


def test_a_lost_recognition_is_told_and_blocks_nothing(world):
    recognition = copied(world)
    public_id = world.grant(on=world.ago(9)).public_id
    assert "recognition_lost" not in {one.code for one in verify(world.registry, public_id).notices}
    ended(world, recognition, world.ago(3))
    report = verify(world.registry, public_id)
    (told,) = (one for one in report.notices if one.code == "recognition_lost")
    assert (told.since, report.verdict) == (world.ago(3), "valid")
    assert told.detail.en.startswith("As its arrangement publishes it and we copied it")
    assert world.grant("FC-2").version_no == 1


def test_a_recognition_that_ends_later_is_lost_when_its_day_is_over(world):
    recognition = copied(world)
    public_id = world.grant().public_id
    ended(world, recognition, world.today)
    assert "recognition_lost" not in {one.code for one in verify(world.registry, public_id).notices}
    world.set_clock(world.now() + timedelta(days=1))
    assert "recognition_lost" in {one.code for one in verify(world.registry, public_id).notices}
