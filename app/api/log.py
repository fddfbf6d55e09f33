"""The transparency log over HTTP, for anybody's tools (C2SP tlog-tiles, tlog-proof).

Checkpoint, tiles and bundles are files that a web server may serve in our place; we serve the same bytes. A tile's
address never has other bytes: a full tile is not found until it is full (C052).
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from app.api.conditional import answer
from app.api.dependencies import TheRegistry
from app.errors import AkashiError
from app.http import IMMUTABLE
from app.registry.integration import CHECKPOINT, published, receipt

RECEIPT_TYPE = "text/plain; charset=utf-8"
FEW_SECONDS = "max-age=5, must-revalidate"

router = APIRouter(tags=["Transparency log"])
_BYTES = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
_TEXT = {"content": {"text/plain": {"schema": {"type": "string"}}}}


@router.get(
    "/log/checkpoint",
    summary="The newest signed head of the log",
    response_class=Response,
    responses={200: _TEXT, 404: {"description": "Nothing is logged yet."}},
)
def log_checkpoint(request: Request, registry: TheRegistry) -> Response:
    """Answer with the checkpoint: origin, size, root, and who signed them."""
    return _file(request, registry, CHECKPOINT, FEW_SECONDS)


@router.get(
    "/log/receipt/{leaf_hash}",
    summary="The proof of logging of one entry",
    response_class=Response,
    responses={200: _TEXT, 404: {"description": "No entry with this leaf hash is under a signed head yet."}},
)
def log_receipt(
    request: Request,
    registry: TheRegistry,
    leaf_hash: Annotated[
        str, Path(pattern="^[0-9a-f]{64}$", description="SHA-256 of a zero byte and the entry (RFC 6962 §2.1), in hex.")
    ],
) -> Response:
    """Answer with a `.tlog-proof` file: the entry's index, its path, and the newest head."""
    proof = receipt(registry, bytes.fromhex(leaf_hash))
    if proof is None:
        raise AkashiError("not_logged_yet")
    return answer(request, proof, RECEIPT_TYPE, cache_control=FEW_SECONDS)


@router.get(
    "/log/{tile:path}",
    summary="A tile or a bundle of entries",
    response_class=Response,
    responses={200: _BYTES, 404: {"description": "No signed head asks for such a tile."}},
)
def log_tile(
    request: Request,
    registry: TheRegistry,
    tile: Annotated[str, Path(description="`tile/<L>/<N>[.p/<W>]` or `tile/entries/<N>[.p/<W>]`.", max_length=200)],
) -> Response:
    """Answer with the bytes, which never change."""
    return _file(request, registry, tile, IMMUTABLE)


def _file(request: Request, registry: TheRegistry, path: str, cache_control: str) -> Response:
    found = published(registry, path)
    if found is None:
        raise AkashiError("not_published")
    content, media_type = found
    return answer(request, content, media_type, cache_control=cache_control)
