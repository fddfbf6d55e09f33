from __future__ import annotations

import pytest

from app.cli.secret import VARIABLE, key_secret
from app.errors import AkashiError


def typing(monkeypatch: pytest.MonkeyPatch, *typed: str) -> None:
    answers = iter(typed)
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(answers))
    monkeypatch.delenv(VARIABLE, raising=False)


def test_the_environment_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "from the environment")
    assert key_secret(twice=True) == "from the environment"


def test_a_new_secret_is_typed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    typing(monkeypatch, "one secret", "one secret", "one secret", "another")
    assert key_secret(twice=True) == "one secret"
    with pytest.raises(AkashiError, match="secrets_differ"):
        key_secret(twice=True)


def test_without_a_terminal_it_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_prompt: str) -> str:
        raise EOFError

    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr("getpass.getpass", nobody)
    with pytest.raises(AkashiError, match="no_terminal"):
        key_secret()
