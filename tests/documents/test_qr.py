"""The QR code on paper: short, dark, and read by a decoder that is not ours."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import cv2
import numpy as np
import pytest

from app.documents.qr import LARGEST_VERSION, QUIET_ZONE, Matrix, QrRefused, qr_address, qr_matrix, qr_svg

ID = "7K3MXP9D2RWQV84HJN6TB5CFYG1SZE0A7K3"
LONGEST_HOST = "registry.ai-conformity-akashi.example.jp"
"""Forty letters: with an ID, its version and the scheme this fills version 4-M."""


def rasterised(matrix: Matrix, pixels: int) -> np.ndarray:
    """A print of the code with its quiet zone, `pixels` wide, grey where a module's edge falls within a pixel."""
    dark = np.pad(np.array(matrix, dtype=np.uint8), QUIET_ZONE)
    sharp = np.kron(255 * (1 - dark), np.ones((32, 32), dtype=np.uint8)).astype(np.uint8)
    return cv2.resize(sharp, (pixels, pixels), interpolation=cv2.INTER_AREA)


def photographed(image: np.ndarray, *, blur: float, degrees: float, scale: float) -> np.ndarray:
    """What a cheap phone sees of a print on a white page."""
    page = cv2.copyMakeBorder(image, *[image.shape[0] // 3] * 4, cv2.BORDER_CONSTANT, value=255)
    middle = (page.shape[1] / 2, page.shape[0] / 2)
    turned = cv2.warpAffine(page, cv2.getRotationMatrix2D(middle, degrees, 1), page.shape[::-1], borderValue=255)
    small = cv2.resize(turned, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return cv2.GaussianBlur(small, (0, 0), blur) if blur else small


def decoded(image: np.ndarray) -> str:
    return str(cv2.QRCodeDetector().detectAndDecode(image)[0])


def test_the_address_is_in_capitals_and_names_the_version() -> None:
    address = qr_address("https://registry.example", ID, 3)
    assert address == f"HTTPS://REGISTRY.EXAMPLE/C/{ID}/V3"
    assert re.fullmatch(r"[0-9A-Z $%*+\-./:]+", address), "the alphanumeric set of ISO/IEC 18004"


def test_a_local_demo_has_an_address_too() -> None:
    assert qr_address("http://localhost:8000", ID, 1) == f"HTTP://LOCALHOST:8000/C/{ID}/V1"


@pytest.mark.parametrize(
    "base",
    [
        "https://registry.example/akashi",
        "https://registry.example/",
        "https://証.example",
        "ftp://x",
        "registry.example",
    ],
)
def test_a_base_that_capitals_would_change_is_refused(base: str) -> None:
    with pytest.raises(QrRefused) as refusal:
        qr_address(base, ID, 1)
    assert refusal.value.code == "qr_address"


@pytest.mark.parametrize(
    ("blur", "degrees", "scale"),
    [(0, 0, 1), (1.5, 0, 1), (0, 7, 1), (0, 0, 0.5), (0.8, 5, 1), (0.5, 3, 0.5), (0, 90, 1), (0.5, 181, 1)],
)
def test_the_longest_address_is_read_from_twenty_millimetres_of_paper(
    blur: float, degrees: float, scale: float
) -> None:
    """C001, C002: 20 mm at 300 dpi, blurred, turned, at half the size."""
    address = qr_address(f"https://{LONGEST_HOST}", ID, 12)
    printed = rasterised(qr_matrix(address), round(20 / 25.4 * 300))
    assert decoded(photographed(printed, blur=blur, degrees=degrees, scale=scale)) == address


@pytest.mark.parametrize("dots_per_inch", [150, 600])
def test_the_code_is_read_from_coarse_and_fine_prints(dots_per_inch: int) -> None:
    """C002."""
    address = qr_address("https://registry.example", ID, 1)
    printed = rasterised(qr_matrix(address), round(25 / 25.4 * dots_per_inch))
    assert decoded(photographed(printed, blur=0, degrees=0, scale=1)) == address


def test_a_module_on_twenty_millimetres_is_wide_enough() -> None:
    """C002: at least 0.4 mm a module, quiet zone included."""
    side = len(qr_matrix(qr_address(f"https://{LONGEST_HOST}", ID, 12))) + 2 * QUIET_ZONE
    assert side == 17 + 4 * LARGEST_VERSION + 2 * QUIET_ZONE
    assert 20 / side >= 0.4


@pytest.mark.parametrize("length", [91, 5_000])
def test_an_address_too_long_for_paper_is_refused(length: int) -> None:
    with pytest.raises(QrRefused) as refusal:
        qr_matrix("A" * length)
    assert refusal.value.code == "qr_too_dense"


@pytest.mark.parametrize("address", ["https://registry.example", "~", ""])
def test_a_letter_that_would_need_byte_mode_is_refused(address: str) -> None:
    """C007: the same address is version 5 as soon as one lower-case letter appears."""
    with pytest.raises(QrRefused) as refusal:
        qr_matrix(address)
    assert refusal.value.code == "qr_address"


def test_the_drawing_is_the_matrix_with_its_quiet_zone_and_nothing_else() -> None:
    """C002: whole units, no gradient, no stroke."""
    matrix = qr_matrix(qr_address("https://registry.example", ID, 1))
    drawing = ET.fromstring(qr_svg(qr_address("https://registry.example", ID, 1), "t", "en"))
    side = len(matrix) + 2 * QUIET_ZONE
    assert drawing.get("viewBox") == f"0 0 {side} {side}"
    assert drawing.get("width") == str(side * 4)
    dark = np.zeros((side, side), dtype=bool)
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", drawing[2].get("d") or ""):
        dark[int(y), int(x) : int(x) + int(width)] = True
    assert np.array_equal(dark, np.pad(np.array(matrix), QUIET_ZONE))


def test_the_title_is_escaped_and_has_a_language() -> None:
    drawing = qr_svg("HTTPS://A.EXAMPLE", '登録証 <a> & "b"', "ja").decode()
    parsed = ET.fromstring(drawing)
    assert parsed[0].text == '登録証 <a> & "b"'
    assert parsed.get("lang") == "ja"
    assert parsed.get("role") == "img"


def test_equal_addresses_give_equal_drawings() -> None:
    assert qr_svg("HTTPS://A.EXAMPLE", "t", "en") == qr_svg("HTTPS://A.EXAMPLE", "t", "en")
