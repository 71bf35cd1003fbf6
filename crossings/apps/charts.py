"""Bar charts for a trainer's screen, drawn by matplotlib and shown as inline SVG.

The colours of the picture are replaced by the style sheet's variables, so one picture is right in
the light and in the dark theme. A grade always has a word beside its colour; grey is for no answer.

On a phone, bars are a list with each label above its bar, and any other picture is wide enough for
its smallest text to be read; it scrolls sideways.
"""

from __future__ import annotations

import hashlib
import html
import io
import math
import re
import textwrap
from dataclasses import dataclass

import matplotlib as mpl
import matplotlib.style  # crossings.look needs it loaded
from matplotlib.figure import Figure
from matplotlib.text import Text

from crossings.look import PALETTE, colour, use_style

_SHADE = {
    "good": "good",
    "ok": "ok",
    "poor": "poor",
    "harm": "harm",
    "none": "muted",
    "open": "sea",
    "": "sea",
}

_MARK = {"good": "✓", "ok": "◆", "poor": "✗", "harm": "■", "none": "–", "open": "…"}
"""Stand beside the colour in pieces that have no room for a word: red and green are one to some."""

LEGIBLE = 12
"""Pixels that the smallest text of a picture has on a phone."""
_FONTS = ["sans-serif", "DejaVu Sans"]
"""DejaVu has the letters and ticks that the first sans-serif font may lack."""


_LINE, _LONG_LINE = 34, 46
"""Letters in a line of a label; long labels take more of the width, and fewer lines."""


@dataclass(frozen=True)
class Bar:
    label: str
    count: int
    grade: str = ""
    word: str = ""
    """Written after the number, so that colour is never alone."""
    unit: str = ""


def bars(rows: list[Bar], alt: str, of: int) -> str:
    """Horizontal bars with their numbers; a full bar is the most chosen, or half of `of` people."""
    use_style()
    most_letters = max((len(r.label) for r in rows), default=0)
    width = _LINE if most_letters <= 2 * _LINE else _LONG_LINE
    labels = [textwrap.fill(r.label, width, max_lines=3, placeholder=" …") for r in rows]
    lines = [1 + label.count("\n") for label in labels]
    figure = Figure(figsize=(9.0, 0.35 + sum(0.32 + 0.28 * n for n in lines)))
    axes = figure.subplots()
    places = _places(lines)
    shades = [colour(_SHADE.get(r.grade, "sea")) for r in rows]
    axes.barh(places, [r.count for r in rows], height=0.5, color=shades)
    most = max([of / 2, 1, *(r.count for r in rows)])
    for place, bar in zip(places, rows, strict=True):
        number = f"{bar.count} {bar.unit}".strip()
        note = f"{number}  {bar.word}" if bar.word else number
        axes.text(bar.count + most * 0.015, place, note, va="center", weight="bold", size=17,
                  fontfamily=_FONTS)  # fmt: skip
    # Text is text: two dollar signs in an answer are no formula.
    axes.set_yticks(places, labels, size=15, fontfamily=_FONTS, parse_math=False)
    for label, bar in zip(axes.get_yticklabels(), rows, strict=True):
        if bar.grade == "good":  # what is right stands out, also where nobody chose it
            label.set(weight="bold", color=colour("good"))
    axes.set_xlim(0, most * 1.22)
    axes.set_ylim(places[-1] + 0.5 if places else 1, -0.5)
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    return _wide(figure, alt) + _narrow(rows, alt, most)


def _wide(figure: Figure, alt: str) -> str:
    """A picture that has another form on a phone."""
    return svg(figure, alt).replace("<div class='cxa-plot'", "<div class='cxa-plot cxa-wide'", 1)


def _narrow(rows: list[Bar], alt: str, most: float) -> str:
    """The same bars for a phone, in the page's own letters."""
    lines = []
    for bar in rows:
        number, share = f"{bar.count} {bar.unit}".strip(), 100 * bar.count / most
        shade = _SHADE.get(bar.grade, "sea")
        lines.append(
            f"<li><span dir='auto'>{html.escape(bar.label)}</span>"
            f"<b>{html.escape(f'{number} {bar.word}'.strip())}</b><i aria-hidden='true'>"
            f"<i style='width:{share:.1f}%;background:var(--{shade})'></i></i></li>"
        )
    return f"<ul class='cxa-narrow' aria-label='{html.escape(alt)}'>{''.join(lines)}</ul>"


def _places(lines: list[int]) -> list[float]:
    """Labels of several lines need more room."""
    places, at = [], 0.0
    for count in lines:
        half = (1 + 0.35 * (count - 1)) / 2
        at += half
        places.append(at - 0.5)
        at += half
    return places


