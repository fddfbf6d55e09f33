"""Around the application: what is imported comes under a plan, as history, and claims no more than was stated."""

from __future__ import annotations

import hashlib
import json
from uuid import UUID, uuid4

import pytest

from app.credentials.encoding import b64u
from app.credentials.facts import Report
from app.keys.evidence import sign_evidence
from app.registry.gathered_facts import History
from app.registry.imported_history import ImportedRow, confirm_import, draft_import
from app.storage.rows import Connection, insert
from tests.support.acts import rows as tables
from tests.support.around import NUMBERS, Attempt, lawful, lawful_grant, like, refuses
from tests.support.world import World


@pytest.fixture
def world(lasting_world):
    return lasting_world


def report(world: World, **other) -> Report:
    return Report(**{"source": "register", "as_of": world.ago(2), "refresh_days": 30, **other})


def drafted(world: World, **other) -> Attempt:
    """An import on its plan, drafted by the application, and attempted by hand in another draft on another sheet."""
    row = ImportedRow(
        world.organisation,
        "aims",
        f"I-{next(NUMBERS):05}",
        world.wanted(last_valid_day=world.ago(-300)),
        world.ago(700),
        other.pop("original_decided_on", world.ago(705)),
        accreditations=other.pop("accreditations", ()),
    )
    sheet = draft_import(
        world.registry, world.actor, report(world), (row,), decided_on=world.today, decider=world.decider.id
    )
    (item,) = json.loads(sheet.document)["items"]
    (found,) = tables(world, "SELECT document FROM akashi.draft WHERE id = %(id)s", id=item["decision"])
    return like(world, _Drafted(item["decision"], bytes(found.document)))


class _Drafted:
    """As much of a draft as `like` reads."""

    def __init__(self, identifier: str, document: bytes) -> None:
        self.id, self.document = identifier, document


def attempt(attempt: Attempt, plan: dict | None, *, signs_the_plan: bool = True) -> None:
    """The decision on a sheet of its own under this plan, or on none; evidence is over the sheet, or over the row."""
    world, body = attempt.world, attempt.world.body
    with world.database.transaction(body=body) as connection:
        attempt.draft(connection)
        if plan is not None:
            sheet = put_on_a_sheet(connection, attempt, plan)
        if plan is not None and signs_the_plan:
            confirm_over(connection, attempt, *sheet)
        else:
            attempt.confirm(connection)
        attempt.begin(connection)
        attempt.judge(connection)


def put_on_a_sheet(connection: Connection, attempt: Attempt, plan: dict) -> tuple[UUID, bytes]:
    """A sheet that lists this decision alone, under a plan."""
    sheet, body = uuid4(), attempt.world.body
    item = {"decision": str(attempt.id), "sha256": _digest(attempt)}
    document = {"type": "akashi-decision-sheet-1", "sheet": str(sheet), "plan": plan, "items": [item]}
    exact = json.dumps(document).encode()
    insert(connection, "draft", body_id=body, id=sheet, kind="sheet", document=exact, carried_by="around")
    insert(connection, "sheet_item", body_id=body, sheet_id=sheet, ordinal=1, draft_id=attempt.id)
    return sheet, exact


def confirm_over(connection: Connection, attempt: Attempt, sheet: UUID, exact: bytes) -> None:
    """The decider's evidence over the sheet, which counts for what it lists."""
    (person,), body = attempt.deciders, attempt.world.body
    evidence = sign_evidence(person.key, exact)
    insert(connection, "draft_person", body_id=body, draft_id=sheet, person_id=person.id, salt=b"s" * 32)
    for draft, given in ((sheet, evidence), (attempt.id, evidence | {"type": "sheet", "sheet": str(sheet)})):
        insert(
            connection,
            "confirmation",
            body_id=body,
            draft_id=draft,
            person_id=person.id,
            thumbprint=person.key.thumbprint,
            evidence=given,
            carried_by="around",
        )


def _digest(attempt: Attempt) -> str:
    return b64u(hashlib.sha256(attempt.bytes()).digest())


def plan_of(attempt: Attempt, **other) -> dict:
    """The plan that fits the facts, but for what a test sets apart."""
    return {"kind": "import", **attempt.facts["report"], **other}


def test_an_import_under_its_plan_is_lawful(world):
    one = drafted(world)
    attempt(one, plan_of(one))


def test_evidence_over_one_row_signs_no_plan(world):
    one = drafted(world)
    with refuses("import_without_plan"):
        attempt(one, plan_of(one), signs_the_plan=False)


def test_without_a_plan_nothing_is_imported(world):
    with refuses("import_without_plan"):
        attempt(drafted(world), None)


def test_a_sheet_that_is_no_import_is_no_plan(world):
    one = drafted(world)
    with refuses("import_without_plan"):
        attempt(one, {"kind": "meeting"})


@pytest.mark.parametrize("other", [{"source": "elsewhere"}, {"as_of": "2020-01-01"}, {"refresh_days": 365}])
def test_what_is_imported_repeats_the_words_of_its_plan(world, other):
    one = drafted(world)
    with refuses("document_mismatch"):
        attempt(one, plan_of(one, **other))


def test_history_is_not_passed_off_as_decided_here(world):
    one = drafted(world)
    plan = plan_of(one)
    one.facts["provenance"] = "issued"
    with refuses("document_mismatch"):
        attempt(one, plan)


def test_what_was_opened_as_history_is_not_granted(world):
    one = drafted(world)
    one.document["act"] = "grant"
    one.facts["decision"]["act"] = "grant"
    one.dated(world.today)
    with refuses("audit_missing"):
        attempt(one, None)


def test_what_was_opened_here_is_not_imported(world):
    one = lawful_grant(world)
    one.document["act"] = "import"
    one.document["relied_on"] = []
    one.facts["decision"]["act"] = "import"
    with refuses("origin_differs"):
        attempt(one, {"kind": "import"})


def test_an_import_claims_no_accreditation_that_did_not_cover_its_day(world):
    one = drafted(world)
    plan = plan_of(one)
    granted = lawful_grant(world)
    one.facts["accreditations"] = granted.facts["accreditations"]
    one.document["accreditations"] = granted.document["accreditations"]
    with refuses("accreditation_not_stated"):
        attempt(one, plan)


def test_an_amendment_does_not_turn_history_into_a_decision_of_here(world):
    public_id = imported(world)
    one = lawful(world, public_id, "amend")
    one.facts["provenance"] = "issued"
    with refuses("document_mismatch"):
        one.attempt()


def test_a_report_is_never_taken_back_to_an_older_day(world):
    public_id = imported(world)
    one = lawful(world, public_id, "amend", history=History(report(world, as_of=world.ago(1))))
    one.facts["report"]["as_of"] = world.ago(9).isoformat()
    with refuses("report_goes_back"):
        one.attempt()


def imported(world: World) -> str:
    """A certificate imported by the application."""
    row = ImportedRow(
        world.organisation,
        "aims",
        f"I-{next(NUMBERS):05}",
        world.wanted(last_valid_day=world.ago(-300)),
        world.ago(700),
    )
    sheet = draft_import(
        world.registry, world.actor, report(world), (row,), decided_on=world.today, decider=world.decider.id
    )
    evidence = sign_evidence(world.decider.key, sheet.document)
    (done,) = confirm_import(world.registry, world.actor, sheet.id, evidence)
    return done.certificate.public_id
