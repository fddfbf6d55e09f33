"""What a certificate says comes from the records and from what was decided, and from nowhere else."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from app.access.actor import OPERATOR
from app.conformity.periods import last_valid_day
from app.credentials.facts_json import MalformedFacts, facts_from_json
from app.credentials.statement import read_statement
from app.registry import parties
from app.registry.sealing import secured
from tests.support.acts import refused, rows, tamper
from tests.support.world import STANDARD


def draft_grant(world, **more):
    """A draft of a grant on two audits and the accreditation."""
    opened = world.open()
    more.setdefault("accreditations", (world.known_accreditation,))
    more.setdefault("certificate", world.wanted())
    return world.draft(opened.public_id, "grant", relied_on=world.audits(opened.public_id), **more)


def facts_of(world, draft):
    (row,) = rows(world, "SELECT facts FROM akashi.draft WHERE id = %(id)s", id=draft.id)
    return facts_from_json(row.facts)


def faults_of(world, **more):
    with pytest.raises(MalformedFacts) as caught:
        draft_grant(world, **more)
    return [(fault.code, fault.field) for fault in caught.value.faults]


# --- From the records ---


def test_holder_body_scheme_and_accreditation_are_as_recorded(world):
    facts = facts_of(world, draft_grant(world))
    assert [(name.name, name.script) for name in facts.holder.names] == [
        ("Kasumi Robotics K.K.", "Latn"),
        ("霞ロボティクス株式会社", "Jpan"),
    ]
    assert {one.scheme for one in facts.holder.identifiers} == {"lei", "jp_corporate_number"}
    assert (facts.body.id, facts.body.names[0].name) == (str(world.body), "Fictional Certification")
    assert (facts.scheme.code, facts.scheme.document.designation) == ("aims", STANDARD)
    assert facts.scheme.document.identical_adoptions[0] == "JIS Q 42001:2025"
    (held,) = facts.accreditations
    assert (held.id, held.number, held.body.id) == (
        str(world.known_accreditation),
        "FA-001",
        str(world.accreditation_body),
    )


def test_a_site_has_its_address_in_every_language_and_gives_its_country_to_the_scope(world):
    facts = facts_of(world, draft_grant(world))
    (site,) = facts.scope.sites
    assert (site.address.locality, site.address_translations[0].locality) == ("Chiyoda-ku", "千代田区")
    assert facts.scope.countries == ("JP",)


def test_a_site_may_have_a_scope_of_its_own(world):
    wanted = world.wanted(
        site_ids=(world.head_office, world.laboratory),
        site_statements={world.laboratory: ("en", "Training of models")},
    )
    first, second = facts_of(world, draft_grant(world, certificate=wanted)).scope.sites
    assert (first.statement, second.statement.text) == (None, "Training of models")


def test_the_names_are_those_of_the_day_of_the_decision(world):
    world.rename("Kasumi Robotics Holdings K.K.", last_day=world.ago(3))
    names = {name.name for name in facts_of(world, draft_grant(world)).holder.names}
    assert names == {"Kasumi Robotics Holdings K.K.", "霞ロボティクス株式会社"}


def test_a_body_is_named_as_it_is_called_today(bare_world):
    bearing = (
        parties.PartyName("Former Certification", "en", valid_to=bare_world.ago(1)),
        parties.PartyName("Present Certification", "en", valid_from=bare_world.today),
    )
    party = parties.register_certification_body(
        bare_world.registry,
        OPERATOR,
        parties.PartyFacts(bearing, "JP", "Asia/Tokyo", dict.fromkeys(parties.PUBLIC_INFORMATION, "https://x.example")),
    )
    accredited = bare_world.accredit(body=party)
    (row,) = rows(bare_world, "SELECT signing_input FROM akashi.reservation")
    stated = read_statement(secured(row.signing_input, bytes(64))).payload
    assert (stated["accreditation"], stated["body_names"]) == (
        str(accredited),
        [{"language": "en", "name": "Present Certification"}],
    )


def test_an_organisation_without_a_name_on_that_day_cannot_be_certified(world):
    draft_grant(world)
    tamper(world, "UPDATE akashi.organisation_name SET valid_to = '2020-01-01'")
    with refused("organisation_without_name"):
        world.draft(
            rows(world, "SELECT public_id FROM akashi.certification")[0].public_id,
            "grant",
            accreditations=(world.known_accreditation,),
            certificate=world.wanted(),
        )


# --- From the decision ---


def test_without_a_last_valid_day_the_certificate_runs_for_the_scheme_s_maximum(world):
    facts = facts_of(world, draft_grant(world))
    assert facts.validity.last_valid_day == last_valid_day(world.today, 36)


def test_a_shorter_period_may_be_decided(world):
    ends = world.today + timedelta(days=200)
    facts = facts_of(world, draft_grant(world, certificate=world.wanted(last_valid_day=ends)))
    assert facts.validity.last_valid_day == ends


def test_the_assessment_ended_with_the_last_audit_relied_on(world):
    facts = facts_of(world, draft_grant(world))
    assert (facts.decision.assessed_on, facts.decision.decided_on) == (world.ago(10), world.today)


def test_a_site_of_nobody_is_unknown(world):
    with refused("unknown_site", "/certificate/sites"):
        draft_grant(world, certificate=world.wanted(site_ids=(uuid4(),)))


def test_a_document_that_the_scheme_does_not_have_is_unknown(world):
    with refused("unknown_normative_document", "/certificate/document"):
        draft_grant(world, certificate=world.wanted(designation="ISO/IEC 42001:2031"))


def test_an_accreditation_of_nobody_is_unknown(world):
    with refused("unknown_accreditation", "/accreditations"):
        draft_grant(world, accreditations=(uuid4(),))


def test_all_faults_of_what_is_wanted_are_told_at_once(world):
    found = faults_of(world, certificate=world.wanted(roles=(), soa_version=None, statement="a\u202eb"))
    assert {"required_by_scheme", "text_bidi_control"} <= {code for code, _ in found}


# --- An amendment ---


def test_an_amendment_takes_the_names_of_now_and_keeps_scope_and_period(world):
    granted = world.grant(certificate=world.wanted(site_statements={world.head_office: ("en", "Head office work")}))
    world.rename("Kasumi Robotics Holdings K.K.")
    (first,) = rows(world, "SELECT facts FROM akashi.draft WHERE facts IS NOT NULL")

    amended = facts_of(world, world.draft(granted.public_id, "amend"))

    before = facts_from_json(first.facts)
    assert "Kasumi Robotics Holdings K.K." in {name.name for name in amended.holder.names}
    assert (amended.scope, amended.cycle, amended.accreditations) == (before.scope, before.cycle, before.accreditations)
    assert amended.validity.last_valid_day == before.validity.last_valid_day
    assert amended.decision.act == "amend"


def test_what_was_never_issued_cannot_be_amended(world):
    with refused("no_such_transition"):
        world.draft(world.open().public_id, "amend")
