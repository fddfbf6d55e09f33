"""The bare compression under a status list: no envelope, no signature, no checks."""

from __future__ import annotations

import zlib


def deflate(bits: bytes) -> bytes:
    """The bits at zlib's default level."""
    return zlib.compress(bits, 6)


def inflate(stream: bytes) -> bytes:
    """The bits again, without any bound."""
    return zlib.decompress(stream)
