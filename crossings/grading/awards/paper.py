"""The certificate on paper: A4 across, in the look of the course, with the credential attached."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import segno
from fpdf import FPDF

from crossings.exchange import badge
from crossings.grading.awards import letters
from crossings.grading.awards.issue import Issued
from crossings.grading.awards.lines import wrapped
from crossings.grading.awards.medal import ARROW, fonts, wave
from crossings.grading.awards.rule import FILE, Completion
from crossings.look import colour

WIDTH, HEIGHT = 297.0, 210.0
BAND = 64.0
LEFT, RIGHT = BAND + 25.0, WIDTH - 24.0
_NAME_HEIGHT = 22.0
"""As high as a name may be: many marks on one letter make it grow."""
_SMALLEST = 0.15
"""The least share of its size at which a name can be read: 80 of the widest letters need 0.18."""


class PaperError(Exception):
    """The certificate cannot be written; the message says why and what to do."""


@dataclass(frozen=True)
class Style:
    """What is the same on every certificate of an academy."""

    place: str = ""
    signed_by: tuple[str, ...] = ()
    font: Path | None = None

    @classmethod
    def of(cls, rule: Completion, root: Path) -> Style:
        font = (root / FILE).parent / rule.issuer.font if rule.issuer.font else None
        return cls(rule.issuer.place, rule.issuer.signed_by, font)


@dataclass(frozen=True)
class Sheets:
    """A PDF. On the pages of `unnamed` there is room for the name, to be written by hand."""

    content: bytes
    unnamed: tuple[Unnamed, ...] = ()


@dataclass(frozen=True)
class Unnamed:
    """Somebody whose name nothing on this computer can draw; `page` counts from 1."""

    page: int
    student: str
    name: str


def certificates(issued: Sequence[Issued], style: Style) -> Sheets:
    """One page for each credential, in one PDF; each credential is attached to it.

    Raises:
        PaperError: when the academy's font cannot be read, or ours lack letters of its own words.
    """
    pdf = FPDF(orientation="landscape", unit="mm", format="A4")
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    for name, style_, file in _FACES:
        pdf.add_font(name, style_, fonts() / file)
    first = issued[0].read
    pdf.set_title(f"Certificate: {first.award}")
    pdf.set_author(first.issuer_name)
    pdf.set_lang("en")
    pdf.set_creation_date(first.since)
    unnamed: list[Unnamed] = []
    for number, one in enumerate(issued, 1):
        if not _page(pdf, one, style):
            name = letters.plain(one.read.name)
            unnamed.append(Unnamed(number, one.student, name))
        text = json.dumps(one.credential, ensure_ascii=False)
        name = f"credential-{number}.json"
        pdf.embed_file(basename=name, bytes=text.encode("utf-8"), compress=False)
    return Sheets(bytes(pdf.output()), tuple(unnamed))


_FACES = (
    ("sans", "", "DejaVuSans.ttf"),
    ("sans", "B", "DejaVuSans-Bold.ttf"),
    ("serif", "", "DejaVuSerif.ttf"),
    ("mono", "", "DejaVuSansMono.ttf"),
)


def _page(pdf: FPDF, one: Issued, style: Style) -> bool:
    """Draw a page; False where its name could not be drawn."""
    found = one.read
    pdf.add_page()
    _ground(pdf)
    _band(pdf, one)
    _text(pdf, LEFT, 31, found.issuer_name, "sans", "B", 11, "sea")
    _spaced(pdf, LEFT, 55, "CERTIFICATE", 9.5)
    y = _lines(pdf, LEFT, 70, found.award, "serif", 30, 12.5, RIGHT - LEFT, most=2)
    _text(pdf, LEFT, y + 13, "awarded to", "sans", "", 11, "muted")
    y, named = _name(pdf, found.name, y + 29, style)
    pdf.set_draw_color(colour("line"))
    pdf.set_line_width(0.4)
    pdf.line(LEFT, y, RIGHT, y)
    said = str(one.credential["credentialSubject"]["achievement"]["description"])
    said = said.removeprefix("The holder ")
    y = _lines(pdf, LEFT, y + 10.5, said, "sans", 12, 6.6, RIGHT - LEFT, most=4)
    why = str(one.credential["credentialSubject"]["achievement"]["criteria"]["narrative"])
    _lines(
        pdf, LEFT, y + 9, f"What it takes: {why}", "sans", 8, 4.6, RIGHT - LEFT, most=3, ink="muted"
    )
    _foot(pdf, found, style)
    return named


def _ground(pdf: FPDF) -> None:
    pdf.set_fill_color(colour("paper"))
    pdf.rect(0, 0, WIDTH, HEIGHT, "F")


def _band(pdf: FPDF, one: Issued) -> None:
    """Left: the sea, the mark of the course, and what a machine can read."""
    pdf.set_fill_color(colour("sea"))
    pdf.rect(0, 0, BAND, HEIGHT, "F")
    with pdf.rect_clip(0, 0, BAND, HEIGHT):
        _sea(pdf)
    _icon(pdf, BAND / 2, 36, 0.62)
    mark = badge.fingerprint(one.credential)
    _code(pdf, f"{one.credential['id']}\n{mark}", 12, HEIGHT - 62, BAND - 24)
    _centred(pdf, HEIGHT - 16, "Check it without a network:", 6.2)
    _centred(pdf, HEIGHT - 12.4, "./course verify FILE", 6.2, "mono")


def _sea(pdf: FPDF) -> None:
    """Lines like those of a sea chart, fainter the further they are from the middle."""
    for number in range(15):
        base = 66 + number * 4.6
        share = 1 - abs(number - 7) / 8
        with pdf.local_context(stroke_opacity=0.10 + 0.30 * share):
            pdf.set_draw_color("#FFFFFF")
            pdf.set_line_width(0.18)
            height = 1.2 + 4.6 * share
            points = [
                (x, base + height * math.sin(x / 9.5 + number * 0.34) * math.sin(x / 31 + 0.5))
                for x in range(-2, int(BAND) + 4)
            ]
            pdf.polyline(points)


def _icon(pdf: FPDF, x: float, y: float, unit: float) -> None:
    pdf.set_line_width(5 * unit)
    for points, ink in ((ARROW[:2], "card"), (ARROW[2:], "card"), (wave(40), "sea-soft")):
        with pdf.local_context(stroke_cap_style="round", stroke_join_style="round"):
            pdf.set_draw_color(colour(ink))
            pdf.polyline([(x + (a - 32) * unit, y + (b - 30) * unit) for a, b in points])


def _code(pdf: FPDF, content: str, x: float, y: float, side: float) -> None:
    """A QR code with the id and the fingerprint, on a white card."""
    pdf.set_fill_color("#FFFFFF")
    pdf.rect(x, y, side, side, "F", round_corners=True, corner_radius=2)
    matrix = [list(row) for row in segno.make(content, error="m", micro=False).matrix]
    unit = (side - 6) / len(matrix)
    pdf.set_fill_color(colour("ink"))
    for down, row in enumerate(matrix):
        for start, length in _runs(row):
            across = x + 3 + start * unit
            # A little larger than its place: no hairlines between the squares.
            pdf.rect(across, y + 3 + down * unit, length * unit + 0.01, unit + 0.01, "F")


def _runs(row: list[int]) -> list[tuple[int, int]]:
    """Start and length of each dark stretch."""
    found: list[tuple[int, int]] = []
    for place, dark in enumerate(row):
        if not dark:
            continue
        if found and sum(found[-1]) == place:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((place, 1))
    return found


def _foot(pdf: FPDF, found: badge.Read, style: Style) -> None:
    y = HEIGHT - 34.0
    when = _day(found.since)
    blocks = [(when, f"issued, {style.place}" if style.place else "issued")]
    if found.until is not None:
        blocks.append((_day(found.until), "valid until"))
    lines = style.signed_by
    each = (RIGHT - LEFT) / max(3, len(blocks) + len(lines))
    for number, (value, label) in enumerate(blocks):
        _text(pdf, LEFT + number * each, y, value, "sans", "", 10.5, "ink")
        _text(pdf, LEFT + number * each, y + 5, label, "sans", "", 7.5, "muted")
    for number, name in enumerate(lines):
        x = RIGHT - (len(lines) - number) * each + 4
        pdf.set_draw_color(colour("muted"))
        pdf.set_line_width(0.25)
        pdf.line(x, y + 1.2, x + each - 6, y + 1.2)
        _text(pdf, x, y + 5.6, name, "sans", "", 8, "ink")
    mark = badge.fingerprint(found.document)
    _text(
        pdf,
        LEFT,
        HEIGHT - 16,
        f"Certificate {found.id.removeprefix('urn:uuid:')}",
        "mono",
        "",
        6.6,
        "muted",
    )
    spaced = " ".join(mark[n : n + 4] for n in range(0, len(mark), 4))
    _text(pdf, LEFT, HEIGHT - 12.4, f"Fingerprint {spaced}", "mono", "", 6.6, "muted")


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _text(
    pdf: FPDF, x: float, y: float, text: str, face: str, weight: str, size: float, ink: str
) -> None:
    _needs(text, _dejavu(face))
    pdf.set_font(face, weight, size)
    pdf.set_text_color(colour(ink))
    pdf.text(x, y, text)


def _centred(pdf: FPDF, y: float, text: str, size: float, face: str = "sans") -> None:
    pdf.set_font(face, "", size)
    _text(pdf, (BAND - pdf.get_string_width(text)) / 2, y, text, face, "", size, "sea-soft")


def _spaced(pdf: FPDF, x: float, y: float, text: str, size: float) -> None:
    """Capitals with air between them."""
    pdf.set_char_spacing(2.4)
    _text(pdf, x, y, text, "sans", "B", size, "muted")
    pdf.set_char_spacing(0)


def _lines(
    pdf: FPDF,
    x: float,
    y: float,
    text: str,
    face: str,
    size: float,
    step: float,
    width: float,
    most: int,
    ink: str = "ink",
    least: float = 0.3,
) -> float:
    """`text` in at most `most` lines, smaller where it must be; returns where the last stands.

    Nothing gets smaller than `least` of its size.
    """
    share, lines = 1.0, []
    while True:
        pdf.set_font(face, "", size * share)
        lines = wrapped(text, width, pdf.get_string_width)
        if share < least or (
            len(lines) <= most and all(pdf.get_string_width(line) <= width for line in lines)
        ):
            break
        share -= 0.05
    for number, line in enumerate(lines):
        _text(pdf, x, y + number * step * share, line, face, "", size * share, ink)
    return y + (len(lines) - 1) * step * share


def _name(pdf: FPDF, name: str, y: float, style: Style) -> tuple[float, bool]:
    """The name, the largest thing on the page; where the rule under it runs, and whether the name
    is there. Where no font has its letters, there is room to write it by hand."""
    name = letters.plain(name)
    try:
        font = letters.font_of(name, style.font)
    except letters.FontError as error:
        raise PaperError(str(error)) from None
    if font is None:
        return y + 7, False
    if font == letters.serif() and letters.is_simple(name):
        _lines(pdf, LEFT, y, name, "serif", 34, 15, RIGHT - LEFT, most=1, least=_SMALLEST)
        return y + 7, True
    picture = letters.drawn(name, font)
    if picture is None:
        return y + 7, False
    height = picture.height / letters.DOTS * 25.4
    width = picture.width / letters.DOTS * 25.4
    share = min(1.0, (RIGHT - LEFT) / width, _NAME_HEIGHT / height)
    if share < _SMALLEST:
        return y + 7, False
    width, height = width * share, height * share
    pdf.image(picture, LEFT, y + 4 - height, width, height, alt_text=name)
    return y + 7, True


def _needs(text: str, font: Path) -> None:
    missing = letters.missing(text, font)
    if missing:
        lacking = " ".join(sorted(missing))
        raise PaperError(
            f"Our fonts cannot write “{text}”: they lack {lacking}. Write it otherwise."
        )


def _dejavu(face: str) -> Path:
    return fonts() / next(file for name, _, file in _FACES if name == face)
