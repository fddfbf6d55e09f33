"""Positions of the status lists: drawn at random, given once, never again (invariant 16, goal R6)."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import psycopg
import pytest

from app.storage.rows import insert
from tests.support.acts import rows
from tests.support.around import Attempt, hold, lawful_grant
from tests.support.races import DONE, ROUNDS, Race
from tests.support.template import url_for

WORKERS = 16
DRAWN = 20_000
SIZE = 131_072


def acts_for(world, many: int) -> list[UUID]:
    """So many acts of a confirmed decision, put there behind the rules: drawing is what is tried here."""
    grant = lawful_grant(world)
    with world.database.transaction(body=world.body) as connection:
        grant.decide(connection)
    acts, moment = [uuid4() for _ in range(many)], world.now()
    subject = bytes(grant.certification.subject)
    with psycopg.connect(world.fresh.superuser_url) as connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        with cursor.copy("COPY akashi.act (body_id, id, name, draft_id, subject, recorded_at) FROM STDIN") as copy:
            for act in acts:
                copy.write_row((world.body, act, "issue", grant.id, subject, moment))
    return acts


def draw(world, purpose: str, acts: list[UUID]) -> list[tuple[int, int]]:
    """One position for each act, each in a transaction of its own, as the service's role."""
    drawn = []
    with psycopg.connect(url_for(world.fresh.superuser_url, "service")) as connection:
        for act in acts:
            connection.execute("SELECT set_config('akashi.body', %s, true)", [str(world.body)])
            drawn.append(connection.execute("SELECT * FROM akashi.claim_position(%s, %s)", [purpose, act]).fetchone())
            connection.commit()
    return drawn


def together(world, purpose: str, acts: list[UUID]) -> list[tuple[int, int]]:
    """The same by sixteen workers at once."""
    with ThreadPoolExecutor(WORKERS) as pool:
        shares = pool.map(lambda worker: draw(world, purpose, acts[worker::WORKERS]), range(WORKERS))
        return [position for share in shares for position in share]


def chi_square_p(counts: list[int]) -> float:
    """The chance of a spread at least this uneven, by the Wilson-Hilferty approximation."""
    expected = sum(counts) / len(counts)
    statistic = sum((count - expected) ** 2 / expected for count in counts)
    freedom = len(counts) - 1
    z = ((statistic / freedom) ** (1 / 3) - (1 - 2 / (9 * freedom))) / math.sqrt(2 / (9 * freedom))
    return 0.5 * math.erfc(z / math.sqrt(2))


@pytest.fixture(scope="module")
def drawn(lasting_world) -> list[tuple[int, int]]:
    return together(lasting_world, "revocation", acts_for(lasting_world, DRAWN))


def test_r6_no_position_of_twenty_thousand_is_given_twice(drawn):
    assert len(drawn) == DRAWN
    assert max(Counter(drawn).values()) == 1


