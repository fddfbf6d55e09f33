"""Lives are decided before they are played: the same for the same seed, of every kind, and in their order."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from app.registry.demonstration.lives import LONGEST_WAIT, TICKS, VERSIONS, Life, digest_of, lives

ENDS = {"withdraw", "cancel", "annul"}


def acts(told: tuple[Life, ...]) -> Counter[str]:
    return Counter(step.act for life in told for step in life.steps)


def test_the_same_seed_tells_the_same_lives_and_another_others() -> None:
    assert lives(40, 1) == lives(40, 1)
    assert digest_of(lives(40, 1)) == digest_of(lives(40, 1)) != digest_of(lives(40, 2))


def test_a_larger_registry_begins_with_the_lives_of_a_smaller_one() -> None:
    assert lives(60, 1)[:40] == lives(40, 1)


def test_the_digest_is_that_of_everything_that_is_to_happen() -> None:
    told = lives(3, 1)
    assert digest_of((*told[:2], replace(told[2], number="another"))) != digest_of(told)


def test_every_kind_of_decision_comes_about() -> None:
    assert set(acts(lives(2_000, 1))) == {
        *("grant", "maintain", "renew", "restore_expired", "extend", "reduce", "amend", "correct", "translate"),
        *("suspend", "restore", "withdraw", "cancel", "annul"),
    }


def test_bodies_sizes_and_lengths_differ() -> None:
    told = lives(500, 1)
    assert {life.body for life in told} == {"tsubame", "harbour", "oldmill"}
    assert {len(life.organisation.sites) for life in told} == {1, 2, 3, 4, 5, 6}
    assert {life.steps[0].months for life in told} == {12, 24, 36}
    assert 0 < sum(life.confidential for life in told) < 50
    assert 4 < sum(len(life.steps) for life in told) / len(told) < 5


def test_a_life_goes_from_its_grant_forward_and_ends_at_its_end() -> None:
    for life in lives(500, 1):
        told = [step.act for step in life.steps]
        ticks = [step.tick for step in life.steps]
        assert told[0] == "grant"
        assert told.count("grant") == 1
        assert ticks == sorted(set(ticks))
        assert 0 < ticks[0] <= ticks[-1] < TICKS
        assert not ENDS & set(told[:-1])


def test_every_version_has_its_content_and_nothing_else_has() -> None:
    for step in (step for life in lives(200, 1) for step in life.steps):
        assert (step.content is not None) == (step.act in VERSIONS)


def test_audits_are_never_more_than_a_year_apart_while_a_certificate_is_in_force() -> None:
    for life in lives(500, 1):
        audited = life.steps[0].tick
        for before, step in zip(life.steps, life.steps[1:], strict=False):
            if step.act in {"maintain", "extend", "renew"} and before.act not in {"suspend", "restore"}:
                assert step.tick - audited <= LONGEST_WAIT + 14
            if step.act in {"maintain", "extend", "renew", "restore_expired"}:
                audited = step.tick
