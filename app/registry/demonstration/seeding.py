"""Lives played at size: the acts of everybody's client, many to a commit, on a clock that only goes forward.

Nothing is put behind the rules: each record is made by its act as the service's role, each decision is drafted,
confirmed by its deciders' own keys, judged, signed and sealed, each certificate issued. What comes before the decisions
of a batch commits together with their confirmations; then all are decided, then all issued (`together`). A refusal
ends the play; every batch before it stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from app.conformity.periods import last_valid_day
from app.errors import AkashiError
from app.keys.evidence import sign_evidence
from app.registry import decision
from app.registry.demonstration import certifying
from app.registry.demonstration.cast import (
    CERTIFICATION_BODIES,
    FICTIONAL_EN,
    HARBOUR,
    HOSHIZORA,
    MERIDIAN,
    OLDMILL,
    TSUBAME,
    CastBody,
)
from app.registry.demonstration.lives import SUSPENDED_FOR, TICK, TICKS, VERSIONS, Content, Life, Step
from app.registry.demonstration.stage import STANDARD, Prepared, Stage
from app.registry.drafts import record_confirmation
from app.registry.gathered_facts import Wanted
from app.registry.together import carry_out, issue_together
from app.storage.database import gathered

MOST_TOGETHER = 40
"""Decisions to a batch: more would gain little and hold their locks for longer."""
BODIES_AT_ONCE = 2
"""Bodies that play at the same time: while one waits for the database the other signs."""
AUDITED_BY = {"maintain": "surveillance", "extend": "extension", "renew": "recertification"} | {
    "restore_expired": "recertification"
}
BEGINS_A_CYCLE = frozenset({"renew", "restore_expired"})
RESTS_ON_ACCREDITATION = frozenset({"grant", "extend", "renew", "restore_expired"})
REASONS = {
    "reduce": ("holder_request", "a part was given up"),
    "suspend": ("nonconformity_persists", "corrective action is overdue"),
    "withdraw": ("nonconformity_persists", "the cause was not resolved"),
    "cancel": ("holder_request", "letter of the holder"),
    "annul": ("issued_in_error", "the wrong file was decided on"),
}
FOUR_EYES = frozenset({"correct", "annul"})


@dataclass
class Course:
    """Where a life has come to, as those who play it remember: its certification, its last day, its holder's name."""

    prepared: Prepared
    ends: date
    stated_on: date
    name: str
    cycle: int = 1
    names: int = 1


@dataclass(frozen=True)
class Moment:
    """Something on the calendar, so many ticks after the beginning: acts in order, in queues that do not meet."""

    tick: float
    queues: tuple[tuple[Callable[[], int], ...], ...]
    """Each act plays itself and says how many decisions that took."""


def play_lives(
    stage: Stage,
    lives: Sequence[Life],
    *,
    now: datetime,
    set_clock: Callable[[datetime], None],
    tell: Callable[[datetime, int], None],
) -> None:
    """Everything happens on its day before `now`; `tell` hears the day and how many decisions were taken by then.

    The caller releases the clock afterwards.
    """
    calendar = sorted((*_accreditations(stage), *_decisions(stage, lives)), key=lambda one: one.tick)
    taken = 0
    with ThreadPoolExecutor(BODIES_AT_ONCE) as workers:
        for moment in calendar:
            instant = now - (TICKS - moment.tick) * TICK
            set_clock(instant)
            taken += sum(workers.map(_play_in_order, moment.queues))
            tell(instant, taken)


def _play_in_order(acts: Iterable[Callable[[], int]]) -> int:
    return sum(act() for act in acts)


# --- Accreditation: periods, a suspension that nobody's decision falls into, keys that follow keys ---


def _accreditations(stage: Stage) -> Iterator[Moment]:
    def on(tick: float, *acts: Callable[[], None]) -> Moment:
        return Moment(tick, (tuple(partial(_without_decision, act) for act in acts),))

    yield on(
        0,
        *(partial(stage.register_accreditation_body, body) for body in (HOSHIZORA, MERIDIAN)),
        partial(stage.register_certification_body, TSUBAME, HOSHIZORA),
        partial(stage.register_certification_body, HARBOUR, MERIDIAN),
        partial(stage.register_certification_body, OLDMILL, MERIDIAN),
        partial(stage.accredit, HOSHIZORA, TSUBAME, "HAB-0001", days=800),
        partial(stage.accredit, MERIDIAN, HARBOUR, "MAS-0417"),
        partial(stage.accredit, MERIDIAN, OLDMILL, "MAS-0418", days=650),
    )
    yield on(30.5, partial(stage.accredit, MERIDIAN, TSUBAME, "MAS-0533"))
    yield on(45.2, partial(stage.change_accreditation, MERIDIAN, HARBOUR, "suspend"))
    yield on(45.7, partial(stage.change_accreditation, MERIDIAN, HARBOUR, "restore"))
    yield on(60.5, partial(stage.change_accreditation, MERIDIAN, OLDMILL, "renew", days=1460))
    yield on(65.5, partial(stage.change_accreditation, HOSHIZORA, TSUBAME, "renew", days=1460))
    yield on(70.5, *(partial(stage.renew_key, body) for body in CERTIFICATION_BODIES))


def _without_decision(act: Callable[[], None]) -> int:
    act()
    return 0


# --- Decisions: each tick's, body by body ---


