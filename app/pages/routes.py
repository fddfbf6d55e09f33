"""The addresses of the pages: each bare, under /en and under /ja; all readable without an account.

Nothing here decides or stores. Whoever assembles the service includes this router after the routes of the API, whose
addresses with a suffix (`/c/{id}.json`) are more particular than ours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from functools import partial

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.conformity.identifiers import MalformedPublicId, parse_public_id
from app.conformity.words import LANGUAGES
from app.documents.qr import QrRefused, qr_address, qr_svg
from app.documents.text import drawable
from app.errors import AkashiError, explain
from app.http import IMMUTABLE
from app.pages import render
from app.pages.answer import has_record
from app.pages.answering import Answer, Elsewhere, Page, Visit, answer, visit_of
from app.pages.asked import Kind, read_question
from app.pages.headers import SECURITY_HEADERS
from app.pages.questions import Answered, Questions, Report, Terms, VersionAnswer
from app.pages.site import Site
from app.pages.words import word

FORMATS = {
    "application/json": ".json",
    "application/vc+jwt": ".jwt",
    "application/jwt": ".jwt",
}
LARGEST_FILE = 2 * 1024 * 1024  # as large as the largest bundle (examiner.bundle)
ROOM_FOR_THE_FORM = 4096  # what multipart wraps around a file
FILE_LIMIT = "2 MB"  # LARGEST_FILE in words
LONGEST_FILE_NAME = 100

PageFunction = Callable[[Questions, Visit], Answer]


def router(questions: Questions, site: Site) -> APIRouter:
    """All pages over the given questions."""
    made = APIRouter(include_in_schema=False)
    for path, page, formats in _pages():
        for language in (None, *LANGUAGES):
            address = path if language is None else f"/{language}{path}"
            endpoint = _endpoint(page, questions, site, language, formats)
            made.add_route(address, _named(address, endpoint), methods=["GET", "HEAD"])
            _accept_the_other_slash(made, address, questions, site, language)
    for language in (None, *LANGUAGES):
        prefix = "" if language is None else f"/{language}"
        address = f"{prefix}/check-a-file"
        made.add_route(address, _file_endpoint(questions, site, language, address), methods=["POST"])
    for address, file, media_type in (
        (render.style_address(), render.STYLE_FILE, "text/css"),
        (render.icon_address(), render.ICON_FILE, "image/svg+xml"),
    ):
        made.add_route(address, _named("/static/{file}", partial(_static, file.read_bytes(), media_type)))
    return made


def _pages() -> list[tuple[str, PageFunction, dict[str, str]]]:
    """Address, page, and the other formats in which the same thing stands at an address of its own."""
    certificates = [("/c/{presented}", certificate, FORMATS), ("/C/{presented}", certificate, FORMATS)]
    versions = [
        (f"/{c}/{{presented}}/{v}{{number:int}}", certificate_version, FORMATS) for c in ("c", "C") for v in ("v", "V")
    ]
    versions += [(f"{address}.{{suffix}}", page, formats) for address, page, formats in versions]
    return [
        ("/", front, {}),
        ("/find", find, {}),
        ("/check-a-file", choose_file, {}),
        ("/genuine", genuine, {}),
        ("/accessibility", accessibility, {}),
        *certificates,
        *versions,
    ]


def _endpoint(
    page: PageFunction, questions: Questions, site: Site, language: str | None, formats: dict[str, str]
) -> Callable[[Request], Response]:
    def serve(request: Request) -> Response:
        if formats:
            _demand_what_is_offered(request)
        visit = visit_of(request, site, language, questions.now())
        return answer(visit, partial(page, questions), bare=language is None, formats=formats)

    return serve


def _named(address: str, endpoint: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """The same, known to logs and figures by its template: an address itself holds a certificate's ID."""

    def serve(request: Request) -> Response:
        request.state.route = address
        return endpoint(request)

    return serve


