"""Our JSON-LD context for what UNTP 0.7.0 has no word for: its bytes, their digest, its address.

The bytes are the same on every installation and stand in each certificate's `relatedResource` by digest; the address
is where the issuing registry serves them (docs/adr/0005-extension-context.md). A copy that differs in one byte is
refused here, at start and at the first certificate, because it would change what signed words mean (C014, C016).
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

from app.errors import AkashiError

W3C_CONTEXT = "https://www.w3.org/ns/credentials/v2"
UNTP_CONTEXT = "https://vocabulary.uncefact.org/untp/0.7.0/context/"
EXTENSION_PATH = "/contexts/certificate/1"
MEDIA_TYPE = "application/ld+json"
NAMESPACE = "urn:uuid:c0fb9233-5b40-4e12-94ef-3e04adc62f0f#"

EXTENSION_SHA256 = "2fd9133637604fd717e6dc45a5ba6e96798bb7b16d5f020e20ecad50ab49c797"
"""Of the file below; a change of meaning is a new file at a new path, never a new digest here."""

_FILE = Path(__file__).parent / "contexts" / "akashi-certificate-v1.jsonld"


@cache
def extension_context() -> bytes:
    """The exact bytes to serve at `EXTENSION_PATH`; raises `context_altered` unless they are the pinned ones."""
    content = _FILE.read_bytes()
    if hashlib.sha256(content).hexdigest() != EXTENSION_SHA256:
        raise AkashiError("context_altered", note=_FILE.name)
    return content


def contexts_of(base_url: str) -> list[str]:
    """The value of `@context`: these addresses in this order and no other."""
    return [W3C_CONTEXT, UNTP_CONTEXT, base_url + EXTENSION_PATH]


def related_resource(base_url: str) -> dict[str, str]:
    """The entry of `relatedResource` that pins the extension context by digest (VCDM 2.0 §5.3)."""
    sri = base64.b64encode(bytes.fromhex(EXTENSION_SHA256)).decode()
    return {"id": base_url + EXTENSION_PATH, "mediaType": MEDIA_TYPE, "digestSRI": f"sha256-{sri}"}
