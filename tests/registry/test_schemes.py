"""Schemes as data: every row with its origin, and the moves of standing as the database has them."""

from __future__ import annotations

from datetime import date

import psycopg

from app.registry.schemes import scheme, schemes
from tests.support.acts import refused


def test_the_first_scheme_is_complete(world):
    aims = scheme(world.registry, "aims")
    assert {one.use for one in aims.documents} == {"requirements", "accreditation_criteria"}
    assert "JIS Q 42001:2025" in next(one for one in aims.documents if one.use == "requirements").identical_adoptions
    assert (len(aims.controls), len({one.code for one in aims.controls})) == (38, 38)
    assert all(term.title.en and term.title.ja and term.origin for term in (*aims.roles, *aims.technical_areas))


def test_an_act_says_what_it_needs_and_why_it_may_be_done(world):
    acts = {one.act: one for one in schemes(world.registry).acts}
    assert {one.rule for one in acts["grant"].requirements} >= {"accreditation_at_decision", "accreditation_now"}
    assert not any(one.rule.startswith("accreditation") for one in acts["suspend"].requirements)
    assert (acts["annul"].deciders, acts["annul"].needs_reason) == (2, True)
    assert acts["suspend"].reasons


def test_a_scheme_says_which_audits_each_act_rests_on(world):
    required = [(one.act, one.kinds, one.team) for one in scheme(world.registry, "aims").required_audits]
    assert ("grant", ("stage_1",), "any") in required
    assert ("grant", ("stage_2",), "scope") in required


def test_there_are_no_moves_but_these(world):
    moves = {(one.from_state, one.act): one.to_state for one in schemes(world.registry).transitions}
    assert moves["suspended", "restore"] == "active"
    assert ("withdrawn", "restore") not in moves


def test_a_scheme_that_is_not_operated_is_unknown(world):
    with refused("unknown_scheme"):
        scheme(world.registry, "qms")


def test_an_edition_says_how_it_ends_as_often_as_that_was_stated(world):
    with psycopg.connect(world.fresh.superuser_url, autocommit=True) as owner:
        for stated_on, certificates_to in (("2027-01-01", "2029-06-30"), ("2028-01-01", "2029-12-31")):
            owner.execute(
                "INSERT INTO akashi.edition_transition VALUES ('aims', 'ISO/IEC 42001:2023', %s, '2028-06-30', %s, 'test')",
                (stated_on, certificates_to),
            )
    (edition,) = [one for one in scheme(world.registry, "aims").documents if one.use == "requirements"]
    assert [one.certificates_to for one in edition.transitions] == [date(2029, 6, 30), date(2029, 12, 31)]
