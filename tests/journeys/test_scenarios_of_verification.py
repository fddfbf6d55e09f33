"""Scenarios of those who ask: with a forged file, an old copy, a confidential client's ID, or ten thousand IDs."""

from __future__ import annotations

import pytest

from app.conformity.identifiers import generate_public_id
from app.registry.agreement import FIELDS
from tests.support.scene import refused


@pytest.fixture
def robots(body):
    """A client with a certificate in force."""
    return body.certifies("Kasumi Robotics K.K.")


# --- A fraudulent file ---


def test_a_true_file_shown_by_another_firm_is_a_mismatch_by_the_holder_s_name(visitor, robots):
    copied = visitor.downloads(robots)

    told = visitor.presents(copied, holder="Impostor Industries K.K.")

    assert told.check("expectation") == ("failed", "not_met")
    assert told.holder == {"Kasumi Robotics K.K."}, "the report names whose certificate it is"
    assert visitor.presents(copied, holder="Kasumi Robotics K.K.").check("expectation") == ("passed", "met")


def test_a_forged_file_with_a_real_id_is_a_mismatch_by_its_bytes(visitor, robots):
    header, payload, signature = visitor.downloads(robots).split(".")
    forged = ".".join((header, payload[:-8] + "AAAAAAAA", signature))

    told = visitor.presents(forged)

    assert (told.verdict, told.check("signature")[0]) == ("unknown", "failed")
    assert told.holder == set(), "nothing in it is shown as fact"
    assert visitor.verifies(robots).verdict == "valid", "the real certificate stands"


def test_whoever_sees_a_misused_badge_hands_a_case_to_the_body(body, visitor, robots):
    reference = visitor.complains(
        body.party,
        kind="misuse",
        subject="the badge stands on https://impostor.example as if it were a product certificate",
        certification=robots.id,
    )

    (case,) = body.reads("/v1/complaints")["complaints"]
    assert (case["reference"], case["kind"], case["certification"]) == (reference, "misuse", robots.id)


# --- Old copies ---


def test_a_bundle_past_a_day_says_what_stood_then_and_that_now_is_unknown(visitor, clock, body, robots):
    bundle = visitor.reads(f"/c/{robots.id}.bundle.json")
    assert visitor.presents_bundle(bundle).verdict == "valid"
    then = clock.now()

    clock.passes(hours=30)
    body.decides("suspend", robots)

    told = visitor.presents_bundle(bundle)
    assert (told.verdict, told.check("freshness")) == ("unknown", ("not_performed", "data_too_old"))
    assert "As of" in told.summary
    asked = then.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert visitor.presents_bundle(bundle, at=asked).verdict == "valid", "about that time it still answers exactly"
    assert visitor.verifies(robots).verdict == "not_currently_valid"


# --- A confidential client ---


def test_a_confidential_client_is_verified_by_id_and_found_by_no_search(body, visitor):
    robots = body.certifies(
        "Secret Robotics K.K.", consented=tuple(one for one in FIELDS if one not in {"holder", "directory"})
    )

    told = visitor.verifies(robots)
    assert (told.verdict, told.holder, told.report["confidential"]) == ("valid", set(), True)
    assert visitor.searches("Secret Robotics") == []
    with refused("withheld"):
        visitor.downloads(robots)

    body.decides("suspend", robots)
    assert visitor.verifies(robots).verdict == "not_currently_valid", "its standing is never hidden"


# --- Many at once ---


def test_a_regulator_asks_about_ten_thousand_ids_at_once(body, visitor, robots):
    others = [generate_public_id() for _ in range(9_998)]
    suspended = body.certifies("Haruka Robotics K.K.", number="FC-0002", registration="7000000000002")
    body.decides("suspend", suspended)

    *lines, end = visitor.asks_about_all([robots.id, *others, suspended.id])

    assert end == {"complete": True, "answered": 10_000}
    verdicts = [one["verdict"] for one in lines]
    assert (verdicts[0], set(verdicts[1:-1]), verdicts[-1]) == ("valid", {"unknown"}, "not_currently_valid")
    assert [one["certificate_id"] for one in lines] == [robots.id, *others, suspended.id]
