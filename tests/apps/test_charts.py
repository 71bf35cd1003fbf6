"""Charts as they are seen: on a phone every letter can be read, on a laptop the picture stands."""

from __future__ import annotations

from typing import Any

import pytest

from crossings.apps import paper
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
    assert phone.locator(".cxa-wide").is_hidden()
    lines = phone.locator(".cxa-narrow li")
    assert [line.split("\n")[-1] for line in lines.all_inner_texts()] == [
        "7 Right", "3 people Acceptable", "2 Harmful", "0"
    ]  # fmt: skip
    assert HOSTILE in lines.first.inner_text(), "whole, and only text"
    sizes = phone.evaluate(LETTERS)
    assert len(sizes) == 2 and min(map(min, sizes)) >= LEGIBLE - 0.05, sizes
    widths = phone.eval_on_selector_all(
        ".cxa-narrow i i", "all => all.map(i => i.clientWidth / i.parentNode.clientWidth)"
    )
    assert widths == pytest.approx([1, 3 / 7, 2 / 7, 0], abs=0.02)
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    for scheme in ("light", "dark"):
        phone.emulate_media(color_scheme=scheme)
        assert violations(phone) == []


def test_on_a_laptop_and_on_a_wall_there_is_the_picture_alone(page: Any) -> None:
    page.set_content(charts())
    for width, height in ((1280, 800), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.locator(".cxa-narrow").is_hidden()
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
