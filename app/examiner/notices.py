"""What a reader must know beside the standing, the gravest first.

Only those of `NOTICES_OF_VERDICT` turn *valid* into *valid, with a notice* (domain §9); the others inform.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from app.conformity.accreditation import AccreditationState, transfer_deadline
from app.conformity.editions import end_of
from app.conformity.periods import local_day
from app.conformity.recognition import lost_on
from app.conformity.standing import OVERTURNS, Act, State, pending_versions
from app.conformity.words import Word
from app.credentials.facts import ACCREDITED, SELF_DECLARED, CertificateFacts
from app.examiner.checks.accreditation import Reach
from app.examiner.checks.signature import unanchored, unproven
from app.examiner.dates import day_in_words
from app.examiner.differences import changes_in_words, differences
from app.examiner.documents import AccreditationStatement, Decision, LetterPurpose
from app.examiner.evidence import Filed
from app.examiner.glosses import A_LATER_EDITION, NOTICE_GLOSSES, NOTICES_OF_VERDICT, act_in_words, gloss
from app.examiner.history import annulments, decision_behind, event_of, known_statements, periods_of
from app.examiner.names import name_of_accreditation_body, name_of_body, name_of_holder
from app.examiner.question import Examination
from app.examiner.report import Notice
from app.examiner.sentences import shown_name
from app.examiner.shown import name_shown, report_of
from app.trust.anchors import Anchors

_STANDING = frozenset({State.PENDING, State.ACTIVE, State.SUSPENDED})
_SINCE_THE_DECISION = frozenset({"accreditation_ended", "accreditation_suspended", "accreditation_reduced"})


def notices_of(examination: Examination, reaches: tuple[Reach, ...]) -> tuple[Notice, ...]:
    """All notices in the order of their weight."""
    found = [
        *_of_kind(examination),
        *_of_accreditations(examination, reaches),
        *_of_unanchored(examination),
        *_of_version(examination),
        *_of_edition(examination),
        *_of_lateness(examination),
        *_of_origin(examination),
        *_of_takeover(examination),
        *_of_appeals(examination),
        *_of_what_is_to_come(examination),
        *_of_suspension(examination),
        *of_anchors(examination.question.anchors),
    ]
    order = {code: place for place, code in enumerate(NOTICES_OF_VERDICT)}
    return tuple(sorted(found, key=lambda notice: order.get(notice.code, len(order))))


def of_anchors(anchors: Anchors) -> Iterator[Notice]:
    """Development anchors prove nothing about the world; whoever passes them is told (records §10)."""
    if anchors.development:
        yield _notice("development_anchors", None)


def turns_the_verdict(notice: Notice) -> bool:
    """Whether this notice belongs to the verdict."""
    return notice.code in NOTICES_OF_VERDICT


def _notice(code: str, since: date | datetime | None, **values: Word | str | int) -> Notice:
    return Notice(code, gloss(NOTICE_GLOSSES[code], **values), since)


def _of_kind(examination: Examination) -> Iterator[Notice]:
    """What keeps an entry from reading like an accredited certificate that was decided here."""
    facts = _facts(examination)
    if facts is None:
        return
    if facts.scheme.assurance == SELF_DECLARED:
        holder = name_of_holder(facts.holder, withheld="holder" in examination.evidence.withheld)
        yield _notice("self_declared", None, H=holder)
    elif facts.scheme.assurance != ACCREDITED:
        yield _notice("without_accreditation", None, B=name_shown(examination))
    if told := report_of(examination):
        yield _notice("imported", told.as_of, B=name_shown(examination), D=day_in_words(told.as_of), P=told.source)


def _facts(examination: Examination) -> CertificateFacts | None:
    return examination.examined.document.facts if examination.examined else None


def _act(act: Act, examination: Examination) -> Word:
    scheme = examination.case.scheme
    return act_in_words(act, scheme.assurance if scheme else None)


def _of_accreditations(examination: Examination, reaches: tuple[Reach, ...]) -> Iterator[Notice]:
    decision = examination.decision
    if decision is None or examination.examined is None:
        return
    decided_on = decision.document.decided_on
    standard = examination.examined.document.facts.scheme.document.designation
    for claimed in _claimed(examination, reaches):
        yield _notice(
            "outside_accreditation",
            decided_on,
            A=claimed,
            B=name_of_body(reaches[0].latest) if reaches else name_shown(examination),
            S=standard,
            D0=day_in_words(decided_on),
        )
    for reach in reaches:
        yield from _of_reach(reach, decided_on, standard)
    yield from _of_transfer(examination, reaches)
    yield from _of_letters(examination, reaches)
    yield from _of_recognition(examination, reaches, decided_on)


def _claimed(examination: Examination, reaches: tuple[Reach, ...]) -> Iterator[Word]:
    """The accreditation bodies that the certificate claims and whose proven statements do not cover its decision."""
    assert examination.examined is not None  # noqa: S101 - the caller looked
    if examination.decision and examination.decision.document.act is Act.IMPORT:
        return
    covering = {reach.name for reach in reaches if reach.held_at_decision}
    covering |= unanchored(examination.case, examination.question.anchors)
    stated = {reach.name: name_of_accreditation_body(reach.latest) for reach in reaches}
    for held in examination.examined.document.facts.accreditations:
        if held.id not in covering:
            yield stated.get(held.id, Word(held.number, held.number))


def _of_unanchored(examination: Examination) -> Iterator[Notice]:
    """The claimed accreditations about which the anchors can say nothing."""
    left_out = unanchored(examination.case, examination.question.anchors)
    claimed = examination.examined.document.facts.accreditations if examination.examined else ()
    for held in claimed:
        if held.id in left_out:
            yield _notice("accreditation_not_anchored", None, N=held.number)


def _of_reach(reach: Reach, decided_on: date, standard: str) -> Iterator[Notice]:
    if reach.permitted:
        said = {"A": name_of_accreditation_body(reach.latest), "D0": day_in_words(decided_on)}
        yield _notice("issued_during_sanction", decided_on, **said)
    if reach.reached_back is not None:
        yield _of_what_reached_back(reach, reach.reached_back, decided_on)
    if reach.now.statement is not None and reach.now.statement.status is AccreditationState.CEASED:
        ceased_on = reach.now.statement.effective_on
        words = {"A": name_of_accreditation_body(reach.latest), "B": name_of_body(reach.latest)}
        yield _notice("body_ceased", ceased_on, **words, D=day_in_words(ceased_on))
    if reach.held_at_decision and reach.notice_now in _SINCE_THE_DECISION:
        day = reach.ended_on
        yield _notice(
            reach.notice_now,
            day,
            A=name_of_accreditation_body(reach.latest),
            B=name_of_body(reach.latest),
            S=standard,
            D=day_in_words(day) if day else Word("", ""),
        )


def _of_what_reached_back(reach: Reach, stated: Filed[AccreditationStatement], decided_on: date) -> Notice:
    """Both dates: the one that the accreditation body states, and the one on which it stated it."""
    recorded_on = local_day(stated.envelope.recorded_at, stated.document.time_zone)
    return _notice(
        "reached_back",
        stated.document.effective_on,
        A=name_of_accreditation_body(reach.latest),
        R=day_in_words(recorded_on),
        D=day_in_words(stated.document.effective_on),
        D0=day_in_words(decided_on),
    )


def _of_transfer(examination: Examination, reaches: tuple[Reach, ...]) -> Iterator[Notice]:
    """Where no accreditation is left: until when the certificate can be transferred as an accredited one (IAF MD 2)."""
    ended = [one for one in reaches if one.notice_now == "accreditation_ended" and one.ended_on]
    if not ended or any(reach.holds_now for reach in reaches) or examination.current is None:
        return
    last = max(ended, key=lambda reach: reach.ended_on or date.min)
    assert last.ended_on is not None  # noqa: S101 - chosen for it
    until = transfer_deadline(last.ended_on, examination.current.document.facts.validity.last_valid_day)
    over = local_day(examination.at, last.zone) > until
    yield _notice("no_longer_accredited" if over else "transfer_until", until, D=day_in_words(until))


def _of_takeover(examination: Examination) -> Iterator[Notice]:
    """Another body certifies the holder, and this one gave no word: its accreditation body's evidence says so."""
    left_out = unproven(examination.case, examination.question.anchors)
    continuation, known_at = examination.evidence.continuation, examination.known_at
    if continuation and continuation.recorded_at > known_at:
        return
    for filed in examination.case.takeover:
        stated = known_statements(examination.case, filed.document.accreditation, known_at)
        if stated and filed.envelope.recorded_at <= known_at and filed not in left_out:
            statement, day = stated[-1].document, filed.document.stated_on
            words = {"A": name_of_accreditation_body(statement), "B": name_of_body(statement), "D": day_in_words(day)}
            yield _notice("taken_over", day, **words)


