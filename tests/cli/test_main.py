from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

from app.cli.main import COMMANDS, help_text, main, values_joined

# What a bare install of the verifier has, and no more (R37).
BARE = {"cryptography", "jsonschema_rs", "rfc8785", "tzdata", "_cffi_backend", "cffi"}


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert shown == help_text() + "\n"
    assert all(f"  {name} " in shown for name in COMMANDS)
    assert "akashi verify bundle.json --anchors anchors.json" in shown


def test_nothing_and_nonsense_are_wrong_use_with_a_hint(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 64
    assert "Commands:" in capsys.readouterr().err
    assert main(["verfy"]) == 64
    assert "Did you mean `akashi verify`?" in capsys.readouterr().err
    assert main(["zzz"]) == 64
    assert "Did you mean" not in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["verify"], ["verify", "x", "--no-such-thing"], ["keys", "burn"]])
def test_wrong_arguments_exit_with_64_and_say_where_to_read(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 64
    assert "--help`" in capsys.readouterr().err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    assert import_module(f"app.cli.{name}").__doc__.strip().splitlines()[0] in capsys.readouterr().out


def test_a_refusal_is_told_with_code_and_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sign", "/nowhere", "--key", "/nowhere.key"]) == 1
    shown = capsys.readouterr().err
    assert "[unreadable_file]" in shown
    assert "Check its path" in shown


def test_an_interruption_is_no_failure_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cli.keys.run", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
    assert main(["keys", "show", "x"]) == 130


def loaded_by(statement: str) -> set[str]:
    """The packages from outside that a fresh interpreter has loaded after a statement."""
    code = (
        f"import sys; {statement}; print('\\n', *sorted({{name.partition('.')[0] for name, module in sys.modules.items() "
        "if 'site-packages' in (getattr(module, '__file__', None) or '')}))"
    )
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    return set(said.splitlines()[-1].split())


@pytest.mark.parametrize("name", ["verify", "sign", "keys"])
def test_a_bare_install_runs_them_without_web_framework_or_database(name: str) -> None:
    statement = f"import app.cli.main, app.cli.{name}, app.cli.report_text, app.cli.download"
    assert loaded_by(statement) - {"_distutils_hack", "a1_coverage", "coverage"} <= BARE


def test_help_needs_nothing_at_all() -> None:
    assert loaded_by("from app.cli.main import main; main(['--help'])") <= {
        "_distutils_hack",
        "a1_coverage",
        "coverage",
    }


def test_whoever_stops_reading_is_no_crash() -> None:
    code = "import sys; from app.cli.main import main; sys.exit(main(['--help']))"
    ended = subprocess.run(
        f'{sys.executable} -c "{code}" | true', shell=True, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in ended.stderr


def test_a_thumbprint_that_begins_with_a_hyphen_is_the_value_of_its_option() -> None:
    thumbprint = "-" + "o" * 42
    assert values_joined(["request", "--key", thumbprint]) == ["request", f"--key={thumbprint}"]
    assert values_joined(["--key=x", thumbprint, "--json", "-v"]) == ["--key=x", thumbprint, "--json", "-v"]
