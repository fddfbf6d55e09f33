from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.cli.main import main
from app.examiner.bundle import read_bundle
from app.examiner.examine import examine
from tests.support.evidence import GRANTED, NOW, OTHER_PUBLIC_ID, PUBLIC_ID, Record, granted, world

AT = "2026-11-24T13:50:00Z"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "anchors.json").write_text(json.dumps(world().anchors.as_json()))
    (tmp_path / "bundle.json").write_bytes(granted().bundle())
    return tmp_path


def verify(folder: Path, *more: str, file: str = "bundle.json", at: str = AT, anchors: str = "anchors.json") -> int:
    return main(["verify", str(folder / file), "--anchors", str(folder / anchors), "--at", at, *more])


def write(folder: Path, record: Record) -> None:
    (folder / "bundle.json").write_bytes(record.bundle())


def test_a_certificate_in_force_exits_with_0_and_says_so_first(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(folder, "--language", "en") == 0
    shown = capsys.readouterr().out
    assert shown.startswith("Valid. Kestrel Certification certifies")
    assert "M30QP-8774S" in shown


def test_the_words_are_those_of_the_environment(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "ja_JP.UTF-8")
    assert verify(folder) == 0
    assert capsys.readouterr().out.startswith("有効。")


def test_c128_the_json_is_the_report_itself(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(folder, "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    report = examine(read_bundle((folder / "bundle.json").read_bytes()), world().anchors, now=NOW, at=NOW).as_json()
    for moving in ("checked_at", "known_at"):
        del shown[moving], report[moving]
    assert shown == report


@pytest.mark.parametrize(("act", "expected"), [("suspend", 1), ("withdraw", 1), ("cancel", 1), ("annul", 1)])
def test_a_certificate_that_does_not_stand_exits_with_1(folder: Path, act: str, expected: int) -> None:
    record = granted()
    record.act(act, GRANTED, **({"until": "2026-12-01"} if act == "suspend" else {}))
    write(folder, record)
    assert verify(folder) == expected


def test_a_notice_exits_with_0_and_under_strict_with_1(folder: Path) -> None:
    record = granted()
    record.suspend_accreditation(GRANTED, effective_on="2026-05-01")
    write(folder, record)
    assert (verify(folder), verify(folder, "--strict")) == (0, 1)


def test_without_anchors_it_exits_with_2_and_says_where_to_get_them(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(folder / "bundle.json"), "--at", AT]) == 2
    assert "certs/anchors" in capsys.readouterr().out


def test_old_data_exit_with_2(folder: Path) -> None:
    (folder / "bundle.json").write_bytes(granted().bundle(GRANTED))
    assert main(["verify", str(folder / "bundle.json"), "--anchors", str(folder / "anchors.json")]) == 2


def test_a_changed_letter_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = (folder / "bundle.json").read_bytes()
    (folder / "bundle.json").write_bytes(content.replace(b"eyJ", b"eyK", 1))
    assert verify(folder, "--language", "en") == 1
    assert capsys.readouterr().out.startswith("This file was altered, or not signed by the body it names.")


def test_a_certificate_alone_is_not_established(folder: Path) -> None:
    (folder / "certificate.jwt").write_text(granted().envelopes[3].jws)
    assert verify(folder, file="certificate.jwt") == 2


def test_a_file_of_any_size_or_kind_gets_an_answer(folder: Path) -> None:
    for content in (b"", b"\0" * 10, b"{" * 3_000_000, b"a.b.c", os.urandom(1000)):
        (folder / "file").write_bytes(content)
        assert verify(folder, file="file") == 1


def test_an_expected_holder_is_compared(folder: Path) -> None:
    assert verify(folder, "--holder", "Mizuho-dai Robotics K.K.") == 0
    assert verify(folder, "--holder", "Somebody Else") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["nowhere.json"],
        [PUBLIC_ID],
        [PUBLIC_ID[:-1] + "Z", "--registry", "https://registry.example"],
        [PUBLIC_ID, "--registry", "http://registry.example"],
        [PUBLIC_ID, "--registry", "ftp://registry.example"],
        ["BUNDLE", "--anchors", "nowhere.json"],
        ["BUNDLE", "--anchors", "BUNDLE"],
        ["BUNDLE", "--at", "2999-01-01T00:00:00Z"],
    ],
)
def test_wrong_use_exits_with_64(folder: Path, arguments: list[str]) -> None:
    assert main(["verify", *(str(folder / "bundle.json") if one == "BUNDLE" else one for one in arguments)]) == 64


@pytest.mark.parametrize("time", ["yesterday", "2026-11-24", "2026-11-24T13:50:00", "2026-13-01T00:00:00Z"])
def test_a_time_needs_its_zone(folder: Path, time: str) -> None:
    with pytest.raises(SystemExit) as ended:
        verify(folder, at=time)
    assert ended.value.code == 64


def test_a_time_may_be_given_in_any_zone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(folder, "--json", at="2026-11-24T22:50:00+09:00") == 0
    assert json.loads(capsys.readouterr().out)["at"] == AT


def test_both_clocks_answer_from_the_file_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """records §9: annulled since, so both answers are told about the time before; what was known then stays."""
    record = granted()
    record.act("annul", NOW - timedelta(days=1))
    write(folder, record)
    before = (NOW - timedelta(days=2)).isoformat()

    assert verify(folder, at=before) == 1
    shown = capsys.readouterr().out
    assert shown.startswith("Never had effect.")
    assert 'By what was known at that time the answer was: "Valid.' in " ".join(shown.split())

    assert verify(folder, "--known-at", before, at=before) == 0
    assert capsys.readouterr().out.startswith("Valid.")


