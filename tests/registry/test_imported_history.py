"""History from elsewhere: one signed plan, a label that never goes away, and rules from the first act done here."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from app.conformity.standing import Verdict
from app.credentials.facts import Report
from app.errors import AkashiError
from app.examiner.bundle import read_bundle
from app.examiner.examine import examine
from app.keys.evidence import sign_evidence
from app.registry import agreement, decision_sheet, verification
from app.registry.gathered_facts import History
from app.registry.imported_history import ImportedRow, confirm_import, draft_import
from app.registry.letters import confirm_letter, draft_letter
from app.registry.requests import Request
from tests.support.acts import count, refused, said
from tests.support.world import World

SOURCE = "register of Fictional Certification"


def report(world: World, **other) -> Report:
    facts = {"source": SOURCE, "as_of": world.ago(2), "refresh_days": 30, "checked": "the paper certificate"}
    return Report(**{**facts, **other})


def row(world: World, number: str = "OLD-1", **other) -> ImportedRow:
    """A certificate that runs since two years ago elsewhere, of which statement and SoA are not stated."""
    wanted = world.wanted(
        soa_version=None, soa_date=None, last_valid_day=world.ago(-300), **other.pop("certificate", {})
    )
    return ImportedRow(
        **{
            "organisation": world.organisation,
            "scheme": "aims",
            "number": number,
            "certificate": wanted,
            "effective_on": world.ago(700),
            "original_decided_on": world.ago(705),
            **other,
        }
    )


def drafted(world: World, *rows: ImportedRow, **other):
    return draft_import(
        world.registry,
        world.actor,
        other.pop("report", report(world)),
        rows or (row(world),),
        decided_on=world.today,
        decider=other.pop("decider", world.decider.id),
        **other,
    )


def confirmed(world: World, draft):
    evidence = sign_evidence(world.decider.key, draft.document)
    return confirm_import(world.registry, world.actor, draft.id, evidence)


def imported(world: World, *rows: ImportedRow, **other) -> str:
    """The public ID of the first row, imported."""
    first = confirmed(world, drafted(world, *rows, **other))[0]
    assert first.certificate is not None, first.code
    return first.certificate.public_id


def consent(world: World) -> UUID:
    """An agreement to make everything public."""
    return world.agree(signed_on=world.ago(3), consented=agreement.FIELDS)


def told(caught) -> list[tuple[str, str]]:
    """Code and place of every fault of a refusal."""
    return [(fault.code, fault.field) for fault in caught.value.faults]


def codes(found):
    return {check.name: (check.result.value, check.code) for check in found.checks}


def test_the_plan_says_from_where_as_of_when_and_how_often_and_one_evidence_confirms_all(world):
    draft = drafted(world, row(world, "OLD-1"), row(world, "OLD-2"))

    document = said(draft.document)
    outcomes = confirmed(world, draft)

    assert document["plan"] == {
        "kind": "import",
        "source": SOURCE,
        "as_of": world.ago(2).isoformat(),
        "refresh_days": 30,
        "checked": "the paper certificate",
    }
    assert len(document["items"]) == 2
    assert [one.code for one in outcomes] == [None, None]
    assert all(one.certificate for one in outcomes)


def test_c098_what_is_imported_says_as_reported_by_whom_on_which_day(world):
    found = verification.verify(world.registry, imported(world, row(world, agreement=consent(world))))

    assert found.verdict is Verdict.VALID_WITH_NOTICE
    assert found.summary.en.startswith("In force, as reported by Fictional Certification on ")
    assert "imported" in {notice.code for notice in found.notices}
    assert codes(found)["accreditation_at_decision"] == ("not_performed", "imported")
    assert (found.origin.provenance, found.origin.report.source) == ("imported", SOURCE)
    assert found.scope.soa is None


def test_c098_a_report_older_than_agreed_is_not_fresh_and_never_reads_valid(world):
    public_id = imported(world, report=report(world, as_of=world.ago(27), refresh_days=28))
    assert verification.verify(world.registry, public_id).verdict is Verdict.VALID_WITH_NOTICE

    world.set_clock(world.now() + timedelta(days=2))
    found = verification.verify(world.registry, public_id)

    assert found.verdict is Verdict.UNKNOWN
    assert codes(found)["freshness"] == ("not_performed", "report_not_fresh")
    assert "As of" in found.summary.en
    assert "as reported by Fictional Certification" in found.summary.en


def test_without_an_agreement_nothing_but_the_standing_is_public(world):
    found = verification.verify(world.registry, imported(world))

    assert (found.holder, found.scope, found.confidential) == (None, None, True)


def test_the_published_answer_ends_when_the_report_is_no_longer_fresh(world):
    public_id = imported(world, report=report(world, as_of=world.today, refresh_days=3))

    answer = verification.published(world.registry, public_id)

    assert answer.until is not None
    assert answer.until - answer.moment < timedelta(days=4)


def test_it_was_in_force_before_it_was_reported_and_nobody_here_knew(world):
    before = world.now()
    world.set_clock(before + timedelta(minutes=5))
    public_id = imported(world)

    then = verification.verify(world.registry, public_id, at=before - timedelta(days=400), known_at=world.now())
    known = verification.verify(world.registry, public_id, at=before, known_at=before)

    assert then.standing.state == "active"
    assert known.verdict is Verdict.UNKNOWN


def test_a_report_is_renewed_by_an_amendment_and_never_goes_back(world):
    public_id = imported(world, report=report(world, as_of=world.ago(20)))
    newer = History(Report(SOURCE, world.ago(1), 30))

    world.issue(world.decide(public_id, "amend", history=newer))
    found = verification.verify(world.registry, public_id)

    assert found.origin.report.as_of == world.ago(1)
    with refused("report_goes_back"):
        world.decide(public_id, "amend", history=History(Report(SOURCE, world.ago(5), 30)))


def test_rules_bind_from_the_first_act_done_here(world):
    public_id = imported(world)

    with refused("reason_missing"):
        world.decide(public_id, "suspend", until=world.ago(-30))
    world.suspend(public_id)
    assert verification.verify(world.registry, public_id).verdict is Verdict.NOT_CURRENTLY_VALID
    with refused("malformed_facts"):  # a new cycle states what the scheme requires, which the report left open
        world.decide(public_id, "renew", certificate=replace(row(world).certificate, last_valid_day=None))


def test_a_renewal_done_here_by_every_rule_ends_the_label_and_the_history_stays(world):
    public_id = imported(world, row(world, agreement=consent(world)))
    audit = world.audit(public_id, "recertification", last_day=world.today)

    world.issue(
        world.decide(
            public_id,
            "renew",
            relied_on=(audit.id,),
            accreditations=(world.known_accreditation,),
            certificate=world.wanted(),
        )
    )
    found = verification.verify(world.registry, public_id)
    first = verification.verify(world.registry, public_id, version=1)

    assert (found.verdict, found.origin.provenance, found.origin.report) == (Verdict.VALID, "issued", None)
    assert codes(found)["accreditation_at_decision"] == ("passed", "accredited")
    assert first.origin.provenance == "imported"
    assert [event.act for event in found.standing.events] == ["import", "renew"]


def test_what_was_imported_before_there_was_an_agreement_goes_on_under_a_later_one(world):
    public_id = imported(world)
    audit = world.audit(public_id, "recertification", last_day=world.today)
    renewal = {
        "relied_on": (audit.id,),
        "accreditations": (world.known_accreditation,),
        "certificate": world.wanted(),
    }

    with refused("agreement_incomplete"):
        world.decide(public_id, "renew", **renewal)
    world.agree(signed_on=world.ago(1))

    assert world.issue(world.decide(public_id, "renew", **renewal)).version_no == 2


def test_what_was_granted_here_is_never_called_a_report(world):
    issued = world.grant()

    with refused("report_out_of_place", "/report"):
        world.decide(issued.public_id, "amend", history=History(report(world)))


def test_the_19_month_gap_an_import_claims_no_accreditation_that_had_not_been_stated(world):
    """Issued before the accreditation was obtained: imported as without one, or refused."""
    early = row(world, "GAP-1", accreditations=(world.known_accreditation,))

    with pytest.raises(AkashiError, match="import_refused") as caught:
        drafted(world, early)
    without = verification.verify(world.registry, imported(world, row(world, "GAP-1")))

    assert told(caught) == [("accreditation_not_stated", "/rows/0/accreditations")]
    assert without.accreditations == ()
    assert codes(without)["accreditation_now"] == ("not_performed", "imported")


def test_the_19_month_gap_what_is_later_brought_under_the_accreditation_shows_both_facts(world):
    """Domain, scenarios: imported without accreditation at the decision, brought under it later, never rewritten."""
    public_id = imported(world)
    before = verification.verify(world.registry, public_id)

    letter = draft_letter(
        world.registry,
        world.ab_actor,
        accreditation=world.known_accreditation,
        purpose="bring_under",
        certificates=(public_id,),
        effective_on=world.today,
        officer=world.officer.id,
    )
    confirm_letter(world.registry, world.ab_actor, letter.id, sign_evidence(world.officer.key, letter.document))
    found = verification.verify(world.registry, public_id)

    assert codes(before)["accreditation_now"] == ("not_performed", "imported")
    assert codes(found)["accreditation_at_decision"] == ("not_performed", "imported")
    assert codes(found)["accreditation_now"] == ("passed", "accredited")
    assert [(one.at_decision, one.now) for one in found.accreditations] == [("none", "active")]
    assert {"imported", "brought_under_accreditation"} <= {notice.code for notice in found.notices}
    assert found.verdict is Verdict.VALID_WITH_NOTICE
    assert found.summary.en.startswith("In force, as reported by")
    assert found.version == 1


def test_a_stranger_reads_the_same_from_the_file_alone(world):
    found = verification.verify(world.registry, public_id := imported(world, row(world, agreement=consent(world))))

    offline = examine(read_bundle(verification.bundle(world.registry, public_id)), world.anchors, now=world.now())

    assert (offline.verdict, offline.summary, offline.origin) == (found.verdict, found.summary, found.origin)
    assert codes(offline) == codes(found)
    assert "imported" in {notice.code for notice in offline.notices}


def test_an_amendment_done_here_leaves_open_what_was_not_stated_and_never_claims_a_check(world):
    public_id = imported(world)

    world.issue(world.decide(public_id, "amend"))
    found = verification.verify(world.registry, public_id)

    assert (found.version, found.origin.provenance) == (2, "imported")
    assert codes(found)["accreditation_at_decision"] == ("not_performed", "imported")
    assert codes(found)["accreditation_now"] == ("not_performed", "imported")


def test_an_accreditation_that_covered_the_decision_on_its_day_may_be_named(world):
    covered = row(
        world,
        "ACC-1",
        accreditations=(world.known_accreditation,),
        effective_on=world.ago(100),
        original_decided_on=world.ago(100),
    )

    found = verification.verify(world.registry, imported(world, covered))

    assert [(one.at_decision, one.now) for one in found.accreditations] == [("active", "active")]
    assert codes(found)["accreditation_now"] == ("passed", "accredited")
    assert found.verdict is Verdict.VALID_WITH_NOTICE


def test_all_rows_that_are_refused_are_told_at_once_and_nothing_is_kept(world):
    before = count(world, "certification")
    bad = row(world, "BAD-1", scheme="qms")
    undated = replace(row(world, "BAD-2"), certificate=replace(row(world).certificate, last_valid_day=None))

    with pytest.raises(AkashiError, match="import_refused") as caught:
        drafted(world, row(world, "FINE"), bad, undated)

    assert told(caught) == [
        ("unknown_scheme", "/rows/1/scheme"),
        ("last_valid_day_missing", "/rows/2/certificate/last_valid_day"),
    ]
    assert count(world, "certification") == before


def test_all_rules_that_rows_break_are_told_before_evidence_is_asked_for(world):
    """What lies in the plan is told once, what lies in a row with its place."""
    before = count(world, "certification")
    foreign = row(world, "AREA", certificate={"areas": ("astrology",)})
    claimed = row(world, "CLAIM", accreditations=(world.known_accreditation,))

    with pytest.raises(AkashiError, match="import_refused") as caught:
        drafted(world, row(world, "FINE"), foreign, claimed, decider=world.auditor.id)

    assert told(caught) == [
        ("decider_not_competent", "/decider"),
        ("unknown_scheme_term", "/rows/1/certificate"),
        ("accreditation_not_stated", "/rows/2/accreditations"),
    ]
    assert count(world, "certification") == before


def test_the_number_of_a_row_that_was_refused_or_given_up_is_free_for_the_next_plan(world):
    drafted(world, row(world))  # and never confirmed
    forgotten = drafted(world, row(world))
    world.set_clock(world.now() + timedelta(days=32))
    (outcome,) = confirmed(world, forgotten)
    assert outcome.code == "late_without_reason"

    (outcome,) = confirmed(world, drafted(world, row(world)))

    assert outcome.certificate is not None
    with refused("import_refused"):
        drafted(world, row(world))


def test_a_number_stands_in_a_plan_once(world):
    with refused("import_refused"):
        drafted(world, row(world), row(world))


def test_the_older_of_two_plans_for_one_number_is_too_late(world):
    older, newer = drafted(world, row(world)), drafted(world, row(world))
    confirmed(world, newer)
    (outcome,) = confirmed(world, older)
    assert outcome.code == "no_such_transition"


def test_a_repeated_request_gets_the_plan_of_the_first_time(world):
    once = Request("import-key-1", "digest")

    first, again = (drafted(world, request=once) for _ in range(2))

    assert first.id == again.id


def test_confirming_twice_issues_once(world):
    draft = drafted(world)

    first, again = (confirmed(world, draft) for _ in range(2))

    assert first == again


def test_a_plan_without_rows_is_none(world):
    with refused("sheet_without_items", "/rows"):
        draft_import(world.registry, world.actor, report(world), (), decided_on=world.today, decider=world.decider.id)


def test_an_import_by_itself_is_refused(world):
    opened = drafted(world)
    (item,) = said(opened.document)["items"]
    public_id = said(decision_sheet.read_draft(world.registry, world.actor, item["decision"]).document)["certification"]

    with refused("import_without_plan"):
        world.decide(
            public_id,
            "import",
            effective_on=world.ago(700),
            certificate=row(world).certificate,
            history=History(report(world)),
        )


def test_a_hundred_rows_take_one_evidence_and_seconds(world):
    rows = [row(world, f"BULK-{number:03}") for number in range(100)]

    began = time.monotonic()
    outcomes = confirmed(world, drafted(world, *rows))
    took = time.monotonic() - began

    assert sum(one.certificate is not None for one in outcomes) == 100
    assert took < 60
