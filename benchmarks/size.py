"""Size (H1, H6, D3): the same questions and acts on a registry of a thousand certifications and on one of ten thousand.

Both are seeded by `akashi seed` where they are not there yet (the larger takes its time), on durable servers of their
own below `var/bench`. Costs are CPU seconds of this process and the servers together, each side in turns. What is
amended for a figure stays in those registries; they are made for nothing else.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import psycopg
from psycopg.rows import namedtuple_row
from pydantic import SecretStr

from app.access.actor import Actor
from app.access.permissions import acting_party
from app.cli.main import main as akashi
from app.cli.opening import assemble, open_database, read_settings
from app.keys.evidence import sign_evidence
from app.keys.software import KeyFolder, SoftwareKey
from app.registry import decision, directory, due, issuance, own_records, verification
from app.registry.demonstration.stage import BODY_SCOPES
from app.registry.drafts import record_confirmation
from app.registry.due import Asked as AskedDue
from app.registry.registry import Registry
from app.registry.together import carry_out, issue_together
from app.registry.two_clocks import Asked
from app.settings import Settings
from app.storage.database import Database
from benchmarks.measure import Figure, compare, exactly, print_machine, print_table, process_cpu

FOLDER = Path("var/bench")
SMALL, LARGE = 1_000, 10_000
SECRET = "of benchmarks only"  # noqa: S105, it opens keys of nobody
ROUNDS = 7
QUESTIONS = 12
"""Of each kind in a slice."""
ACTS = 4
TOGETHER = 20
SEED = 1


def main() -> None:
    """Seed what is missing, measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.size", description=__doc__)
    parser.add_argument("--small", type=int, default=SMALL)
    parser.add_argument("--large", type=int, default=LARGE)
    wanted = parser.parse_args()
    print_machine()
    with ExitStack() as opened:
        small, large = (opened.enter_context(seeded(count)) for count in (wanted.small, wanted.large))
        print_table(figures_of(small, large))


@contextmanager
def seeded(certifications: int, folder: Path = FOLDER) -> Iterator[Seeded]:
    """The registry with so many certifications, on its own server."""
    settings = settings_of(folder / str(certifications))
    with open_database(settings) as urls:
        if not (settings.var / "seed" / "state.json").exists():
            os.environ.update(AKASHI_VAR=str(settings.var), AKASHI_KEY_SECRET=SECRET)
            if akashi(["seed", "--certifications", str(certifications)]):
                raise SystemExit(1)
        database = Database.connect(urls)
        try:
            with psycopg.connect(urls["migrator"], autocommit=True, row_factory=namedtuple_row) as owner:
                owner.execute("SET ROLE akashi_owner")
                yield Seeded.of(certifications, assemble(settings, database), owner, settings)
        finally:
            database.close()


def settings_of(folder: Path) -> Settings:
    """An installation of its own in a folder."""
    secret = SecretStr(SECRET)
    return read_settings(var=folder.resolve() / "var", key_secret=secret, key_secret_file=None, production=False)


def figures_of(small: Seeded, large: Seeded, rounds: int = ROUNDS, questions: int = QUESTIONS) -> list[Figure]:
    """Each question and act at both sizes; what a version takes; what company saves an issue."""

    def compared(goal: str, subject: str, cost: Callable[[Seeded], float]) -> Figure:
        return compare(
            goal,
            f"{subject}, {large.certifications} certifications",
            f"{small.certifications}",
            partial(cost, large),
            partial(cost, small),
            rounds=rounds,
        )

    asked = [
        compared("H6", name, partial(_asking, question=question, count=questions))
        for name, question in QUESTIONS_ASKED.items()
    ]
    issued = compared("H6", "a certificate issued", _issuing)
    company = compare(
        "D3",
        f"issued with {TOGETHER - 1} others",
        "issued alone",
        partial(_issuing_together, small),
        partial(_issuing, small),
        rounds=rounds,
        reason="each certificate keeps its own rules, signature and checks, which are most of what it costs",
    )
    return [*asked, issued, company, *_sizes(large)]


@dataclass
class Seeded:
    """A seeded registry, with what an actor of its largest body would know."""

    certifications: int
    registry: Registry
    owner: psycopg.Connection[Any]
    actor: Actor
    zone: ZoneInfo
    decider: tuple[UUID, SoftwareKey]
    ids: list[str]
    names: list[str]
    active: list[str]
    """Certificates of the body that may be amended."""

    @classmethod
    def of(cls, certifications: int, registry: Registry, owner: psycopg.Connection[Any], settings: Settings) -> Seeded:
        """As the records have it; the order of everything is drawn once."""
        body, zone = owner.execute(
            "SELECT c.body_id, p.time_zone FROM akashi.certification c JOIN akashi.party p ON p.id = c.body_id "
            "GROUP BY 1, 2 ORDER BY count(*) DESC LIMIT 1"
        ).fetchone()
        people = KeyFolder(settings.var / "seed" / "people", SECRET)
        row = owner.execute(
            "SELECT k.person_id, k.thumbprint FROM akashi.person_key k "
            "JOIN akashi.person_function f USING (body_id, person_id) "
            "WHERE k.body_id = %s AND f.function = 'decider' ORDER BY k.recorded_at LIMIT 1",
            [body],
        ).fetchone()
        drawn = random.Random(SEED)

        def column(statement: str, *values: object) -> list[str]:
            found = sorted(one for (one,) in owner.execute(statement.encode(), values))
            drawn.shuffle(found)
            return found

        return cls(
            certifications,
            registry,
            owner,
            Actor("process", body, "benchmark", BODY_SCOPES),
            ZoneInfo(zone),
            (row.person_id, people.signer(row.thumbprint)),
            column("SELECT public_id FROM akashi.certification"),
            column("SELECT DISTINCT split_part(folded, ' ', 1) FROM akashi.organisation_name WHERE language = 'en'"),
            column(ACTIVE, body),
        )

    def cpu(self) -> float:
        """CPU seconds used so far by this process and this database's sessions."""
        pids = self.owner.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()").fetchall()
        return time.process_time() + sum(process_cpu(row.pid) for row in pids if row.pid != self.owner.info.backend_pid)


