"""The addresses and names that a certificate credential gives to things, all from the registry's public base URL.

The base URL is fixed when a registry is set up because it is signed into credentials. Nothing here is ever fetched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_BASE_URL = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*")


@dataclass(frozen=True)
class Addresses:
    """Addresses of one version of one certificate in one registry."""

    base_url: str
    public_id: str
    version_no: int

    def __post_init__(self) -> None:
        if not _BASE_URL.fullmatch(self.base_url) or self.version_no < 1:
            raise ValueError("a base URL has scheme, host, port and path, without a final slash; versions start at 1")

    @property
    def certificate(self) -> str:
        """The certification, whichever version is current: what the QR code and the badge name."""
        return f"{self.base_url}/c/{self.public_id}"

    @property
    def version(self) -> str:
        """This version, for ever."""
        return f"{self.certificate}/v{self.version_no}"

    @property
    def superseded(self) -> str | None:
        """The version before, as numbers have no gaps."""
        return None if self.version_no == 1 else f"{self.certificate}/v{self.version_no - 1}"

    def scheme(self, code: str) -> str:
        """The scheme as this registry holds it."""
        return f"{self.base_url}/v1/schemes/{code}"

    def document(self, scheme_code: str, designation: str) -> str:
        """A normative document of a scheme: `…/v1/schemes/aims#ISO-IEC-42001-2023`."""
        return f"{self.scheme(scheme_code)}#{re.sub('[^0-9A-Za-z]+', '-', designation)}"

    def body(self, party_id: str) -> str:
        """What this registry knows of a certification or accreditation body."""
        return f"{self.base_url}/v1/bodies/{party_id}"

    def accreditation(self, accreditation_id: str) -> str:
        """An accreditation with its scope and history."""
        return f"{self.base_url}/v1/accreditations/{accreditation_id}"


def body_did(base_url: str, party_id: str) -> str:
    """The did:web of a body, its document being `{base_url}/bodies/{id}/did.json`; a port is written %3A."""
    parts = urlsplit(base_url)
    host = parts.netloc.replace(":", "%3A")
    folders = [folder for folder in parts.path.split("/") if folder]
    return ":".join(["did:web", host, *folders, "bodies", party_id])


def urn(identifier: str) -> str:
    """A name for what has no address of its own here: an organisation, a site."""
    return f"urn:uuid:{identifier}"
