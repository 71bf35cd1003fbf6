"""The page "Which rule applies?": three questions, and the rules for the answers.

Without a script the lists by person remain; with it, the same entries are filtered and ordered.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from docutils import nodes

from crossings.book.law import MARK, LawPage, select
from crossings.book.source import course_of
from crossings.book.strings import say
from crossings.curriculum.finder import ANY, DECISIONS, PERSONS, PLACES, Tag, find, rank
from crossings.curriculum.register import STANDINGS

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from crossings.curriculum.model import Course, Provision


def setup(app: Sphinx) -> None:
    app.add_directive("law-finder", LawFinder)


class LawFinder(LawPage):
    """The three questions, the answer, and all rules by person."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        course = course_of(self.env)
        lists = self.section(say("finder-lists"), "lists")
        made = "".join(self.group(course, person) for person in ("", *PERSONS))
        lists += nodes.raw("", made, format="html")
        return [nodes.raw("", _form(), format="html"), lists]

    def group(self, course: Course, person: str) -> str:
        """The rules for one kind of person alone; `""` holds those for everybody."""
        held = [p for p in find(course, person) if _own(course.finder[p.id], person)]
        name = say(f"person-{person}" if person else "finder-everybody")
        rows = "".join(self.row(course, p) for p in held)
        count = say("rules-count", n=len(held))
        return (
            f'<details class="cx-rules-by"><summary>{escape(name)} '
            f'<span class="cx-minutes">{escape(count)}</span></summary>'
            f'<ul class="cx-rules" {MARK}="found">{rows}</ul></details>'
        )

    def row(self, course: Course, provision: Provision) -> str:
        tag = course.finder[provision.id]
        core, bound = rank(course, tag)
        order = list(course.finder).index(provision.id)
        return self.rule(
            provision,
            f'data-id="{escape(provision.id)}" data-who="{" ".join(tag.person)}" '
            f'data-where="{" ".join(tag.place)}" data-what="{" ".join(tag.decision)}" '
            f'data-rank="{core} {bound} {order}"',
        )


def _own(tag: Tag, person: str) -> bool:
    return person in tag.person if person else ANY in tag.person


def _group(rank: str, name: str) -> str:
    return (
        f'<section class="cx-found" data-group="{rank}" hidden>'
        f'<h2 class="cx-group">{escape(say(f"finder-{name}"))}</h2>'
        '<ol class="cx-rules"></ol></section>'
    )


def _form() -> str:
    who = [("", say("finder-unknown")), *((p, say(f"person-{p}")) for p in PERSONS)]
    where = [("", say("finder-anywhere")), *((p, say(f"place-{p}")) for p in PLACES)]
    what = [("", say("finder-anything")), *((d, say(f"decision-{d}")) for d in DECISIONS)]
    many = escape(say("finder-found", n="{n}"), quote=True)
    one = escape(say("finder-found-one"), quote=True)
    # The script fills these; `data-rank` of a rule begins with the two numbers of its group.
    groups = _group("0 0", "core") + "".join(
        _group(f"1 {bound}", how) for bound, how in enumerate(STANDINGS)
    )
    return (
        f'<div class="cx-finder" {MARK}="finder" hidden data-found="{many}" data-one="{one}">'
        f'<form class="cx-filter">{select("who", say("finder-who"), who)}'
        f"{select('where', say('finder-where'), where)}"
        f"{select('what', say('finder-what'), what)}</form>"
        f'<p role="status" class="cx-filter-count"></p>{groups}</div>'
    )
