"""The lists of law in a browser: what the script shows is what the register holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from crossings.curriculum.finder import DECISIONS, PERSONS, PLACES, find
from crossings.curriculum.load import current
from crossings.curriculum.register import standing
from crossings.workspace import ROOT
from tests.serving import Served

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("served")]

FINDER = "/book/finder.html"


def shown(page: Page) -> list[str]:
    """The rules of the answer, in the order in which they stand."""
    rows = page.locator(".cx-found:not([hidden]) .cx-rule")
    return [str(id_) for id_ in rows.evaluate_all("rows => rows.map(row => row.dataset.id)")]


def test_the_finder_shows_what_the_register_holds_in_its_order(page: Page, served: Served) -> None:
    page.goto(served.learner + FINDER)
    course = current()
    # Every value of each question once, beside changing others.
    for turn in range(max(len(PERSONS), len(PLACES), len(DECISIONS)) + 1):
        asked = [("", *known)[turn % (len(known) + 1)] for known in (PERSONS, PLACES)]
        asked.append(DECISIONS[turn % len(DECISIONS)])
        for name, value in zip(("who", "where", "what"), asked, strict=True):
            page.locator(f"select[name={name}]").select_option(value)
        assert shown(page) == [p.id for p in find(course, *asked)], asked


def told(n: int) -> str:
    return "1 rule" if n == 1 else f"{n} rules"


def test_without_a_decision_the_finder_counts_the_rules_of_each(page: Page, served: Served) -> None:
    page.goto(f"{served.learner}{FINDER}#who=child&where=sea")
    course = current()
    asked = ("child", "sea")
    everything = find(course, *asked)
    assert shown(page) == [p.id for p in everything if course.finder[p.id].core]
    expect(page.get_by_role("status")).to_contain_text(f"{len(everything)} rules in all")
    lines = page.locator(".cx-decisions li:visible")
    counts = {d: len(find(course, *asked, d)) for d in DECISIONS}
    written = lines.evaluate_all("r => r.map(x => [x.dataset.what, x.children[1].textContent])")
    assert written == [[d, told(n)] for d, n in counts.items() if n]
    page.get_by_role("link", name="Rescue, boarding").focus()
    page.keyboard.press("Enter")
    assert shown(page) == [p.id for p in find(course, *asked, "rescue")]
    expect(page.get_by_label("What is decided?")).to_be_focused()
    expect(page.locator(".cx-decisions")).to_be_hidden()
    page.go_back()
    expect(lines).to_have_count(len(written))
    page.go_forward()
    page.get_by_role("link", name="All decisions in this situation").click()
    expect(lines).to_have_count(len(written))
    expect(page.get_by_label("Who is in front of me?")).to_have_value("child")


def test_what_does_not_bind_all_parties_is_folded_and_counted(page: Page, served: Served) -> None:
    page.goto(f"{served.learner}{FINDER}#who=child&where=sea&what=detention")
    found = find(current(), "child", "sea", "detention")
    guidance = [p for p in found if standing(p) == "not-binding"]
    binding = [p for p in found if standing(p) == "binding"]
    rows = page.locator(".cx-found .cx-rule:visible")
    expect(rows).to_have_count(len(binding))
    fold = page.locator(".cx-found summary", has_text="do not bind")
    expect(fold).to_contain_text(told(len(guidance)))
    fold.focus()
    page.keyboard.press("Enter")
    expect(rows).to_have_count(len(binding) + len(guidance))


def test_an_answer_has_an_address_and_leads_to_the_rule(page: Page, served: Served) -> None:
    page.goto(f"{served.learner}{FINDER}#who=child&where=nowhere&what=return")
    who = page.get_by_label("Who is in front of me?")
    expect(who).to_have_value("child")
    expect(page.get_by_label("Where?")).to_have_value("")
    expect(page.get_by_role("status")).to_have_text(
        f"{len(find(current(), 'child', '', 'return'))} rules, what binds first."
    )
    who.focus()
    page.keyboard.press("Home")  # the keyboard alone changes the answer
    expect(who).to_have_value("")
    assert shown(page) == [p.id for p in find(current(), "", "", "return")]
    assert page.url.endswith("#what=return")
    page.get_by_role("link", name="No return to danger").first.click()
    expect(page.locator("#cx-rc51-33-1")).to_be_in_viewport()


def test_the_filter_of_the_register_knows_the_words_of_the_rules(
    page: Page, served: Served
) -> None:
    page.goto(served.learner + "/book/law.html")
    lines = page.locator(".cx-rule:visible")
    expect(lines).to_have_count(len(current().law))
    words = page.get_by_label("Words, article or id")
    words.fill("stowaway confidential")
    expect(page.get_by_role("status")).to_contain_text("1 of ")
    expect(lines).to_have_count(1)
    expect(lines).to_contain_text("A stowaway who is a refugee")
    page.get_by_label("Force").select_option("soft")
    expect(page.get_by_role("status")).to_contain_text("No rule has all these words")
    words.fill("")
    page.get_by_label("Force").select_option("binding")
    expect(page.get_by_text("Does not bind", exact=True).locator("visible=true")).to_have_count(0)


def test_a_country_is_chosen_and_every_line_has_its_date(page: Page, served: Served) -> None:
    page.goto(served.learner + "/book/ratifications.html")
    page.locator("select[name=country]").select_option("Kenya")
    expect(page.get_by_role("status")).to_have_text("1 of 63 countries shown.")
    lines = page.locator("details.cx-country:visible tbody tr")
    expect(lines).to_have_count(11)
    expect(lines.first).to_contain_text("16 May 1966, accession")
    for line in lines.all():
        date = line.locator("td").last
        expect(date).to_contain_text(r"date" if "no date" in date.inner_text() else "20")
    expect(page.get_by_text("no evidence seen: look it up").locator("visible=true")).to_have_count(
        2
    )


@pytest.mark.parametrize("name", ["finder", "law", "ratifications"])
def test_without_a_script_the_lists_stand_in_full(
    browser: Browser, served: Served, name: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(f"{served.learner}/book/{name}.html")
        assert page.locator("select:visible").count() == 0
        if name == "law":
            assert page.locator(".cx-rule:visible").count() == len(current().law)
            return
        blocks = page.locator("details:is(.cx-rules-by, .cx-country)")
        assert blocks.count() == {"finder": len(PERSONS) + 1, "ratifications": 63}[name]
        blocks.first.locator("> summary").click()
        opened = blocks.first.locator("li:visible, tr:visible").count()
        assert opened > 3
        if name == "finder":  # what does not bind is folded a second time
            blocks.first.locator("summary", has_text="do not bind").click()
            assert blocks.first.locator("li:visible").count() > opened
    finally:
        context.close()


def test_the_pages_work_from_a_disk(page: Page, served: Served) -> None:
    """`served` has seen to it that the book is built."""
    site = ROOT / "_build" / "html" / "book"
    page.goto(Path(site / "law.html").as_uri())
    page.get_by_label("Words, article or id").fill("foundling")
    expect(page.locator(".cx-rule:visible")).to_have_count(1)
    page.goto(Path(site / "finder.html").as_uri())
    page.get_by_label("Who is in front of me?").select_option("stowaway")
    page.get_by_role("link", name="Return or expulsion").click()
    assert shown(page) == [p.id for p in find(current(), "stowaway", "", "return")]
