"""What PostgreSQL cannot see: signatures. Forged rows may be written, and nobody is ever told that they are true.

`docs/adr/0011-what-the-database-can-check.md` names the three lines; these tests walk an attacker with the password of
the service's role from the first to the third.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.examiner.bundle import read_bundle
from app.examiner.examine import examine
from app.keys.encoding import b64u
from app.keys.evidence import sign_evidence
from app.keys.software import generate_software_key
from app.registry.decision import Decision
from app.registry.key_binding import confirm_binding, draft_binding
from app.registry.recovery import finish_open_acts
from app.registry.signing import Signer
from app.registry.verification import bundle, published_report
from app.storage.rows import insert, run
from tests.support.acts import begin_issue, refused, rows
from tests.support.around import Attempt, lawful, lawful_grant, seal
from tests.support.issuing import Issue, carry_out, decided_grant


def forged_evidence(attempt: Attempt, connection) -> None:
    """A confirmation that names the decider's key and that nobody signed."""
    insert(
        connection,
        "confirmation",
        body_id=attempt.world.body,
        draft_id=attempt.id,
        person_id=attempt.deciders[0].id,
        thumbprint=attempt.deciders[0].key.thumbprint,
        evidence={"type": "key", "key": attempt.deciders[0].key.thumbprint, "signature": b64u(b"\1" * 64)},
        carried_by="forger",
    )


def forged_decision(world) -> tuple[Attempt, object]:
    """A grant that no decider confirmed, reserved for the body's signature."""
    grant = lawful_grant(world)
    with world.database.transaction(body=world.body) as connection:
        grant.draft(connection)
        forged_evidence(grant, connection)
        grant.begin(connection)
        grant.judge(connection)
        reservation = grant.reserve(connection)
    return grant, reservation


def report_of(world, public_id: str):
    report = published_report(world.registry, public_id)
    return report.verdict, {check.name: check.result for check in report.checks}


def test_a_forged_confirmation_passes_the_database_and_stops_at_the_signer(world):
    _, reservation = forged_decision(world)
    with refused("bad_signature"):
        Signer(world.database, world.keys, world.registry.base_url).sign(reservation)


def test_recovery_signs_no_forged_confirmation_either(world):
    grant, _ = forged_decision(world)
    assert finish_open_acts(world.registry).finished == 0
    assert rows(world, "SELECT FROM akashi.act_void WHERE act_id = %(act)s", act=grant.act)


def test_a_wholly_forged_certificate_is_a_row_that_fails_at_its_signature(world):
    """Decision, certificate and event, all with invented signatures: every rule is kept, nothing is believed."""
    grant, reservation = forged_decision(world)
    with world.database.transaction(body=world.body) as connection:
        seal(connection, world.body, reservation)
        run(connection, "UPDATE akashi.slot SET act_id = NULL WHERE act_id = :act", act=grant.act)
    issue = Issue.of(world, Decision(grant.id, grant.document["certification"], "grant", "", None))
    with world.database.transaction(body=world.body) as connection:
        issue.first_commit(connection)
    with world.database.transaction(body=world.body) as connection:
        issue.second_commit(connection)

    verdict, checks = report_of(world, issue.row.public_id)

    assert verdict == "unknown"
    assert checks["signature"] == "failed"
    assert "passed" not in {checks["signature"], checks["standing"], checks["version"]}


def test_a_true_decision_with_an_invented_certificate_fails_at_its_signature(world):
    issue = Issue.of(world, decided_grant(world))
    with world.database.transaction(body=world.body) as connection:
        issue.first_commit(connection)
        issue.second_commit(connection)
    verdict, checks = report_of(world, issue.row.public_id)
    assert (verdict, checks["signature"]) == ("unknown", "failed")


def test_a_forged_restoration_does_not_bring_a_certificate_back(world):
    public_id = world.grant().public_id
    world.suspend(public_id)
    with world.database.transaction(body=world.body) as connection:
        carry_out(connection, lawful(world, public_id, "restore"))

    verdict, checks = report_of(world, public_id)
    assert verdict != "valid"
    assert checks["signature"] == "failed"
    offline = examine(read_bundle(bundle(world.registry, public_id)), world.anchors, now=world.now())
    assert offline.verdict != "valid"


def test_a_key_that_the_attacker_made_is_never_bound_without_an_officer(world):
    """A registered key grants nothing; the attacker's own 'officer' has no function, and no evidence of the true one."""
    mine = world.keys.create()
    world.register_key(world.body, mine, "certify", world.issue_chain(world.body, "Mine", mine))
    draft = draft_binding(
        world.registry,
        world.ab_actor,
        accreditation=world.known_accreditation,
        thumbprint=mine.thumbprint,
        valid_from=world.now().replace(microsecond=0),
        valid_to=world.now().replace(microsecond=0) + timedelta(days=365),
        officer=world.officer.id,
    )
    with refused("evidence_of_unknown_key"):
        confirm_binding(
            world.registry, world.ab_actor, draft.id, sign_evidence(generate_software_key(), draft.document)
        )


def test_the_signer_asks_the_rules_again(world):
    """What was lawful at the first commit and is not any more is not even signed."""
    decided = decided_grant(world)
    act = begin_issue(world, decided)
    world.change_accreditation("suspend")
    reserved = rows(world, "SELECT id FROM akashi.reservation WHERE act_id = %(act)s", act=act)
    for row in reserved:
        with refused("accreditation_suspended_now"):
            Signer(world.database, world.keys, world.registry.base_url).sign(row.id)


def test_the_signer_signs_nothing_twice(world):
    granted = world.grant()
    sealed = rows(world, "SELECT id FROM akashi.envelope WHERE body_id = %(body)s", body=world.body)
    assert granted.version_no == 1
    for row in sealed:
        with refused("act_is_sealed"):
            Signer(world.database, world.keys, world.registry.base_url).sign(row.id)


@pytest.mark.parametrize("change", ["facts", "document"])
def test_facts_that_nobody_confirmed_are_not_signed(world, change):
    """The digest of the facts stands in the confirmed document; columns and facts agree, the document does not."""
    grant = lawful_grant(world)
    grant.bytes()
    assert grant.facts is not None
    grant.facts["holder"]["names"][0]["name"] = "Somebody Else K.K."
    if change == "document":
        grant.document["facts_sha256"] = None
    grant.attempt()
    with world.database.transaction(body=world.body) as connection:
        reservation = grant.reserve(connection)
    signer = Signer(world.database, world.keys, world.registry.base_url)
    with world.database.transaction(body=world.body) as connection:
        seal(connection, world.body, reservation, signer.sign(reservation))
        run(connection, "UPDATE akashi.slot SET act_id = NULL WHERE act_id = :act", act=grant.act)
    act = begin_issue(world, Decision(grant.id, grant.document["certification"], "grant", "", None))
    (row,) = rows(world, "SELECT id FROM akashi.reservation WHERE act_id = %(a)s AND statement = 'certificate'", a=act)
    with refused("document_mismatch"):
        signer.sign(row.id)
