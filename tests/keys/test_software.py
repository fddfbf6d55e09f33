"""Key files: encrypted under a secret without default, private to their owner, never overwritten, refused when damaged."""

import json
import os
import pickle
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from app.errors import AkashiError
from app.keys.keys import ORDER, check_signature
from app.keys.software import (
    KeyFileRefused,
    KeyFolder,
    KeyNotHere,
    SoftwareKey,
    generate_software_key,
    load_key,
    save_key,
)

SECRET = "correct horse battery"


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    path = tmp_path_factory.mktemp("keys") / "one.key"
    key = generate_software_key()
    save_key(path, key, SECRET)
    return path, key


@pytest.fixture
def copy(saved, tmp_path):
    path = tmp_path / "copy.key"
    path.write_bytes(saved[0].read_bytes())
    path.chmod(0o600)
    return path


def _refusal(path, secret=SECRET):
    with pytest.raises(KeyFileRefused) as refusal:
        load_key(path, secret)
    return refusal.value.code


def test_a_saved_key_signs_after_loading_as_the_same_key(saved):
    path, key = saved
    loaded = load_key(path, SECRET)
    assert loaded.thumbprint == key.thumbprint
    check_signature(key.public_key, b"m", loaded.sign(b"m"))


@pytest.mark.parametrize(
    ("message", "r", "s"),
    [
        (
            b"sample",
            0xEFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716,
            0xF7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8,
        ),
        (
            b"test",
            0xF1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367,
            0x019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083,
        ),
    ],
)
def test_equal_bytes_get_equal_signatures(message, r, s):
    """RFC 6979 appendix A.2.5, P-256 with SHA-256, with the lower s; so a retried act signs the same bytes."""
    scalar = 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721
    key = SoftwareKey(ec.derive_private_key(scalar, ec.SECP256R1()))
    assert key.sign(message) == r.to_bytes(32, "big") + min(s, ORDER - s).to_bytes(32, "big")


def test_only_the_owner_can_read_the_file_and_nothing_else_is_left_beside_it(saved):
    path, _ = saved
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["one.key"]


def test_the_wrong_secret_is_refused(saved):
    assert _refusal(saved[0], "wrong horse battery") == "wrong_key_secret"


@pytest.mark.parametrize("secret", ["", "short", "elevenchars"])
def test_a_secret_too_short_to_protect_anything_is_refused(secret, saved, tmp_path):
    for attempt in (
        lambda: save_key(tmp_path / "new.key", saved[1], secret),
        lambda: load_key(saved[0], secret),
        lambda: KeyFolder(tmp_path, secret),
    ):
        with pytest.raises(AkashiError) as refusal:
            attempt()
        assert refusal.value.code == "key_secret_too_short"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610])
def test_a_file_that_others_can_reach_is_refused(copy, mode):
    copy.chmod(mode)
    assert _refusal(copy) == "exposed_key_file"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_another_user_is_refused(copy):
    os.chown(copy, 65534, -1)
    assert _refusal(copy) == "exposed_key_file"


def test_a_file_cut_off_anywhere_is_refused(saved, copy):
    whole = saved[0].read_bytes().rstrip()
    for length in range(len(whole)):
        copy.write_bytes(whole[:length])
        assert _refusal(copy) == "damaged_key_file"


@pytest.mark.parametrize(
    "content",
    [
        b"\xff",
        b"[" * 4000,
        b" " * 5000,
        b"[]",
        b"{}",
        b'{"format":"akashi-key-1"}',
        b'{"format":"akashi-key-2","thumbprint":"","salt":"","nonce":"","ciphertext":""}',
        b'{"format":"akashi-key-1","thumbprint":1,"salt":"","nonce":"","ciphertext":""}',
        b'{"format":"akashi-key-1","thumbprint":"","salt":"=","nonce":"","ciphertext":""}',
    ],
)
def test_a_file_of_another_form_is_refused(copy, content):
    copy.write_bytes(content)
    assert _refusal(copy) == "damaged_key_file"


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("thumbprint", "A" * 43),
        ("salt", "AAAAAAAAAAAAAAAAAAAAAA"),
        ("nonce", "AAAA"),
        ("nonce", "A" * 16),
        ("ciphertext", "AAAA"),
    ],
)
def test_a_file_with_a_changed_member_is_refused(copy, member, value):
    content = json.loads(copy.read_bytes())
    content[member] = value
    copy.write_text(json.dumps(content))
    assert _refusal(copy) == "wrong_key_secret"


def test_a_key_is_never_overwritten(saved):
    path, _ = saved
    before = path.read_bytes()
    with pytest.raises(KeyFileRefused) as refusal:
        save_key(path, generate_software_key(), SECRET)
    assert refusal.value.code == "key_file_exists"
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["one.key"]


def test_nothing_private_can_be_shown_or_pickled(saved, tmp_path):
    """R38: whatever prints a key or a folder of keys prints names only."""
    _, key = saved
    private = key.authority().private_numbers().private_value
    folder = KeyFolder(tmp_path, SECRET)
    for shown in (repr(key), str(key), f"{folder!r}", str(folder)):
        assert SECRET not in shown
        assert str(private) not in shown
        assert f"{private:x}" not in shown
    assert key.thumbprint in repr(key)
    with pytest.raises(TypeError):
        pickle.dumps(key)


def test_a_folder_creates_lists_and_finds_its_keys(tmp_path):
    folder = KeyFolder(tmp_path / "keys", SECRET)
    assert folder.thumbprints() == ()
    keys = sorted((folder.create() for _ in range(2)), key=lambda key: key.thumbprint)
    assert folder.thumbprints() == tuple(key.thumbprint for key in keys)
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    assert folder.signer(keys[0].thumbprint) is keys[0]


def test_threads_open_a_file_once_and_share_the_key(tmp_path):
    created = KeyFolder(tmp_path, SECRET).create()
    again = KeyFolder(tmp_path, SECRET)
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(again.signer, [created.thumbprint] * 8))
    assert {id(key) for key in found} == {id(found[0])}
    assert found[0].thumbprint == created.thumbprint


@pytest.mark.parametrize("wanted", ["A" * 43, "", "../../etc/passwd", "A" * 42, "A" * 43 + "\n"])
def test_a_key_that_is_not_kept_here_is_said_to_be_elsewhere(tmp_path, wanted):
    with pytest.raises(KeyNotHere) as refusal:
        KeyFolder(tmp_path, SECRET).signer(wanted)
    assert refusal.value.code == "key_not_here"


def test_a_file_under_the_name_of_another_key_is_refused(copy):
    copy.rename(copy.with_name("A" * 43 + ".key"))
    with pytest.raises(KeyFileRefused) as refusal:
        KeyFolder(copy.parent, SECRET).signer("A" * 43)
    assert refusal.value.code == "damaged_key_file"
