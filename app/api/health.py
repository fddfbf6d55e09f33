"""For those who run the service: is it alive, is it ready, what has it done. Nothing here names a certificate."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.api.dependencies import door_of
from app.api.metrics import MEDIA_TYPE
from app.errors import AkashiError

router = APIRouter(tags=["Health"])


@router.get("/healthz", summary="The process answers")
async def alive() -> JSONResponse:
    """Say that this process serves; its database is not asked."""
    return JSONResponse({"status": "alive"})


@router.get("/readyz", summary="The service can do its work", responses={503: {"description": "Something is missing."}})
async def ready(request: Request) -> JSONResponse:
    """Say that the database answers with the right schema and that what is published is fresh, or what is missing."""
    missing = await run_in_threadpool(door_of(request).unready)
    if missing:
        raise AkashiError("not_ready", note=", ".join(missing))
    return JSONResponse({"status": "ready"})


@router.get("/metrics", summary="Figures for Prometheus", response_class=Response)
async def figures(request: Request) -> Response:
    """Counters and durations by route template, without a path, an address or a name."""
    return Response(door_of(request).metrics.render(), media_type=MEDIA_TYPE)
