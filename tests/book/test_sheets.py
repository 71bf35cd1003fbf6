"""What a trainer prints: handouts and role cards, as cards on the screen and sheets on paper."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.accessibility import problems

GUIDE = "modules/demo/trainer-guide.html"


@pytest.fixture
def guide(built: Path, browser: Browser) -> Page:
    page = browser.new_page()
    page.goto((built / GUIDE).as_uri())
    return page


def sheets(page: Page, tmp_path: Path) -> int:
    """How many pages of A4 the page prints on."""
    data = page.pdf(format="A4", margin={"top": "15mm", "bottom": "15mm"})
    return len(re.findall(rb"/Type\s*/Page\b", data))


def test_the_guide_is_a_page_of_its_module(built: Path) -> None:
    html = (built / GUIDE).read_text(encoding="utf-8")
    assert html.count("cx-box-handout") == 2
    assert html.count("cx-box-rolecard") == 3
    assert html.count('class="cx-write') == 4
    assert 'href="../../book/law.html#cx-law-1"' in html
    law = (built / "book/law.html").read_text(encoding="utf-8")
    assert "Trainer’s guide: a demo module" in law


@pytest.mark.browser
@pytest.mark.xdist_group("book")
def test_sheets_have_buttons_and_cards_fit_a_phone(guide: Page) -> None:
    guide.set_viewport_size({"width": 320, "height": 640})
    words = guide.locator("button.cx-print").all_inner_texts()
    assert words == ["Print this handout"] * 2 + ["Print all role cards"] + ["Print this card"] * 2
    assert guide.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.browser
@pytest.mark.xdist_group("book")
def test_a_handout_has_its_own_page_and_two_cards_share_one(guide: Page, tmp_path: Path) -> None:
    # The text before, a handout, the words between, a handout, the heading, two pages of cards.
    assert sheets(guide, tmp_path) == 7


@pytest.mark.browser
@pytest.mark.xdist_group("book")
@pytest.mark.parametrize(("button", "count", "pages"), [(0, 1, 1), (2, 3, 2), (4, 1, 1)])
def test_a_button_prints_its_sheets_alone(
    guide: Page, tmp_path: Path, button: int, count: int, pages: int
) -> None:
    guide.evaluate("window.print = function () {}")
    guide.locator("button.cx-print").nth(button).click()
    assert guide.locator(".cx-print-sheet > .cx-box").count() == count
    assert guide.locator(".cx-print-sheet button, .cx-print-sheet [id]").count() == 0
    assert sheets(guide, tmp_path) == pages
    guide.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert guide.locator(".cx-print-sheet").count() == 0
    assert guide.evaluate("document.body.className").find("cx-printing") < 0


@pytest.mark.browser
@pytest.mark.xdist_group("book")
def test_the_alignment_fits_the_narrowest_phone(built: Path, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 640})
    page.goto((built / "book/syllabus.html").as_uri())
    right = "document.querySelector('table.cx-matrix').getBoundingClientRect().right"
    assert page.evaluate(right) <= 320
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.browser
@pytest.mark.xdist_group("book")
@pytest.mark.parametrize("name", [GUIDE, "book/syllabus.html"])
def test_everybody_can_use_the_page(built: Path, browser: Browser, name: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    page.goto((built / name).as_uri())
    assert problems(page) == []
