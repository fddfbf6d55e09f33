"""What the registry publishes beside certificates: status lists, the JSON-LD context, badges, DID documents.

All of it is for anyone, from any page of the web. A publication with a number, and the context, never change.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.api.dependencies import TheRegistry
from app.api.fields import Instant, Ordinal
from app.api.shown import CREDENTIAL, MALFORMED_ID, PresentedId, Responses, for_ever, fresh, media
from app.conformity.standing import Verdict
from app.conformity.words import SELF_DECLARED
from app.credentials import extension_context
from app.documents.badge import badge_facts, render_badge
from app.errors import AkashiError
from app.http import until_boundary
from app.registry import did_documents
from app.registry.registry import Registry
from app.registry.status_lists import PublishedList, list_at, newest_list, numbered_list
from app.registry.verification import moment_of, published

SEE_OTHER = 303
SVG = "image/svg+xml"
BADGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors *",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}
"""A badge is made to be embedded anywhere and can do nothing there (C068)."""

ENVELOPED = ("application/json", "application/vc")
ENVELOPE = {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": "EnvelopedVerifiableCredential"}
"""The JSON form of a credential whose signature is around it (VCDM 2.0, 4.13)."""
BY_FORM = {"Vary": "Accept"}

router = APIRouter(tags=["Published"])

ListNumber = Annotated[Ordinal, Path(description="The number of the list.")]
PublicationNumber = Annotated[Ordinal, Path(description="The number of the publication.")]
TOKEN_SECONDS = 10**11
"""A time of the Token Status List is a number of seconds since 1970; twelve digits would be milliseconds."""
UNKNOWN_LIST: Responses = {404: {"description": "No such list, or none published then."}}


@router.get(
    "/status/{list_number}",
    summary="A status list as it stands",
    response_class=Response,
    responses={
        **media(CREDENTIAL, "The signed Bitstring Status List credential."),
        303: {"description": "The list as it was at the time asked for stands at another address, for ever."},
        **UNKNOWN_LIST,
    },
)
def status_list(
    request: Request,
    registry: TheRegistry,
    list_number: ListNumber,
    timestamp: Annotated[Instant | None, Query(description="The list as it was published then.")] = None,
    time: Annotated[
        int | None, Query(ge=0, lt=TOKEN_SECONDS, description="The same in seconds since 1970 (Token Status List).")
    ] = None,
) -> Response:
    """Answer with the newest publication, or point to the one that counted at a time; never today's for another day."""
    if timestamp is not None and time is not None:
        raise AkashiError("unknown_parameter", field="/time", note="in the query, beside timestamp")
    asked = timestamp if time is None else datetime.fromtimestamp(time, UTC)
    if asked is not None:
        found = list_at(registry, list_number, asked)
        address = f"{registry.base_url}/status/{list_number}/{found.number}"
        return RedirectResponse(address, SEE_OTHER, {"Cache-Control": until_boundary(found.moment)})
    found = newest_list(registry, list_number)
    content, media_type = _in_the_form_asked_for(request, found)
    return fresh(request, content, media_type, moment=found.moment, until=found.valid_until, headers=BY_FORM)


@router.get(
    "/status/{list_number}/{publication}",
    summary="One publication of a status list",
    response_class=Response,
    responses={**media(CREDENTIAL, "The credential as it was published; it never changes."), **UNKNOWN_LIST},
)
def status_list_publication(
    request: Request, registry: TheRegistry, list_number: ListNumber, publication: PublicationNumber
) -> Response:
    """Answer with the very bytes of a publication."""
    found: PublishedList = numbered_list(registry, list_number, publication)
    return for_ever(request, *_in_the_form_asked_for(request, found), headers=BY_FORM)


@router.get(
    extension_context.EXTENSION_PATH,
    summary="Our JSON-LD context of certificates",
    response_class=Response,
    responses=media(extension_context.MEDIA_TYPE, "The context, pinned by digest in every certificate."),
)
async def certificate_context(request: Request) -> Response:
    """Answer with the pinned bytes, equal on every installation."""
    return for_ever(request, extension_context.extension_context(), extension_context.MEDIA_TYPE)


