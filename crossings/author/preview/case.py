"""A case drawn straight from its YAML file: no Sphinx, no kernel."""

from __future__ import annotations

from pathlib import Path

from crossings.author.preview.desk import Reader
from crossings.author.preview.drawn import Drawn, Undrawn
from crossings.cases.graph import draw
from crossings.curriculum import Course, CourseError, Problem
from crossings.curriculum.cases import FoundCase, NoCaseError, find_case
from crossings.curriculum.references import dangling_in
from crossings.player.documents import case_payload


def draw_case(reader: Reader, reference: str) -> Drawn | Undrawn:
    """The payload of a case for the player, or why there is none."""
    title = reference.split("/")[1]
    try:
        found = find_case(reference, reader.root)
    except CourseError as error:
        return Undrawn(title, error.problems)
    except NoCaseError as error:
        return Undrawn(title, (_gone(reader.root, reference, str(error)),))
    desk = reader.desk(but_cases=True)
    module = found.reference.split("/")[0]
    if desk.course is None or module not in desk.course.modules:
        plan = f"modules/{module}/"
        broken = tuple(p for p in sorted(set(desk.reading.problems)) if p.file.startswith(plan))
        gone = Problem(f"{plan}module.yml", 0, "the module cannot be read", "mend or write it")
        return Undrawn(found.case.title, broken or (gone,))
    course = _with(desk.course, found)
    problems = tuple(dangling_in(course, found.source))
    return Drawn(found.case.title, case_payload(course, reference), problems)


def graph_of(reader: Reader, reference: str) -> str | None:
    """The graph as an SVG; None while the case cannot be read."""
    try:
        return draw(find_case(reference, reader.root).doc)
    except (CourseError, NoCaseError):
        return None


def _with(course: Course, found: FoundCase) -> Course:
    """The course with the case as it stands in its file now."""
    name = found.reference.split("/")[0]
    module = course.modules[name]
    cases = {**module.cases, found.case.id: found.case}
    modules = {**course.modules, name: module.model_copy(update={"cases": cases})}
    return course.model_copy(update={"modules": modules})


def _gone(root: Path, reference: str, message: str) -> Problem:
    module, id_ = reference.split("/")
    hint = f"write it: ./course new case {id_} --module {module}"
    return Problem(f"modules/{module}/cases/{id_}.yml", 0, message, hint)
