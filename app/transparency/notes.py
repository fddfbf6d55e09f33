"""Signed notes: a text, and lines that say who signed it (C2SP signed-note).

A note is read whole or refused. Signatures of keys that the reader does not know are passed over, as the specification
demands; one wrong signature of a known key refuses the note, however many others are right. What a signature covers
depends on its type: 0x01 covers the text, a cosignature (0x04) its time too. Types that nobody here verifies, such as
ML-DSA-44 (0x06), are kept and passed over.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.errors import AkashiError
from app.keys.encoding import MalformedBase64, b64, b64_decode

ED25519 = 0x01
COSIGNATURE = 0x04

LARGEST_NOTE = 256 * 1024
MOST_SIGNATURES = 64
"""The specification asks readers for at least 16, and to have some limit."""
_ID_BYTES = 4
_ED25519_BYTES = 64
_PUBLIC_BYTES = 32
_TIME_BYTES = 8

_DASH = "\u2014"
_LINE = re.compile(rf"{_DASH} (?P<name>[^\s+]+) (?P<blob>[A-Za-z0-9+/]+=*)")
_VKEY = re.compile(r"(?P<name>[^\s+]+)\+(?P<id>[0-9a-f]{8})\+(?P<key>[A-Za-z0-9+/]+=*)")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


class NoteRefused(AkashiError):
    """Not a note, or not one that a known key signed; `code` says which."""


class NoteSigner(Protocol):
    """Whoever holds the private half of an Ed25519 key."""

    def sign(self, message: bytes, /) -> bytes:
        """RFC 8032, 64 bytes."""


@dataclass(frozen=True)
class SignatureLine:
    """Who is said to have signed: name and id of a key, and what follows the id."""

    name: str
    key_id: bytes
    blob: bytes

    def __str__(self) -> str:
        return f"{_DASH} {self.name} {b64(self.key_id + self.blob)}\n"


@dataclass(frozen=True)
class Note:
    """A text that ends in a newline, and its signature lines in their order; nothing has been verified."""

    text: str
    signatures: tuple[SignatureLine, ...]

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(map(str, self.signatures))}"

    def with_lines(self, lines: Iterable[SignatureLine]) -> Self:
        """The same note with these lines after its own; a line that is there already is not repeated."""
        return type(self)(self.text, tuple(dict.fromkeys((*self.signatures, *lines))))


@dataclass(frozen=True)
class VerifierKey:
    """A public key under its name, for one type of signature."""

    name: str
    type: int
    public: bytes

    def __post_init__(self) -> None:
        if not self.name or re.search(r"[\s+]", self.name):
            raise NoteRefused("malformed_note_key", note="a key's name has neither spaces nor a plus sign")
        if self.type in {ED25519, COSIGNATURE} and len(self.public) != _PUBLIC_BYTES:
            raise NoteRefused("malformed_note_key", note=f"an Ed25519 key has {_PUBLIC_BYTES} bytes")

    @property
    def key_id(self) -> bytes:
        """The four bytes by which signature lines name the key."""
        material = self.name.encode() + b"\n" + bytes([self.type]) + self.public
        return hashlib.sha256(material).digest()[:_ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64(bytes([self.type]) + self.public)}"

    @classmethod
    def parse(cls, presented: str) -> Self:
        """The key that a vkey writes down; raises `NoteRefused` if its id is not that of the key."""
        match = _VKEY.fullmatch(presented)
        if match is None:
            raise NoteRefused("malformed_note_key", note="name, id and key joined by plus signs expected")
        try:
            material = b64_decode(match["key"])
        except MalformedBase64 as error:
            raise NoteRefused("malformed_note_key", note=error.note) from error
        key = cls(match["name"], material[0], material[1:])
        if key.key_id.hex() != match["id"]:
            raise NoteRefused("malformed_note_key", note="the id is another key's")
        return key

    def verifies(self, note: Note, line: SignatureLine) -> Verified | None:
        """The signature that this line holds; None if the key did not make it, or if nobody here verifies its type."""
        read = _READERS.get(self.type)
        return read(self, note, line) if read else None


@dataclass(frozen=True)
class Verified:
    """A signature that was verified: whose, which line, and the time that a cosignature states (POSIX seconds)."""

    key: VerifierKey
    line: SignatureLine
    time: int | None = None


def parse_note(presented: bytes) -> Note:
    """The note in these bytes; raises `NoteRefused` for anything else."""
    if len(presented) > LARGEST_NOTE:
        raise NoteRefused("malformed_note", note=f"more than {LARGEST_NOTE} bytes")
    try:
        whole = presented.decode()
    except UnicodeDecodeError as error:
        raise NoteRefused("malformed_note", note="not UTF-8") from error
    if _CONTROL.search(whole):
        raise NoteRefused("malformed_note", note="a control character")
    text, gap, lines = whole.rpartition("\n\n")
    if not gap or not text or not lines.endswith("\n"):
        raise NoteRefused("malformed_note", note="a text, an empty line and signature lines expected")
    return Note(f"{text}\n", parse_lines(lines))


def parse_lines(presented: str) -> tuple[SignatureLine, ...]:
    """The signature lines in a text that holds nothing else; raises `NoteRefused` if one is malformed."""
    lines = presented.removesuffix("\n").split("\n")
    if not presented.endswith("\n") or len(lines) > MOST_SIGNATURES:
        raise NoteRefused("malformed_note", note=f"1 to {MOST_SIGNATURES} signature lines expected")
    return tuple(_parse_line(line) for line in lines)


def verify(note: Note, known: Iterable[VerifierKey]) -> tuple[Verified, ...]:
    """Every signature by a known key; raises `NoteRefused` if one of them is wrong, or if there is none at all."""
    keys = {(key.name, key.key_id): key for key in known}
    found = []
    for line in note.signatures:
        key = keys.get((line.name, line.key_id))
        if key is None:
            continue
        verified = key.verifies(note, line)
        if verified is None:
            raise NoteRefused("note_signature_wrong", note=line.name)
        found.append(verified)
    if not found:
        raise NoteRefused("note_not_signed", note="by none of the known keys")
    return tuple(found)


def sign(text: str, key: VerifierKey, signer: NoteSigner) -> SignatureLine:
    """The line of a plain Ed25519 signature over this text."""
    return SignatureLine(key.name, key.key_id, signer.sign(text.encode()))


def cosign(text: str, key: VerifierKey, signer: NoteSigner, *, time: int) -> SignatureLine:
    """The line of a cosignature: at `time` (POSIX seconds) its signer knew no larger consistent tree."""
    signature = signer.sign(cosigned_message(text, time))
    return SignatureLine(key.name, key.key_id, time.to_bytes(_TIME_BYTES) + signature)


def cosigned_message(text: str, time: int) -> bytes:
    """What a cosignature of type 0x04 covers (C2SP tlog-cosignature, Ed25519 signed message)."""
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def _parse_line(presented: str) -> SignatureLine:
    match = _LINE.fullmatch(presented)
    if match is None:
        raise NoteRefused("malformed_note", note="a signature line is malformed")
    try:
        blob = b64_decode(match["blob"])
    except MalformedBase64 as error:
        raise NoteRefused("malformed_note", note=error.note) from error
    if len(blob) <= _ID_BYTES:
        raise NoteRefused("malformed_note", note="a signature is missing")
    return SignatureLine(match["name"], blob[:_ID_BYTES], blob[_ID_BYTES:])


def _plain(key: VerifierKey, note: Note, line: SignatureLine) -> Verified | None:
    made = _made(key, line.blob, note.text.encode())
    return Verified(key, line) if made else None


def _cosignature(key: VerifierKey, note: Note, line: SignatureLine) -> Verified | None:
    time = int.from_bytes(line.blob[:_TIME_BYTES])
    if time >= 1 << 63:
        return None
    made = _made(key, line.blob[_TIME_BYTES:], cosigned_message(note.text, time))
    return Verified(key, line, time) if made else None


def _made(key: VerifierKey, signature: bytes, message: bytes) -> bool:
    if len(signature) != _ED25519_BYTES:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


_READERS: dict[int, Callable[[VerifierKey, Note, SignatureLine], Verified | None]] = {
    ED25519: _plain,
    COSIGNATURE: _cosignature,
}
