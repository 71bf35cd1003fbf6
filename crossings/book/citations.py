"""Roles that cite: {law}`TIP-3c` and {src}`10PP-DAKAR SR3.7`.

Each becomes a link to the register or the bibliography, with what a card needs in its data
attributes: `cx-book.js` shows the card on hover, focus and tap. Without a script the link works.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util.docutils import SphinxRole

from crossings.book.source import course_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

    from crossings.curriculum.model import Course, Provision, Source

LAW_PAGE = "book/law"
SOURCES_PAGE = "book/sources"
_TITLED = re.compile(r"^(?P<title>.+?)\s*<(?P<target>[^<>]+)>$", re.S)


class cited(nodes.Inline, nodes.TextElement):  # type: ignore[misc]  # noqa: N801 - docutils style
    """A citation; attributes: page, anchor, card (a dict of data attributes), kind."""


def setup(app: Sphinx) -> None:
    app.add_node(cited, html=(_visit, _depart), latex=(_skip, _skip), text=(_skip, _skip))
    app.add_role("law", Law())
    app.add_role("src", Src())


def anchor(id_: str) -> str:
    """The HTML id of a register or bibliography entry."""
    return "cx-" + re.sub(r"[^a-z0-9]+", "-", id_.lower()).strip("-")


class _Cite(SphinxRole):
    def split(self) -> tuple[str | None, str]:
        match = _TITLED.match(self.text)
        if match is None:
            return None, self.text.strip()
        return match.group("title"), match.group("target").strip()

    def made(self, kind: str, page: str, id_: str, text: str, card: dict[str, str]) -> nodes.Node:
        return cited(self.rawtext, text, kind=kind, page=page, anchor=anchor(id_), card=card)


class Law(_Cite):
    """A provision of the law register."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        title, id_ = self.split()
        course = course_of(self.env)
        provision = course.law[id_]
        text = title or pinpoint(course, provision)
        page = law_page(course, provision)
        return [self.made("law", page, id_, text, law_card(course, provision))], []


class Src(_Cite):
    """A source of the bibliography, with a pinpoint."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        title, target = self.split()
        id_, _, pin = target.partition(" ")
        source = course_of(self.env).sources[id_]
        text = title or short_source(source, pin)
        return [self.made("src", SOURCES_PAGE, id_, text, source_card(source, pin))], []


def law_page(course: Course, provision: Provision) -> str:
    """The page on which a provision stands in full."""
    family = course.instruments[provision.instrument].family
    return f"{LAW_PAGE}/{family}" if family else LAW_PAGE


def pinpoint(course: Course, provision: Provision) -> str:
    """How a provision is named in text: `Trafficking Protocol, Art. 3(c)`."""
    return f"{course.instruments[provision.instrument].short}, {provision.article}"


def law_card(course: Course, provision: Provision) -> dict[str, str]:
    card = {
        "title": provision.title,
        "text": provision.paraphrase,
        "where": pinpoint(course, provision),
        "binds": provision.binds,
    }
    return card | ({"author": provision.author} if provision.author else {})


def short_source(source: Source, pin: str) -> str:
    """How a source is named in text: author and year, then the pinpoint."""
    author = re.split(r"[;,]| and ", source.author)[0].strip()
    found = re.search(r"\(([A-Z]{2,})\)", author)
    name = found.group(1) if found else author
    return f"{name} {source.year}" + (f", {pin}" if pin else "")


def source_card(source: Source, pin: str) -> dict[str, str]:
    text = ". ".join(p for p in (source.author, source.title, source.symbol) if p)
    return {"title": "Source", "text": f"{text}.", "where": f"{source.year}, {pin}".strip(", ")}


def _visit(self: HTML5Translator, node: Any) -> None:
    page = self.builder.get_relative_uri(self.builder.current_docname, node["page"])
    data = "".join(f' data-{k}="{html.escape(v, quote=True)}"' for k, v in node["card"].items())
    self.body.append(
        f'<a class="cx-cite cx-cite-{node["kind"]}" href="{page}#{node["anchor"]}"{data}>'
    )


def _depart(self: HTML5Translator, node: Any) -> None:
    self.body.append("</a>")


def _skip(self: Any, node: Any) -> None:
    """Other builders show the text alone."""
