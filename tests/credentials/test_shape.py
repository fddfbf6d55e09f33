"""Documents against our schemas: every fault with place and code, and nothing that crashes."""

from __future__ import annotations

import json

import jsonschema_rs
import pytest

from app.credentials.shape import SCHEMA_FOLDER, Shape
from tests.support.certificate_facts import FACTS_JSON, changed

SHAPE = Shape("certificate-facts-1.json")


@pytest.mark.parametrize(
    ("pointer", "value", "code"),
    [
        ("/holder/id", 7, "wrong_type"),
        ("/decision/act", "bless", "unknown_value"),
        ("/holder/country", "Japan", "wrong_form"),
        ("/validity/effective_on", "2026-02-30", "wrong_form"),
        ("/validity/effective_on", "0000-01-01", "wrong_form"),
        ("/validity/valid_from", "2026-11-24T15:00:60Z", "wrong_form"),
        ("/validity/valid_from", "2026-11-24T24:00:00Z", "wrong_form"),
        ("/holder/names", [], "wrong_length"),
        ("/scope/roles", ["ai_provider", "ai_provider"], "said_twice"),
        ("/scope/roles/0", "a\n", "wrong_form"),
        ("/scope/soa/version", "版" * 61, "wrong_length"),
        ("/scope/soa/version", "2.1 ", "wrong_form"),
        ("/scope/soa/version", "2\u200b1", "wrong_form"),
        ("/holder/colour", "blue", "unknown_member"),
        ("/holder/country", ..., "missing_member"),
    ],
)
def test_each_fault_of_shape_has_a_code_and_its_place(pointer, value, code):
    (fault,) = SHAPE.faults(changed(FACTS_JSON, pointer, value))

    assert (fault.code, fault.field) == (code, pointer)


@pytest.mark.parametrize("version", ["2", "2.1", "版" * 60, "第2版 改訂1", "𠮷" * 60])
def test_a_label_has_one_to_sixty_visible_characters(version):
    assert SHAPE.faults(changed(FACTS_JSON, "/scope/soa/version", version)) == ()


def test_a_member_with_a_slash_is_escaped_in_the_pointer():
    (fault,) = SHAPE.faults({**FACTS_JSON, "a/b": 1})

    assert fault.field == "/a~1b"


@pytest.mark.parametrize("presented", [{"format": "\ud800"}, {1: 2}, {"a": {1, 2}}])
def test_what_is_no_json_is_a_fault(presented):
    assert [fault.code for fault in SHAPE.faults(presented)] == ["malformed_json"]


@pytest.mark.parametrize("file", sorted(SCHEMA_FOLDER.glob("certificate-*.json")), ids=lambda file: file.name)
def test_every_schema_is_one_of_json_schema_2020_12(file):
    schema = json.loads(file.read_text(encoding="utf-8"))

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert jsonschema_rs.meta.is_valid(schema)
