"""Every refusal as an RFC 9457 problem document: code, every fault with field, clause and remedy, English or Japanese.

Nothing unexpected is shown: a defect of ours is `internal_error` with the request's ID, and the rest is in the log.
What was presented is never repeated back, except member names.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, cast

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.credentials.strict_json import pointer_to
from app.errors import AkashiError, Fault, Kind, explain
from app.http import preferred_language, status_of

MEDIA_TYPE = "application/problem+json"
FAULTS_SHOWN = 50
NOTE_SHOWN = 300

ProblemPage = Callable[[Request, AkashiError], Response | None]
"""How a refusal looks to a person, None for a program; the pages give it, `app.state.problem_page` holds it."""

_HTTP_CODES = {404: "no_such_address", 405: "method_not_allowed", 413: "body_too_large", 415: "unsupported_media_type"}
_PYDANTIC_CODES = {
    "missing": "missing_member",
    "extra_forbidden": "unknown_member",
    "literal_error": "unknown_value",
    "enum": "unknown_value",
    "union_tag_invalid": "unknown_value",
    "union_tag_not_found": "missing_member",
    "string_pattern_mismatch": "wrong_form",
    "uuid_parsing": "wrong_form",
    "string_too_short": "wrong_length",
    "string_too_long": "wrong_length",
    "too_short": "wrong_length",
    "too_long": "wrong_length",
    "greater_than": "out_of_range",
    "greater_than_equal": "out_of_range",
    "less_than": "out_of_range",
    "less_than_equal": "out_of_range",
    "json_invalid": "malformed_json",
}
_NOTES_WORTH_SHOWING = frozenset({"unknown_value", "wrong_length", "out_of_range"})


def install(app: FastAPI) -> None:
    """Afterwards every refusal that a route, a dependency or the framework raises is answered as a problem."""
    for refusal in (AkashiError, RequestValidationError, HTTPException):
        app.add_exception_handler(refusal, _answer)


def respond(request: Request, error: AkashiError, headers: Mapping[str, str] | None = None) -> Response:
    """The problem document of an error, in the language that the request prefers; for a browser the page about it."""
    language = preferred_language(request.headers.get("accept-language"))
    page: ProblemPage | None = getattr(request.app.state, "problem_page", None)
    seen = page(request, error) if page is not None else None
    if seen is not None:
        return _with_headers(seen, {**refusal_headers(error, language), **(headers or {})})
    document = describe(request, error, language)
    return Response(
        json.dumps(document, ensure_ascii=False).encode("utf-8"),
        status_code=status_of(error.code),
        media_type=MEDIA_TYPE,
        headers={**refusal_headers(error, language), **(headers or {})},
    )


def describe(request: Request, error: AkashiError, language: str) -> dict[str, Any]:
    """The members of a problem document (RFC 9457 §3.1), and ours: code, errors, doc, request_id."""
    explanation = explain(error.code)
    title = explanation.ja if language == "ja" else explanation.en
    note = error.note[:NOTE_SHOWN]
    faults = (error.faults or (Fault(error.code, note=error.note),))[:FAULTS_SHOWN]
    return {
        "type": f"urn:akashi:problem:{explanation.code}",
        "title": title,
        "status": status_of(error.code),
        "detail": f"{title} ({note})" if note else title,
        "code": explanation.code,
        "errors": [_describe_fault(fault, language) for fault in faults],
        "doc": f"{request.app.state.base_url}/docs#{explanation.code}",
        "request_id": request.scope.get("state", {}).get("request_id"),
    }


def refusal_headers(error: AkashiError, language: str) -> dict[str, str]:
    """What HTTP wants beside the document: language, challenge of RFC 6750 §3, time to wait."""
    headers = {"Content-Language": language, "Vary": "Accept-Language", "Cache-Control": "no-store"}
    if error.code == "not_signed_in":
        headers["WWW-Authenticate"] = 'Bearer realm="akashi"'
    elif error.code == "token_not_accepted":
        headers["WWW-Authenticate"] = 'Bearer realm="akashi", error="invalid_token"'
    elif error.code == "insufficient_scope":
        headers["WWW-Authenticate"] = f'Bearer realm="akashi", error="insufficient_scope", scope="{error.note}"'
    if explain(error.code).kind is Kind.UNAVAILABLE:
        headers["Retry-After"] = "5"
    return headers


def validation_error(faults: RequestValidationError) -> AkashiError:
    """All faults that Pydantic found, with our codes and JSON pointers."""
    return AkashiError("malformed_request", faults=tuple(_fault_of(fault) for fault in faults.errors()))


def _with_headers(response: Response, headers: Mapping[str, str]) -> Response:
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    return response


async def _answer(request: Request, error: Exception) -> Response:
    if isinstance(error, RequestValidationError):
        return respond(request, validation_error(error))
    if isinstance(error, HTTPException):
        code = _HTTP_CODES.get(error.status_code, "malformed_request" if error.status_code < 500 else "internal_error")  # noqa: PLR2004
        return respond(request, AkashiError(code), error.headers)
    refusal = cast("AkashiError", error)
    return respond(request, refusal, getattr(refusal, "headers", None))


def _describe_fault(fault: Fault, language: str) -> dict[str, str]:
    explanation = explain(fault.code)
    what, remedy = (
        (explanation.ja, explanation.remedy_ja) if language == "ja" else (explanation.en, explanation.remedy_en)
    )
    further = {"clause": explanation.clause, "note": fault.note[:NOTE_SHOWN]}
    described = {"field": fault.field, "code": explanation.code, "detail": what, "remedy": remedy}
    return described | {name: value for name, value in further.items() if value}


def _fault_of(fault: Mapping[str, Any]) -> Fault:
    where, *path = fault["loc"]
    pointer = ""
    for member in path:
        pointer = pointer_to(pointer, member)
    code = _code_of(fault["type"])
    notes = [
        *([f"in the {where}"] if where != "body" else []),
        *([_expected(fault)] if code in _NOTES_WORTH_SHOWING else []),
    ]
    return Fault(code, pointer, "; ".join(notes))


def _expected(fault: Mapping[str, Any]) -> str:
    """What would be right; a union's message repeats what was presented, so only its tags are told."""
    return fault["ctx"]["expected_tags"] if fault["type"] == "union_tag_invalid" else str(fault["msg"])


def _code_of(kind: str) -> str:
    if kind in _PYDANTIC_CODES:
        return _PYDANTIC_CODES[kind]
    if explain(kind).code == kind:  # one of our own codes, raised by a type of `fields`
        return kind
    if kind.endswith("_type") or kind.startswith(("int_", "bool_", "float_")):
        return "wrong_type"
    if kind.startswith("date_"):
        return "impossible_date"
    if kind.startswith(("datetime_", "timezone_")):
        return "impossible_instant"
    return "wrong_form"
