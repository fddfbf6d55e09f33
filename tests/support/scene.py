"""A scene: one registry with its clock, and those who act in a scenario, each at the HTTP doors with its own token.

Journeys read as sentences: `body.decides("suspend", robots)`, `visitor.verifies(robots).verdict`, `clock.passes(days=30)`.
A step that a door refuses raises `Refused`, so a step that is not expected to be refused has been done. Nobody reaches
behind the doors; only what has none is arranged directly: the operator registers parties and what arrangements publish,
schemes and editions come as data, and the clock of the database is moved.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx2
import psycopg
import pytest
from starlette.testclient import TestClient

from app.errors import catalogue, explain
from app.keys.encoding import b64u_decode
from app.keys.evidence import sign_evidence
from app.registry.status_publication import republish_stale
from tests.support.editions import record_next, state_end
from tests.support.service import Caller, Service
from tests.support.world import ZONE, World, WorldPerson


class Refused(AssertionError):
    """A door refused a step, as a whole or for some of its members."""

    def __init__(self, code: str, faults: Iterable[str] = (), text: str = "") -> None:
        super().__init__(text or code)
        self.codes = {code, *faults}


@contextmanager
def refused(code: str, clause: str | None = None) -> Iterator[None]:
    """The step within is refused with this code, which the catalogue explains, by this clause if one is given."""
    with pytest.raises(Refused) as caught:
        yield
    assert code in caught.value.codes & catalogue().keys(), caught.value
    assert clause in {None, explain(code).clause}, explain(code).clause


class Clock:
    """The registry's clock, which the test alone moves; what the service does all day is done at every move."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.moves = 0

    @property
    def today(self) -> date:
        """The date where the bodies are."""
        return self._world.today

    def ago(self, days: int) -> date:
        """A day before today."""
        return self._world.ago(days)

    def ahead(self, days: int) -> date:
        """A day after today."""
        return self._world.ago(-days)

    def now(self) -> datetime:
        """This instant."""
        return self._world.now()

    def passes(self, **interval: float) -> None:
        """Time passes."""
        self._move(self._world.now() + timedelta(**interval))

    def reaches(self, day: date) -> None:
        """It is noon of a later day, where the bodies are."""
        self._move(datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(ZONE)))

    def _move(self, instant: datetime) -> None:
        self._world.set_clock(instant)
        self.moves += 1
        republish_stale(self._world.registry)


class Party:
    """Somebody with a token of their own, as long as it lives; whenever the clock moved they sign in again."""

    def __init__(self, scene: Scene, party: UUID, scopes: frozenset[str]) -> None:
        self.scene, self.party, self._scopes = scene, party, scopes
        self._signed_in: tuple[int, Caller] | None = None

    @property
    def clock(self) -> Clock:
        """The clock that everybody shares."""
        return self.scene.clock

    def reads(self, address: str) -> Any:
        """What the party may read at an address."""
        return answered(self._caller().get(address))

    def tells(self, address: str, content: Any = None) -> Any:
        """Something is handed in at an address; what the door answers to it."""
        return answered(self._caller().post(address, content))

    def confirms(self, address: str, drafted: dict[str, Any], *people: WorldPerson) -> Any:
        """Each of these people signs the exact document of a draft, with a key of their own."""
        document, said = b64u_decode(drafted["document_base64url"]), None
        for person in people:
            evidence = sign_evidence(person.key, document)
            said = self.tells(f"{address}/{drafted['id']}/confirmation", {"evidence": evidence})
        return said

    def _caller(self) -> Caller:
        if self._signed_in is None or self._signed_in[0] != self.clock.moves:
            self._signed_in = (self.clock.moves, self.scene.service.caller(self.party, self._scopes))
        return self._signed_in[1]


def answered(answer: httpx2.Response) -> Any:
    """What a door answered; raises `Refused`. A defect of ours is no refusal."""
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 300:
        said = answer.json()
        raise Refused(said["code"], (fault["code"] for fault in said["errors"]), answer.text)
    if not answer.content:
        return None
    return answer.json() if answer.headers["content-type"].endswith(("/json", "+json")) else answer.text


@dataclass(frozen=True)
class Told:
    """A verification report as a reader takes it."""

    report: dict[str, Any]

    @property
    def verdict(self) -> str:
        """The one word."""
        return str(self.report["verdict"])

    @property
    def state(self) -> str | None:
        """The standing, if there is any."""
        return self.report["standing"]["state"] if self.report["standing"] else None

    @property
    def version(self) -> int | None:
        """The current version."""
        version: int | None = self.report["version"]
        return version

    @property
    def notices(self) -> list[str]:
        """What else has to be known, but for what tells of the tests' own anchors."""
        return [one["code"] for one in self.report["notices"] if one["code"] != "development_anchors"]

    @property
    def history(self) -> list[str]:
        """The acts of its life, oldest first."""
        return [one["act"] for one in self.report["standing"]["events"]]

    @property
    def summary(self) -> str:
        """The sentence that says it, in English."""
        return str(self.report["summary"]["en"])

    @property
    def holder(self) -> set[str]:
        """The names of the holder; none where they are withheld."""
        return {one["name"] for one in self.report["holder"]["names"]} if self.report["holder"] else set()

    @property
    def sites(self) -> list[str]:
        """The names of the sites."""
        return [one["names"][0]["name"] for one in self.report["scope"]["sites"]]

    @property
    def last_valid_day(self) -> date:
        """The last day on which it is valid."""
        return date.fromisoformat(self.report["validity"]["last_valid_day"])

    @property
    def known_then(self) -> str | None:
        """The verdict known at the time asked about, where later facts reached back."""
        return self.report["known_then"]["verdict"] if self.report["known_then"] else None

    @property
    def accreditations(self) -> list[tuple[str, str]]:
        """Of each accreditation: what it was at the decision, what it is now."""
        return [(one["at_decision"], one["now"]) for one in self.report["accreditations"]]

    def check(self, name: str) -> tuple[str, str]:
        """Result and code of one check."""
        (found,) = [one for one in self.report["checks"] if one["name"] == name]
        return found["result"], found["code"]


