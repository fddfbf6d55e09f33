"""The bits of one status list and their one published text (W3C Bitstring Status List v1.0, §2.2, §3.3, §3.4, §7.1).

Positions count from the left: position 0 is the most significant bit of the first byte. A list has at least 131 072
positions and never changes its size. Equal bits give equal text. A text is inflated by counting, so that a small one
cannot fill the memory; a position outside the list is an error and never "not set".
"""

from __future__ import annotations

import re
import zlib
from typing import Self

from app.errors import AkashiError
from app.keys.encoding import MalformedBase64, b64u, b64u_decode

MINIMUM_BITS = 131_072
"""§3.2: fewer positions would tell who is meant."""

MAXIMUM_ENCODED = 1024 * 1024
MAXIMUM_INFLATED = 16 * 1024 * 1024

_BITS_OF_A_BYTE = 8
_MULTIBASE_BASE64URL = "u"
_COMPRESSION = 6
"""zlib's own default: 9 costs up to three times as much for one per cent."""

_GZIP = 31
"""`wbits` for a gzip wrapper with the largest window; zlib writes no time into it: equal bits, equal bytes."""

_INDEX = re.compile(r"0|[1-9][0-9]{0,15}")


class StatusListRefused(AkashiError):
    """A list, an entry or a position is not what the specification and our profile ask for; `code` says which."""


class Bitstring:
    """The bits of one list; `len()` is the number of positions."""

    def __init__(self, size: int = MINIMUM_BITS) -> None:
        if size < MINIMUM_BITS or size % _BITS_OF_A_BYTE:
            raise StatusListRefused("status_list_size", note=f"{size} positions")
        self._bytes = bytearray(size // _BITS_OF_A_BYTE)

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """The list whose bits, from the left, are these bytes."""
        bits = cls(len(raw) * _BITS_OF_A_BYTE)
        bits._bytes[:] = raw
        return bits

    def to_bytes(self) -> bytes:
        """The bits from the left, eight to a byte."""
        return bytes(self._bytes)

    def __len__(self) -> int:
        return len(self._bytes) * _BITS_OF_A_BYTE

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Bitstring) and self._bytes == other._bytes

    __hash__ = None  # type: ignore[assignment]  # bits change

    def get(self, position: int) -> bool:
        """Whether the bit is set; raises `StatusListRefused` for a position outside the list (RANGE_ERROR, §3.2)."""
        self._check_range((position,))
        return bool(self._bytes[position >> 3] & 0x80 >> (position & 7))

    def set(self, *positions: int) -> None:
        """These bits are 1 afterwards, whatever they were; with any position outside the list, nothing happens."""
        self._check_range(positions)
        content = self._bytes
        for position in positions:
            content[position >> 3] |= 0x80 >> (position & 7)

    def clear(self, *positions: int) -> None:
        """These bits are 0 afterwards, whatever they were: only suspensions ever end this way."""
        self._check_range(positions)
        content = self._bytes
        for position in positions:
            content[position >> 3] &= ~(0x80 >> (position & 7))

    def encode(self) -> str:
        """The published text: multibase `u`, base64url without padding, gzip."""
        return _MULTIBASE_BASE64URL + b64u(zlib.compress(self._bytes, _COMPRESSION, _GZIP))

    @classmethod
    def decode(cls, presented: str) -> Self:
        """The list behind a published text; raises `StatusListRefused` for any other text, bomb or short list."""
        if len(presented) > MAXIMUM_ENCODED:
            raise StatusListRefused("status_list_too_large", note=f"more than {MAXIMUM_ENCODED} characters")
        if not presented.startswith(_MULTIBASE_BASE64URL):
            raise StatusListRefused("malformed_status_list", note="multibase prefix u expected")
        try:
            compressed = b64u_decode(presented[1:])
        except MalformedBase64 as error:
            raise StatusListRefused("malformed_status_list", note=error.note) from error
        return cls.from_bytes(_inflate(compressed))

    def _check_range(self, positions: tuple[int, ...]) -> None:
        for outermost in (min(positions, default=0), max(positions, default=0)):
            if not 0 <= outermost < len(self):
                raise StatusListRefused("status_index_out_of_range", note=f"{outermost} in a list of {len(self)}")


def parse_index(presented: object) -> int:
    """The position that a `statusListIndex` names: a text of base-10 digits without sign or leading zero (C019)."""
    if not isinstance(presented, str) or not _INDEX.fullmatch(presented):
        raise StatusListRefused("malformed_status_index", field="/statusListIndex")
    return int(presented)


def _inflate(compressed: bytes) -> bytes:
    """Exactly one gzip member, inflated to at most `MAXIMUM_INFLATED` bytes; the stream stops there, unread."""
    stream = zlib.decompressobj(_GZIP)
    try:
        content = stream.decompress(compressed, MAXIMUM_INFLATED + 1)
    except zlib.error as error:
        raise StatusListRefused("malformed_status_list", note="not a gzip stream") from error
    if len(content) > MAXIMUM_INFLATED:
        raise StatusListRefused("status_list_too_large", note=f"inflates to more than {MAXIMUM_INFLATED} bytes")
    if not stream.eof or stream.unused_data:
        raise StatusListRefused("malformed_status_list", note="exactly one complete gzip stream expected")
    return content
