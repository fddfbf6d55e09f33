"""The style sheet: its verdict colours are those of the one table, and every pair of colours can be read."""

from __future__ import annotations

import re

import pytest

from app.conformity.words import MARKS
from app.pages.render import ICON_FILE, STYLE_FILE, icon_address, style_address

STYLE = STYLE_FILE.read_text(encoding="utf-8")
NAMES = {
    "valid": "valid",
    "valid_with_notice": "notice",
    "not_currently_valid": "halt",
    "no_longer_valid": "over",
    "never_valid": "over",
    "unknown": "open",
    "declared": "open",
}
TEXTS = (
    ("ink", "ground"),
    ("quiet", "ground"),
    ("link", "ground"),
    ("on-action", "action"),
    ("ink", "soft"),
    ("ink", "gone"),
    ("ink", "come"),
    *((name, "ground") for name in sorted(set(NAMES.values()))),
    *((name, f"{name}-tint") for name in sorted(set(NAMES.values()))),
    *((ink, f"{name}-tint") for ink in ("ink", "quiet") for name in sorted(set(NAMES.values()))),
)
SHAPES = (("rule", "ground"), ("bar", "ground"), ("focus-line", "ground"))


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", block))


LIGHT = colours(STYLE.split(":root {")[1].split("}")[0])
DARK = LIGHT | colours(STYLE.split(":root {")[2].split("}")[0])


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    digits = colour.removeprefix("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_contrast_is_computed_as_wcag_does():
    assert contrast("#fff", "#000") == pytest.approx(21)
    assert contrast("#197a4b", "#e6f5ec") == pytest.approx(4.75, abs=0.01)  # as in conformity/words.py


@pytest.mark.parametrize(("verdict", "mark"), MARKS.items())
def test_each_verdict_has_the_colours_of_the_one_table(verdict, mark):
    def full(colour: str) -> str:
        return "#" + "".join(digit * 2 for digit in colour[1:]) if len(colour) == 4 else colour

    assert full(LIGHT[NAMES[verdict]]) == mark.ink
    assert full(LIGHT[f"{NAMES[verdict]}-tint"]) == mark.tint


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_every_text_can_be_read_on_its_ground(text, ground, theme):
    assert contrast(theme[text], theme[ground]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_every_shape_that_means_something_can_be_seen(shape, ground, theme):
    assert contrast(theme[shape], theme[ground]) >= 3


def test_nothing_is_loaded_and_nothing_moves():
    assert "url(" not in STYLE
    assert "@import" not in STYLE
    assert not re.search(r"\b(animation|transition)\b", STYLE)


def test_the_style_sheet_stays_small():
    assert len(STYLE.encode()) <= 18_000


def test_addresses_change_with_the_bytes():
    assert re.fullmatch(r"/static/[\w-]{12}\.css", style_address())
    assert re.fullmatch(r"/static/[\w-]{12}\.svg", icon_address())
    assert b"script" not in ICON_FILE.read_bytes()
