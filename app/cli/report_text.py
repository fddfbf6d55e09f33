"""A report for people at a terminal: the sentence of the verdict first, then facts, checks and notices.

The words are the report's own; nothing is added and nothing is left out but the list of signed statements, which
`--json` gives.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.cli.output import padded, printable, width_of, wrapped
from app.conformity.identifiers import group_public_id
from app.conformity.words import Word
from app.examiner.dates import day_in_words, instant_in_words
from app.examiner.report import Check, Result, VerificationReport
from app.examiner.sentences import limits_of, shown_name

_RESULTS = {
    Result.PASSED: Word("passed", "合格"),
    Result.FAILED: Word("FAILED", "不合格"),
    Result.NOT_PERFORMED: Word("not checked", "未確認"),
}
_CHECKS = {
    "signature": Word("Signature", "署名"),
    "issuer": Word("Right body", "署名者"),
    "chain": Word("Chain of keys", "鍵の連鎖"),
    "accreditation_at_decision": Word("Accredited at the decision", "決定日の認定"),
    "accreditation_now": Word("Accredited now", "現在の認定"),
    "standing": Word("Standing", "認証の状態"),
    "version": Word("Current version", "最新の版"),
    "validity": Word("Period of validity", "有効期間"),
    "status_lists": Word("Status lists", "ステータスリスト"),
    "freshness": Word("Freshness", "データの新しさ"),
    "expectation": Word("As you expected", "指定との一致"),
}
_NOTICE = Word("Notice", "注意")
_FACTS = {
    "holder": Word("Holder", "登録組織"),
    "scope": Word("Scope", "認証範囲"),
    "body": Word("Body", "認証機関"),
    "valid": Word("Valid", "有効期間"),
    "id": Word("ID", "ID"),
    "version": Word("Version", "版"),
    "data": Word("Data of", "データの時点"),
    "asked": Word("Asked about", "照会の時点"),
    "known": Word("By what was known", "知られていた時点"),
}
_WITHHELD = Word("withheld at the holder's request", "登録組織の希望により非公開")


def report_text(report: VerificationReport, language: str) -> str:
    """The whole report in one language."""
    parts = [
        wrapped(report.summary.in_language(language)),
        "\n".join(_table(list(_facts(report, language)))),
        "\n".join(_table([_check(check, language) for check in report.checks])),
        "\n".join(
            f"{_NOTICE.in_language(language)}: {wrapped(notice.detail.in_language(language), 2)}"
            for notice in report.notices
        ),
        wrapped(limits_of(report.scheme.assurance if report.scheme else None).in_language(language)),
    ]
    return "\n\n".join(part for part in parts if part)


def _check(check: Check, language: str) -> tuple[str, ...]:
    return (
        _RESULTS[check.result].in_language(language),
        _CHECKS[check.name].in_language(language),
        check.detail.in_language(language),
    )


def _facts(report: VerificationReport, language: str) -> Iterator[tuple[str, ...]]:
    def fact(name: str, value: Word | str) -> tuple[str, ...]:
        return _FACTS[name].in_language(language), value if isinstance(value, str) else value.in_language(language)

    if report.scheme:
        yield fact("holder", _holder(report))
        yield fact("scope", _scope(report, language))
    if report.body:
        yield fact("body", shown_name((one.name, one.language) for one in report.body.names))
    if report.validity:
        first, last = (day_in_words(day) for day in (report.validity.effective_on, report.validity.last_valid_day))
        yield fact("valid", Word(f"{first.en} to {last.en}, both included", f"{first.ja}から{last.ja}（両日を含む）"))
    if report.certificate_id:
        yield fact("id", group_public_id(report.certificate_id))
    if report.version:
        yield fact("version", str(report.version))
    if report.data_as_of:
        yield fact("data", instant_in_words(report.data_as_of))
    if report.checked_at is None or report.at != report.checked_at:
        yield fact("asked", instant_in_words(report.at))
    if report.known_at not in (report.checked_at, report.at):
        yield fact("known", instant_in_words(report.known_at))


def _holder(report: VerificationReport) -> Word:
    if report.holder is None:
        return _WITHHELD
    return shown_name((one.name, one.language) for one in report.holder.names)


def _scope(report: VerificationReport, language: str) -> Word | str:
    """The wording in the reader's language if there is one, and the one that prevails."""
    if report.scope is None:
        return _WITHHELD
    texts = [
        text for text in report.scope.statement if text.authoritative or text.language.partition("-")[0] == language
    ]
    return "\n".join(text.text for text in texts)


def _table(rows: list[tuple[str, ...]]) -> Iterator[str]:
    """Columns as wide as their widest entry; the last one wraps under itself."""
    if not rows:
        return
    widths = [max(width_of(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    indent = sum(widths) + 2 * len(widths)
    for row in rows:
        start = "".join(padded(printable(cell), width) + "  " for cell, width in zip(row, widths, strict=False))
        yield start + wrapped(row[-1], indent)
