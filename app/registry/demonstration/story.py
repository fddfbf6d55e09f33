"""Fifteen months in a few seconds: what happens in the demonstration, in order, each scene on its day before now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from app.conformity.periods import last_valid_day
from app.registry.demonstration import certifying
from app.registry.demonstration.cast import (
    HARBOUR,
    HOSHIZORA,
    MERIDIAN,
    OLDMILL,
    ORGANISATIONS,
    TSUBAME,
    CastBody,
    CastOrganisation,
)
from app.registry.demonstration.stage import Stage

FIRST_DAY = 457
"""Days before now on which the story begins: fifteen months."""
TWELVE_MONTHS = 12
BY_KEY = {organisation.key: organisation for organisation in ORGANISATIONS}


@dataclass(frozen=True)
class Scene:
    """Something that happens a number of days before now; `says` is what the reader is told."""

    days_ago: int
    says: str
    play: Callable[[Stage], object]


def scenes() -> tuple[Scene, ...]:
    """The whole story, oldest first."""
    return tuple(sorted((*_bodies(), *_grants(), *_later()), key=lambda scene: -scene.days_ago))


def play_story(
    stage: Stage, *, now: datetime, set_clock: Callable[[datetime], None], tell: Callable[[datetime, str], None]
) -> None:
    """Every scene is played on its day; the caller releases the clock afterwards."""
    for scene in scenes():
        set_clock(now - timedelta(days=scene.days_ago))
        scene.play(stage)
        tell(now - timedelta(days=scene.days_ago), scene.says)


def _bodies() -> list[Scene]:
    accreditors = (HOSHIZORA, MERIDIAN)
    register = [
        Scene(FIRST_DAY, f"registered: {body.en}", partial(Stage.register_accreditation_body, cast=body))
        for body in accreditors
    ]
    bodies = ((TSUBAME, HOSHIZORA, "HAB-0001"), (HARBOUR, MERIDIAN, "MAS-0417"), (OLDMILL, MERIDIAN, "MAS-0418"))
    for body, accreditor, number in bodies:
        register.append(
            Scene(
                FIRST_DAY,
                f"registered: {body.en}",
                partial(Stage.register_certification_body, cast=body, accreditation_body=accreditor),
            )
        )
        register.append(_accredited(accreditor, body, number, FIRST_DAY))
    return register


def _accredited(accreditor: CastBody, body: CastBody, number: str, days_ago: int) -> Scene:
    says = f"accredited for ISO/IEC 42001, key bound: {body.en} by {accreditor.en}"
    return Scene(days_ago, says, partial(Stage.accredit, accreditation_body=accreditor, body=body, number=number))


def _grants() -> list[Scene]:
    """The accreditation by a second body comes between the grants, so that only what follows rests on both."""
    return [
        _granted(446, TSUBAME, "expired", "TC-2025-001", months=TWELVE_MONTHS),
        _granted(430, TSUBAME, "in_force", "TC-2025-002"),
        _granted(420, TSUBAME, "suspended", "TC-2025-003"),
        _granted(410, TSUBAME, "restored", "TC-2025-004"),
        _granted(400, TSUBAME, "withdrawn", "TC-2025-005"),
        _granted(395, TSUBAME, "cancelled", "TC-2025-006"),
        _granted(390, TSUBAME, "annulled", "TC-2025-007"),
        _granted(380, TSUBAME, "superseded", "TC-2025-008"),
        _granted(370, HARBOUR, "accreditation_suspended", "HM/AI/0012"),
        _granted(360, OLDMILL, "accreditation_ended", "OMA-77"),
        _granted(350, TSUBAME, "multi_site", "TC-2025-009"),
        _granted(340, TSUBAME, "confidential", "TC-2025-010", confidential=True),
        _accredited(MERIDIAN, TSUBAME, "MAS-0533", 320),
        _granted(310, TSUBAME, "two_accreditations", "TC-2026-001"),
        _granted(300, TSUBAME, "in_force_london", "TC-2026-002"),
        _granted(1, TSUBAME, "pending", "TC-2026-003", in_days=21),
    ]


def _granted(
    days_ago: int,
    body: CastBody,
    key: str,
    number: str,
    *,
    months: int | None = None,
    in_days: int = 0,
    confidential: bool = False,
) -> Scene:
    cast = BY_KEY[key]

    def play(stage: Stage) -> None:
        certifying.assess(stage, body, cast, number, confidential=confidential)
        effective = stage.today(stage.companies[body.key]) + timedelta(days=in_days)
        ends = last_valid_day(effective, months) if months else None
        certifying.grant(stage, body, cast, effective_on=effective, last_valid_day=ends)

    when = f", effective in {in_days} days" if in_days else ""
    return Scene(days_ago, f"assessed, decided, issued{when}: {cast.en} by {body.en}", play)


def _later() -> list[Scene]:
    return [
        _suspended(300, "restored", 150),
        _decided(240, "restored", "restore", "cause resolved, restored"),
        _suspended(250, "withdrawn", 120),
        _decided(
            180, "withdrawn", "withdraw", "not resolved, withdrawn", reason=("nonconformity_persists", "not resolved")
        ),
        _decided(200, "cancelled", "cancel", "ended at the holder's request", reason=("holder_request", "letter")),
        _decided(
            150, "annulled", "annul", "annulled by two deciders", reason=("issued_in_error", "wrong file"), annuls=1
        ),
        _renamed(120, "superseded", "Takasaki Imaging K.K. (fictional)"),
        Scene(
            90,
            f"accreditation suspended: {HARBOUR.en} by {MERIDIAN.en}",
            partial(Stage.change_accreditation, accreditation_body=MERIDIAN, body=HARBOUR, act="suspend"),
        ),
        Scene(
            60,
            f"accreditation withdrawn: {OLDMILL.en} by {MERIDIAN.en}",
            partial(Stage.change_accreditation, accreditation_body=MERIDIAN, body=OLDMILL, act="withdraw"),
        ),
        _suspended(30, "suspended", 150),
    ]


def _suspended(days_ago: int, key: str, days: int) -> Scene:
    cast = BY_KEY[key]

    def play(stage: Stage) -> None:
        until = stage.today(stage.companies[TSUBAME.key]) + timedelta(days=days)
        certifying.decide(
            stage, TSUBAME, cast, "suspend", until=until, reason=("nonconformity_persists", "action overdue")
        )

    return Scene(days_ago, f"suspended: {cast.en}", play)


def _decided(
    days_ago: int,
    key: str,
    act: str,
    says: str,
    *,
    reason: tuple[str, str] | None = None,
    annuls: int | None = None,
) -> Scene:
    cast = BY_KEY[key]

    def play(stage: Stage) -> None:
        certifying.decide(stage, TSUBAME, cast, act, reason=reason, annuls=annuls)

    return Scene(days_ago, f"{says}: {cast.en}", play)


def _renamed(days_ago: int, key: str, name: str) -> Scene:
    cast: CastOrganisation = BY_KEY[key]

    def play(stage: Stage) -> None:
        certifying.rename(stage, TSUBAME, cast, name)
        certifying.decide(stage, TSUBAME, cast, "amend")

    return Scene(days_ago, f"renamed, version 2 issued: {cast.en}", play)
