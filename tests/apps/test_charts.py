"""Charts as they are seen: on a phone every letter can be read, on a laptop the picture stands."""

from __future__ import annotations

import re
from typing import Any

import pytest

from crossings.apps import paper, parts
from crossings.apps.charts import LEGIBLE, Bar, bars, stacked
from crossings.apps.triage_findings import picture
from crossings.drills.triagereport import Cell, Matrix
from tests.accessibility import violations

pytestmark = [pytest.mark.browser]

HOSTILE = "<img src=x onerror=alert(1)> a label that is longer than any phone is wide, and goes on"
ROWS = [
    Bar(HOSTILE, 7, "good", "Right"),
    Bar("Call the asylum office", 3, "ok", "Acceptable", unit="people"),
    Bar("Send them back", 2, "harm", "Harmful"),
    Bar("No answer", 0, "none"),
]
COUNTS = {"good": [5, 3], "ok": [2, 3], "poor": [1, 1], "none": [0, 1]}
WORDS = {"good": "Right", "ok": "Acceptable", "poor": "Not right", "none": "No answer"}
CHANNELS = ("Asylum", "Child protection", "Trafficking", "Health", "Family tracing", "Return")
MATRIX = Matrix(CHANNELS, (*CHANNELS, "No answer"), ((Cell(2, 1, 1, 0),) * 7,) * 6)

LETTERS = """() => [...document.querySelectorAll('svg')].filter(s => s.checkVisibility()).map(svg =>
  [...svg.querySelectorAll('g[transform*="scale("]')].map(g => {
    const m = g.getScreenCTM(); return 100 * Math.hypot(m.a, m.b); }))"""
"""The sizes in pixels of the letters of each picture: matplotlib draws them for a size of 100."""


def charts() -> str:
    return paper.whole(
        "Charts", "",
        bars(ROWS, "Votes", 12) + stacked(["Red", "Blue"], COUNTS, WORDS, "By team")
        + picture(MATRIX, "Words."),
    )  # fmt: skip


def test_on_a_phone_bars_are_a_list_and_every_letter_can_be_read(phone: Any) -> None:
    phone.set_content(charts())
    assert phone.locator(".cxa-wide:visible").count() == 0
    lines = phone.locator(".cxa-narrow li")
    assert [line.split("\n")[-1] for line in lines.all_inner_texts()] == [
        "7 Right", "3 people Acceptable", "2 Harmful", "0",
        "5 Right, 2 Acceptable, 1 Not right",
        "3 Right, 3 Acceptable, 1 Not right, 1 No answer",
    ]  # fmt: skip
    assert HOSTILE in lines.first.inner_text(), "whole, and only text"
    sizes = phone.evaluate(LETTERS)
    assert len(sizes) == 1 and min(map(min, sizes)) >= LEGIBLE - 0.05, sizes
    widths = phone.eval_on_selector_all(
        ".cxa-narrow i i", "all => all.map(i => i.clientWidth / i.parentNode.clientWidth)"
    )
    parted = [5 / 8, 2 / 8, 1 / 8, 3 / 8, 3 / 8, 1 / 8, 1 / 8]
    assert widths == pytest.approx([1, 3 / 7, 2 / 7, 0, *parted], abs=0.03)
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    for scheme in ("light", "dark"):
        phone.emulate_media(color_scheme=scheme)
        assert violations(phone) == []


def test_on_a_laptop_and_on_a_wall_there_is_the_picture_alone(page: Any) -> None:
    page.set_content(charts())
    for width, height in ((1280, 800), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.locator(".cxa-narrow:visible").count() == 0
        assert [round(box["width"]) for box in map(_box, page.locator("svg").all())] == [880] * 3
        assert min(page.evaluate(LETTERS)[0]) > 18, "the letters of the bars"


def test_on_a_low_screen_every_letter_can_be_read(page: Any) -> None:
    """A tall picture goes beyond the screen before its letters get too small."""
    as_on_paper = ".cxa .cxa-chart { max-height: none; }"
    assert as_on_paper in charts()
    page.set_content(charts().replace(as_on_paper, ""))
    page.set_viewport_size({"width": 1280, "height": 560})
    sizes = page.evaluate(LETTERS)
    assert len(sizes) == 3 and min(map(min, sizes)) >= LEGIBLE - 0.05, sizes


def _box(place: Any) -> dict[str, float]:
    found: dict[str, float] = place.bounding_box()
    return found


def test_on_a_phone_a_wide_table_is_read_row_by_row(phone: Any) -> None:
    head = ["Chosen by", "Wrong answer", "Question"]
    shown = parts.scroll(parts.table(head, [["5 of 9", HOSTILE, "Which?"]], "What pulled"))
    small = parts.table(["Team", "Points"], [["Red", 3], ["Blue", 2]], "Teams")
    phone.set_content(paper.whole("Tables", "", shown + small))
    cells = [box["x"] for box in map(_box, phone.locator(".cxa-rows td").all())]
    assert len(set(cells)) == 1, "one below the other"
    names = phone.eval_on_selector_all(
        ".cxa-rows td", "all => all.map(td => getComputedStyle(td, '::before').content)"
    )
    assert [name.split('"')[1] for name in names] == [f"{h}: " for h in head]
    assert phone.get_by_role("columnheader", name="Wrong answer").count() == 1
    assert phone.get_by_role("cell").count() == 3 + 4, "still tables for a screen reader"
    (red, three) = map(_box, phone.locator("table").nth(1).locator("td").all()[:2])
    assert red["y"] == three["y"], "a small one stays as it is"
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    for scheme in ("light", "dark"):
        phone.emulate_media(color_scheme=scheme)
        assert violations(phone) == []


def test_a_piece_of_a_bar_has_a_mark_beside_its_colour() -> None:
    """Green and orange of one lightness are one colour to one man in twenty."""
    picture = stacked(["Red", "Blue"], COUNTS, WORDS, "By team")
    drawn = re.findall("<!-- (.*?) -->", picture)  # what the shapes of the letters say
    assert {"5 ✓", "2 ◆", "1 ✗", "1 –", "✗ Not right"} <= set(drawn), drawn
    assert picture.count("--good") > 1, "the colour is there, too"
