"""The convention of a whole module, point by point: what it has, what it needs, what to mend.

`points` is asked for any module (`./course check --module ID`); for one that declares
`convention: full` every point that is not met is a problem of `./course check`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crossings.cases.model import Case, Decision, Interview, Search, Triage
from crossings.curriculum import alignment, bank, chapters, guide, readability, terms
from crossings.curriculum.model import GUIDE, Course, Module
from crossings.curriculum.problem import Place, Problem, relative
from crossings.curriculum.prose import Prose

if TYPE_CHECKING:
    from crossings.curriculum.load import Reading

OBJECTIVES = range(7, 11)
CHAPTERS = 6
FIGURES = 2
CASES, DECISIONS = 4, 12
ITEMS, KINDS, ITEMS_EACH = 60, 7, 4
PRE, POST = 8, 10
WORKSHEETS = 2
NOTEBOOKS = 1
DRILL_KINDS = 2
TERMS = 12
VAGUE = frozenset({"know", "understand", "learn", "appreciate", "be aware", "be familiar"})
"""Verbs that nobody can see somebody do."""
CODE = "convention"


@dataclass(frozen=True)
class Point:
    """One thing that the convention asks of a module."""

    name: str
    has: str
    needs: str
    problems: tuple[Problem, ...] = ()

    @property
    def met(self) -> bool:
        return not any(problem.fails for problem in self.problems)


def problems(course: Course, module: Module, reading: Reading) -> Iterator[Problem]:
    """What the module lacks of the convention that it declares."""
    if module.file.convention == "chapters":
        yield from chapters.problems(course, module)
    elif module.file.convention == "full":
        for point in points(course, module, reading):
            yield from point.problems


def points(course: Course, module: Module, reading: Reading) -> tuple[Point, ...]:
    """Every point of the full convention, in the order in which one builds a module."""
    asked = _Asked(course, module, reading)
    return (
        asked.objectives(),
        asked.content_note(),
        asked.minutes(),
        asked.count(
            "chapters", "chapters", len(module.chapters), CHAPTERS, "add chapters, and list them"
        ),
        asked.shape(),
        asked.figures(),
        asked.language(),
        asked.count("glossary", "id", len(module.terms), TERMS, "explain words in glossary.yml"),
        asked.linked_terms(),
        asked.cases(),
        *asked.items(),
        asked.tests(),
        *asked.quality(),
        asked.count(
            "worksheets", "id", len(module.worksheets), WORKSHEETS, "docs/formats/worksheet.md"
        ),
        asked.notebooks(),
        asked.drills(),
        asked.alignment(),
        asked.guide(),
        asked.reviews(),
    )


def decision_points(case: Case) -> int:
    """Stops at which a player decides something."""
    kinds = (Decision, Interview, Search, Triage)
    return sum(isinstance(node, kinds) for node in case.nodes.values())


@dataclass(frozen=True)
class _Asked:
    course: Course
    module: Module
    reading: Reading

    def plan(self, *where: str | int) -> Place:
        return self.reading.place(f"{self.module.id}/module", *where)

    def count(self, name: str, field: str, has: int, needs: int, hint: str) -> Point:
        message = f"{has} of {needs} {name}"
        found = (Problem.at(self.plan(field), message, hint, CODE),)
        return Point(name, str(has), f"{needs} or more", found if has < needs else ())

    def objectives(self) -> Point:
        objectives = self.module.file.objectives
        found: list[Problem] = []
        needs = f"{OBJECTIVES.start} to {OBJECTIVES.stop - 1}, with a verb that can be seen"
        if len(objectives) not in OBJECTIVES:
            message = f"{len(objectives)} objectives"
            found.append(Problem.at(self.plan("objectives"), message, f"write {needs}", CODE))
        for index, objective in enumerate(objectives):
            verb = objective.verb.lower()
            if verb in VAGUE:
                message, hint = f"nobody can see somebody {verb}", "weigh, refer, explain, decide …"
            elif not objective.text.lower().startswith(verb):
                message = f"{objective.id} does not begin with its verb “{objective.verb}”"
                hint = "begin `text` with the verb"
            else:
                continue
            place = self.plan("objectives", index, "verb")
            found.append(Problem.at(place, message, hint, CODE))
        return Point("objectives", str(len(objectives)), needs, tuple(found))

    def content_note(self) -> Point:
        has = self.module.file.content_note is not None
        hint = "write `content_note`: what may be hard to read, and that one may stop"
        found = (Problem.at(self.plan("id"), "the module has no content note", hint, CODE),)
        return Point("content note", "yes" if has else "no", "yes", () if has else found)

    def minutes(self) -> Point:
        read = sum(chapter.minutes for chapter in self.module.chapters)
        total = self.module.file.minutes
        hint = "`minutes` holds reading, cases, drills and worksheets"
        message = f"{total} minutes for a module whose chapters take {read}"
        found = (Problem.at(self.plan("minutes"), message, hint, CODE),)
        return Point("minutes", str(total), f"more than {read}", () if total > read else found)

    def shape(self) -> Point:
        found = tuple(sorted(set(chapters.problems(self.course, self.module))))
        return self.pages("shape of chapters", found)

    def pages(self, name: str, found: tuple[Problem, ...]) -> Point:
        """A point whose problems stand in chapters."""
        wrong = {p.file for p in found if p.fails}
        many = len(self.module.chapters)
        good = many - sum(self.file(c.path.name) in wrong for c in self.module.chapters)
        return Point(name, f"{good} of {many} chapters", "all", found)

    def file(self, name: str) -> str:
        return relative(self.module.path / name, self.course.root)

    def prose(self) -> Iterator[tuple[str, Prose]]:
        for chapter in self.module.chapters:
            yield relative(chapter.path, self.course.root), Prose.read(chapter.path)

    def figures(self) -> Point:
        has = sum(len(prose.figures) for _, prose in self.prose())
        return self.count("figures", "chapters", has, FIGURES, "draw or plot something that helps")

    def language(self) -> Point:
        found = []
        for file, prose in self.prose():
            for line, message, hint, fails in readability.too_hard(prose):
                problem = Problem(file, line, message, hint, 0, "readability")
                found.append(problem if fails else replace(problem, severity="warning"))
        return self.pages("plain language", tuple(found))

    def linked_terms(self) -> Point:
        found = tuple(
            Problem(file, line, message, hint, 0, "term")
            for file, prose in self.prose()
            for line, message, hint in terms.unlinked(self.module, prose)
        )
        return self.pages("terms linked", found)

    def cases(self) -> Point:
        sizes = {name: decision_points(case) for name, case in self.module.cases.items()}
        found = []
        for name, size in sizes.items():
            if size < DECISIONS:
                place = self.reading.place(f"{self.module.id}/cases/{name}", "nodes")
                message = f"the case has {size} of {DECISIONS} decision points"
                hint = "decisions, interviews, searches and triages count"
                found.append(Problem.at(place, message, hint, CODE))
        if len(sizes) < CASES:
            hint = f"./course new case ID --module {self.module.id}"
            message = f"{len(sizes)} of {CASES} cases"
            found.append(Problem.at(self.plan("id"), message, hint, CODE))
        has = f"{len(sizes)}" + (f", smallest {min(sizes.values())}" if sizes else "")
        return Point("cases", has, f"{CASES}, of {DECISIONS} decision points", tuple(found))

    def items(self) -> Iterator[Point]:
        items = self.module.items.values()
        hint = f"./course new item ID --module {self.module.id} --kind single"
        yield self.count("items", "id", len(items), ITEMS, hint)
        kinds = len({item.kind for item in items})
        yield self.count("kinds of items", "id", kinds, KINDS, "docs/formats/item.md has nine")
        each = Counter(objective for item in items for objective in item.objectives)
        found = []
        for index, objective in enumerate(self.module.file.objectives):
            if each[objective.id] < ITEMS_EACH:
                message = f"{objective.id} has {each[objective.id]} of {ITEMS_EACH} items"
                place = self.plan("objectives", index)
                found.append(Problem.at(place, message, hint, CODE))
        fewest = min((each[o.id] for o in self.module.file.objectives), default=0)
        yield Point(
            "items of each objective", f"{fewest} or more", f"{ITEMS_EACH} or more", tuple(found)
        )

    def tests(self) -> Point:
        tests = self.module.file.tests
        found = []
        for name, ids, needed in (("pre", tests.pre, PRE), ("post", tests.post, POST)):
            if len(ids) < needed:
                message = f"the {name}-test has {len(ids)} of {needed} items"
                place = self.plan("tests", name)
                found.append(Problem.at(place, message, "name items in `tests`", CODE))
            items = (self.module.items[i] for i in ids if i in self.module.items)
            asked = {objective for item in items for objective in item.objectives}
            for objective in self.module.file.objectives:
                if objective.id not in asked:
                    message = f"the {name}-test does not ask {objective.id}"
                    hint = "both tests ask every objective, so that they can be compared"
                    found.append(Problem.at(self.plan("tests", name), message, hint, CODE))
        has = f"{len(tests.pre)} and {len(tests.post)} items"
        return Point("pre- and post-test", has, f"{PRE} and {POST}, all objectives", tuple(found))

    def quality(self) -> Iterator[Point]:
        for name, has, needs, found in bank.judged(self.module, self.reading):
            yield Point(name, has, needs, found)

    def notebooks(self) -> Point:
        own = [
            name
            for name, objectives in self.course.exercises.items()
            if any(o.id in objectives for o in self.module.file.objectives)
        ]
        hint = "exercises/source/<name>/<name>.ipynb; its metadata names objectives of this module"
        point = self.count("data notebooks", "id", len(own), NOTEBOOKS, hint)
        shown = {name for c in self.module.chapters for name in c.targets("exercise")}
        missing = tuple(
            Problem.at(
                self.plan("chapters"),
                f"no chapter names the data notebook `{name}`",
                f"put the directive ```{{exercise}} {name} into a chapter",
                CODE,
            )
            for name in own
            if name not in shown
        )
        return replace(point, problems=(*point.problems, *missing))

    def drills(self) -> Point:
        kinds = sorted({drill.kind for drill in self.module.drills.values()})
        hint = "docs/formats/drill.md: quiz, triage, case, tabletop"
        point = self.count("kinds of live drills", "id", len(kinds), DRILL_KINDS, hint)
        return replace(point, has=", ".join(kinds) or "0")

    def alignment(self) -> Point:
        holes = tuple(alignment.holes(self.course, self.module))
        objectives = self.module.file.objectives
        found = tuple(
            Problem.at(
                self.plan("objectives", place),
                f"objective {objectives[place].id} is not {how}",
                alignment.NEEDED[how],
            )
            for place, how in holes
        )
        has = f"{len(holes)} holes" if holes else "no hole"
        return Point("alignment", has, "no hole", found)

    def guide(self) -> Point:
        found = tuple(
            Problem(self.file(f"{GUIDE}.md"), line, message, hint, 0, "guide")
            for line, message, hint in guide.problems(self.course, self.module)
        )
        has = (
            "no" if self.module.guide is None else f"yes, {len(found)} to mend" if found else "yes"
        )
        return Point("trainer's guide", has, "yes, with its eight headings", found)

    def reviews(self) -> Point:
        records = sorted(self.course.root.glob(f"docs/reviews/{self.module.id}*.md"))
        hint = f"two readers of each text; write docs/reviews/{self.module.id}-….md"
        return self.count("review records", "id", len(records), 1, hint)


def lacking(found: Iterable[Point]) -> tuple[Point, ...]:
    """The points that are not met."""
    return tuple(point for point in found if not point.met)
