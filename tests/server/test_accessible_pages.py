"""Every kind of page of the learner site can be used by everybody, light and dark, small and large.

What happens inside a case or a question is tested with the player.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.accessibility import at_each_width, problems
from tests.serving import Served

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("served")]

CHAPTERS = "/modules/trafficking-identification"
CHAPTER = f"{CHAPTERS}/what-trafficking-is.html"
PAGES = {
    "home": "/book/welcome.html",
    "catalogue": "/book/syllabus.html",
    "chapter with quizzes": CHAPTER,
    "chapter with a case": f"{CHAPTERS}/referral-and-protection.html",
    "chapter with figures": f"{CHAPTERS}/records-and-data.html",
    "chapter with a tool": f"{CHAPTERS}/weighing-indicators.html",
    "chapter with two cases": "/modules/mixed-movements-at-work/people-from-the-sea.html",
    "region": "/modules/setting/region.html",
    "law register": "/book/law.html",
    "rules of treaties": "/book/law/refugees.html",
    "which rule applies": "/book/finder.html#who=child&where=air&what=return",
    "who joined what": "/book/ratifications.html",
    "glossary": "/book/glossary.html",
    "sources": "/book/sources.html",
    "progress": "/book/progress.html",
    "commands and tables": "/book/how-administrators.html",
    "search": "/search.html?q=consent",
    "to hand in": "/work/",
    "worksheet": "/work/trafficking-identification/officer-worksheet",
    "notebook": "/work/notebook/screening-data",
    "feedback": "/feedback/",
    "joining a drill": "/drill/?code=ABCD",
    "no such page": "/nowhere",
}


ALIKE = {
    "law register": ".cx-rule",
    "rules of treaties": ".cx-entry",
    "which rule applies": ".cx-rule",
    "who joined what": "details.cx-country",
}
SEARCH = {"Search": ".search-button__button"}
DIALOGS = {
    "320 pixels": SEARCH | {"Contents of the course": ".primary-toggle"},
    "1280 pixels": SEARCH,
}
"""Names of what opens over a page and the buttons that open it; at 1280 pixels the contents of the
course stand beside the page."""


@pytest.mark.parametrize("name", PAGES)
def test_a_page(page: Page, served: Served, name: str) -> None:
    page.allowed_errors.append("404")  # type: ignore[attr-defined]
    for width in at_each_width(page):
        page.goto(served.learner + PAGES[name])
        page.wait_for_load_state("load")
        assert problems(page, ALIKE.get(name, "")) == [], width


def test_what_opens_over_a_page_is_named_and_gives_the_focus_back(
    page: Page, served: Served
) -> None:
    for width in at_each_width(page):
        page.goto(served.learner + CHAPTER)
        for name, button in DIALOGS[width].items():
            opener = page.locator(button).locator("visible=true")
            if (
                name == "Contents of the course"
                and page.locator("#pst-primary-sidebar").is_visible()
            ):
                continue
            opener.press("Enter")
            expect(page.get_by_role("dialog", name=name)).to_be_visible()
            assert problems(page) == [], name
            page.keyboard.press("Escape")
            expect(opener).to_be_focused()


def test_a_card_of_law_and_the_switch_of_colours(page: Page, served: Served) -> None:
    for width in at_each_width(page):
        page.goto(served.learner + CHAPTER)
        page.locator("a.cx-cite-law").first.focus()
        expect(page.get_by_role("tooltip")).to_be_visible()
        assert problems(page) == [], width
        switch = page.locator(".theme-switch-button").locator("visible=true")
        switch.press("Enter")
        expect(switch).to_be_focused()


def test_the_first_key_leads_past_the_menus(page: Page, served: Served) -> None:
    page.goto(served.learner + CHAPTER)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to main content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("main").locator(":focus")).to_have_count(1)


BAD = """<!doctype html><html><title> </title><style>p{color:#999;background:#fff}</style>
<a href="#nowhere" style="display:block;width:20px;height:20px">x</a>
<main><h1>One</h1><h1>Two</h1><p>Hard to read in either scheme.</p><img src="data:,">
</main><div style="width:2000px">wide</div></html>"""
SEEN = """2 first-level headings; no language; no title; pixels too wide; no way past the menu;
20.0 by 20.0; color-contrast; dark: color-contrast; image-alt; html-has-lang; region"""


def test_the_scan_sees_what_is_wrong(page: Page) -> None:
    page.set_content(BAD)
    found = problems(page)
    assert [
        what for what in re.split(r";\s", SEEN) if not any(what in line for line in found)
    ] == []
