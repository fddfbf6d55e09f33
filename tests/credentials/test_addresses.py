"""Addresses in a certificate, all from one base URL."""

from __future__ import annotations

import pytest

from app.credentials.addresses import Addresses, body_did
from tests.support.certificate_facts import PUBLIC_ID

BODY = "0b9f5d0e-7a51-4c07-9a53-5f7f6a2d9c01"


@pytest.mark.parametrize(
    ("base_url", "did"),
    [
        ("https://registry.example", "did:web:registry.example:bodies:"),
        ("http://localhost:8443", "did:web:localhost%3A8443:bodies:"),
        ("https://example.org/registry", "did:web:example.org:registry:bodies:"),
    ],
)
def test_a_port_or_a_path_stands_in_the_did_as_did_web_writes_it(base_url, did):
    """C056: a colon before a port is written %3A; a bare one would begin a folder (did:web §3.2)."""
    assert body_did(base_url, BODY) == did + BODY


@pytest.mark.parametrize(
    "base_url", ["https://registry.example/", "registry.example", "https://u@h", "https://H.example", "https://h?q"]
)
def test_a_base_url_of_another_form_is_a_mistake_of_the_caller(base_url):
    with pytest.raises(ValueError, match="base URL"):
        Addresses(base_url, PUBLIC_ID, 1)


def test_versions_begin_at_one():
    with pytest.raises(ValueError, match="versions start at 1"):
        Addresses("https://registry.example", PUBLIC_ID, 0)


def test_the_first_version_supersedes_none():
    assert Addresses("https://registry.example", PUBLIC_ID, 1).superseded is None


def test_a_normative_document_has_an_address_within_its_scheme():
    at = Addresses("https://registry.example", PUBLIC_ID, 1)

    assert at.document("aims", "ISO/IEC 42001:2023") == "https://registry.example/v1/schemes/aims#ISO-IEC-42001-2023"
