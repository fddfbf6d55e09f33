"""The strict base64 under the name by which credentials use it; `tests/keys/test_encoding.py` says what it promises."""

from app.credentials import encoding
from app.keys import encoding as keys_encoding


def test_credentials_and_keys_share_one_base64():
    assert all(getattr(encoding, name) is getattr(keys_encoding, name) for name in encoding.__all__)
