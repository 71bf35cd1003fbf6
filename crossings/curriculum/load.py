"""From author's files to one immutable `Course`, or to a list of problems.

`read` returns what could be read together with every problem; `load` raises `CourseError` when
there is any; `current` is the repository's own course, read once.
"""

from __future__ import annotations

import functools
import gc
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from crossings.cases.model import Case
from crossings.curriculum import datasets
from crossings.curriculum.chapter import read_chapter
from crossings.curriculum.files import Document, read_yaml, rows_as, validated
from crossings.curriculum.finder import FILE as FINDER
from crossings.curriculum.finder import Tag
from crossings.curriculum.model import (
    GUIDE,
    Chapter,
    Course,
    Drill,
    Instrument,
    Misconception,
    Module,
    ModuleFile,
    Provision,
    Source,
    Term,
    Worksheet,
)
from crossings.curriculum.pictures import PictureError, with_picture
from crossings.curriculum.problem import CourseError, Place, Problem, relative
from crossings.curriculum.rubrics import Rubric
from crossings.curriculum.setting import FILE as SETTING
from crossings.curriculum.setting import Setting
from crossings.curriculum.setting import dangling as dangling_in_setting
from crossings.items.model import Item
from crossings.triage import model as triage
from crossings.triage.model import FOLDER as ARRIVALS
from crossings.workspace import ROOT

Model = TypeVar("Model", bound=BaseModel)


@dataclass
class Reading:
    """What reading produced so far: documents by file, lines of table rows, and problems."""

    root: Path
    problems: list[Problem] = field(default_factory=list)
    documents: dict[str, Document] = field(default_factory=dict)
    """By `<module>/items`, `<module>/module`, `<module>/cases/<id>`, …"""
    rows: dict[str, dict[str, int]] = field(default_factory=dict)
    """Lines of the rows of each table, by its file and then by id."""
    unread: set[str] = field(default_factory=set)
    """`<module>/<shelf>/<id>` of what is there but could not be read, or `<module>/<shelf>`."""

    def place(self, key: str, *where: str | int) -> Place:
        """File, line and column of a value in a document."""
        return self.documents[key].place(self.root, where)

    def is_unread(self, module: str, shelf: str, name: str) -> bool:
        """Whether something of this name stands in a file whose own problem is told already."""
        return bool({f"{module}/{shelf}", f"{module}/{shelf}/{name}"} & self.unread)


def load(root: Path = ROOT) -> Course:
    """The course under `root`.

    Raises:
        CourseError: with every problem of form and reference that was found.
    """
    course, problems = read(root)
    if problems or course is None:
        raise CourseError(problems)
    return course


@functools.cache
def current() -> Course:
    """The repository's own course."""
    return load(ROOT)


def read(root: Path = ROOT) -> tuple[Course | None, tuple[Problem, ...]]:
    """The course as far as it can be read, and every problem of form and reference."""
    course, reading = read_with_lines(root)
    return course, tuple(sorted(set(reading.problems)))


def read_with_lines(root: Path) -> tuple[Course | None, Reading]:
    """As `read`, with the lines of everything, so that later checks need not read again."""
    with _no_collecting():
        return _read(Reading(root))


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Reading makes half a million small things and no rubbish; looking for some among them took
    two fifths of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _read(reading: Reading) -> tuple[Course | None, Reading]:
    from crossings.curriculum import arrivals
    from crossings.curriculum.references import dangling, with_uses

    root = reading.root
    course = _course(reading)
    if not course.modules:
        name = relative(root / "modules", root)
        reading.problems.append(
            Problem(name, 0, "no module could be read", "a module is a folder with a module.yml")
        )
        return None, reading
    reading.problems.extend(dangling(course, reading))
    reading.problems.extend(p for p in arrivals.problems(course, reading) if p.fails)
    return with_uses(course), reading


def _course(reading: Reading) -> Course:
    root = reading.root
    found, problems = datasets.find(root)
    reading.problems.extend(problems)
    notebooks = _notebooks(reading)
    return Course(
        root=root,
        modules=_modules(reading),
        law=_table(reading, "datasets/law/provisions.csv", Provision, "id"),
        instruments=_table(reading, "datasets/law/instruments.csv", Instrument, "key"),
        misconceptions=_table(
            reading, "datasets/law/misconceptions.csv", Misconception, "id", ("cites",)
        ),
        finder=_finder(reading),
        sources=_table(reading, "datasets/sources/sources.csv", Source, "id"),
        datasets=found,
        exercises={name: _together(each) for name, each in notebooks.items()},
        notebooks=notebooks,
        rubrics=_shelf(reading, root / "grading", "rubrics", Rubric),
        setting=_setting(reading),
        arrivals=_arrivals(reading),
    )