def _of_letters(examination: Examination, reaches: tuple[Reach, ...]) -> Iterator[Notice]:
    """What accreditation bodies stated of this certificate by name, beside what its decision claims."""
    for reach in reaches:
        if reach.brought_under is not None and not reach.held_at_decision:
            day = reach.brought_under.document.effective_on
            words = {"A": name_of_accreditation_body(reach.latest), "D": day_in_words(day)}
            yield _notice("brought_under_accreditation", day, **words)
    left_out = unproven(examination.case, examination.question.anchors)
    for filed in examination.case.letters_about_it():
        letter = filed.document
        known = filed.envelope.recorded_at <= examination.known_at and filed not in left_out
        stated = known_statements(examination.case, letter.accreditation, examination.known_at)
        if known and stated and letter.purpose is LetterPurpose.ACCEPT_UNACCREDITED:
            words = {"A": name_of_accreditation_body(stated[-1].document), "D": day_in_words(letter.effective_on)}
            yield _notice("accepted_unaccredited", letter.effective_on, **words)


def _of_recognition(examination: Examination, reaches: tuple[Reach, ...], decided_on: date) -> Iterator[Notice]:
    """An accreditation body that was recognised at the decision and is not any more; it blocks nothing."""
    told = set()
    for reach in reaches:
        body = reach.latest.accreditation_body
        today = local_day(examination.at, reach.zone)
        last = lost_on(examination.evidence.recognitions, body, decided_on, today, examination.known_at)
        if last is not None and body not in told:
            told.add(body)
            words = {"A": name_of_accreditation_body(reach.latest), "D": day_in_words(last)}
            yield _notice("recognition_lost", last, **words)


