"""How the scope of a version lies to the one before, act by act, in the database (invariant 10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from tests.support.around import lawful, refuses
from tests.support.issuing import Issue

WIDER = {"areas": ("generative", "robotics")}


@pytest.fixture
def world(lasting_world):
    return lasting_world


@pytest.fixture
def granted(world):
    """A certificate in force for one area and one site."""
    return world.grant(f"scope-{uuid4()}").public_id


def wanted(world, **changes):
    return world.wanted(soa_date=world.ago(50), **changes)


def attempt(world, public_id, act, *, audits=(), **changes):
    """A decision about what the certificate is to say, written with plain SQL."""
    deciders = (world.decider, world.second_decider) if act == "correct" else (world.decider,)
    reason = ("holder_request", "asked") if act == "reduce" else None
    return lawful(
        world,
        public_id,
        act,
        certificate=wanted(world, **changes),
        relied_on=audits,
        deciders=deciders,
        reason=reason,
    )


def extension(world, public_id, **changes):
    audit = world.audit(public_id, "surveillance", last_day=world.today)
    return attempt(world, public_id, "extend", audits=(audit.id,), **changes)


def test_an_extension_adds_an_area(world, granted):
    extension(world, granted, **WIDER).attempt()


def test_an_extension_adds_something(world, granted):
    with refuses("extension_does_not_extend"):
        extension(world, granted).attempt()


def test_an_extension_takes_nothing_away(world):
    public_id = world.grant(f"scope-{uuid4()}", certificate=world.wanted(**WIDER)).public_id
    with refuses("extension_does_not_extend"):
        extension(world, public_id, areas=("generative",), roles=("provider", "customer")).attempt()


def test_an_extension_rests_on_an_audit(world, granted):
    with refuses("audit_missing"):
        attempt(world, granted, "extend", **WIDER).attempt()


def test_a_reduction_takes_an_area_away(world):
    public_id = world.grant(f"scope-{uuid4()}", certificate=world.wanted(**WIDER)).public_id
    attempt(world, public_id, "reduce").attempt()


@pytest.mark.parametrize("changes", [{}, WIDER], ids=["nothing", "more"])
def test_a_reduction_takes_away_and_adds_nothing(world, granted, changes):
    with refuses("reduction_does_not_reduce"):
        attempt(world, granted, "reduce", **changes).attempt()


def test_scope_creep_as_a_correction_is_refused(world, granted):
    """Reissued 'to fix a typo' with one more area: an extension is demanded."""
    with refuses("correction_changes_scope"):
        attempt(world, granted, "correct", statement="Design and operation of AI functions", **WIDER).attempt()


def test_a_correction_mends_the_wording(world, granted):
    attempt(world, granted, "correct", statement="Design and operation of AI functions in service robot").attempt()


def test_a_correction_corrects_something(world, granted):
    with refuses("correction_changes_scope"):
        attempt(world, granted, "correct").attempt()


def test_a_correction_takes_a_second_person(world, granted):
    mended = attempt(world, granted, "correct", statement="Design and operation of AI functions in robots")
    mended.deciders = mended.deciders[:1]
    with refuses("not_confirmed"):
        mended.attempt()


def test_a_translation_is_added(world, granted):
    texts = (*world.wanted().translations, ("de", "Entwurf und Betrieb von KI in Servicerobotern"))
    attempt(world, granted, "translate", translations=texts).attempt()


@pytest.mark.parametrize(
    "changes",
    [{}, {"translations": (("de", "Entwurf"),)}, {"statement": "Another text"}],
    ids=["nothing", "one_replaced", "the_prevailing_text"],
)
def test_a_translation_leaves_every_text_as_it_is(world, granted, changes):
    with refuses("translation_changes_texts"):
        attempt(world, granted, "translate", **changes).attempt()


def test_a_transition_changes_the_edition(world, granted):
    audit = world.audit(granted, "surveillance", last_day=world.today)
    with refuses("edition_not_changed"):
        attempt(world, granted, "transition", audits=(audit.id,)).attempt()


@pytest.mark.parametrize("act", ["extend", "reduce", "correct", "translate"])
def test_the_end_stays_where_it_was(world, granted, act):
    changes = {
        "extend": WIDER,
        "reduce": {"statement": "Operation of AI functions"},
        "correct": {"statement": "Operation of AI function"},
        "translate": {"translations": (*world.wanted().translations, ("de", "Entwurf"))},
    }[act]
    audits = (world.audit(granted, "surveillance", last_day=world.today).id,) if act == "extend" else ()
    kept = attempt(world, granted, act, audits=audits, **changes)
    end = date.fromisoformat(kept.facts["validity"]["last_valid_day"])
    with refuses("period_not_kept"):
        kept.until(end + timedelta(days=1)).attempt()


def test_what_a_reduction_took_away_does_not_come_back_through_an_older_decision(world):
    """Judged against the version before, it would bring the area back unseen (invariants 10 and 11)."""
    wider = world.wanted(**WIDER)
    public_id = world.grant(f"scope-{uuid4()}", certificate=wider).public_id
    translated = replace(wider, translations=(*wider.translations, ("de", "Entwurf und Betrieb")))
    waiting = Issue.of(world, world.decide(public_id, "translate", certificate=translated))

    world.issue(world.decide(public_id, "reduce", certificate=world.wanted(), reason=("holder_request", "asked")))

    waiting.credential["credentialSubject"]["certificateVersion"] = 3
    with refuses("decision_overtaken"), world.database.transaction(body=world.body) as connection:
        waiting.first_commit(connection)
