"""JSON documents against the schemas of this package: every fault at once, with the place and a stable code.

Schemas are ours, compiled once, offline: formats are checked and no reference leaves the file. Messages never repeat
a presented value. Nothing that is presented makes this raise.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import jsonschema_rs

from app.credentials.strict_json import MAX_FAULTS, pointer_to
from app.errors import Fault

SCHEMA_FOLDER = Path(__file__).with_name("schema")

# What each keyword of JSON Schema finds, in our codes; keywords not named here find a text or a list of another form.
_CODES = {
    "type": "wrong_type",
    "enum": "unknown_value",
    "const": "unknown_value",
    "minLength": "wrong_length",
    "maxLength": "wrong_length",
    "minItems": "wrong_length",
    "maxItems": "wrong_length",
    "minimum": "out_of_range",
    "maximum": "out_of_range",
    "uniqueItems": "said_twice",
}


class Shape:
    """One schema of `SCHEMA_FOLDER`, read and compiled at the first use."""

    def __init__(self, file_name: str) -> None:
        self._file = SCHEMA_FOLDER / file_name

    @cached_property
    def _validator(self) -> jsonschema_rs.Draft202012Validator:
        schema = json.loads(self._file.read_text(encoding="utf-8"))
        return jsonschema_rs.Draft202012Validator(
            schema, validate_formats=True, ignore_unknown_formats=False, offline=True, mask="this value"
        )

    def faults(self, presented: object) -> tuple[Fault, ...]:
        """The first faults, in the order of the schema; none if the document has this shape."""
        try:
            return tuple(self._by_place(presented).values())
        except (ValueError, TypeError, RecursionError) as error:  # not JSON: a lone surrogate, endless depth, a set
            return (Fault("malformed_json", "", type(error).__name__),)

    def _by_place(self, presented: object) -> dict[tuple[str, str], Fault]:
        """One fault a code and place: a date that fails its pattern and its format is one wrong date."""
        found: dict[tuple[str, str], Fault] = {}
        for fault in self._faults(presented):
            found.setdefault((fault.code, fault.field), fault)
            if len(found) == MAX_FAULTS:
                break
        return found

    def _faults(self, presented: object) -> Iterator[Fault]:
        for error in self._validator.iter_errors(presented):
            yield from _faults_of(error)


def _faults_of(error: jsonschema_rs.ValidationError) -> Iterator[Fault]:
    place = ""
    for step in error.instance_path:
        place = pointer_to(place, step)
    kind: Any = error.kind
    if kind.name == "required":
        yield Fault("missing_member", pointer_to(place, kind.property))
    elif kind.name == "additionalProperties":
        yield from (Fault("unknown_member", pointer_to(place, name)) for name in kind.unexpected)
    else:
        yield Fault(_CODES.get(kind.name, "wrong_form"), place, error.message)
