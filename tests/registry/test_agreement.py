"""Agreements with consent by field: what is not consented is not served, and consent can end (ISO/IEC 17021-1 8.4)."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from app.registry import agreement
from app.registry.verification import published_report
from tests.support.acts import refused, rows


def sign(world, *consented, **changes):
    facts = {"organisation": world.organisation, "signed_on": world.ago(10), "consented": consented}
    return agreement.sign_agreement(world.registry, world.actor, **{**facts, **changes})


def consented(world, signed):
    return agreement.consented_fields(world.registry, world.actor, signed)


def test_only_what_was_consented_may_be_published(bare_world):
    assert consented(bare_world, sign(bare_world, "holder", "scope")) == {"holder", "scope"}
    assert consented(bare_world, sign(bare_world)) == set()


def test_agreements_with_an_organisation_are_numbered(bare_world):
    signed = [sign(bare_world), sign(bare_world)]
    kept = rows(bare_world, "SELECT id, version FROM akashi.agreement ORDER BY version")
    assert [(row.id, row.version) for row in kept] == [(signed[0], 1), (signed[1], 2)]


def test_consent_is_given_and_ended(bare_world):
    signed = sign(bare_world, "holder")
    agreement.give_consent(
        bare_world.registry, bare_world.actor, agreement=signed, field="soa", given_on=bare_world.ago(2)
    )
    agreement.end_consent(
        bare_world.registry, bare_world.actor, agreement=signed, field="holder", ended_on=bare_world.ago(1)
    )

    assert consented(bare_world, signed) == {"soa"}
    kept = rows(bare_world, "SELECT granted FROM akashi.disclosure_consent WHERE field = 'holder' ORDER BY sequence")
    assert [row.granted for row in kept] == [True, False], "the record of consent stays"


def test_the_end_of_consent_ends_the_serving_of_the_name(world):
    issued = world.grant()
    [signed] = rows(world, "SELECT id FROM akashi.agreement")
    assert published_report(world.registry, issued.public_id).holder is not None

    agreement.end_consent(world.registry, world.actor, agreement=signed.id, field="holder", ended_on=world.today)

    report = published_report(world.registry, issued.public_id)
    assert report.holder is None
    assert report.verdict == "valid", "the standing is never hidden (ISO/IEC 17021-1 8.1.2)"


def test_an_unknown_field_is_refused(bare_world):
    with refused("unknown_consent_field", "/consented"):
        sign(bare_world, "turnover")
    with refused("unknown_consent_field"):
        agreement.give_consent(
            bare_world.registry, bare_world.actor, agreement=uuid4(), field="turnover", given_on=bare_world.today
        )


def test_nothing_is_signed_or_consented_in_the_future(bare_world):
    with refused("date_in_the_future"):
        sign(bare_world, signed_on=bare_world.ago(-1))
    signed = sign(bare_world)
    with refused("date_in_the_future"):
        agreement.give_consent(
            bare_world.registry, bare_world.actor, agreement=signed, field="soa", given_on=bare_world.ago(-1)
        )


@pytest.mark.parametrize("act", ["sign", "read", "give"])
def test_what_belongs_to_others_reads_as_unknown(bare_world, act):
    signed = sign(bare_world)
    _, other = bare_world.add_certification_body("Another Certification")
    if act == "sign":
        with refused("unknown_organisation", "/organisation"):
            agreement.sign_agreement(
                bare_world.registry, other, organisation=bare_world.organisation, signed_on=bare_world.today
            )
    elif act == "read":
        with refused("unknown_agreement", "/agreement"):
            agreement.consented_fields(bare_world.registry, other, signed)
    else:
        with refused("unknown_agreement", "/agreement"):
            agreement.give_consent(bare_world.registry, other, agreement=signed, field="soa", given_on=bare_world.today)


def test_a_client_without_the_scope_is_refused(bare_world):
    bare_world.actor = replace(bare_world.actor, scopes=frozenset({"organisations"}))
    with refused("insufficient_scope"):
        sign(bare_world)