def test_r6_positions_are_spread_evenly(drawn):
    buckets = Counter(position * 64 // SIZE for _, position in drawn)
    low_bits = Counter(position % 64 for _, position in drawn)
    assert chi_square_p([buckets[n] for n in range(64)]) > 0.001
    assert chi_square_p([low_bits[n] for n in range(64)]) > 0.001


def test_r6_positions_follow_no_order(drawn):
    """Who drew before tells nothing about who draws next: neighbours in time are no neighbours in the list."""
    positions = [position for _, position in drawn[: DRAWN // WORKERS]]
    rising = sum(later > earlier for earlier, later in itertools.pairwise(positions))
    pairs = len(positions) - 1
    assert abs(rising - pairs / 2) < 4 * math.sqrt(pairs / 12)


def test_a_position_lies_in_its_list(lasting_world, drawn):
    purposes = {row.list_no: (row.purpose, row.size) for row in rows(lasting_world, "SELECT * FROM akashi.status_list")}
    for list_no, position in drawn:
        purpose, size = purposes[list_no]
        assert purpose == "revocation"
        assert 0 <= position < size


def test_an_act_draws_one_position_of_a_list(lasting_world):
    (act,) = acts_for(lasting_world, 1)
    draw(lasting_world, "suspension", [act])
    with pytest.raises(psycopg.errors.UniqueViolation):
        draw(lasting_world, "suspension", [act])


def test_a_purpose_that_nobody_keeps_a_list_of_is_refused(lasting_world):
    (act,) = acts_for(lasting_world, 1)
    with pytest.raises(psycopg.errors.NotNullViolation):
        draw(lasting_world, "expiry", [act])


def small_list(world, purpose: str, size: int) -> int:
    """A list that is soon full, put there by the owner against the rule of size; later ones of a world are as small."""
    with psycopg.connect(world.fresh.superuser_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE akashi.status_list DROP CONSTRAINT IF EXISTS status_list_size_check")
        (number,) = connection.execute(
            "INSERT INTO akashi.status_list SELECT max(list_no) + 1, %s, %s, akashi.now() FROM akashi.status_list RETURNING list_no",
            [purpose, size],
        ).fetchone()
    return int(number)


def test_r6_an_exhausted_list_is_full_to_the_last_position_and_opens_the_next(world):
    small = small_list(world, "refresh", 64)
    drawn = together(world, "refresh", acts_for(world, 96))
    by_list = Counter(number for number, _ in drawn)
    assert max(Counter(drawn).values()) == 1
    assert sorted(position for number, position in drawn if number == small) == list(range(64))
    assert sum(by_list.values()) == 96
    assert len(by_list) == 2
    assert max(by_list) == small + 1


def test_two_purposes_that_run_out_together_open_a_list_each(world):
    for purpose in ("suspension", "refresh"):
        small_list(world, purpose, 8)
    acts = acts_for(world, 24)
    with ThreadPoolExecutor(2) as pool:
        shares = list(pool.map(lambda purpose: draw(world, purpose, acts), ("suspension", "refresh")))
    numbers = [{number for number, _ in share} for share in shares]
    assert numbers[0].isdisjoint(numbers[1])
    assert all(max(Counter(share).values()) == 1 for share in shares)


def test_r6_positions_of_a_voided_act_are_never_used_again(world):
    """A full list shows it: eight positions, two of them of a voided act, serve six others and then no more."""
    small = small_list(world, "revocation", 8)
    grant: Attempt = lawful_grant(world)
    with world.database.transaction(body=world.body) as connection:
        grant.decide(connection)
    voided = uuid4()
    with world.database.transaction(body=world.body) as connection:
        hold(connection, world.body, voided, "issue", grant.id, bytes(grant.certification.subject))
    (lost,) = draw(world, "revocation", [voided])
    with world.database.transaction(body=world.body) as connection:
        insert(connection, "act_void", body_id=world.body, act_id=voided, reason="test")
    later = draw(world, "revocation", acts_for(world, 12))
    assert lost not in later
    assert sum(number == small for number, _ in later) == 7


def test_r5_two_acts_claim_the_last_position_of_a_list(world):
    """One gets it, the other the first of a new list: nobody gets none, and nobody the same."""
    acts, running = iter(acts_for(world, 2 * ROUNDS)), Race(world, (world.body, world.body))
    for _ in range(ROUNDS):
        small_list(world, "refresh", 1)
        assert running.run(claim(next(acts)), claim(next(acts))) == (DONE, DONE)
    (held,) = rows(
        world, "SELECT count(*) AS n, count(DISTINCT act_id) AS acts FROM akashi.status_position WHERE list_no > 3"
    )
    assert (held.n, held.acts) == (2 * ROUNDS, 2 * ROUNDS)


def claim(act):
    return lambda connection: connection.exec_driver_sql(f"SELECT akashi.claim_position('refresh', '{act}')")
