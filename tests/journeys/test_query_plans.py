"""No hot read and no rule looks at every row: a certificate costs the same whatever else the registry holds.

Every statement is the one that the product sends, with everything that triggers and functions ask in turn. Sessions run
with `enable_seqscan` off and plans for any values, so that PostgreSQL reads a table from end to end only where no index
leads to the rows; before its commit each transaction tells which tables it read so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from sqlalchemy import event, text

from app.registry import (
    directory,
    dossier,
    due,
    oversight,
    own_assessment,
    own_cases,
    own_records,
    verification,
    versions,
)
from app.registry.bulk import verify_many
from app.registry.demonstration.lives import lives
from app.registry.directory import Wanted
from app.registry.recovery import finish_open_acts
from app.registry.status_lists import list_at, newest_list
from app.registry.status_publication import newest_publications, republish_stale, republish_status
from app.registry.two_clocks import Asked
from app.registry.upkeep import unready
from app.storage.clock import release_clock
from tests.support.play import Play
from tests.support.postgres import FreshDatabase, Server
from tests.support.template import urls

OPTIONS = quote("-c enable_seqscan=off -c plan_cache_mode=force_generic_plan")
READ_WHOLE = text("SELECT relname FROM pg_stat_xact_user_tables WHERE schemaname = 'akashi' AND seq_scan > 0")
ROWS_READ = text(
    "SELECT relname, CAST(seq_tup_read + coalesce(idx_tup_fetch, 0) AS integer) AS read FROM pg_stat_xact_user_tables "
    "WHERE schemaname = 'akashi' AND relname = ANY (ARRAY['envelope', 'log_queue', 'reservation'])"
)
"""Every signed fact has a row in each; among a few rows of other tables one plan is as good as another."""
FEW = 0.3
"""Of the rows of a table, at most this part is about one certificate of eight, or about what it rests on."""
NEVER_MANY = frozenset({"clock", "party"})
"""The adjustable clock of tests is one row; bodies are some hundred wherever the registry serves."""
KINDS = {
    kind.name: kind
    for module in (own_records, own_cases, own_assessment)
    for kind in vars(module).values()
    if isinstance(kind, own_records.Kind)
}
LIVES = 8


@dataclass
class Watched:
    """A played registry that notes which tables each transaction read from end to end."""

    play: Play
    read_whole: list[str] = field(default_factory=list)
    rows_read: Counter[str] = field(default_factory=Counter)

    def asked(self, question: Callable[[], Any]) -> list[str]:
        """Which tables were read whole for the answer."""
        self.read_whole.clear()
        self.rows_read.clear()
        question()
        return sorted(set(self.read_whole))

    def note(self, connection: Any) -> None:
        connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))  # what waits for the commit is asked now
        self.read_whole += [row.relname for row in connection.execute(READ_WHOLE) if row.relname not in NEVER_MANY]
        for row in connection.execute(ROWS_READ):
            self.rows_read[row.relname] += row.read
        connection.execute(text("SELECT pg_stat_force_next_flush()"))  # else the session's next transaction counts on

    def read_many(self, *tables: str) -> list[str]:
        """The tables of which the last question read more than what one certificate needs, such as all of its body's."""
        with psycopg.connect(self.play.fresh.superuser_url) as connection:
            held = {
                table: connection.execute(f"SELECT count(*) FROM akashi.{table}".encode()).fetchone()[0]
                for table in self.rows_read
            }
        return sorted(table for table in tables if self.rows_read[table] > FEW * held[table])

    @property
    def shortest(self) -> str:
        """The certificate with the shortest history, of the body that has the most."""
        own = [life for life in lives(LIVES, 3) if life.body == "tsubame"]
        shortest = min(own, key=lambda life: len(life.steps))
        return self.play.stage.prepared[shortest.organisation.key].public_id

    @property
    def public_id(self) -> str:
        """The certificate with the longest history."""
        longest = max(lives(LIVES, 3), key=lambda life: len(life.steps))
        return self.play.stage.prepared[longest.organisation.key].public_id


