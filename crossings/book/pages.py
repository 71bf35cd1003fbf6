"""Pages made of the course: syllabus, glossary, bibliography. The law has its own rooms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from crossings.book.citations import anchor
from crossings.book.source import course_of
from crossings.curriculum.alignment import HOWS, matrix

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from crossings.curriculum.model import Course, Module, Source, Use

FOR_AUTHORS = "crossings_for_authors"
"""Setting of Sphinx: draw what authors look for and readers do not need."""


def setup(app: Sphinx) -> None:
    app.add_directive("syllabus", Syllabus)
    app.add_config_value(FOR_AUTHORS, False, "env", [bool])
    app.add_directive("course-glossary", CourseGlossary)
    app.add_directive("bibliography-list", BibliographyList)


class Page(SphinxDirective):
    """A directive that writes a page of the course: links, sections and uses."""

    has_content = True

    def link(self, docname: str, text: str) -> nodes.reference:
        """A link to another page of the book."""
        builder = self.env.app.builder
        uri = builder.get_relative_uri(self.env.docname, docname)
        return nodes.reference("", text, refuri=uri, internal=True)

    def used(self, use: Use) -> nodes.Node:
        """Where something is used: a link to the chapter that holds it, else its title."""
        module, _, name = use.where.partition("/")
        course = course_of(self.env)
        docname = _docname(course, course.modules[module], name, use.kind)
        return self.link(docname, use.title) if docname else nodes.Text(use.title)

    def uses(self, uses: Iterable[Use]) -> Iterator[nodes.Node]:
        """Uses as paragraphs, one a way of using: `Taught in: …`."""
        by_how = {how: [u for u in uses if u.how == how] for how in HOWS}
        for how, found in by_how.items():
            if not found:
                continue
            line = nodes.paragraph(classes=["cx-uses"])
            line += nodes.inline("", f"{how.capitalize()} in: ", classes=["cx-uses-how"])
            for index, use in enumerate(found):
                line += nodes.Text("; " if index else "")
                line += self.used(use)
            yield line

    def section(self, title: str, id_: str) -> nodes.section:
        made = nodes.section(ids=[id_])
        made += nodes.title("", title)
        return made


def _docname(course: Course, module: Module, name: str, kind: str) -> str | None:
    """The page on which a use stands."""
    folder = f"modules/{module.id}"
    if kind == "guide":
        return f"{folder}/{name}"
    for chapter in module.chapters:
        here = kind in ("chapter", "quiz") and chapter.id == name
        placed = kind in ("case", "worksheet", "drill", "exercise") and name in chapter.targets(
            kind
        )
        tested = kind == "test" and "post" in chapter.targets("quiz")
        if here or placed or tested:
            return f"{folder}/{chapter.id}"
    return None


class Syllabus(Page):
    """Modules with their chapters, minutes, and the alignment of every objective."""

    def run(self) -> list[nodes.Node]:
        return [self.module(m) for m in course_of(self.env).modules.values()]

    def module(self, module: Module) -> nodes.section:
        made = self.section(module.file.title, f"module-{module.id}")
        made += nodes.paragraph("", module.file.summary)
        has = (
            (module.chapters, "chapter"),
            (module.cases, "case"),
            (module.items, "question"),
            (module.worksheets, "worksheet"),
            (module.drills, "live drill"),
        )
        activities = ", ".join(f"{len(x)} {word}{'' if len(x) == 1 else 's'}" for x, word in has)
        text = f"About {module.file.minutes} minutes. {activities}."
        made += nodes.paragraph("", text, classes=["cx-facts"])
        made += self.chapters(module)
        made += nodes.rubric("", "What you will be able to do")
        made += self.matrix(module)
        made.extend(self.objective(module, index) for index in range(len(module.file.objectives)))
        return made

    def chapters(self, module: Module) -> nodes.Node:
        listing = nodes.enumerated_list()
        for chapter in module.chapters:
            line = nodes.paragraph()
            line += self.link(f"modules/{module.id}/{chapter.id}", chapter.title)
            line += nodes.inline("", f" {chapter.minutes} min", classes=["cx-minutes"])
            listing += nodes.list_item("", line)
        return listing

    def matrix(self, module: Module) -> nodes.Node:
        """Objective by objective, in how many places it is taught, practised, assessed, drilled."""
        rows = matrix(course_of(self.env), module)
        table = nodes.table(classes=["cx-matrix"])
        table += nodes.title(
            "", "In how many places each objective is worked on. The list below names them."
        )
        group = nodes.tgroup(cols=1 + len(HOWS))
        table += group
        widths = (2, *(1 for _ in HOWS))
        group.extend(nodes.colspec(colwidth=w, stub=int(not n)) for n, w in enumerate(widths))
        heads = ("Objective", *(how.capitalize() for how in HOWS))
        group += nodes.thead("", _row(nodes.Text(head) for head in heads))
        body = nodes.tbody()
        group += body
        for row in rows:
            id_ = row.objective.id
            name = nodes.reference("", id_, refid=f"objective-{id_.lower()}", internal=True)
            counts = (
                nodes.Text(str(len(row.where(how))) if row.where(how) else "none") for how in HOWS
            )
            body += _row((name, *counts))
        return table

    def objective(self, module: Module, index: int) -> nodes.Node:
        objective = module.file.objectives[index]
        made = nodes.container(classes=["cx-entry"], ids=[f"objective-{objective.id.lower()}"])
        title = nodes.paragraph(classes=["cx-entry-title"])
        title += nodes.inline("", objective.id, classes=["cx-id"])
        title += nodes.Text(objective.text)
        made += title
        made.extend(self.uses(course_of(self.env).objective_uses.get(objective.id, ())))
        return made


def _row(cells: Iterable[nodes.Node]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", cell)) for cell in cells))


class CourseGlossary(Page):
    """All modules' terms, in one alphabet; `{term}` links here."""

    def run(self) -> list[nodes.Node]:
        course = course_of(self.env)
        terms = [t for m in course.modules.values() for t in m.terms]
        lines = ["```{glossary}"]
        for term in sorted(terms, key=lambda t: t.term.lower()):
            # Names of treaties have commas in them: only a dot shows where the next one begins.
            cites = [f"{{law}}`{c}`" for c in term.cites] + [f"{{src}}`{s}`" for s in term.sources]
            meaning = " ".join(term.meaning.split())
            lines += [term.term, f"  {meaning} {' · '.join(cites)}".rstrip(), ""]
        lines.append("```")
        holder = nodes.container(classes=["cx-glossary"])
        self.state.nested_parse(StringList(lines, self.env.docname), self.content_offset, holder)
        return [holder]


class BibliographyList(Page):
    """Every source that the course cites."""

    def run(self) -> list[nodes.Node]:
        sources = course_of(self.env).sources.values()
        return [self.source(s) for s in sorted(sources, key=lambda s: (s.author, s.year, s.id))]

    def source(self, source: Source) -> nodes.Node:
        made = nodes.container(classes=["cx-entry"], ids=[anchor(source.id)])
        title = nodes.paragraph(classes=["cx-entry-title"])
        title += nodes.Text(f"{source.author} ({source.year}). ")
        title += nodes.emphasis("", source.title)
        made += title
        parts = (source.publisher, source.symbol, source.note.rstrip(" ."))
        rest = ". ".join(p for p in parts if p)
        made += nodes.paragraph("", f"{rest}. " if rest else "")
        made += nodes.paragraph("", f"Cited as {source.id}.", classes=["cx-fine"])
        return made
