"""Breaking a text into lines that look balanced."""

from __future__ import annotations

from collections.abc import Callable


def wrapped(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """`text` in as few lines of at most `width` as possible, and these about equally long.

    A single word that is longer than `width` stands in a line of its own.
    """
    count = len(_filled(text, width, measure))
    narrow, wide = 0.0, width
    for _ in range(12):
        middle = (narrow + wide) / 2
        if len(_filled(text, middle, measure)) <= count:
            wide = middle
        else:
            narrow = middle
    return _filled(text, wide, measure)


def _filled(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
