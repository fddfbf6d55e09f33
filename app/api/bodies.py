"""Bodies of requests, read strictly: length, media type, strict JSON, then the model, and every fault at once.

`StrictRoute` reads at most its limit from the network and refuses what has two meanings before any model sees it; a
parameter marked `Annotated[Model, FromBody()]` is then validated from the very bytes in Pydantic's JSON mode. A model
of ours extends `Presented`: unknown members refused, no type converted into another.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, ClassVar

from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, TypeAdapter
from pydantic_core import CoreSchema, core_schema
from starlette.requests import Request
from starlette.responses import Response

from app.credentials.strict_json import parse_json
from app.errors import AkashiError

ACT_BYTES = 64 * 1024
BULK_BYTES = 1024 * 1024
BUNDLE_BYTES = 2 * 1024 * 1024
LARGEST_BODY = BUNDLE_BYTES + 64 * 1024
"""What the service ever reads of one request: a bundle and the parts of the form around it."""
_CHARSETS = ("", "utf-8", '"utf-8"')


class Presented(BaseModel):
    """What a caller presents: only the members named, each of exactly its type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class FromBody:
    """Marks the parameter that is the body; its model reads the bytes themselves, as JSON."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """The model's schema, fed with `validate_json` where bytes arrive."""
        adapter: TypeAdapter[Any] = TypeAdapter(source)

        def read(presented: Any, read_value: Callable[[Any], Any]) -> Any:
            return adapter.validate_json(presented) if isinstance(presented, bytes) else read_value(presented)

        return core_schema.no_info_wrap_validator_function(read, handler(source))


class StrictRoute(APIRoute):
    """A route whose JSON body is read strictly, up to the size of an act."""

    limit: ClassVar[int] = ACT_BYTES

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The framework's handler, which sees only bodies that passed."""
        handle = super().get_route_handler()
        if self.body_field is None:
            return handle

        async def read_strictly(request: Request) -> Response:
            return await handle(await _checked(request, self.limit))

        return read_strictly


class BulkRoute(StrictRoute):
    """The same for lists of many: up to 1 MiB."""

    limit = BULK_BYTES


class BundleRoute(StrictRoute):
    """The same where a whole bundle may be presented: up to 2 MiB."""

    limit = BUNDLE_BYTES


class _CheckedRequest(Request):
    """A request whose body has been read and found to be strict JSON."""

    async def json(self) -> bytes:
        """The bytes: the model of a `FromBody` parameter reads them itself."""
        return await self.body()


async def read_bounded(request: Request, limit: int) -> bytes:
    """The whole body, refused as soon as it is known to exceed the limit."""
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared[:12]) > limit:
        raise AkashiError("body_too_large", note=f"at most {limit} bytes")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise AkashiError("body_too_large", note=f"at most {limit} bytes")
    return bytes(body)


def demand_media_type(request: Request, *accepted: str) -> str:
    """The media type of the body, one of the accepted, in UTF-8; raises `unsupported_media_type`."""
    media_type, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    _, _, charset = parameters.partition("charset=")
    if media_type.strip() not in accepted or charset.strip() not in _CHARSETS:
        raise AkashiError("unsupported_media_type", note=", ".join(accepted))
    return media_type.strip()


async def _checked(request: Request, limit: int) -> Request:
    body = await read_bounded(request, limit)
    if not body:
        raise AkashiError("body_missing")
    demand_media_type(request, "application/json")
    parse_json(body, max_bytes=limit)
    checked = _CheckedRequest(request.scope, request.receive)
    checked._body = body  # noqa: SLF001, as Starlette's own Request keeps what it has read
    return checked
