from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.cli import sign as command
from app.cli.main import main
from app.cli.sign import exact_document
from app.credentials.canonical import canonical, digest
from app.errors import AkashiError
from app.keys.evidence import check_evidence
from app.keys.software import SoftwareKey, generate_software_key, save_key

SECRET = "a secret of the tests"
DRAFT = {"type": "akashi-decision-1", "act": "grant", "reason": "瑞"}
DOCUMENT = canonical(DRAFT)


@pytest.fixture
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SoftwareKey:
    monkeypatch.setenv("AKASHI_KEY_SECRET", SECRET)
    made = generate_software_key()
    save_key(tmp_path / "my.key", made, SECRET)
    (tmp_path / "draft.json").write_text(json.dumps(DRAFT, indent=4))
    return made


def sign(folder: Path, *more: str) -> int:
    return main(["sign", str(folder / "draft.json"), "--key", str(folder / "my.key"), *more])


def test_the_evidence_is_over_the_exact_document_however_the_file_was_laid_out(
    key: SoftwareKey, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sign(tmp_path, "--yes") == 0
    shown = capsys.readouterr()
    check_evidence(json.loads(shown.out), key.public_key, DOCUMENT)
    assert digest(DOCUMENT) in shown.err
    assert '"act": "grant"' in shown.err


def test_whoever_signs_reads_which_rules_the_draft_broke_when_it_was_read(
    key: SoftwareKey, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faults = [{"code": "audit_missing", "field": "/relied_on", "clause": "17021-1 9.3\u001b[2J"}, "no fault", None]
    answer = {"document": DRAFT, "sha256": digest(DOCUMENT), "faults": faults}
    (tmp_path / "draft.json").write_text(json.dumps(answer))
    assert sign(tmp_path, "--yes") == 0
    shown = capsys.readouterr()
    assert "broke a rule: audit_missing (17021-1 9.3" in shown.err
    assert "\u001b" not in shown.err
    check_evidence(json.loads(shown.out), key.public_key, DOCUMENT)


@pytest.mark.parametrize("faults", [None, [], "many", {"code": "audit_missing"}])
def test_a_draft_without_faults_says_nothing_of_any(
    key: SoftwareKey, tmp_path: Path, capsys: pytest.CaptureFixture[str], faults: object
) -> None:
    (tmp_path / "draft.json").write_text(
        json.dumps({"document": DRAFT, "sha256": digest(DOCUMENT), "faults": faults} if faults is not None else DRAFT)
    )
    assert sign(tmp_path, "--yes") == 0
    assert "broke a rule" not in capsys.readouterr().err


def test_the_evidence_may_go_to_a_new_file(key: SoftwareKey, tmp_path: Path) -> None:
    assert sign(tmp_path, "--yes", "--out", str(tmp_path / "evidence.json")) == 0
    check_evidence(json.loads((tmp_path / "evidence.json").read_text()), key.public_key, DOCUMENT)
    assert sign(tmp_path, "--yes", "--out", str(tmp_path / "evidence.json")) == 1


def test_another_digest_is_refused_before_anything_is_signed(key: SoftwareKey, tmp_path: Path) -> None:
    assert sign(tmp_path, "--yes", "--sha256", digest(DOCUMENT)) == 0
    assert sign(tmp_path, "--yes", "--sha256", digest(b"another")) == 1


def test_an_answer_that_holds_document_and_digest_is_compared() -> None:
    answer = {"id": "x", "document": DRAFT, "sha256": digest(DOCUMENT)}
    assert exact_document(json.dumps(answer).encode()) == DOCUMENT
    with pytest.raises(AkashiError, match="document_digest_differs"):
        exact_document(json.dumps(answer | {"sha256": digest(b"x")}).encode())


def test_what_is_no_document_is_refused() -> None:
    for content in (b"", b"[]", b'{"a":1,"a":2}', b"{"):
        with pytest.raises(AkashiError):
            exact_document(content)


def test_a_wrong_secret_signs_nothing(key: SoftwareKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AKASHI_KEY_SECRET", "another secret entirely")
    assert sign(tmp_path, "--yes") == 1


@pytest.mark.parametrize(("typed", "expected"), [("yes\n", 0), ("y\n", 1), ("", 1)])
def test_without_yes_a_person_is_asked_at_the_terminal_and_not_in_the_pipe(
    key: SoftwareKey,
    tmp_path: Path,
    typed: str,
    expected: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "terminal").write_text(typed)
    monkeypatch.setattr(command, "TERMINAL", tmp_path / "terminal")
    assert sign(tmp_path) == expected
    assert bool(capsys.readouterr().out) is (expected == 0)


def test_without_a_terminal_nothing_is_signed(
    key: SoftwareKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "TERMINAL", tmp_path / "none")
    assert sign(tmp_path) == 1
    assert "[no_terminal]" in capsys.readouterr().err
