"""The bare signatures of a bundle: so many ECDSA verifications over P-256, and nothing read, compared or decided."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

ALGORITHM = ec.ECDSA(SHA256())


class Signatures:
    """Signatures over made-up bytes of the given sizes."""

    def __init__(self, sizes: list[int]) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        self._public = key.public_key()
        self._signed = [(key.sign(b"x" * size, ALGORITHM), b"x" * size) for size in sizes]

    def verify(self) -> None:
        """Each of them once."""
        for signature, message in self._signed:
            self._public.verify(signature, message, ALGORITHM)
