"""Certificates over HTTP: the record with its versions and events for anyone, and issuing one for its body.

What of a certificate is shown is what its holder consented to; a signed file is served whole or not at all (records,
confidential clients). Its other formats stand at addresses of their own (`formats`).
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.permissions import Scope
from app.api.bodies import FromBody, Presented, StrictRoute
from app.api.dependencies import TheRegistry, requires
from app.api.formats import bundle_answer
from app.api.idempotency import OnceOnly
from app.api.shown import (
    JSON,
    MALFORMED_ID,
    UNKNOWN_ID,
    WITHHELD,
    PresentedId,
    fresh_json,
    media,
)
from app.api.times import TimesAsked, shown_as_of
from app.registry import issuance
from app.registry.directory import CertificateRecord, StandingHistory, certificate_record, standing_history
from app.registry.versions import VersionList, version_list

router = APIRouter(tags=["Certificates"], route_class=StrictRoute)


class WantedCertificate(Presented):
    """Which decision's certificate is to be issued."""

    decision: UUID


class Issued(Presented):
    """An issued version with its credential as secured."""

    certificate_id: str
    version: int
    credential: str
    links: dict[str, str]


@router.get(
    "/v1/certificates/{certificate_id}",
    summary="The record of a certificate",
    response_model=CertificateRecord,
    responses={**MALFORMED_ID, **UNKNOWN_ID},
)
def record(request: Request, registry: TheRegistry, certificate_id: PresentedId) -> Response:
    """Answer with the facts and the address of every format."""
    answer, found = certificate_record(registry, certificate_id)
    return fresh_json(request, found, answer)


@router.get(
    "/v1/certificates/{certificate_id}/versions",
    summary="Its versions, and what differs between them",
    response_model=VersionList,
    responses={**MALFORMED_ID, **UNKNOWN_ID},
)
def versions(request: Request, registry: TheRegistry, certificate_id: PresentedId, asked: TimesAsked) -> Response:
    """List every version with its dates, its state, the act that made it, and each field that it changed."""
    answer, found = version_list(registry, certificate_id, asked)
    return shown_as_of(request, found, asked, moment=answer.moment, until=answer.until)


@router.get(
    "/v1/certificates/{certificate_id}/events",
    summary="Its standing and every event that led to it",
    response_model=StandingHistory,
    responses={**MALFORMED_ID, **UNKNOWN_ID},
)
def events(request: Request, registry: TheRegistry, certificate_id: PresentedId, asked: TimesAsked) -> Response:
    """List the standing events with both clocks: effective and recorded."""
    answer, found = standing_history(registry, certificate_id, asked)
    return shown_as_of(request, found, asked, moment=answer.moment, until=answer.until)


@router.get(
    "/v1/certificates/{certificate_id}/bundle",
    summary="Everything needed to verify offline",
    response_class=Response,
    responses={**media(JSON, "The bundle; every byte of it counts."), **MALFORMED_ID, **UNKNOWN_ID, **WITHHELD},
)
def offline_bundle(request: Request, registry: TheRegistry, certificate_id: PresentedId) -> Response:
    """Answer with the same bytes as `/c/{ID}.bundle.json`."""
    return bundle_answer(request, registry, certificate_id)


@router.post(
    "/v1/certificates",
    summary="Issue the certificate that a decision granted or amended",
    status_code=201,
    response_model=Issued,
    responses={
        404: {"description": "The body has no such decision."},
        409: {"description": "It was issued already, or another act about it is under way."},
        422: {"description": "A rule refuses it, or the key was used for another request."},
    },
)
def issue(
    registry: TheRegistry,
    actor: Annotated[Actor, requires(Scope.CERTIFICATES_PREPARE)],
    wanted: Annotated[WantedCertificate, FromBody()],
    once: OnceOnly,
) -> Response:
    """Issue, once for one `Idempotency-Key`: a retry with the same content gets the same answer."""
    made = issuance.issue(registry, actor, wanted.decision, idempotency_key=once.key)
    address = f"{registry.base_url}/v1/certificates/{made.public_id}"
    shown = Issued(
        certificate_id=made.public_id,
        version=made.version_no,
        credential=made.credential,
        links={
            "self": address,
            "page": f"{registry.base_url}/c/{made.public_id}",
            "verification": f"{address}/verification",
        },
    )
    return Response(shown.model_dump_json(), 201, {"Location": address}, JSON)
