from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.cli.report_text import report_text
from app.examiner.examine import examine, no_record
from app.examiner.expectation import with_expectation
from app.examiner.report import CHECK_NAMES
from tests.support.evidence import NOW, PUBLIC_ID, granted, world


def text(language: str = "en", **evidence) -> str:
    return report_text(examine(granted().evidence(**evidence), world().anchors, now=NOW), language)


def test_the_verdict_comes_first_and_every_check_has_its_line() -> None:
    for language, first in (("en", "Valid."), ("ja", "有効。")):
        shown = text(language)
        assert shown.startswith(first)
        assert shown.count("\npassed " if language == "en" else "\n合格 ") == len(CHECK_NAMES)


def test_columns_line_up() -> None:
    lines = [line for line in text().splitlines() if line.startswith("passed")]
    assert len({len(line) - len(line[36:].lstrip()) for line in lines}) == 1


def test_the_wording_that_prevails_is_shown_beside_the_readers_own() -> None:
    assert "介護用ロボット" in text("en")
    assert "Design, development and operation" in text("en")
    assert "Design, development and operation" not in text("ja")


def test_a_wording_for_a_region_is_in_the_readers_language() -> None:
    """C092: `en-GB` is English."""
    report = examine(granted().evidence(), world().anchors, now=NOW)
    assert report.scope is not None
    texts = [replace(text, language={"en": "en-GB", "ja": "ja-JP"}[text.language]) for text in report.scope.statement]
    regional = replace(report, scope=replace(report.scope, statement=tuple(texts)))
    assert report_text(regional, "en") == report_text(report, "en")


def test_what_is_withheld_says_so() -> None:
    shown = text(withheld=frozenset({"holder", "scope"}))
    assert shown.count("withheld at the holder's request") == 2
    assert "Mizuho" not in shown


def test_a_report_without_facts_shows_none() -> None:
    shown = report_text(no_record(PUBLIC_ID, now=NOW), "en")
    assert shown.startswith("No record here.")
    assert "Holder" not in shown
    assert "not checked  Signature" in shown


def test_the_time_asked_about_stands_there_when_it_is_not_now() -> None:
    report = examine(granted().evidence(), world().anchors, now=NOW, at=NOW - timedelta(days=1))
    assert "Asked about  23 November 2026, 13:50 UTC" in report_text(report, "en")


def test_whose_knowledge_counts_stands_there_when_it_is_not_that_of_now() -> None:
    then = NOW - timedelta(days=2)
    report = examine(granted().evidence(), world().anchors, now=NOW, at=NOW - timedelta(days=1), known_at=then)
    assert "By what was known  22 November 2026, 13:50 UTC" in report_text(report, "en")
    assert "By what was known" not in text()


def test_an_expectation_has_its_line() -> None:
    report = with_expectation(examine(granted().evidence(), world().anchors, now=NOW), holder="Nobody")
    assert "FAILED  As you expected" in report_text(report, "en")
