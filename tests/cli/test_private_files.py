"""Private files and the anchors file: whole or not at all, and closed to others."""

from __future__ import annotations

import stat
from datetime import UTC, datetime

import pytest

from app.cli.private_files import add_anchor, read_private, write_whole
from app.cli.verify import read_anchors
from app.errors import AkashiError
from app.keys.software import generate_software_key
from app.trust.anchors import KeyAnchor, Role


def anchor(party: str) -> KeyAnchor:
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    key = generate_software_key().public_key
    return KeyAnchor(party=party, valid_from=begin, role=Role.ACCREDITATION_BODY, key=key)


def test_a_private_file_is_closed_to_others_and_replaced_whole(tmp_path):
    path = tmp_path / "folder" / "secret"
    write_whole(path, "one")
    write_whole(path, "two")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_private(path) == "two"
    assert [file.name for file in path.parent.iterdir()] == ["secret"]


def test_what_an_interrupted_run_left_is_no_obstacle(tmp_path):
    (tmp_path / "secret.unfinished").write_text("half")
    write_whole(tmp_path / "secret", "whole")
    assert read_private(tmp_path / "secret") == "whole"


def test_a_private_file_that_others_can_read_is_refused(tmp_path):
    path = tmp_path / "secret"
    path.write_text("disclosed")
    path.chmod(0o644)
    with pytest.raises(AkashiError) as refused:
        read_private(path)
    assert refused.value.code == "exposed_file"


def test_no_file_is_none(tmp_path):
    assert read_private(tmp_path / "nothing") is None


def test_a_folder_in_the_place_of_a_file_is_refused_in_words(tmp_path):
    with pytest.raises(AkashiError) as refused:
        write_whole(tmp_path, "content")
    assert refused.value.code == "unwritable_file"


def test_an_anchor_joins_the_others_and_stands_once(tmp_path):
    path, first, second = tmp_path / "anchors.json", anchor("a"), anchor("b")
    for one in (first, second, first):
        add_anchor(path, one)

    assert read_anchors(path).keys == (first, second)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