ACTIVE = """
SELECT c.public_id FROM akashi.certification c
CROSS JOIN LATERAL (SELECT to_state FROM akashi.standing_event e
                    WHERE e.body_id = c.body_id AND e.certification_id = c.id ORDER BY event_no DESC LIMIT 1) s
CROSS JOIN LATERAL (SELECT max(valid_until) AS ends FROM akashi.certificate_version v
                    WHERE v.body_id = c.body_id AND v.certification_id = c.id) v
WHERE c.body_id = %s AND s.to_state = 'active' AND v.ends > akashi.now() + interval '7 days'
"""
LAST_YEAR = timedelta(days=365)
QUESTIONS_ASKED: dict[str, Callable[[Seeded, int], object]] = {
    "verification by ID": lambda one, n: verification.verify(one.registry, one.ids[n % len(one.ids)]),
    "verification as of a year ago": lambda one, n: verification.verify(
        one.registry, one.ids[n % len(one.ids)], at=one.registry.database.now("reader") - LAST_YEAR
    ),
    "history as of a year ago": lambda one, n: directory.standing_history(
        one.registry, one.ids[n % len(one.ids)], Asked(one.registry.database.now("reader") - LAST_YEAR)
    ),
    "a page of the directory": lambda one, _: directory.list_certificates(one.registry, limit=50),
    "a name looked up": lambda one, n: directory.list_certificates(
        one.registry, directory.Wanted(name=one.names[n % len(one.names)]), limit=20
    ),
    "a page of the body's certifications": lambda one, _: own_records.list_own(
        one.registry, one.actor, own_records.CERTIFICATION, place=None, limit=50
    ),
    "what is due next": lambda one, _: due.what_is_due(one.registry, one.actor, AskedDue()),
}


def _asking(one: Seeded, *, question: Callable[[Seeded, int], object], count: int) -> float:
    begin = one.cpu()
    for number in range(count):
        question(one, number)
    return (one.cpu() - begin) / count


def _issuing(one: Seeded) -> float:
    decided = _decided(one, ACTS)
    begin = one.cpu()
    for draft in decided:
        issuance.issue(one.registry, one.actor, draft, idempotency_key=str(uuid4()))
    return (one.cpu() - begin) / len(decided)


def _issuing_together(one: Seeded) -> float:
    decided = _decided(one, TOGETHER)
    begin = one.cpu()
    issue_together(one.registry, one.actor, decided, idempotency_key=str(uuid4()))
    return (one.cpu() - begin) / len(decided)


def _decided(one: Seeded, count: int) -> list[UUID]:
    """So many amendments of different certificates, each decided and not yet issued; nothing of this is measured."""
    body, (person, key) = acting_party(one.actor), one.decider
    drafts = []
    for _ in range(min(count, len(one.active))):
        public_id = one.active.pop(0)
        one.active.append(public_id)
        today = one.registry.database.now().astimezone(one.zone).date()
        draft = decision.draft_decision(
            one.registry, one.actor, decision.Proposal(public_id, "amend", today, (person,))
        )
        with one.registry.database.transaction(body=body) as connection:
            record_confirmation(connection, one.actor, draft.id, sign_evidence(key, draft.document))
        drafts.append(draft.id)
    for outcome in carry_out(one.registry, body, drafts).values():
        if isinstance(outcome, Exception):
            raise outcome
    return drafts


def _sizes(one: Seeded) -> list[Figure]:
    """Bytes of the whole database for each version, and of its write-ahead log for each issue."""
    row = one.owner.execute(
        "SELECT pg_database_size(current_database()) AS size, "
        "(SELECT count(*) FROM akashi.certificate_version) AS versions, "
        "(SELECT avg(length(r.signing_input) + length(e.signature)) FROM akashi.certificate_version v "
        "JOIN akashi.reservation r ON r.id = v.envelope_id JOIN akashi.envelope e ON e.id = v.envelope_id) AS secured"
    ).fetchone()
    secured = float(row.secured)
    decided = _decided(one, ACTS)
    before = _log_position(one)
    for draft in decided:
        issuance.issue(one.registry, one.actor, draft, idempotency_key=str(uuid4()))
    written = (_log_position(one) - before) / len(decided)
    return [
        exactly(
            "H1",
            "database bytes for each version",
            "its secured bytes and 2 kB",
            row.size / row.versions,
            secured + 2000,
            unit="bytes",
            reason="a version's share of everything: applications, audits, decisions, events, indexes, published lists",
        ),
        exactly(
            "H1w",
            "write-ahead log for each issue",
            "the secured bytes",
            written,
            secured,
            unit="bytes",
            reason="three status lists are published with it; the rest is rows, index pages and their first images",
        ),
    ]


def _log_position(one: Seeded) -> int:
    row = one.owner.execute("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint AS at").fetchone()
    return int(row.at)


if __name__ == "__main__":
    main()
