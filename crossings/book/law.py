"""The law register as pages: one with all rules by topic, and one for each family of instruments.

The full entries stand on the pages by instrument, where `{law}` leads. The page by topic has a line
for each rule and a filter; it stays light enough for a telephone (decision 0004).
"""

from __future__ import annotations

import calendar
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes

from crossings.book.citations import anchor, law_page, pinpoint
from crossings.book.pages import FOR_AUTHORS, Page
from crossings.book.source import course_of
from crossings.book.strings import catalogue, say
from crossings.curriculum.register import FAMILIES, standing, themes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from crossings.curriculum.model import Course, Instrument, Provision, Use

WORDS = "law-words.js"
"""The texts of the rules, for the filter: loaded when somebody begins to write in it."""
SCRIPT = "law.js"
"""The script of these pages; `assets` asks for it where a page has the mark."""
MARK = "data-cx-law"
_LETTERS = re.compile(r"[A-Z0-9-]{2,10}")
_LONG = 90
MOST_USES = 6
"""Places that use a rule which stand open in its entry; more are folded."""
_SOFT = ("reading", "not-binding")


def setup(app: Sphinx) -> None:
    app.add_directive("law-register", LawRegister)
    app.add_directive("law-family", LawFamily)
    app.connect("build-finished", _write_words)


class LawPage(Page):
    """What the pages of rules have in common."""

    def rule(self, provision: Provision, attributes: str = "") -> str:
        """A rule as one entry of a list: its name, where it stands, and how far it binds."""
        course = course_of(self.env)
        page = self.env.app.builder.get_relative_uri(self.env.docname, law_page(course, provision))
        here = "" if law_page(course, provision) == self.env.docname else page
        whose = f" · {provision.author}" if provision.author else ""
        return (
            f'<li class="cx-rule" {attributes}>'
            f'<a class="cx-rule-title" href="{here}#{anchor(provision.id)}">'
            f"{escape(provision.title)}</a> "
            f'<span class="cx-rule-meta"><span>{escape(pinpoint(course, provision))}</span> '
            f"{force_chip(provision)}</span> "
            f'<span class="cx-rule-binds">{escape(provision.binds + whose)}</span></li>'
        )

    def entry(self, course: Course, provision: Provision) -> nodes.Node:
        """A rule in full."""
        made = nodes.container(classes=["cx-entry"], ids=[anchor(provision.id)])
        title = nodes.paragraph(classes=["cx-entry-title"])
        title += nodes.inline("", provision.article, classes=["cx-id"])
        title += nodes.Text(provision.title)
        made += title
        made += nodes.paragraph("", provision.paraphrase)
        bound = labelled(say("who-is-bound"), provision.binds)
        bound += nodes.raw("", f" {force_chip(provision)}", format="html")
        made += bound
        if provision.author:
            made += labelled(say("whose-reading"), provision.author)
        if provision.mistake:
            made += labelled(say("common-mistake"), provision.mistake)
        uses = course.law_uses.get(provision.id, ())
        made.extend(self.folded(uses) if len(uses) > MOST_USES else self.uses(uses))
        if not uses and self.config[FOR_AUTHORS]:
            made += labelled(say("for-authors"), say("not-used"))
        checked = f"{provision.id}. {provision.confidence.capitalize()}: {provision.verified_by}."
        reviewed = say("reviewed", date=spoken(provision.reviewed))
        made += nodes.paragraph("", f"{checked} {reviewed}", classes=["cx-fine"])
        return made

    def folded(self, uses: Sequence[Use]) -> Iterator[nodes.Node]:
        """Many uses behind one line: on a telephone they were longer than the rule."""
        told = escape(say("used-in", n=len(uses)))
        yield nodes.raw("", f'<details class="cx-used"><summary>{told}</summary>', format="html")
        yield from self.uses(uses)
        yield nodes.raw("", "</details>", format="html")

    def instrument(
        self, course: Course, instrument: Instrument, provisions: Iterable[Provision]
    ) -> nodes.section:
        made = self.section(heading(instrument), anchor(f"instrument-{instrument.key}"))
        made += nodes.paragraph("", instrument_facts(instrument), classes=["cx-facts"])
        made.extend(self.entry(course, provision) for provision in provisions)
        return made

    def instruments(self, course: Course, family: str) -> list[nodes.Node]:
        """Every instrument of the family with its rules in full."""
        order = {key: n for n, key in enumerate(course.instruments)}
        held = [p for p in course.law.values() if family_of(course, p) == family]
        held.sort(key=lambda p: order[p.instrument])
        return [
            self.instrument(course, course.instruments[key], found)
            for key, found in groupby(held, key=lambda p: p.instrument)
        ]


