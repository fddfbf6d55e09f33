"""How public answers are shown: exact bytes with ETag and an honest age, and what the contract says about them.

A route hands over the bytes and the moment at which they were read; nothing here computes anything.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import Path
from pydantic import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from starlette.requests import Request
from starlette.responses import Response

from app.api.conditional import answer
from app.examiner.report import VerificationReport
from app.http import IMMUTABLE, until_boundary
from app.registry.verification import Published, as_bytes

Responses = dict[int | str, dict[str, Any]]
"""What the contract says of answers, by status."""

JSON = "application/json"
CREDENTIAL = "application/vc+jwt"
REPORT_JWS = "application/akashi-report+jwt"

PresentedId = Annotated[
    str,
    Path(
        description="The certificate's ID, in either case, with or without hyphens.",
        max_length=200,
        examples=["0000200004000080000G000050000A0000M"],
    ),
]
MALFORMED_ID: Responses = {400: {"description": "The ID is mistyped; the group that looks wrong is named."}}
UNKNOWN_ID: Responses = {404: {"description": "There is no record under this ID; that says nothing against anybody."}}
WITHHELD: Responses = {
    403: {"description": "The holder did not consent to show every field; a signed file cannot be split."}
}


class Report(VerificationReport):
    """The report as the contract describes it: `checked_at` stands only in reports computed on request."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The schema of the dataclass, with that one member optional."""
        schema = handler.resolve_ref_schema(handler(core_schema))
        schema["required"] = [name for name in schema["required"] if name != "checked_at"]
        return schema


def fresh(
    request: Request,
    content: bytes,
    media_type: str,
    *,
    moment: datetime,
    until: datetime | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """An answer that holds for a minute at most, and never past `until`."""
    return answer(request, content, media_type, cache_control=until_boundary(moment, until), headers=headers)


def for_ever(request: Request, content: bytes, media_type: str, *, headers: dict[str, str] | None = None) -> Response:
    """An answer whose bytes never change."""
    return answer(request, content, media_type, cache_control=IMMUTABLE, headers=headers)


def fresh_json(request: Request, value: Any, published: Published) -> Response:
    """A result that speaks for the same moment as a published answer."""
    return fresh(request, as_bytes(value), JSON, moment=published.moment, until=published.until)


def media(media_type: str, description: str) -> Responses:
    """What the contract says of a 200 that is no JSON of ours."""
    schema = {"type": "object" if media_type.endswith("json") else "string"}
    return {200: {"description": description, "content": {media_type: {"schema": schema}}}}