def stacked(labels: list[str], parts: dict[str, list[int]], words: dict[str, str], alt: str) -> str:
    """One bar a row, cut into grades; each piece carries its number and the mark of its grade.

    On a phone the numbers are words below the bar.
    """
    use_style()
    wrapped = [textwrap.fill(label, 40, max_lines=2, placeholder=" …") for label in labels]
    figure = Figure(figsize=(9.0, 0.9 + 0.62 * len(labels)))
    axes = figure.subplots()
    left = [0] * len(labels)
    total = max((sum(values) for values in zip(*parts.values(), strict=True)), default=1) or 1
    for grade, counts in parts.items():
        shade = colour(_SHADE[grade])
        said = f"{_MARK[grade]} {words[grade]}"
        axes.barh(wrapped, counts, left=left, color=shade, height=0.62, label=said,
                  edgecolor=colour("card"), linewidth=2)  # fmt: skip
        for place, (start, count) in enumerate(zip(left, counts, strict=True)):
            if count > total * 0.02:  # in a narrower piece the number does not fit
                mark = f" {_MARK[grade]}" if count > total * 0.07 else ""
                axes.text(start + count / 2, place, f"{count}{mark}", va="center", ha="center",
                          weight="bold", color=colour("card"), fontfamily=_FONTS)  # fmt: skip
        left = [a + b for a, b in zip(left, counts, strict=True)]
    axes.set_ylim(len(labels) - 0.45, -0.55)
    axes.set_xlim(0, total)
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=4, handlelength=1,
                prop={"family": _FONTS, "size": 12})  # fmt: skip
    return _wide(figure, alt) + _narrow_stacked(labels, parts, words, alt, total)


def _narrow_stacked(
    labels: list[str], parts: dict[str, list[int]], words: dict[str, str], alt: str, total: int
) -> str:
    lines = []
    for row, label in enumerate(labels):
        here = [(grade, counts[row]) for grade, counts in parts.items() if counts[row]]
        said = ", ".join(f"{count} {words[grade]}" for grade, count in here)
        pieces = "".join(
            f"<i style='width:{100 * count / total:.1f}%;background:var(--{_SHADE[grade]})'></i>"
            for grade, count in here
        )
        lines.append(
            f"<li><span dir='auto'>{html.escape(label)}</span>"
            f"<i class='cxa-pieces' aria-hidden='true'>{pieces}</i>"
            f"<small>{html.escape(said)}</small></li>"
        )
    return f"<ul class='cxa-narrow' aria-label='{html.escape(alt)}'>{''.join(lines)}</ul>"


def svg(figure: Figure, alt: str) -> str:
    """The figure as inline SVG in the colours of the page, with its text alternative."""
    out = io.StringIO()
    # Letters as shapes: the browser's fonts are not those that the labels were measured with.
    with mpl.rc_context({"svg.fonttype": "path"}):
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None})
    picture = out.getvalue()
    picture = picture[picture.index("<svg ") :]
    for name, value in PALETTE["light"].items():
        picture = re.sub(value, f"var(--{name})", picture, flags=re.IGNORECASE)
    label = html.escape(alt, quote=True)
    wide, tall = _legible(figure, picture)
    style = f"--legible:{wide}px;--tall:{tall}px"
    head = f'<svg role="img" aria-label="{label}" class="cxa-chart" style="{style}" '
    picture = picture.replace("<svg ", head, 1)
    # The fixed size goes: the picture is as wide as its place, and on a phone wide enough to read.
    picture = re.sub(r' (?:width|height)="[0-9.]+pt"', "", picture, count=2)
    return f"<div class='cxa-plot' tabindex='0'>{apart(picture)}</div>"


def _legible(figure: Figure, picture: str) -> tuple[int, int]:
    """Width and height in pixels at which the smallest text of the figure is `LEGIBLE`."""
    texts = (t for t in figure.findobj(Text) if isinstance(t, Text) and t.get_text())
    smallest = min((float(t.get_fontsize()) for t in texts), default=LEGIBLE)
    box = re.search(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)', picture)
    if box is None:
        return 0, 0
    wide, tall = (math.ceil(float(side) * LEGIBLE / smallest) for side in box.groups())
    return wide, tall


def apart(picture: str) -> str:
    """An inline picture whose names are its own, so that a page can hold several."""
    own = hashlib.sha256(picture.encode()).hexdigest()[:8]
    for name in dict.fromkeys(re.findall(r'\bid="([^"]+)"', picture)):
        for form in ('id="{}"', "url(#{})", '"#{}"', 'aria-labelledby="{}"'):
            picture = picture.replace(form.format(name), form.format(f"p{own}-{name}"))
    return picture
