"""Checks 4 and 5, *accreditation at decision* and *accreditation now*: accredited for this then, and still.

For this scheme, edition, areas and countries, by signed statements alone. "At decision" compares plain dates with
`decided_on`; "now" is the instant asked about. A body counts as accredited now while any accreditation that the
certificate rests on reaches it; at the decision every one that it claims must have. What happened to an accreditation
later never ends a certificate by itself (domain §10): check 5 then fails, and the verdict carries a notice. A claimed
accreditation whose body the anchors do not name counts neither way; a notice says so. Where an accreditation body
brings a certificate under its accreditation later, check 4 stays as it is and check 5 looks at that accreditation, too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from app.conformity import accreditation
from app.conformity.accreditation import ENDED, AccreditationState
from app.conformity.periods import local_day
from app.conformity.standing import Act
from app.conformity.words import Word
from app.examiner.certificate import Certificate
from app.examiner.checks.outcome import failed, passed
from app.examiner.checks.signature import unanchored, unproven
from app.examiner.dates import day_in_words
from app.examiner.documents import AccreditationLetter, AccreditationStatement, Decision, LetterPurpose
from app.examiner.evidence import AnyFiled, Filed
from app.examiner.history import known_statements, scope_of, statement_of
from app.examiner.names import name_of_accreditation_body, name_of_body
from app.examiner.question import Examination
from app.examiner.report import Check
from app.examiner.sentences import in_list

AT_DECISION, NOW = "accreditation_at_decision", "accreditation_now"


@dataclass(frozen=True)
class Reach:
    """One accreditation as far as it reaches the examined version: at the decision, and at the time asked about."""

    name: str
    statements: tuple[Filed[AccreditationStatement], ...]
    at_decision: accreditation.Accreditation
    now: accreditation.Accreditation
    permitted: bool
    reached_back: Filed[AccreditationStatement] | None = None
    """The statement, recorded after the decision, without which the decision would have been covered."""
    claimed: bool = True
    """Whether the decision names it; only then can it have covered the decision."""
    brought_under: Filed[AccreditationLetter] | None = None
    """The letter by which its body brought the certificate under it later."""
    letter_ordinals: tuple[int, ...] = ()

    @property
    def latest(self) -> AccreditationStatement:
        """The last known statement: by its names the bodies are shown."""
        return self.statements[-1].document

    @property
    def held_at_decision(self) -> bool:
        """Whether the decision was covered, be it by a permission under a sanction."""
        return self.claimed and (self.at_decision.state is AccreditationState.ACTIVE or self.permitted)

    @property
    def holds_now(self) -> bool:
        """Whether the certification is within the accreditation at the time asked about."""
        return self.now.state is AccreditationState.ACTIVE

    @property
    def notice_now(self) -> str:
        """The code of what happened to the accreditation since; empty while it holds.

        `accreditation_reduced`: it covered the decision and no longer reaches the certification.
        """
        if self.holds_now:
            return ""
        if self.now.state in ENDED:
            return "accreditation_ended"
        if self.now.state is AccreditationState.SUSPENDED:
            return "accreditation_suspended"
        return "accreditation_reduced" if self.held_at_decision and self.now.statement else "not_accredited"

    @property
    def ended_on(self) -> date | None:
        """The day from which the state of now has held without a break."""
        return self.now.since or (self.now.statement.effective_on if self.now.statement else None)

    @property
    def zone(self) -> str:
        """The zone in which the accreditation body's dates count."""
        return self.latest.time_zone


def reaches_of(examination: Examination) -> tuple[Reach, ...]:
    """What each accreditation means for the examined version.

    Those that the decision names, and those under which the certificate was brought by the time asked about; those that
    are not known, and those whose statements are unproven, are left out.
    """
    version, decision = examination.examined, examination.decision
    if version is None or decision is None:
        return ()
    claimed, letters = _proven(decision.document, examination), _letters(examination)
    later = [name for name in letters if name not in claimed]
    reaches = []
    for name in (*claimed, *later):
        statements = known_statements(examination.case, name, examination.known_at)
        if statements:
            reach = _reach(examination.at, name, statements, decision, version.document)
            ordinals = tuple(
                one.envelope.n for one in _known_letters(examination) if one.document.accreditation == name
            )
            letter = letters.get(name)
            reaches.append(replace(reach, claimed=name in claimed, brought_under=letter, letter_ordinals=ordinals))
    return tuple(reaches)


def _letters(examination: Examination) -> dict[str, Filed[AccreditationLetter]]:
    """The first letter by which each accreditation body brought the certificate under its accreditation."""
    found: dict[str, Filed[AccreditationLetter]] = {}
    left_out = unproven(examination.case, examination.question.anchors)
    for filed in examination.case.letters_about_it():
        letter = filed.document
        counts = filed in _known_letters(examination) and filed not in left_out
        begun = letter.effective_on <= local_day(examination.at, letter.time_zone)
        if counts and begun and letter.purpose is LetterPurpose.BRING_UNDER:
            found.setdefault(letter.accreditation, filed)
    return found


