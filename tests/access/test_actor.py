"""An actor is a fact about a request and cannot be changed on its way."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from app.access.actor import OPERATOR, Actor


def test_an_actor_cannot_gain_scopes():
    actor = Actor("machine", scopes=frozenset({"audits"}))
    with pytest.raises(FrozenInstanceError):
        actor.scopes = frozenset({"people"})


def test_the_operator_acts_for_no_party():
    assert OPERATOR.party_id is None
