"""Bodies are read strictly: what has two meanings, no meaning, or too much of it never reaches an act (R24, R28)."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import pytest
from fastapi import APIRouter
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field

from app.api.bodies import ACT_BYTES, BULK_BYTES, BulkRoute, FromBody, Presented, StrictRoute
from app.api.fields import Day, Instant
from app.errors import catalogue
from tests.support.door import app_over, client_of, converse

SEEN: list[object] = []


class Name(Presented):
    name: str
    language: Literal["en", "ja"]


class Fact(Presented):
    names: list[Name] = Field(min_length=1)
    day: Day
    moment: Instant | None = None
    id: UUID | None = None
    count: int = Field(1, ge=1)
    final: bool = False


def made_app():
    app = app_over()
    strict, bulk = APIRouter(route_class=StrictRoute), APIRouter(route_class=BulkRoute)

    @strict.post("/facts", status_code=201)
    def record(fact: Annotated[Fact, FromBody()]):
        SEEN.append(fact)
        return {"day": fact.day.isoformat()}

    @bulk.post("/many", status_code=201)
    def record_many(facts: Annotated[list[Name], FromBody()]):
        return {"count": len(facts)}

    app.include_router(strict)
    app.include_router(bulk)
    return app


APP = made_app()
CLIENT = client_of(APP)
GOOD = {"names": [{"name": "株式会社灯", "language": "ja"}], "day": "2026-11-25"}
JSON = {"Content-Type": "application/json"}


def post(body, path="/facts", headers=JSON):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return CLIENT.post(path, content=raw, headers=headers)


def faults(body):
    answer = post(body)
    assert answer.status_code == 400
    return {(fault["field"], fault["code"]) for fault in answer.json()["errors"]}


def test_a_good_body_arrives_as_vocabulary():
    body = {**GOOD, "moment": "2026-11-25T00:00:00.25Z", "id": "6ec0bd7f-11c0-43da-975e-2a8ad9ebae0b"}
    assert post(body).status_code == 201
    fact = SEEN[-1]
    assert isinstance(fact, Fact)
    assert fact.day == date(2026, 11, 25)
    assert fact.moment is not None
    assert fact.moment == datetime.fromisoformat("2026-11-25T00:00:00.25+00:00")
    assert fact.id == UUID("6ec0bd7f-11c0-43da-975e-2a8ad9ebae0b")
    assert fact.names[0].name == "株式会社灯"


def test_all_faults_of_a_body_are_told_at_once():
    body = {"names": [{"name": 1, "language": "de"}], "day": "2026-02-30", "surprise": 1, "count": 0}
    assert faults(body) == {
        ("/names/0/name", "wrong_type"),
        ("/names/0/language", "unknown_value"),
        ("/day", "impossible_date"),
        ("/surprise", "unknown_member"),
        ("/count", "out_of_range"),
    }


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"day": "2026-13-01"}, ("/day", "impossible_date")),
        ({"day": "2026-11-25T00:00:00"}, ("/day", "impossible_date")),
        ({"day": "2026-11-25 "}, ("/day", "impossible_date")),
        ({"day": "２０２６-11-25"}, ("/day", "impossible_date")),
        ({"day": "0000-01-01"}, ("/day", "impossible_date")),
        ({"day": 20261125}, ("/day", "wrong_type")),
        ({"day": None}, ("/day", "wrong_type")),
        ({"moment": "2026-11-25T00:00:00"}, ("/moment", "impossible_instant")),
        ({"moment": "2026-11-25T00:00:00+09:00"}, ("/moment", "impossible_instant")),
        ({"moment": "2026-11-25T24:00:01Z"}, ("/moment", "impossible_instant")),
        ({"moment": 1}, ("/moment", "wrong_type")),
        ({"id": "not-a-uuid"}, ("/id", "wrong_form")),
        ({"count": "1"}, ("/count", "wrong_type")),
        ({"count": True}, ("/count", "wrong_type")),
        ({"final": 1}, ("/final", "wrong_type")),
        ({"final": "true"}, ("/final", "wrong_type")),
        ({"names": []}, ("/names", "wrong_length")),
        ({"names": "x"}, ("/names", "wrong_type")),
        ({"a/b~c": 1}, ("/a~1b~0c", "unknown_member")),
    ],
)
def test_each_fault_names_its_field_and_its_code(change, fault):
    assert faults({**GOOD, **change}) == {fault}


def test_a_missing_member_is_named():
    assert faults({"names": GOOD["names"]}) == {("/day", "missing_member")}


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"", 400, "body_missing"),
        (b"{", 400, "malformed_json"),
        (b"\xff", 400, "malformed_json"),
        (b"\xef\xbb\xbf{}", 400, "malformed_json"),
        (b"nonsense", 400, "malformed_json"),
        (b'{"day":"2026-11-25","day":"2026-11-26"}', 400, "duplicate_member"),
        (b'{"day":"\\ud83d"}', 400, "lone_surrogate"),
        (b'{"day":"\\u0000"}', 400, "nul_character"),
        (b'{"count":NaN}', 400, "number_out_of_range"),
        (b'{"count":1e400}', 400, "number_not_integer"),
        (b'{"count":9007199254740993}', 400, "number_out_of_range"),
        (b"[" * 10_000, 400, "json_too_deep"),
        (b"[" * 40 + b"]" * 40, 400, "json_too_deep"),
        (b'"text"', 400, "malformed_request"),
        (b"null", 400, "malformed_request"),
        (b" " * (ACT_BYTES + 1), 413, "body_too_large"),
    ],
)
def test_what_has_no_single_meaning_is_refused_before_any_model_sees_it(raw, status, code):
    before = len(SEEN)
    answer = post(raw)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert len(SEEN) == before


@pytest.mark.parametrize(
    "media_type",
    ["text/plain", "application/xml", "application/problem+json", "application/json; charset=shift_jis", ""],
)
def test_another_media_type_is_refused_by_name(media_type):
    answer = post(GOOD, headers={"Content-Type": media_type})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
    assert "application/json" in answer.json()["detail"]


def test_a_charset_of_utf_8_is_no_other_media_type():
    assert post(GOOD, headers={"Content-Type": "application/json; charset=UTF-8"}).status_code == 201


def test_a_body_without_a_declared_length_is_cut_off_at_the_limit():
    handed_over = []

    async def endless():
        while True:
            handed_over.append(4096)
            yield {"type": "http.request", "body": b" " * 4096, "more_body": True}

    status, body = asyncio.run(converse(APP, "POST", "/facts", endless(), {**JSON, "Transfer-Encoding": "chunked"}))
    assert (status, json.loads(body)["code"]) == (413, "body_too_large")
    assert sum(handed_over) <= ACT_BYTES + 4096


def test_a_length_that_lies_is_no_way_around_the_limit():
    answer = CLIENT.post("/facts", content=b" " * (ACT_BYTES + 1), headers={**JSON, "Content-Length": "10"})
    assert answer.json()["code"] == "body_too_large"


def test_a_bulk_route_reads_more_and_no_more_than_a_mebibyte():
    assert post([{"name": "a" * 100, "language": "en"}] * 1000, "/many").json() == {"count": 1000}
    assert post(b" " * (BULK_BYTES + 1), "/many").status_code == 413


@pytest.mark.parametrize(
    "bomb",
    [
        b'{"a":' * 12_000,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        ("{" + ",".join(f'"{n}":0' for n in range(6_000)) + "}").encode(),
        b"[" + b"0," * 32_000 + b"0]",
        b'"' + b"\\u0041" * 10_000 + b'"',
        b"1" * 65_000,
        b"-" + b"9" * 60_000 + b"e9999999",
        b'{"' + b"k" * 60_000 + b'":1}',
        b" " * 65_000 + b"1",
    ],
    ids=["open", "deep", "members", "elements", "escapes", "digits", "exponent", "long name", "spaces"],
)
def test_a_bomb_within_the_limit_is_answered_at_once(bomb):
    """R28, for the JSON of acts: far below the ten seconds."""
    began = time.perf_counter()
    answer = post(bomb)
    assert answer.status_code in {400, 413}
    assert answer.json()["code"] in catalogue()
    assert time.perf_counter() - began < 2


HONEST = json.dumps({**GOOD, "moment": "2026-11-25T00:00:00Z", "count": 3}, ensure_ascii=False).encode()


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_mutated_body_is_accepted_whole_or_refused_by_code(data):
    """R24, for JSON bodies: no crash, no 5xx, always a code."""
    raw = bytearray(HONEST)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(raw) - 1))
        match data.draw(st.sampled_from(("change", "remove", "insert", "cut", "repeat"))):
            case "change":
                raw[place] = data.draw(st.integers(0, 255))
            case "remove":
                del raw[place : place + data.draw(st.integers(1, 5))]
            case "insert":
                raw[place:place] = data.draw(st.binary(max_size=4))
            case "cut":
                raw = raw[: place + 1]
            case _:
                raw[place:place] = raw[: data.draw(st.integers(1, 40))]
        if not raw:
            raw = bytearray(b"{")
    answer = post(bytes(raw))
    assert answer.status_code == 201 or (answer.status_code in {400, 413} and answer.json()["code"] in catalogue())


@settings(max_examples=150, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=12,
    )
)
def test_any_json_value_is_accepted_or_refused_by_code(value):
    answer = post(json.dumps(value).encode("utf-8", "surrogatepass"))
    assert answer.status_code == 400
    assert {fault["code"] for fault in answer.json()["errors"]} <= set(catalogue())
