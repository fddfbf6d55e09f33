"""The log over HTTP, as C2SP tlog-tiles and tlog-proof ask for it."""

from __future__ import annotations

import hashlib

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.registry.integration import integrate
from app.settings import Settings
from app.transparency.checkpoints import check_signed
from app.transparency.notes import parse_note
from app.transparency.proofs import LogProof, check
from app.transparency.tiles import entries_in
from tests.support.logged import policy_of


@pytest.fixture
def door(logged):
    return TestClient(create_app(Settings(public_url=logged.base_url), logged), base_url=logged.base_url)


def size_of(door, logged) -> int:
    checkpoint, _ = check_signed(
        parse_note(door.get("/log/checkpoint").content), logged.log.key, origin=logged.log.key.name
    )
    return checkpoint.size


def test_the_checkpoint_is_text_that_nobody_keeps_for_long(door, logged):
    integrate(logged)
    answer = door.get("/log/checkpoint")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert answer.headers["cache-control"] == "max-age=5, must-revalidate"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert size_of(door, logged) > 1


def test_tiles_and_bundles_are_bytes_that_never_change(door, logged):
    integrate(logged)
    size = size_of(door, logged)
    tile, bundle = door.get(f"/log/tile/0/000.p/{size}"), door.get(f"/log/tile/entries/000.p/{size}")
    for answer in (tile, bundle):
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/octet-stream")
        assert "immutable" in answer.headers["cache-control"]
    hashes = [hashlib.sha256(b"\x00" + entry).digest() for entry in entries_in(bundle.content, size)]
    assert tile.content == b"".join(hashes)
    assert door.get(f"/log/tile/0/000.p/{size}", headers={"If-None-Match": tile.headers["etag"]}).status_code == 304


@pytest.mark.parametrize("path", ["tile/0/000", "tile/entries/000", "tile/0/000.p/255", "tile/7/000", "tile/0/0", "x"])
def test_a_tile_is_not_found_until_it_is_full(door, logged, path):
    """C052: the address of a full tile never has other bytes, so it has none before."""
    integrate(logged)
    answer = door.get(f"/log/{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_published")


def test_before_anything_is_logged_there_is_no_checkpoint(door):
    assert door.get("/log/checkpoint").json()["code"] == "not_published"


def test_an_entry_is_proven_by_its_leaf_hash(door, logged):
    integrate(logged)
    size = size_of(door, logged)
    for entry in entries_in(door.get(f"/log/tile/entries/000.p/{size}").content, size):
        leaf = hashlib.sha256(b"\x00" + entry).hexdigest()
        answer = door.get(f"/log/receipt/{leaf}")
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert check(LogProof.parse(answer.content), entry, policy_of(logged)).head.size == size


def test_an_entry_that_is_not_there_has_no_receipt(door, logged):
    integrate(logged)
    answer = door.get(f"/log/receipt/{'0' * 64}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_logged_yet")
    assert door.get("/log/receipt/xyz").status_code == 400