def _accept_the_other_slash(
    made: APIRouter, address: str, questions: Questions, site: Site, language: str | None
) -> None:
    """A slash too many or too few leads to the page all the same."""
    other = address.removesuffix("/") if address.endswith("/") else f"{address}/"
    if not other:
        return

    def elsewhere(visit: Visit) -> Answer:
        path = visit.request.url.path
        query = f"?{visit.request.url.query}" if visit.request.url.query else ""
        return Elsewhere((f"{path}/" if address.endswith("/") else path.rstrip("/")) + query)

    def serve(request: Request) -> Response:
        return answer(visit_of(request, site, language, questions.now()), elsewhere, bare=False)

    made.add_route(other, _named(other, serve), methods=["GET", "HEAD"])


def _demand_what_is_offered(request: Request) -> None:
    """A certificate stands here as a page of now: no other format, no other time; raises for whoever asks."""
    _, _, suffix = request.path_params["presented"].partition(".")
    if request.path_params.get("suffix") or suffix[:1].isalnum():
        raise AkashiError("unknown_format")
    asked = next((name for name in ("at", "known_at") if name in request.query_params), None)
    if asked:
        raise AkashiError("page_is_of_now", field=f"/{asked}", note="in the query")


def front(questions: Questions, visit: Visit) -> Answer:
    """One field."""
    return Page(render.render_front(visit.frame(), questions.bodies()))


def find(questions: Questions, visit: Visit) -> Answer:
    """What was typed into the field, answered: the certificate, the mistyped group, or all that carry the number.

    What is nobody's number is looked for among the names of holders who consented to be found by name.
    """
    typed, body = visit.request.query_params.get("q", ""), visit.request.query_params.get("body", "")
    asked = read_question(typed)
    if asked.kind is Kind.ID:
        address = f"/{visit.language}/c/{asked.text}" + (f"/v{asked.version}" if asked.version else "")
        if asked.host not in {None, visit.site.host}:
            return Page(render.render_elsewhere(visit.frame(), str(asked.host), address))
        return Elsewhere(address)
    if asked.kind is Kind.MALFORMED_ID:
        return Page(render.render_malformed(visit.frame(), typed, asked.group), 400)
    if asked.kind in {Kind.NOTHING, Kind.TOO_LONG}:
        fault = "empty" if asked.kind is Kind.NOTHING else "too_long"
        html = render.render_front(visit.frame(), questions.bodies(), typed=asked.text, body=body, fault=fault)
        return Page(html, 400)
    found, by_name = questions.lookup(asked.text, body), False
    if not found.hits and not body:
        named = questions.search(asked.text)
        found, by_name = (named, True) if named.hits else (found, False)
    html = render.render_lookup(
        visit.frame(), asked.text, found.hits, questions.bodies(), body=body, more=found.more, by_name=by_name
    )
    return Page(html, until=found.until)


def certificate(questions: Questions, visit: Visit) -> Answer:
    """The answer about one ID; an unknown one is a 404 that says what absence means, a mistyped one a 400."""
    presented = visit.request.path_params["presented"]
    try:
        public_id = parse_public_id(presented)
    except MalformedPublicId as malformed:
        return Page(render.render_malformed(visit.frame(), presented, malformed.group), 400)
    return _certificate_page(questions, visit, questions.verify(public_id))


def certificate_version(questions: Questions, visit: Visit) -> Answer:
    """One version, saying which is current and what differs."""
    presented = visit.request.path_params["presented"]
    try:
        public_id = parse_public_id(presented)
    except MalformedPublicId as malformed:
        return Page(render.render_malformed(visit.frame(), presented, malformed.group), 400)
    answered = questions.version(public_id, visit.request.path_params["number"])
    return _certificate_page(questions, visit, answered)


def choose_file(_: Questions, visit: Visit) -> Answer:
    """The page that says what can be checked before a file is chosen."""
    return Page(render.render_check(visit.frame(), FILE_LIMIT))


def genuine(_: Questions, visit: Visit) -> Answer:
    """How to tell this registry from a copy of it (C004)."""
    return Page(render.render_genuine(visit.frame()))


def accessibility(_: Questions, visit: Visit) -> Answer:
    """The accessibility statement."""
    return Page(render.render_accessibility(visit.frame()))


