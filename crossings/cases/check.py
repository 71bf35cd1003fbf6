"""What is wrong in a case, told to its author.

Each kind of check is a module in `checks`. Names and guards come first: a case where they are
broken is not played. The rest is proved over all plays (`crossings.cases.explore`), or read from
the texts. `docs/formats/case-lint.md` lists every code with an example.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

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
from crossings.cases.state import Document

__all__ = ["BOUND", "CaseProblem", "Prover", "problems", "prove"]

Prover = Callable[[Case, Document, int], Iterable[CaseProblem]]
"""Shows what all plays of a case have in common: `prove`, or what remembers what `prove` said."""
prove: Prover = states.problems


def problems(
    case: Case, words: Words | None = None, bound: int = BOUND, prover: Prover = prove
) -> list[CaseProblem]:
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
        found += prover(case, doc, bound)
    return list(dict.fromkeys(found))
