"""The QR code of one certificate version: its address in capitals, small enough for paper and cheap phones.

Capitals keep the code in alphanumeric mode (ISO/IEC 18004 §7.4.4), so that it fits version 4 at level M; a longer
address is refused instead of drawn too dense. Modules are plain vector shapes on whole units with the quiet zone of
four modules. The code carries an address and never a verdict.
"""

from __future__ import annotations

import re
from html import escape

import segno

from app.errors import AkashiError

LARGEST_VERSION = 4
QUIET_ZONE = 4
_MODE = "alphanumeric"
_ERROR_LEVEL = "m"
_SHOUTABLE_BASE = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?")
"""A scheme and a host, whose case carries no meaning (RFC 3986 §3.1, §3.2.2); capitals would change a path."""

Matrix = tuple[tuple[bool, ...], ...]


class QrRefused(AkashiError):
    """No code that phones read well from paper can be made for this address: `qr_address` or `qr_too_dense`."""


def qr_address(base_url: str, certificate_id: str, version: int) -> str:
    """The address that is printed: `HTTPS://HOST/C/{ID}/V{n}`, in characters of the alphanumeric mode only."""
    if not _SHOUTABLE_BASE.fullmatch(base_url):
        raise QrRefused("qr_address", note="scheme and host without a path expected")
    return f"{base_url}/c/{certificate_id}/v{version}".upper()


def qr_matrix(address: str) -> Matrix:
    """The modules of the code, True for dark, without quiet zone; raises `QrRefused` beyond version 4."""
    try:
        code = segno.make(address, error=_ERROR_LEVEL, mode=_MODE, micro=False)
    except segno.DataOverflowError as error:
        raise QrRefused("qr_too_dense", note="longer than any code") from error
    except ValueError as error:
        raise QrRefused("qr_address", note="a character outside the alphanumeric mode") from error
    if int(code.version) > LARGEST_VERSION:
        raise QrRefused("qr_too_dense", note=f"version {code.version}")
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)


def qr_svg(address: str, title: str, language: str, *, module: int = 4) -> bytes:
    """The code as an SVG with `module` pixels a module, on white, with a title in `language` for who cannot scan."""
    matrix = qr_matrix(address)
    side = len(matrix) + 2 * QUIET_ZONE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side * module}" height="{side * module}"'
        f' viewBox="0 0 {side} {side}" role="img" lang="{escape(language)}" shape-rendering="crispEdges">'
        f"<title>{escape(title)}</title>"
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{_outline(matrix)}"/></svg>'
    ).encode()


def _outline(matrix: Matrix) -> str:
    """One rectangle for each run of dark modules: filled, not stroked, so that no seam shows between rows."""
    return "".join(
        f"M{QUIET_ZONE + run.start()} {y}h{len(run.group())}v1h-{len(run.group())}z"
        for y, row in enumerate(matrix, QUIET_ZONE)
        for run in re.finditer("1+", "".join(str(int(module)) for module in row))
    )