def _certificate_page(questions: Questions, visit: Visit, answered: Answered | VersionAnswer) -> Page:
    report = answered.report
    zone = (report.get("validity") or {}).get("time_zone", "")
    frame = visit.frame(zone=zone, moment=report.get("data_as_of") or report["at"])
    found = has_record(report)
    html = render.render_certificate(
        frame,
        report,
        qr_svg=_qr(visit, report) if found else "",
        versions=answered.versions if isinstance(answered, Answered) else (),
        successor=answered.successor if isinstance(answered, Answered) else None,
        told=answered.told if isinstance(answered, Answered) else None,
        recognitions=answered.recognitions,
        version=answered.version if isinstance(answered, VersionAnswer) else None,
        terms=_terms(questions, report),
    )
    return Page(html, 200 if found else 404, until=answered.until)


def _terms(questions: Questions, report: Report) -> Terms:
    """The words of the report's scheme, where it has one."""
    scheme = report.get("scheme")
    return questions.terms(scheme["code"]) if scheme else {}


def _qr(visit: Visit, report: Report) -> str:
    """The code for paper; none where the address would make it too dense to read."""
    if not report.get("version"):
        return ""
    try:
        address = qr_address(visit.site.base_url, report["certificate_id"], report["version"])
        return qr_svg(address, word("id.scan", visit.language), visit.language).decode()
    except QrRefused:
        return ""


def _file_endpoint(
    questions: Questions, site: Site, language: str | None, address: str
) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        request.state.route = address
        visit = visit_of(request, site, language, questions.now())
        presented, name, fault = await _presented_file(request)
        if fault:
            return answer(visit, partial(_refuse_file, fault), bare=False)
        return await run_in_threadpool(answer, visit, partial(_checked_file, questions, presented, name), bare=False)

    return serve


async def _presented_file(request: Request) -> tuple[bytes, str, str]:
    """The file of the form with its name, or the word under `check` that says why there is none."""
    declared = request.headers.get("content-length", "")
    if not declared.isdecimal():
        return b"", "", "not_a_form"
    if int(declared) > LARGEST_FILE + ROOM_FOR_THE_FORM:
        return b"", "", "too_large"
    try:
        form = await request.form(max_files=1, max_fields=1)
    except HTTPException:
        return b"", "", "not_a_form"
    file = form.get("file")
    if not isinstance(file, UploadFile):
        return b"", "", "no_file"
    presented = await file.read(LARGEST_FILE + 1)
    name = drawable(file.filename or "")[:LONGEST_FILE_NAME]
    await form.close()
    if not presented:
        return b"", name, "no_file"
    return (b"", name, "too_large") if len(presented) > LARGEST_FILE else (presented, name, "")


def _refuse_file(fault: str, visit: Visit) -> Answer:
    status = 413 if fault == "too_large" else 400
    said = word(f"check.{fault}", visit.language, limit=FILE_LIMIT)
    return Page(render.render_check(visit.frame(), FILE_LIMIT, fault=said), status, kept=False)


def _checked_file(questions: Questions, presented: bytes, name: str, visit: Visit) -> Answer:
    """The report about a presented file, never kept anywhere; what is no certificate's file is refused in words."""
    try:
        report = questions.check_file(presented)
    except AkashiError as error:
        said = " ".join(render.explained(explain(error.code), visit.language))
        return Page(render.render_check(visit.frame(), FILE_LIMIT, fault=said), 400, kept=False)
    zone = (report.get("validity") or {}).get("time_zone", "")
    frame = visit.frame(zone=zone, moment=report.get("checked_at") or report["at"], computed=True, addressed=False)
    shown = render.FileShown(name, len(presented), hashlib.sha256(presented).hexdigest())
    return Page(render.render_certificate(frame, report, file=shown, terms=_terms(questions, report)), kept=False)


def _static(content: bytes, media_type: str, _: Request) -> Response:
    return Response(content, headers=dict(SECURITY_HEADERS) | {"Cache-Control": IMMUTABLE}, media_type=media_type)
