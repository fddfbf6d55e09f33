"""Rows of text whose fonts nobody knows: what may be broken where, and how a cut shows."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents.text import Run, drawable, lay_out, width_of


def rows(text: str, room: float, limit: int = 9) -> list[str]:
    return ["".join(run.text for run in row) for row in lay_out([Run(text, "ja")], room, limit)]


def test_latin_breaks_at_spaces_only() -> None:
    assert [row.rstrip() for row in rows("Kasumi Robotics Research", 6)] == ["Kasumi", "Robotics", "Research"]


def test_japanese_breaks_between_characters() -> None:
    assert rows("人工知能安全性", 3) == ["人工知", "能安全", "性"]


def test_a_legal_form_is_never_parted_from_its_name() -> None:
    assert rows("東京株式会社", 5.5) == ["東", "京株式会社"]
    assert rows("株式会社東京都", 5.5) == ["株式会社東", "京都"]


def test_a_word_of_katakana_stays_whole() -> None:
    assert rows("霞ロボティクス", 6.5) == ["霞", "ロボティクス"]


@pytest.mark.parametrize("closing", ["、", "。", "）", "ー", "々"])
def test_no_row_begins_with_a_closing_mark(closing: str) -> None:
    assert rows(f"東京{closing}東", 2.5) == ["東", f"京{closing}", "東"]


def test_no_row_ends_with_an_opening_bracket() -> None:
    assert rows("東京（東", 3.5) == ["東京", "（東"]


def test_a_word_wider_than_a_row_is_broken_all_the_same() -> None:
    assert "".join(rows("x" * 40, 6)) == "x" * 40
    assert all(width_of(row) <= 6 for row in rows("x" * 40, 6))


def test_what_is_cut_is_shown_as_cut() -> None:
    assert rows("人工知能安全性", 3, limit=2) == ["人工知", "能安…"]
    assert rows("Kasumi Robotics", 6, limit=1) == ["Kasumi R…"]
    assert rows("Kasumi Robotics", 5, limit=1) == ["Kasumi…"]


def test_runs_keep_their_language_and_neighbours_of_one_language_join() -> None:
    laid_out = lay_out([Run("certification body: ", "en"), Run("常磐認証機構", "ja")], 40, 1)
    assert laid_out == [(Run("certification body: ", "en"), Run("常磐認証機構", "ja"))]


def test_a_variation_sequence_is_never_taken_apart() -> None:
    """葛󠄀 (U+845B U+E0100) is one character to its bearer."""
    assert rows("葛\U000e0100城葛\U000e0100", 1) == ["葛\U000e0100", "城", "葛\U000e0100"]
    assert width_of("葛\U000e0100") == 1


@pytest.mark.parametrize(
    "character",
    ["\x00", "\x1b", "\u202e", "\u200b", "\u2066", "\ufeff", "\U000e0041", "\ud83d", "\uffff", "\U0001ffff"],
)
def test_what_xml_forbids_or_hides_is_shown_as_a_replacement(character: str) -> None:
    assert drawable(f"a{character}b") == "a\ufffdb"


@pytest.mark.parametrize(
    "name", ["株式会社霞ロボティクス", "髙﨑𠮷", "葛\U000e0100城", "Société Générale d’IA", "شركة"]
)
def test_honest_names_stay_as_they_are(name: str) -> None:
    assert drawable(name) == name


def test_monospaced_letters_are_all_alike() -> None:
    assert width_of("iW", mono=True) == 2 * width_of("-", mono=True)


def test_nothing_makes_one_empty_row() -> None:
    assert lay_out([Run("", "en")], 10, 2) == [(Run("", "en"),)]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.floats(4, 30), st.integers(1, 4))
def test_every_text_is_kept_or_visibly_cut_and_fits(text: str, room: float, limit: int) -> None:
    laid_out = rows(text, room, limit)
    whole = "".join(laid_out)
    assert len(laid_out) <= limit
    assert whole == drawable(text) or (whole.endswith("…") and drawable(text).startswith(whole[:-1].rstrip()[:1]))
    assert all(width_of(row.rstrip()) <= room for row in laid_out)
