"""Many certificates asked about at once: in their order, each by the same examiner, and the end is told."""

from __future__ import annotations

from datetime import timedelta

from app.registry import bulk
from app.registry.bulk import End, Line, Mistyped, verify_many
from app.registry.two_clocks import NOW, Asked
from app.registry.verification import verify
from tests.support.acts import refused
from tests.support.service import UNKNOWN_ID


def test_each_answer_is_that_of_its_own_report(world, monkeypatch):
    """C128: the short answer says what the long one says; lists longer than one reading change nothing."""
    monkeypatch.setattr(bulk, "READ_TOGETHER", 2)
    ids = [world.grant(f"FC-{number}").public_id for number in range(3)]
    world.suspend(ids[1])
    *lines, end = verify_many(world.registry, [*ids, ids[0]], NOW)
    assert end == End(complete=True, answered=4)
    for line, public_id in zip(lines, [*ids, ids[0]], strict=True):
        report = verify(world.registry, public_id)
        assert isinstance(line, Line)
        assert (line.verdict, line.state, line.version) == (report.verdict, report.standing.state, report.version)
        assert line.summary == report.summary


def test_what_is_unknown_or_mistyped_stops_nothing(world):
    lines = list(verify_many(world.registry, ["", UNKNOWN_ID, "A" * 35], NOW))
    assert [type(line) for line in lines] == [Mistyped, Line, Mistyped, End]
    assert [line.group for line in lines if isinstance(line, Mistyped)] == [None, 1]


def test_a_time_that_has_not_come_is_refused_before_the_first_answer(world):
    with refused("time_in_the_future", "/at"):
        verify_many(world.registry, [UNKNOWN_ID], Asked(at=world.now() + timedelta(days=1)))
