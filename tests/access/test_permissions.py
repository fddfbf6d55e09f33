"""Scopes let a machine carry an act; without the scope it is refused by name."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from app.access.actor import OPERATOR, Actor
from app.access.permissions import MEANING, Scope, acting_party, demand, demand_alive, parse_scopes
from app.errors import AkashiError


def test_a_machine_needs_the_scope_and_is_told_which():
    demand(Actor("machine", uuid4(), "client-1", frozenset({"audits"})), Scope.AUDITS)
    with pytest.raises(AkashiError) as raised:
        demand(Actor("machine", uuid4(), "client-1", frozenset({"audits"})), Scope.PEOPLE)
    assert (raised.value.code, raised.value.note) == ("insufficient_scope", "people")


def test_commands_and_processes_have_no_scopes():
    demand(OPERATOR, Scope.PEOPLE)


def test_whoever_acts_for_no_party_cannot_act_in_the_name_of_one():
    with pytest.raises(AkashiError, match="acts_for_no_party"):
        acting_party(OPERATOR)


def test_a_body_that_ceased_acts_no_more():
    body = Actor("machine", uuid4(), "client-1")
    demand_alive(body)
    with pytest.raises(AkashiError, match="body_has_ceased"):
        demand_alive(replace(body, ceased=True))


def test_all_unknown_scopes_are_told_at_once():
    with pytest.raises(AkashiError) as raised:
        parse_scopes(["audits", "decide", "admin"])
    assert [fault.note for fault in raised.value.faults] == ["decide", "admin"]


def test_no_scope_at_all_is_refused():
    with pytest.raises(AkashiError, match="unknown_scope"):
        parse_scopes([])


def test_each_scope_says_what_it_lets_a_client_carry_and_none_lets_it_decide():
    assert set(MEANING) == set(Scope)
    assert not any("decide" in scope for scope in Scope)
