"""What a reader finds in the built pages."""

from __future__ import annotations

import gzip
import json
import re
from html.parser import HTMLParser
from pathlib import Path

MOST_BYTES = 200 * 1024
"""Of a first visit to a page, compressed; Jupyter Book's default page is 673 KiB."""


def text(built: Path, page: str) -> str:
    return (built / page).read_text(encoding="utf-8")


def pages(built: Path) -> list[Path]:
    """Every page; the theme keeps a template of its own among the static files."""
    return [p for p in built.rglob("*.html") if "_static" not in p.parts]


class _Assets(HTMLParser):
    """The files that a browser fetches to show a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and given.get("src"):
            self.found.add(str(given["src"]))
        if tag == "img" and given.get("src") and given.get("loading") != "lazy":
            self.found.add(str(given["src"]))
        rel = (given.get("rel") or "").split()
        if tag == "link" and {"stylesheet", "icon", "preload"} & set(rel):
            self.found.add(str(given["href"]))


def assets(built: Path, page: str) -> set[Path]:
    parser = _Assets()
    parser.feed(text(built, page))
    here = (built / page).parent
    return {(here / a.split("?")[0]).resolve() for a in parser.found if not a.startswith("data:")}


def test_a_first_visit_is_light(built: Path) -> None:
    for page in ("book/welcome.html", "modules/demo/first.html"):
        files = [built / page, *assets(built, page)]
        weight = sum(len(gzip.compress(f.read_bytes(), 6)) for f in files)
        assert weight < MOST_BYTES, f"{page}: {weight} bytes"
        assert not any("fontawesome" in f.name for f in files)


def test_the_sheet_of_the_book_leaves_the_players_alone() -> None:
    """A bare class in the book's sheet that a player uses too changes the player in every page."""
    rooms = Path(__file__).parents[2] / "crossings"
    scripts = [p for p in (rooms / "player").glob("*.js") if p.name != "shrunk.js"]
    used = set(re.findall(r"cx-[\w-]+", "".join(p.read_text(encoding="utf-8") for p in scripts)))
    sheet = (rooms / "book/static/book.css").read_text(encoding="utf-8")
    bare = set(re.findall(r"(?m)(?:^|,)\s*\.(cx-[\w-]+)", sheet))
    assert "cx-judged" in used and "cx-rules" not in used and bare, "the search finds classes"
    assert not bare & used, "name the element as well, or the mount around it"


def test_every_asset_is_in_the_site(built: Path) -> None:
    for page in pages(built):
        for file in assets(built, str(page.relative_to(built))):
            assert file.is_file(), f"{page.name} asks for {file}"


def test_every_page_names_its_icon(built: Path) -> None:
    """Where none is named, a browser asks for one that is not there."""
    for page in pages(built):
        assert 'rel="icon"' in page.read_text(encoding="utf-8"), page.name


def test_the_entrance_leads_to_the_first_page(built: Path) -> None:
    html = text(built, "index.html")
    assert 'content="0; url=book/welcome.html"' in html
    assert '<a href="book/welcome.html">' in html


def test_no_page_asks_another_origin(built: Path) -> None:
    for page in pages(built):
        html = page.read_text(encoding="utf-8")
        asked = re.findall(r'<(?:script|link|img|iframe)[^>]+(?:src|href)="(?:https?:)?//', html)
        assert not asked, f"{page.name}: {asked}"


def test_a_law_citation_links_to_its_entry_and_carries_its_card(built: Path) -> None:
    html = text(built, "modules/demo/first.html")
    assert 'href="../../book/law.html#cx-law-1"' in html
    assert 'data-text="Officers must ask."' in html
    assert ">may wait</a>" in html
    assert 'id="cx-law-1"' in text(built, "book/law.html")


def test_a_source_citation_shows_author_year_and_place(built: Path) -> None:
    assert ">Someone 2009, para 3</a>" in text(built, "modules/demo/first.html")
    assert 'id="cx-doc-1"' in text(built, "book/sources.html")


def test_citations_in_a_row_are_told_apart(built: Path) -> None:
    html = text(built, "book/glossary.html")
    meaning = re.search(r"To put a question\..*?</p>", html, re.S)
    assert meaning is not None
    assert meaning.group().count("</a> · <a") == 2


def test_the_register_tells_where_a_provision_is_used(built: Path) -> None:
    html = text(built, "book/law.html")
    assert "Taught in" in html
    assert "../modules/demo/first.html" in html


def test_the_syllabus_aligns_every_objective(built: Path) -> None:
    html = text(built, "book/syllabus.html")
    for how in ("Taught in", "Practised in", "Assessed in", "Drilled in"):
        assert how in html


def test_the_syllabus_shows_the_alignment_as_a_table(built: Path) -> None:
    html = text(built, "book/syllabus.html")
    table = re.search(r'<table class="cx-matrix.*?</table>', html, re.S)
    assert table is not None
    heads = re.findall(r'<th class="head[^"]*"[^>]*><p>(\w+)</p></th>', table.group())
    assert heads == ["Objective", "Taught", "Practised", "Assessed", "Drilled"]
    row = re.search(r"<tbody>.*?</tbody>", table.group(), re.S)
    assert row is not None
    assert (
        '<th class="stub"><p><a class="reference internal" href="#objective-de-1">' in row.group()
    )
    assert re.findall(r"<td><p>(\w+)</p></td>", row.group()) == ["1", "2", "2", "1"]


def test_boxes_are_drawn(built: Path) -> None:
    html = text(built, "modules/demo/first.html")
    for words in ("Before you read", "Night shift", "What you must never do", "Key points",
                  "After this chapter you can", "Ask the right question."):  # fmt: skip
        assert words in html


def test_quiz_and_case_stand_in_the_page_with_their_data(built: Path) -> None:
    html = text(built, "modules/demo/first.html")
    payloads = re.findall(r'<script type="application/json">(.*?)</script>', html, re.S)
    kinds = [json.loads(p)["kind"] for p in payloads]
    assert kinds == ["quiz", "case"]
    assert "crossings.js" in html
    assert "crossings.js" not in text(built, "book/law.html")


def test_no_key_of_a_worksheet_item_is_anywhere_in_the_site(built: Path) -> None:
    for page in pages(built):
        assert "ws-1" not in page.read_text(encoding="utf-8"), page.name


def test_the_data_behind_figures_can_be_downloaded(built: Path) -> None:
    assert (built / "_static/crossings/datasets/numbers/numbers.csv").is_file()
    assert "_static/crossings/datasets/numbers/numbers.csv" in text(
        built, "modules/demo/first.html"
    )
