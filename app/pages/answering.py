"""From a page to an HTTP answer: language, headers, ETag, 304; and from a refusal to a page that explains it.

A bare address answers in the language that the header prefers and says so with `Vary`; `?lang=` sends on to the address
of that language.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.conformity.words import LANGUAGES
from app.errors import AkashiError, explain
from app.http import etag_of, names_etag, preferred_language, status_of, until_boundary
from app.pages.headers import NEVER, SECURITY_HEADERS
from app.pages.render import Frame, explained, render_problem
from app.pages.site import Site

OK, SEE_OTHER = 200, 303


@dataclass(frozen=True)
class Page:
    """What a page function returns: kept for a minute, but never past `until`, or by nobody (`kept` False)."""

    html: str
    status: int = 200
    until: datetime | None = None
    kept: bool = True


@dataclass(frozen=True)
class Elsewhere:
    """The answer stands at another address."""

    location: str


@dataclass(frozen=True)
class Visit:
    """One request as a page function sees it: in which language, at which address, when."""

    request: Request
    site: Site
    language: str
    path: str
    now: datetime

    def frame(self, *, zone: str = "", moment: str = "", computed: bool = False, addressed: bool = True) -> Frame:
        """The frame of a page; without a zone of a certification body, the site's own."""
        return Frame(
            site=self.site,
            language=self.language,
            path=self.path if addressed else None,
            moment=moment or minute_of(self.now),
            zone=zone or self.site.time_zone,
            computed=computed,
        )


Answer = Page | Elsewhere


def minute_of(now: datetime) -> str:
    """The minute that a page without data of its own is "as of"."""
    return now.strftime("%Y-%m-%dT%H:%MZ").replace("Z", ":00Z")


def visit_of(request: Request, site: Site, language: str | None, now: datetime) -> Visit:
    """The request with its language settled; `path` is without the language and with the query."""
    path = request.url.path if language is None else request.url.path.removeprefix(f"/{language}")
    query = urlencode([pair for pair in request.query_params.multi_items() if pair[0] != "lang"])
    chosen = language or preferred_language(request.headers.get("accept-language"))
    return Visit(request, site, chosen, path + (f"?{query}" if query else ""), now)


def answer(
    visit: Visit, page: Callable[[Visit], Answer], *, bare: bool, formats: dict[str, str] | None = None
) -> Response:
    """The page as a response; a refusal as a page that explains it."""
    wished = visit.request.query_params.get("lang")
    if bare and wished in LANGUAGES:
        return _sent_to(visit, f"/{wished}{visit.path}")
    suffix = _other_format(visit.request.headers.get("accept", ""), formats) if bare and formats else ""
    if suffix:
        return _sent_to(visit, visit.request.url.path + suffix, vary="Accept")
    try:
        made = page(visit)
    except AkashiError as error:
        made = problem_page(visit, error)
    if isinstance(made, Elsewhere):
        return _sent_to(visit, made.location, vary="Accept-Language" if bare else "")
    vary = ("Accept, Accept-Language" if formats else "Accept-Language") if bare else ""
    return _respond(visit, made, vary)


def problem_page(visit: Visit, error: AkashiError) -> Page:
    """A refusal in the reader's language: what is wrong, what to do, the code and the request's ID."""
    explanation = explain(error.code)
    heading, remedy = explained(explanation, visit.language)
    request_id = visit.request.scope.get("state", {}).get("request_id") or ""
    html = render_problem(visit.frame(), heading, remedy, code=explanation.code, request_id=request_id)
    return Page(html, status_of(error.code), kept=False)


def problem_response(request: Request, site: Site, error: AkashiError, now: datetime) -> Response:
    """For whoever assembles the service: a refusal of any address, to a reader who asked for a page."""
    named = request.url.path.split("/", 2)[1] if "/" in request.url.path else ""
    language = named if named in LANGUAGES else None
    visit = visit_of(request, site, language, now)
    return _respond(visit, problem_page(visit, error), "" if language else "Accept-Language")


def wants_a_page(request: Request) -> bool:
    """Whether the request comes from somebody who reads HTML and not from a program."""
    return "text/html" in request.headers.get("accept", "")


def _respond(visit: Visit, page: Page, vary: str) -> Response:
    body = page.html.encode("utf-8")
    headers = dict(SECURITY_HEADERS) | {"Content-Language": visit.language}
    if vary:
        headers["Vary"] = vary
    if not page.kept:
        return Response(body, page.status, headers | {"Cache-Control": NEVER}, "text/html; charset=utf-8")
    headers |= {"Cache-Control": until_boundary(visit.now, page.until), "ETag": etag_of(body)}
    presented = visit.request.headers.get("if-none-match")
    if page.status == OK and names_etag(presented, headers["ETag"], weak=True):
        return Response(status_code=304, headers=headers)
    return Response(body, page.status, headers, "text/html; charset=utf-8")


def _sent_to(visit: Visit, location: str, vary: str = "") -> Response:
    headers = dict(SECURITY_HEADERS) | {"Cache-Control": until_boundary(visit.now)}
    return RedirectResponse(location, SEE_OTHER, headers | ({"Vary": vary} if vary else {}))


def _other_format(accept: str, formats: dict[str, str]) -> str:
    """The suffix of the first format that the header names before any HTML; empty for whoever takes HTML."""
    for item in accept.split(","):
        media_type = item.partition(";")[0].strip().lower()
        if media_type in formats:
            return formats[media_type]
        if media_type in {"text/html", "application/xhtml+xml", "text/*", "*/*"}:
            return ""
    return ""
