"""What must be true of a course that loads: every objective taught, practised and assessed; every
item used; every case sound. `./course check` runs this after loading."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from crossings.cases.check import problems as case_problems
from crossings.curriculum.load import Reading, read_with_lines
from crossings.curriculum.model import Course, Module
from crossings.curriculum.problem import Problem, relative
from crossings.curriculum.unfinished import unfinished

_NEEDED = {
    "taught": "name it in the `{objectives}` of a chapter that teaches it",
    "practised": "add an item with it to a chapter quiz, or name it in a case",
    "assessed": "add an item with it to the post-test, a worksheet or a notebook assignment",
}


def check_files(root: Path) -> tuple[Course | None, tuple[Problem, ...]]:
    """Load and check in one reading: the course, and its problems. What must be true of a course
    as a whole is asked only where every reference resolves."""
    course, reading = read_with_lines(root)
    if course is None or reading.problems:
        return course, tuple(sorted(set(reading.problems)))
    return course, _checked(course, reading)


def check(course: Course) -> tuple[Problem, ...]:
    """The problems of a course whose references all resolve, sorted by file and line. Its files
    are read once more, since the `Course` itself has no line numbers."""
    return _checked(course, read_with_lines(course.root)[1])


def _checked(course: Course, reading: Reading) -> tuple[Problem, ...]:
    found: list[Problem] = []
    for module in course.modules.values():
        found.extend(check_module(course, module, reading))
        found.extend(_cases(module, reading))
    return tuple(sorted(set(found)))


def check_module(course: Course, module: Module, reading: Reading) -> Iterator[Problem]:
    """The problems of a module without the plays of its cases, which take longer."""
    yield from _alignment(course, module, reading)
    yield from _unused(course, module, reading)
    yield from _chapters(course, module)
    yield from unfinished(module, course.root, reading)


def _alignment(course: Course, module: Module, reading: Reading) -> Iterator[Problem]:
    for index, objective in enumerate(module.file.objectives):
        hows = {use.how for use in course.objective_uses.get(objective.id, ())}
        place = reading.place(f"{module.id}/module", "objectives", index)
        for how, hint in _NEEDED.items():
            if how not in hows:
                yield Problem(*place, f"objective {objective.id} is not {how}", hint)


def _unused(course: Course, module: Module, reading: Reading) -> Iterator[Problem]:
    used = set(module.file.tests.pre) | set(module.file.tests.post)
    used |= {s.item for d in module.drills.values() for s in d.steps}
    used |= {i for w in module.worksheets.values() for i in w.item_ids}
    for other in course.modules.values():
        for chapter in other.chapters:
            used |= {t.removeprefix(f"{module.id}/") for t in chapter.targets("quiz")}
    for index, id_ in enumerate(module.items):
        if id_ not in used:
            place = reading.place(f"{module.id}/items", index)
            yield Problem(
                *place,
                f"item `{id_}` is used nowhere",
                "put it in a quiz, a test, a drill or a worksheet, or take it out",
            )


def _chapters(course: Course, module: Module) -> Iterator[Problem]:
    for chapter in module.chapters:
        file = relative(chapter.path, course.root)
        if not chapter.minutes:
            yield Problem(
                file,
                1,
                "the chapter has no reading time",
                "add `crossings: {minutes: 20}` to its front matter",
            )
        if not chapter.targets("objectives"):
            yield Problem(
                file,
                1,
                "the chapter names no objective",
                "add the directive `{objectives}` with the ids it teaches",
            )
        if not chapter.targets("quiz"):
            yield Problem(file, 1, "the chapter has no quiz", "add the directive `{quiz}`")


def _cases(module: Module, reading: Reading) -> Iterator[Problem]:
    for case in module.cases.values():
        for defect in case_problems(case):
            place = reading.place(f"{module.id}/cases/{case.id}", *defect.path)
            yield Problem(*place, defect.message, defect.hint)
