"""Patterns that give the good option away to somebody who has learned nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from crossings.cases.checks.problem import CaseProblem, Path
from crossings.cases.model import Case, Choice, Decision

ENOUGH = 5
"""Decisions from which on a pattern is no accident."""
CHANCE = 0.01
"""How seldom fair options would show a pattern as strong as one that is told."""
TIMES = 1.8
"""How much longer than the next a good option may be."""
LONG = 60
"""Characters from which on such a difference shows."""
CUES = re.compile(
    r"\b(always|never|in every case|in all cases|without exception|under no circumstances|"
    r"all of the above|none of the above|all of these|none of these|obviously|of course)\b",
    re.IGNORECASE,
)
_SAID = re.compile(r"[\"“][^\"”]*[\"”]")

Decisions = Sequence[tuple[str, Decision]]


def problems(case: Case) -> Iterator[CaseProblem]:
    named = [(name, n) for name, n in case.nodes.items() if isinstance(n, Decision) and _good(n)]
    for name, node in named:
        yield from _giveaways(("nodes", name), node)
    yield from _over_the_case(named)


def _over_the_case(named: Decisions) -> Iterator[CaseProblem]:
    longest = [(_longest(node), 1 / len(node.options)) for _, node in named]
    if len(named) >= ENOUGH and _beyond_chance(longest):
        message = _counted("the good option is the longest", longest)
        hint = "shorten some good options or lengthen others"
        yield CaseProblem(("nodes",), message, hint, "good-is-longest", "warning")
    places = Counter(node.options.index(_best(node)) for _, node in named)
    for place, _ in places.most_common(1):
        met = [
            (node.options.index(_best(node)) == place, 1 / len(node.options)) for _, node in named
        ]
        if len(named) >= ENOUGH and _beyond_chance(met):
            message = _counted(f"the good option is at place {place + 1} of the file", met)
            hint = "move it about: printed pages and exports show the order of the file"
            yield CaseProblem(("nodes",), message, hint, "good-in-one-place", "warning")


def _counted(what: str, met: Sequence[tuple[bool, float]]) -> str:
    return f"{what} in {sum(hit for hit, _ in met)} of {len(met)} decisions"


def _beyond_chance(met: Sequence[tuple[bool, float]]) -> bool:
    """Whether so many hits are rarer than `CHANCE` when each has its own fair probability (the
    Poisson binomial distribution, summed exactly)."""
    spread = [1.0]
    for _, fair in met:
        grown = [0.0, *spread]
        spread = [
            one * fair + other * (1 - fair)
            for one, other in zip(grown, [*spread, 0.0], strict=True)
        ]
    hits = sum(hit for hit, _ in met)
    return sum(spread[hits:]) < CHANCE


def _good(node: Decision) -> list[Choice]:
    return [o for o in node.options if o.grade == "good"]


def _best(node: Decision) -> Choice:
    return max(node.options, key=lambda o: o.worth)


def _longest(node: Decision) -> bool:
    good = max(len(o.text) for o in _good(node))
    return all(len(o.text) < good for o in node.options if o.grade != "good")


def _giveaways(at: Path, node: Decision) -> Iterator[CaseProblem]:
    lengths = sorted(len(o.text) for o in node.options)
    one, other = list(pairwise(lengths))[-1]
    for n, option in enumerate(node.options):
        path = (*at, "options", n, "text")
        cue = CUES.search(_SAID.sub("", option.text))
        if cue is not None and option.grade != "good":
            hint = "test-wise guessers pass over options with such words; say it plainly"
            message = f"“{cue.group()}” gives a wrong option away"
            yield CaseProblem(path, message, hint, "giveaway", "warning")
        stands_out = len(option.text) == other >= LONG and other > TIMES * one
        if option.grade == "good" and stands_out:
            hint = "shorten it, or give the others as much detail"
            message = "the good option is far longer than the others"
            yield CaseProblem(path, message, hint, "giveaway", "warning")
    texts = Counter(" ".join(o.text.lower().split()) for o in node.options)
    for n, option in enumerate(node.options):
        if texts[" ".join(option.text.lower().split())] > 1:
            hint = "let each option say something else"
            message = "two options with the same text"
            yield CaseProblem((*at, "options", n, "text"), message, hint, "giveaway", "warning")
