from __future__ import annotations

import pytest

from app.cli.output import WIDTH, language_of, padded, print_json, print_refusal, printable, width_of, wrapped
from app.errors import AkashiError, Fault


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "ja"}, "ja"),
        ({"LANG": "ja", "LC_ALL": ""}, "ja"),
    ],
)
def test_the_language_is_the_environments(environment: dict[str, str], language: str) -> None:
    assert language_of(environment) == language


def test_nothing_steers_the_terminal() -> None:
    assert printable("a\x1b[31mb\u202e\n株") == "a\ufffd[31mb\ufffd\ufffd株"


def test_japanese_takes_two_columns() -> None:
    assert width_of("ab株") == 4
    assert width_of("e\u0301") == 1
    assert padded("株", 5) == "株   "


def test_lines_fit_the_terminal_in_both_languages() -> None:
    for text in ("word " * 60, "日本語" * 60, "株 " * 100):
        assert all(width_of(line) <= WIDTH for line in wrapped(text, 4).splitlines())
    assert wrapped("a\n\nb", 2) == "a\n  \n  b"
    assert wrapped("日本語") == "日本語"


def test_json_is_readable(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"名": 1})
    assert capsys.readouterr().out == '{\n  "名": 1\n}\n'


def test_a_refusal_names_every_place_in_the_readers_language(capsys: pytest.CaptureFixture[str]) -> None:
    refusal = AkashiError("bundle_refused", note="x\x1b", faults=(Fault("bundle_refused", "/envelopes/0", "y"),))
    print_refusal(refusal, "ja")
    shown = capsys.readouterr().err
    assert "登録簿が作成したバンドルではありません" in shown
    assert "  /envelopes/0: bundle_refused y" in shown
    assert "\x1b" not in shown
    print_refusal(refusal, "en")
    assert "do not edit it" in capsys.readouterr().err
