"""What happens to each certification of a registry at size, decided before anything is played.

A life is a chain of decisions, each some tens of days after the one before: granted for one to three years, watched,
extended, reduced, amended, suspended and restored, renewed or let lapse, or ended. The same seed and number give the
same lives. Nothing here knows a registry; whether a life is lawful is the registry's to judge, when it is played.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from random import Random

from app.registry.demonstration.cast import CERTIFICATION_BODIES, CastOrganisation
from app.registry.demonstration.crowd import chance, somebody
from app.registry.demonstration.stage import AREAS

TICK = timedelta(days=10)
"""What happens within ten days happens on one of them, so that many acts share their commits."""
TICKS = 100
MONTH = 30.44 / TICK.days
"""A month in ticks."""
LONGEST_WAIT = 33
"""Ticks between two audits: surveillance once in twelve months (ISO/IEC 17021-1 9.6.2)."""
RENEWED_BEFORE = 9
"""Ticks before the end in which a certificate is renewed."""
LAST_TICKS = 4
"""With fewer left it is too late to renew."""
SUSPENDED_FOR = timedelta(days=150)
VERSIONS = frozenset({"grant", "amend", "extend", "reduce", "correct", "translate", "renew", "restore_expired"})


@dataclass(frozen=True)
class Content:
    """What a version says of what its organisation has: so many of its areas and sites, which wording, translated."""

    areas: int
    sites: int
    wording: int = 1
    translated: bool = True
    soa: int = 1


@dataclass(frozen=True)
class Step:
    """One decision: on which tick, what of, and for versions of a cycle for how many months."""

    tick: int
    act: str
    content: Content | None = None
    months: int | None = None
    annuls: int | None = None


@dataclass(frozen=True)
class Life:
    """A certification: whose, by which body, under which number, and its steps in order."""

    body: str
    organisation: CastOrganisation
    number: str
    confidential: bool
    steps: tuple[Step, ...]


def lives(certifications: int, seed: int) -> tuple[Life, ...]:
    """So many lives; the first of them are the same whatever the number."""
    return tuple(
        _life(Random(f"akashi {seed} {number}"), number)  # noqa: S311, a plan that is to repeat, and no secret
        for number in range(1, certifications + 1)
    )


def digest_of(told: tuple[Life, ...]) -> str:
    """The digest of everything that is to happen: equal for equal plans, on every machine."""
    content = json.dumps([asdict(one) for one in told], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def _life(random: Random, number: int) -> Life:
    body = random.choices(CERTIFICATION_BODIES, (5, 3, 2))[0]
    organisation = somebody(random, number, body.country, AREAS)
    steps = tuple(_steps(random, organisation))
    return Life(body.key, organisation, f"{body.key.upper()}-{number:06}", chance(random, 3), steps)


class _Certificate:
    """Where a life has come to: what holds, until when, and what was last done."""

    def __init__(self, tick: int, content: Content, months: int) -> None:
        self.tick = tick
        self.content = content
        self.months = months
        self.ends = tick + months * MONTH
        self.audited = tick
        self.events = 1

    def step(self, tick: int, act: str, content: Content | None = None, **more: int) -> Step:
        """The next step, after which this is how things stand."""
        self.tick = tick
        self.events += 1
        self.content = content or self.content
        if act in {"maintain", "extend", "renew", "restore_expired"}:
            self.audited = tick
        if act in {"renew", "restore_expired"}:
            self.ends += self.months * MONTH
        says = self.content if act in VERSIONS else None
        return Step(tick, act, says, self.months if act in {"renew", "restore_expired"} else None, **more)


def _steps(random: Random, organisation: CastOrganisation) -> Iterator[Step]:
    """From the grant until an end, or until now."""
    begun = random.randrange(1, TICKS)
    content = Content(
        areas=random.randint(1, 2),
        sites=random.randint(1, len(organisation.sites)),
        translated=organisation.scope_ja is None or chance(random, 80),
    )
    held = _Certificate(begun, content, random.choices((12, 24, 36), (5, 2, 3))[0])
    yield Step(begun, "grant", content, held.months)
    while (tick := held.tick + random.randint(4, 14)) < TICKS:
        if held.ends - tick < RENEWED_BEFORE:
            if held.ends - held.tick < LAST_TICKS or chance(random, 15):
                yield from _lapse(random, held)
                return
            yield held.step(min(tick, int(held.ends) - 3), "renew", _renewed(random, organisation, held.content))
        elif tick - held.audited > LONGEST_WAIT - 12:
            yield held.step(tick, "maintain")
        else:
            ended = False
            for step in _turn(random, organisation, held, tick):
                ended = step.act in {"withdraw", "cancel", "annul"}
                yield step
            if ended:
                return


def _turn(random: Random, organisation: CastOrganisation, held: _Certificate, tick: int) -> Iterator[Step]:
    """Something that befalls a certificate in force, or nothing."""
    turns = {"nothing": 45, "amend": 14, "suspend": 10, "correct": 4, "cancel": 4, "annul": 1}
    turns |= {
        act: weight
        for act, weight in (("extend", 12), ("reduce", 7), ("translate", 20))
        if _can(act, organisation, held)
    }
    act = random.choices(tuple(turns), tuple(turns.values()))[0]
    if act == "nothing":
        held.tick = tick
    elif act == "suspend":
        yield from _suspension(random, held, tick)
    elif act == "annul":
        yield held.step(tick, act, annuls=1)
    else:
        yield held.step(tick, act, _changed(random, act, organisation, held.content))


def _suspension(random: Random, held: _Certificate, tick: int) -> Iterator[Step]:
    """Suspended for some months, and mostly restored."""
    yield held.step(tick, "suspend")
    after = tick + random.randint(2, 9)
    if after < TICKS and after < held.ends - 2:
        yield held.step(after, "restore" if chance(random, 75) else "withdraw")
    else:
        held.tick = TICKS  # it stays suspended to the end of what is told


def _lapse(random: Random, held: _Certificate) -> Iterator[Step]:
    """Expired by the clock; one in three comes back within six months (ISO/IEC 17021-1 9.6.3.2)."""
    back = int(held.ends) + random.randint(3, 14)
    if chance(random, 35) and back < TICKS:
        yield held.step(back, "restore_expired", replace(held.content, soa=held.content.soa + 1))


def _can(act: str, organisation: CastOrganisation, held: _Certificate) -> bool:
    content = held.content
    match act:
        case "extend":
            return content.areas < len(organisation.areas) or content.sites < len(organisation.sites)
        case "reduce":
            return content.areas > 1 or content.sites > 1
        case _:
            return not content.translated


def _changed(random: Random, act: str, organisation: CastOrganisation, content: Content) -> Content:
    """What the version of an act says; an amendment says what was said, of whoever has another name now."""
    match act:
        case "extend":
            grows = content.areas < len(organisation.areas) and (
                content.sites == len(organisation.sites) or chance(random, 50)
            )
            return replace(content, areas=content.areas + 1) if grows else replace(content, sites=content.sites + 1)
        case "reduce":
            shrinks = content.areas > 1 and (content.sites == 1 or chance(random, 50))
            return replace(content, areas=content.areas - 1) if shrinks else replace(content, sites=content.sites - 1)
        case "correct":
            return replace(content, wording=content.wording + 1)
        case "translate":
            return replace(content, translated=True)
        case _:
            return content


def _renewed(random: Random, organisation: CastOrganisation, content: Content) -> Content:
    """A new cycle states the controls anew, and now and then covers one more site."""
    sites = min(len(organisation.sites), content.sites + (chance(random, 20)))
    return replace(content, soa=content.soa + 1, sites=sites)
