"""Every way of verifying one certificate, asked at the same moment; a test learns the one answer or where they differ."""

from __future__ import annotations

from typing import Any

from app.credentials.jws import check_jws, split_jws
from app.examiner.bundle import read_bundle
from app.examiner.examine import examine
from app.examiner.report import VerificationReport
from app.registry import presented, verification
from tests.support.world import World

# When the data were gathered and asked for differs from way to way; what is true about the certificate does not.
_OF_THE_ASKING = frozenset({"at", "known_at", "checked_at", "data_as_of", "links"})


def facts_of(report: VerificationReport) -> dict[str, Any]:
    """What a report says about the certificate, without the moment of asking; of freshness only the result."""
    said = {member: value for member, value in report.as_json().items() if member not in _OF_THE_ASKING}
    said["checks"] = [
        {"name": check["name"], "result": check["result"]} if check["name"] == "freshness" else check
        for check in said["checks"]
    ]
    return said


def ask(world: World, public_id: str) -> VerificationReport:
    """The report of the registry, after the signed report, the file and the bundle were found to say the same."""
    answer = verification.published(world.registry, public_id)
    ways = {
        "asked now": verification.verify(world.registry, public_id),
        "file": presented.check_file(world.registry, verification.credential(world.registry, public_id).encode()),
        "bundle": presented.check_file(world.registry, verification.bundle(world.registry, public_id)),
        "bundle, by a stranger": examine(
            read_bundle(verification.bundle(world.registry, public_id)), world.anchors, now=world.now()
        ),
    }
    for way, report in ways.items():
        assert facts_of(report) == facts_of(answer.report), way

    signed, published = verification.report_jws(world.registry, public_id)
    payload = check_jws(split_jws(signed), world.ring.publication.public_key).payload
    assert payload == published.content
    return answer.report
