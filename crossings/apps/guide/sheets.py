"""What the staff's guide says, drawn by `page.html`; everything is escaped there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import mistune
from markupsafe import Markup

from crossings.curriculum.guide import HEADINGS, SHEETS
from crossings.curriculum.model import Course, Drill, Module, Worksheet
from crossings.curriculum.prose import Prose, read_aloud
from crossings.curriculum.references import split
from crossings.curriculum.rubrics import Rubric, person_cells, rubric_of
from crossings.drills.script import Script, script
from crossings.items.model import PICKED, Item

_markdown = mistune.create_markdown(escape=True, plugins=["table"])
_TITLE = re.compile(r"^(?::{3,}|`{3,})\{[a-z]+\}\s*(.*)$", re.M)
_OPTION = re.compile(r"^:[a-z]+:.*$", re.M)


@dataclass(frozen=True)
class Marked:
    """One question and all that a marker needs."""

    name: str
    stem: str
    points: float
    key: tuple[str, ...]
    rationale: str
    model_answer: str
    rubric: Rubric | None
    criteria: tuple[tuple[str, float], ...]
    law: tuple[str, ...]


def page(course: Course, module: Module) -> str:
    """The whole file."""
    return _template().render(
        module=module,
        plan=list(_plan(course, module)),
        sheets=[(s, list(_sheet(course, module, s))) for s in module.worksheets.values()],
        notebooks=list(_notebooks(course, module)),
        drills=[
            (d, script(course, f"{module.id}/{d.id}"), _case(course, module, d))
            for d in module.drills.values()
        ],
        law=lambda ids: _law(course, ids),
        key=key,
        choices=_choices,
    )


def key(item: Item) -> tuple[str, ...]:
    """The right answer in words, a line for each part."""
    if item.kind in PICKED or item.kind == "single":
        return tuple(o.text for o in item.options if o.correct)
    if item.kind == "order":
        return tuple(f"{n}. {o.text}" for n, o in enumerate(item.options, start=1))
    if item.kind in ("match", "grid"):
        targets = {t.id: t.text for t in item.targets}
        return tuple(f"{o.text} → {targets[str(o.target)]}" for o in item.options)
    if item.kind == "number":
        within = f" (± {item.tolerance:g})" if item.tolerance else ""
        return (f"{item.answer:g} {item.unit or ''}".strip() + within,)
    return tuple(item.accept)


def _plan(course: Course, module: Module) -> Iterator[tuple[str, Markup]]:
    """The sections of the public guide that a trainer reads in class, with sheets left to the
    public page, which prints them."""
    if module.guide is None:
        return
    prose = Prose.read(module.guide.path)
    for title in HEADINGS:
        section = prose.section(title)
        if section.strip() and title not in SHEETS:
            yield title, _said(course, section)


def _said(course: Course, text: str) -> Markup:
    """Markdown of a page, with citations as words."""

    def cited(found: re.Match[str]) -> str:
        rule = course.law.get(found.group(1).strip())
        return f"{course.instruments[rule.instrument].short}, {rule.article}" if rule else found[1]

    plain = re.sub(r"\{law\}`([^`<]+)`", cited, text)
    plain = re.sub(r"\{src\}`([^`<]+)`", r"(\1)", plain)
    plain = re.sub(r"\{[a-z-]+\}`([^`<]*?)\s*(?:<[^>]*>)?`", r"\1", plain)
    plain = _OPTION.sub("", _TITLE.sub(r"**\1**\n", plain))
    return Markup(_markdown(re.sub(r"^(?::{3,}|`{3,})\s*$", "", plain, flags=re.M)))


def _sheet(course: Course, module: Module, sheet: Worksheet) -> Iterator[Marked]:
    for id_ in sheet.item_ids:
        item = module.items[id_]
        yield Marked(
            name=item.id,
            stem=item.stem,
            points=item.points,
            key=key(item),
            rationale=item.rationale,
            model_answer=item.model_answer or "",
            rubric=rubric_of(course, f"{module.id}/{item.id}"),
            criteria=tuple((c.text, c.points) for c in item.rubric),
            law=_law(course, item.cites),
        )


def _notebooks(course: Course, module: Module) -> Iterator[tuple[str, list[Marked]]]:
    """What a person marks in the data notebooks of the module."""
    own = {o.id for o in module.file.objectives}
    for name, objectives in course.exercises.items():
        if own.isdisjoint(objectives):
            continue
        found = []
        for question, cell in person_cells(course.root / "exercises" / "source" / name):
            rubric = rubric_of(course, f"{name}/{question}")
            source = str(cell["source"])
            asked = Marked(question, source, cell["points"], (), "", "", rubric, (), ())
            found.append(asked)
        yield name, found


def _case(course: Course, module: Module, drill: Drill) -> Any:
    """The case of a case drill."""
    if drill.case is None:
        return None
    owner, name = split(course, module, drill.case)
    return owner.cases[name]


def _choices(plan: Script, index: int) -> list[tuple[str, bool]]:
    """What the class chooses from in a step of a quiz, and what is right."""
    item = plan.steps[index].item
    return [(o.text, o.correct) for o in item.options] if item is not None else []


def _law(course: Course, ids: tuple[str, ...]) -> tuple[str, ...]:
    rules = (course.law[i] for i in ids if i in course.law)
    return tuple(f"{course.instruments[r.instrument].short}, {r.article}" for r in rules)


@cache
def _template() -> jinja2.Template:
    folder = jinja2.FileSystemLoader(Path(__file__).parent, encoding="utf-8")
    made = jinja2.Environment(loader=folder, autoescape=True, undefined=jinja2.StrictUndefined)
    made.filters["prose"] = lambda text: Markup(_markdown(text))
    made.filters["plain"] = read_aloud
    return made.get_template("page.html")
