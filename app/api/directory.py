"""Looking up: certificates by number and in the directory, bodies, accreditations, schemes; for anyone.

Only whose holder consented to be found stands in the directory. Every list says its limit; none is a full count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from app.api.dependencies import TheRegistry, within_computing_budget
from app.api.pagination import Cursor, Page, PageAsked, link_header, page_asked, page_members, page_of
from app.api.shown import JSON, fresh
from app.api.times import TimesAsked, shown_as_of
from app.examiner.report import HolderName
from app.registry import bodies, directory, schemes
from app.registry.holder_names import FoundName
from app.registry.registry import Registry
from app.registry.two_clocks import Asked
from app.registry.verification import as_bytes, moment_of

router = APIRouter(tags=["Directory"])

ThePage = Annotated[PageAsked, Depends(page_asked)]
CertificateNumber = Annotated[
    str, Query(min_length=1, max_length=200, description="The body's own number, written as on paper.")
]
BodyId = Annotated[UUID, Query(description="A certification body's id.")]


@dataclass(frozen=True)
class ListedCertificate:
    """One line of the directory; `found_by` are the names, former ones too, that contain what was searched for."""

    certificate_id: str
    number: str
    scheme: str
    holder_names: tuple[HolderName, ...]
    found_by: tuple[FoundName, ...]
    body: bodies.Party
    links: Mapping[str, str]


@dataclass(frozen=True)
class CertificateList:
    """A page of the directory; `found` counts all of a narrowed list, on this page and others."""

    certificates: tuple[ListedCertificate, ...]
    found: directory.Count | None
    limit: int
    next: str | None
    prev: str | None


@dataclass(frozen=True)
class BodyList:
    """A page of bodies."""

    bodies: tuple[bodies.ListedBody, ...]
    limit: int
    next: str | None
    prev: str | None


@router.get(
    "/v1/lookup",
    summary="Certificates that carry a body's number",
    response_model=directory.Hits,
    dependencies=[Depends(within_computing_budget)],
)
def lookup(request: Request, registry: TheRegistry, number: CertificateNumber, body: BodyId | None = None) -> Response:
    """List every certificate with this number, however it is written; several are never reduced to a first one."""
    hits, until = directory.answer_by_number(registry, number, body)
    return fresh(request, as_bytes(hits), JSON, moment=moment_of(registry), until=until)


def _wanted(
    number: CertificateNumber | None = None,
    q: Annotated[
        str | None,
        Query(min_length=1, max_length=256, description="A part of the holder's name, in any script, now or ever."),
    ] = None,
    body: BodyId | None = None,
    scheme: Annotated[str | None, Query(max_length=32, description="A scheme's code.")] = None,
    country: Annotated[
        str | None, Query(pattern="^[A-Z]{2}$", description="The holder's country (ISO 3166-1).")
    ] = None,
) -> directory.Wanted:
    """What the directory is narrowed to."""
    return directory.Wanted(number, q, body, scheme, country)


@router.get("/v1/certificates", summary="The directory of certificates", response_model=CertificateList)
def certificates(
    request: Request,
    registry: TheRegistry,
    asked: ThePage,
    times: TimesAsked,
    wanted: Annotated[directory.Wanted, Depends(_wanted)],
) -> Response:
    """List certificates in the order of their first recording; whether one stands is said by its verification.

    A name is found however it is written, and by former names, too. Not finding one proves nothing against anybody.
    """
    rows = directory.list_certificates(registry, wanted, times, place=_place(asked), limit=asked.rows_to_fetch)
    page = page_of(asked, rows, lambda row: (row.sequence, row.certificate_id))
    listed = tuple(
        ListedCertificate(
            row.certificate_id,
            row.number,
            row.scheme,
            row.holder_names,
            row.found_by,
            bodies.Party(row.body_id, row.body_names),
            row.links,
        )
        for row in page.rows
    )
    counted = None if wanted == directory.EVERYTHING else directory.count_certificates(registry, wanted, times)
    return _page(request, registry, page, {"certificates": listed, "found": counted}, times)


@router.get("/v1/bodies", summary="Certification and accreditation bodies", response_model=BodyList)
def list_bodies(
    request: Request,
    registry: TheRegistry,
    asked: ThePage,
    times: TimesAsked,
    kind: Literal["certification_body", "accreditation_body"] | None = None,
) -> Response:
    """List the registered bodies with their public information. Being registered is not being accredited."""
    rows = bodies.list_bodies(registry, times, kind=kind, place=_place(asked), limit=asked.rows_to_fetch)
    page = page_of(asked, rows, lambda row: (0, str(row.id)))
    return _page(request, registry, page, {"bodies": page.rows}, times)


@router.get(
    "/v1/bodies/{body}",
    summary="One body, its accreditations and keys",
    response_model=bodies.BodyRecord,
    responses={404: {"description": "There is no such body."}},
)
def body_record(request: Request, registry: TheRegistry, body: UUID, asked: TimesAsked) -> Response:
    """Say who a body is, what it is accredited for (or whom it accredited), and which keys are bound to it."""
    moment, record = bodies.body_record(registry, body, asked)
    return shown_as_of(request, record, asked, moment=moment.at, until=moment.until)


@router.get(
    "/v1/accreditations/{accreditation}",
    summary="One accreditation with every signed statement",
    response_model=bodies.AccreditationRecord,
    responses={404: {"description": "There is no such accreditation."}},
)
def accreditation_record(request: Request, registry: TheRegistry, accreditation: UUID, asked: TimesAsked) -> Response:
    """Say for what a body is accredited, and since when, with the documents that the accreditation body signed."""
    moment, record = bodies.accreditation_record(registry, accreditation, asked)
    return shown_as_of(request, record, asked, moment=moment.at, until=moment.until)


@router.get("/v1/schemes", summary="Schemes as data", response_model=schemes.Schemes)
def all_schemes(request: Request, registry: TheRegistry) -> Response:
    """List schemes with their limits, documents and code lists, and the moves of standing, each with its origin."""
    return _shown(request, registry, schemes.schemes(registry))


@router.get(
    "/v1/schemes/{code}",
    summary="One scheme",
    response_model=schemes.SchemeRecord,
    responses={404: {"description": "There is no such scheme."}},
)
def one_scheme(request: Request, registry: TheRegistry, code: Annotated[str, Path(max_length=32)]) -> Response:
    """Describe a scheme: what credentials point to."""
    return _shown(request, registry, schemes.scheme(registry, code))


def _place(asked: PageAsked) -> directory.Place | None:
    cursor: Cursor | None = asked.cursor
    return None if cursor is None else directory.Place(cursor.sequence, cursor.id, cursor.backwards)


def _page(request: Request, registry: Registry, page: Page[Any], members: dict[str, Any], times: Asked) -> Response:
    content = {**members, **page_members(request, page)}
    return shown_as_of(request, content, times, moment=moment_of(registry), headers=link_header(request, page))


def _shown(request: Request, registry: Registry, value: Any) -> Response:
    return fresh(request, as_bytes(value), JSON, moment=moment_of(registry))