@pytest.fixture(scope="module")
def watched(postgres: Server, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    database = FreshDatabase(postgres, postgres.create_database(template))
    addresses = {
        role: f"{url}{'&' if '?' in url else '?'}options={OPTIONS}"
        for role, url in urls(database.superuser_url).items()
    }
    made = Watched(Play(database, tmp_path_factory.mktemp("plans"), addresses))
    for engine in made.play.pools.engines.values():
        event.listen(engine, "commit", made.note)
    yield made
    made.play.pools.close()
    postgres.drop_database(database.name)


@pytest.fixture
def played(watched: Watched) -> Watched:
    """After whole lives, each with every act, were played and watched."""
    if not watched.play.told:
        assert watched.asked(lambda: watched.play.play(lives(LIVES, 3))) == []
        release_clock(watched.play.migrator_url)
    return watched


def test_a_table_that_no_index_leads_to_is_noticed(watched: Watched) -> None:
    def read() -> None:
        with watched.play.pools.transaction("jobs") as connection:
            connection.execute(text("SELECT FROM akashi.draft WHERE carried_by = 'nobody'"))

    assert watched.asked(read) == ["draft"]


def test_no_act_of_a_whole_life_and_no_rule_that_judges_it_reads_a_table_whole(played: Watched) -> None:
    """Applications, audits, decisions of every kind, issuing, sealing and publication: all that lives are made of."""
    assert played.play.told[-1] == sum(len(life.steps) for life in lives(LIVES, 3))


@pytest.mark.parametrize("asked", [Asked(), "at", "known_at", "both"], ids=["now", "at", "known_at", "both"])
def test_verification_by_id(played: Watched, asked: Any) -> None:
    registry, past = played.play.stage.registry, played.play.now - timedelta(days=200)
    times = {"at": Asked(past), "known_at": Asked(None, past), "both": Asked(past, past)}.get(asked, Asked())
    assert (
        played.asked(lambda: verification.verify(registry, played.public_id, at=times.at, known_at=times.known_at))
        == []
    )


@pytest.mark.parametrize(
    "read",
    [
        verification.published,
        verification.bundle,
        verification.credential,
        directory.standing_history,
        versions.version_list,
    ],
    ids=["report", "bundle", "credential", "history", "versions"],
)
def test_what_is_published_of_one_certificate(played: Watched, read: Callable[..., Any]) -> None:
    assert played.asked(lambda: read(played.play.stage.registry, played.public_id)) == []


@pytest.mark.parametrize(
    "read",
    [verification.verify, verification.bundle, directory.standing_history, versions.version_list],
    ids=["report", "bundle", "history", "versions"],
)
def test_what_is_asked_of_one_certificate_reads_nothing_of_its_body_s_others(
    played: Watched, read: Callable[..., Any]
) -> None:
    """An index can be read from end to end, too: a view that guards its rows takes no key from a join with it."""
    read(played.play.stage.registry, played.shortest)
    assert played.asked(lambda: read(played.play.stage.registry, played.shortest)) == []
    assert "envelope" in played.rows_read
    assert played.read_many("envelope", "reservation") == []


def test_an_id_that_nobody_knows_and_many_ids_at_once(played: Watched) -> None:
    registry = played.play.stage.registry
    assert played.asked(lambda: list(verify_many(registry, [played.public_id] * 3, Asked()))) == []


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(number="TSUBAME-000001"),
        Wanted(name="robotics"),
        Wanted(name="株"),
        Wanted(scheme="aims"),
        Wanted(country="JP"),
    ],
    ids=["all", "number", "name", "one letter", "scheme", "country"],
)
def test_the_directory_and_its_count(played: Watched, wanted: Wanted) -> None:
    registry = played.play.stage.registry
    assert played.asked(lambda: directory.list_certificates(registry, wanted, limit=3)) == []
    assert played.asked(lambda: directory.count_certificates(registry, wanted)) == []


@pytest.mark.parametrize(
    "wanted", [Wanted(), Wanted(scheme="aims"), Wanted(country="JP")], ids=["all", "scheme", "country"]
)
def test_a_page_of_the_directory_costs_the_page(played: Watched, wanted: Wanted) -> None:
    """The order of recording is walked, and left when the page is full."""
    (listed,) = directory.list_certificates(played.play.stage.registry, wanted, limit=1)
    played.asked(lambda: directory.list_certificates(played.play.stage.registry, wanted, limit=1))
    assert listed.certificate_id
    assert played.rows_read["log_queue"] > 0
    assert played.read_many("envelope", "log_queue", "reservation") == []


def test_the_one_field_by_name_and_by_number(played: Watched) -> None:
    registry = played.play.stage.registry
    assert played.asked(lambda: directory.by_name(registry, "vision")) == []
    assert played.asked(lambda: directory.by_number(registry, "TSUBAME-000001")) == []
    assert played.asked(lambda: due.told(registry, played.public_id)) == []


@pytest.mark.parametrize("name", KINDS)
def test_a_body_s_lists_and_single_records(played: Watched, name: str) -> None:
    registry, kind = played.play.stage.registry, KINDS[name]
    actor = played.play.stage.companies["tsubame"].actor
    assert played.asked(lambda: own_records.list_own(registry, actor, kind, place=None, limit=2)) == []
    found = own_records.list_own(registry, actor, kind, place=None, limit=1)
    for _, one in found:
        assert played.asked(lambda: own_records.read_own(registry, actor, kind, one.id)) == []  # noqa: B023, called at once


def test_the_dossier_of_a_certification_with_its_pending_drafts(played: Watched) -> None:
    registry, actor = played.play.stage.registry, played.play.stage.companies["tsubame"].actor
    ((_, one),) = own_records.list_own(registry, actor, own_records.CERTIFICATION, place=None, limit=1)
    assert played.asked(lambda: dossier.read_dossier(registry, actor, one.id)) == []


def test_what_is_due_and_what_is_overseen(played: Watched) -> None:
    registry, companies = played.play.stage.registry, played.play.stage.companies
    assert played.asked(lambda: due.what_is_due(registry, companies["tsubame"].actor, due.Asked())) == []
    assert played.asked(lambda: due.what_is_overseen(registry, companies["hoshizora"].actor, due.Asked())) == []


def test_what_an_accreditation_s_sanction_would_flag(played: Watched) -> None:
    registry, companies = played.play.stage.registry, played.play.stage.companies
    accreditation = companies["tsubame"].accreditations["hoshizora"]
    assert (
        played.asked(lambda: oversight.flagged_decisions(registry, companies["hoshizora"].actor, accreditation)) == []
    )


@pytest.mark.parametrize(
    "publish",
    [
        republish_status,
        republish_stale,
        newest_publications,
        unready,
        lambda registry: newest_list(registry, 1),
        lambda registry: list_at(registry, 1, registry.database.now()),
    ],
    ids=["after an act", "in a round", "newest", "readiness", "list", "list as it was"],
)
def test_status_lists_are_published_and_read(played: Watched, publish: Callable[[Any], Any]) -> None:
    republish_status(played.play.stage.registry)
    assert played.asked(lambda: publish(played.play.stage.registry)) == []


def test_the_rounds_that_finish_what_a_crash_left_open(played: Watched) -> None:
    assert played.asked(lambda: finish_open_acts(played.play.stage.registry)) == []
