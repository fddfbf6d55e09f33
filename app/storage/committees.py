"""Queries of committees, their members and votes, and of decision sheets."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from app.storage.rows import insert, many, one


def add_committee(connection: Connection, *, body: UUID, committee: UUID, name: str, quorum_percent: int) -> None:
    """A committee without members yet."""
    insert(connection, "committee", body_id=body, id=committee, name=name, quorum_percent=quorum_percent)


def find_committee(connection: Connection, body: UUID, committee: UUID) -> Row[Any] | None:
    """A committee of this body."""
    return one(
        connection,
        "SELECT id, name, quorum_percent FROM akashi.committee WHERE body_id = :body AND id = :committee",
        body=body,
        committee=committee,
    )


def members(connection: Connection, body: UUID, committee: UUID) -> tuple[Row[Any], ...]:
    """Everybody who sits or sat on the committee, with their first and last day."""
    return many(
        connection,
        "SELECT m.person_id, m.valid_from, e.last_day FROM akashi.committee_member m "
        "LEFT JOIN akashi.committee_member_end e USING (body_id, committee_id, person_id, valid_from) "
        "WHERE m.body_id = :body AND m.committee_id = :committee ORDER BY m.valid_from, m.person_id",
        body=body,
        committee=committee,
    )


def add_member(connection: Connection, *, body: UUID, committee: UUID, person: UUID, valid_from: date) -> None:
    """A person sits on the committee from a day on."""
    insert(
        connection, "committee_member", body_id=body, committee_id=committee, person_id=person, valid_from=valid_from
    )


def end_member(
    connection: Connection, *, body: UUID, committee: UUID, person: UUID, valid_from: date, last_day: date
) -> None:
    """The last day on which a person sits on the committee."""
    insert(
        connection,
        "committee_member_end",
        body_id=body,
        committee_id=committee,
        person_id=person,
        valid_from=valid_from,
        last_day=last_day,
    )


def add_vote(
    connection: Connection, *, body: UUID, draft: UUID, committee: UUID, person: UUID, vote: str, salt: bytes
) -> None:
    """How a member voted on a draft."""
    insert(
        connection,
        "draft_vote",
        body_id=body,
        draft_id=draft,
        committee_id=committee,
        person_id=person,
        vote=vote,
        salt=salt,
    )


def abstentions(connection: Connection, body: UUID, draft: UUID) -> tuple[Row[Any], ...]:
    """The members who abstained, with the salts of their commitments."""
    return many(
        connection,
        "SELECT person_id, salt FROM akashi.draft_vote WHERE body_id = :body AND draft_id = :draft "
        "AND vote = 'abstained' ORDER BY person_id",
        body=body,
        draft=draft,
    )


def add_item(connection: Connection, *, body: UUID, sheet: UUID, ordinal: int, draft: UUID) -> None:
    """A decision's place on a sheet."""
    insert(connection, "sheet_item", body_id=body, sheet_id=sheet, ordinal=ordinal, draft_id=draft)


def items(connection: Connection, body: UUID, sheet: UUID) -> tuple[Row[Any], ...]:
    """The drafts of a sheet in their order, each with its act and the people whose evidence it needs."""
    return many(
        connection,
        "SELECT i.draft_id, d.document, ARRAY(SELECT p.person_id FROM akashi.draft_person p "
        "WHERE p.body_id = i.body_id AND p.draft_id = i.draft_id ORDER BY 1) AS people "
        "FROM akashi.sheet_item i JOIN akashi.draft d ON d.body_id = i.body_id AND d.id = i.draft_id "
        "WHERE i.body_id = :body AND i.sheet_id = :sheet ORDER BY i.ordinal",
        body=body,
        sheet=sheet,
    )


def sheet_of(connection: Connection, body: UUID, draft: UUID) -> Row[Any] | None:
    """The sheet that lists a draft, with its document."""
    return one(
        connection,
        "SELECT i.sheet_id, d.document FROM akashi.sheet_item i "
        "JOIN akashi.draft d ON d.body_id = i.body_id AND d.id = i.sheet_id "
        "WHERE i.body_id = :body AND i.draft_id = :draft",
        body=body,
        draft=draft,
    )
