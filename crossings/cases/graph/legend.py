"""The legend: only what the picture uses, as entries that flow into lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from crossings.cases.graph.boxes import Box
from crossings.cases.graph.layout import Layout
from crossings.cases.graph.letters import width, wrapped
from crossings.cases.graph.marks import mark
from crossings.cases.graph.words import GRADES, KINDS, OUTCOMES, TONES
from crossings.cases.state import Document

SIZE, LINE = 12.5, 26
Entry = tuple[float, str, str]
"""How wide the drawing is, the drawing about (0, 0) from its left side, the words."""


def legend(
    doc: Document, places: Layout, boxes: Mapping[str, Box], x: float, y: float, right: float,
    counted: bool,
) -> tuple[str, float]:  # fmt: skip
    """The legend as SVG with its left upper corner at `x`, `y`, and the y where it ends."""
    made = [f'<line class="cxg-rule" x1="{x:.1f}" y1="{y:.1f}" x2="{right:.1f}" y2="{y:.1f}"/>']
    y += 26
    for name, entries in (
        ("Stops", list(_stops(boxes))),
        ("Choices", list(_choices(places))),
        ("Endings", list(_endings(boxes))),
        ("Marks", list(_marks(doc, places, boxes, counted))),
    ):
        if entries:
            text, y = _line(name, entries, x, y, right)
            made.append(text)
    later = [rule for rule in doc["rules"] if "goto" not in rule]
    if later:
        text, y = _later(doc, later, x, y, right)
        made.append(text)
    return "".join(made), y


def _line(name: str, entries: list[Entry], x: float, y: float, right: float) -> tuple[str, float]:
    begin = x + 84
    made = [_text(x, y + 4, name, "cxg-small cxg-strong")]
    at = begin
    for wide, drawing, words in entries:
        whole = wide + 8 + width(words, SIZE) + 24
        if at + whole > right and at > begin:
            at, y = begin, y + LINE
        made.append(f'<g transform="translate({at:.1f} {y:.1f})">{drawing}</g>')
        made.append(_text(at + wide + 8, y + 4, words, "cxg-small"))
        at += whole
    return "".join(made), y + LINE


def _text(x: float, y: float, words: str, classes: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{classes}">{escape(words)}</text>'


def _stops(boxes: Mapping[str, Box]) -> Iterator[Entry]:
    kinds = {box.kind for box in boxes.values()}
    for kind, word in KINDS.items():
        if kind in kinds and kind not in ("ending", "rule"):
            yield 16, mark(kind, 8, 0, 16), word


def _choices(places: Layout) -> Iterator[Entry]:
    grades = {route.edge.grade for route in places.routes}
    for grade, word in GRADES.items():
        if grade in grades:
            line = f'<path class="cxg-way cxg-{grade}" d="M0 0H46"/>'
            yield 46, line + mark(grade, 23, 0, 14, f"cxg-tone-{TONES[grade]} cxg-halo"), word
    if None in grades and any(route.edge.kind == "next" for route in places.routes):
        yield 40, '<path class="cxg-way cxg-next" d="M0 0H40"/>', "Leads on"
    if any(route.edge.kind == "rule" for route in places.routes):
        words = "A rule jumps here, from anywhere"
        yield 40, '<path class="cxg-way cxg-jump" d="M0 0H40"/>', words


def _endings(boxes: Mapping[str, Box]) -> Iterator[Entry]:
    outcomes = {box.outcome for box in boxes.values()}
    for outcome, word in OUTCOMES.items():
        if outcome in outcomes:
            yield 16, mark(outcome, 8, 0, 16, f"cxg-tone-{TONES[outcome]}"), word


def _marks(
    doc: Document, places: Layout, boxes: Mapping[str, Box], counted: bool
) -> Iterator[Entry]:
    if any(box.evidence for box in boxes.values()):
        drawing = mark("evidence", 8, 0, 15) + _text(17, 4, "2", "cxg-small cxg-strong")
        yield 26, drawing, "Evidence lies on the table"
    notes = {port.note for box in boxes.values() for port in box.ports}
    if any(note.startswith("≤") for note in notes):
        drawing = _text(0, 4, "≤ 45 %", "cxg-note cxg-tone-harm")
        yield 42, drawing, "Ceiling on the whole result"
    if "if" in notes:
        yield 10, _text(0, 4, "if", "cxg-note"), "Open only under a condition"
    if "else" in notes:
        words = "First branch whose condition holds; else the last"
        yield 50, _text(0, 4, "1, 2 else", "cxg-note"), words
    if counted:
        yield 40, _text(0, 4, "A 120", "cxg-note"), "Plays that went this way; the line is as wide"
    if places.unreachable:
        drawing = '<rect class="cxg-box cxg-lost" x="0" y="-9" width="30" height="18" rx="5"/>'
        yield 30, drawing, "No play gets here"


def _later(
    doc: Document, rules: list[Mapping[str, object]], x: float, y: float, right: float
) -> tuple[str, float]:
    names = []
    for rule in rules:
        cap = f" (≤ {doc['caps'][rule['cap']]['percent']} %)" if "cap" in rule else ""
        names.append(str(rule["id"]).replace("-", " ") + cap)
    words = f"Consequences that come later, by rules: {', '.join(names)}."
    made = []
    for n, line in enumerate(wrapped(words, SIZE, right - x - 84)):
        made.append(_text(x + 84, y + 4 + n * 18, line, "cxg-small"))
    made.insert(0, _text(x, y + 4, "Later", "cxg-small cxg-strong"))
    return "".join(made), y + 18 * (len(made) - 1) + 8
