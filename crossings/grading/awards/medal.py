"""The badge as a picture: the mark of the course in a ring, the award's name under it."""

from __future__ import annotations

import io
import math
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from crossings.grading.awards.lines import wrapped
from crossings.look import colour

SIDE = 600
_FINE = 4
"""Drawn this much larger, then made small: smooth edges."""


@cache
def fonts() -> Path:
    """DejaVu, free and with most of the world's letters; it comes with matplotlib."""
    found = find_spec("matplotlib")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"


def picture(title: str) -> bytes:
    """A square PNG with a clear ground."""
    side = SIDE * _FINE
    image = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    middle = side / 2
    _disc(pen, middle, side * 0.495, colour("sea"))
    _disc(pen, middle, side * 0.468, colour("card"))
    _disc(pen, middle, side * 0.452, colour("sea"))
    _notches(pen, middle, side)
    _mark(pen, middle, side * 0.355, side * 0.0072)
    _title(pen, title, middle, side)
    small = image.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    made = io.BytesIO()
    small.save(made, "png", optimize=True)
    return made.getvalue()


def _disc(pen: ImageDraw.ImageDraw, middle: float, radius: float, fill: str) -> None:
    pen.ellipse([middle - radius, middle - radius, middle + radius, middle + radius], fill)


def _notches(pen: ImageDraw.ImageDraw, middle: float, side: int) -> None:
    """Fine marks round the edge, as on a compass; longer ones at the quarters."""
    for step in range(72):
        angle = math.radians(step * 5)
        inner = 0.405 if step % 18 == 0 else 0.425
        ends = [
            (middle + math.cos(angle) * side * r, middle + math.sin(angle) * side * r)
            for r in (inner, 0.437)
        ]
        pen.line(ends, colour("sea-soft"), max(1, int(side * 0.004)))


def _mark(pen: ImageDraw.ImageDraw, x: float, y: float, unit: float) -> None:
    """The icon of the course: an arrow over a wave, centred on (x, y)."""
    half = unit * 2.5
    strokes = ((ARROW[:2], colour("card")), (ARROW[2:], colour("card")))
    for points, ink in (*strokes, (wave(), colour("sea-soft"))):
        placed = [(x + (a - 32) * unit, y + (b - 30) * unit) for a, b in points]
        pen.line(placed, ink, int(half * 2))
        for a, b in placed:  # round ends and joints
            pen.ellipse([a - half, b - half, a + half, b + half], ink)


ARROW = ((16, 22), (48, 22), (40, 14), (48, 22), (40, 30))
_CURVES = (((12, 44), (20, 34), (26, 34), (32, 42)), ((32, 42), (38, 50), (44, 50), (52, 40)))


def wave(steps: int = 120) -> list[tuple[float, float]]:
    """The wave of the icon as points in its 64 by 64 units."""
    return [_bezier(curve, n / steps) for curve in _CURVES for n in range(steps + 1)]


def _bezier(curve: tuple[tuple[int, int], ...], t: float) -> tuple[float, float]:
    shares = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    x, y = (sum(s * p[axis] for s, p in zip(shares, curve, strict=True)) for axis in (0, 1))
    return x, y


def _title(pen: ImageDraw.ImageDraw, title: str, middle: float, side: int) -> None:
    """The award's name in at most three lines, as large as fits into the disc."""
    for size in (0.074, 0.066, 0.058, 0.05, 0.043, 0.037):
        font = ImageFont.truetype(str(fonts() / "DejaVuSans-Bold.ttf"), int(side * size))
        lines = wrapped(title, side * 0.66, font.getlength)
        if len(lines) <= 3 and all(font.getlength(line) <= side * 0.68 for line in lines):
            break
    height = font.size * 1.22
    top = side * 0.655 - height * (len(lines) - 1) / 2
    for number, line in enumerate(lines[:3]):
        pen.text((middle, top + number * height), line, colour("card"), font, anchor="mm")
