"""Whether what the tables hold keeps the rules, recomputed slowly and obviously from the rows alone.

No function, trigger or constraint of the schema is asked: whatever let a breach in would also hide it. `breaches`
names each one; after a race or a crash there is none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row

from app.conformity.periods import last_valid_day

TABLES = (
    "accreditation_statement", "act", "act_void", "appeal", "appeal_outcome", "appeal_panel", "audit", "audit_member", "certificate_version", "certification",
    "confirmation", "decision", "decision_type", "draft_accreditation", "draft_audit", "draft_person", "envelope",
    "finding", "finding_step", "impartiality_threat", "interest", "interest_end", "interest_kind",
    "issuance_reservation", "key_binding", "log_queue", "party", "person_key_end", "reservation", "slot",
    "standing_event", "status_list", "status_position", "threat_mitigation", "transfer", "transfer_step", "transition",
)  # fmt: skip


def breaches(superuser_url: str) -> list[str]:
    """Every rule-breaking row, in words; empty when all is lawful."""
    with psycopg.connect(superuser_url, row_factory=namedtuple_row) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        held: dict[str, list[Any]] = {
            table: list(connection.execute(f"SELECT * FROM akashi.{table}".encode())) for table in TABLES
        }
    checks = (
        acts, ordinals, decisions, teams, interests, threats, keys, findings, versions, accreditation, periods, standing,
        positions, appeals, transfers,
    )  # fmt: skip
    return [breach for check in checks for breach in check(held)]


def acts(held: dict[str, list[Any]]) -> Iterator[str]:
    """An act is sealed whole, void, or open and then holds its slot."""
    void = {row.act_id for row in held["act_void"]}
    sealed = {row.id for row in held["envelope"]}
    facts = defaultdict(list)
    for row in held["reservation"]:
        facts[row.act_id].append(row.id in sealed)
    slots = {row.act_id for row in held["slot"] if row.act_id}
    for act in held["act"]:
        done = facts[act.id]
        if any(done) and not all(done):
            yield f"act {act.id} is sealed in part"
        if any(done) and act.id in void:
            yield f"act {act.id} is sealed and void"
        if (any(done) or act.id in void) == (act.id in slots):
            yield f"act {act.id} is {'ended but holds' if act.id in slots else 'open without'} a slot"


def ordinals(held: dict[str, list[Any]]) -> Iterator[str]:
    """Facts of a subject are numbered without gaps, each has one leaf, time never goes back."""
    by_subject = defaultdict(list)
    for row in held["envelope"]:
        by_subject[bytes(row.subject)].append(row)
    for found in by_subject.values():
        found.sort(key=lambda row: row.n)
        if [row.n for row in found] != list(range(1, len(found) + 1)):
            yield f"subject {found[0].subject.hex()} has a gap"
        if [row.recorded_at for row in found] != sorted(row.recorded_at for row in found):
            yield f"subject {found[0].subject.hex()} goes back in time"
    if Counter(row.envelope_id for row in held["log_queue"]) != Counter(row.id for row in held["envelope"]):
        yield "leaves and envelopes differ"


def decisions(held: dict[str, list[Any]]) -> Iterator[str]:
    """A decision is confirmed by everybody it names, after the audits it relies on, and not effective before."""
    named, confirmed = defaultdict(set), defaultdict(set)
    for row in held["draft_person"]:
        named[row.draft_id].add(row.person_id)
    for row in held["confirmation"]:
        confirmed[row.draft_id].add(row.person_id)
    wanted = {row.act: row.deciders for row in held["decision_type"]}
    ended = {row.id: row.last_day for row in held["audit"]}
    relied_on = defaultdict(list)
    for row in held["draft_audit"]:
        relied_on[row.draft_id].append(row.audit_id)
    for row in held["decision"]:
        if named[row.id] != confirmed[row.id] or len(named[row.id]) < wanted[row.act]:
            yield f"decision {row.id} is not confirmed"
        if any(ended[audit] > row.decided_on for audit in relied_on[row.id]):
            yield f"decision {row.id} precedes its audit"
        if row.effective_on < row.decided_on and row.act != "annul":
            yield f"decision {row.id} is backdated"


def teams(held: dict[str, list[Any]]) -> Iterator[str]:
    """Nobody decided on an audit of their own team."""
    members = {(row.audit_id, row.person_id) for row in held["audit_member"]}
    decided = {row.id for row in held["decision"]}
    people = defaultdict(set)
    for row in held["draft_person"]:
        people[row.draft_id].add(row.person_id)
    for link in held["draft_audit"]:
        if link.draft_id in decided and any((link.audit_id, person) in members for person in people[link.draft_id]):
            yield f"decision {link.draft_id} by a member of the audit team"


def keys(held: dict[str, list[Any]]) -> Iterator[str]:
    """An ended key confirmed nothing any more."""
    ends = {(row.body_id, row.thumbprint): row.recorded_at for row in held["person_key_end"]}
    for row in held["confirmation"]:
        end = ends.get((row.body_id, row.thumbprint))
        if end is not None and end <= row.recorded_at:
            yield f"draft {row.draft_id} was confirmed by an ended key"


def interests(held: dict[str, list[Any]]) -> Iterator[str]:
    """Nobody decided, or audited what was decided on, for a client in which they had declared an interest."""
    months = {row.kind: row.cooling_off_months for row in held["interest_kind"]}
    ends = {row.interest_id: row.ended_on for row in held["interest_end"]}
    clients = {row.id: row.organisation_id for row in held["certification"]}
    audits = {row.id: row for row in held["audit"]}
    declared = defaultdict(list)
    for row in held["interest"]:
        ended = row.ended_on or ends.get(row.id)
        last = last_valid_day(ended, months[row.kind]) if ended else date.max
        declared[row.person_id, row.organisation_id].append((row.began_on or date.min, last, row.recorded_at))
    members, deciders, relied_on = defaultdict(list), defaultdict(list), defaultdict(list)
    for row in held["audit_member"]:
        members[row.audit_id].append(row.person_id)
    for row in held["draft_person"]:
        deciders[row.draft_id].append(row.person_id)
    for row in held["draft_audit"]:
        relied_on[row.draft_id].append(row.audit_id)
    for decision in held["decision"]:
        worked = [(person, decision.decided_on) for person in deciders[decision.id]]
        worked += [(one, audits[audit].first_day) for audit in relied_on[decision.id] for one in members[audit]]
        for person, day in worked:
            for first, last, known in declared[person, clients[decision.certification_id]]:
                if first <= day <= last and known < decision.recorded_at:
                    yield f"decision {decision.id} rests on somebody with an interest in the client"


def threats(held: dict[str, list[Any]]) -> Iterator[str]:
    """Nothing was granted to a client under a threat to impartiality that nobody had mitigated."""
    clients = {row.id: row.organisation_id for row in held["certification"]}
    for threat in held["impartiality_threat"]:
        done = [row for row in held["threat_mitigation"] if row.threat_id == threat.id]
        for decision in held["decision"]:
            before = [row for row in done if row.recorded_at < decision.recorded_at]
            open_then = not before or max(before, key=lambda row: row.recorded_at).outcome == "unacceptable"
            about = decision.act == "grant" and clients[decision.certification_id] == threat.organisation_id
            if about and open_then and threat.recorded_at < decision.recorded_at:
                yield f"decision {decision.id} under a threat to impartiality"


def findings(held: dict[str, list[Any]]) -> Iterator[str]:
    """No grant with an open finding."""
    needed = {"major": "verified", "minor": "plan_accepted"}
    steps = {(row.finding_id, row.step): row.done_on for row in held["finding_step"]}
    days = {row.id: row.decided_on for row in held["decision"] if row.act == "grant"}
    for link in held["draft_audit"]:
        for finding in held["finding"]:
            if finding.audit_id == link.audit_id and link.draft_id in days and finding.grade in needed:
                done = steps.get((finding.id, needed[finding.grade]))
                if done is None or done > days[link.draft_id]:
                    yield f"decision {link.draft_id} with an open {finding.grade} finding"


def versions(held: dict[str, list[Any]]) -> Iterator[str]:
    """Versions are gapless, each with a signed decision of its own, its reserved bytes and one event."""
    sealed = {row.id for row in held["envelope"]}
    signed = {(row.act_id, row.statement) for row in held["reservation"] if row.id in sealed}
    decided_by = {row.id: row.draft_id for row in held["act"]}
    signed_decisions = {decided_by[act] for act, statement in signed if statement == "akashi-decision-1"}
    intended = {row.reservation_id: row for row in held["issuance_reservation"]}
    events = Counter((row.certification_id, row.version_no) for row in held["standing_event"] if row.version_no)
    numbers = defaultdict(list)
    for row in held["certificate_version"]:
        numbers[row.certification_id].append(row.version_no)
        meant = intended[row.envelope_id]
        if (meant.certification_id, meant.version_no, meant.decision_id) != (row.certification_id, row.version_no, row.decision_id):  # fmt: skip
            yield f"version {row.version_no} of {row.certification_id} is not what was reserved"
        if row.decision_id not in signed_decisions or row.envelope_id not in sealed:
            yield f"version {row.version_no} of {row.certification_id} is not signed"
        if events[row.certification_id, row.version_no] != 1:
            yield f"version {row.version_no} of {row.certification_id} has no event of its own"
    for certification, found in numbers.items():
        if sorted(found) != list(range(1, len(found) + 1)):
            yield f"certification {certification} has versions {sorted(found)}"
    issued = Counter(row.decision_id for row in held["certificate_version"])
    yield from (f"decision {one} was issued {times} times" for one, times in issued.items() if times > 1)


def accreditation(held: dict[str, list[Any]]) -> Iterator[str]:
    """A granted version rested on an accreditation that held, and covered its areas, when it was recorded."""
    days = {row.id: row for row in held["decision"] if row.act == "grant"}
    rests_on, stated = defaultdict(list), defaultdict(list)
    for row in held["draft_accreditation"]:
        rests_on[row.draft_id].append(row.accreditation_id)
    for row in held["accreditation_statement"]:
        stated[row.accreditation_id].append(row)
    for version in held["certificate_version"]:
        for one in rests_on[version.decision_id] if version.decision_id in days else ():
            known = [row for row in stated[one] if row.recorded_at < version.recorded_at]
            holding = max(known, key=lambda row: row.statement_no, default=None)
            if holding is None or holding.status != "active":
                yield f"version of {version.certification_id} recorded under a lost accreditation"
            elif not set(days[version.decision_id].areas) <= set(holding.areas):
                yield f"version of {version.certification_id} recorded outside its accreditation"


def periods(held: dict[str, list[Any]]) -> Iterator[str]:
    """What needs a certificate within its period was begun before its end; what needs an expired one, after it."""
    begun = {row.id: row.recorded_at for row in held["act"]}
    act_of = {row.id: row.act_id for row in held["reservation"]}
    needed = {(row.from_state, row.act): row.validity for row in held["transition"]}
    ends = {(row.certification_id, row.version_no): row.valid_until for row in held["certificate_version"]}
    current: dict[Any, Any] = {}
    for event in sorted(held["standing_event"], key=lambda row: row.event_no):
        end = ends.get((event.certification_id, current.get(event.certification_id)))
        late = end is not None and end <= begun[act_of[event.envelope_id]]
        if end is not None and late != {"within": False, "after": True}.get(needed[event.from_state, event.act], late):
            yield f"event {event.event_no} of {event.certification_id} {'after' if late else 'before'} the end of validity"
        current[event.certification_id] = event.version_no or current.get(event.certification_id)


def standing(held: dict[str, list[Any]]) -> Iterator[str]:
    """Events follow one another along the transition table, one for each decision."""
    allowed = {(row.from_state, row.act): row.to_state for row in held["transition"]}
    chains = defaultdict(list)
    for row in held["standing_event"]:
        chains[row.certification_id].append(row)
    for certification, chain in chains.items():
        chain.sort(key=lambda row: row.event_no)
        state = "none"
        for number, event in enumerate(chain, start=1):
            if (event.event_no, event.from_state) != (number, state) or allowed.get((state, event.act)) != event.to_state:  # fmt: skip
                yield f"event {event.event_no} of {certification} does not continue {state}"
            state = event.to_state
    carried_out = Counter(row.decision_id for row in held["standing_event"])
    yield from (f"decision {one} has {times} events" for one, times in carried_out.items() if times > 1)


def positions(held: dict[str, list[Any]]) -> Iterator[str]:
    """Each reserved position was drawn for that act, within its list, and for nobody else."""
    sizes = {row.list_no: row.size for row in held["status_list"]}
    drawn = {(row.list_no, row.position): row.act_id for row in held["status_position"]}
    used = [
        (getattr(row, f"{purpose}_list"), getattr(row, f"{purpose}_position"), row.act_id)
        for row in held["issuance_reservation"]
        for purpose in ("revocation", "suspension", "refresh")
    ]
    for number, position, act in used:
        if drawn.get((number, position)) != act or position >= sizes[number]:
            yield f"position {position} of list {number} is not act {act}'s"
    if len({use[:2] for use in used}) != len(used):
        yield "a position was used twice"


def appeals(held: dict[str, list[Any]]) -> Iterator[str]:
    """A panel has no member who decided what is appealed, and alone overturns the event of an appeal that it upheld."""
    deciders, panels = defaultdict(set), defaultdict(set)
    for row in held["draft_person"]:
        deciders[row.draft_id].add(row.person_id)
    for row in held["appeal_panel"]:
        panels[row.appeal_id].add(row.person_id)
    for case in held["appeal"]:
        if deciders[case.decision_id] & panels[case.id]:
            yield f"appeal {case.id} is handled by its decider"
    upheld = {row.appeal_id for row in held["appeal_outcome"] if row.outcome == "upheld"}
    events = {(row.certification_id, row.event_no): row.decision_id for row in held["standing_event"]}
    handled_by = {case.decision_id: panels[case.id] for case in held["appeal"] if case.id in upheld}
    for row in held["decision"]:
        if row.act in {"overturn_suspension", "overturn_withdrawal"}:
            annulled = events.get((row.certification_id, row.annuls_no))
            if handled_by.get(annulled) != deciders[row.id]:
                yield f"decision {row.id} overturns outside an upheld appeal's panel"


def transfers(held: dict[str, list[Any]]) -> Iterator[str]:
    """A certification leaves by one transfer at a time; old and new do not overlap, and nothing grew on the way."""
    steps = defaultdict(list)
    for row in held["transfer_step"]:
        steps[row.transfer_id].append(row)
    for found in steps.values():
        found.sort(key=lambda row: row.n)
    over = {"completed", "withdrawn", "taken_back"}
    under_way = [row for row in held["transfer"] if not steps[row.id] or steps[row.id][-1].to_state not in over]
    leaving = Counter(row.from_certification_id for row in under_way if row.from_certification_id)
    yield from (f"certification {one} leaves {times} times" for one, times in leaving.items() if times > 1)
    for transfer in held["transfer"]:
        if any(step.step == "completed" for step in steps[transfer.id]):
            yield from _taken_over(held, transfer, steps[transfer.id])


def _taken_over(held: dict[str, list[Any]], transfer: Any, steps: list[Any]) -> Iterator[str]:
    """What a completed transfer made, held against the certificate that it continues, where that is here."""
    done = next(step for step in steps if step.step == "completed")
    new = next(row for row in held["certificate_version"] if row.decision_id == done.decision_id)
    ends = [
        row.effective_at
        for row in held["standing_event"]
        if row.certification_id == transfer.from_certification_id and row.act == "transfer_out"
    ]
    closed = any(step.step == "closed" and step.n < done.n for step in steps)
    word = [step.step for step in steps if step.step in {"released", "no_cooperation"}]
    if transfer.from_certification_id is None:
        return
    if closed and new.effective_at not in ends:
        yield f"transfer {transfer.id} begins at another instant than it closed"
    if not closed and word[-1:] != ["no_cooperation"]:
        yield f"transfer {transfer.id} was completed without the issuing body's closing or evidence"
    decided = {row.id: row for row in held["decision"]}
    versions = [row for row in held["certificate_version"] if row.certification_id == transfer.from_certification_id]
    old, came = decided[max(versions, key=lambda row: row.version_no).decision_id], decided[new.decision_id]
    if came.last_valid_day != old.last_valid_day or not set(came.areas) <= set(old.areas) or not set(came.roles) <= set(old.roles):  # fmt: skip
        yield f"transfer {transfer.id} moved more than there was"
