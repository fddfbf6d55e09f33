"""Reading is the inverse of composing: a stranger gets the decided facts back, digest and all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.credentials.composition import compose_certificate
from app.credentials.facts_json import facts_digest, facts_from_json
from app.credentials.reading import read_facts, read_reserved
from tests.support.certificate_facts import (
    ACCREDITATION,
    FACTS,
    HEAD_OFFICE,
    HOLDER,
    KINDS,
    PREVIOUS,
    PUBLIC_ID,
    REPORTED,
    SCOPE,
    TRANSFERRED,
    facts_with,
    reserved,
)


@pytest.mark.parametrize(
    "facts",
    [
        *KINDS.values(),
        replace(TRANSFERRED, previous=replace(PREVIOUS, number=None, certificate_id=PUBLIC_ID, last_valid_day=None)),
        replace(REPORTED, original_decided_on=None),
        facts_with(accreditations=()),
        facts_with(accreditations=(replace(ACCREDITATION, arrangement="A fictional arrangement"),)),
        facts_with(holder=replace(HOLDER, identifiers=(), names=HOLDER.names[1:])),
        facts_with(
            scheme=replace(FACTS.scheme, required=("sites",)),
            scope=replace(SCOPE, areas=(), countries=(), sites=(replace(HEAD_OFFICE, address_translations=()),)),
        ),
    ],
    ids=[*KINDS, "from here", "undated", "without accreditation", "recognised", "bare holder", "bare scope"],
)
def test_the_facts_of_a_credential_are_those_it_was_composed_of(facts):
    credential = compose_certificate(facts, reserved())

    assert facts_digest(facts_from_json(read_facts(credential))) == facts_digest(facts)


def test_the_reservation_is_read_back_with_base_url_id_and_version():
    place = reserved("https://example.org/registry", 12)

    assert read_reserved(compose_certificate(FACTS, place)) == place
