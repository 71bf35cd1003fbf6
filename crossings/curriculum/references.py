"""Every reference in the course: those that lead nowhere, and the way back of those that do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from crossings.curriculum import finder
from crossings.curriculum.explained import CURLY
from crossings.curriculum.model import Chapter, Course, Drill, Module, Use
from crossings.curriculum.problem import Place, Problem, nearest, relative
from crossings.curriculum.register import FAMILIES
from crossings.curriculum.rubrics import problems as rubric_problems

if TYPE_CHECKING:
    from crossings.curriculum.files import Document
    from crossings.curriculum.load import Reading

Where = tuple[str | int, ...]
How = Literal["taught", "practised", "assessed", "drilled"]
UseKind = Literal["chapter", "quiz", "case", "test", "worksheet", "exercise", "drill", "guide"]

_FIELDS: Mapping[str, str] = {
    "cites": "provision in the law register",
    "sources": "source in the bibliography",
    "misconception": "misconception",
    "objectives": "objective",
}


def strip_pin(source: str) -> str:
    """The key of a source citation: `10PP-DAKAR SR3.7` cites `10PP-DAKAR`."""
    return source.split(" ", 1)[0]


def found_in(data: Any, field: str, where: Where = ()) -> Iterator[tuple[Where, str]]:
    """Every value of `field`, at any depth of plain data, with its place."""
    return ((place, value) for _, place, value in _named_in(data, (field,), where))


def _named_in(
    data: Any, fields: Collection[str], where: Where = ()
) -> Iterator[tuple[str, Where, str]]:
    """Every value of one of `fields`, with the field and the place: one walk for all of them."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            place = (*where, key)
            if key in fields and isinstance(value, str):
                yield key, place, value
            elif key in fields and isinstance(value, (list, tuple)):
                texts = ((n, v) for n, v in enumerate(value) if isinstance(v, str))
                yield from ((key, (*place, n), v) for n, v in texts)
            elif isinstance(value, (Mapping, list, tuple)):
                yield from _named_in(value, fields, place)
    elif isinstance(data, (list, tuple)):
        for index, value in enumerate(data):
            if isinstance(value, (Mapping, list, tuple)):
                yield from _named_in(value, fields, (*where, index))


def dangling(course: Course, reading: Reading) -> Iterator[Problem]:
    """References that lead nowhere, with file, line and the nearest names."""
    known = _known(course)
    for key, document in reading.documents.items():
        yield from _dangling(known, course.root, document, declares=key.endswith("/module"))
        yield from _unfinished(key, document.data, reading)
    yield from _table_problems(course, reading)
    yield from _exercise_problems(course)
    yield from rubric_problems(course, reading)
    for module in course.modules.values():
        yield from _module_problems(course, module, reading)
        for page in (*module.chapters, *([module.guide] if module.guide else [])):
            yield from _chapter_problems(course, module, page, reading)


def dangling_in(course: Course, document: Document, declares: bool = False) -> Iterator[Problem]:
    """As `dangling`, in one document; one that `declares` objectives names none."""
    return _dangling(_known(course), course.root, document, declares)


def _dangling(
    known: Mapping[str, set[str]], root: Path, document: Document, declares: bool
) -> Iterator[Problem]:
    fields = _FIELDS.keys() - {"objectives"} if declares else _FIELDS.keys()
    for field, where, value in _named_in(document.data, fields):
        name = strip_pin(value) if field == "sources" else value
        if name not in known[field]:
            message, hint = f"no {_FIELDS[field]} `{name}`", nearest(name, known[field])
            if name.startswith(("“", "”")):
                hint = CURLY
            place = document.place(root, where)
            yield Problem.at(place, message, hint, "unknown-reference")


def _unfinished(key: str, data: Any, reading: Reading) -> Iterator[Problem]:
    """Texts that an import or an author marked `TODO:`, so that no draft is taught. Such a draft is
    not loaded; what `./course new` writes is, see `crossings.curriculum.unfinished`."""
    for where, text in texts(data):
        if "TODO:" in text:
            place = reading.place(key, *where)
            what = " ".join(text[text.index("TODO:") :].split())
            hint = "write the text, and take the mark out"
            yield Problem.at(place, f"unfinished: `{what[:80]}`", hint)


def texts(data: Any, where: Where = ()) -> Iterator[tuple[Where, str]]:
    """Every text of plain data, at any depth, with its place."""
    if isinstance(data, str):
        yield where, data
    elif isinstance(data, Mapping):
        for key, value in data.items():
            yield from texts(value, (*where, key))
    elif isinstance(data, (list, tuple)):
        for index, value in enumerate(data):
            yield from texts(value, (*where, index))


def _known(course: Course) -> dict[str, set[str]]:
    return {
        "cites": set(course.law),
        "sources": set(course.sources),
        "misconception": set(course.misconceptions),
        "objectives": set(course.objectives),
    }


