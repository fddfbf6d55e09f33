"""The marks of the verdicts: told apart by shape, drawn without anything a page could choke on."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from app.conformity.words import MARKS
from app.documents.mark import mark_shapes, mark_svg


def test_no_two_verdicts_share_a_drawing_even_without_colour() -> None:
    drawings = {re.sub("#[0-9a-f]{6}", "#", mark_shapes(verdict)) for verdict in MARKS}
    assert len(drawings) == len(MARKS)


@pytest.mark.parametrize("verdict", list(MARKS))
def test_a_mark_is_plain_well_formed_svg(verdict: str) -> None:
    drawing = ET.fromstring(mark_svg(verdict, 24))
    assert (drawing.get("width"), drawing.get("aria-hidden")) == ("24", "true")
    assert {element.tag.rpartition("}")[2] for element in drawing.iter()} <= {"svg", "path", "circle"}
    assert not {"id", "style", "class", "href"} & {name for element in drawing.iter() for name in element.attrib}


@pytest.mark.parametrize("verdict", list(MARKS))
def test_a_mark_uses_the_colours_of_its_verdict_only(verdict: str) -> None:
    used = set(re.findall("#[0-9a-f]{6}", mark_shapes(verdict)))
    assert used <= {MARKS[verdict].ink, MARKS[verdict].tint, "#ffffff"}


def test_green_belongs_to_valid_alone() -> None:
    assert [verdict for verdict in MARKS if "#197a4b" in mark_shapes(verdict)] == ["valid"]
