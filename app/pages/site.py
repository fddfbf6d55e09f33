"""What every page says about the registry that serves it: name, address, operator, keys. It changes no verdict."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Site:
    """The registry as its readers see it; `base_url` has no slash at its end.

    `publication_keys` are thumbprints of the keys that sign reports and bundles, newest first. `time_zone` (IANA) is
    used where a page has no certification body whose zone would apply. `demonstration` puts a plain sentence beside
    the registry's name. With a `security_contact` there is a security.txt to link to.
    """

    base_url: str
    operator: str
    version: str
    name: str = "Akashi"
    publication_keys: tuple[str, ...] = ()
    time_zone: str = "UTC"
    demonstration: bool = False
    security_contact: bool = False

    @property
    def host(self) -> str:
        """Host and port as an address bar shows them."""
        return urlsplit(self.base_url).netloc
