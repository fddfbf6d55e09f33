"""R31 through the HTTP door: what exists elsewhere answers exactly like what does not exist, at every address.

Probes are made from the published contract (`tests/support/probes.py`) and asked by a client of another certification
body with every scope, one that may only read, a client of another accreditation body, and nobody. The same through SQL:
`tests/migrations/test_tenants.py`.
"""

from __future__ import annotations

import itertools
import statistics
import time
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

import httpx2
import pytest

from app.api.limits import Limiter
from app.conformity.identifiers import generate_public_id
from app.registry.audit import Finding
from tests.support.acts import rows
from tests.support.cases import one_of_each
from tests.support.deciding import draft_grant
from tests.support.probes import Probe, ids_of, probes, said
from tests.support.service import Caller, Service
from tests.support.soak import amount
from tests.support.transfers import Accepting
from tests.support.world import ACCREDITATION_SCOPES, BODY_SCOPES, STANDARD, World

EACH = amount(tested=1, soaked=6)
"""IDs of each table."""
PAIRS = amount(tested=12, soaked=100)
"""Answers about each of two IDs whose times are compared; five times as many where they seem to differ."""
READING = frozenset({"certificates:read"})
LOOKING_UP = ("another certification body", "another accreditation body")
"""Who may ask so that something is looked up; the others are turned away before."""
SCOPE = {"documents": [STANDARD], "areas": ["robotics"], "countries": ["JP"]}


@dataclass
class Neighbours:
    """A service with a body that has something of everything, and those who are no part of it."""

    service: Service
    owners: list[UUID]
    ids: list[tuple[str, str]]  # with their tables
    public_ids: list[tuple[str, str]]
    callers: dict[str, Caller | None]

    @property
    def world(self) -> World:
        return self.service.world

    def ask(self, probe: Probe, role: str, identity: str) -> httpx2.Response:
        return probe.ask(self.callers[role], self.service.http, identity)

    def times(self, probe: Probe, role: str, foreign: str, pairs: int) -> tuple[list[float], list[float]]:
        """How long answers take about what exists elsewhere and about what exists nowhere, asked by turns."""
        took: tuple[list[float], list[float]] = ([], [])
        for _ in range(pairs):
            for which, identity in enumerate((foreign, str(uuid4()))):
                begin = time.perf_counter()
                self.ask(probe, role, identity)
                took[which].append(time.perf_counter() - begin)
        return took


@pytest.fixture(scope="module")
def neighbours(lasting_world) -> Neighbours:
    world = lasting_world
    service = Service(world)
    state = service.http.app.state
    state.door = replace(
        state.door, limiter=Limiter(clock=itertools.count().__next__)
    )  # a request a second, as it were
    owners = furnish(service)
    stranger, _ = world.add_certification_body("A stranger")
    oversight = world.add_accreditation_body("Another Accreditation", world.keys.create())
    return Neighbours(
        service,
        owners,
        ids_of(world, owners, EACH),
        [("certification", row.public_id) for row in rows(world, "SELECT public_id FROM akashi.certification")],
        {
            "another certification body": service.caller(stranger, BODY_SCOPES),
            "who may only read": service.caller(stranger, READING),
            "another accreditation body": service.caller(oversight, ACCREDITATION_SCOPES),
            "nobody": None,
        },
    )


def furnish(service: Service) -> list[UUID]:
    """Something of everything that has an ID: certificates, drafts, cases, people, a transfer; returns whose it is."""
    world = service.world
    finding = Finding("minor", "8.4", "Impact assessment incomplete", world.ago(-60))
    draft = draft_grant(world, "foreign-1", findings=(finding,))
    service.body.post("/v1/decision-sheets", {"decisions": [str(draft.id)]})
    issued = world.grant("foreign-2").public_id
    one_of_each(world, issued, world.suspend(issued).id)
    world.draft_statement("suspend")
    accepting = Accepting(world)
    accepting.open(world.grant("foreign-3").public_id)
    made = service.body.post("/v1/committees", {"name": "Committee", "quorum_percent": 66})
    assert made.status_code == 201, made.text
    wanted = {"accreditation_body": str(world.accreditation_body), "scheme": "aims", "scope": SCOPE}
    applied = service.body.post("/v1/accreditation-applications", wanted | {"applied_on": world.today.isoformat()})
    assert applied.status_code == 201, applied.text
    return [world.body, world.accreditation_body, accepting.body]


