"""What races against what: acts written with plain SQL, ready up to the point where only the race is left."""

from __future__ import annotations

from copy import deepcopy
from typing import Any
from uuid import UUID, uuid4

from app.registry import issuance, sealing
from app.registry.sealing import open_act
from app.storage import envelopes
from app.storage.rows import Connection
from tests.support.around import Attempt, seal
from tests.support.issuing import Issue, reserve_and_seal
from tests.support.many import Many
from tests.support.races import DONE, Ending, Write


def either(code: str, other: str | None = None) -> set[Ending]:
    """One of two wins, whichever it is; the other is refused."""
    return {(DONE, other or code), (code, DONE)}


def unless_too_late(code: str) -> set[Ending]:
    """The second always gets through; the first only if it came first."""
    return {(DONE, DONE), (code, DONE)}


def about(known: Any, pattern: Attempt, *audits: UUID) -> Attempt:
    """The same decision about another certification, resting on audits of that one."""
    document = pattern.document | {"certification": known.public_id, "relied_on": sorted(str(one) for one in audits)}
    facts = deepcopy(pattern.facts)
    return Attempt(pattern.world, document, facts, list(pattern.deciders), pattern.reason, known=known)


def confirmed(attempt: Attempt, connection: Connection) -> Attempt:
    """Drafted and confirmed, so that only the act is left."""
    attempt.draft(connection)
    attempt.confirm(connection)
    return attempt


def signed(attempt: Attempt, connection: Connection) -> Attempt:
    """Decided and sealed, so that only the issue is left."""
    attempt.decide(connection)
    seal(connection, attempt.world.body, attempt.reserve(connection))
    envelopes.free_slot(connection, attempt.world.body, attempt.act)
    return attempt


def decide(attempt: Attempt) -> Write:
    """The act of a confirmed draft, up to the row of the decision."""

    def write(connection: Connection) -> None:
        attempt.begin(connection)
        attempt.judge(connection)

    return write


def carry_out(attempt: Attempt) -> Write:
    """A confirmed decision with its event as the acts write them, all in one transaction."""
    body, word = attempt.world.body, attempt.document["act"]

    def write(connection: Connection) -> None:
        subject = bytes(attempt.certification.subject)
        open_act(connection, body=body, act=attempt.act, name="decide", draft=attempt.id, subject=subject, decides=word)
        attempt.judge(connection)
        reserve_and_seal(connection, attempt)
        envelopes.free_slot(connection, body, attempt.act)

    return write


def begin_version(attempt: Attempt, connection: Connection) -> UUID:
    """The first commit of the issue of a signed decision; returns the act."""
    request = issuance.request_of(attempt.id)
    world = attempt.world
    return issuance.reserve_version(world.registry, connection, world.body, attempt.id, str(uuid4()), request)


def finish_version(attempt: Attempt, act: UUID) -> Write:
    """The second commit of an issue, with invented signatures."""
    body = attempt.world.body

    def write(connection: Connection) -> None:
        reserved = envelopes.reservations_of(connection, body, act)
        signatures = {row.id: b"\1" * 64 for row in reserved}
        sealing._store(connection, body, act, reserved, signatures, issuance.recorder(body, act, attempt.id))

    return write


def issue_version(attempt: Attempt) -> Write:
    """Both commits of an issue in one transaction."""

    def write(connection: Connection) -> None:
        finish_version(attempt, begin_version(attempt, connection))(connection)

    return write


def second_commit(many: Many, issue: Issue) -> Write:
    """The second commit of an issue that was begun by hand."""

    def write(connection: Connection) -> None:
        issue.second_commit(connection)
        many.free(connection, issue.act)

    return write
