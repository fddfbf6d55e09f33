"""JSON from outside, read so that it has one meaning only, or refused with every place at fault.

Refused: what is not UTF-8, a byte order mark, duplicate members, lone surrogates and NUL in any text, numbers that a
double cannot hold exactly (I-JSON, RFC 7493 §2.2), fractions unless asked for, too many bytes, levels or members.
The standard library reads; its hooks leave a mark where it would have been lenient, and one walk turns marks into
faults with JSON pointers. (`orjson` and `msgspec` silently keep the last of duplicate members.)
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from app.errors import AkashiError, Fault

MAX_DEPTH = 32
MAX_MEMBERS = 10_000
MAX_INTEGER = 2**53 - 1
MAX_FAULTS = 50
"""A document with more faults than this is not a mistyped document; the rest is left out."""

_POINTER_TEXT = 80
_INTEGER_DIGITS = 17
_SURROGATE = re.compile("[\ud800-\udfff]")


class StrictJsonError(AkashiError):
    """The bytes are not acceptable JSON; `faults` names each place."""


@dataclass(frozen=True)
class _Flaw:
    """Stands in the parsed tree where a value cannot be accepted."""

    code: str
    member: str | None = None


def parse_json(
    presented: bytes,
    *,
    max_bytes: int,
    max_depth: int = MAX_DEPTH,
    max_members: int = MAX_MEMBERS,
    allow_floats: bool = False,
) -> Any:
    """The value of the bytes; raises `StrictJsonError` naming every fault. Members and elements count as members."""
    if len(presented) > max_bytes:
        raise StrictJsonError("json_too_large", note=f"more than {max_bytes} bytes")
    value = _read(_text_of(presented), allow_floats=allow_floats)
    if _is_sound(value, max_depth, max_members):
        return value
    faults = _Walk(max_depth, max_members).faults_of(value)
    if faults:
        raise StrictJsonError(faults[0].code, faults=faults)
    return value


def parse_object(presented: bytes, *, max_bytes: int, allow_floats: bool = False) -> dict[str, Any]:
    """As `parse_json`, for bytes that must hold a JSON object."""
    value = parse_json(presented, max_bytes=max_bytes, allow_floats=allow_floats)
    if not isinstance(value, dict):
        raise StrictJsonError("malformed_json", note="a JSON object was expected")
    return value


def pointer_to(parent: str, member: str | int) -> str:
    """JSON pointer (RFC 6901) to a member, shortened and without surrogates so that it can always be shown."""
    text = str(member)[:_POINTER_TEXT].encode("utf-8", "replace").decode("utf-8")
    return f"{parent}/{text.replace('~', '~0').replace('/', '~1')}"


def _text_of(presented: bytes) -> str:
    try:
        text = presented.decode("utf-8")
    except UnicodeDecodeError as error:
        raise StrictJsonError("malformed_json", note=f"byte {error.start} is not UTF-8") from error
    if text.startswith("\ufeff"):
        raise StrictJsonError("malformed_json", note="a byte order mark was found")
    return text


def _read(text: str, *, allow_floats: bool) -> Any:
    try:
        return json.loads(
            text,
            object_pairs_hook=_members,
            parse_int=_integer,
            parse_float=partial(_fraction, allowed=allow_floats),
            parse_constant=lambda _: _Flaw("number_out_of_range"),
        )
    except json.JSONDecodeError as error:
        note = f"{error.msg} at line {error.lineno}, column {error.colno}"
        raise StrictJsonError("malformed_json", note=note) from error
    except RecursionError as error:
        raise StrictJsonError("json_too_deep") from error


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any] | _Flaw:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    seen: set[str] = set()
    twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
    return _Flaw("duplicate_member", twice)


def _integer(text: str) -> int | _Flaw:
    """Length is looked at first: converting a long run of digits costs more than it is worth."""
    if len(text) > _INTEGER_DIGITS or abs(int(text)) > MAX_INTEGER:
        return _Flaw("number_out_of_range")
    return int(text)


def _fraction(text: str, *, allowed: bool) -> float | _Flaw:
    if not allowed:
        return _Flaw("number_not_integer")
    value = float(text)
    return value if math.isfinite(value) else _Flaw("number_out_of_range")


def _is_sound(value: object, max_depth: int, max_members: int) -> bool:
    """Whether the walk would find nothing: the same questions without their places, for that is nearly always so."""
    level, depth = [value], 0
    while level:
        depth += 1
        below: list[object] = []
        for one in level:
            if isinstance(one, str):
                if not _is_clean(one):
                    return False
            elif isinstance(one, dict | list):
                max_members -= len(one)
                if (
                    depth > max_depth
                    or max_members < 0
                    or not all(map(_is_clean, one if isinstance(one, dict) else ()))
                ):
                    return False
                below.extend(one.values() if isinstance(one, dict) else one)
            elif isinstance(one, _Flaw):
                return False
        level = below
    return True


def _is_clean(text: str) -> bool:
    return "\0" not in text and (text.isascii() or not _SURROGATE.search(text))


class _Walk:
    """One pass over a parsed tree that counts members and collects faults."""

    def __init__(self, max_depth: int, max_members: int) -> None:
        self._max_depth = max_depth
        self._members_left = max_members

    def faults_of(self, value: object) -> tuple[Fault, ...]:
        """The first faults in document order."""
        return tuple(fault for fault, _ in zip(self._faults(value, "", 1), range(MAX_FAULTS), strict=False))

    def _faults(self, value: object, pointer: str, depth: int) -> Iterator[Fault]:
        if isinstance(value, _Flaw):
            yield Fault(value.code, pointer if value.member is None else pointer_to(pointer, value.member))
        elif isinstance(value, str):
            yield from _text_faults(value, pointer)
        elif isinstance(value, dict | list):
            yield from self._container_faults(value, pointer, depth)

    def _container_faults(
        self, container: dict[str, object] | list[object], pointer: str, depth: int
    ) -> Iterator[Fault]:
        self._members_left -= len(container)
        if depth > self._max_depth:
            yield Fault("json_too_deep", pointer)
        elif self._members_left < 0:
            yield Fault("json_too_many_members", pointer)
        else:
            entries = container.items() if isinstance(container, dict) else enumerate(container)
            for member, value in entries:
                place = pointer_to(pointer, member)
                if isinstance(member, str):
                    yield from _text_faults(member, place)
                yield from self._faults(value, place, depth + 1)


def _text_faults(text: str, pointer: str) -> Iterator[Fault]:
    """After decoding UTF-8 a surrogate can only come from the escape of half a pair (C010)."""
    if "\0" in text:
        yield Fault("nul_character", pointer)
    if _SURROGATE.search(text):
        yield Fault("lone_surrogate", pointer)
