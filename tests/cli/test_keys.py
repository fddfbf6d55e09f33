from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.access.clients import check_assertion, split_assertion
from app.cli.main import main
from app.keys.evidence import check_possession
from app.keys.keys import key_from_jwk, thumbprint

PARTY = "0b9f5d0e-7a51-4c07-9a53-5f7f6a2d9c01"


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AKASHI_KEY_SECRET", "a secret of the tests")


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    assert main(["keys", *arguments]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_new_key_is_shown_and_shown_again_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "my.key"
    made = said(capsys, "new", "--out", str(file))
    assert made == said(capsys, "show", str(file))
    assert thumbprint(key_from_jwk(made["jwk"])) == made["thumbprint"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_key_file_is_never_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "new", "--out", str(tmp_path / "my.key"))
    assert main(["keys", "new", "--out", str(tmp_path / "my.key")]) == 1
    assert "[key_file_exists]" in capsys.readouterr().err


def test_possession_is_proven_for_one_party_and_one_nonce(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(tmp_path / "my.key")
    key = key_from_jwk(said(capsys, "new", "--out", file)["jwk"])
    proof = said(capsys, "possession", file, "--party", PARTY, "--nonce", "n0nce")
    check_possession(proof["possession"], key, PARTY, "n0nce")


def test_an_assertion_signs_its_client_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(tmp_path / "client.key")
    jwk = said(capsys, "new", "--out", file)["jwk"]
    arguments = ("keys", "assertion", file, "--client", "client-0001", "--issuer", "https://registry.example")
    assert main(arguments) == 0
    unverified = split_assertion(capsys.readouterr().out.strip())
    now = datetime.now(UTC)
    checked = check_assertion(unverified, jwk, issuer="https://registry.example", now=now)
    assert checked.client_id == "client-0001"
