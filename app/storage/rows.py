"""The few ways in which queries touch rows; every statement is a constant of ours, every value a parameter.

`Connection` and `Row` are the two types that acts see of the database; SQL stays in this package.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import Connection, Row, TextClause, text

__all__ = ["Connection", "Row", "insert", "insert_all", "many", "one", "run", "scalar"]


def insert(connection: Connection, table: str, **values: Any) -> None:
    """One new row of schema `akashi`; dictionaries become JSON, tuples arrays."""
    columns = ", ".join(values)
    places = ", ".join(f":{name}" for name in values)
    statement = f"INSERT INTO akashi.{table} ({columns}) VALUES ({places})"  # noqa: S608, names are ours
    connection.execute(_known(statement), {name: _adapted(value) for name, value in values.items()})


def insert_all(connection: Connection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """The same for several rows with the same columns, in their order and one round trip; no rows are nothing."""
    if rows:
        places = ", ".join(f":{name}" for name in rows[0])
        statement = f"INSERT INTO akashi.{table} ({', '.join(rows[0])}) VALUES ({places})"  # noqa: S608, names are ours
        connection.execute(_known(statement), [{name: _adapted(row[name]) for name in row} for row in rows])


def one(connection: Connection, statement: str, **values: Any) -> Row[Any] | None:
    """The only row, or None."""
    return connection.execute(_known(statement), values).one_or_none()


def many(connection: Connection, statement: str, **values: Any) -> tuple[Row[Any], ...]:
    """All rows."""
    return tuple(connection.execute(_known(statement), values).all())


def scalar(connection: Connection, statement: str, **values: Any) -> Any:
    """The first column of the only row, or None."""
    return connection.execute(_known(statement), values).scalar_one_or_none()


def run(connection: Connection, statement: str, **values: Any) -> int:
    """How many rows a statement touched."""
    return int(connection.execute(_known(statement), values).rowcount)


@cache
def _known(statement: str) -> TextClause:
    """The statement with its parameters found: they are constants of ours, so there are only so many."""
    return text(statement)


def _adapted(value: Any) -> Any:
    if isinstance(value, dict):
        return Jsonb(value)
    return list(value) if isinstance(value, tuple) else value
