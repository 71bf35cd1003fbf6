"""One case by its name, read alone: an author's tools work while other files are broken."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from crossings.cases import Case, document
from crossings.cases.checks import guards, names
from crossings.cases.state import Document as CaseDocument
from crossings.curriculum.files import Document, read_yaml, validated
from crossings.curriculum.problem import CourseError, Problem, nearest, relative
from crossings.workspace import ROOT


class NoCaseError(LookupError):
    """There is no such case, or more than one; the message says what to do."""


@dataclass(frozen=True)
class FoundCase:
    """A case with its document and the place of everything in its file."""

    reference: str
    """`<module>/<id>`."""
    case: Case
    doc: CaseDocument
    file: str
    source: Document
    """What stands in the file."""

    def line(self, *where: str | int) -> int:
        """The line of the value at `where` (keys and places), counted from 1."""
        return self.source.mark(where)[0]


def references(root: Path = ROOT) -> tuple[str, ...]:
    """`<module>/<id>` of every case file under `root`, sorted."""
    return tuple(
        sorted(f"{p.parent.parent.name}/{p.stem}" for p in root.glob("modules/*/cases/*.yml"))
    )


def reference_of(name: str, root: Path, here: Path) -> str:
    """`<module>/<id>` of the case called `name`: its id, `module/id`, or its file seen from `here`.

    Raises:
        NoCaseError: where no case, or more than one, has this name.
    """
    known = references(root)
    for folder in (here, root):
        path = (folder / name).resolve()
        reference = f"{path.parent.parent.name}/{path.stem}"
        there = root.resolve() / "modules" / path.parent.parent.name / "cases" / path.name
        if path.suffix == ".yml" and path == there and reference in known:
            return reference
    return _resolved(name, known)


def find_case(name: str, root: Path = ROOT) -> FoundCase:
    """The case called `name`: `<module>/<id>`, or its id alone where only one module has it.

    Raises:
        NoCaseError: where no case, or more than one, has this name.
        CourseError: where its file cannot be read as a case, or names what it does not declare.
    """
    reference = _resolved(name, references(root))
    module, id_ = reference.split("/")
    path = root / "modules" / module / "cases" / f"{id_}.yml"
    source, problems = read_yaml(path, root)
    if source is None:
        raise CourseError(problems)
    case, problems = validated(source, Case, root)
    if case is None:
        raise CourseError(problems)
    file = relative(path, root)
    if case.id != id_:
        what = f"`id` is `{case.id}`, the file is `{path.name}`"
        place = source.place(root, ("id",))
        raise CourseError([Problem.at(place, what, "make them the same")])
    defects = [*names.problems(case), *guards.problems(case)]
    if defects:
        places = (source.place(root, d.path) for d in defects)
        found = zip(places, defects, strict=True)
        raise CourseError(Problem.at(place, d.message, d.hint) for place, d in found)
    return FoundCase(reference, case, document(case), file, source)


def _resolved(name: str, known: tuple[str, ...]) -> str:
    if name in known:
        return name
    same = [reference for reference in known if reference.split("/")[1] == name]
    if len(same) == 1:
        return same[0]
    if same:
        either = " or ".join(f"`{reference}`" for reference in same)
        raise NoCaseError(f"{len(same)} cases are called `{name}`: say {either}")
    wanted = known if "/" in name else tuple(reference.split("/")[1] for reference in known)
    hint = nearest(name, wanted) if known else "there is no case in modules/*/cases yet"
    raise NoCaseError(f"no case `{name}`: {hint}")