class Visitor:
    """Anybody, without a name or a token."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    @property
    def _http(self) -> TestClient:
        return self._scene.service.http

    def verifies(self, certificate: Any, **asked: str) -> Told:
        """The report by ID, of now or of a time."""
        address = f"/v1/certificates/{id_of(certificate)}/verification"
        return Told(answered(self._http.get(address, params=asked)))

    def presents(self, credential: str, **expected: str) -> Told:
        """The report on a file, which is expected to be of a holder or to have an ID."""
        presented = {"credential": credential, "expected": expected} if expected else {"credential": credential}
        return Told(answered(self._http.post("/v1/verifications", json=presented)))

    def presents_bundle(self, bundle: str, **asked: str) -> Told:
        """The report on a bundle, by its own evidence alone."""
        return Told(answered(self._http.post("/v1/verifications", json={"bundle": bundle, **asked})))

    def asks_about_all(self, certificates: list[str]) -> list[dict[str, Any]]:
        """The lines that answer a list of IDs, the last one being the end."""
        answer = self._http.post("/v1/verifications", json={"certificate_ids": certificates})
        return [json.loads(line) for line in str(answered(answer)).splitlines()]

    def complains(self, body: UUID, **said: str) -> str:
        """Hands a complaint to a body; returns the reference."""
        return str(answered(self._http.post(f"/v1/bodies/{body}/complaints", json=said))["reference"])

    def searches(self, words: str) -> list[str]:
        """The IDs that the directory gives for a name."""
        found = answered(self._http.get("/v1/certificates", params={"q": words}))
        return [one["certificate_id"] for one in found["certificates"]]

    def reads(self, address: str) -> Any:
        """What a public address answers."""
        return answered(self._http.get(address))

    def downloads(self, certificate: Any, version: int | None = None) -> str:
        """The file of a certificate, or of one of its versions."""
        number = "" if version is None else f"/v{version}"
        return str(self.reads(f"/c/{id_of(certificate)}{number}.jwt"))


def id_of(certificate: Any) -> str:
    """The public ID: of a certification in a scene, or one that is known otherwise."""
    return str(getattr(certificate, "id", certificate))


class Scene:
    """Everybody of one registry."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.service = Service(world)
        self.clock = Clock(world)

    def starts_again(self) -> None:
        """The service starts with the anchors that there are by now; everybody signs in again."""
        self.service = Service(self.world)
        self.clock.moves += 1

    @cached_property
    def visitor(self) -> Visitor:
        """Anybody."""
        return Visitor(self)

    def areas(self, scheme: str) -> list[str]:
        """Every technical area of a scheme, as it publishes them."""
        return [one["code"] for one in self.visitor.reads(f"/v1/schemes/{scheme}")["technical_areas"]]

    def publishes_edition(self, *, previous_until: date) -> None:
        """The next edition of the standard is out; to the one before nothing is certified beyond a day."""
        record_next(self.world)
        state_end(self.world, previous_until, previous_until, stated_on=self.clock.today)

    def publishes_scheme(self, code: str, designation: str, criteria: str, *areas: str) -> None:
        """Another accredited scheme with its standard and that for its bodies, as a migration would bring it."""
        with psycopg.connect(self.world.fresh.superuser_url, autocommit=True) as owner:
            owner.execute(
                "INSERT INTO akashi.scheme (code, title_en, title_ja, activity, object, assurance, owner, maximum_months,"
                " surveillance_months, suspension_months, renewal_months, restoration_months, late_after_days,"
                " required_fields, origin) VALUES (%s, 'Management system', 'マネジメントシステム', 'certification',"
                " 'management_system', 'accredited_third_party', 'ISO/IEC', 36, 12, 6, 12, 6, 30, '{sites}', 'the catalogue')",
                (code,),
            )
            owner.execute(
                "INSERT INTO akashi.scheme_phase (scheme_code, phase, starts_on, origin)"
                " VALUES (%s, 'operating', '2013-10-01', 'the catalogue')",
                (code,),
            )
            for use, standard in (("requirements", designation), ("accreditation_criteria", criteria)):
                owner.execute(
                    "INSERT INTO akashi.normative_document (scheme_code, designation, use, title_en, title_ja, origin)"
                    " VALUES (%s, %s, %s, 'Requirements', '要求事項', 'the catalogue')",
                    (code, standard, use),
                )
            for area in areas:
                owner.execute(
                    "INSERT INTO akashi.scheme_term VALUES (%s, 'technical_area', %s, 'Area', '分野', 'the catalogue')",
                    (code, area),
                )
