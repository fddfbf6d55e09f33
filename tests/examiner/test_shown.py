from __future__ import annotations

from datetime import timedelta

import pytest

from app.examiner.evidence import open_case
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


def test_files_are_linked_only_where_all_in_them_may_be_shown() -> None:
    assert {"jwt", "bundle"} <= set(shown_links(CERTIFICATE, frozenset()))
    assert not {"jwt", "bundle"} & set(shown_links(CERTIFICATE, frozenset({"soa"})))


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