def _known_letters(examination: Examination) -> tuple[Filed[AccreditationLetter], ...]:
    return tuple(one for one in examination.case.letters if one.envelope.recorded_at <= examination.known_at)


def _proven(decision: Decision, examination: Examination) -> list[str]:
    """The accreditations that the decision names but for the unanchored ones."""
    left_out = unanchored(examination.case, examination.question.anchors)
    return [name for name in decision.accreditations if name not in left_out]


def _reach(
    at: datetime,
    name: str,
    statements: tuple[Filed[AccreditationStatement], ...],
    decision: Filed[Decision],
    certificate: Certificate,
) -> Reach:
    scheme, scope, decided = certificate.facts.scheme.code, scope_of(certificate), decision.document
    folded = [statement_of(filed) for filed in statements]
    at_decision = accreditation.accreditation_on(folded, _day_of_decision(decided, certificate), scheme, scope)
    turned = accreditation.reaching_back(
        [(one, filed.envelope.recorded_at) for one, filed in zip(folded, statements, strict=True)],
        act=decided.act,
        decided_on=decided.decided_on,
        recorded_at=decision.envelope.recorded_at,
        scheme=scheme,
        scope=scope,
    )
    return Reach(
        name,
        statements,
        at_decision,
        accreditation.accreditation_at(folded, at, scheme, scope, certificate.facts.validity.time_zone),
        permitted=at_decision.state is AccreditationState.SUSPENDED and accreditation.permits(at_decision, decided.act),
        reached_back=statements[folded.index(turned)] if turned else None,
    )


def _day_of_decision(decided: Decision, certificate: Certificate) -> date:
    """What is imported was decided elsewhere, on the day that the report gives."""
    elsewhere = certificate.facts.original_decided_on if decided.act is Act.IMPORT else None
    return elsewhere or decided.decided_on


def check_at_decision(examination: Examination, reaches: tuple[Reach, ...]) -> Check:
    """Passed if every proven accreditation that the decision claims covered it on its date."""
    decision = examination.decision
    if decision is None or not reaches:
        return failed(AT_DECISION, "not_known")
    looked_at = [decision, *_statements(reaches)]
    words = _words(reaches, examination)
    claimed = _proven(decision.document, examination)
    if sum(reach.claimed for reach in reaches) < len(claimed) or not all(reach.held_at_decision for reach in reaches):
        return failed(AT_DECISION, "not_accredited", looked_at, **words)
    if any(reach.permitted for reach in reaches):
        return passed(AT_DECISION, "accredited_by_permission", looked_at, **words)
    return passed(AT_DECISION, "accredited", looked_at, **words)


def check_now(examination: Examination, reaches: tuple[Reach, ...]) -> Check:
    """Passed if an accreditation holds at the time asked about and none of its statements is missing."""
    looked_at = _statements(reaches)
    if any(_has_gap(reach) for reach in reaches):
        return failed(NOW, "statement_missing", looked_at)
    words = _words(reaches, examination)
    holding = [reach for reach in reaches if reach.holds_now]
    if holding:
        return passed(NOW, "accredited", looked_at, **(words | {"A": _accreditors(holding)}))
    if not reaches:
        return failed(NOW, "not_accredited", S=words["S"])
    first = reaches[0]
    day = day_in_words(first.ended_on) if first.ended_on else Word("", "")
    return failed(NOW, first.notice_now, looked_at, **words, D=day)


def _has_gap(reach: Reach) -> bool:
    """Statements are numbered from 1, and so is all that was recorded of an accreditation: nothing may be left out."""
    ordinals = sorted([*(one.envelope.n for one in reach.statements), *reach.letter_ordinals])
    numbers = [one.document.statement_no for one in reach.statements]
    return numbers != list(range(1, len(numbers) + 1)) or ordinals != list(range(1, len(ordinals) + 1))


def _words(reaches: tuple[Reach, ...], examination: Examination) -> dict[str, Word | str]:
    version, decision = examination.examined, examination.decision
    return {
        "A": _accreditors(reaches),
        "B": name_of_body(reaches[0].latest) if reaches else Word("", ""),
        "S": version.document.facts.scheme.document.designation if version else "",
        "D0": day_in_words(decision.document.decided_on) if decision else Word("", ""),
    }


def _accreditors(reaches: tuple[Reach, ...] | list[Reach]) -> Word:
    return in_list(dict.fromkeys(name_of_accreditation_body(reach.latest) for reach in reaches))


def _statements(reaches: tuple[Reach, ...]) -> list[AnyFiled]:
    return [filed for reach in reaches for filed in reach.statements]
