"""Our JSON-LD context: pinned bytes, names that belong to nobody's domain."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.credentials import extension_context as module
from app.credentials.extension_context import NAMESPACE, extension_context
from app.errors import AkashiError


@pytest.fixture(autouse=True)
def _read_anew():
    extension_context.cache_clear()
    yield
    extension_context.cache_clear()


def test_the_context_is_served_as_pinned():
    assert json.loads(extension_context())["@context"]["@protected"] is True


def test_a_copy_altered_by_one_byte_is_refused(tmp_path, monkeypatch):
    # C016: an altered context would change what signed words mean.
    altered = tmp_path / "context.jsonld"
    altered.write_bytes(extension_context().replace(b"technicalArea", b"technicalarea", 1))
    monkeypatch.setattr(module, "_FILE", altered)
    extension_context.cache_clear()

    with pytest.raises(AkashiError) as refused:
        extension_context()

    assert refused.value.code == "context_altered"


def test_every_term_of_ours_lies_in_our_namespace_or_borrows_that_of_untp():
    def terms(context: dict[str, Any]) -> list[str]:
        found = []
        for word, definition in context.items():
            if isinstance(definition, dict):
                found += [definition["@id"]] if not word.startswith("@") else []
                found += terms(definition.get("@context", {}))
        return found

    context = json.loads(extension_context())["@context"]

    assert context["akashi"] == NAMESPACE
    assert all(
        term.startswith(("akashi:", "https://schema.org/", "https://vocabulary.uncefact.org/untp/"))
        for term in terms(context)
    )
