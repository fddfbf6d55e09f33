"""Requests made from the published contract that ask for one ID: each address, verb and role, each place for an ID.

A new operation of the contract is probed without anybody's work. Bodies of requests are the least that the contract
asks for, so that a probe reaches what looks the ID up, where it can.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx2
from starlette.testclient import TestClient

from tests.support.acts import rows
from tests.support.service import UNKNOWN_ID, Caller
from tests.support.world import STANDARD, World

OPEN_TO_ALL = {"accreditation", "accreditation_statement", "key_binding"}
"""Tables of public records, which everybody reads."""
FORMS: dict[str, Any] = {
    "certification": UNKNOWN_ID,
    "certificates": [UNKNOWN_ID],
    "countries": ["JP"],
    "country": "JP",
    "documents": [STANDARD],
    "language": "en",
    "names": [{"name": "x", "language": "en", "script": "Latn", "source": "x"}],
    "scheme": "aims",
    "script": "Latn",
    "thumbprint": "A" * 43,
    "to": "2027-01-15T00:00:00Z",
    "valid_to": "2027-01-15",
}
"""Well-formed values of members whose form the contract does not tell."""
Said = tuple[int, str, str]


@dataclass(frozen=True)
class Probe:
    """An operation, and where the ID stands in it: a parameter of its path, or a member of its body."""

    verb: str
    path: str
    parameter: str | None
    pointer: tuple[str | int, ...] | None
    body: str | None  # JSON

    def __str__(self) -> str:
        place = self.parameter or "/".join(str(step) for step in self.pointer or ())
        return f"{self.verb.upper()} {self.path} [{place}]"

    def ask(self, caller: Caller | None, http: TestClient, identity: str) -> httpx2.Response:
        """The answer to this caller, or to anybody; whatever else has an ID is given one of nothing."""
        path = self.path
        for name in _parameters(path):
            absent = str(FORMS.get(name, uuid4()))
            path = path.replace(f"{{{name}}}", identity if name == self.parameter else absent)
        headers = {"Idempotency-Key": str(uuid4())}
        if caller is not None:
            headers["Authorization"] = f"Bearer {caller.token}"
        return http.request(self.verb, path, json=self._content(identity), headers=headers)

    @property
    def public(self) -> bool:
        """Whether a public ID of a certification stands there."""
        held: Any = json.loads(self.body or "null")
        for step in self.pointer or ():
            held = held[step]
        return bool(held == UNKNOWN_ID)

    @property
    def table(self) -> str:
        """The table in which the path looks its ID up, as its address tells; what is confirmed is a draft."""
        named = self.path.partition("/{")[0].rpartition("/")[2].replace("-", "_").removesuffix("s")
        return {"people": "person"}.get(named, named)

    def _content(self, identity: str) -> Any:
        if self.body is None:
            return None
        content = json.loads(self.body)
        if self.pointer:
            *way, last = self.pointer
            held = content
            for step in way:
                held = held[step]
            held[last] = identity
        return content


def said(answer: httpx2.Response, identity: str) -> Said:
    """Status, kind and content of an answer, without the ID that was asked for and that of the request."""
    kind = answer.headers.get("content-type", "")
    text = answer.text
    if kind.endswith("json"):
        content = answer.json()
        if isinstance(content, dict):
            content.pop("request_id", None)
        text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return answer.status_code, kind, text.replace(identity, "the ID")


def probes(contract: dict[str, Any]) -> list[Probe]:
    """Every place for an ID in every operation for which one signs in."""
    return [
        probe
        for path, operations in contract["paths"].items()
        for verb, operation in operations.items()
        if isinstance(operation, dict) and operation.get("security")
        for probe in _of(contract, verb, path, operation)
    ]


def _of(contract: dict[str, Any], verb: str, path: str, operation: dict[str, Any]) -> Iterator[Probe]:
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    content = None if schema is None else _least(contract, schema)
    body = None if schema is None else json.dumps(content)
    for name in _parameters(path):
        yield Probe(verb, path, name, None, body)
    for pointer in _ids_in(content):
        yield Probe(verb, path, None, pointer, body)


def _parameters(path: str) -> list[str]:
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]


def _ids_in(content: Any, way: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(content, dict | list):
        items = content.items() if isinstance(content, dict) else enumerate(content)
        for step, inner in items:
            yield from _ids_in(inner, (*way, step))
    elif isinstance(content, str) and (content == UNKNOWN_ID or _is_id(content)):
        yield way


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _least(contract: dict[str, Any], schema: dict[str, Any]) -> Any:
    """The least value of a schema, but with every ID that it has a place for."""
    found = _resolved(contract, schema)
    if "enum" in found or "const" in found:
        return found.get("const", found.get("enum", [None])[0])
    if found.get("type") == "object":
        needed = found.get("required", ())
        return {
            name: FORMS[name] if name in FORMS else _least(contract, inner)
            for name, inner in found.get("properties", {}).items()
            if name in needed or _has_id(contract, inner)
        }
    if found.get("type") == "array":
        wanted = max(found.get("minItems", 0), 1 if _has_id(contract, found["items"]) else 0)
        return [_least(contract, found["items"]) for _ in range(wanted)]
    return _scalar(found)


def _resolved(contract: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Where references and the first of several choices lead."""
    if "$ref" in schema:
        return _resolved(contract, contract["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return _resolved(contract, schema[choice][0])
    return schema


def _scalar(schema: dict[str, Any]) -> Any:
    if schema.get("type") == "string":
        by_format = {"uuid": str(uuid4()), "date": "2026-01-15", "date-time": "2026-01-15T00:00:00Z"}
        text = by_format.get(schema.get("format", ""), "x" * max(schema.get("minLength", 1), 1))
        return text[: schema.get("maxLength", len(text))]
    return {"integer": int(schema.get("minimum", 1)), "number": 1, "boolean": True}.get(schema.get("type", ""))


def _has_id(contract: dict[str, Any], schema: dict[str, Any]) -> bool:
    if "$ref" in schema:
        return _has_id(contract, contract["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if schema.get("format") == "uuid":
        return True
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", ()), *schema.get("oneOf", ())]
    return any(_has_id(contract, one) for one in [*inner, *([schema["items"]] if "items" in schema else [])])


def ids_of(world: World, bodies: list[UUID], each: int) -> list[tuple[str, str]]:
    """So many IDs of each table that bodies keep to themselves, with the table."""
    tables = rows(
        world,
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'id' "
        "AND a.atttypid = 'uuid'::regtype JOIN pg_attribute b ON b.attrelid = c.oid AND b.attname = 'body_id' "
        "WHERE c.relnamespace = 'akashi'::regnamespace AND c.relkind = 'r' AND c.relname <> ALL (%(public)s) ORDER BY 1",
        public=sorted(OPEN_TO_ALL),
    )
    return [
        (table.relname, str(row.id))
        for table in tables
        for row in rows(
            world,
            f"SELECT id FROM akashi.{table.relname} WHERE body_id = ANY (%(bodies)s) ORDER BY id LIMIT %(each)s",
            bodies=bodies,
            each=each,
        )
    ]
