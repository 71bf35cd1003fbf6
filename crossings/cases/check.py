"""What is wrong in a case, told to its author.

Each kind of check is a module in `checks`. Names and guards come first: a case where they are
broken is not played. The rest is proved over all plays (`crossings.cases.explore`), or read from
the texts. `docs/formats/case-lint.md` lists every code with an example.
"""

from __future__ import annotations

from crossings.cases.checks import (
    graph,
    guards,
    names,
    patterns,
    reading,
    states,
    variables,
    walkthroughs,
    writing,
)
from crossings.cases.checks.problem import CaseProblem
from crossings.cases.checks.words import Words
from crossings.cases.document import BEST, compiled, most_points
from crossings.cases.explore import BOUND
from crossings.cases.model import Case

__all__ = ["BOUND", "CaseProblem", "problems"]


def problems(case: Case, words: Words | None = None, bound: int = BOUND) -> list[CaseProblem]:
    """Everything that is wrong in `case`, in the order of the checks; each thing once.

    `words` are those that no text of the case may use; `bound` is the most states that one
    search of the explorer looks at.
    """
    broken = [*names.problems(case), *guards.problems(case)]
    found = [*broken, *graph.problems(case), *variables.problems(case)]
    found += [*writing.problems(case), *patterns.problems(case), *reading.problems(case)]
    found += words.problems(case) if words else ()
    if not broken:
        doc = compiled(case)
        doc["max"] = most_points(doc, case)
        found += walkthroughs.problems(case, doc)
        if not walkthroughs.plays_through(doc, case, BEST):
            doc["max"] = 0
        found += states.problems(case, doc, bound)
    return list(dict.fromkeys(found))
