"""The mark of each verdict as SVG: shape and icon tell the verdicts apart without colour.

Only paths with presentation attributes, drawn around the origin in a box of 32 units: no style, script, identifier or
reference, so that a mark may stand in any page or drawing any number of times.
"""

from __future__ import annotations

from app.conformity.words import MARKS

BOX = 32

# {ink} is the colour of the verdict, {ground} what lies behind it.
_SHAPES = {
    "circle": '<path d="M0-14a14 14 0 1 1 0 28a14 14 0 1 1 0-28z" fill="{ink}"/>',
    "square": '<path d="M-13-13H4L13-4V13H-13z" fill="{ink}"/><circle cx="11" cy="-11" r="3.5" fill="{ink}"/>',
    "octagon": '<path d="M-5.8-14H5.8L14-5.8V5.8L5.8 14H-5.8L-14 5.8V-5.8z" fill="{ink}"/>',
    "outlined_square": '<path d="M-12-12H12V12H-12z" fill="{ground}" stroke="{ink}" stroke-width="3"/>',
    "outlined_diamond": '<path d="M0-14L14 0L0 14L-14 0z" fill="{ground}" stroke="{ink}" stroke-width="2.5"/>',
    "page": '<path d="M-11-14H5L12-7V14H-11z" fill="{ground}" stroke="{ink}" stroke-width="2.5"/>',
    "dashed_circle": '<circle r="13" fill="{ground}" stroke="{ink}" stroke-width="2.5" stroke-dasharray="5.4 2.77"/>',
}
_STROKE = 'fill="none" stroke="{line}" stroke-width="3.2" stroke-linecap="round" stroke-linejoin="round"'
_ICONS = {
    "check": f'<path d="M-6.5.5L-2 5L6.5-4.5" {_STROKE}/>',
    "check_notch": f'<path d="M-7 1.5L-2.5 6L5.5-3" {_STROKE}/>',
    "pause": f'<path d="M-3.6-5.5V5.5M3.6-5.5V5.5" {_STROKE}/>',
    "bar": f'<path d="M-5.5 0H5.5" {_STROKE}/>',
    "cross": f'<path d="M-3.6-3.6L3.6 3.6M3.6-3.6L-3.6 3.6" {_STROKE}/>',
    "lines": f'<path d="M-6-3H6M-6 3H6M-6 9H2" {_STROKE}/>',
    "question": f'<path d="M-3.8-3.6a3.8 3.8 0 1 1 5.4 3.5C.4.5 0 1.3 0 2.6M0 6.9V7" {_STROKE}/>',
}


def mark_shapes(verdict: str) -> str:
    """The mark around the origin, to be placed by its surroundings."""
    mark = MARKS[verdict]
    outlined = mark.shape.startswith(("outlined", "dashed", "page"))
    return (_SHAPES[mark.shape] + _ICONS[mark.icon]).format(
        ink=mark.ink, ground=mark.tint, line=mark.ink if outlined else "#ffffff"
    )


def mark_svg(verdict: str, size: int = BOX) -> str:
    """The mark as a drawing of its own; decorative, because the word always stands beside it."""
    half = BOX // 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}"'
        f' viewBox="-{half} -{half} {BOX} {BOX}" aria-hidden="true" focusable="false">{mark_shapes(verdict)}</svg>'
    )
