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