def _table_problems(course: Course, reading: Reading) -> Iterator[Problem]:
    provisions, misconceptions = "datasets/law/provisions.csv", "datasets/law/misconceptions.csv"
    for id_, provision in course.law.items():
        if provision.instrument not in course.instruments:
            yield Problem(
                provisions,
                reading.rows[provisions][id_],
                f"no instrument `{provision.instrument}`",
                nearest(provision.instrument, course.instruments),
            )
    yield from finder.dangling(course, reading)
    for key, instrument in course.instruments.items():
        if instrument.family and instrument.family not in FAMILIES:
            file = "datasets/law/instruments.csv"
            hint = nearest(instrument.family, FAMILIES)
            yield Problem(file, reading.rows[file][key], f"no family `{instrument.family}`", hint)
    for id_, misconception in course.misconceptions.items():
        for cite in misconception.cites:
            if cite not in course.law:
                yield Problem(
                    misconceptions,
                    reading.rows[misconceptions][id_],
                    f"no provision in the law register `{cite}`",
                    nearest(cite, course.law),
                )


def _exercise_problems(course: Course) -> Iterator[Problem]:
    each = ((a, n, o) for a, found in course.notebooks.items() for n, o in found.items())
    for name, notebook, objectives in each:
        file = f"exercises/source/{name}/{notebook}.ipynb"
        for objective in objectives:
            if objective not in course.objectives:
                yield Problem(
                    file, 0, f"no objective `{objective}`", nearest(objective, course.objectives)
                )


def _module_problems(course: Course, module: Module, reading: Reading) -> Iterator[Problem]:
    key = f"{module.id}/module"
    tests = module.file.tests
    for test, ids, use in (("pre", tests.pre, "pretest"), ("post", tests.post, "posttest")):
        for index, id_ in enumerate(ids):
            place = reading.place(key, "tests", test, index)
            yield from _item_use(module, id_, use, place, reading)
    for drill in module.drills.values():
        for index, step in enumerate(drill.steps):
            place = reading.place(f"{module.id}/drills/{drill.id}", "steps", index, "item")
            yield from _item_use(module, step.item, "drill", place, reading)
        yield from _drilled_case(course, module, drill, reading)
    for sheet in module.worksheets.values():
        for index, part in enumerate(sheet.parts):
            if part.item is not None:
                place = reading.place(f"{module.id}/worksheets/{sheet.id}", "parts", index, "item")
                yield from _item_use(module, part.item, "worksheet", place, reading)


def _drilled_case(
    course: Course, module: Module, drill: Drill, reading: Reading
) -> Iterator[Problem]:
    if drill.case is None:
        return
    owner, name = split(course, module, drill.case)
    if name not in owner.cases and not reading.is_unread(owner.id, "cases", name):
        place = reading.place(f"{module.id}/drills/{drill.id}", "case")
        yield Problem.at(place, f"no case `{drill.case}`", nearest(name, owner.cases))


def _item_use(
    module: Module, id_: str, use: str, place: Place, reading: Reading
) -> Iterator[Problem]:
    if id_ not in module.items:
        if reading.is_unread(module.id, "items", id_):
            return
        yield Problem.at(place, f"no item `{id_}` in `{module.id}`", nearest(id_, module.items))
    elif use not in module.items[id_].use:
        allowed = ", ".join(module.items[id_].use)
        yield Problem.at(
            place,
            f"item `{id_}` is not for use as {use} (its `use`: {allowed})",
            f"choose another item, or add `{use}` to its `use`",
        )


def _chapter_problems(
    course: Course, module: Module, chapter: Chapter, reading: Reading
) -> Iterator[Problem]:
    file = relative(chapter.path, course.root)
    shelves: Mapping[str, Callable[[Module], Mapping[str, Any]]] = {
        "case": lambda m: m.cases,
        "drill": lambda m: m.drills,
        "worksheet": lambda m: m.worksheets,
    }
    plain: Mapping[str, tuple[str, Mapping[str, Any]]] = {
        "law": ("provision in the law register", course.law),
        "src": ("source in the bibliography", course.sources),
        "objectives": ("objective", course.objectives),
        "dataset": ("dataset", course.datasets),
        "exercise": ("assignment in exercises/source", course.exercises),
    }
    for mention in chapter.mentions:
        place = Place(file, mention.line)
        if mention.role in plain:
            what, shelf = plain[mention.role]
            name = strip_pin(mention.target) if mention.role == "src" else mention.target
            if name not in shelf:
                yield Problem.at(place, f"no {what} `{name}`", nearest(name, shelf))
            continue
        if mention.role == "quiz":
            yield from _quiz_problem(course, module, mention.target, place, reading)
            continue
        owner, name = split(course, module, mention.target)
        unread = reading.is_unread(owner.id, f"{mention.role}s", name)
        if name not in shelves[mention.role](owner) and not unread:
            hint = nearest(name, shelves[mention.role](owner))
            yield Problem.at(place, f"no {mention.role} `{mention.target}`", hint)


