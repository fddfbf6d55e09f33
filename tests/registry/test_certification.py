"""A certification is opened under a public ID that nobody can guess and that nobody outside knows yet."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from app.conformity.identifiers import parse_public_id, subject_of
from app.registry import agreement, application
from app.registry.certification import open_certification
from app.registry.requests import Request
from app.registry.verification import published_report
from tests.support.acts import refused, rows


def ready(world):
    """An accepted application and an agreement."""
    applied = application.receive(
        world.registry,
        world.actor,
        organisation=world.organisation,
        scheme="aims",
        scope_requested="Design of robots",
        received_on=world.ago(5),
    )
    application.review(
        world.registry,
        world.actor,
        application=applied,
        reviewer=world.reviewer.id,
        outcome="accepted",
        reviewed_on=world.ago(4),
    )
    signed = agreement.sign_agreement(
        world.registry, world.actor, organisation=world.organisation, signed_on=world.ago(4)
    )
    return {"application": applied, "agreement": signed}


def test_a_certification_has_an_id_and_the_body_s_number(bare_world):
    opened = open_certification(bare_world.registry, bare_world.actor, **ready(bare_world), number="FC－0001")

    assert parse_public_id(opened.public_id) == opened.public_id
    [kept] = rows(bare_world, "SELECT number, folded_number, subject FROM akashi.certification")
    assert (kept.number, kept.folded_number) == ("FC－0001", "fc0001")
    assert kept.subject == subject_of(opened.public_id)


def test_outside_the_body_the_id_is_unknown(bare_world):
    opened = bare_world.open()
    assert published_report(bare_world.registry, opened.public_id).verdict == "unknown"


def test_a_retry_gets_the_same_id(bare_world):
    asked = {**ready(bare_world), "number": "FC-1", "request": Request("key-1", "content")}
    opened = open_certification(bare_world.registry, bare_world.actor, **asked)
    assert open_certification(bare_world.registry, bare_world.actor, **asked) == opened


def test_a_number_that_reads_the_same_is_taken(bare_world):
    bare_world.open("FC-0001")
    with refused("certificate_number_taken"):
        bare_world.open("fc 0001")


def test_another_body_may_use_the_same_number(bare_world):
    bare_world.open("FC-0001")
    kept = rows(bare_world, "SELECT body_id FROM akashi.certification")
    assert {row.body_id for row in kept} == {bare_world.body}


def test_an_application_opens_one_certification(bare_world):
    given = ready(bare_world)
    open_certification(bare_world.registry, bare_world.actor, **given, number="FC-1")
    with refused("application_already_used"):
        open_certification(bare_world.registry, bare_world.actor, **given, number="FC-2")


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("ー", "malformed_number"),
        ("1" * 61, "malformed_number"),
        ("", "text_empty"),
        ("FC\u202e1", "text_bidi_control"),
    ],
)
def test_a_number_that_cannot_be_printed_is_refused(bare_world, number, code):
    with refused(code, "/number"):
        open_certification(bare_world.registry, bare_world.actor, application=uuid4(), agreement=uuid4(), number=number)


@pytest.mark.parametrize("missing", ["application", "agreement"])
def test_what_is_not_the_body_s_reads_as_unknown(bare_world, missing):
    given = {**ready(bare_world), missing: uuid4()}
    with refused(f"unknown_{missing}", f"/{missing}"):
        open_certification(bare_world.registry, bare_world.actor, **given, number="FC-1")


def test_an_agreement_with_another_organisation_does_not_serve(bare_world):
    given = ready(bare_world)
    del bare_world.organisation  # the next one is another
    other = agreement.sign_agreement(
        bare_world.registry, bare_world.actor, organisation=bare_world.organisation, signed_on=bare_world.ago(1)
    )
    with refused("unknown_reference"):
        open_certification(
            bare_world.registry, bare_world.actor, application=given["application"], agreement=other, number="FC-1"
        )


def test_a_client_without_the_scope_is_refused(bare_world):
    given = ready(bare_world)
    bare_world.actor = replace(bare_world.actor, scopes=frozenset({"organisations"}))
    with refused("insufficient_scope"):
        open_certification(bare_world.registry, bare_world.actor, **given, number="FC-1")
