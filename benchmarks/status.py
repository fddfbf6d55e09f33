"""Status lists (F1–F4): flip, sign, publish, read, against the bare compression of the same bits.

Three lists of 131 072 positions, seeded: young (1 in 100 bits set), usual (1 in 20), old (1 in 5).
"""

from __future__ import annotations

import random
from datetime import UTC, datetime

from app.credentials.canonical import canonical
from app.credentials.jws import secure, signing_input
from app.keys.software import SoftwareKey, generate_software_key
from app.status.bitstring import MINIMUM_BITS, Bitstring
from app.status.entry import Purpose
from app.status.list_credential import compose_status_list
from benchmarks.measure import Figure, calls, compare, exactly, print_machine, print_table
from benchmarks.reference import status as reference

SEED = 42001
FILLS = {"young list": 100, "usual list": 20, "old list": 5}
BATCH = 1_000
NOW = datetime(2026, 11, 25, tzinfo=UTC)
BASE = "https://registry.example"
ISSUER = "did:web:registry.example"


def main() -> None:
    """Measure and print."""
    print_machine()
    print_table([figure for name in FILLS for figure in figures_of(name)])


def figures_of(name: str) -> list[Figure]:
    """The four figures of one list."""
    bits, key = filled(one_in=FILLS[name]), generate_software_key()
    raw, stream, text = bits.to_bytes(), reference.deflate(bits.to_bytes()), bits.encode()
    one, many = Flips(bits, 1), Flips(bits, BATCH)
    published, envelope = len(publish(bits, key)), len(publish(Bitstring(), key)) - len(Bitstring().encode()) * 4 // 3

    def one_flip() -> None:
        one.make()
        publish(bits, key)

    def thousand_flips() -> None:
        many.make()
        publish(bits, key)

    def deflate() -> bytes:
        return reference.deflate(raw)

    def read() -> Bitstring:
        return Bitstring.decode(text)

    def inflate() -> bytes:
        return reference.inflate(stream)

    why_larger = f"credential, header and signature take {envelope} bytes whatever the list holds"
    why_dearer = "a thousand bits take about 0.1 ms to turn; only a list that compresses faster than that shows it"
    return [
        compare("F1", f"{name}: flip to signed bytes", "zlib level 6", calls(one_flip), calls(deflate)),
        exactly(
            "F2", f"{name}: published bytes", "zlib bytes", published, len(stream), unit="bytes", reason=why_larger
        ),
        compare(
            "F3",
            f"{name}: {BATCH} flips at once",
            "one flip",
            calls(thousand_flips),
            calls(one_flip),
            reason=why_dearer,
        ),
        compare("F4", f"{name}: read", "zlib", calls(read), calls(inflate)),
    ]


def publish(bits: Bitstring, key: SoftwareKey) -> str:
    """The signed list."""
    credential = compose_status_list(BASE, 1, Purpose.SUSPENSION, bits, issuer=ISSUER, valid_from=NOW)
    header = {"alg": "ES256", "cty": "vc", "kid": key.thumbprint, "typ": "vc+jwt"}
    return secure(signing_input(header, canonical(credential)), key)


class Flips:
    """Some positions that change at once: half go from set to clear, half the other way, next time all of them back.

    So the list stays as full as it was, and each time costs the same.
    """

    def __init__(self, bits: Bitstring, count: int) -> None:
        places = random.Random(SEED).sample(range(MINIMUM_BITS), MINIMUM_BITS)
        self.bits = bits
        self.to_clear = [place for place in places if bits.get(place)][: count // 2]
        self.to_set = [place for place in places if not bits.get(place)][: count - count // 2]

    def make(self) -> None:
        """All of them, in one batch."""
        self.bits.clear(*self.to_clear)
        self.bits.set(*self.to_set)
        self.to_clear, self.to_set = self.to_set, self.to_clear


def filled(*, one_in: int) -> Bitstring:
    """A list in which one bit in so many is set, at seeded places."""
    bits = Bitstring()
    bits.set(*random.Random(SEED).sample(range(MINIMUM_BITS), MINIMUM_BITS // one_in))
    return bits


if __name__ == "__main__":
    main()
