"""Boxes of a chapter: objectives, content note, at work, never, key points, source of a dataset;
and what a trainer prints: handouts and role cards."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from crossings.book.source import course_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx

MOST_WRITING_LINES = 40
"""More do not fit on a page."""


def setup(app: Sphinx) -> None:
    app.add_directive("objectives", Objectives)
    app.add_directive("content-note", ContentNote)
    app.add_directive("atwork", AtWork)
    app.add_directive("never", Never)
    app.add_directive("keypoints", KeyPoints)
    app.add_directive("dataset", DatasetLine)
    app.add_directive("handout", Handout)
    app.add_directive("rolecard", RoleCard)


def box(kind: str, title: str, *children: nodes.Node) -> nodes.container:
    """A box with a title, drawn by `cx-book.css`."""
    outer = nodes.container(classes=["cx-box", f"cx-box-{kind}"])
    heading = nodes.paragraph("", "", nodes.strong("", title), classes=["cx-box-title"])
    outer += heading
    outer.extend(children)
    return outer


class _Box(SphinxDirective):
    """A box with a body of Markdown; the argument, where given, is its title."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    kind: ClassVar[str]
    title: ClassVar[str]

    def run(self) -> list[nodes.Node]:
        made = box(self.kind, self.arguments[0] if self.arguments else self.title)
        self.state.nested_parse(self.content, self.content_offset, made)
        return [made]


class ContentNote(_Box):
    kind, title = "note", "Before you read"


class AtWork(_Box):
    kind, title = "work", "At work"

    def run(self) -> list[nodes.Node]:
        made = super().run()
        if self.arguments:
            made[0][0].insert(0, nodes.inline("", "At work", classes=["cx-box-kind"]))
        return made


class Never(_Box):
    kind, title = "never", "What you must never do"


class KeyPoints(_Box):
    kind, title = "key", "Key points"


class _Sheet(_Box):
    """What is printed and given out: on a sheet of its own in print, a card on the screen.
    `book.js` gives it a button to print. `lines` leaves room to write, as so many lines."""

    required_arguments, optional_arguments = 1, 0
    option_spec: ClassVar = {"lines": directives.nonnegative_int}
    label: ClassVar[str]

    def run(self) -> list[nodes.Node]:
        made = super().run()
        title = made[0][0]
        title.insert(0, nodes.inline("", self.label, classes=["cx-box-kind"]))
        for _ in range(min(self.options.get("lines", 0), MOST_WRITING_LINES)):
            made[0] += nodes.paragraph(classes=["cx-write"])
        return made


class Handout(_Sheet):
    """One page for each participant."""

    kind, title, label = "handout", "Handout", "Handout"


class RoleCard(_Sheet):
    """What one player of a role play reads, and nobody else; two print on a page."""

    kind, title, label = "rolecard", "Role card", "Role card"


class Objectives(SphinxDirective):
    """The objectives that the chapter teaches: ids as argument."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        known = course_of(self.env).objectives
        listing = nodes.bullet_list()
        for id_ in self.arguments[0].replace(",", " ").split():
            objective = known[id_]
            listing += nodes.list_item(
                "",
                nodes.paragraph(
                    "", "", nodes.inline("", id_, classes=["cx-id"]), nodes.Text(objective.text)
                ),
            )
        return [box("objectives", "After this chapter you can", listing)]


class DatasetLine(SphinxDirective):
    """Where a figure's data come from; says so when they are synthetic."""

    required_arguments = 1
    option_spec: ClassVar = {"note": directives.unchanged}
    has_content = True

    def run(self) -> list[nodes.Node]:
        from crossings.book.assets import dataset_uri

        dataset = course_of(self.env).datasets[self.arguments[0].strip()]
        line = nodes.paragraph(classes=["cx-dataset"])
        if dataset.synthetic:
            line += nodes.inline("", "Synthetic data", classes=["cx-synthetic"])
        line += nodes.Text("Data: ")
        uri = dataset_uri(self.env.docname, dataset)
        line += nodes.reference("", dataset.title, refuri=uri, internal=True)
        if dataset.synthetic:
            line += nodes.Text(" (invented by a program; no real people or places)")
        return [line]
