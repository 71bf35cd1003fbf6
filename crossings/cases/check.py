"""What is wrong in a case, told to its author.

`problems` is quick: it looks at names, guards, the graph and the writing, then runs the promised
walkthroughs and a few hundred random plays. Each kind of check is a module in `checks`; a deeper
one is another such module.
"""

from __future__ import annotations

from crossings.cases.checks import graph, guards, names, trials, variables, writing
from crossings.cases.checks.problem import CaseProblem
from crossings.cases.model import Case

PLAYS = 400

__all__ = ["PLAYS", "CaseProblem", "problems"]


def problems(case: Case, plays: int = PLAYS) -> list[CaseProblem]:
    """Everything that is wrong in `case`, in the order of the checks.

    A case with unknown names or broken guards is not played until they are mended.
    """
    broken = [*names.problems(case), *guards.problems(case)]
    found = [*broken, *graph.problems(case), *variables.problems(case), *writing.problems(case)]
    if not broken:
        found.extend(trials.problems(case, plays))
    return found
