"""`akashi seed`: what it makes is what was told, made by the acts and no other way; and it touches nothing of others."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import namedtuple_row

from app.cli.main import main
from app.cli.opening import open_database, open_registry, read_settings
from app.registry.demonstration.lives import TICKS, Life, lives
from app.registry.verification import verify
from app.storage.clock import clock_is_real
from tests.support.installed import Installed, environment
from tests.support.postgres import forget

CERTIFICATIONS, FEW = 30, 3
pytestmark = pytest.mark.xdist_group("seed")  # the lives are played once for all of these


@contextmanager
def settings_of(home: Path) -> Iterator[None]:
    """The environment of an installation in this folder."""
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("AKASHI_")]:
        del os.environ[name]
    os.environ.update(environment(home) | {"LANG": "C.UTF-8"})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def fresh(home: Path) -> Iterator[Installed]:
    """An embedded server of its own, on which nothing was made."""
    try:
        with settings_of(home), open_database(read_settings()) as urls:
            yield Installed(home, urls)
    finally:
        forget(home)


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    with fresh(tmp_path_factory.mktemp("seeded")) as installed:
        assert main(["seed", "--certifications", str(CERTIFICATIONS)]) == 0
        yield installed


@pytest.fixture
def asked(seeded: Installed, capsys: pytest.CaptureFixture[str]) -> Installed:
    """The same, asked by a test that reads what is printed."""
    seeded.capture = capsys
    return seeded


def rows(installed: Installed, statement: str) -> list[Any]:
    """What the tables hold, for their owner's eyes."""
    with psycopg.connect(installed.urls["migrator"], row_factory=namedtuple_row) as connection:
        connection.execute("SET ROLE akashi_owner")
        return list(connection.execute(statement.encode()))


HISTORY = """
SELECT c.number, n.name, e.act, e.to_state, x.months, d.areas, cardinality(d.site_ids) AS sites,
       round(extract(epoch FROM (now() - e.recorded_at)) / 864000)::integer AS ticks_ago
FROM akashi.standing_event e
JOIN akashi.certification c ON c.id = e.certification_id
JOIN akashi.decision d ON d.id = e.decision_id
CROSS JOIN LATERAL (SELECT name FROM akashi.organisation_name o WHERE o.organisation_id = c.organisation_id
                    AND o.language = 'en' ORDER BY o.recorded_at LIMIT 1) n
CROSS JOIN LATERAL (SELECT CASE WHEN d.act IN ('grant', 'renew', 'restore_expired') THEN d.last_valid_day END AS months) x
ORDER BY c.number, e.event_no
"""


def told(plan: tuple[Life, ...]) -> list[tuple[str, str, str, int]]:
    """Number, holder, act and tick of every step, as the lives say."""
    return sorted(
        ((life.number, life.organisation.en, step.act, TICKS - step.tick) for life in plan for step in life.steps),
        key=lambda one: (one[0], -one[3]),
    )


def held(installed: Installed) -> list[tuple[str, str, str, int]]:
    """The same as the registry has recorded it."""
    return [(row.number, row.name, row.act, row.ticks_ago) for row in rows(installed, HISTORY)]


def test_the_registry_holds_exactly_the_lives_that_were_told(seeded: Installed) -> None:
    assert held(seeded) == told(lives(CERTIFICATIONS, 1))


