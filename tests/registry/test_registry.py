"""The one value that acts are given: fixed, and another one remembers nothing of it."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from app.trust.anchors import Anchors
from tests.support.door import registry_over


def test_nothing_in_it_is_changed_after_the_start():
    with pytest.raises(FrozenInstanceError):
        registry_over().base_url = "https://other.example"


def test_with_other_anchors_no_earlier_answer_counts():
    registry = registry_over()
    registry.recent.answer("question", lambda: "by the old anchors")

    other = replace(registry, anchors=Anchors())

    assert other.recent.answer("question", lambda: "by the new anchors") == "by the new anchors"


def test_what_is_remembered_makes_no_difference_between_two():
    registry = registry_over()
    asked = replace(registry)
    asked.recent.answer("question", lambda: "answer")
    assert asked == registry


def test_it_is_no_development_registry_unless_it_says_so():
    assert registry_over().development is False


def test_it_shows_no_answers_where_it_is_printed():
    registry = registry_over()
    registry.recent.answer("question", lambda: "somebody's name")
    assert "recent" not in repr(registry)
