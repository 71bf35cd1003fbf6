"""The writing: length, citations, caps, and patterns that give the right answer away."""

from __future__ import annotations

from collections.abc import Iterator

from crossings.cases.checks.parts import judged
from crossings.cases.checks.problem import CaseProblem
from crossings.cases.model import Case, Choice, Decision

MOST_WORDS = 180
ENOUGH = 5
"""Decisions from which on a pattern among the good options is no accident."""


def problems(case: Case) -> Iterator[CaseProblem]:
    for path, one in judged(case):
        if not one.cites and not one.sources:
            hint = "add `cites` (law register) or `sources` (bibliography)"
            yield CaseProblem(path, "the reason has no citation", hint)
        if one.grade == "harmful" and one.cap is None:
            hint = "name one of `caps` in `cap`, or grade it `poor`"
            yield CaseProblem(path, "a harmful choice without a cap", hint)
    yield from _caps(case)
    for name, node in case.nodes.items():
        words = len(node.text.split())
        if words > MOST_WORDS:
            hint = "split the scene, or move detail into evidence"
            message = f"{words} words; the most is {MOST_WORDS}"
            yield CaseProblem(("nodes", name, "text"), message, hint)
    yield from _patterns(case)


def _caps(case: Case) -> Iterator[CaseProblem]:
    used = {one.cap for _, one in judged(case)} | {rule.cap for rule in case.rules}
    for name in case.caps:
        if name not in used:
            hint = "name it in the `cap` of a harmful choice or a rule, or remove it"
            yield CaseProblem(("caps", name), f"the cap `{name}` is never used", hint)


def _patterns(case: Case) -> Iterator[CaseProblem]:
    decisions = [n for n in case.nodes.values() if isinstance(n, Decision) and _good(n)]
    if len(decisions) >= ENOUGH and all(_longest(n) for n in decisions):
        hint = "shorten some good options or lengthen others"
        yield CaseProblem(("nodes",), "the good option is always the longest", hint)
    # Where options are shuffled, the place in the file tells the learner nothing.
    fixed = [n for n in decisions if not n.shuffle]
    places = {n.options.index(_good(n)[0]) for n in fixed}
    if len(fixed) >= ENOUGH and len(places) == 1:
        hint = "move it about, or let the options be shuffled"
        yield CaseProblem(("nodes",), "the good option is always in the same place", hint)


def _good(node: Decision) -> list[Choice]:
    return [o for o in node.options if o.grade == "good"]


def _longest(node: Decision) -> bool:
    good = max(len(o.text) for o in _good(node))
    return all(len(o.text) < good for o in node.options if o.grade != "good")