def _quiz_problem(
    course: Course, module: Module, target: str, place: Place, reading: Reading
) -> Iterator[Problem]:
    if target in ("pre", "post"):
        return
    owner, name = split(course, module, target)
    yield from _item_use(owner, name, "practice", place, reading)


def split(course: Course, module: Module, target: str) -> tuple[Module, str]:
    """The module and the id that `target` names, seen from `module`."""
    owner, slash, name = target.partition("/")
    if slash and owner in course.modules:
        return course.modules[owner], name
    return module, target


def with_uses(course: Course) -> Course:
    """`course` with the way back from objectives and provisions to where they are used."""
    objectives: dict[str, list[Use]] = defaultdict(list)
    law: dict[str, list[Use]] = defaultdict(list)
    for use, objective_ids, cites in _uses(course):
        for id_ in dict.fromkeys(objective_ids):
            objectives[id_].append(use)
        for id_ in dict.fromkeys(cites):
            law[id_].append(use)
    return course.model_copy(
        update={
            "objective_uses": {k: tuple(dict.fromkeys(v)) for k, v in objectives.items()},
            "law_uses": {k: tuple(dict.fromkeys(v)) for k, v in law.items()},
        }
    )


def _uses(course: Course) -> Iterator[tuple[Use, list[str], list[str]]]:
    for module in course.modules.values():
        for chapter in module.chapters:
            yield from _chapter_uses(course, module, chapter)
        yield from _test_uses(module)
        if module.guide is not None:
            guide = _use("taught", module, module.guide.id, module.guide.title, "guide")
            yield guide, [], list(module.guide.targets("law"))
        for case in module.cases.values():
            data = case.model_dump(mode="json")
            use = _use("practised", module, case.id, case.title, "case")
            yield use, list(case.objectives), [v for _, v in found_in(data, "cites")]
        for sheet in module.worksheets.values():
            yield _item_uses("assessed", module, sheet.id, sheet.title, "worksheet", sheet.item_ids)
        for drill in module.drills.values():
            ids = tuple(s.item for s in drill.steps)
            use, objectives, cites = _item_uses(
                "drilled", module, drill.id, drill.title, "drill", ids
            )
            cites += [c for person in drill.arrivals for c in person.cites]
            if drill.generate is not None and course.arrivals is not None:
                cites += [c for rule in course.arrivals.rules for c in rule.cites]
            cites += _cited_by_case(course, module, drill)
            if drill.tabletop is not None:
                data = drill.tabletop.model_dump(mode="json")
                cites += [v for _, v in found_in(data, "cites")]
            yield use, [*objectives, *drill.objectives], cites
    for name, assessed in course.exercises.items():
        owner = _owner(course, assessed)
        if owner is not None:
            yield _use("assessed", owner, name, name, "exercise"), list(assessed), []


def _cited_by_case(course: Course, module: Module, drill: Drill) -> list[str]:
    if drill.case is None:
        return []
    owner, name = split(course, module, drill.case)
    case = owner.cases.get(name)
    return [v for _, v in found_in(case.model_dump(mode="json"), "cites")] if case else []


def _owner(course: Course, objectives: tuple[str, ...]) -> Module | None:
    """The module whose objectives an assignment assesses (the first that it names)."""
    for module in course.modules.values():
        if any(o.id in objectives for o in module.file.objectives):
            return module
    return None


def _chapter_uses(
    course: Course, module: Module, chapter: Chapter
) -> Iterator[tuple[Use, list[str], list[str]]]:
    use = _use("taught", module, chapter.id, chapter.title, "chapter")
    yield use, list(chapter.targets("objectives")), list(chapter.targets("law"))
    ids = [t for t in chapter.targets("quiz") if t not in ("pre", "post")]
    for target in ids:
        owner, name = split(course, module, target)
        yield _item_uses(
            "practised", owner, chapter.id, f"Quiz in “{chapter.title}”", "quiz", (name,)
        )


def _test_uses(module: Module) -> Iterator[tuple[Use, list[str], list[str]]]:
    tests = module.file.tests
    yield _item_uses("assessed", module, "posttest", "Test after the module", "test", tests.post)


def _item_uses(
    how: How, module: Module, id_: str, title: str, kind: UseKind, ids: tuple[str, ...]
) -> tuple[Use, list[str], list[str]]:
    items = [module.items[i] for i in ids if i in module.items]
    use = _use(how, module, id_, title, kind)
    return use, [o for i in items for o in i.objectives], [c for i in items for c in i.cites]


def _use(how: How, module: Module, id_: str, title: str, kind: UseKind) -> Use:
    return Use(how=how, where=f"{module.id}/{id_}", title=title, kind=kind)