def _of_version(examination: Examination) -> Iterator[Notice]:
    current, examined = examination.current, examination.examined
    if current is None or examined is None or examined.document.version_no >= current.document.version_no:
        return
    since = current.document.facts.validity.effective_on
    found = differences(examined.document, current.document, examination.evidence.withheld)
    yield _notice(
        "superseded",
        since,
        v=examined.document.version_no,
        n=current.document.version_no,
        D=day_in_words(since),
        act=_act(Act(current.document.facts.decision.act), examination),
        changes=changes_in_words(found),
    )


def _of_edition(examination: Examination) -> Iterator[Notice]:
    """That the edition of the version in force ends, or has ended, while the certification stands."""
    current = examination.current
    if current is None or examination.examined is not current or examination.standing.state not in _STANDING:
        return
    facts = current.document.facts
    standard = facts.scheme.document.designation
    ends = end_of(examination.evidence.editions, standard, examination.known_at)
    if ends is None:
        return
    over = local_day(examination.at, facts.validity.time_zone) > ends.certificates_to
    yield _notice(
        "edition_ended" if over else "edition_ends",
        ends.certificates_to,
        S=standard,
        N=ends.successor or A_LATER_EDITION,
        D=day_in_words(ends.certificates_to),
    )


def _of_lateness(examination: Examination) -> Iterator[Notice]:
    """The decision behind the examined version, and the one by which the certification stands as it does now."""
    case, facts, event = examination.case, _facts(examination), examination.standing.event
    speaking = [decision_behind(case, examination.examined)] if examination.examined else []
    if event is not None:
        named = (one.document.decision for one in case.events if one.document.event_no == event.event_no)
        speaking += [case.decisions.get(name) for name in named]
    for decision in {one.document.decision: one for one in speaking if one is not None}.values():
        recorded_on = _recorded_on(decision)
        if facts and (recorded_on - decision.document.decided_on).days > facts.scheme.late_after_days:
            decided_on = day_in_words(decision.document.decided_on)
            yield _notice("late_recorded", recorded_on, D0=decided_on, D=day_in_words(recorded_on))


