"""Check 9, *status lists*: the published lists say what the signed events say.

A list is a second witness of body-signed events and never the only one: a set bit that no event explains fails, and so
does an event that the list omits. A list that was published before the last event that moves a bit cannot speak about
it: then the event counts and the check is not performed (records §10). Lists are judged as of the data, whatever time
is asked about, for they know no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.conformity.standing import ENDED, Act, State
from app.credentials.jws import UnverifiedJws, check_jws, split_jws
from app.credentials.strict_json import parse_object
from app.errors import AkashiError
from app.examiner.certificate import CREDENTIAL_TYP, Certificate
from app.examiner.checks.outcome import Value, failed, not_performed, passed
from app.examiner.evidence import AnyFiled, Case, Evidence, Filed
from app.examiner.glosses import PURPOSES
from app.examiner.history import decision_behind, event_of
from app.examiner.question import CLOCKS_MAY_DIFFER, Examination
from app.examiner.report import Check
from app.status.entry import Purpose, StatusEntry
from app.status.list_credential import StatusList, read_status_list
from app.trust.anchors import Anchors

NAME = "status_lists"
MAX_LIST_BYTES = 1024 * 1024
_SECOND = timedelta(seconds=1)

# Which bit a successor by such a decision sets on the version before it (records §11).
_SUCCESSOR_BIT: Mapping[Act, Purpose] = {
    Act.EXTEND: Purpose.REFRESH,
    Act.AMEND: Purpose.REFRESH,
    Act.TRANSLATE: Purpose.REFRESH,
    Act.RENEW: Purpose.REFRESH,
    Act.TRANSITION: Purpose.REFRESH,
    Act.RESTORE_EXPIRED: Purpose.REFRESH,
    Act.REDUCE: Purpose.REVOCATION,
    Act.CORRECT: Purpose.REVOCATION,
    Act.OVERTURN_WITHDRAWAL: Purpose.REVOCATION,
    Act.OVERTURN_TRANSFER: Purpose.REVOCATION,
}
_REVOKED = ENDED | {State.ANNULLED}
_NOT_VALID_THEN = frozenset({"status_list_not_yet_valid", "status_list_expired"})


class _Stop(Exception):
    """The first thing that keeps the lists from agreeing."""

    def __init__(self, code: str, *, fault: bool, **values: Value) -> None:
        self.code, self.fault, self.values = code, fault, values


@dataclass(frozen=True)
class _Lists:
    """The lists at hand by address, each checked when it is first asked for and only once."""

    presented: Mapping[str, UnverifiedJws]
    anchors: Anchors
    at: datetime
    """When the lists must count: the time of the data, which may be rounded down to its minute."""
    checked: dict[str, StatusList]

    def bit(self, entry: StatusEntry) -> tuple[bool, datetime]:
        """The bit of an entry and the time of its list; raises `_Stop`."""
        if entry.list_address not in self.checked:
            self.checked[entry.list_address] = self._check(entry)
        found = self.checked[entry.list_address]
        try:
            return found.bits.get(entry.index), found.valid_from
        except AkashiError as error:
            raise _Stop("list_unreadable", fault=True, reason=error.code) from error

    def _check(self, entry: StatusEntry) -> StatusList:
        jws = self.presented.get(entry.list_address)
        if jws is None:
            raise _Stop("list_missing", fault=False, purpose=_purpose(entry.purpose))
        key = self.anchors.publication_key(str(jws.header.get("kid")), self.at)
        if key is None:
            raise _Stop("publication_key_not_anchored", fault=False)
        try:
            payload = parse_object(check_jws(jws, key).payload, max_bytes=MAX_LIST_BYTES)
            return read_status_list(payload, purpose=entry.purpose, address=entry.list_address, at=self.at)
        except AkashiError as error:
            then = error.code in _NOT_VALID_THEN
            code = "list_not_valid_then" if then else "list_unreadable"
            raise _Stop(code, fault=not then, reason=error.code) from error


def check_status_lists(examination: Examination) -> Check:
    """Passed if every bit of every version is as the events and versions demand."""
    case, evidence = examination.case, examination.evidence
    looked_at = [*case.versions, *case.events]
    try:
        lists = _Lists(_by_address(evidence), examination.question.anchors, evidence.as_of + CLOCKS_MAY_DIFFER, {})
        for filed in case.versions:
            for entry in filed.document.status:
                _compare(entry, filed, case, evidence.as_of, lists)
    except _Stop as stop:
        said = failed if stop.fault else not_performed
        return said(NAME, stop.code, looked_at, **stop.values)
    return passed(NAME, "agree", looked_at)


def list_addresses(case: Case) -> tuple[str, ...]:
    """The addresses of the lists that the versions name, each once, in the order of their entries."""
    return tuple(dict.fromkeys(entry.list_address for filed in case.versions for entry in filed.document.status))


def address_of(presented: str) -> str:
    """The address that a list gives for itself, unverified; raises if it is no list at all."""
    jws = split_jws(presented)
    address = parse_object(jws.payload, max_bytes=MAX_LIST_BYTES).get("id")
    if jws.header.get("typ") != CREDENTIAL_TYP or not isinstance(address, str):
        raise AkashiError("malformed_status_list", field="/id")
    return address


def _by_address(evidence: Evidence) -> dict[str, UnverifiedJws]:
    try:
        return {address_of(presented): split_jws(presented) for presented in evidence.status_lists}
    except AkashiError as error:
        raise _Stop("list_unreadable", fault=True, reason=error.code) from error


def _compare(entry: StatusEntry, filed: Filed[Certificate], case: Case, as_of: datetime, lists: _Lists) -> None:
    bit, published = lists.bit(entry)
    wanted = _wanted(entry.purpose, filed, case, as_of)
    changed = max(_changes(case, as_of), default=None)
    if changed is not None and published < changed.replace(microsecond=0):
        raise _Stop("list_older_than_event", fault=False)
    if wanted is None or bit is wanted:
        return
    if changed is not None and published < changed + _SECOND:
        raise _Stop("list_older_than_event", fault=False)
    raise _Stop("bit_without_event" if bit else "event_without_bit", fault=True, purpose=_purpose(entry.purpose))


def _changes(case: Case, as_of: datetime) -> Iterator[datetime]:
    """When anything that moves a bit came to be so: the grant moves none."""
    for filed in case.events:
        event = event_of(filed)
        if event.event_no > 1 and event.effective_at <= as_of:
            yield max(event.effective_at, event.recorded_at)
    for version in case.versions:
        begins = version.document.facts.validity.valid_from
        if version.document.version_no > 1 and begins <= as_of:
            yield max(begins, version.envelope.recorded_at)


def _wanted(purpose: str, filed: Filed[Certificate], case: Case, as_of: datetime) -> bool | None:
    """What the bit of this version should be; None where both are right (C028: an ended certification)."""
    state = _state(case, as_of)
    successor = _successor_bit(filed, case, as_of)
    if purpose == Purpose.REVOCATION:
        return state in _REVOKED or successor is Purpose.REVOCATION or _was_withdrawn(filed, case, as_of)
    if purpose == Purpose.REFRESH:
        return successor is Purpose.REFRESH
    if state in _REVOKED or filed.document.facts.validity.valid_until <= as_of:
        return None
    return state is State.SUSPENDED


def _was_withdrawn(filed: Filed[Certificate], case: Case, as_of: datetime) -> bool:
    """Whether a withdrawal reached this version: an appeal brings a new one, and the bit stays (records §11)."""
    return any(
        event.document.to_state in {State.WITHDRAWN, State.TRANSFERRED}
        and event.document.effective_at <= as_of
        and event.envelope.n > filed.envelope.n
        for event in case.events
    )


def _state(case: Case, as_of: datetime) -> State:
    """Where the events led; an annulment counts from its record on."""
    effective = [filed.document for filed in case.events if filed.document.effective_at <= as_of]
    return effective[-1].to_state if effective else State.NONE


def _successor_bit(filed: Filed[Certificate], case: Case, as_of: datetime) -> Purpose | None:
    number = filed.document.version_no + 1
    successor: AnyFiled | None = next((one for one in case.versions if one.document.version_no == number), None)
    if successor is None or successor.document.facts.validity.valid_from > as_of:
        return None
    decision = decision_behind(case, successor)
    return _SUCCESSOR_BIT.get(decision.document.act) if decision else None


def _purpose(purpose: str) -> Value:
    return PURPOSES.get(purpose, purpose)
