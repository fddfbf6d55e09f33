"""What anyone may look up: by ID always, by number and in the directory only with consent."""

from __future__ import annotations

from app.registry import directory
from app.registry.directory import MOST_HITS, by_number, certificate_record, list_certificates, standing_history
from tests.support.acts import refused
from tests.support.service import UNKNOWN_ID


def test_the_record_is_the_report_with_the_bodys_own_number(world):
    issued = world.grant("FC-0007")
    answer, record = certificate_record(world.registry, issued.public_id)
    assert (record.number, record.verdict, record.holder) == ("FC-0007", answer.report.verdict, answer.report.holder)


def test_a_number_that_is_not_to_be_found_is_not_shown(world):
    issued = world.grant("FC-0007", consented=("holder",))
    assert certificate_record(world.registry, issued.public_id)[1].number is None
    assert by_number(world.registry, "FC-0007").hits == ()


def test_an_unknown_id_has_no_record_and_no_history(world):
    for question in (certificate_record, standing_history):
        with refused("unknown_certificate"):
            question(world.registry, UNKNOWN_ID)


def test_more_hits_than_are_listed_are_said(world, monkeypatch):
    issued = world.grant("FC-0007")
    assert by_number(world.registry, "FC-0007").more is False
    monkeypatch.setattr(directory, "MOST_HITS", 0)
    found = by_number(world.registry, "FC-0007")
    assert (found.hits, found.more, MOST_HITS) == ((), True, 20)
    assert issued.public_id


def test_a_number_that_folds_to_nothing_finds_nothing(world):
    world.grant("FC-0007")
    assert by_number(world.registry, " - ").hits == ()


def test_the_directory_shows_the_names_of_today(world):
    world.grant("FC-0007")
    world.rename("Second Name K.K.")
    (listed,) = list_certificates(world.registry, limit=10)
    assert [name.name for name in listed.holder_names] == ["Second Name K.K.", "霞ロボティクス株式会社"]


def test_the_history_of_standing_is_the_chain_of_events(world):
    issued = world.grant()
    world.suspend(issued.public_id)
    world.restore(issued.public_id)
    _, history = standing_history(world.registry, issued.public_id)
    assert [(event.event_no, event.to_state) for event in history.events] == [
        (1, "active"),
        (2, "suspended"),
        (3, "active"),
    ]
    assert all(event.recorded_at >= event.effective_at.replace(microsecond=0) for event in history.events)