def _recorded_on(decision: Filed[Decision]) -> date:
    return local_day(decision.envelope.recorded_at, decision.document.time_zone)


def _of_origin(examination: Examination) -> Iterator[Notice]:
    """The certification that this one continues, and the lapse that it bridges: both are told for ever."""
    facts = _facts(examination)
    if facts and facts.previous:
        names = shown_name((one.name, one.language) for one in facts.previous.body_names)
        number = facts.previous.certificate_id or facts.previous.number
        yield _notice("transferred_from", None, P=names, N=number or Word("number not stated", "番号の記載なし"))
    ended = facts.cycle.previous_ended_on if facts else None
    begun = next((one for one in _all_facts(examination) if one.cycle.previous_ended_on == ended), None)
    if ended and begun:
        again = begun.validity.effective_on
        yield _notice("lapse_bridged", again, D0=day_in_words(ended), D=day_in_words(again))


def _all_facts(examination: Examination) -> Iterator[CertificateFacts]:
    return (filed.document.facts for filed in examination.case.versions)


def _of_appeals(examination: Examination) -> Iterator[Notice]:
    """What an appeal annulled stays in the history; it is told what became of it."""
    events = {filed.document.event_no: filed.document for filed in examination.case.events}
    for annulled, by in annulments(examination.case, examination.known_at).items():
        event, end = events.get(annulled), events[by]
        if event is None or end.act not in OVERTURNS:
            continue
        day, until = (local_day(one.effective_at, one.time_zone) for one in (event, end))
        yield _notice(
            "annulled_on_appeal",
            end.effective_at,
            D=day_in_words(day),
            act=_act(event.act, examination),
            U=day_in_words(until),
        )


def _of_what_is_to_come(examination: Examination) -> Iterator[Notice]:
    """Versions and events that are recorded and take effect later; the first version is the standing itself."""
    by_number = {one.document.version_no: one.document for one in examination.case.versions}
    for period in pending_versions(periods_of(examination.case), examination.at, examination.known_at):
        if period.version_no > 1:
            day = by_number[period.version_no].facts.validity.effective_on
            yield _notice("version_pending", day, n=period.version_no, D=day_in_words(day))
    for filed in examination.case.events:
        event = event_of(filed)
        if event.event_no > 1 and event.recorded_at <= examination.known_at and event.effective_at > examination.at:
            day = local_day(event.effective_at, event.time_zone)
            yield _notice(
                "event_pending",
                event.effective_at,
                D=day_in_words(day),
                act=_act(event.act, examination),
            )


def _of_suspension(examination: Examination) -> Iterator[Notice]:
    standing = examination.standing
    if standing.state is State.SUSPENDED and standing.overdue_since and standing.until:
        yield _notice("suspension_overdue", standing.overdue_since, U=day_in_words(standing.until))
