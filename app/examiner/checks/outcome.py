"""How a check says what it found: result, code, the words of `glosses` for that code, digests of what it looked at."""

from __future__ import annotations

from collections.abc import Iterable

from app.conformity.words import Word
from app.examiner.evidence import AnyFiled
from app.examiner.glosses import CHECK_GLOSSES, DEPENDENT_GLOSSES, gloss
from app.examiner.report import Check, Result

Value = Word | str | int


def passed(name: str, code: str, looked_at: Iterable[AnyFiled] = (), /, **values: Value) -> Check:
    """A check that was performed and found what a valid certificate shows."""
    return _check(name, Result.PASSED, code, looked_at, values)


def failed(name: str, code: str, looked_at: Iterable[AnyFiled] = (), /, **values: Value) -> Check:
    """A check that was performed and found otherwise."""
    return _check(name, Result.FAILED, code, looked_at, values)


def not_performed(name: str, code: str, looked_at: Iterable[AnyFiled] = (), /, **values: Value) -> Check:
    """A check that could not be performed; its words say what was missing."""
    return _check(name, Result.NOT_PERFORMED, code, looked_at, values)


def dependent(name: str, code: str) -> Check:
    """A check that was not performed because an earlier one left nothing to rest on."""
    return Check(name, Result.NOT_PERFORMED, code, DEPENDENT_GLOSSES[code])


def _check(name: str, result: Result, code: str, looked_at: Iterable[AnyFiled], values: dict[str, Value]) -> Check:
    digests = tuple(dict.fromkeys(filed.digest for filed in looked_at))
    return Check(name, result, code, gloss(CHECK_GLOSSES[name][code], **values), digests)
