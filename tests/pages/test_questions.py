"""What the pages ask the registry."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from tests.support.pages import QUESTIONS, lookup


def test_questions_are_fixed_once_asked():
    with pytest.raises(FrozenInstanceError):
        QUESTIONS.verify = None


def test_a_lookup_lists_all_unless_it_says_otherwise():
    assert lookup("AIMS-0044", "").more is False
