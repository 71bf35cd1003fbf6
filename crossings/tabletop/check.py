"""What is wrong in a tabletop exercise, told to its author.

Names and conditions come first: where they are broken, nothing is said of times. The rest follows
from how early each thing can happen at all (`checks.reach`), or is read from the texts.
`docs/formats/tabletop.md` lists every code.
"""

from __future__ import annotations

from crossings.cases.checks.problem import CaseProblem
from crossings.cases.checks.words import Words
from crossings.tabletop.checks import conditions, names, roles, timing, uses, writing
from crossings.tabletop.checks.reach import Reach
from crossings.tabletop.model import Tabletop

__all__ = ["CaseProblem", "problems"]


def problems(table: Tabletop, minutes: int, words: Words | None = None) -> list[CaseProblem]:
    """Everything that is wrong in an exercise of `minutes`, in the order of the checks; paths are
    seen from the block `tabletop`."""
    found = [*names.problems(table), *conditions.problems(table)]
    broken = any(p.severity == "problem" for p in found)
    found += [*uses.problems(table), *writing.problems(table, words)]
    if not broken:
        reach = Reach(table, minutes)
        found += [*timing.problems(table, reach), *roles.problems(table, reach)]
    return list(dict.fromkeys(found))
