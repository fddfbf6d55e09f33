"""Random acts by random people over months: nothing unlawful ever stands, and every refusal tells the truth.

A state machine plays the life of some certifications in a body of one time zone: audits with and without findings,
decisions of every kind by the right people and the wrong ones, on days that count and days that do not, certificates
issued early, late or never, sanctions of the accreditation body, and time. After every step:

1. no row breaks a rule (`reconciled`, which asks no function of the schema);
2. what the report says of each certification is what folding its events by hand gives (`oracles.standing`);
3. a refusal named a rule that was truly broken (`oracles.BROKEN`; a code that it does not know fails the test).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from app.errors import AkashiError
from app.registry.audit import Finding, TeamMember
from app.registry.status_publication import republish_status
from app.registry.verification import verify
from tests.support import oracles
from tests.support.acts import refused
from tests.support.lending import Library
from tests.support.oracles import BROKEN, Tried
from tests.support.postgres import FreshDatabase
from tests.support.reconciled import breaches
from tests.support.soak import SOAKING, amount
from tests.support.world import World

ZONES = ("Asia/Tokyo", "Pacific/Kiritimati", "America/Adak")
LIVES = amount(tested=4, soaked=300)
STEPS = amount(tested=16, soaked=80)
LONGEST_LIFE = timedelta(days=700)  # the key is bound for 740 days

ACTS = (
    "grant", "refuse", "maintain", "extend", "reduce", "amend", "correct", "translate", "renew", "restore_expired",
    "suspend", "suspend_urgently", "ratify", "restore", "withdraw", "cancel", "annul",
)  # fmt: skip
CHANGES = {
    "grant": "whole", "extend": "wider", "reduce": "narrower", "correct": "reworded", "translate": "translated",
    "renew": "whole", "restore_expired": "whole",
}  # fmt: skip
"""What the certificate of an act says otherwise than those of the beginning."""
ACCREDITED = {"grant", "extend", "renew", "restore_expired"}
REASONS = {
    "refuse": "requirements_not_met",
    "reduce": "site_closed",
    "suspend": "nonconformity_persists",
    "suspend_urgently": "harm_imminent",
    "withdraw": "agreement_broken",
    "cancel": "holder_request",
    "annul": "issued_in_error",
}
VERDICTS = {
    "none": {"unknown"},
    "pending": {"not_currently_valid"},
    "active": {"valid", "valid_with_notice"},
    "suspended": {"not_currently_valid"},
    "expired": {"no_longer_valid"},
    "withdrawn": {"no_longer_valid"},
    "cancelled": {"no_longer_valid"},
    "annulled": {"never_valid"},
}
FAULTS: dict[str, dict[str, Any]] = {
    "by one person": {"people": ("decider",)},
    "by an auditor": {"people": ("auditor",)},
    "by a reviewer": {"people": ("reviewer", "decider")},
    "by somebody who may have audited": {"people": ("both",)},
    "tomorrow": {"day": 1},
    "yesterday": {"day": -1},
    "long ago": {"day": -31},
    "long ago, excused": {"day": -31, "late_reason": "the post was slow"},
    "from tomorrow": {"ahead": 1},
    "in three weeks": {"ahead": 20},
    "in a month and a day": {"ahead": 32},
    "backdated": {"ahead": -1},
    "without end": {"until": None},
    "with an end": {"until": 10},
    "for half a year": {"until": 190},
    "without a reason": {"reason": None},
    "without audits": {"resting": 0},
    "on the last audit": {"resting": 1},
    "without a certificate": {"change": None},
    "with a wider certificate": {"change": "wider"},
    "with a narrower certificate": {"change": "narrower"},
    "with another wording": {"change": "reworded"},
    "for too long": {"change": "longer"},
    "about an event": {"annuls": 1},
}
"""What somebody may do otherwise than one sensibly does; for some acts it is no fault."""


TURNS = ["decide"] * 8 + ["issue"] * 4 + ["wait"] * 3 + ["audit"] * 2 + ["close_findings", "open", "sanction"]
MOST = 3
"""Certifications of a life."""
Draw = Callable[[st.SearchStrategy[Any]], Any]


class Life(RuleBasedStateMachine):
    """What happens in one body; `lived` and `library` are set for each zone."""

    lived: World
    library: Library
    zone: str
    born: dict[str, tuple[Any, ...]]  # the certifications of the beginning, with their audits
    seen: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self._loan = ExitStack()
        self.world = self.lived.on(self._loan.enter_context(self.library.lend()))
        self.certifications = list(self.born)
        self.audits = {public_id: list(audits) for public_id, audits in self.born.items()}
        self.waiting: list[Any] = []
        self.end = self.world.now() + LONGEST_LIFE

    def teardown(self) -> None:
        self._loan.close()

    # --- What happens ---

    @rule(turn=st.sampled_from(TURNS), data=st.data())
    def turn(self, turn, data):
        """One thing happens; a rule for each would leave out some of them in each life."""
        getattr(self, turn)(data.draw)
        self._check()

    def open(self, draw: Draw) -> None:
        if len(self.certifications) < MOST:
            public_id = self.world.open(f"FC-{len(self.certifications):04}").public_id
            self.certifications.append(public_id)
            self.audits[public_id] = list(self.world.audits(public_id, findings=self._findings(draw)))

    def audit(self, draw: Draw) -> None:
        public_id = draw(st.sampled_from(self.certifications))
        kind = draw(st.sampled_from(["surveillance", "recertification", "extension", "follow_up"]))
        leader = draw(st.sampled_from(["auditor", "second_auditor", "both"]))
        team = (TeamMember(getattr(self.world, leader).id, "team_leader"),)
        done = self.world.audit(public_id, kind, last_day=self.world.today, findings=self._findings(draw), team=team)
        self.audits[public_id].append(done.id)

    def close_findings(self, _draw: Draw) -> None:
        """Every plan is accepted, every correction verified."""
        held = oracles.read(self.world.fresh.superuser_url)
        begun = {row.finding_id for row in held["finding_step"]}
        for row in held["finding"]:
            if row.grade != "opportunity" and row.id not in begun:
                upto = "verified" if row.grade == "major" else "plan_accepted"
                self.world.resolve(row.id, upto, done_on=self.world.today)

    def decide(self, draw: Draw) -> None:
        """Somebody decides something: sensibly, or with a fault or two that may be one or not."""
        world, public_id, act = self.world, draw(st.sampled_from(self.certifications)), draw(st.sampled_from(ACTS))
        wanted = self._sensible(public_id, act, event=draw(st.integers(1, 4)))
        for fault in draw(st.just([]) | st.lists(st.sampled_from(sorted(FAULTS)), min_size=1, max_size=2)):
            wanted |= FAULTS[fault]
        on = world.today + timedelta(days=wanted.pop("day"))
        deciders = tuple(getattr(world, name) for name in wanted.pop("people"))
        ahead, until, audits = wanted.pop("ahead"), wanted.pop("until"), wanted.pop("resting")
        proposal = {
            "effective_on": on + timedelta(days=ahead) if ahead else None,
            "until": None if until is None else on + timedelta(days=until),
            "relied_on": tuple(self.audits[public_id][-audits:]) if audits else (),
            "certificate": self._certificate(wanted.pop("change")),
            **wanted,
        }
        tried = self._tried(public_id, act, on, deciders, proposal)

        def attempt() -> None:
            decided = world.decide(public_id, act, deciders=deciders, on=on, **proposal)
            if act in CHANGES or act == "amend":
                self.waiting.append(decided)

        self._attempt(act, tried, attempt)

    def issue(self, draw: Draw) -> None:
        """The certificate of some decision that was taken, perhaps long ago."""
        if self.waiting:
            decided = draw(st.sampled_from(self.waiting))
            tried = self._tried(decided.certification, decided.act, self.world.today, (), {}).of_decision(decided.id)
            self._attempt("issue", tried, lambda: self.world.issue(decided))

    def sanction(self, draw: Draw) -> None:
        """The accreditation body speaks; it rarely withdraws."""
        act = draw(st.sampled_from(["suspend"] * 3 + ["restore"] * 6 + ["withdraw"]))
        held = oracles.read(self.world.fresh.superuser_url)
        last = max(held["accreditation_statement"], key=lambda row: row.statement_no)
        possible = {("active", "suspend"), ("suspended", "suspend"), ("suspended", "restore")}
        possible |= {(status, "withdraw") for status in ("active", "suspended")}
        if (last.status, act) in possible:
            self.world.change_accreditation(act)
        else:
            with refused("no_such_transition"):
                self.world.change_accreditation(act)

    def wait(self, draw: Draw) -> None:
        """Some time, or until just past the next midnight where the body is; the jobs publish the lists all the while."""
        days = draw(st.sampled_from([0, 0, 1, 2, 7, 30, 30, 90, 200]))
        now = self.world.now()
        later = now + timedelta(days=days) if days else oracles.midnight_after(now, self.zone)
        if later < self.end:
            self.world.set_clock(later)
            republish_status(self.world.registry)

    def _sensible(self, public_id: str, act: str, event: int) -> dict[str, Any]:
        return {
            "day": 0,
            "people": ("decider", "second_decider"),
            "ahead": 0,
            "until": 30 if act.startswith("suspend") else None,
            "resting": len(self.audits[public_id]),
            "reason": (REASONS[act], "said so") if act in REASONS else None,
            "late_reason": None,
            "change": CHANGES.get(act),
            "accreditations": (self.world.known_accreditation,) if act in ACCREDITED else (),
            "annuls": event if act == "annul" else None,
            "ratifies": event if act == "ratify" else None,
        }

    # --- What must hold ---

    def _attempt(self, what: str, tried: Tried, act: Any) -> None:
        try:
            act()
        except AkashiError as refusal:
            for code in {fault.code for fault in refusal.faults} or {refusal.code}:
                assert code in BROKEN, (
                    f"{what} was refused with {code}, of which the oracle knows nothing: {tried.told()}"
                )
                assert BROKEN[code](tried), f"{what} was refused with {code}, but that rule was kept: {tried.told()}"
                self.seen[code] += 1
        else:
            self.seen[what] += 1

    def _check(self) -> None:
        url, now = self.world.fresh.superuser_url, self.world.now()
        assert breaches(url) == []
        held = oracles.read(url)
        for public_id in self.certifications:
            report = verify(self.world.registry, public_id)
            expected = oracles.standing(held, public_id, now)
            said = report.standing.state if report.standing else "none"
            assert said == expected, (public_id, said, expected)
            assert report.verdict.value in VERDICTS[expected], (public_id, expected, report.verdict)
            told = report.standing.events if report.standing else ()
            assert [event.event_no for event in told] == oracles.events(held, public_id)
        then, public_id = self.world.start + (now - self.world.start) / 2, self.certifications[0]
        if then >= oracles.known_since(held, public_id):
            earlier = verify(self.world.registry, public_id, at=then).standing
            assert earlier is not None
            assert earlier.state == oracles.standing(held, public_id, then), (public_id, then)

    # --- How it is made ---

    def _findings(self, draw: Draw) -> tuple[Finding, ...]:
        grade = draw(st.sampled_from([None, None, None, "opportunity", "minor", "major"]))
        if grade is None:
            return ()
        due = None if grade == "opportunity" else self.world.ago(-60)
        return (Finding(grade, "8.4", "Impact assessment incomplete", due),)

    def _certificate(self, change: str | None) -> Any:
        world = self.world
        changes: dict[str, dict[str, Any]] = {
            "whole": {},
            "wider": {"site_ids": (world.head_office, world.laboratory)},
            "narrower": {"areas": ("generative",)},
            "reworded": {"statement": "Design and operation of AI functions in domestic robots"},
            "translated": {"translations": (*world.wanted().translations, ("de", "Entwurf und Betrieb"))},
            "longer": {"last_valid_day": world.ago(-2000)},
        }
        said = {"areas": ("generative", "robotics"), "soa_date": world.start.date()}
        return None if change is None else world.wanted(**(said | changes[change]))

    def _tried(self, public_id: str, act: str, on: Any, deciders: tuple[Any, ...], proposal: dict[str, Any]) -> Tried:
        return Tried(
            self.world.fresh.superuser_url,
            self.world.now(),
            self.zone,
            public_id,
            act,
            on,
            tuple(one.id for one in deciders),
            effective=proposal.get("effective_on"),
            until=proposal.get("until"),
            reason=proposal.get("reason"),
            late_reason=proposal.get("late_reason"),
            relied_on=proposal.get("relied_on", ()),
            certificate=proposal.get("certificate"),
            annuls=proposal.get("annuls"),
            ratifies=proposal.get("ratifies"),
            extra={"accreditations": proposal.get("accreditations")},
        )


@pytest.fixture(scope="module", params=ZONES)
def beginning(request, postgres, template, key_ring) -> Iterator[type[Life]]:
    """Bodies in a zone, accredited, with the people whom the acts need and two certificates: of months, of years."""
    there = type("Elsewhere", (World,), {"zone": request.param})
    lived = there(FreshDatabase(postgres, postgres.create_database(template)), key_ring)
    lived.accredit()
    lived.bind_key()
    lived.both = lived.add_person(lived.actor, "auditor", "decider")
    assert lived.laboratory
    born = {}
    for number, ends in (("FC-long", None), ("FC-short", lived.ago(-150))):
        public_id = lived.open(number).public_id
        born[public_id] = lived.audits(public_id)
        wanted = lived.wanted(areas=("generative", "robotics"), soa_date=lived.start.date(), last_valid_day=ends)
        lived.issue(lived.decide_grant(public_id, born[public_id], certificate=wanted))
    lived.close()
    library = Library.of(postgres, lived.fresh.name)
    shared = {"lived": lived, "library": library, "zone": request.param, "born": born, "seen": Counter()}
    yield type("LifeThere", (Life,), shared)
    library.close()
    postgres.drop_database(lived.fresh.name)


def test_whatever_anybody_does_only_what_is_lawful_stands(beginning):
    run_state_machine_as_test(
        beginning,
        settings=settings(
            max_examples=LIVES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=not SOAKING,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    done = {name for name in beginning.seen if name in ACTS}
    refused = {name for name in beginning.seen if name in BROKEN}
    assert len(done) >= 4, beginning.seen
    assert len(refused) >= 5, beginning.seen