def _decisions(stage: Stage, lives: Sequence[Life]) -> Iterator[Moment]:
    due: dict[int, dict[str, list[tuple[Life, Step]]]] = defaultdict(lambda: defaultdict(list))
    for life in lives:
        for step in life.steps:
            due[step.tick][life.body].append((life, step))
    courses: dict[str, Course] = {}
    bodies = {body.key: body for body in CERTIFICATION_BODIES}
    for tick, by_body in due.items():
        queues = (tuple(_batches(stage, bodies[key], steps, courses)) for key, steps in by_body.items())
        yield Moment(tick, tuple(queues))


def _batches(
    stage: Stage, body: CastBody, steps: list[tuple[Life, Step]], courses: dict[str, Course]
) -> Iterator[Callable[[], int]]:
    for begin in range(0, len(steps), MOST_TOGETHER):
        yield partial(_play, stage, body, steps[begin : begin + MOST_TOGETHER], courses)


def _play(stage: Stage, body: CastBody, batch: list[tuple[Life, Step]], courses: dict[str, Course]) -> int:
    """The decisions of a batch are prepared and confirmed in one commit, then taken, then carried out."""
    company = stage.companies[body.key]
    with gathered(stage.registry.database, company.id) as database:
        inside = replace(stage, registry=replace(stage.registry, database=database))
        drafts = {_prepare(inside, body, life, step, courses): step for life, step in batch}

    _demand(carry_out(stage.registry, company.id, tuple(drafts)))

    versions = [draft for draft, step in drafts.items() if step.act in VERSIONS]
    if versions:
        _demand(issue_together(stage.registry, company.actor, versions, idempotency_key="seed"))
    return len(batch)


def _demand(outcomes: Mapping[UUID, object]) -> None:
    """Every one of them was done; the first refusal is raised."""
    for outcome in outcomes.values():
        if isinstance(outcome, AkashiError):
            raise outcome


def _prepare(stage: Stage, body: CastBody, life: Life, step: Step, courses: dict[str, Course]) -> UUID:
    """All that comes before a decision, and the decision with its deciders' evidence; its draft."""
    company, cast = stage.companies[body.key], life.organisation
    today = stage.today(company)
    if step.act == "grant":
        certifying.assess(stage, body, cast, life.number, confidential=life.confidential)
        courses[cast.key] = Course(stage.prepared[cast.key], today, today, cast.en)
    course = courses[cast.key]
    relied_on = _groundwork(stage, body, life, step, course, today)
    deciders = [company.people["decider"]] + [company.people["second_decider"]] * (step.act in FOUR_EYES)
    proposal = decision.Proposal(
        course.prepared.public_id,
        step.act,
        today,
        tuple(player.id for player in deciders),
        until=today + SUSPENDED_FOR if step.act == "suspend" else None,
        relied_on=relied_on,
        accreditations=tuple(company.accreditations.values()) if step.act in RESTS_ON_ACCREDITATION else (),
        certificate=_wanted(life, step, step.content, course, today) if step.content else None,
        reason=REASONS.get(step.act),
        annuls=step.annuls,
    )
    draft = decision.draft_decision(stage.registry, company.actor, proposal)
    with stage.registry.database.transaction(body=company.id) as connection:
        for player in deciders:
            record_confirmation(connection, company.actor, draft.id, sign_evidence(player.key, draft.document))
    return draft.id


def _groundwork(stage: Stage, body: CastBody, life: Life, step: Step, course: Course, today: date) -> tuple[UUID, ...]:
    """The audits on which an act of a certification that stands relies; before an amendment the holder's new name."""
    if step.act == "grant":
        return course.prepared.audits
    if step.act == "amend":
        course.names += 1
        changed = f"{life.organisation.en.removesuffix(FICTIONAL_EN)}Group {course.names} {FICTIONAL_EN}"
        certifying.rename(stage, body, life.organisation, changed, before=course.name)
        course.name = changed
    kind = AUDITED_BY.get(step.act)
    if kind is None:
        return ()
    company, public_id = stage.companies[body.key], course.prepared.public_id
    if step.act in RESTS_ON_ACCREDITATION:
        course.cycle += step.act in BEGINS_A_CYCLE
        planned_on = today - timedelta(days=40)
        certifying.plan_cycle(stage, company, public_id, course.prepared.sites, planned_on, course.cycle)
    return (certifying.hold_audit(stage, company, public_id, kind, today - timedelta(days=5)),)


def _wanted(life: Life, step: Step, content: Content, course: Course, today: date) -> Wanted | None:
    """What the version says; an amendment says what the one before says."""
    if step.act == "amend":
        return None
    cast = life.organisation
    if step.months is not None:
        begins = today if step.act == "grant" else course.ends + timedelta(days=1)
        course.ends = last_valid_day(begins, step.months)
        course.stated_on = today - timedelta(days=45)
    wording = f" Wording {content.wording}." if content.wording > 1 else ""
    return Wanted(
        designation=STANDARD,
        statement=cast.scope + wording,
        language="en",
        translations=(("ja", cast.scope_ja),) if cast.scope_ja and content.translated else (),
        roles=cast.roles,
        areas=tuple(sorted(cast.areas[: content.areas])),
        site_ids=course.prepared.sites[: content.sites],
        soa_version=f"{content.soa}.0",
        soa_date=course.stated_on,
        last_valid_day=course.ends if step.months is not None else None,
    )
