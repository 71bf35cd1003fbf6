"""What a learner does in a page: quiz, case; and the cards that lead to worksheet and drill."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from crossings.book.source import course_of, module_of
from crossings.curriculum.indicators import FOLDER, read_indicators
from crossings.curriculum.references import split
from crossings.player.documents import (
    INDICATORS_STYLE,
    Payload,
    activity,
    case_payload,
    mount,
    progress_payload,
    quiz_payload,
)
from crossings.player.indicators import indicators_mount

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from crossings.curriculum.model import Course, Module

TEST_TITLES = {"pre": "Before the module: what do you know?", "post": "After the module: test"}


def setup(app: Sphinx) -> None:
    app.add_directive("quiz", Quiz)
    app.add_directive("case", CaseHere)
    app.add_directive("worksheet", WorksheetCard)
    app.add_directive("exercise", ExerciseCard)
    app.add_directive("drill", DrillCard)
    app.add_directive("progress", ProgressHere)
    app.add_directive("indicators", IndicatorsHere)


def place(env: BuildEnvironment, payload: Payload) -> nodes.raw:
    """Where the player draws, with its data beside it in the page."""
    return nodes.raw("", mount({**payload, "links": chapter_links(env)}), format="html")


def chapter_links(env: BuildEnvironment) -> dict[str, str]:
    """Addresses of chapters (`module/chapter`) seen from this page: for "what to read again"."""
    builder = env.app.builder
    return {
        f"{module.id}/{chapter.id}": builder.get_relative_uri(
            env.docname, f"modules/{module.id}/{chapter.id}"
        )
        for module in course_of(env).modules.values()
        for chapter in module.chapters
    }


class _Activity(SphinxDirective):
    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar = {"title": directives.unchanged}

    def module(self) -> Module:
        """The page's own module, else the first of the course."""
        own = module_of(self.env)
        return own or next(iter(course_of(self.env).modules.values()))


class Quiz(_Activity):
    """`{quiz} id id …`, or `{quiz} pre` and `{quiz} post` for the module's tests."""

    def run(self) -> list[nodes.Node]:
        argument = self.arguments[0].replace(",", " ").split()
        title = self.options.get("title", TEST_TITLES.get(argument[0], "Check yourself"))
        course, page = course_of(self.env), self.env.docname.rsplit("/", 1)[-1]
        return [place(self.env, quiz_of(course, self.module(), page, argument, title))]


def quiz_of(
    course: Course, module: Module, page: str, argument: Sequence[str], title: str
) -> Payload:
    """The quiz that stands on `page` with this argument: item ids, or `pre` or `post`."""
    if len(argument) == 1 and argument[0] in TEST_TITLES:
        tests = module.file.tests
        ids = list(tests.pre if argument[0] == "pre" else tests.post)
    else:
        ids = [split(course, module, a)[1] for a in argument]
        module = split(course, module, argument[0])[0]
    return quiz_payload(course, module.id, ids, title, f"{page}/{argument[0]}")


class ProgressHere(_Activity):
    """`{progress}`: every case and quiz of the book, and what this browser keeps of them."""

    required_arguments = 0

    def run(self) -> list[nodes.Node]:
        groups = [
            (module.file.title, list(self.activities(module)))
            for module in course_of(self.env).modules.values()
        ]
        return [place(self.env, progress_payload(groups))]

    def activities(self, module: Module) -> Iterator[Payload]:
        course, builder = course_of(self.env), self.env.app.builder
        for chapter in module.chapters:
            page = f"modules/{module.id}/{chapter.id}"
            href = builder.get_relative_uri(self.env.docname, page)
            for ids in chapter.quizzes():
                title = TEST_TITLES.get(ids[0], f"Questions: {chapter.title}")
                yield activity(quiz_of(course, module, chapter.id, ids, title), href)
            for name in chapter.targets("case"):
                owner, case = split(course, module, name)
                kept = {
                    "kind": "case",
                    "ref": f"{owner.id}/{case}",
                    "title": owner.cases[case].title,
                }
                yield activity(kept, href)


class IndicatorsHere(_Activity):
    """`{indicators}`: the tool that shows how signs combine; without a script it is a table."""

    required_arguments = 0

    def run(self) -> list[nodes.Node]:
        up = "../" * self.env.docname.count("/")
        look = f'<link rel="stylesheet" href="{up}_static/crossings/{INDICATORS_STYLE}">'
        made = indicators_mount(read_indicators(Path(self.env.srcdir)))
        self.env.note_dependency(str(Path(self.env.srcdir) / FOLDER / "indicators.csv"))
        return [nodes.raw("", look + made, format="html")]


class CaseHere(_Activity):
    """`{case} id`."""

    def run(self) -> list[nodes.Node]:
        course = course_of(self.env)
        module, name = split(course, self.module(), self.arguments[0].strip())
        ref = f"{module.id}/{name}"
        return [place(self.env, case_payload(course, ref))]


def card(kind: str, label: str, title: str, lines: list[str], href: str, action: str) -> nodes.raw:
    """A card that leads to the learner site; `book.js` says so where there is none."""
    body = "".join(f"<p>{html.escape(line)}</p>" for line in lines if line)
    return nodes.raw(
        "",
        f'<aside class="cx-band cx-band-{kind}"><p class="cx-band-kind">{html.escape(label)}</p>'
        f'<p class="cx-band-title">{html.escape(title)}</p>{body}'
        f'<p class="cx-band-go"><a class="cx-button" data-site href="{html.escape(href)}">'
        f"{html.escape(action)}</a></p></aside>",
        format="html",
    )


class WorksheetCard(_Activity):
    def run(self) -> list[nodes.Node]:
        module, name = split(course_of(self.env), self.module(), self.arguments[0].strip())
        sheet = module.worksheets[name]
        lines = [f"About {sheet.minutes} minutes. Marked: you get points and reasons back."]
        href = f"/work/{module.id}/{name}"
        return [card("worksheet", "Worksheet", sheet.title, lines, href, "Open the worksheet")]


class ExerciseCard(_Activity):
    def run(self) -> list[nodes.Node]:
        name = self.arguments[0].strip()
        lines = ["A notebook for those who work with data (pandas and matplotlib)."]
        href = f"/work/notebook/{name}"
        title = name.replace("-", " ").capitalize()
        return [card("worksheet", "Data notebook", title, lines, href, "Get the notebook")]


class DrillCard(_Activity):
    def run(self) -> list[nodes.Node]:
        module, name = split(course_of(self.env), self.module(), self.arguments[0].strip())
        drill = module.drills[name]
        lines = [f"With your class, about {drill.minutes} minutes. Your trainer shows a code."]
        return [card("drill", "Live drill", drill.title, lines, "/drill/", "Join with a code")]
