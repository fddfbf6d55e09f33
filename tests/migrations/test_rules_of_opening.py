"""Before there is a certification: who reviewed the application, which number is free, which ID cannot be guessed."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from app.conformity.identifiers import generate_public_id, subject_of
from app.conformity.numbers import fold_number
from app.registry import agreement, application
from app.storage.rows import insert
from tests.support.around import refuses


@pytest.fixture
def world(lasting_world):
    return lasting_world


@pytest.fixture
def applied(world) -> UUID:
    """An application that nobody has reviewed."""
    return application.receive(
        world.registry,
        world.actor,
        organisation=world.organisation,
        scheme="aims",
        scope_requested="Design of robots",
        received_on=world.ago(40),
    )


def review(world, applied: UUID, reviewer: UUID, outcome: str = "accepted", reason: str | None = None) -> None:
    said = {"application_id": applied, "reviewer_id": reviewer, "outcome": outcome, "reason": reason, "carried_by": "x"}
    with world.database.transaction(body=world.body) as connection:
        insert(connection, "application_review", body_id=world.body, reviewed_on=world.ago(35), **said)


def open_certification(world, applied: UUID, number: str, public_id: str | None = None) -> None:
    signed = agreement.sign_agreement(
        world.registry, world.actor, organisation=world.organisation, signed_on=world.ago(34), consented=()
    )
    public_id = public_id or generate_public_id()
    with world.database.transaction(body=world.body) as connection:
        insert(
            connection, "certification", body_id=world.body, id=uuid4(), public_id=public_id,
            subject=subject_of(public_id), scheme_code="aims", organisation_id=world.organisation,
            application_id=applied, agreement_id=signed, number=number, folded_number=fold_number(number),
        )  # fmt: skip


def test_an_application_is_reviewed_by_the_competent(world, applied):
    with refuses("reviewer_not_competent"):
        review(world, applied, world.auditor.id)


def test_an_application_is_declined_with_a_reason(world, applied):
    with refuses("declined_without_reason", "23514", "declined_without_reason"):
        review(world, applied, world.reviewer.id, "declined")


@pytest.mark.parametrize("outcome", [None, "declined"])
def test_only_an_accepted_application_becomes_a_certification(world, applied, outcome):
    if outcome:
        review(world, applied, world.reviewer.id, outcome, "outside what we certify")
    with refuses("application_not_accepted"):
        open_certification(world, applied, f"OP-{uuid4()}")


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        (str.lower, "certification_body_id_folded_number_key"),
        (lambda n: n.replace("0", "O"), "certificate_number_looks_alike"),
    ],
    ids=["case", "a letter for a digit"],
)
def test_a_number_is_given_once(world, applied, changed, constraint):
    number = f"OP-0-{uuid4()}".upper()
    review(world, applied, world.reviewer.id)
    world.open(number)
    with refuses("certificate_number_taken", "23505", constraint):
        open_certification(world, applied, changed(number))


@pytest.mark.parametrize("public_id", ["1", "A" * 34, "l" * 35])
def test_an_id_that_can_be_guessed_is_none(world, applied, public_id):
    review(world, applied, world.reviewer.id)
    with refuses("value_refused", "23514", "certification_public_id_check"):
        open_certification(world, applied, f"OP-{uuid4()}", public_id)