def test_r23_it_needs_no_network_at_all(folder: Path) -> None:
    """The whole run with every socket refused, in a process of its own."""
    code = (
        "import sys, socket\n"
        "def refused(*_, **__): raise AssertionError('a socket was opened')\n"
        "socket.socket = socket.create_connection = socket.getaddrinfo = refused\n"
        "from app.cli.main import main\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    arguments = ["verify", str(folder / "bundle.json"), "--anchors", str(folder / "anchors.json"), "--at", AT]
    ended = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_c6_it_starts_without_what_it_does_not_need(folder: Path) -> None:
    """Each of these costs milliseconds at every start, and came in once by a harmless-looking import."""
    code = (
        "import sys; from app.cli.main import main; code = main(sys.argv[1:]); "
        "print(*sorted(set(sys.modules)), file=sys.stderr); sys.exit(code)"
    )
    arguments = ["verify", str(folder / "bundle.json"), "--anchors", str(folder / "anchors.json"), "--at", AT]
    ended = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert ended.returncode == 0
    spared = {"cryptography.hazmat.primitives.serialization", "difflib", "joserfc", "shutil", "ssl", "tomllib"}
    assert spared & set(ended.stderr.split()) == set()


def test_c074_the_bundle_in_hand_says_all_when_the_registry_is_gone(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ["--anchors", str(folder / "anchors.json"), "--at", AT, "--language", "en"]
    assert main(["verify", PUBLIC_ID, "--registry", "http://127.0.0.1:9", *more]) == 2
    assert "[registry_unreachable]" in capsys.readouterr().err
    assert main(["verify", str(folder / "bundle.json"), *more]) == 0
    assert capsys.readouterr().out.startswith("Valid. Kestrel Certification certifies")


def test_by_its_id_the_bundle_is_fetched_and_then_trusted_no_more_than_a_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {PUBLIC_ID: (folder / "bundle.json").read_bytes(), OTHER_PUBLIC_ID: (folder / "bundle.json").read_bytes()}
    monkeypatch.setattr("app.cli.download.download_bundle", lambda _registry, public_id: given.get(public_id))
    more = ["--anchors", str(folder / "anchors.json"), "--at", AT]
    assert main(["verify", f"https://registry.example/ja/c/{PUBLIC_ID}", *more]) == 0
    assert main(["verify", PUBLIC_ID.lower(), "--registry", "https://registry.example", *more]) == 0
    assert main(["verify", OTHER_PUBLIC_ID, "--registry", "https://registry.example", *more]) == 1
    given.clear()
    assert main(["verify", PUBLIC_ID, "--registry", "https://registry.example", *more]) == 2


def test_a_pasted_address_is_about_the_version_that_it_names(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    content = (folder / "bundle.json").read_bytes()
    monkeypatch.setattr("app.cli.download.download_bundle", lambda *_: content)
    more = ["--anchors", str(folder / "anchors.json"), "--at", AT, "--json"]
    assert main(["verify", f"https://registry.example/c/{PUBLIC_ID}/v1", *more]) == 0
    assert json.loads(capsys.readouterr().out)["version"] == 1
    assert main(["verify", f"https://registry.example/c/{PUBLIC_ID}/v2", *more]) == 2
    assert "[unknown_version]" in capsys.readouterr().err


def test_an_address_of_another_host_than_the_registry_asked_is_remarked(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """C004: whoever asks one registry about another's address is told so."""
    content = (folder / "bundle.json").read_bytes()
    monkeypatch.setattr("app.cli.download.download_bundle", lambda *_: content)
    more = ["--anchors", str(folder / "anchors.json"), "--at", AT, "--language", "en"]
    elsewhere = f"https://akashi-verify.example/c/{PUBLIC_ID}"
    assert main(["verify", elsewhere, "--registry", "https://registry.example", *more]) == 0
    assert "leads to akashi-verify.example; this answer rests on" in capsys.readouterr().err
    assert main(["verify", f"https://registry.example/c/{PUBLIC_ID}", *more]) == 0
    assert capsys.readouterr().err == ""


def test_anchors_of_others_do_not_help(folder: Path) -> None:
    anchors = replace(world().anchors, keys=world().anchors.keys[1:])
    (folder / "others.json").write_text(json.dumps(anchors.as_json()))
    assert verify(folder, anchors="others.json") == 2


@pytest.mark.parametrize("shape", [[], ["--json"]])
def test_whoever_reads_only_the_beginning_changes_no_exit_code(folder: Path, shape: list[str]) -> None:
    """`akashi verify … | head`: the certificate stands whether or not anybody reads on."""
    reading, writing = os.pipe()
    os.close(reading)
    code = "import sys; from app.cli.main import main; sys.exit(main(sys.argv[1:]))"
    files = ["verify", str(folder / "bundle.json"), "--anchors", str(folder / "anchors.json"), "--at", AT]

    ended = subprocess.run(
        [sys.executable, "-c", code, *files, *shape], stdout=writing, stderr=subprocess.PIPE, check=False
    )

    os.close(writing)
    assert (ended.returncode, ended.stderr) == (0, b"")
