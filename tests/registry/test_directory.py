"""What anyone may look up: by ID always, by number and in the directory only with consent."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from app.registry import directory, organisations
from app.registry.agreement import FIELDS
from app.registry.directory import (
    Place,
    Wanted,
    by_name,
    by_number,
    certificate_record,
    count_certificates,
    list_certificates,
    standing_history,
)
from app.registry.organisations import OrganisationName
from app.trust.anchors import Anchors
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
    world.grant("FC-0007")
    assert by_number(world.registry, "FC-0007").more is False
    monkeypatch.setattr(directory, "MOST_HITS", 0)
    found = by_number(world.registry, "FC-0007")
    assert (found.hits, found.more) == ((), True)


@pytest.mark.parametrize("written", ["FC-0007", "fc 0007", "ＦＣ－０００７", "fc0007"])
def test_a_number_finds_its_certificate_however_it_is_written(world, written):
    issued = world.grant("FC-0007")
    (hit,) = by_number(world.registry, written).hits
    assert (hit.certificate_id, hit.number, hit.verdict) == (issued.public_id, "FC-0007", "valid")
    assert [one.certificate_id for one in list_certificates(world.registry, Wanted(number=written), limit=10)] == [
        issued.public_id
    ]


def test_a_number_may_be_asked_of_one_body(world):
    world.grant("FC-0007")
    assert len(by_number(world.registry, "FC-0007", world.body).hits) == 1
    assert by_number(world.registry, "FC-0007", uuid4()).hits == ()


def test_who_did_not_consent_to_the_directory_is_never_listed(world):
    world.grant("FC-0007", consented=tuple(field for field in FIELDS if field != "directory"))
    assert list_certificates(world.registry, limit=10) == ()
    assert by_number(world.registry, "FC-0007").hits == ()


def test_who_is_listed_without_consent_to_the_name_has_none_there(world):
    world.grant("FC-0007", consented=("directory",))
    (listed,) = list_certificates(world.registry, limit=10)
    assert (listed.number, listed.holder_names) == ("FC-0007", ())


def test_pages_read_one_after_another_are_complete_though_one_is_added_between(world):
    issued = [world.grant(f"FC-{number}").public_id for number in range(3)]
    (first,) = list_certificates(world.registry, limit=1)
    issued.append(world.grant("FC-3").public_id)
    rest = list_certificates(world.registry, place=Place(first.sequence, first.certificate_id), limit=10)
    assert [one.certificate_id for one in (first, *rest)] == issued


@pytest.mark.parametrize(
    ("narrowed", "found"), [({"scheme": "aims"}, 1), ({"scheme": "qms"}, 0), ({"body": uuid4()}, 0)]
)
def test_the_directory_is_narrowed_by_scheme_and_body(world, narrowed, found):
    world.grant("FC-0007")
    assert len(list_certificates(world.registry, Wanted(**narrowed), limit=10)) == found


def test_a_number_that_folds_to_nothing_finds_nothing(world):
    world.grant("FC-0007")
    assert by_number(world.registry, " - ").hits == ()


def test_the_directory_shows_the_names_of_today(world):
    world.grant("FC-0007")
    world.rename("Second Name K.K.")
    (listed,) = list_certificates(world.registry, limit=10)
    assert [name.name for name in listed.holder_names] == ["Second Name K.K.", "霞ロボティクス株式会社"]


def test_where_no_standing_is_established_there_is_no_history(world):
    issued = world.grant()
    blind = replace(world.registry, anchors=Anchors())
    _, history = standing_history(blind, issued.public_id)
    assert (history.state, history.since, history.events) == (None, None, ())


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


# --- By name ---


@pytest.mark.parametrize(
    "written",
    [
        "Kasumi Robotics",
        "kasumi robotics kk",
        "ＫＡＳＵＭＩ",
        "ｶｽﾐ Robotics".replace("ｶｽﾐ", "Kasumi"),
        "霞ロボティクス",
        "霞ﾛﾎﾞﾃｨｸｽ(株)",
        "霞 ロボティクス",
    ],
)
def test_a_name_finds_its_certificates_however_it_is_written(world, written):
    """C086, C121: width, case, kana, spaces and legal form are set aside for finding, never in the record."""
    issued = world.grant("FC-0007")
    (listed,) = list_certificates(world.registry, Wanted(name=written), limit=10)
    assert listed.certificate_id == issued.public_id
    assert [name.name for name in listed.holder_names] == ["Kasumi Robotics K.K.", "霞ロボティクス株式会社"]


@pytest.mark.parametrize(
    ("registered", "searched"), [("髙澤邊﨑龍ヶ丘", "高沢辺崎竜が丘"), ("渡邉製作所", "渡辺製作所")]
)
def test_a_firm_with_variant_characters_is_found_by_the_common_ones(world, registered, searched):
    """C088: folded by the published table; the record keeps the exact characters."""
    organisations.add_name(
        world.registry, world.actor, world.organisation, OrganisationName(registered, "ja", "Jpan", "登記簿")
    )
    world.grant("FC-0007")
    (listed,) = list_certificates(world.registry, Wanted(name=searched), limit=10)
    assert [found.name for found in listed.found_by] == [registered]


def test_a_firm_is_found_by_its_former_name_and_shown_with_that_of_now(world):
    """C089: the old name with its last day, and the name of today."""
    world.grant("FC-0007")
    world.rename("Second Name K.K.")
    (listed,) = list_certificates(world.registry, Wanted(name="Kasumi Robotics"), limit=10)
    (found,) = listed.found_by
    assert (found.name, found.valid_to, found.of_now) == ("Kasumi Robotics K.K.", world.ago(1), False)
    assert [name.name for name in listed.holder_names] == ["Second Name K.K.", "霞ロボティクス株式会社"]
    hits, _ = by_name(world.registry, "kasumi")
    assert [(hit.verdict, hit.found_by) for hit in hits.hits] == [("valid", (found,))]
    assert [one.found_by[0].of_now for one in list_certificates(world.registry, Wanted(name="second"), limit=10)] == [
        True
    ]


def test_who_withholds_its_name_is_not_found_by_it(world):
    """C124."""
    world.grant("FC-0007", consented=("directory", "scope"))
    assert list_certificates(world.registry, Wanted(name="Kasumi"), limit=10) == ()
    assert by_name(world.registry, "Kasumi")[0].hits == ()


@pytest.mark.parametrize("name", ["...", "・", "%", "_", "x' OR true --"])
def test_what_is_no_name_finds_nothing(world, name):
    world.grant("FC-0007")
    assert list_certificates(world.registry, Wanted(name=name), limit=10) == ()


def test_a_count_is_exact_or_says_that_there_are_more(world, monkeypatch):
    """C119."""
    for number in range(2):
        world.grant(f"FC-{number}")
    counted = count_certificates(world.registry, Wanted(name="kasumi"))
    assert (counted.count, counted.exact) == (2, True)
    monkeypatch.setattr(directory, "MOST_COUNTED", 1)
    counted = count_certificates(world.registry, Wanted(name="kasumi"))
    assert (counted.count, counted.exact) == (1, False)
