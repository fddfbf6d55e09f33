from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.examiner.checks.chain import check_chains
from app.examiner.evidence import open_case
from app.trust.anchors import Anchors
from tests.support.certificate_facts import BODY
from tests.support.evidence import BEGIN, GRANTED, Record, granted, uuid, world


def found(record: Record, anchors: Anchors | None = None) -> tuple[str, str]:
    check = check_chains(open_case(record.evidence()).versions, world().anchors if anchors is None else anchors)
    return check.result.value, check.code


def with_chain(chain: tuple[bytes, ...], at=GRANTED) -> Record:
    record = granted()
    facts = record.versions[0]
    del record.envelopes[3]
    record.certify(facts, 1, at, chain=chain)
    return record


def test_a_chain_to_an_anchor_passes() -> None:
    assert found(granted()) == ("passed", "anchored")


def test_without_a_certificate_authority_among_the_anchors_it_is_not_performed() -> None:
    assert found(granted(), replace(world().anchors, authorities=())) == ("not_performed", "no_ca_anchors")


def test_a_good_chain_for_another_party_fails() -> None:
    assert found(with_chain(world().chain_for(world().body_key, party=uuid(9)))) == ("failed", "untrusted")


def test_a_good_chain_for_another_key_fails() -> None:
    assert found(with_chain(world().chain_for(world().stranger, party=BODY.id))) == ("failed", "wrong_key")


def test_a_chain_cut_short_fails() -> None:
    assert found(with_chain(world().chain[:1])) == ("failed", "untrusted")


def test_a_chain_is_judged_when_the_version_was_recorded() -> None:
    assert found(with_chain(world().chain, at=BEGIN - timedelta(hours=1))) == ("failed", "untrusted")
    assert found(with_chain(world().chain, at=BEGIN + timedelta(days=814))) == ("passed", "anchored")
    assert found(with_chain(world().chain, at=BEGIN + timedelta(days=816))) == ("failed", "untrusted")


def test_the_reason_is_told() -> None:
    (version,) = open_case(with_chain(world().chain[:1]).evidence()).versions
    assert "untrusted" in check_chains([version], world().anchors).detail.en
