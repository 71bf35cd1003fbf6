"""The pages of law, drawn from the register of a small course whose treaties have families."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from crossings.book.law import spoken
from crossings.book.strings import catalogue
from crossings.curriculum.finder import DECISIONS, PERSONS, PLACES
from crossings.curriculum.load import current
from crossings.curriculum.register import FAMILIES, STANDINGS, themes
from tests.book.conftest import ROOT, jupyter_book
from tests.tiny_course import FILES, write_course

TOC = """\
format: jb-book
root: book/welcome
chapters:
  - file: modules/demo/first
  - file: book/law
  - file: book/law/work
  - file: book/finder
  - file: book/ratifications
  - file: book/syllabus
  - file: book/glossary
  - file: book/sources
"""
LAW = (
    FILES["datasets/law/provisions.csv"].replace(",t,,,", ",labour,,,")
    + "LAW-3,TREATY,Art. 3,Third <rule>,Nobody may wait.,Nobody: guidance,guideline,labour,"
    '"Waiting is ""free"".",UNHCR & others,well-known,seen,2026-02-03\n'
)
FINDER = (
    "provision,person,place,decision,core\nLAW-1,any,any,return,yes\nLAW-3,worker,air,return,\n"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("law")
    table = FILES["datasets/law/instruments.csv"]
    table = table.replace("short,nature", "short,family,nature").replace(
        "Treaty,tre", "Treaty,work,tre"
    )
    table = table.replace("treaty,,,", "treaty,2000-11-15,2003-12,The depositary")
    data = {
        "datasets/law/provisions.csv": LAW,
        "datasets/law/instruments.csv": table,
        "datasets/law/finder.csv": FINDER,
    }
    write_course(root, data)
    shutil.copyfile(ROOT / "_config.yml", root / "_config.yml")
    (root / "_toc.yml").write_text(TOC, encoding="utf-8")
    (root / "book/law").mkdir(parents=True)
    (root / "book/welcome.md").write_text("# Welcome\n\nRead {law}`LAW-1`.\n", encoding="utf-8")
    (root / "book/ratifications.md").write_text("# Who joined\n\nNobody.\n", encoding="utf-8")
    for page in ("law", "law/work", "finder", "syllabus", "glossary", "sources"):
        shutil.copyfile(ROOT / "book" / f"{page}.md", root / "book" / f"{page}.md")
    done = jupyter_book(root)
    assert done.returncode == 0, done.stdout + done.stderr
    return root / "_build" / "html" / "book"


def text(site: Path, page: str) -> str:
    return (site / page).read_text(encoding="utf-8")


def test_a_citation_leads_to_the_page_of_its_treaty(site: Path) -> None:
    assert 'href="law/work.html#cx-law-1"' in text(site, "welcome.html")
    assert 'id="cx-law-1"' in text(site, "law/work.html")


def test_the_entry_says_who_is_bound_how_far_and_since_when(site: Path) -> None:
    page = text(site, "law/work.html")
    assert "Adopted 15 November 2000. In force since December 2003. Kept by: The depositary" in page
    assert "Treaty: binds its parties" in page and "Guideline: does not bind" in page
    assert "Reviewed 3 February 2026." in page
    assert "UNHCR &amp; others" in page and "Third &lt;rule&gt;" in page


def test_the_register_has_a_line_for_each_rule_at_its_old_address(site: Path) -> None:
    page = text(site, "law.html")
    for number in (1, 2, 3):
        assert f'id="cx-law-{number}"' in page
        assert f'href="law/work.html#cx-law-{number}"' in page
    assert 'data-force="soft" data-more="LAW-3 A Treaty"' in page
    assert "law.js" in page


def test_the_texts_for_the_filter_are_a_script_of_their_own(site: Path) -> None:
    page = text(site, "law.html")
    words = re.search(r'data-words="([^"]+)"', page)
    assert words is not None
    script = (site / words.group(1)).read_text(encoding="utf-8")
    texts = json.loads(script.removeprefix("window.crossingsLawWords = ").rstrip(";\n"))
    assert texts["cx-law-3"] == 'Nobody may wait. Waiting is "free".'
    assert "Nobody may wait" not in page


def test_the_finder_holds_all_lists_without_a_script(site: Path) -> None:
    page = text(site, "finder.html")
    assert page.count("<select") == 3
    assert '<div class="cx-finder" data-cx-law="finder" hidden' in page
    lists = page[page.index("Everybody <span") :]
    assert lists.index('data-id="LAW-1"') < lists.index("A worker: wages")
    assert lists.index("A worker: wages") < lists.index('data-id="LAW-3"')
    assert 'data-rank="0 0 0"' in page


def test_only_pages_of_law_ask_for_the_script(site: Path) -> None:
    assert "law.js" not in text(site, "welcome.html")


@pytest.mark.parametrize(
    ("date", "told"),
    [("2000", "2000"), ("2007-01", "January 2007"), ("1951-07-28", "28 July 1951"), ("", "")],
)
def test_dates_are_written_as_people_write_them(date: str, told: str) -> None:
    assert spoken(date) == told


def test_every_word_that_the_pages_need_is_in_the_catalogue() -> None:
    words = set(catalogue())
    needed = {f"theme-{theme}" for theme in themes(current())}
    needed |= {f"family-{f}" for f in FAMILIES} | {f"standing-{s}" for s in STANDINGS}
    needed |= {f"finder-{s}" for s in ("core", *STANDINGS)}
    needed |= {f"person-{p}" for p in PERSONS} | {f"place-{p}" for p in PLACES}
    needed |= {f"decision-{d}" for d in DECISIONS}
    assert needed <= words
    dead = {w for w in words if w.startswith(("theme-", "person-", "place-", "decision-"))} - needed
    assert not dead


def test_every_instrument_has_a_page_and_every_page_its_title() -> None:
    assert {i.family for i in current().instruments.values()} == set(FAMILIES)
    for family in FAMILIES:
        page = (ROOT / "book/law" / f"{family}.md").read_text(encoding="utf-8")
        assert page.startswith(f"# {catalogue()[f'family-{family}']}\n")
        assert f"{{law-family}} {family}\n" in page
