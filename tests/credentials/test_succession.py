"""What must agree between a version and the one before it, judged from the two alone (invariants 2, 10, 11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.credentials.facts import CertificateFacts
from app.credentials.succession import succession_faults
from tests.support.certificate_facts import FACTS

DAY = timedelta(days=1)


def after(act: str, **scope: object) -> CertificateFacts:
    """A second version by an act, with this of its scope changed."""
    return replace(FACTS, decision=replace(FACTS.decision, act=act), scope=replace(FACTS.scope, **scope))


def test_a_grant_comes_first_and_nothing_else_does():
    assert succession_faults(None, FACTS) == ()
    assert "version_out_of_order" in succession_faults(None, after("amend"))
    assert "version_out_of_order" in succession_faults(FACTS, FACTS)


def test_an_amendment_leaves_the_scope_as_it_is():
    assert succession_faults(FACTS, after("amend")) == ()
    assert succession_faults(FACTS, after("amend", areas=()))


def test_a_reduction_only_takes_away():
    wide = replace(FACTS, scope=replace(FACTS.scope, roles=("producer", "provider", "customer")))
    assert succession_faults(wide, after("reduce", roles=("producer",))) == ()
    assert succession_faults(after("grant", roles=("producer",)), after("reduce", roles=("producer", "customer")))


@pytest.mark.parametrize("act", ["amend", "extend", "reduce", "correct", "translate"])
def test_only_a_renewal_or_a_restoration_moves_the_end(act):
    end = FACTS.validity.last_valid_day + DAY
    moved = replace(after(act), validity=replace(FACTS.validity, last_valid_day=end))
    assert "period_not_kept" in succession_faults(FACTS, moved)


def test_another_holder_is_another_certification():
    other = replace(after("amend"), holder=replace(FACTS.holder, id="00000000-0000-4000-8000-000000000000"))
    assert "document_mismatch" in succession_faults(FACTS, other)
