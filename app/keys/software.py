"""Private keys in encrypted files: scrypt makes an AES-256-GCM key of the secret, only the owner can read the file.

The secret has no default and must have a length. A file that others can read, that was truncated or changed, or that
another secret locked is refused before anything is signed. A key is written once, synced, and never overwritten. The
parameters of scrypt belong to the format's name, not to the file: nobody can weaken them by editing it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar, NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from app.errors import AkashiError
from app.keys.encoding import MalformedBase64, b64u, b64u_decode
from app.keys.keys import COORDINATE_BYTES, low_s, thumbprint

SCRYPT_COST, SCRYPT_BLOCK, SCRYPT_PARALLEL = 2**15, 8, 3
"""As strong as N=2^17, p=1 at a quarter of its memory (OWASP Password Storage Cheat Sheet): 32 MiB for each opening."""
MIN_SECRET_LENGTH = 12
MAX_KEY_FILE_BYTES = 4096

_SALT_BYTES, _NONCE_BYTES = 16, 12
_MEMBERS = frozenset({"format", "thumbprint", "salt", "nonce", "ciphertext"})
_THUMBPRINT = re.compile(r"[A-Za-z0-9_-]{43}")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_SUFFIX = ".key"


class KeyFileRefused(AkashiError):
    """The file is not opened: `wrong_key_secret`, `damaged_key_file`, `exposed_key_file`, `key_file_exists`."""


class KeyNotHere(AkashiError):
    """No key of this thumbprint is kept in the folder."""

    def __init__(self, note: str) -> None:
        super().__init__("key_not_here", note=note)


class SoftwareKey:
    """A `Signer` whose private half is in this process's memory; it shows only its thumbprint and cannot be pickled."""

    FORMAT: ClassVar[str] = "akashi-key-1"

    def __init__(self, private_key: ec.EllipticCurvePrivateKey) -> None:
        self._private_key = private_key
        self.public_key = private_key.public_key()
        self.thumbprint = thumbprint(self.public_key)

    def sign(self, message: bytes) -> bytes:
        """ES256, 64 bytes r‖s with the lower s; deterministic (RFC 6979), so equal bytes get equal signatures."""
        signature = self._private_key.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
        r, s = decode_dss_signature(signature)
        return low_s(r.to_bytes(COORDINATE_BYTES, "big") + s.to_bytes(COORDINATE_BYTES, "big"))

    def private_bytes(self) -> bytes:
        """What a key file holds, encrypted."""
        return self._private_key.private_numbers().private_value.to_bytes(COORDINATE_BYTES, "big")

    @classmethod
    def from_private_bytes(cls, content: bytes) -> SoftwareKey:
        """The key of which a file held this."""
        return cls(ec.derive_private_key(int.from_bytes(content, "big"), ec.SECP256R1()))

    def authority(self) -> ec.EllipticCurvePrivateKey:
        """The private key itself, for the one caller that must hand it on: the development chain's authorities."""
        return self._private_key

    def __repr__(self) -> str:
        return f"SoftwareKey({self.thumbprint})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a private key is not pickled")


class SoftwareNoteKey:
    """A key for signed notes (Ed25519): a log's or a witness's; kept and shown as a `SoftwareKey` is."""

    FORMAT: ClassVar[str] = "akashi-note-key-1"

    def __init__(self, private_key: ed25519.Ed25519PrivateKey) -> None:
        self._private_key = private_key
        self.public = private_key.public_key().public_bytes_raw()
        self.thumbprint = note_key_thumbprint(self.public)

    def sign(self, message: bytes) -> bytes:
        """RFC 8032, 64 bytes; deterministic, so equal bytes get equal signatures."""
        return self._private_key.sign(message)

    def private_bytes(self) -> bytes:
        """What a key file holds, encrypted."""
        return self._private_key.private_bytes_raw()

    @classmethod
    def from_private_bytes(cls, content: bytes) -> SoftwareNoteKey:
        """The key of which a file held this."""
        return cls(ed25519.Ed25519PrivateKey.from_private_bytes(content))

    def __repr__(self) -> str:
        return f"SoftwareNoteKey({self.thumbprint})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a private key is not pickled")


_KINDS: dict[str, type[SoftwareKey | SoftwareNoteKey]] = {kind.FORMAT: kind for kind in (SoftwareKey, SoftwareNoteKey)}


def note_key_thumbprint(public: bytes) -> str:
    """The name of an Ed25519 key: SHA-256 of its SubjectPublicKeyInfo (RFC 8410), as for every other key."""
    key = ed25519.Ed25519PublicKey.from_public_bytes(public)
    encoded = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return b64u(hashlib.sha256(encoded).digest())


def generate_software_key() -> SoftwareKey:
    """A new P-256 key from the system's randomness, kept nowhere yet."""
    return SoftwareKey(ec.generate_private_key(ec.SECP256R1()))


def save_key(path: Path, key: SoftwareKey | SoftwareNoteKey, secret: str) -> None:
    """The key stands encrypted at `path`, mode 0600 and synced; raises `KeyFileRefused` if a file is there already."""
    salt, nonce = os.urandom(_SALT_BYTES), os.urandom(_NONCE_BYTES)
    bound = _bound(key.FORMAT, key.thumbprint)
    ciphertext = AESGCM(_file_key(secret, salt)).encrypt(nonce, key.private_bytes(), bound)
    content = {
        "format": key.FORMAT,
        "thumbprint": key.thumbprint,
        "salt": b64u(salt),
        "nonce": b64u(nonce),
        "ciphertext": b64u(ciphertext),
    }
    _write_once(path, json.dumps(content, indent=1).encode("ascii") + b"\n")


