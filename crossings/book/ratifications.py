"""Who joined what, as far as evidence was seen: every country as a block that opens, and a filter.

A blank is never "not a party": each line says so in words, with the date of the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any

from docutils import nodes

from crossings.book.citations import anchor
from crossings.book.law import MARK, select, spoken
from crossings.book.pages import Page
from crossings.book.source import course_of
from crossings.book.strings import say
from crossings.curriculum.files import read_table

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx.application import Sphinx

    from crossings.curriculum.model import Course

FOLDER = "datasets/ratifications"
Row = Mapping[str, Any]


def setup(app: Sphinx) -> None:
    app.add_directive("ratification-table", RatificationTable)


class RatificationTable(Page):
    """Countries by region, each with every treaty: what was seen, and when."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        course = course_of(self.env)
        countries = _rows(course.root, "countries.csv")
        treaties = _rows(course.root, "treaties.csv")
        found = {
            (r["country"], r["instrument"]): r for r in _rows(course.root, "ratifications.csv")
        }
        made = [_form(countries, treaties)]
        for region, held in groupby(countries, key=lambda c: str(c["region"])):
            blocks = "".join(self.country(course, c, treaties, found) for c in held)
            made.append(
                f'<section class="cx-region" aria-label="{escape(region, quote=True)}">'
                f'<h3 id="{anchor(f"region-{region}")}">{escape(region)}</h3>{blocks}</section>'
            )
        return [nodes.raw("", "".join(made), format="html")]

    def country(
        self,
        course: Course,
        country: Row,
        treaties: list[Row],
        found: Mapping[tuple[str, str], Row],
    ) -> str:
        name = str(country["country"])
        seen = [t["instrument"] for t in treaties if (name, t["instrument"]) in found]
        lines = "".join(
            self.line(course, treaty, found.get((name, treaty["instrument"])))
            for treaty in treaties
        )
        heads = "".join(
            f'<th scope="col">{escape(say(key))}</th>'
            for key in ("treaties-treaty", "treaties-joined", "treaties-as-of")
        )
        count = say("treaties-summary", n=len(seen), all=len(treaties))
        note = f"{say('treaties-note')}: {country['note']}" if country["note"] else ""
        return (
            f'<details class="cx-country" {MARK}="country" id="{anchor(f"country-{name}")}" '
            f'data-country="{escape(name, quote=True)}" '
            f'data-region="{escape(str(country["region"]), quote=True)}" '
            f'data-seen="{" ".join(seen)}">'
            f'<summary>{escape(name)} <span class="cx-minutes">{escape(count)}</span></summary>'
            f"<table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>"
            f'<p class="cx-fine">{escape(note)}</p></details>'
        )

    def line(self, course: Course, treaty: Row, row: Row | None) -> str:
        instrument = course.instruments[str(treaty["instrument"])]
        page = f"book/law/{instrument.family}"
        uri = self.env.app.builder.get_relative_uri(self.env.docname, page)
        link = f"{uri}#{anchor(f'instrument-{instrument.key}')}"
        if row is None:
            joined = f'<span class="cx-blank">{escape(say("treaties-blank"))}</span>'
        else:
            joined = f"{spoken(str(row['joined']))}, {escape(say('how-' + str(row['how'])))}"
        as_of = spoken(str(treaty["as_of"])) or say("treaties-undated")
        name = say(f"treaty-{instrument.key}")
        return (
            f'<tr><th scope="row"><a href="{link}">{escape(name)}</a></th>'
            f"<td>{joined}</td><td>{escape(as_of)}</td></tr>"
        )


def _rows(root: Path, name: str) -> list[Row]:
    return [row for _, row in read_table(root / FOLDER / name, root)[0]]


def _form(countries: list[Row], treaties: list[Row]) -> str:
    regions = [str(r) for r in dict.fromkeys(c["region"] for c in countries)]
    names = sorted(str(c["country"]) for c in countries)
    keys = [str(t["instrument"]) for t in treaties]
    fields = (
        select("country", say("treaties-who"), _all("treaties-every-country", names)),
        select("region", say("treaties-region"), _all("treaties-every-region", regions)),
        select(
            "seen",
            say("treaties-which"),
            [("", say("treaties-every")), *((k, say(f"treaty-{k}")) for k in keys)],
        ),
    )
    told = escape(say("treaties-count", n="{n}", all=len(countries)), quote=True)
    return (
        f'<form class="cx-filter" {MARK}="countries" aria-label="{escape(say("treaties-form"))}" '
        f'hidden data-count="{told}">{"".join(fields)}'
        '<p role="status" class="cx-filter-count"></p></form>'
    )


def _all(key: str, names: list[str]) -> list[tuple[str, str]]:
    return [("", say(key)), *((name, name) for name in names)]