def _finder(reading: Reading) -> Mapping[str, Tag]:
    """Which rule applies to whom; a course may do without."""
    if not (reading.root / FINDER).exists():
        return {}
    return _table(reading, FINDER, Tag, "provision", ("person", "place", "decision"))


def _setting(reading: Reading) -> Setting | None:
    """The invented region; a course may do without."""
    path = reading.root / SETTING
    if not path.exists():
        return None
    setting = _one(reading, path, Setting, "setting/setting")
    if setting is not None:
        document = reading.documents["setting/setting"]
        reading.problems.extend(dangling_in_setting(setting, document, reading.root))
    return setting


def _arrivals(reading: Reading) -> triage.Arrivals | None:
    """Who arrives in generated triage drills; a course may do without."""
    folder = reading.root / ARRIVALS
    if not folder.is_dir():
        return None
    world = _one(reading, folder / "world.yml", triage.World, "arrivals/world")
    rules = _many(reading, folder / "rules.yml", triage.RuleOfTriage, "rules")
    signs = _many(reading, folder / "signs.yml", triage.Sign, "signs")
    journeys = _many(reading, folder / "journeys.yml", triage.Journey, "journeys")
    ordinary = _many(reading, folder / "ordinary.yml", triage.Ordinary, "ordinary")
    if world is None or not (rules and signs and journeys and ordinary):
        return None
    return triage.Arrivals(
        world=world,
        rules=tuple(rules),
        signs=tuple(signs),
        journeys=tuple(journeys),
        ordinary=tuple(ordinary),
    )


def _table(
    reading: Reading, name: str, model: type[Model], key: str, lists: tuple[str, ...] = ()
) -> dict[str, Model]:
    found, lines, problems = rows_as(reading.root / name, model, reading.root, key, lists)
    reading.rows[name] = lines
    reading.problems.extend(problems)
    return found


def _modules(reading: Reading) -> Mapping[str, Module]:
    files = sorted((reading.root / "modules").glob("*/module.yml"))
    read_modules = [m for m in (_module(reading, f.parent) for f in files) if m is not None]
    return {m.id: m for m in sorted(read_modules, key=lambda m: m.file.order)}


def _module(reading: Reading, folder: Path) -> Module | None:
    file = _one(reading, folder / "module.yml", ModuleFile, f"{folder.name}/module")
    if file is None:
        return None
    if file.id != folder.name:
        place = reading.place(f"{folder.name}/module", "id")
        reading.problems.append(
            Problem.at(
                place,
                f"`id` is `{file.id}`, the folder is `{folder.name}`",
                "make them the same",
            )
        )
        return None
    return Module(
        file=file,
        path=folder,
        chapters=_chapters(reading, folder, file),
        items={i.id: i for i in _items(reading, folder)},
        cases=_shelf(reading, folder, "cases", Case),
        drills=_shelf(reading, folder, "drills", Drill),
        worksheets=_shelf(reading, folder, "worksheets", Worksheet),
        terms=tuple(_many(reading, folder / "glossary.yml", Term, "glossary", required=False)),
        guide=_page(reading, folder / f"{GUIDE}.md"),
    )


def _items(reading: Reading, folder: Path) -> list[Item]:
    """The item bank, each item with its picture."""
    found: list[Item] = []
    for item in _many(reading, folder / "items.yml", Item, "items"):
        try:
            found.append(with_picture(item, folder))
        except PictureError as error:
            key = f"{folder.name}/items"
            entries = reading.documents[key].data
            index = next(n for n, e in enumerate(entries) if _id(e) == item.id)
            place = reading.place(key, index, "picture", "file")
            reading.problems.append(Problem.at(place, str(error), error.hint))
    return found


def _id(entry: Any) -> Any:
    return entry.get("id") if isinstance(entry, Mapping) else None


