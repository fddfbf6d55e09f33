"""Where a log is kept, and under which name."""

from __future__ import annotations

import pytest

from app.errors import AkashiError
from app.keys.software import KeyFolder
from app.registry.log_place import LogPlace, log_key_of
from app.transparency.tiles import Tile


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    return KeyFolder(tmp_path_factory.mktemp("keys"), "a secret of tests only").create_note_key()


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://registry.example", "registry.example/log"),
        ("https://registry.example/akashi", "registry.example/akashi/log"),
        ("http://localhost:8000", "localhost:8000/log"),
    ],
)
def test_a_log_is_named_by_its_address_without_the_scheme(key, address, name):
    """C2SP tlog-tiles, Parameters."""
    assert log_key_of(address, key).name == name


def test_a_place_is_made_of_the_written_key(key, tmp_path):
    written = str(log_key_of("https://registry.example", key))
    place = LogPlace.of(written, tmp_path / "published", tmp_path / "fence")
    assert (str(place.key), place.thumbprint) == (written, key.thumbprint)


def test_a_tile_that_is_not_there_is_a_loss(key, tmp_path):
    place = LogPlace.of(str(log_key_of("https://registry.example", key)), tmp_path / "published", tmp_path / "fence")
    with pytest.raises(AkashiError, match="log_tile_missing"):
        place.read_tile(Tile(0, 0))
