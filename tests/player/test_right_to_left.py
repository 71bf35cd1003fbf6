"""On a page that reads from right to left, cases and quizzes are the mirror of themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from crossings.curriculum.model import Course
from crossings.player.documents import case_payload, quiz_payload
from tests.player.test_accessibility import press, stops

pytestmark = pytest.mark.browser

Open = Callable[..., str]
Box = tuple[str, float, float]
WIDTH = 600
PARTS = """.cx-letter, .cx-option input, .cx-mode input, .cx-bar .cx-clock, .cx-toggle, .cx-face,
.cx-ask, .cx-answer .cx-prose, .cx-badge, .cx-percent, .cx-nth, .cx-way-stop, .cx-cost, .cx-chip,
.cx-main, .cx-step, .cx-meter, .cx-bubble, .cx-photo"""
_BOXES = """(parts) => [...document.querySelectorAll(parts)].filter((e) => e.checkVisibility())
  .map((e) => [e, e.getBoundingClientRect()])
  .map(([e, box]) => [e.className || e.type, box.left, box.right])"""
_OWN_LANGUAGE = """() => document.querySelectorAll("[dir=auto]")
  .forEach((e) => e.removeAttribute("dir"))"""
"""The tests' English would be read from left to right on either page."""
_CORNERS = """() => [...document.querySelectorAll(".cx-ask, .cx-bubble")].map((e) => {
  const s = getComputedStyle(e);
  return [s.borderBottomLeftRadius, s.borderBottomRightRadius];
})"""


def boxes(page: Page) -> list[Box]:
    found: list[Box] = page.evaluate(_BOXES, PARTS)
    return [(name, left, right) for name, left, right in found]


def assert_mirrored(there: list[Box], here: list[Box], what: str) -> None:
    """`there` reads from left to right, `here` from right to left."""
    assert [b[0] for b in there] == [b[0] for b in here], what
    wrong = [
        (name, left, WIDTH - other_right)
        for (name, left, _), (_, _, other_right) in zip(there, here, strict=True)
        if abs(left - (WIDTH - other_right)) > 1
    ]
    assert wrong == [], what


def case_states(page: Page) -> Iterator[str]:
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": WIDTH, "height": 800})
    yield from stops(page)


def quiz_states(page: Page) -> Iterator[str]:
    page.set_viewport_size({"width": WIDTH, "height": 800})
    yield "question"
    page.get_by_label("The means, because").check()
    press(page, "Check my answer")
    yield "answered"
    press(page, "Next question")
    page.get_by_role("textbox").fill("3")
    press(page, "Check my answer")
    press(page, "See the result")
    yield "result"


def measured(
    page: Page, address: str, states: Callable[[Page], Iterator[str]]
) -> dict[str, tuple[list[Box], list[list[str]]]]:
    page.goto(address)
    page.evaluate("localStorage.clear()")
    page.reload()
    found = {}
    for name in states(page):
        placed = boxes(page)
        page.evaluate(_OWN_LANGUAGE)
        found[name] = (placed, page.evaluate(_CORNERS))
    return found


@pytest.mark.parametrize("kind", ["case", "quiz"])
def test_it_is_mirrored(page: Page, course: Course, open_page: Open, kind: str) -> None:
    if kind == "case":
        payload, states = case_payload(course, "sample/late-ship"), case_states
    else:
        payload = quiz_payload(course, "sample", ["child-means", "days"], "Two")
        states = quiz_states
    payload = payload | {"done": {"seed": "the same names and the same order twice"}}
    there = measured(page, open_page(payload), states)
    here = measured(page, open_page(payload, direction="rtl"), states)
    asymmetric = 0
    for name, (left_to_right, corners) in there.items():
        right_to_left, others = here[name]
        assert_mirrored(left_to_right, right_to_left, name)
        assert others == [corner[::-1] for corner in corners], name
        asymmetric += sum(abs(left - (WIDTH - right)) > 20 for _, left, right in left_to_right)
    assert asymmetric > 10, "boxes in the middle prove nothing"
