"""What somebody presents: to the byte a recorded version, a bundle, or nothing that is shown as fact (C026)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.keys.encoding import b64u, b64u_decode
from app.registry.presented import check_bundle, check_credential, check_file
from app.registry.verification import bundle
from app.trust.anchors import Anchors
from tests.support.acts import refused, tamper


def altered(credential):
    """The certificate with one letter of the holder's name changed."""
    header, payload, signature = credential.split(".")
    return ".".join((header, b64u(b64u_decode(payload).replace(b"Kasumi", b"Kazumi")), signature))


def test_a_certificate_and_a_bundle_are_told_apart(world):
    issued = world.grant()
    assert check_file(world.registry, issued.credential.encode()).verdict == "valid"
    assert check_file(world.registry, bundle(world.registry, issued.public_id)).verdict == "valid"


@pytest.mark.parametrize("presented", [b"", b"%PDF-1.7", b"<svg/>", b"\x00\xff", b"eY", b"certificate"])
def test_what_is_neither_is_refused_in_words(world, presented):
    with refused("not_a_certificate_file"):
        check_file(world.registry, presented)


@pytest.mark.parametrize(
    "presented", [b"{", b"{}", b'{"format": "akashi-bundle-1"}', b"eyJ", b"eyJhbGciOiJub25lIn0.e30."]
)
def test_what_means_to_be_one_and_is_not_gets_a_report_without_facts(world, presented):
    report = check_file(world.registry, presented)
    assert (report.verdict, report.holder, report.check("signature").result) == ("unknown", None, "failed")


def test_a_presented_version_is_answered_by_everything_recorded_since(world):
    issued = world.grant()
    world.withdraw(issued.public_id)
    assert check_credential(world.registry, issued.credential.encode()).verdict == "no_longer_valid"


def test_a_bundle_speaks_for_its_own_time(world):
    issued = world.grant()
    presented = bundle(world.registry, issued.public_id)
    world.withdraw(issued.public_id)
    report = check_bundle(world.registry, presented)
    assert (report.verdict, report.data_as_of < world.now()) == ("valid", True)


def test_one_changed_letter_is_told_and_nothing_in_the_file_is_shown_as_fact(world):
    report = check_file(world.registry, altered(world.grant().credential).encode())
    assert (report.verdict, report.check("signature").result) == ("unknown", "failed")
    assert (report.holder, report.scope, report.standing) == (None, None, None)


def test_a_truncated_file_is_no_certificate(world):
    report = check_file(world.registry, world.grant().credential.encode()[:-10])
    assert (report.verdict, report.holder) == ("unknown", None)


def test_an_altered_bundle_shows_nothing_as_fact(world):
    issued = world.grant()
    whole = bundle(world.registry, issued.public_id)
    presented = whole.replace(issued.credential.encode(), altered(issued.credential).encode())
    report = check_file(world.registry, presented)
    assert (presented == whole, report.verdict, report.holder) == (False, "unknown", None)


def test_a_presented_file_is_asked_about_the_past_like_an_id(world):
    issued = world.grant()
    before = world.now()
    world.set_clock(before + timedelta(days=2))
    world.withdraw(issued.public_id)
    assert check_credential(world.registry, issued.credential.encode(), at=before).verdict == "valid"


def test_a_file_of_another_registry_has_no_record_here(world):
    foreign = world.grant().credential.encode()
    tamper(world, "DELETE FROM akashi.certificate_version WHERE true")
    assert check_credential(world.registry, foreign).check("signature").code == "no_record"


def test_without_anchors_nothing_is_established(world):
    issued = world.grant()
    blind = replace(world.registry, anchors=Anchors())
    report = check_credential(blind, issued.credential.encode())
    assert (report.verdict, report.holder) == ("unknown", None)