@pytest.fixture(scope="module")
def asked(neighbours) -> list[Probe]:
    return probes(neighbours.service.get("/openapi.json").json())


def test_every_operation_with_a_place_for_an_id_is_probed(neighbours, asked):
    contract = neighbours.service.get("/openapi.json").json()
    named = {(probe.verb, probe.path) for probe in asked}
    unprobed = {
        (verb, path)
        for path, operations in contract["paths"].items()
        for verb, operation in operations.items()
        if operation.get("security") and "{" in path
    } - named
    assert unprobed == set()
    assert len(asked) > 100
    assert len({table for table, _ in neighbours.ids}) > 17


def test_r31_what_exists_elsewhere_answers_like_what_exists_nowhere(neighbours, asked):
    before = rows_of(neighbours)
    differing, count = [], 0
    for probe in asked:
        for role in neighbours.callers:
            absent, existing = (
                (generate_public_id(), neighbours.public_ids) if probe.public else (str(uuid4()), neighbours.ids)
            )
            expected = said(neighbours.ask(probe, role, absent), absent)
            for table, identity in existing if role in LOOKING_UP else existing[:5]:
                told = said(neighbours.ask(probe, role, identity), identity)
                count += 1
                if told != expected or told[0] < 400:
                    differing.append((str(probe), role, table, told, expected))
    assert differing == []
    assert rows_of(neighbours) == before
    assert count >= amount(tested=5000, soaked=10_000)


def test_r31_no_list_shows_what_another_body_has(neighbours):
    contract = neighbours.service.get("/openapi.json").json()
    lists = [
        path
        for path, operations in contract["paths"].items()
        if "{" not in path and operations.get("get", {}).get("security") is not None
    ]
    assert len(lists) > 10
    for role in LOOKING_UP:
        for path in lists:
            shown = neighbours.callers[role].get(path).text
            assert not [identity for _, identity in neighbours.ids if identity in shown], (role, path)


def test_r31_what_exists_elsewhere_is_answered_as_fast_as_what_exists_nowhere(neighbours, asked):
    """Medians differ by less than a tenth, over all addresses and at each that looks an ID up."""
    known, foreign, absent, slower = dict(neighbours.ids), [], [], []
    for probe in asked:
        identity = known.get(probe.table, known["draft"])
        role = next((one for one in LOOKING_UP if neighbours.ask(probe, one, identity).status_code == 404), None)
        if probe.parameter is None or role is None:
            continue
        took = neighbours.times(probe, role, identity, PAIRS)
        foreign.extend(took[0])
        absent.extend(took[1])
        more = (neighbours.times(probe, role, identity, 5 * PAIRS) for _ in range(3))
        if differ(*took) and all(differ(*again) for again in more):
            slower.append(str(probe))
    assert slower == []
    assert not differ(foreign, absent)
    assert len(foreign) >= 40 * PAIRS


def differ(one: list[float], other: list[float]) -> bool:
    first, second = statistics.median(one), statistics.median(other)
    return abs(first - second) > 0.10 * max(first, second)


def rows_of(neighbours) -> dict[str, int]:
    """How many rows each table has of the bodies that were asked about."""
    tables = rows(
        neighbours.world,
        "SELECT c.relname FROM pg_class c JOIN pg_attribute b ON b.attrelid = c.oid AND b.attname = 'body_id' "
        "WHERE c.relnamespace = 'akashi'::regnamespace AND c.relkind = 'r'",
    )
    counted = "SELECT count(*) AS n FROM akashi.{} WHERE body_id = ANY (%(owners)s)"
    return {
        table.relname: rows(neighbours.world, counted.format(table.relname), owners=neighbours.owners)[0].n
        for table in tables
    }
