"""A registry's pages over reports written by hand, for tests of the pages alone: no database, no keys."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import FastAPI
from starlette.responses import Response

from app.conformity.identifiers import generate_public_id
from app.documents.badge import badge_facts, render_badge
from app.errors import AkashiError
from app.pages.questions import Answered, Lookup, Questions, VersionAnswer
from app.pages.routes import router
from app.pages.site import Site
from tests.support.reports import AOBA, CONTINUED_BY, FIRST, REPORTS, TOKIWA, report, versions

SITE = Site(
    base_url="https://akashi.example",
    operator="Akashi Registry Foundation",
    version="0.1.0",
    publication_keys=("u3vXkW1Yf0m1bY0d3kq2v9cX0a7o5x1JmZl2mBq5yJk",),
    demonstration=True,
)
MOMENT = datetime(2026, 11, 24, 13, 50, tzinfo=UTC)
NOT_A_FILE = b"not a certificate"
BODIES = ({"id": TOKIWA["id"], "names": TOKIWA["names"]}, {"id": AOBA["id"], "names": AOBA["names"]})


TERMS = {
    "role": {
        "producer": {"en": "AI producer (developer)", "ja": "AI製作者（開発者）"},
        "provider": {"en": "AI provider", "ja": "AI提供者"},
    },
    "area": {"perception": {"en": "Image, speech and sensor perception", "ja": "画像・音声・センサ認識"}},
}


def identifier(name: str) -> str:
    """The ID under which the report of this name is served: well-formed, and the same in every run."""
    return generate_public_id(random.Random(name).getrandbits)


IDENTIFIERS = {identifier(name): name for name in REPORTS}
DIFFERENCES = [
    {
        "field": "scope.statement",
        "this": report("valid")["scope"]["statement"],
        "current": [
            {"text": "倉庫ロボット用画像認識モデルの開発、運用及び保守", "language": "ja", "authoritative": True},
            {
                "text": "Development, operation and maintenance of machine-vision models for warehouse robots.",
                "language": "en",
                "authoritative": False,
            },
        ],
    },
    {"field": "scope.sites", "this": [], "current": report("multi_site")["scope"]["sites"][:2]},
    {"field": "scope.roles", "this": ["producer", "provider"], "current": ["producer"]},
    {"field": "scope.soa", "this": {"version": "3", "date": "2025-09-30"}, "current": {"version": "4", "date": "2026-05-11"}},
    {"field": "holder.country", "this": "JP", "current": "SG"},
    {"field": "validity.effective_on", "this": "2025-12-01", "current": "2026-06-01"},
]  # fmt: skip


LABEL = {"act": "grant", "label": dict(zip(("en", "ja"), FIRST, strict=True))}
FORMER: dict[str, Any] = {
    "name": "Kasumi Warehouse Machines",
    "language": "en",
    "script": "Latn",
    "valid_from": None,
    "valid_to": "2025-03-31",
    "of_now": False,
}


def verify(public_id: str) -> dict[str, Any]:
    """The report that is served under this ID, or that of an unknown one."""
    name = IDENTIFIERS.get(public_id, "unknown")
    found = report(name, certificate_id=public_id)
    found["links"] = {
        kind: link.replace(report(name)["certificate_id"], public_id) for kind, link in found["links"].items()
    }
    return found


def answered(public_id: str) -> Answered:
    """The report with its versions, and for the one that was transferred where it is continued."""
    name = IDENTIFIERS.get(public_id, "unknown")
    told = {
        "last_surveillance_reported": "2026-10-20" if name == "valid" else None,
        "under_appeal": name == "suspended",
    }
    successor = CONTINUED_BY if name == "transferred" else None
    return Answered(verify(public_id), None, versions(name), successor, told)


def version(public_id: str, number: int) -> VersionAnswer:
    """Version 1 of the superseded certificate is old; every other certificate has version 1 alone."""
    if public_id not in IDENTIFIERS or number not in {1, 2}:
        raise AkashiError("unknown_certificate")
    if IDENTIFIERS[public_id] != "superseded":
        only: dict[str, Any] = {"version": 1, "current": 1, "replaced_on": None, "differences": []}
        return VersionAnswer(verify(public_id), LABEL | only)
    described = {"version": 1, "current": 2, "replaced_on": "2026-06-01", "differences": DIFFERENCES}
    return VersionAnswer(verify(public_id), LABEL | described)


def lookup(number: str, body: str) -> Lookup:
    """Two certificates carry the number AIMS-0012, one carries AIMS-0044."""
    names = {"AIMS-0012": ("valid", "suspended", "confidential"), "AIMS-0044": ("expired",)}.get(number, ())
    hits = [verify(identifier(name)) | {"number": number} for name in names]
    return Lookup([hit for hit in hits if body in {"", hit["body"]["id"]}])


def search(name: str) -> Lookup:
    """One holder is found by its former name."""
    found = [verify(identifier("valid")) | {"number": "AIMS-0012", "found_by": [FORMER]}]
    return Lookup(found if name.casefold() in FORMER["name"].casefold() else [])


def check_file(presented: bytes) -> dict[str, Any]:
    """A file that holds the name of a report answers with it."""
    if presented == NOT_A_FILE:
        raise AkashiError("malformed_jws")
    found = verify(identifier(presented.decode()))
    return found | {"checked_at": found["at"]}


QUESTIONS = Questions(
    verify=answered,
    version=version,
    check_file=check_file,
    lookup=lookup,
    search=search,
    bodies=lambda: BODIES,
    terms=lambda scheme: TERMS if scheme == "aims" else {},
    now=lambda: MOMENT + timedelta(seconds=7),
)


def application(site: Site = SITE, questions: Questions = QUESTIONS) -> FastAPI:
    """The pages with the badge that they show, and nothing else."""
    app = FastAPI(openapi_url=None)

    def badge(public_id: str, lang: str = "en") -> Response:
        return Response(render_badge(badge_facts(verify(public_id), site.base_url, lang)), media_type="image/svg+xml")

    app.add_api_route("/badge/{public_id}.svg", badge)
    app.include_router(router(questions, site))
    return app
