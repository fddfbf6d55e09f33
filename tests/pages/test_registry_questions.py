"""The pages' questions are answered by the acts that every other door asks."""

from __future__ import annotations

import pytest

from app.pages.registry_questions import questions_of
from app.registry.verification import published
from tests.support.acts import refused
from tests.support.service import UNKNOWN_ID


@pytest.fixture
def questions(world):
    return questions_of(world.registry)


def test_the_report_of_a_page_is_the_published_one(world, questions):
    issued = world.grant()
    answer = published(world.registry, issued.public_id)
    shown = questions.verify(issued.public_id)
    assert (shown.report, shown.until) == (answer.report.as_json(), answer.until)
    assert questions.verify(UNKNOWN_ID).report["verdict"] == "unknown"


def test_every_answer_holds_until_the_calendar_changes_it(world, questions):
    """The boundary of the JSON: also where only an accreditation turns, and the earliest of several hits."""
    issued = world.grant("FC-1")
    until = published(world.registry, issued.public_id).until
    assert until is not None
    assert questions.version(issued.public_id, 1).until == until
    assert questions.lookup("FC-1", "").until == until
    assert questions.lookup("FC-2", "").until is None


def test_a_version_comes_with_how_it_stands_to_the_current_one(world, questions):
    issued = world.grant()
    world.rename("Second Name K.K.")
    world.amend(issued.public_id)
    answer = questions.version(issued.public_id, 1)
    assert (answer.report["version"], answer.version["current"]) == (1, 2)
    assert answer.version["differences"][0]["field"] == "holder.names"
    with refused("unknown_version"):
        questions.version(issued.public_id, 3)


def test_a_file_is_checked_or_refused_in_words(world, questions):
    issued = world.grant()
    assert questions.check_file(issued.credential.encode())["verdict"] == "valid"
    with refused("not_a_certificate_file"):
        questions.check_file(b"not a certificate")


def test_a_number_is_looked_up_with_or_without_a_body(world, questions):
    issued = world.grant("FC-1")
    for body, count in (("", 1), (str(world.body), 1), (str(world.accreditation_body), 0), ("nonsense", 0)):
        assert len(questions.lookup("fc 1", body).hits) == count
    assert questions.lookup("FC-1", "").hits[0]["certificate_id"] == issued.public_id


def test_the_bodies_to_choose_from_are_certification_bodies(world, questions):
    (body,) = questions.bodies()
    assert (body["id"], body["names"][0]["language"]) == (str(world.body), "en")


def test_the_words_of_a_scheme_and_none_of_one_that_is_not_here(questions):
    assert questions.terms("aims")["role"]["provider"].keys() == {"en", "ja"}
    assert questions.terms("qms") == {}


def test_the_clock_is_the_databases(world, questions):
    assert abs((questions.now() - world.now()).total_seconds()) < 5


def test_a_certificate_comes_with_its_versions_and_what_its_body_told(world, questions):
    """The page shows what made each version, and when surveillance was last reported."""
    issued = world.grant()
    world.rename("Second Name K.K.")
    world.amend(issued.public_id)
    answer = questions.verify(issued.public_id)
    assert [(one["version"], one["act"]) for one in answer.versions] == [(1, "grant"), (2, "amend")]
    assert answer.versions[1]["changes"][0]["field"] == "holder.names"
    assert answer.told == {"last_surveillance_reported": None, "under_appeal": False}
    assert (questions.verify(UNKNOWN_ID).versions, questions.verify(UNKNOWN_ID).told) == ((), None)


def test_a_holder_is_found_by_a_former_name(world, questions):
    """C089."""
    world.grant("FC-1")
    world.rename("Second Name K.K.")
    (hit,) = questions.search("Kasumi Robotics").hits
    assert [(found["name"], found["of_now"]) for found in hit["found_by"]] == [("Kasumi Robotics K.K.", False)]
    assert questions.search("nobody of this name").hits == []
