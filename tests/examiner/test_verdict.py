from __future__ import annotations

from dataclasses import replace

import pytest

from app.conformity.standing import State, Verdict
from app.conformity.words import Word
from app.examiner.examine import examine
from app.examiner.report import CHECK_NAMES, Check, Notice, Result
from app.examiner.verdict import comes_from_the_body, missing, verdict_on, was_altered
from tests.support.evidence import NOW, granted

WORDS = Word("…", "…")


def checks(**results: str) -> dict[str, Check]:
    """All passed but those named: `standing="failed:broken_chain"`."""
    made = {}
    for name in CHECK_NAMES:
        result, _, code = results.get(name, "passed:").partition(":")
        made[name] = Check(name, Result(result), code, WORDS)
    return made


NOTICE = (Notice("accreditation_suspended", WORDS),)


@pytest.mark.parametrize(
    ("results", "state", "notices", "verdict"),
    [
        ({}, State.ACTIVE, (), "valid"),
        ({"accreditation_now": "failed:accreditation_suspended"}, State.ACTIVE, NOTICE, "valid_with_notice"),
        ({}, State.ACTIVE, (Notice("development_anchors", WORDS),), "valid"),
        ({"chain": "not_performed:no_ca_anchors"}, State.ACTIVE, (), "unknown"),
        ({"status_lists": "not_performed:list_missing"}, State.ACTIVE, (), "unknown"),
        ({"status_lists": "failed:bit_without_event"}, State.ACTIVE, (), "unknown"),
        ({"freshness": "not_performed:data_too_old"}, State.ACTIVE, (), "unknown"),
        ({"standing": "failed:broken_chain"}, State.ACTIVE, (), "unknown"),
        ({"accreditation_now": "failed:statement_missing"}, State.ACTIVE, NOTICE, "unknown"),
        ({"standing": "failed:suspended"}, State.SUSPENDED, (), "not_currently_valid"),
        ({"standing": "failed:suspended", "status_lists": "not_performed:list_older_than_event"}, State.SUSPENDED, (), "not_currently_valid"),
        ({"standing": "failed:suspended", "chain": "not_performed:no_ca_anchors"}, State.SUSPENDED, (), "not_currently_valid"),
        ({"standing": "failed:withdrawn", "freshness": "not_performed:data_too_old"}, State.WITHDRAWN, (), "unknown"),
        ({"standing": "failed:document_missing"}, State.WITHDRAWN, (), "unknown"),
        ({"standing": "failed:annulled"}, State.ANNULLED, NOTICE, "never_valid"),
    ],
)  # fmt: skip
def test_something_positive_needs_every_check_something_negative_less(results, state, notices, verdict) -> None:
    assert verdict_on(checks(**results), state, notices) is Verdict(verdict)


def test_facts_are_shown_only_of_what_comes_from_the_body() -> None:
    assert comes_from_the_body(checks())
    assert comes_from_the_body(checks(chain="not_performed:no_ca_anchors"))
    for name in ("signature", "issuer", "chain"):
        failed = checks(**{name: "failed:x"})
        assert was_altered(failed)
        assert not comes_from_the_body(failed)
    assert not comes_from_the_body(checks(signature="not_performed:no_anchors"))
    assert not was_altered(checks(signature="not_performed:no_anchors"))


def test_what_is_missing_is_named() -> None:
    assert [check.name for check in missing(checks(chain="not_performed:x"), State.ACTIVE)] == ["chain"]


def test_without_authorities_facts_stand_and_the_verdict_stays_open() -> None:
    record = granted()
    anchors = replace(record.signers.anchors, authorities=())
    report = examine(record.evidence(), anchors, now=NOW)
    assert (report.verdict, report.exit_code()) == ("unknown", 2)
    assert report.holder is not None
    assert report.summary.en.startswith("Could not be checked in full. The anchors hold no certificate authority")
