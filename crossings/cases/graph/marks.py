"""Small drawings on a 20 by 20 ground: kinds, grades, outcomes, evidence.

The shapes of grades are those of the player (`crossings/player/page.js`). `f` is filled, `s` is a
line, `k` is a line cut out of what is filled.
"""

from __future__ import annotations

_DISC = "M10 2a8 8 0 1 0 0 16a8 8 0 1 0 0-16z"
_HALF = [("s", _DISC), ("f", "M10 2a8 8 0 0 1 0 16z")]
_OCTAGON = "M6.2 1h7.6l5.2 5.2v7.6l-5.2 5.2h-7.6l-5.2-5.2v-7.6z"
_CROSS = "M6.6 6.6l6.8 6.8M13.4 6.6l-6.8 6.8"
_TRIANGLE = "M10 1.5l9 16.5h-18z"

MARKS: dict[str, list[tuple[str, str]]] = {
    "good": [("f", _DISC)],
    "acceptable": _HALF,
    "poor": [("f", _TRIANGLE)],
    "harmful": [("f", _OCTAGON), ("k", _CROSS)],
    "protected": [
        ("f", "M10 1.5l7 2.8v5.2c0 4.3-2.8 7.4-7 9c-4.2-1.6-7-4.7-7-9v-5.2z"),
        ("k", "M6.4 9.8l2.7 2.7l4.8-5.2"),
    ],
    "partly": _HALF,
    "missed": [("s", _DISC), ("s", "M6 10h8")],
    "harmed": [("f", _OCTAGON), ("k", _CROSS)],
    "scene": [("s", "M3 4h14M3 8h14M3 12h14M3 16h8")],
    "decision": [("s", "M10 18v-7M10 11l-6-6M10 11l6-6M4 9v-4h4M12 5h4v4")],
    "interview": [("s", "M3 3.5h14v9.5h-7l-4 4v-4h-3z")],
    "search": [("s", "M8.5 2.5a6 6 0 1 0 0 12a6 6 0 1 0 0-12zM13 13l5 5")],
    "triage": [("s", "M10 1.5v17M10 3h6l2 2l-2 2h-6zM10 9h-6l-2 2l2 2h6z")],
    "note": [("s", "M3 17l1-4.5l9.5-9.5l3.5 3.5l-9.5 9.5zM11.5 5l3.5 3.5")],
    "rule": [("s", "M10 2a8 8 0 1 0 0 16a8 8 0 1 0 0-16zM10 5.5v4.7l3 2")],
    "evidence": [("s", "M5 2.5h7l3.5 3.5v11.5h-10.5zM12 2.5v3.5h3.5M7.5 10h5M7.5 13.5h5")],
}


def mark(name: str, x: float, y: float, size: float, classes: str = "") -> str:
    """The drawing `name` as SVG with its middle at `x`, `y`."""
    scale = size / 20
    shapes = "".join(f'<path class="cxg-{how}" d="{d}"/>' for how, d in MARKS[name])
    place = f"translate({x - size / 2:.1f} {y - size / 2:.1f}) scale({scale:.3f})"
    return f'<g class="cxg-mark {classes}" transform="{place}">{shapes}</g>'
