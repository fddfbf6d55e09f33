"""The least that issuing can cost: the same rows, one INSERT a round trip, in the same commits, and the bare crypto.

As pgbench would do it: prepared statements on one connection, durable commits, into tables with the same columns, keys,
indexes and simple checks, but without triggers, foreign keys, policies and rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, LiteralString

import psycopg
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from psycopg import sql

ALGORITHM = ec.ECDSA(SHA256())
SIGNATURES = 2
"""The credential and its standing event."""
VERIFICATIONS = 5
"""A stranger's look at both, two links of the chain, and the decider's evidence."""

TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'akashi'::regnamespace"
COLUMNS = """
SELECT attname FROM pg_attribute
WHERE attrelid = ('akashi.' || %s)::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""

Position = tuple[int, int]


@dataclass(frozen=True)
class Written:
    """One row that an act wrote: in which transaction and as which command of it, where, its columns as text."""

    position: Position
    table: str
    columns: tuple[str, ...]
    values: tuple[str | None, ...]


class Twin:
    """Tables like those of the registry, filled through one superuser's connection with autocommit."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def next_transaction(self) -> int:
        """The number of the next transaction: rows that are written from now on carry this one or a later."""
        return int(self._rows("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")[0][0])

    def written_since(self, transaction: int) -> list[Written]:
        """All rows that were written since and still stand, in the order of writing."""
        tables = [row[0] for row in self._rows(TABLES)]
        found = [row for table in tables for row in self._written(table, transaction)]
        return sorted(found, key=lambda row: row.position)

    def make_tables(self, written: Sequence[Written]) -> None:
        """An empty table stands for each that was written to."""
        self._connection.execute("CREATE SCHEMA reference")
        for table in sorted({row.table for row in written}):
            self._run("CREATE TABLE reference.{table} (LIKE akashi.{table} INCLUDING ALL EXCLUDING IDENTITY)", table)

    def empty_tables(self, written: Sequence[Written]) -> None:
        """The tables are as they were at first."""
        for table in sorted({row.table for row in written}):
            self._run("TRUNCATE reference.{table}", table)

    def write(self, written: Sequence[Written]) -> None:
        """The rows stand once more, one statement each, in the same commits."""
        for _, rows in groupby(written, key=lambda row: row.position[0]):
            with self._connection.transaction():
                for row in rows:
                    self._connection.execute(_insert(row.table, row.columns), row.values, prepare=True)

    def _written(self, table: str, transaction: int) -> list[Written]:
        columns = [row[0] for row in self._rows(COLUMNS, table)]
        query = sql.SQL(
            "SELECT xmin::text::bigint, cmin::text::bigint, {} FROM akashi.{} WHERE xmin::text::bigint >= %s"
        ).format(
            sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(column)) for column in columns),
            sql.Identifier(table),
        )
        found = self._connection.execute(query, (transaction,)).fetchall()
        return [Written((row[0], row[1]), table, tuple(columns), tuple(row[2:])) for row in found]

    def _rows(self, query: LiteralString, *values: object) -> list[Any]:
        return self._connection.execute(query, values).fetchall()

    def _run(self, statement: LiteralString, table: str) -> None:
        self._connection.execute(sql.SQL(statement).format(table=sql.Identifier(table)))


class Crypto:
    """The signatures and verifications of one issue over made-up bytes of the right size."""

    def __init__(self, size: int) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._public = self._key.public_key()
        self._message = b"x" * size

    def work(self) -> None:
        """Sign and verify as often as an issue does."""
        signature = b""
        for _ in range(SIGNATURES):
            signature = self._key.sign(self._message, ALGORITHM)
        for _ in range(VERIFICATIONS):
            self._public.verify(signature, self._message, ALGORITHM)


def _insert(table: str, columns: Sequence[str]) -> sql.Composed:
    return sql.SQL("INSERT INTO reference.{} ({}) VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.SQL(", ").join([sql.Placeholder()] * len(columns)),
    )
