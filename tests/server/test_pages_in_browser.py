"""Every page of the learner site under its own security policy, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, expect

from crossings.book.build import site
from crossings.workspace import ROOT
from tests.serving import Served

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("served")]

LIVE = (
    "/drill/",
    "/drill/?code=ABCD",
    "/work/",
    "/work/trafficking-identification/officer-worksheet",
    "/work/notebook/screening-data",
    "/feedback/",
)
WATCH = """
  globalThis.broken = [];
  addEventListener("securitypolicyviolation", (e) => broken.push(
    e.violatedDirective + " " + (e.blockedURI || e.sourceFile || "inline")));
"""


def visit(page: Page, served: Served, path: str) -> None:
    elsewhere: list[str] = []
    page.on("request", lambda r: None if _ours(r.url, served) else elsewhere.append(r.url))
    page.add_init_script(WATCH)
    page.goto(served.learner + path)
    page.wait_for_load_state("load")
    assert page.evaluate("broken") == []
    assert elsewhere == []


def _ours(url: str, served: Served) -> bool:
    return url.startswith((served.learner + "/", "data:", "blob:", "about:"))


@pytest.mark.parametrize("path", LIVE)
def test_a_live_page_works_under_the_strict_policy(phone: Page, served: Served, path: str) -> None:
    visit(phone, served, path)
    expect(phone.get_by_role("heading").first).to_be_visible()
    wide = phone.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0


def test_every_page_of_the_book_works_under_its_policy(page: Page, served: Served) -> None:
    page.add_init_script(WATCH)
    elsewhere: list[str] = []
    page.on("request", lambda r: None if _ours(r.url, served) else elsewhere.append(r.url))
    every = sorted(p.relative_to(site(ROOT)) for p in site(ROOT).rglob("*.html"))
    # `index.html` only leads on to the first page; the theme's own files are no pages.
    left_out = ("genindex.html", "index.html")
    built = [p for p in every if p.name not in left_out and p.parts[0][0] not in "._"]
    assert len(built) > 8
    for path in built:
        page.goto(f"{served.learner}/{path.as_posix()}")
        assert page.evaluate("broken") == [], path
    assert elsewhere == []


GUIDE = "/modules/labour-migration/trainer-guide.html"
CHAPTER = "/modules/labour-migration/legal-channels.html"


@pytest.mark.parametrize("path", [GUIDE, CHAPTER])
def test_wide_tables_stand_as_cards_on_a_phone(phone: Page, served: Served, path: str) -> None:
    phone.goto(served.learner + path)
    tables = phone.locator(".bd-article table")
    wide = tables.evaluate_all("t => t.filter(x => x.scrollWidth > innerWidth).length")
    assert not wide
    cards = phone.locator("table.cx-stack")
    assert cards.count()
    cell = cards.first.locator("tbody td[data-label]").last
    heads = cards.first.locator("thead th").all_text_contents()
    assert cell.get_attribute("data-label") == heads[-1]
    said = cell.evaluate("c => getComputedStyle(c, '::before').content")
    assert said == f'"{heads[-1]}"'
    for role in ("table", "columnheader", "cell"):  # as cards they are still a table
        assert phone.get_by_role(role).count()


def test_a_table_that_is_filled_in_by_hand_keeps_its_columns(phone: Page, served: Served) -> None:
    phone.goto(served.learner + GUIDE)
    sheet = phone.locator(".cx-box-handout", has_text="Who paid for what?").first
    expect(sheet.locator("table")).to_be_visible()
    assert sheet.locator("table.cx-stack").count() == 0


def test_wide_tables_are_tables_on_a_laptop(page: Page, served: Served) -> None:
    page.goto(served.learner + CHAPTER)
    row = page.locator("table.cx-stack tbody tr").first
    tops = row.locator("td, th").evaluate_all("c => c.map(x => x.getBoundingClientRect().top)")
    assert len(set(tops)) == 1 < len(tops)


def test_the_place_of_a_picture_is_kept_while_it_loads(phone: Page, served: Served) -> None:
    phone.route("**/_images/*", lambda route: route.abort())
    phone.goto(served.learner + CHAPTER)
    boxes = phone.locator(".bd-article figure img, .bd-article .cell_output img")
    assert boxes.count()
    for box in boxes.all():
        width, height = (int(box.get_attribute(name) or 0) for name in ("width", "height"))
        assert width > 100 < height


def test_many_uses_of_a_rule_are_folded(phone: Page, served: Served) -> None:
    phone.goto(served.learner + "/book/law/children.html#cx-crc-3")
    entry = phone.locator("#cx-crc-3")
    expect(entry.get_by_text("Taught in:")).to_be_hidden()
    entry.get_by_text("Where the course uses this rule").click()
    expect(entry.get_by_text("Taught in:")).to_be_visible()


def test_no_source_ends_with_two_full_stops(page: Page, served: Served) -> None:
    page.goto(served.learner + "/book/sources.html")
    assert ".." not in page.locator("main").inner_text()


def test_an_injected_script_does_not_run_on_a_live_page(page: Page, served: Served) -> None:
    """The page refuses what would become code, and what slipped in all the same would not run."""
    page.allowed_errors += ["Content Security Policy", "violates", "TrustedScript", "TrustedHTML"]  # type: ignore[attr-defined]
    page.goto(served.learner + "/feedback/")
    script = """() => {
        const script = document.createElement("script");
        script.append("document.title = 'owned'");
        document.body.append(script);
    }"""
    image = """() => document.body.insertAdjacentHTML(
        "beforeend", "<img src=x onerror=\\"document.title='owned'\\">")"""
    refused = 0
    for injected in (script, image):
        try:
            page.evaluate(injected)
        except PlaywrightError as error:
            assert "Trusted" in str(error)
            refused += 1
    assert refused, "the policy of trusted types is not there"
    page.wait_for_timeout(300)
    assert page.title() != "owned"


def test_the_page_that_does_not_exist_leads_back(page: Page, served: Served) -> None:
    page.allowed_errors.append("404")  # type: ignore[attr-defined]
    page.goto(served.learner + "/deep/down/nowhere.html")
    expect(page.get_by_role("heading")).to_have_text("This page does not exist")
    page.get_by_role("link", name="To the beginning").click()
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