def _one(reading: Reading, path: Path, model: type[Model], key: str) -> Model | None:
    document, problems = read_yaml(path, reading.root)
    reading.problems.extend(problems)
    if document is None:
        return None
    reading.documents[key] = document
    value, problems = validated(document, model, reading.root)
    reading.problems.extend(problems)
    return value


def _many(
    reading: Reading, path: Path, model: type[Model], kind: str, required: bool = True
) -> list[Model]:
    """The list of `model` in `path`; each that is broken is a problem, the others are kept."""
    if not path.exists() and not required:
        return []
    shelf = f"{path.parent.name}/{kind}"
    document, problems = read_yaml(path, reading.root)
    reading.problems.extend(problems)
    if document is None:
        if path.exists():
            reading.unread.add(shelf)
        return []
    name = relative(path, reading.root)
    if not isinstance(document.data, list):
        reading.unread.add(shelf)
        reading.problems.append(
            Problem(name, 1, "the file must be a list", "start lines with `- `")
        )
        return []
    reading.documents[shelf] = document
    values: list[Model] = []
    seen: set[Any] = set()
    for index in range(len(document.data)):
        value, problems = validated(document, model, reading.root, (index,))
        reading.problems.extend(problems)
        identity = getattr(value, "id", None)
        if identity is not None and identity in seen:
            reading.problems.append(
                Problem.at(
                    document.place(reading.root, (index,)),
                    f"`{identity}` is used twice",
                    "give each its own id",
                )
            )
        seen.add(identity)
        if value is None:
            reading.unread.add(f"{shelf}/{_id(document.data[index])}")
        else:
            values.append(value)
    return values


def _shelf(reading: Reading, folder: Path, shelf: str, model: type[Model]) -> dict[str, Model]:
    """Every `<shelf>/<id>.yml` of a folder, by id."""
    found: dict[str, Model] = {}
    for path in sorted((folder / shelf).glob("*.yml")):
        key = f"{folder.name}/{shelf}/{path.stem}"
        value = _one(reading, path, model, key)
        if value is None:
            reading.unread.add(key)
            continue
        identity = str(getattr(value, "id", ""))
        if identity != path.stem:
            reading.unread.add(key)
            place = reading.place(key, "id")
            reading.problems.append(
                Problem.at(
                    place,
                    f"`id` is `{identity}`, the file is `{path.name}`",
                    "make them the same",
                )
            )
            continue
        found[identity] = value
    return found


def _chapters(reading: Reading, folder: Path, file: ModuleFile) -> tuple[Chapter, ...]:
    chapters: list[Chapter] = []
    for index, name in enumerate(file.chapters):
        path = folder / f"{name}.md"
        if path.is_file():
            chapter = _page(reading, path)
            chapters += [chapter] if chapter is not None else []
            continue
        place = reading.place(f"{folder.name}/module", "chapters", index)
        reading.problems.append(
            Problem.at(place, f"the chapter `{name}.md` is missing", "write it, or fix the name")
        )
    return tuple(chapters)


def _page(reading: Reading, path: Path) -> Chapter | None:
    """The page in `path`; None where there is none, or none that can be read."""
    if not path.is_file():
        return None
    try:
        return read_chapter(path)
    except UnicodeDecodeError:
        what, hint = "the file is not UTF-8", "save it with the encoding UTF-8"
        reading.problems.append(Problem(relative(path, reading.root), 0, what, hint))
        return None


def _notebooks(reading: Reading) -> dict[str, dict[str, tuple[str, ...]]]:
    """Notebook assignments: objectives stand in the notebook's metadata, key `crossings`."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for path in sorted((reading.root / "exercises" / "source").glob("*/*.ipynb")):
        name = relative(path, reading.root)
        try:
            notebook = json.loads(path.read_text(encoding="utf-8"))
            own = notebook.get("metadata", {}).get("crossings", {})
        except (ValueError, AttributeError) as error:
            reading.problems.append(
                Problem(name, 0, f"not a notebook: {error}", "open and save it in JupyterLab")
            )
            continue
        if "worksheet" not in own:
            objectives = tuple(str(o) for o in own.get("objectives", []))
            found.setdefault(path.parent.name, {})[path.stem] = objectives
    return found


def _together(notebooks: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The objectives of all notebooks of an assignment, each once, in order."""
    return tuple(dict.fromkeys(o for objectives in notebooks.values() for o in objectives))