BADGE_ANSWERS: Responses = {
    **media(SVG, "The badge with the standing of this minute."),
    404: {"description": "A badge that claims nothing.", "content": {SVG: {"schema": {"type": "string"}}}},
    422: {"description": "The ID is of an entry of the other kind: a declaration has no certificate's badge."},
    **MALFORMED_ID,
}


@router.get(
    "/badge/{certificate_id}.svg",
    summary="The live badge of a certificate",
    response_class=Response,
    responses=BADGE_ANSWERS,
)
def badge(
    request: Request,
    registry: TheRegistry,
    certificate_id: PresentedId,
    lang: Annotated[Literal["en", "ja"], Query(description="The badge's language.")] = "en",
) -> Response:
    """Draw holder, standard, live word and where to check; safe to embed by `img` anywhere.

    A self-declaration has no certificate's badge.
    """
    return _badge(request, registry, certificate_id, lang, declaration=False)


@router.get(
    "/declaration-badge/{certificate_id}.svg",
    summary="The live badge of a self-declaration",
    response_class=Response,
    responses=BADGE_ANSWERS,
)
def declaration_badge(
    request: Request,
    registry: TheRegistry,
    certificate_id: PresentedId,
    lang: Annotated[Literal["en", "ja"], Query(description="The badge's language.")] = "en",
) -> Response:
    """Draw who declares what for itself, since when it stands and where to check; no certificate has this badge."""
    return _badge(request, registry, certificate_id, lang, declaration=True)


def _badge(request: Request, registry: Registry, certificate_id: str, lang: str, *, declaration: bool) -> Response:
    answer = published(registry, certificate_id)
    scheme = answer.report.scheme
    if scheme is not None and (scheme.assurance == SELF_DECLARED) != declaration:
        raise AkashiError("badge_of_another_kind")
    drawn = render_badge(badge_facts(answer.report.as_json(), registry.base_url, lang))
    headers = {**BADGE_HEADERS, "Content-Language": lang}
    shown = fresh(request, drawn, SVG, moment=answer.moment, until=answer.until, headers=headers)
    if answer.report.verdict is Verdict.UNKNOWN and answer.report.standing is None:
        shown.status_code = 404
    return shown


@router.get(
    "/.well-known/did.json",
    summary="The registry's DID document",
    response_class=Response,
    responses=media(did_documents.MEDIA_TYPE, "The registry's keys, those no longer used among them."),
)
def registry_did(request: Request, registry: TheRegistry) -> Response:
    """Name the keys that sign status lists, reports and bundles; no path of trust of our own verifier."""
    return _did(request, did_documents.registry_document(registry), registry)


@router.get(
    "/bodies/{body}/did.json",
    summary="A body's DID document",
    response_class=Response,
    responses={
        **media(did_documents.MEDIA_TYPE, "The body's keys that were ever bound."),
        404: {"description": "There is no such body."},
    },
)
def body_did(request: Request, registry: TheRegistry, body: UUID) -> Response:
    """Name a body's bound keys; no path of trust of our own verifier."""
    return _did(request, did_documents.body_document(registry, body), registry)


def _in_the_form_asked_for(request: Request, found: PublishedList) -> tuple[bytes, str]:
    """The signed list as it is, or for who asks for JSON the same enveloped: never its claims without its signature."""
    for item in request.headers.get("accept", "").split(","):
        wished = item.partition(";")[0].strip().lower()
        if wished in {found.media_type, "application/jwt", "application/*", "*/*"}:
            break
        if wished in ENVELOPED:
            content = {**ENVELOPE, "id": f"data:{found.media_type},{found.content.decode('ascii')}"}
            return json.dumps(content, separators=(",", ":")).encode(), wished
    return found.content, found.media_type


def _did(request: Request, document: dict[str, object], registry: Registry) -> Response:
    content = json.dumps(document, separators=(",", ":")).encode()
    return fresh(request, content, did_documents.MEDIA_TYPE, moment=moment_of(registry))
