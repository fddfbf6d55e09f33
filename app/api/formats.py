"""The formats of a certificate at addresses of their own, since caches confuse negotiated answers.

`/c/{ID}.json`, `.jwt` and `.bundle.json` never die, nor do those of a version; `/C/` is the same, as on paper. A
version's own credential never changes and is kept for ever by whoever got it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from app.api.dependencies import TheRegistry
from app.api.fields import Ordinal
from app.api.shown import (
    CREDENTIAL,
    JSON,
    MALFORMED_ID,
    UNKNOWN_ID,
    WITHHELD,
    PresentedId,
    Report,
    for_ever,
    fresh,
    fresh_json,
    media,
)
from app.registry.directory import CertificateRecord, certificate_record
from app.registry.registry import Registry
from app.registry.verification import bundle, credential, published
from app.registry.versions import Version, version_answer

router = APIRouter(tags=["Formats of a certificate"])

VersionNumber = Annotated[Ordinal, Path(description="The number of the version.")]


@dataclass(frozen=True)
class VersionRecord:
    """The report about one version, and how that version stands to the current one."""

    report: Report
    version: Version


def bundle_answer(request: Request, registry: Registry, certificate_id: str) -> Response:
    """The bundle with the age of the publication that it belongs to."""
    content = bundle(registry, certificate_id)
    answer = published(registry, certificate_id)
    return fresh(request, content, JSON, moment=answer.moment, until=answer.until)


def bundle_file(request: Request, registry: TheRegistry, certificate_id: PresentedId) -> Response:
    """Answer with the bundle: one publication, one sequence of bytes."""
    return bundle_answer(request, registry, certificate_id)


def record_file(request: Request, registry: TheRegistry, certificate_id: PresentedId) -> Response:
    """Answer with the facts and the address of every format."""
    answer, found = certificate_record(registry, certificate_id)
    return fresh_json(request, found, answer)


def credential_file(request: Request, registry: TheRegistry, certificate_id: PresentedId) -> Response:
    """Answer with the current version's credential exactly as its body signed it."""
    content = credential(registry, certificate_id).encode()
    answer = published(registry, certificate_id)
    return fresh(request, content, CREDENTIAL, moment=answer.moment, until=answer.until)


def version_file(
    request: Request, registry: TheRegistry, certificate_id: PresentedId, number: VersionNumber
) -> Response:
    """Say what this version says, which version is current, and each field that differs."""
    answer, version = version_answer(registry, certificate_id, number)
    return fresh_json(request, {"report": answer.report.as_json(), "version": version}, answer)


def version_credential_file(
    request: Request, registry: TheRegistry, certificate_id: PresentedId, number: VersionNumber
) -> Response:
    """Answer with this version's credential; its bytes never change."""
    return for_ever(request, credential(registry, certificate_id, number).encode(), CREDENTIAL)


_CREDENTIAL_FILE = media(CREDENTIAL, "The credential as it was signed.")
_BUNDLE_FILE = media(JSON, "The bundle; every byte of it counts.")

for _c, _v in (("c", "v"), ("C", "V")):
    _in_contract = _c == "c"
    router.add_api_route(  # before `.json`, which would match it, too
        f"/{_c}/{{certificate_id}}.bundle.json",
        bundle_file,
        summary="Everything needed to verify offline, as a file",
        response_class=Response,
        responses={**_BUNDLE_FILE, **MALFORMED_ID, **UNKNOWN_ID, **WITHHELD},
        include_in_schema=_in_contract,
    )
    router.add_api_route(
        f"/{_c}/{{certificate_id}}.json",
        record_file,
        summary="The record of a certificate, as a file",
        response_model=CertificateRecord,
        responses={**MALFORMED_ID, **UNKNOWN_ID},
        include_in_schema=_in_contract,
    )
    router.add_api_route(
        f"/{_c}/{{certificate_id}}.jwt",
        credential_file,
        summary="The credential of the current version",
        response_class=Response,
        responses={**_CREDENTIAL_FILE, **MALFORMED_ID, **UNKNOWN_ID, **WITHHELD},
        include_in_schema=_in_contract,
    )
    router.add_api_route(
        f"/{_c}/{{certificate_id}}/{_v}{{number}}.json",
        version_file,
        summary="One version, and how it stands to the current one",
        response_model=VersionRecord,
        responses={**MALFORMED_ID, **UNKNOWN_ID},
        include_in_schema=_in_contract,
    )
    router.add_api_route(
        f"/{_c}/{{certificate_id}}/{_v}{{number}}.jwt",
        version_credential_file,
        summary="The credential of one version",
        response_class=Response,
        responses={**_CREDENTIAL_FILE, **MALFORMED_ID, **UNKNOWN_ID, **WITHHELD},
        include_in_schema=_in_contract,
    )
