"""The page "Which rule applies?": three questions, and the rules for the answers.

Who has not said what is decided sees the ban on return and the decisions with the number of rules
for each: two hundred rules in a row help nobody. What does not bind all parties is folded.
Without a script the lists by person remain; with it, the same entries are filtered and ordered.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

from docutils import nodes

from crossings.book.law import MARK, LawPage, select
from crossings.book.source import course_of
from crossings.book.strings import say
from crossings.curriculum.finder import ANY, DECISIONS, PERSONS, PLACES, Tag, find, rank
from crossings.curriculum.register import STANDINGS, standing

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from crossings.curriculum.model import Course, Provision

_OPEN = "binding"
"""How far the rules bind that nobody should have to unfold."""


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
        parts = "".join(self.part(course, how, held) for how in STANDINGS)
        return _folded(name, len(held), parts, "cx-rules-by")

    def part(self, course: Course, how: str, held: Iterable[Provision]) -> str:
        """Those of the rules that bind so far: what binds stands open, the rest is folded."""
        found = [p for p in held if standing(p) == how]
        rows = "".join(self.row(course, p) for p in found)
        listing = f'<ul class="cx-rules" {MARK}="found">{rows}</ul>'
        if not found or how == _OPEN:
            return listing if found else ""
        return _folded(say(f"finder-{how}"), len(found), listing, "cx-fold")

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


def _counted(n: object) -> str:
    """The number of rules; the script writes it again in what it shows."""
    text = say("rules-count-one") if n == 1 else say("rules-count", n=n)
    return f'<span class="cx-minutes">{escape(text)}</span>'


def _folded(name: str, n: int, inner: str, kind: str) -> str:
    return (
        f'<details class="{kind}"><summary>{escape(name)} {_counted(n)}</summary>{inner}</details>'
    )


def _group(rank: str, name: str) -> str:
    """A part of the answer, empty: the script fills it with the rules whose rank begins so."""
    listing, title = '<ol class="cx-rules"></ol>', escape(say(f"finder-{name}"))
    if name in ("core", _OPEN):
        head = f'<h2 class="cx-group">{title}</h2>'
        return f'<section class="cx-found" data-group="{rank}" hidden>{head}{listing}</section>'
    return (
        f'<details class="cx-found cx-fold" data-group="{rank}" hidden>'
        f"<summary>{title} {_counted('')}</summary>{listing}</details>"
    )


def _decisions() -> str:
    """What can be decided, each with its number of rules: for who has not chosen yet."""
    rows = "".join(
        f'<li data-what="{d}"><a href="#what={d}">{escape(say(f"decision-{d}"))}</a> '
        f"{_counted('')}</li>"
        for d in DECISIONS
    )
    title = f'<h2 class="cx-group">{escape(say("finder-decisions"))}</h2>'
    return f'<section class="cx-decisions" hidden>{title}<ul>{rows}</ul></section>'


def _form() -> str:
    who = [("", say("finder-unknown")), *((p, say(f"person-{p}")) for p in PERSONS)]
    where = [("", say("finder-anywhere")), *((p, say(f"place-{p}")) for p in PLACES)]
    what = [("", say("finder-anything")), *((d, say(f"decision-{d}")) for d in DECISIONS)]
    many = escape(say("finder-found", n="{n}"), quote=True)
    one = escape(say("finder-found-one"), quote=True)
    # The script fills these; `data-rank` of a rule begins with the two numbers of its group.
    groups = _group("0 0", "core") + _decisions()
    groups += "".join(_group(f"1 {bound}", how) for bound, how in enumerate(STANDINGS))
    count = escape(say("rules-count", n="{n}"), quote=True)
    single = escape(say("rules-count-one"), quote=True)
    overview = escape(say("finder-open", n="{n}"), quote=True)
    back = f'<p class="cx-back" hidden><a href="#">{escape(say("finder-back"))}</a></p>'
    return (
        f'<div class="cx-finder" {MARK}="finder" hidden data-found="{many}" data-one="{one}" '
        f'data-open="{overview}" data-count="{count}" data-single="{single}">'
        f'<form class="cx-filter">{select("who", say("finder-who"), who)}'
        f"{select('where', say('finder-where'), where)}"
        f"{select('what', say('finder-what'), what)}</form>"
        f'<p role="status" class="cx-filter-count"></p>{back}{groups}</div>'
    )
