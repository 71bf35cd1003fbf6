"""How wide a text is, and where its lines break, without knowing the reader's font.

Widths are those of DejaVu Sans, the widest of the common system fonts: what fits in it fits in all.
"""

from __future__ import annotations

import unicodedata

_REGULAR = (
    "32 40 46 84 64 95 78 27 39 39 50 84 32 36 32 34 64 64 64 64 64 64 64 64 64 64 34 34 84 84 84 "
    "53 100 68 69 70 77 63 58 77 75 29 29 66 56 86 75 79 60 79 69 63 61 73 68 99 69 61 69 39 34 39 "
    "84 50 50 61 63 55 63 62 35 63 63 28 28 58 28 97 63 61 63 63 41 52 39 63 59 82 59 59 52 64 34 "
    "64 84"
)
_BOLD = (
    "35 46 52 84 70 100 87 31 46 46 52 84 38 42 38 37 70 70 70 70 70 70 70 70 70 70 40 40 84 84 84 "
    "58 100 77 76 73 83 68 68 82 84 37 37 77 64 100 84 85 73 85 77 72 68 81 77 110 77 72 73 46 37 "
    "46 84 50 50 67 72 59 72 68 44 72 71 34 34 67 34 104 71 69 72 72 49 60 48 71 65 92 65 65 58 71 "
    "37 71 84"
)
_WIDTHS = {
    bold: {chr(32 + n): int(w) / 100 for n, w in enumerate(table.split())}
    for bold, table in ((False, _REGULAR), (True, _BOLD))
}
_BROKEN = "…"
_ROUNDING = 1e-6
"""Widths are added up in another order elsewhere; what just fits here must fit there."""


def width(text: str, size: float, bold: bool = False) -> float:
    """The width of `text` at `size`, in the unit of `size`."""
    return size * sum(_one(letter, bold) for letter in text)


def _one(letter: str, bold: bool) -> float:
    known = _WIDTHS[bold].get(letter)
    if known is not None:
        return known
    if unicodedata.combining(letter):
        return 0.0
    if unicodedata.east_asian_width(letter) in ("W", "F"):
        return 1.0
    plain = unicodedata.normalize("NFD", letter)[0]
    return _WIDTHS[bold].get(plain, 0.9)


def wrapped(text: str, size: float, room: float, bold: bool = False) -> list[str]:
    """`text` in lines of at most `room`; a word that is too long is cut where it must be."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if width(longer, size, bold) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        while width(word, size, bold) > room and len(word) > 1:
            fits = _fitting(word, size, room, bold)
            lines.append(word[:fits])
            word = word[fits:]
        line = word
    return [*lines, line] if line else lines


def shortened(text: str, size: float, room: float, bold: bool = False) -> str:
    """`text` in one line, with an ellipsis where it had to be cut."""
    if width(text, size, bold) <= room:
        return text
    fits = _fitting(text, size, room - width(_BROKEN, size, bold), bold)
    return text[:fits].rstrip() + _BROKEN


def _fitting(text: str, size: float, room: float, bold: bool) -> int:
    """How many letters fit, one at least."""
    used = 0.0
    for place, letter in enumerate(text):
        used += size * _one(letter, bold)
        if used + _ROUNDING > room:
            return max(1, place)
    return len(text)