class LawRegister(LawPage):
    """Where to look: by instrument, and every rule by topic with a filter."""

    def run(self) -> list[nodes.Node]:
        course = course_of(self.env)
        used = sum(bool(course.law_uses.get(id_)) for id_ in course.law)
        facts = say(
            "register-facts", rules=len(course.law), instruments=len(course.instruments), used=used
        )
        made: list[nodes.Node] = [nodes.paragraph("", facts, classes=["cx-facts"])]
        placed = [p for p in course.law.values() if family_of(course, p)]
        if placed:
            made.append(self.ways())
            made.append(self.by_instrument(course, placed))
            made.append(self.by_topic(course, placed))
        # A course whose instruments have no families keeps its rules on this page.
        return made + self.instruments(course, "")

    def ways(self) -> nodes.bullet_list:
        """Links to the pages that begin elsewhere, where the book has them, and to the two lists
        below: on a telephone the second is far away."""
        pages = (("book/finder", "look-finder"), ("book/ratifications", "look-ratifications"))
        found = [(page, say(key)) for page, key in pages if page in self.env.found_docs]
        links = [self.link(page, text) for page, text in found]
        for id_, key in (("by-topic", "look-by-topic"), ("by-instrument", "look-by-instrument")):
            links.append(nodes.reference("", say(key), refuri=f"#{id_}", internal=True))
        listing = nodes.bullet_list()
        for link in links:
            line = nodes.paragraph()
            line += link
            listing += nodes.list_item("", line)
        return listing

    def by_instrument(self, course: Course, placed: list[Provision]) -> nodes.section:
        made = self.section(say("by-instrument"), "by-instrument")
        listing = nodes.bullet_list(classes=["cx-families"])
        for family in FAMILIES:
            held = [p for p in placed if family_of(course, p) == family]
            if not held:
                continue
            line = nodes.paragraph()
            line += self.link(f"book/law/{family}", say(f"family-{family}"))
            count = say("rules-count", n=len(held))
            line += nodes.inline("", f" {count}", classes=["cx-minutes"])
            names = dict.fromkeys(course.instruments[p.instrument].short for p in held)
            about = nodes.paragraph("", ", ".join(names), classes=["cx-fine"])
            listing += nodes.list_item("", line, about)
        made += listing
        return made

    def by_topic(self, course: Course, placed: list[Provision]) -> nodes.section:
        made = self.section(say("by-topic"), "by-topic")
        up = "../" * self.env.docname.count("/")
        words = f"{up}_static/crossings/{WORDS}"
        by_theme = {theme: [p for p in placed if p.theme == theme] for theme in themes(course)}
        held_by = {theme: held for theme, held in by_theme.items() if held}
        made += self.topics({theme: len(held) for theme, held in held_by.items()})
        made += nodes.raw("", _filter(len(placed), words), format="html")
        for theme, held in held_by.items():
            topic = self.section(say(f"theme-{theme}"), f"topic-{theme}")
            rows = "".join(self.row(course, p) for p in held)
            listing = f'<ul class="cx-rules" {MARK}="rules">{rows}</ul>'
            topic += nodes.raw("", listing, format="html")
            made += topic
        return made

    def topics(self, counts: Mapping[str, int]) -> nodes.bullet_list:
        """The topics, each a link to its rules: the list below is very long."""
        listing = nodes.bullet_list(classes=["cx-topics"])
        for theme, n in counts.items():
            line = nodes.paragraph()
            name = say(f"theme-{theme}")
            line += nodes.reference("", name, refuri=f"#topic-{theme}", internal=True)
            line += nodes.inline("", f" {n}", classes=["cx-minutes"])
            listing += nodes.list_item("", line)
        return listing

    def row(self, course: Course, provision: Provision) -> str:
        soft = "soft" if standing(provision) in _SOFT else "binding"
        more = escape(f"{provision.id} {course.instruments[provision.instrument].name}", quote=True)
        return self.rule(
            provision, f'id="{anchor(provision.id)}" data-force="{soft}" data-more="{more}"'
        )


