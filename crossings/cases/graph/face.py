"""What is drawn in one box: its ground, its words, its ports."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from crossings.cases.graph.boxes import (
    KIND_LINE,
    LEAD,
    PAD,
    SHAPE,
    SMALL_LINE,
    TITLE_LINE,
    Box,
    port_places,
    port_size,
)
from crossings.cases.graph.marks import mark
from crossings.cases.graph.sheet import Sheet
from crossings.cases.graph.words import TONES

LETTER, NOTE = 13.0, 10.5
"""Sizes of the letter of a port and of the note under it."""


def face(s: Sheet, box: Box) -> str:
    """The box as SVG with its left upper corner at (0, 0)."""
    return "".join([_ground(box), *_words(box), *_ports(s, box)])


def _ground(box: Box) -> str:
    classes = ["cxg-box"]
    if box.outcome:
        classes.append(f"cxg-ground-{TONES[box.outcome]}")
    if box.kind == "rule":
        classes.append("cxg-jumping")
    if box.unreachable or box.met == 0:
        classes.append("cxg-lost")
    radius = 22 if box.kind == "ending" else 10
    return (
        f'<rect class="{" ".join(classes)}" width="{box.width:.0f}" height="{box.height:.1f}" '
        f'rx="{radius}"/>'
    )


def _text(x: float, y: float, words: str, classes: str, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{classes}"{more}>{escape(words)}</text>'


def _words(box: Box) -> Iterator[str]:
    y = PAD + 10.0
    tone = f"cxg-tone-{TONES[box.outcome]}" if box.outcome else "cxg-tone-sea"
    yield mark(box.outcome or box.kind, PAD + 7, y - 4, 14, tone)
    yield _text(PAD + 21, y, box.word, "cxg-kind")
    if box.evidence:
        right = box.width - PAD
        yield mark("evidence", right - 16, y - 4, 14, "cxg-tone-sea")
        yield _text(right, y, str(box.evidence), "cxg-kind cxg-strong", ' text-anchor="end"')
    y += KIND_LINE + 3
    for line in box.title:
        yield _text(PAD, y, line, "cxg-title")
        y += TITLE_LINE
    y -= 3
    for line in box.small:
        strong = " cxg-strong" if box.unreachable and line.startswith("No play") else ""
        yield _text(PAD, y, line, f"cxg-small{strong}")
        y += SMALL_LINE
    yield from _parts(box, y)


def _parts(box: Box, y: float) -> Iterator[str]:
    for part in box.parts:
        y += SMALL_LINE / 2
        if part.grade:
            yield mark(part.grade, PAD + 7, y - 4, 12, f"cxg-tone-{TONES[part.grade]}")
        if part.lead:
            yield _text(PAD + 18, y, part.lead, "cxg-small cxg-strong")
        for line in part.lines:
            yield _text(PAD + (LEAD if part.lead else SHAPE), y, line, "cxg-small cxg-ink")
            y += SMALL_LINE


def _ports(s: Sheet, box: Box) -> Iterator[str]:
    """Letters in a row above the lower edge; the shape of the grade sits on the edge itself."""
    if not box.ports:
        return
    order = s.order.get(box.name, {})
    top = box.height - box.ports_height
    yield f'<path class="cxg-rule" d="M{PAD} {top:.1f}H{box.width - PAD:.1f}"/>'
    for port in box.ports:
        x = port_places(box, order)[port.part]
        middle = ' text-anchor="middle"'
        size = port_size(box, port.letter, LETTER)
        yield _text(x, top + 16, port.letter, "cxg-letter", f'{middle} font-size="{size:.1f}"')
        if port.note:
            size = port_size(box, port.note, NOTE)
            harm = " cxg-tone-harm" if port.note.startswith("≤") else ""
            more = f'{middle} font-size="{size:.1f}"'
            yield _text(x, top + 30, port.note, f"cxg-note{harm}", more)
        if port.grade:
            tone = f"cxg-tone-{TONES[port.grade]} cxg-halo"
            yield mark(port.grade, x, box.height, 13, tone)
        else:
            yield f'<circle class="cxg-plug" cx="{x:.1f}" cy="{box.height:.1f}" r="4"/>'
