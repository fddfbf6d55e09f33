"""Certificate chains in files: PEM for people and CAs, leaf first; everything within is DER."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from app.cli.files import read_bounded
from app.cli.private_files import PUBLIC, write_whole
from app.errors import AkashiError

MAX_CHAIN_BYTES = 128 * 1024


def read_chain(path: Path) -> tuple[bytes, ...]:
    """The certificates of a PEM file, in its order."""
    try:
        found = x509.load_pem_x509_certificates(read_bounded(str(path), MAX_CHAIN_BYTES))
    except ValueError as error:
        raise AkashiError("chain_malformed", note=f"{path} holds no PEM certificates") from error
    return tuple(certificate.public_bytes(Encoding.DER) for certificate in found)


def write_chain(path: Path, chain: Sequence[bytes]) -> None:
    """The PEM file of a chain, readable by everybody: certificates are public."""
    content = b"".join(x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM) for der in chain)
    write_whole(path, content.decode("ascii"), PUBLIC)
