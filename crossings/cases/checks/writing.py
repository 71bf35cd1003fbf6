"""The writing: length, feedback, citations, caps, text alternatives."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crossings.cases.checks.parts import judged
from crossings.cases.checks.problem import CaseProblem
from crossings.cases.model import Case, Choice

MOST_WORDS = 180
OPTION_WORDS = (8, 25)
"""Words of an option: enough to tell what is done, few enough to read against a clock."""
_EMPTY = re.compile(
    r"[\s.…?!_-]*|(?:todo|tbd|fixme|xxx|n/?a|none|lorem ipsum.*)[\s.:!]*", re.I | re.S
)


def says_nothing(text: str) -> bool:
    """Whether a text is a mark of something still to write, or signs only."""
    return _EMPTY.fullmatch(text) is not None


def problems(case: Case) -> Iterator[CaseProblem]:
    for path, one in judged(case):
        for field, text in (("consequence", one.consequence), ("reason", one.reason)):
            if says_nothing(text):
                hint = "say what happens to people" if field == "consequence" else "say why"
                message = f"the {field} says nothing"
                yield CaseProblem((*path, field), message, hint, "no-feedback")
        if not one.cites and not one.sources:
            hint = "add `cites` (law register) or `sources` (bibliography)"
            yield CaseProblem(path, "the reason has no citation", hint, "no-citation")
        if one.grade == "harmful" and one.cap is None:
            hint = "name one of `caps` in `cap`, or grade it `poor`"
            yield CaseProblem(path, "a harmful choice without a cap", hint, "harm-uncapped")
    yield from _options(case)
    yield from _caps(case)
    yield from _evidence(case)
    for name, node in case.nodes.items():
        words = len(node.text.split())
        if words > MOST_WORDS:
            hint = "split the scene, or move detail into evidence"
            message = f"{words} words; the most is {MOST_WORDS}"
            yield CaseProblem(("nodes", name, "text"), message, hint, "long-node")


def _options(case: Case) -> Iterator[CaseProblem]:
    low, high = OPTION_WORDS
    for path, one in judged(case):
        if isinstance(one, Choice) and not low <= (words := len(one.text.split())) <= high:
            hint = "say in it what one does" if words < low else "leave the reasons to `reason`"
            message = f"an option of {words} word{'' if words == 1 else 's'}, not {low} to {high}"
            yield CaseProblem((*path, "text"), message, hint, "option-length", "warning")


def _caps(case: Case) -> Iterator[CaseProblem]:
    used = {one.cap for _, one in judged(case)} | {rule.cap for rule in case.rules}
    for name in case.caps:
        if name not in used:
            hint = "name it in the `cap` of a harmful choice or a rule, or remove it"
            yield CaseProblem(("caps", name), f"the cap `{name}` is never used", hint, "cap-unused")


def _evidence(case: Case) -> Iterator[CaseProblem]:
    """A drawing needs words for those who do not see it; a key piece needs a reason."""
    for name, evidence in case.evidence.items():
        if evidence.alt is None or _EMPTY.fullmatch(evidence.alt):
            hint = "add `alt`: what the drawing shows and the text does not say"
            message = "the evidence has no text alternative"
            yield CaseProblem(("evidence", name), message, hint, "no-alt")
        if evidence.key and (evidence.why is None or _EMPTY.fullmatch(evidence.why)):
            hint = "add `why`: the debrief shows it when the evidence was missed"
            message = "key evidence without `why`"
            yield CaseProblem(("evidence", name), message, hint, "no-feedback")
