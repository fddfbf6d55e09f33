"""Verifying over HTTP: by ID, signed, and what somebody presents. A negative report is a 200; unknown is never invalid.

Published reports are the same bytes for everybody who asks in between; a report at a chosen time is computed on
request, within the budget of public computing, and nobody keeps it.
"""

from __future__ import annotations

from itertools import islice
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends
from fastapi.exceptions import RequestValidationError
from pydantic import Field, TypeAdapter, ValidationError, model_validator
from pydantic_core import PydanticCustomError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app.api.bodies import LARGEST_BODY, Presented, demand_media_type, read_bounded
from app.api.dependencies import TheRegistry, door_of, registry_of, within_computing_budget
from app.api.fields import Instant
from app.api.limits import BULK
from app.api.shown import CREDENTIAL, JSON, MALFORMED_ID, REPORT_JWS, PresentedId, Report, fresh, media
from app.api.times import NO_STORE, TimesAsked
from app.conformity.identifiers import parse_public_id
from app.credentials.canonical import canonical
from app.credentials.strict_json import MAX_MEMBERS, parse_json
from app.errors import AkashiError
from app.examiner.expectation import with_expectation
from app.examiner.report import VerificationReport
from app.registry import presented as presentations
from app.registry.bulk import MOST_IDS, READ_TOGETHER, verify_many
from app.registry.registry import Registry
from app.registry.two_clocks import Asked
from app.registry.verification import as_bytes, published, report_jws, verify

LINES = "application/x-ndjson"
FILES = (CREDENTIAL, "application/jwt")

router = APIRouter(tags=["Verification"])

Model = TypeVar("Model", bound=Presented)


class Expected(Presented):
    """What the asker expects; given and not met is a failed check (C070)."""

    holder: str | None = None
    certificate_id: str | None = None


class PresentedFile(Presented):
    """A certificate (compact JWS) or a bundle (the text of its file, or the object), and the question about it."""

    credential: str | None = None
    bundle: str | dict[str, Any] | None = None
    at: Instant | None = None
    known_at: Instant | None = None
    expected: Expected | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> PresentedFile:
        if (self.credential is None) == (self.bundle is None):
            raise PydanticCustomError("one_of_both", "exactly one of credential and bundle")
        return self


class PresentedList(Presented):
    """Many certificates asked about at once, each ID in any form that a person may type."""

    certificate_ids: Annotated[list[Annotated[str, Field(max_length=200)]], Field(min_length=1, max_length=MOST_IDS)]
    at: Instant | None = None
    known_at: Instant | None = None


def presented_schema() -> dict[str, Any]:
    """What the contract says of the JSON forms, in one piece: the route reads its body itself."""
    schema = PresentedFile.model_json_schema()
    del schema["$defs"]
    schema["properties"]["expected"] = Expected.model_json_schema()
    return {"oneOf": [schema, PresentedList.model_json_schema()]}


@router.get(
    "/v1/certificates/{certificate_id}/verification",
    summary="Does this certificate stand?",
    response_model=Report,
    responses=MALFORMED_ID,
)
def verification(
    request: Request,
    registry: TheRegistry,
    certificate_id: PresentedId,
    asked: TimesAsked,
) -> Response:
    """Answer with every check, its reason and its evidence. An ID without a record is a report, too."""
    if asked.is_of_now:
        answer = published(registry, certificate_id)
        return fresh(request, answer.content, JSON, moment=answer.moment, until=answer.until)
    report = verify(registry, certificate_id, at=asked.at, known_at=asked.known_at)
    return Response(as_bytes(report.as_json()), media_type=JSON, headers={"Cache-Control": NO_STORE})


