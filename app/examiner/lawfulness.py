"""Rules of conformity assessment that a stranger can check in the signed documents alone: each breach in a few words.

What a decision of each act must name and may not name (17021-1 9.5, 9.6.5, 9.7), how a committee votes, and how a
version follows the one before it (`credentials.succession`). The database and the signer judged all of it before
anything was signed; here it is judged again from the bytes (docs/adr/0011). Who the people are, what they may do and
what the audits found stays behind commitments: that, only the body and its accreditation body can see.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.conformity.periods import local_day, working_days_after
from app.conformity.standing import ANNULS, LOOKS_BACK, MAKES_VERSION, TIME_LIMITED, Act, State
from app.credentials.succession import succession_faults
from app.examiner.documents import Committee, Decision, StandingEvent
from app.examiner.evidence import Case

RATIFIED_WITHIN = 5
"""Working days in which somebody else ratifies an urgent suspension (17021-1 9.6.5)."""
_UNDOES = {
    Act.OVERTURN_SUSPENSION: State.SUSPENDED,
    Act.OVERTURN_WITHDRAWAL: State.WITHDRAWN,
    Act.OVERTURN_TRANSFER: State.TRANSFERRED,
}


def broken_rules(case: Case) -> Iterator[str]:
    """Every rule that the documents of a case break, as `what: rule`; what nothing carried out binds nobody."""
    if any(one.document.act is Act.REFUSE for one in case.decisions.values()):
        yield "decision: a refusal is never public"
    events = [filed.document for filed in case.events]
    for place, event in enumerate(events):
        decision = case.decisions.get(event.decision)
        if decision is not None:
            rules = (*_of_decision(decision.document), *_of_reference(event, decision.document, events[:place], case))
            yield from (f"event {event.event_no}: {rule}" for rule in rules)
    facts = [filed.document.facts for filed in case.versions]
    for old, new, filed in zip([None, *facts], facts, case.versions, strict=False):
        yield from (f"version {filed.document.version_no}: {_words(code)}" for code in succession_faults(old, new))


def _words(code: str) -> str:
    return code.replace("_", " ")


def _of_decision(decision: Decision) -> Iterator[str]:
    """What a decision says for itself: facts, time limit and references only where its act has them, dates in order."""
    act = decision.act
    for member, stated, wanted in (
        ("facts", decision.facts_sha256, act in MAKES_VERSION),
        ("until", decision.until, act in TIME_LIMITED),
        ("annuls", decision.annuls, act in ANNULS),
        ("ratifies", decision.ratifies, act is Act.RATIFY),
    ):
        if (stated is not None) != wanted:
            yield f"{member} {'missing' if wanted else 'out of place'}"
    if decision.effective_on and decision.effective_on < decision.decided_on and act not in LOOKS_BACK:
        yield "effective before decision"
    if decision.committee:
        yield from _of_committee(decision.committee, decision.deciders)


def _of_committee(committee: Committee, deciders: tuple[str, ...]) -> Iterator[str]:
    """Each member once and in order; who voted decided, who abstained did not, and more than half of those were for."""
    members = [vote.member for vote in committee.votes]
    voted = [vote for vote in committee.votes if vote.vote != "abstained"]
    if members != sorted(set(members)):
        yield "committee members out of order"
    if {vote.member for vote in voted} != set(deciders):
        yield "deciders are not those who voted"
    if 2 * sum(vote.vote == "for" for vote in voted) <= len(voted):
        yield "no majority"


def _of_reference(
    event: StandingEvent, decision: Decision, earlier: Sequence[StandingEvent], case: Case
) -> Iterator[str]:
    """The earlier event that a decision annuls or ratifies is one of its kind, and the one that holds."""
    named = next((one for one in earlier if one.event_no == (decision.annuls or decision.ratifies)), None)
    if named is None:
        if decision.annuls or decision.ratifies:
            yield "names no earlier event"
    elif event.act in _UNDOES:
        yield from _of_undoing(event, named, earlier)
    elif event.act is Act.RATIFY:
        yield from _of_ratification(decision, named, earlier, case)


def _of_undoing(event: StandingEvent, named: StandingEvent, earlier: Sequence[StandingEvent]) -> Iterator[str]:
    """An appeal, or a transfer that failed, undoes what holds, and leads back to where things stood before it."""
    holding = [one for one in earlier if one.from_state is not one.to_state]
    if named is not holding[-1] or named.to_state is not _UNDOES[event.act]:
        yield "event not in force"
    elif event.to_state is not named.from_state:
        yield "leads elsewhere than back"


def _of_ratification(
    decision: Decision, named: StandingEvent, earlier: Sequence[StandingEvent], case: Case
) -> Iterator[str]:
    """Once, within five working days, of an urgent suspension."""
    if named.act is not Act.SUSPEND_URGENTLY:
        yield "event not in force"
        return
    began = local_day(named.effective_at, decision.time_zone)
    if decision.decided_on > working_days_after(began, RATIFIED_WITHIN):
        yield "ratification too late"
    before = (case.decisions.get(one.decision) for one in earlier if one.act is Act.RATIFY)
    if any(one is not None and one.document.ratifies == named.event_no for one in before):
        yield "already ratified"
