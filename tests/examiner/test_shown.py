from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.credentials.facts import Name, Previous
from app.examiner.evidence import Continuation, open_case
from app.examiner.examine import examine
from app.examiner.shown import shown_body, shown_holder, shown_links, shown_scope
from tests.support.evidence import BEGIN, NOW, Record, granted

(VERSION,) = open_case(granted().evidence()).versions
CERTIFICATE = VERSION.document


@pytest.mark.parametrize(
    ("withheld", "hidden"),
    [
        ({"holder"}, lambda: shown_holder(CERTIFICATE, frozenset({"holder"}))),
        ({"identifiers"}, lambda: shown_holder(CERTIFICATE, frozenset({"identifiers"})).identifiers),
        ({"scope"}, lambda: shown_scope(CERTIFICATE, frozenset({"scope"}))),
        ({"sites"}, lambda: shown_scope(CERTIFICATE, frozenset({"sites"})).sites),
        ({"soa"}, lambda: shown_scope(CERTIFICATE, frozenset({"soa"})).soa),
    ],
)
def test_what_is_withheld_is_null(withheld: set[str], hidden) -> None:
    assert hidden() is None


def test_the_wording_that_prevails_comes_first_and_says_so() -> None:
    scope = shown_scope(CERTIFICATE, frozenset())
    assert [(text.language, text.authoritative) for text in scope.statement] == [("ja", True), ("en", False)]
    head, remote = scope.sites
    assert [address.language for address in head.addresses] == ["ja", "en"]
    assert (remote.addresses, remote.scope[0].text) == ((), "Operation of robots in service")


def links_of(certificate=CERTIFICATE, known_at=NOW, **changes):
    return shown_links(certificate, granted().evidence(**changes), known_at)


def test_old_and_new_certificate_of_a_transfer_lead_to_each_other() -> None:
    """The old one from when the registry knew; the new one by what it says itself."""
    after = Continuation("A" * 35, NOW)
    assert links_of(continuation=after)["continued_by"].endswith("/c/" + "A" * 35)
    assert "continued_by" not in links_of(continuation=after, known_at=NOW - timedelta(days=1))
    assert "continues" not in links_of()
    facts = replace(CERTIFICATE.facts, previous=Previous((Name("Old Body", "en"),), "JP", "released", None, "B" * 35))
    assert links_of(replace(CERTIFICATE, facts=facts))["continues"].endswith("/c/" + "B" * 35)


def test_files_are_linked_only_where_all_in_them_may_be_shown() -> None:
    assert {"jwt", "bundle"} <= set(links_of())
    assert not {"jwt", "bundle"} & set(links_of(withheld=frozenset({"soa"})))


def test_a_body_without_statement_is_not_shown() -> None:
    assert shown_body(CERTIFICATE, None) is None


def test_an_accreditation_that_ended_by_the_calendar_is_shown_as_ended() -> None:
    record = Record()
    record.state(valid_to="2026-06-30")
    record.bind()
    record.grant()
    report = examine(record.evidence(), record.signers.anchors, now=NOW)
    (accreditation,) = report.accreditations
    assert (accreditation.at_decision, accreditation.now, accreditation.since.isoformat()) == (
        "active",
        "withdrawn",
        "2026-07-01",
    )


def test_the_history_is_what_was_known() -> None:
    record = granted()
    record.act("suspend", NOW - timedelta(days=1), until="2027-01-01")
    report = examine(record.evidence(), record.signers.anchors, now=NOW, known_at=NOW - timedelta(days=2))
    assert [event.act for event in report.standing.events] == ["grant"]
    assert report.standing.since > BEGIN