@router.get(
    "/v1/certificates/{certificate_id}/verification.jwt",
    summary="The same report, signed",
    response_class=Response,
    responses={**media(REPORT_JWS, "The bytes of the report, signed by the publication key."), **MALFORMED_ID},
)
def signed_verification(request: Request, registry: TheRegistry, certificate_id: PresentedId) -> Response:
    """Sign the published report's very bytes; they never outrank the evidence they name."""
    signed, answer = report_jws(registry, certificate_id)
    return fresh(request, signed.encode(), REPORT_JWS, moment=answer.moment, until=answer.until)


@router.post(
    "/v1/verifications",
    summary="Verify a presented certificate or bundle, or many by their IDs",
    response_model=Report,
    responses={
        200: {
            "description": "The report; for a list of IDs a line of JSON each, in their order, and one that ends them.",
            "content": {LINES: {"schema": {"type": "string"}}},
        },
        400: {"description": "The body is no JSON, or presents neither a certificate nor a bundle."},
        413: {"description": "The body is too large."},
        415: {"description": "The body has another media type."},
        429: {"description": "Public computing is busy."},
    },
    dependencies=[Depends(within_computing_budget)],
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                JSON: {"schema": presented_schema()},
                CREDENTIAL: {"schema": {"type": "string"}},
            },
        }
    },
)
async def verify_presented(request: Request) -> Response:
    """Report on what is presented: a certificate's file, a bundle's file, or either within JSON. Nothing is kept.

    A list of up to 10 000 IDs is answered by lines that are sent as they are computed; the last one says that it is.
    """
    media_type = demand_media_type(request, JSON, *FILES)
    body = await read_bounded(request, LARGEST_BODY)
    if not body:
        raise AkashiError("body_missing")
    return await run_in_threadpool(_answer, request, body, media_type)


def _answer(request: Request, body: bytes, media_type: str) -> Response:
    content = None if media_type in FILES else parse_json(body, max_bytes=LARGEST_BODY, max_members=2 * MAX_MEMBERS)
    if isinstance(content, dict) and "certificate_ids" in content:
        return _lines(request, body)
    report = _report(registry_of(request), body, content)
    return Response(as_bytes(report.as_json()), media_type=JSON, headers={"Cache-Control": NO_STORE})


def _report(registry: Registry, body: bytes, content: Any) -> VerificationReport:
    """On a file, where there is no JSON `content`; on a bundle's own file; or on what a request presents."""
    if content is None:
        return presentations.check_credential(registry, body)
    if isinstance(content, dict) and "format" in content:
        return presentations.check_bundle(registry, body)
    asked = _parse(body, PresentedFile)
    expected = asked.expected or Expected()
    expected_id = None if expected.certificate_id is None else parse_public_id(expected.certificate_id)
    times = {"at": asked.at, "known_at": asked.known_at}
    if asked.credential is not None:
        report = presentations.check_credential(registry, asked.credential.encode(), **times)
    else:
        exact = asked.bundle.encode() if isinstance(asked.bundle, str) else canonical(asked.bundle)
        report = presentations.check_bundle(registry, exact, **times)
    return with_expectation(report, holder=expected.holder, certificate_id=expected_id)


def _lines(request: Request, body: bytes) -> Response:
    wanted = _parse(body, PresentedList)
    door = door_of(request)
    answers = verify_many(door.registry, wanted.certificate_ids, Asked(wanted.at, wanted.known_at))
    headers = door.limiter.take(BULK, "everyone", len(wanted.certificate_ids))
    lines = (as_bytes(answer) + b"\n" for answer in answers)
    together = iter(
        lambda: b"".join(islice(lines, READ_TOGETHER)), b""
    )  # a line of its own each costs more than it says
    return StreamingResponse(together, media_type=LINES, headers={"Cache-Control": NO_STORE, **headers})


def _parse(body: bytes, kind: type[Model]) -> Model:
    try:
        return TypeAdapter(kind).validate_json(body)
    except ValidationError as faults:
        placed = [{**fault, "loc": ("body", *fault["loc"])} for fault in faults.errors()]
        raise RequestValidationError(placed) from faults