def test_the_same_seed_makes_the_same_records_in_another_installation(
    seeded: Installed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with fresh(tmp_path / "other") as other:
        other.capture = capsys
        said = other.done("seed", "--certifications", str(FEW), "--seed", "1")
        numbers = {life.number for life in lives(FEW, 1)}
        assert held(other) == [row for row in held(seeded) if row[0] in numbers]
        described = [
            [(row.number, row.to_state, row.months, row.areas, row.sites) for row in rows(one, HISTORY)]
            for one in (other, seeded)
        ]
        assert described[0] == [row for row in described[1] if row[0] in numbers]
    assert (said["certifications"], said["seed"], len(said["plan"])) == (FEW, 1, 64)


def test_every_fact_is_signed_logged_and_explained_and_no_act_is_left_open(seeded: Installed) -> None:
    (counted,) = rows(
        seeded,
        "SELECT (SELECT count(*) FROM akashi.envelope) AS sealed, (SELECT count(*) FROM akashi.log_queue) AS logged, "
        "(SELECT count(*) FROM akashi.reservation) AS reserved, (SELECT count(*) FROM akashi.act_void) AS void, "
        "(SELECT count(*) FROM akashi.slot WHERE act_id IS NOT NULL) AS held, "
        "(SELECT count(*) FROM akashi.decision) AS decisions, "
        "(SELECT count(*) FROM akashi.confirmation c JOIN akashi.draft d ON d.id = c.draft_id WHERE d.kind = 'decision') AS confirmed",
    )
    assert counted.sealed == counted.logged == counted.reserved
    assert (counted.void, counted.held) == (0, 0)
    assert counted.decisions == len(told(lives(CERTIFICATIONS, 1)))
    assert counted.confirmed >= counted.decisions  # two people confirm what needs four eyes


def test_many_acts_share_their_commits(seeded: Installed) -> None:
    (counted,) = rows(
        seeded,
        "SELECT count(DISTINCT xmin::text) AS commits, count(*) AS drafts FROM akashi.draft WHERE kind = 'decision'",
    )
    assert counted.commits < counted.drafts


def test_accreditations_have_periods_and_sanctions_and_keys_follow_keys(seeded: Installed) -> None:
    stated = Counter(row.act for row in rows(seeded, "SELECT act FROM akashi.accreditation_statement"))
    assert stated == {"grant": 4, "renew": 2, "suspend": 1, "restore": 1}
    assert rows(seeded, "SELECT count(*) AS n FROM akashi.key_binding")[0].n == 4 + 4


def test_every_certificate_reads_as_it_was_told(seeded: Installed) -> None:
    ends = {"cancel": "cancelled", "withdraw": "withdrawn", "annul": "annulled", "suspend": "suspended"}
    plan = {life.number: life for life in lives(CERTIFICATIONS, 1)}
    ids = rows(seeded, "SELECT number, public_id FROM akashi.certification")
    with settings_of(seeded.home), open_registry(read_settings()) as registry:
        for row in ids:
            report = verify(registry, row.public_id)
            last = plan[row.number].steps[-1].act
            assert report.standing is not None
            assert report.verdict in {
                "valid",
                "valid_with_notice",
                "no_longer_valid",
                "not_currently_valid",
                "never_valid",
            }
            assert report.standing.state == ends.get(last, report.standing.state)
            if last not in ends:
                assert report.standing.state in {"active", "expired"}


def test_its_clock_is_that_of_a_demonstration_for_ever_and_reads_the_real_time(seeded: Installed) -> None:
    with psycopg.connect(seeded.urls["migrator"]) as connection:
        assert not clock_is_real(connection)
        late = connection.execute("SELECT abs(extract(epoch FROM akashi.now() - now()))").fetchone()
    assert late is not None
    assert late[0] < 60


def test_the_same_once_more_is_done_already(asked: Installed) -> None:
    before = rows(asked, "SELECT count(*) AS n FROM akashi.draft")[0].n
    again = asked.done("seed", "--certifications", str(CERTIFICATIONS))
    assert again["decisions"] == len(told(lives(CERTIFICATIONS, 1)))
    assert rows(asked, "SELECT count(*) AS n FROM akashi.draft")[0].n == before


def test_other_lives_are_not_added_to_these(asked: Installed) -> None:
    assert asked.refused("seed", "--certifications", "31") == "registry_has_data"
    assert asked.refused("seed", "--certifications", str(CERTIFICATIONS), "--seed", "2") == "registry_has_data"


def test_progress_is_told_beside_the_answer(asked: Installed) -> None:
    code, out, err = asked.run("seed", "--certifications", str(CERTIFICATIONS))
    assert (code, err) == (0, "")  # nothing was to be done
    assert json.loads(out)["certifications"] == CERTIFICATIONS


def test_an_interrupted_run_is_never_taken_for_its_end(asked: Installed) -> None:
    state = asked.var / "seed" / "state.json"
    kept = state.read_text(encoding="utf-8")
    state.write_text(json.dumps(json.loads(kept) | {"done": False}), encoding="utf-8")
    try:
        assert asked.refused("seed", "--certifications", str(CERTIFICATIONS)) == "registry_has_data"
    finally:
        state.write_text(kept, encoding="utf-8")


def test_a_registry_with_bodies_of_its_own_is_left_alone(installed: Installed) -> None:
    installed.add_accreditation_body()
    assert installed.refused("seed", "--certifications", "1") == "registry_has_data"
    assert not (installed.var / "seed").exists()


def test_production_is_refused_before_anything_is_opened(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = "postgresql://nobody:secret@127.0.0.1:1/none"
    monkeypatch.setenv("AKASHI_PRODUCTION", "1")
    monkeypatch.setenv("AKASHI_PUBLIC_URL", "https://registry.example")
    monkeypatch.setenv("AKASHI_SECURITY_CONTACT", "mailto:security@registry.example")
    for role in ("", "_READER", "_JOBS", "_KEEPER", "_MIGRATOR"):
        monkeypatch.setenv(f"AKASHI_DATABASE_URL{role}", nowhere)
    monkeypatch.setenv("AKASHI_OPERATOR", "Somebody")
    for name in ("ANCHORS", "KEY_FOLDER", "PUBLISHED", "LOG_FENCE"):
        monkeypatch.setenv(f"AKASHI_{name}", str(installed.var / name.lower()))
    assert installed.refused("seed", "--certifications", "1") == "seed_in_production"


@pytest.mark.parametrize("count", ["0", "-1", "x", "1000001", ""])
def test_a_number_that_is_none_is_wrong_use(count: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["seed", f"--certifications={count}"])
    assert ended.value.code == 64
    assert "a number from 1 to 1000000" in capsys.readouterr().err
