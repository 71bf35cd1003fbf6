"""What must be true of a course that loads: every objective taught, practised and assessed; every
item used; every case sound. `./course check` runs this after loading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from crossings.cases.check import problems as case_problems
from crossings.cases.checks.words import Words
from crossings.cases.explore import BOUND, DEEP
from crossings.cases.model import Case
from crossings.curriculum import alignment, arrivals, convention, copied, finder
from crossings.curriculum.chapters import listed_words
from crossings.curriculum.files import Document
from crossings.curriculum.load import Reading, read_with_lines
from crossings.curriculum.model import Course, Module
from crossings.curriculum.problem import Problem, nearest, relative
from crossings.curriculum.proofs import keeper
from crossings.curriculum.references import found_in, split, strip_pin
from crossings.curriculum.unfinished import unfinished
from crossings.tabletop.check import problems as tabletop_problems

_EVERYWHERE: tuple[alignment.How, ...] = ("taught", "practised", "assessed")
"""Asked of every objective; `drilled` of those in a module with the full convention."""
_REMARK = re.compile(r"(?:^|\s)#")
_MISCONCEPTION = re.compile(r"\bMC-\w+")


def check_files(root: Path, deep: bool = False) -> tuple[Course | None, tuple[Problem, ...]]:
    """Load and check in one reading: the course, and its problems. What must be true of a course
    as a whole is asked only where every reference resolves. `deep` takes minutes to prove of
    large cases what the quick check leaves open."""
    course, reading = read_with_lines(root)
    if course is None or reading.problems:
        return course, tuple(sorted(set(reading.problems)))
    return course, _checked(course, reading, DEEP if deep else BOUND)


def check_one(root: Path, reference: str, deep: bool = False) -> tuple[Problem, ...]:
    """As `check_files`, for the case `<module>/<id>` alone: other files may be broken."""
    course, reading = read_with_lines(root)
    name, id_ = reference.split("/")
    file = relative(root / "modules" / name / "cases" / f"{id_}.yml", root)
    found = {p for p in reading.problems if p.file == file}
    module = course.modules.get(name) if course else None
    if course is not None and module is not None and id_ in module.cases and not found:
        alone = module.model_copy(update={"cases": {id_: module.cases[id_]}})
        every = [*check_module(course, module, reading)]
        every += _cases(course, alone, reading, DEEP if deep else BOUND)
        found = {p for p in every if p.file == file}
        found |= set(copied.problems(root, alone.path / "cases" / f"{id_}.yml"))
    elif module is None:
        plan = file.rsplit("/cases/", 1)[0] + "/module.yml"
        found |= {p for p in reading.problems if p.file == plan}
    return tuple(sorted(found))


def check(course: Course) -> tuple[Problem, ...]:
    """The problems of a course whose references all resolve, sorted by file and line. Its files
    are read once more, since the `Course` itself has no line numbers."""
    return _checked(course, read_with_lines(course.root)[1], BOUND)


def _checked(course: Course, reading: Reading, bound: int) -> tuple[Problem, ...]:
    found: list[Problem] = [p for p in arrivals.problems(course, reading) if not p.fails]
    found.extend(finder.problems(course, reading))
    found.extend(copied.problems(course.root))
    for module in course.modules.values():
        found.extend(check_module(course, module, reading))
        found.extend(_cases(course, module, reading, bound))
    return tuple(sorted(set(found)))


def check_module(course: Course, module: Module, reading: Reading) -> Iterator[Problem]:
    """The problems of a module without the plays of its cases, which take longer."""
    yield from _alignment(course, module, reading)
    yield from _unused(course, module, reading)
    yield from _chapters(course, module)
    yield from _on_no_page(course, module, reading)
    yield from _without_place(module, course.root, reading)
    yield from _tabletops(module, course.root, reading)
    yield from unfinished(module, course.root, reading)
    yield from convention.problems(course, module, reading)


def _alignment(course: Course, module: Module, reading: Reading) -> Iterator[Problem]:
    for index, how in alignment.holes(course, module):
        if how in _EVERYWHERE:
            place = reading.place(f"{module.id}/module", "objectives", index)
            name = module.file.objectives[index].id
            yield Problem.at(place, f"objective {name} is not {how}", alignment.NEEDED[how])


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
            yield Problem.at(
                place,
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


def _on_no_page(course: Course, module: Module, reading: Reading) -> Iterator[Problem]:
    shown = {
        (owner.id, name)
        for other in course.modules.values()
        for chapter in other.chapters
        for owner, name in (split(course, other, t) for t in chapter.targets("case"))
    }
    for id_ in module.cases:
        if (module.id, id_) not in shown:
            message = "no chapter names this case: learners will not find it"
            hint = f"put the directive ```{{case}} {id_} into a chapter of {module.id}"
            place = reading.place(f"{module.id}/cases/{id_}", "id")
            found = Problem.at(place, message, hint, "case-on-no-page")
            yield replace(found, severity="warning")


def _without_place(module: Module, root: Path, reading: Reading) -> Iterator[Problem]:
    """A source is cited with the place that says it, so that a reader can look it up."""
    for key, document in reading.documents.items():
        if not key.startswith(f"{module.id}/") or key.endswith("/module"):
            continue
        for where, source in found_in(document.data, "sources"):
            if source == strip_pin(source):
                message = f"`{source}` is cited without a place"
                hint = f"name the section, paragraph or page that says it, as in `{source} 12`"
                found = Problem.at(document.place(root, where), message, hint, "source-place")
                yield replace(found, severity="warning")


def _tabletops(module: Module, root: Path, reading: Reading) -> Iterator[Problem]:
    words = listed_words(root)
    for drill in module.drills.values():
        if drill.tabletop is None:
            continue
        document = reading.documents[f"{module.id}/drills/{drill.id}"]
        for defect in tabletop_problems(drill.tabletop, drill.minutes, words):
            place = document.place(root, ("tabletop", *defect.path))
            found = Problem.at(place, defect.message, defect.hint, defect.code)
            yield replace(found, severity=defect.severity)


def _cases(course: Course, module: Module, reading: Reading, bound: int) -> Iterator[Problem]:
    words = listed_words(course.root)
    for case in module.cases.values():
        document = reading.documents[f"{module.id}/cases/{case.id}"]
        yield from _case(case, document, course.root, words, bound)
        yield from _remarks(course, document.path)


def check_case(case: Case, document: Document, root: Path, bound: int = BOUND) -> Iterator[Problem]:
    """What the checks of cases say of one, with the places in its file."""
    return _case(case, document, root, listed_words(root), bound)


def _case(
    case: Case, document: Document, root: Path, words: Words | None, bound: int
) -> Iterator[Problem]:
    for defect in case_problems(case, words, bound, keeper(root)):
        found = Problem.at(document.place(root, defect.path), defect.message, defect.hint)
        yield replace(found, code=defect.code, severity=defect.severity)


def _remarks(course: Course, path: Path) -> Iterator[Problem]:
    """Remarks such as `# MC-052` name the misconception that an option stands for."""
    file = relative(path, course.root)
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        remark = _REMARK.search(line)
        for name in _MISCONCEPTION.finditer(line, remark.start()) if remark else ():
            if name.group() not in course.misconceptions:
                message = f"no misconception `{name.group()}`"
                hint = nearest(name.group(), course.misconceptions)
                yield Problem(
                    file, number, message, hint, name.start() + 1, "unknown-misconception"
                )
