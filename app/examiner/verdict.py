"""From the checks to the one word and the one sentence (domain §9; the exact sentences of `sentences`).

Something positive is said only if every check was performed and none failed but for what a notice explains. Something
negative needs less: origin, an unbroken history and fresh data, for a suspension proves itself. Where that much is
missing the verdict is *unknown*, which is never "invalid".
"""

from __future__ import annotations

from app.conformity.periods import local_day
from app.conformity.standing import State, Verdict, verdict_of
from app.conformity.words import Word
from app.credentials.facts import SELF_DECLARED
from app.examiner.checks.accreditation import Reach
from app.examiner.checks.standing import UNSOUND
from app.examiner.dates import day_in_words, instant_in_words
from app.examiner.differences import changes_in_words, differences
from app.examiner.names import name_of_accreditation_body, name_of_holder
from app.examiner.notices import turns_the_verdict
from app.examiner.question import Examination
from app.examiner.report import SAID_BY_NOTICE, Check, Notice, Result
from app.examiner.sentences import (
    SCOPE_SHOWN,
    SCOPE_WITHHELD,
    Sentence,
    accredits,
    in_list,
    incomplete,
    sentence,
    shown_name,
)
from app.examiner.shown import name_shown, report_of

ORIGIN = ("signature", "issuer", "chain")

# Failures that a notice puts into words; the certificate stands.
_NOTICED = frozenset({"accreditation_at_decision", "accreditation_now", "version"})
_UNSOUND = UNSOUND | {"statement_missing"}
_ACCREDITATION = ("accreditation_at_decision", "accreditation_now")
# Notices whose sentence takes the place of *valid*: it would claim an accreditation that the entry does not have.
_OF_ITS_OWN_KIND = frozenset({"outside_accreditation", "self_declared", "without_accreditation", "imported"})


def comes_from_the_body(checks: dict[str, Check]) -> bool:
    """Whether signature and issuer are established and no chain speaks against them: only then facts are shown."""
    proven = all(checks[name].result is Result.PASSED for name in ("signature", "issuer"))
    return proven and checks["chain"].result is not Result.FAILED


def was_altered(checks: dict[str, Check]) -> bool:
    """Whether the file was changed or is not by the body that it names."""
    return any(checks[name].result is Result.FAILED for name in ORIGIN)


def verdict_on(checks: dict[str, Check], state: State, notices: tuple[Notice, ...]) -> Verdict:
    """The verdict for a standing whose documents come from the body; unaccredited it is never plain *valid*."""
    established = not missing(checks, state)
    noticed = any(turns_the_verdict(notice) for notice in notices)
    unaccredited = any(checks[name].result is Result.FAILED for name in _ACCREDITATION)
    return verdict_of(state, established=established, noticed=noticed or unaccredited)


def missing(checks: dict[str, Check], state: State) -> tuple[Check, ...]:
    """The checks for want of which nothing can be said about this state."""
    if state is State.ACTIVE:
        return tuple(check for check in checks.values() if _blocks(check))
    core = (checks[name] for name in ("standing", "freshness"))
    return tuple(check for check in core if check.result is Result.NOT_PERFORMED or check.code in _UNSOUND)


def _blocks(check: Check) -> bool:
    if check.result is Result.FAILED:
        return check.name not in _NOTICED or check.code in _UNSOUND
    return check.result is Result.NOT_PERFORMED and check.code not in SAID_BY_NOTICE


def summary_of(
    examination: Examination,
    reaches: tuple[Reach, ...],
    checks: dict[str, Check],
    verdict: Verdict,
    notices: tuple[Notice, ...],
) -> Sentence:
    """The sentence of the standing; for a notice the sentence that puts both together."""
    if verdict is not Verdict.UNKNOWN:
        return _standing_sentence(examination, reaches, notices)
    reasons = missing(checks, examination.standing.state)
    as_of, standing = None, None
    if checks["standing"].code not in _UNSOUND and checks["freshness"].code != "publication_key_not_anchored":
        as_of = instant_in_words(min(examination.at, examination.evidence.as_of))
        standing = _standing_sentence(examination, reaches, notices)
    return incomplete([check.detail for check in reasons], as_of, standing)