def load_key(path: Path, secret: str) -> SoftwareKey:
    """The key that was saved under this secret; raises `KeyFileRefused`, also for a key that signs notes."""
    key = _load(path, secret)
    if not isinstance(key, SoftwareKey):
        raise KeyFileRefused("damaged_key_file", note=f"{path.name} holds a key of another kind")
    return key


def _load(path: Path, secret: str) -> SoftwareKey | SoftwareNoteKey:
    content = _parse(_read_private(path), path)
    try:
        salt, nonce, ciphertext = (b64u_decode(content[name]) for name in ("salt", "nonce", "ciphertext"))
    except MalformedBase64 as error:
        raise KeyFileRefused("damaged_key_file", note=path.name) from error
    try:
        bound = _bound(content["format"], content["thumbprint"])
        opened = AESGCM(_file_key(secret, salt)).decrypt(nonce, ciphertext, bound)
    except (InvalidTag, ValueError) as error:
        raise KeyFileRefused("wrong_key_secret", note=path.name) from error
    return _KINDS[content["format"]].from_private_bytes(opened)


class KeyFolder:
    """A folder of key files under one secret; each is opened at its first use and then kept. Threads may share it."""

    def __init__(self, path: Path, secret: str) -> None:
        if len(secret) < MIN_SECRET_LENGTH:
            raise AkashiError("key_secret_too_short")
        self.path = path
        self._secret = secret
        self._opened: dict[str, SoftwareKey | SoftwareNoteKey] = {}
        self._lock = Lock()

    def create(self) -> SoftwareKey:
        """A new key, saved before it is returned."""
        key = generate_software_key()
        self._keep(key)
        return key

    def create_note_key(self) -> SoftwareNoteKey:
        """A new key for signed notes, saved before it is returned."""
        key = SoftwareNoteKey(ed25519.Ed25519PrivateKey.generate())
        self._keep(key)
        return key

    def signer(self, wanted: str) -> SoftwareKey:
        """The key of this thumbprint; raises `KeyNotHere`, or `KeyFileRefused` if its file does not open."""
        key = self._opened_key(wanted)
        if not isinstance(key, SoftwareKey):
            raise KeyNotHere(f"{wanted} signs notes")
        return key

    def note_signer(self, wanted: str) -> SoftwareNoteKey:
        """The key for signed notes of this thumbprint; raises as `signer` does."""
        key = self._opened_key(wanted)
        if not isinstance(key, SoftwareNoteKey):
            raise KeyNotHere(f"{wanted} signs no notes")
        return key

    def _keep(self, key: SoftwareKey | SoftwareNoteKey) -> None:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        save_key(self._file(key.thumbprint), key, self._secret)
        with self._lock:
            self._opened[key.thumbprint] = key

    def _opened_key(self, wanted: str) -> SoftwareKey | SoftwareNoteKey:
        if not _THUMBPRINT.fullmatch(wanted):
            raise KeyNotHere("a thumbprint has 43 letters of base64url")
        with self._lock:
            if wanted not in self._opened:
                self._opened[wanted] = self._load(wanted)
            return self._opened[wanted]

    def thumbprints(self) -> tuple[str, ...]:
        """Names of the keys kept here, sorted; no file is opened."""
        return tuple(sorted(file.name.removesuffix(_SUFFIX) for file in self.path.glob(f"*{_SUFFIX}")))

    def __repr__(self) -> str:
        return f"KeyFolder({str(self.path)!r})"

    def _load(self, wanted: str) -> SoftwareKey | SoftwareNoteKey:
        file = self._file(wanted)
        if not file.exists():
            raise KeyNotHere(wanted)
        key = _load(file, self._secret)
        if key.thumbprint != wanted:
            raise KeyFileRefused("damaged_key_file", note=f"{file.name} holds another key")
        return key

    def _file(self, name: str) -> Path:
        return self.path / f"{name}{_SUFFIX}"


def _file_key(secret: str, salt: bytes) -> bytes:
    if len(secret) < MIN_SECRET_LENGTH:
        raise AkashiError("key_secret_too_short")
    kdf = Scrypt(salt=salt, length=32, n=SCRYPT_COST, r=SCRYPT_BLOCK, p=SCRYPT_PARALLEL)
    return kdf.derive(secret.encode())


def _bound(form: str, name: str) -> bytes:
    """What the ciphertext is bound to: the format and the thumbprint written beside it."""
    return f"{form}\n{name}".encode()


def _write_once(path: Path, content: bytes) -> None:
    """The whole content is at `path`, or nothing: written beside it, synced, then linked, which never overwrites."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.{b64u(os.urandom(6))}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(beside, path)
    except FileExistsError as error:
        raise KeyFileRefused("key_file_exists", note=path.name) from error
    finally:
        beside.unlink()
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read_private(path: Path) -> bytes:
    """The bytes of a file of ours that nobody else may read; modes are looked at on the open file, not on its name."""
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        if status.st_mode & _OTHERS or status.st_uid not in (os.geteuid(), 0):
            raise KeyFileRefused("exposed_key_file", note=path.name)
        return file.read(MAX_KEY_FILE_BYTES + 1)


def _parse(content: bytes, path: Path) -> dict[str, str]:
    try:
        members: Any = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise KeyFileRefused("damaged_key_file", note=path.name) from error
    if (
        len(content) > MAX_KEY_FILE_BYTES
        or not isinstance(members, dict)
        or set(members) != _MEMBERS
        or not all(isinstance(value, str) for value in members.values())
        or members["format"] not in _KINDS
    ):
        raise KeyFileRefused("damaged_key_file", note=path.name)
    return members
