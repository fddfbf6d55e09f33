"""A process that dies at any boundary of an act leaves nothing half done (goal R1): whoever finds it finishes or voids it.

After each kill the next start's recovery runs and the client repeats its request with the same key; then there is
exactly one certificate, one answer, and no row that breaks a rule.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.errors import AkashiError
from app.keys.evidence import sign_evidence
from app.registry import issuance
from app.registry.recovery import finish_open_acts
from app.registry.verification import published_report
from tests.support.acts import rows
from tests.support.around import opened
from tests.support.doomed import Boundary, Doomed
from tests.support.reconciled import breaches
from tests.support.world import World

COMMIT = ("app.storage.database", "_commit")
SIGN = ("app.registry.signing", "_sign")
SEALING = "app.registry.sealing"
ISSUE_BOUNDARIES = [
    Boundary(*COMMIT, "call"),  # nothing stands yet
    Boundary(*COMMIT, "return"),  # the bytes are reserved
    Boundary(*SIGN, "call"),
    Boundary(*SIGN, "return"),  # the first of two signatures is made
    Boundary(SEALING, "_sign", "return"),  # both are, and were verified as a stranger would
    Boundary("app.storage.envelopes", "seal", "return"),  # in the second commit: one signature stored
    Boundary("app.storage.certifications", "add_version", "return"),
    Boundary("app.storage.certifications", "add_event", "return"),
    Boundary("app.storage.envelopes", "free_slot", "return"),  # all is written, nothing committed
    Boundary(SEALING, "_second_commit", "return"),
    Boundary("app.registry.status_publication", "republish_status", "call"),
    Boundary("app.storage.publications", "publish", "return", 2),  # between two lists
    Boundary("app.registry.issuance", "finish_issue", "return"),  # lists published
    Boundary("app.registry.issuance", "issue", "return"),  # before the answer left
]
CHANGE_BOUNDARIES = [
    Boundary(*COMMIT, "return"),
    Boundary(SEALING, "_sign", "return"),
    Boundary("app.storage.certifications", "add_event", "return"),
    Boundary(SEALING, "_second_commit", "return"),
    Boundary("app.registry.decision", "confirm_decision", "return"),
]
STATEMENT_BOUNDARIES = [
    Boundary(*COMMIT, "return"),
    Boundary(SEALING, "_sign", "return"),
    Boundary("app.storage.accreditations", "add_statement", "return"),
    Boundary(SEALING, "_second_commit", "return"),
]
KILLS = 3


@pytest.fixture
def world(lasting_world) -> World:
    return lasting_world


@pytest.fixture(scope="module")
def doomed(lasting_world) -> Iterator[Doomed]:
    with Doomed.of(lasting_world) as processes:
        yield processes


def test_without_a_kill_the_process_answers_as_this_one_would(world, doomed):
    public_id, audits = opened(world)
    decided = world.decide_grant(public_id, audits)
    answer = doomed.does("issue", None, decision=str(decided.id), key="whole")
    assert answer == str(issuance.issue(world.registry, world.actor, decided.id, idempotency_key="whole"))


@pytest.mark.parametrize("boundary", ISSUE_BOUNDARIES, ids=str)
def test_r1_an_issue_killed_at_a_boundary_ends_in_exactly_one_certificate(world, doomed, boundary):
    for kill in range(KILLS):
        public_id, audits = opened(world)
        decided = world.decide_grant(public_id, audits)
        key = f"{public_id} {kill}"
        doomed.does("issue", boundary, decision=str(decided.id), key=key)

        finish_open_acts(world.registry)
        issued = issuance.issue(world.registry, world.actor, decided.id, idempotency_key=key)

        again = issuance.issue(world.registry, world.actor, decided.id, idempotency_key=key)
        (count,) = rows(
            world,
            "SELECT count(*) AS n FROM akashi.certificate_version WHERE decision_id = %(id)s",
            id=decided.id,
        )
        assert (issued, count.n) == (again, 1)
        assert published_report(world.registry, public_id).verdict == "valid"
    assert breaches(world.fresh.superuser_url) == []


@pytest.mark.parametrize("boundary", ISSUE_BOUNDARIES[1:9:3], ids=str)
def test_r1_a_client_that_repeats_before_any_recovery_gets_its_certificate(world, doomed, boundary):
    public_id, audits = opened(world)
    decided = world.decide_grant(public_id, audits)
    doomed.does("issue", boundary, decision=str(decided.id), key=public_id)
    issued = issuance.issue(world.registry, world.actor, decided.id, idempotency_key=public_id)
    assert finish_open_acts(world.registry).finished == 0
    assert (issued.version_no, issued.public_id) == (1, public_id)


@pytest.mark.parametrize("boundary", CHANGE_BOUNDARIES, ids=str)
def test_r1_a_suspension_killed_at_a_boundary_takes_effect_once(world, doomed, boundary):
    public_id = world.grant(f"K-{boundary}").public_id
    draft = world.draft(public_id, "suspend", until=world.ago(-30), reason=("nonconformity_persists", "x"))
    evidence = sign_evidence(world.decider.key, draft.document)
    doomed.does("decide", boundary, draft=str(draft.id), evidence=evidence)

    finish_open_acts(world.registry)
    world.confirm(draft)

    events = rows(
        world,
        "SELECT e.act FROM akashi.standing_event e JOIN akashi.certification c ON c.id = e.certification_id "
        "WHERE c.public_id = %(id)s ORDER BY e.event_no",
        id=public_id,
    )
    assert [event.act for event in events] == ["grant", "suspend"]
    assert published_report(world.registry, public_id).verdict == "not_currently_valid"
    assert breaches(world.fresh.superuser_url) == []


@pytest.mark.parametrize("boundary", STATEMENT_BOUNDARIES, ids=str)
def test_r1_a_statement_killed_at_a_boundary_is_made_once(world, doomed, boundary):
    kept = world.known_accreditation
    made = world.accredit(number=f"FA-{boundary}")
    world.accreditation = kept
    draft = world.draft_statement("withdraw", accreditation=made)
    evidence = sign_evidence(world.officer.key, draft.document)
    doomed.does("state", boundary, draft=str(draft.id), evidence=evidence)

    finish_open_acts(world.registry)
    world.confirm_statement(draft)

    stated = rows(
        world,
        "SELECT act FROM akashi.accreditation_statement WHERE accreditation_id = %(id)s ORDER BY statement_no",
        id=made,
    )
    assert [one.act for one in stated] == ["grant", "withdraw"]
    assert breaches(world.fresh.superuser_url) == []


def test_r1_what_a_rule_refuses_meanwhile_is_voided_and_never_a_ghost(world, doomed):
    """Killed between the commits; then the accreditation is suspended; recovery must not issue."""
    kept = world.known_accreditation
    made = world.accredit(number="FA-meanwhile")
    world.accreditation = kept
    public_id, audits = opened(world)
    decided = world.decide_grant(public_id, audits, accreditations=(made,))
    doomed.does("issue", Boundary(*COMMIT, "return"), decision=str(decided.id), key="meanwhile")
    world.change_accreditation("suspend", accreditation=made)

    recovered = finish_open_acts(world.registry)

    assert (recovered.finished, recovered.refused) == (0, 1)
    with pytest.raises(AkashiError, match="act_is_void"):
        issuance.issue(world.registry, world.actor, decided.id, idempotency_key="meanwhile")
    assert published_report(world.registry, public_id).verdict == "unknown"
    assert breaches(world.fresh.superuser_url) == []