def _standing_sentence(examination: Examination, reaches: tuple[Reach, ...], notices: tuple[Notice, ...]) -> Sentence:
    state = examination.standing.state
    if state is State.ACTIVE:
        return _active_sentence(examination, reaches, notices)
    if _assurance(examination) == SELF_DECLARED:
        return sentence(f"declaration_{state.value}", **(_words(examination, reaches) | _days(examination)))
    return sentence(state.value, **(_words(examination, reaches) | _days(examination)))


def _active_sentence(examination: Examination, reaches: tuple[Reach, ...], notices: tuple[Notice, ...]) -> Sentence:
    """*Valid*, or the sentence of the gravest notice that has one of its own; only what holds is claimed."""
    words = _words(examination, reaches)
    holds_now = any(reach.holds_now for reach in reaches)
    leading = next((notice for notice in notices if turns_the_verdict(notice)), None)
    if leading and leading.code == "superseded":
        return sentence("superseded", **_supersession(examination))
    if leading and leading.code in _OF_ITS_OWN_KIND:
        return sentence(leading.code, **words)
    if leading and leading.code.startswith("accreditation_") and not holds_now:
        reach = next(reach for reach in reaches if reach.notice_now == leading.code)
        day = day_in_words(reach.ended_on) if reach.ended_on else Word("", "")
        return sentence(leading.code, **(words | {"A": name_of_accreditation_body(reach.latest), "D": day}))
    return sentence("valid" if holds_now else "outside_accreditation", **words)


def _assurance(examination: Examination) -> str:
    assert examination.examined is not None  # noqa: S101 - `examine` looked
    return examination.examined.document.facts.scheme.assurance


def _words(examination: Examination, reaches: tuple[Reach, ...]) -> dict[str, Word | str]:
    """H, B, A, S, M, R, D, D0 for any sentence: D is the last valid day."""
    assert examination.examined is not None  # noqa: S101 - `examine` looked
    facts = examination.examined.document.facts
    current = examination.current.document.facts if examination.current else facts
    accrediting = [reach for reach in reaches if reach.holds_now] or reaches
    told = report_of(examination)
    accreditors = dict.fromkeys(name_of_accreditation_body(reach.latest) for reach in accrediting)
    return {
        "H": name_of_holder(facts.holder, withheld="holder" in examination.evidence.withheld),
        "B": name_shown(examination),
        "M": shown_name((one.text, one.language) for one in facts.scheme.titles),
        "A": in_list(accreditors),
        "accredits": accredits(accreditors),
        "scope": SCOPE_WITHHELD if "scope" in examination.evidence.withheld else SCOPE_SHOWN,
        "S": facts.scheme.document.designation,
        "R": day_in_words(told.as_of) if told else Word("", ""),
        "D": day_in_words(current.validity.last_valid_day),
        "D0": day_in_words(
            examination.decision.document.decided_on if examination.decision else facts.decision.decided_on
        ),
    }


def _days(examination: Examination) -> dict[str, Word | str]:
    """D and U for the sentence of a standing that is not in force."""
    standing, current = examination.standing, examination.current
    assert current is not None  # noqa: S101 - `examine` looked
    validity = current.document.facts.validity
    if standing.state is State.PENDING:
        return {"D": day_in_words(validity.effective_on)}
    if standing.state is State.EXPIRED or standing.event is None or standing.since is None:
        return {"D": day_in_words(validity.last_valid_day)}
    instant = standing.event.recorded_at if standing.state is State.ANNULLED else standing.since
    until = day_in_words(standing.until) if standing.until else Word("", "")
    return {"D": day_in_words(local_day(instant, standing.event.time_zone)), "U": until}


def _supersession(examination: Examination) -> dict[str, Word | int]:
    current, examined = examination.current, examination.examined
    assert current is not None and examined is not None  # noqa: S101, PT018 - there is such a notice
    found = differences(examined.document, current.document, examination.evidence.withheld)
    return {
        "n": current.document.version_no,
        "D": day_in_words(current.document.facts.validity.effective_on),
        "changes": changes_in_words(found),
    }
