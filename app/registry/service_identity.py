"""How the registry itself and its bodies are named for other software (did:web): never a path of trust."""

from __future__ import annotations

from urllib.parse import quote, urlsplit


def service_did(base_url: str) -> str:
    """The registry's did:web, issuer of status lists."""
    return f"did:web:{quote(urlsplit(base_url).netloc, safe='')}"
