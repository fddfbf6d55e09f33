"""The registry's own name for other software, did:web; a colon before the port is written %3A (did:web, 3.2)."""

from __future__ import annotations

import pytest

from app.credentials.jws import split_jws
from app.credentials.strict_json import parse_object
from app.registry.service_identity import service_did
from app.registry.status_publication import republish_status
from tests.support.acts import rows


@pytest.mark.parametrize(
    ("base_url", "did"),
    [
        ("https://registry.example", "did:web:registry.example"),
        ("http://localhost:8000", "did:web:localhost%3A8000"),
    ],
)
def test_the_registry_is_named_by_its_host_and_port(base_url, did):
    assert service_did(base_url) == did


def test_a_status_list_names_the_registry_as_its_issuer(world):
    republish_status(world.registry)
    (row,) = rows(world, "SELECT content FROM akashi.publication WHERE name = 'status/1'")
    payload = parse_object(split_jws(bytes(row.content).decode()).payload, max_bytes=1 << 20)
    assert payload["issuer"] == service_did(world.registry.base_url)
