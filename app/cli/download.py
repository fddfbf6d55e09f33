"""One bundle from one registry: https (or this machine), no redirect, bounded size and time.

What arrives is as untrusted as a file from a stranger; the examiner treats it so. `urllib` is enough for one GET and
keeps the offline verifier small.
"""

from __future__ import annotations

import ipaddress
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import IO, Any
from urllib.parse import urlsplit

from app.errors import AkashiError
from app.examiner.bundle import MAX_BUNDLE_BYTES

SECONDS = 10
NOT_FOUND = 404
GONE_OR_WITHHELD = frozenset({403, 410})


class DownloadRefused(AkashiError):
    """The bundle could not be had, or is not asked for at such an address."""


def download_bundle(registry: str, public_id: str) -> bytes | None:
    """The bytes at `{registry}/c/{ID}.bundle.json`; None if the registry has no record of the ID."""
    base = _checked_base(registry)
    request = urllib.request.Request(f"{base}/c/{public_id}.bundle.json", headers={"Accept": "application/json"})  # noqa: S310
    try:
        with _OPENER.open(request, timeout=SECONDS) as answer:
            return bytes(answer.read(MAX_BUNDLE_BYTES + 1))
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == NOT_FOUND:
            return None
        code = "bundle_withheld" if error.code in GONE_OR_WITHHELD else "registry_unreachable"
        raise DownloadRefused(code, note=f"{base} answered {error.code}") from error
    except (OSError, HTTPException) as error:
        raise DownloadRefused("registry_unreachable", note=f"{base}: {getattr(error, 'reason', error)}") from error


def _checked_base(registry: str) -> str:
    """The base URL without a final slash; plain http only to this machine."""
    try:
        parts = urlsplit(registry)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise DownloadRefused("registry_address", note=registry[:200]) from error
    allowed = parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(host))
    if not allowed or not host or port == 0 or parts.query or parts.fragment or "@" in parts.netloc:
        raise DownloadRefused("registry_address", note=registry[:200])
    return registry.rstrip("/")


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """An answer from elsewhere is not the answer of the registry that was named."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> None:
        """No request is made."""
        del req, fp, code, msg, headers, newurl


_OPENER = urllib.request.build_opener(_NoRedirect)
