"""Tests whose outcome could depend on where and when they run: whatever counts days.

`make test` runs `DAYS` in three zones of the process, with the databases' clocks at awkward days; `make soak` runs
`LIVES` there too, and the whole suite in each zone. The zone is the process's own, set as an operator's shell would:
`TZ=Asia/Tokyo`.
"""

from __future__ import annotations

from tests.support.shared import PROJECT

DAYS = (
    "tests/conformity/test_periods.py", "tests/conformity/test_standing.py", "tests/conformity/test_surveillance.py",
    "tests/credentials/test_facts*.py", "tests/credentials/test_composition.py", "tests/credentials/test_statement.py",
    "tests/examiner/test_dates.py", "tests/examiner/test_history.py", "tests/examiner/test_notices.py",
    "tests/examiner/test_examine.py", "tests/examiner/test_question.py",
    "tests/migrations/test_rules_of_dates.py", "tests/migrations/test_rules_of_periods.py",
    "tests/migrations/test_rules_of_suspension.py",
    "tests/pages/test_dates.py", "tests/pages/test_timeline.py",
    "tests/registry/test_due.py", "tests/registry/test_two_clocks.py", "tests/registry/test_versions.py",
    "tests/status/test_list_credential.py", "tests/storage/test_clock.py",
)  # fmt: skip
LIVES = (
    "tests/migrations/test_rules_of_scope.py", "tests/migrations/test_standing_rules.py",
    "tests/journeys/test_life_of_a_certificate.py", "tests/journeys/test_two_clocks.py",
)  # fmt: skip


def files(*patterns: str) -> list[str]:
    """The test files of these names; each name is of one at least."""
    found = {pattern: sorted(PROJECT.glob(pattern)) for pattern in patterns}
    assert all(found.values()), f"a file has another name now: {[name for name, paths in found.items() if not paths]}"
    return [str(path.relative_to(PROJECT)) for paths in found.values() for path in paths]
