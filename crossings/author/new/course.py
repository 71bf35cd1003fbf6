"""What new files take from the course as it is: modules, objectives, rules to cite, a telephone.

A course with broken files elsewhere is no obstacle: what can be read is enough.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from crossings.author.new.made import NewError
from crossings.author.new.names import known
from crossings.curriculum import Course, read
from crossings.curriculum.model import Module
from crossings.curriculum.references import found_in

_BINDING = ("treaty", "protocol")
_WIDE = "States that joined"
_FEW_PARTIES = ("P29", "ICRMW", "COETHB", "CV108")
"""They bind few States: a sentence that cites one must say so, and a template cannot."""


@dataclass(frozen=True)
class Surroundings:
    course: Course
    cites: tuple[str, ...]
    """Provisions to start with, the most used first: treaties that many States joined."""

    def module(self, name: str | None) -> Module:
        """The module called `name`; the only one where none is named."""
        modules = self.course.modules
        if name is not None:
            return modules[known("module", name, modules)]
        if len(modules) == 1:
            return next(iter(modules.values()))
        listed = ", ".join(modules)
        raise NewError(f"say for which module, with --module. There are: {listed}")

    def cites_of(self, module: Module) -> tuple[str, ...]:
        """As `cites`, those that this module uses first."""
        data = [c.model_dump(mode="json") for c in module.cases.values()]
        data += [i.model_dump(mode="json") for i in module.items.values()]
        used = {c for _, c in found_in(data, "cites")}
        return tuple(sorted(self.cites, key=lambda c: c not in used))


def surroundings(root: Path) -> Surroundings:
    """The course under `root`, as far as it can be read.

    Raises:
        NewError: where there is no module at all, or no provision to cite.
    """
    course, problems = read(root)
    if course is None:
        told = f" The first problem: {problems[0]}" if problems else ""
        raise NewError(f"no module could be read in {root / 'modules'}.{told}")
    if not course.law:
        raise NewError("datasets/law/provisions.csv holds no provision; a case must cite one")
    return Surroundings(course, _rules(course))


def _rules(course: Course) -> tuple[str, ...]:
    uses = Counter({id_: len(found) for id_, found in course.law_uses.items()})
    wide = [
        p.id
        for p in course.law.values()
        if p.force in _BINDING and p.binds.startswith(_WIDE) and p.instrument not in _FEW_PARTIES
    ]
    return tuple(sorted(wide or course.law, key=lambda id_: -uses[id_]))
