"""`akashi migrate`: what is pending is said, and done."""

from __future__ import annotations


def test_nothing_is_pending_after_init(installed):
    assert installed.done("migrate", "--check") == {"pending": []}
    assert installed.done("migrate") == {"done": []}