class LawFamily(LawPage):
    """The instruments of one family, each rule in full."""

    required_arguments = 1
    has_content = False

    def run(self) -> list[nodes.Node]:
        family = self.arguments[0]
        if family not in FAMILIES:
            raise self.error(f"no family `{family}`; there are: {', '.join(FAMILIES)}")
        return self.instruments(course_of(self.env), family)


def family_of(course: Course, provision: Provision) -> str:
    """The family of the provision's instrument; empty where it has none."""
    return course.instruments[provision.instrument].family


def heading(instrument: Instrument) -> str:
    """A name that says what it is: our own, else the full name where the short one is letters."""
    ours = catalogue().get(f"treaty-{instrument.key}")
    if ours:
        return ours
    letters = _LETTERS.fullmatch(instrument.short) and len(instrument.name) <= _LONG
    return instrument.name if letters else instrument.short


def instrument_facts(instrument: Instrument) -> str:
    """Name, kind and dates in one line."""
    facts = [instrument.name, instrument.nature]
    adopted, in_force = spoken(instrument.adopted), spoken(instrument.in_force)
    facts += [say("adopted", date=adopted)] if adopted else []
    facts += [say("in-force", date=in_force)] if in_force else []
    facts += [say("kept-by", depositary=instrument.depositary)] if instrument.depositary else []
    facts += [say("cited-as", short=instrument.short)]
    return ". ".join(fact[:1].upper() + fact[1:] for fact in facts) + "."


def spoken(date: str) -> str:
    """A date as people write it: `2000-11-15` is 15 November 2000, `2007-01` January 2007."""
    year, *rest = date.split("-")
    if not rest:
        return year
    month = calendar.month_name[int(rest[0])]
    return " ".join([*(str(int(day)) for day in rest[1:]), month, year])


def force_chip(provision: Provision) -> str:
    """What kind of text it is, and how far it binds: in words, never by colour alone."""
    how = standing(provision)
    told = say(f"standing-{how}")
    said = provision.force == "non-binding"  # the kind of text says it already
    label = told.capitalize() if said else f"{provision.force.capitalize()}: {told}"
    return f'<span class="cx-force cx-force-{how}">{escape(label)}</span>'


def labelled(label: str, text: str) -> nodes.paragraph:
    line = nodes.paragraph()
    line += nodes.inline("", f"{label}: ", classes=["cx-uses-how"])
    line += nodes.Text(text)
    return line


def select(name: str, label: str, choices: Iterable[tuple[str, str]]) -> str:
    """A labelled list to choose from."""
    options = "".join(
        f'<option value="{escape(value, quote=True)}">{escape(text)}</option>'
        for value, text in choices
    )
    return (
        f'<label class="cx-field"><span>{escape(label)}</span>'
        f'<select name="{name}">{options}</select></label>'
    )


def _write_words(app: Sphinx, error: Exception | None) -> None:
    """A script, since a page that is opened from a disk may not read other files."""
    if error is not None or app.builder.format != "html":
        return
    course = course_of(app.env)
    texts = {anchor(p.id): f"{p.paraphrase} {p.mistake}".strip() for p in course.law.values()}
    folder = Path(app.outdir) / "_static" / "crossings"
    folder.mkdir(parents=True, exist_ok=True)
    script = f"window.crossingsLawWords = {json.dumps(texts, ensure_ascii=True)};\n"
    (folder / WORDS).write_text(script, encoding="utf-8")


def _filter(count: int, words: str) -> str:
    """The form above the rules; the script shows it, since it does nothing without."""
    forces = [("", say("filter-all")), ("binding", say("filter-binding"))]
    forces.append(("soft", say("filter-soft")))
    told = escape(say("filter-count", n="{n}", all=count), quote=True)
    none = escape(say("filter-none"), quote=True)
    return (
        f'<form class="cx-filter" {MARK}="filter" aria-label="{escape(say("filter"))}" hidden '
        f'data-count="{told}" data-none="{none}" data-words="{words}">'
        f'<label class="cx-field cx-field-wide"><span>{escape(say("filter-words"))}</span>'
        '<input type="search" name="words" autocomplete="off" spellcheck="false"></label>'
        f"{select('force', say('filter-standing'), forces)}"
        '<p role="status" class="cx-filter-count"></p></form>'
    )
