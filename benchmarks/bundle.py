"""Offline bundles (C1): one file read and examined from its bytes, against the bare signatures that it holds.

Nothing is kept from one examination to the next. The goal's own reference also has an Ed25519 signature, that of the
log's checkpoint, which no bundle has yet; here the reference has exactly the signatures of this bundle.
"""

from __future__ import annotations

import json

from app.credentials.jws import split_jws
from app.examiner.bundle import read_bundle
from app.examiner.examine import examine
from app.registry.verification import bundle
from benchmarks.installation import installation
from benchmarks.measure import ROUNDS, SLICE_SECONDS, Figure, calls, compare, print_machine, print_table
from benchmarks.reference.bundle import Signatures
from tests.support.world import World


def main() -> None:
    """Measure and print."""
    print_machine()
    with installation(durable=False) as world:
        print_table(figures_of(world))


def figures_of(world: World, rounds: int = ROUNDS, seconds: float = SLICE_SECONDS) -> list[Figure]:
    """The figure of the first certificate of a world."""
    content = bundle(world.registry, world.grant("B-0001").public_id)
    now = world.now()
    bare = Signatures(_sizes(content))

    def whole() -> None:
        report = examine(read_bundle(content), world.anchors, now=now)
        assert report.verdict == "valid"

    reason = "every document is read strictly, compared with its canonical form and by its schema, in plain Python"
    return [
        compare(
            "C1",
            "a bundle, read and examined",
            "its bare signatures",
            calls(whole, seconds),
            calls(bare.verify, seconds),
            rounds=rounds,
            reason=reason,
        )
    ]


def _sizes(content: bytes) -> list[int]:
    """Of everything that is signed in a bundle: documents, lists, manifest, and each link of the chain."""
    members = json.loads(content).values()
    signed = [text for member in members for text in (member if isinstance(member, list) else [member])]
    documents = [split_jws(text) for text in signed if text.count(".") == 2 and text.startswith("ey")]
    links = [len(certificate) for document in documents for certificate in document.chain]
    return [len(document.signing_input) for document in documents] + links


if __name__ == "__main__":
    main()
