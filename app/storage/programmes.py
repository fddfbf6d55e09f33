"""Queries of programme, time, plan, surveillance and review of audits; columns by their names."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import Connection, Row

from app.storage.rows import insert, one, run, scalar


def add_programme(connection: Connection, *, body: UUID, certification: UUID, cycle: int, **row: Any) -> None:
    """The next version of a cycle's programme; the database numbers it."""
    latest = scalar(
        connection,
        "SELECT coalesce(max(version), 0) FROM akashi.audit_programme "
        "WHERE body_id = :body AND certification_id = :certification AND cycle = :cycle",
        body=body,
        certification=certification,
        cycle=cycle,
    )
    insert(
        connection,
        "audit_programme",
        body_id=body,
        certification_id=certification,
        cycle=cycle,
        version=latest + 1,
        **row,
    )


def add_scheme_audits(connection: Connection, body: UUID, programme: UUID, scheme: str, act: str) -> int:
    """Every audit that the scheme foresees for a cycle that begins with the act; how many."""
    return run(
        connection,
        "INSERT INTO akashi.programme_audit (body_id, programme_id, kind, year) "
        "SELECT :body, :programme, kind, year FROM akashi.cycle_audit WHERE scheme_code = :scheme AND act = :act",
        body=body,
        programme=programme,
        scheme=scheme,
        act=act,
    )


def add_programme_audits(
    connection: Connection, body: UUID, programme: UUID, audits: tuple[tuple[str, int], ...]
) -> None:
    """Audits of a programme: kind and year of the cycle."""
    run(
        connection,
        "INSERT INTO akashi.programme_audit (body_id, programme_id, kind, year) "
        "SELECT :body, :programme, kind, year FROM unnest(CAST(:kinds AS text[]), CAST(:years AS integer[])) a (kind, year) "
        "ON CONFLICT DO NOTHING",
        body=body,
        programme=programme,
        kinds=[kind for kind, _ in audits],
        years=[year for _, year in audits],
    )


def add_audit_time(connection: Connection, *, adjustments: list[dict[str, Any]], **row: Any) -> None:
    """How the time of the audits was calculated."""
    insert(connection, "audit_time", adjustments=Jsonb(adjustments), **row)


def add_plan(connection: Connection, **row: Any) -> None:
    """A plan as it was sent to the client."""
    insert(connection, "audit_plan", **row)


def find_plan(connection: Connection, body: UUID, plan: UUID) -> Row[Any] | None:
    """A plan of this body."""
    statement = (
        "SELECT id, organisation_id, kind, first_day FROM akashi.audit_plan WHERE body_id = :body AND id = :plan"
    )
    return one(connection, statement, body=body, plan=plan)


def add_planned_member(connection: Connection, **row: Any) -> None:
    """Somebody who is to take part."""
    insert(connection, "plan_member", **row)


def is_planned(connection: Connection, body: UUID, plan: UUID, person: UUID) -> bool:
    """Whether a person is in the team of a plan."""
    statement = "SELECT 1 FROM akashi.plan_member WHERE body_id = :body AND plan_id = :plan AND person_id = :person"
    return scalar(connection, statement, body=body, plan=plan, person=person) is not None


def add_objection(connection: Connection, **row: Any) -> None:
    """What the client has against a member."""
    insert(connection, "plan_objection", **row)


def has_objection(connection: Connection, body: UUID, plan: UUID, person: UUID) -> bool:
    """Whether the client objected to a person."""
    statement = "SELECT 1 FROM akashi.plan_objection WHERE body_id = :body AND plan_id = :plan AND person_id = :person"
    return scalar(connection, statement, body=body, plan=plan, person=person) is not None


def add_answer(connection: Connection, **row: Any) -> None:
    """What the body answered to an objection."""
    insert(connection, "objection_answer", **row)


def add_conclusion(connection: Connection, **row: Any) -> None:
    """What the team leader concluded."""
    insert(connection, "surveillance_conclusion", **row)


def has_conclusion(connection: Connection, body: UUID, audit: UUID) -> bool:
    """Whether an audit ended in a conclusion."""
    statement = "SELECT 1 FROM akashi.surveillance_conclusion WHERE body_id = :body AND audit_id = :audit"
    return scalar(connection, statement, body=body, audit=audit) is not None


def add_monitoring(connection: Connection, **row: Any) -> None:
    """How a conclusion looked to somebody else."""
    insert(connection, "conclusion_monitoring", **row)


def add_review(connection: Connection, **row: Any) -> None:
    """A technical review."""
    insert(connection, "review", **row)


def applied_areas(connection: Connection, body: UUID, certification: UUID) -> tuple[str, ...]:
    """The technical areas applied for."""
    statement = (
        "SELECT a.areas FROM akashi.certification c "
        "JOIN akashi.application a ON a.body_id = c.body_id AND a.id = c.application_id "
        "WHERE c.body_id = :body AND c.id = :certification"
    )
    return tuple(scalar(connection, statement, body=body, certification=certification) or ())


def judge_now(connection: Connection) -> None:
    """Rules that wait for the end of the transaction are asked now, so that their refusal names its code here."""
    run(connection, "SET CONSTRAINTS ALL IMMEDIATE")
    run(connection, "SET CONSTRAINTS ALL DEFERRED")
