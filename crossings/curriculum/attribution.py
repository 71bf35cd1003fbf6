"""Who is bound, and who speaks: a rule that binds few States names them, guidance its author.

Asked of each block of a chapter that cites such a rule. What is "near" is the paragraph for those
who are bound, and the sentence or the one before it for an author.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import get_args

from crossings.curriculum.model import Course, Force, Provision
from crossings.curriculum.prose import ROLE, Prose

REGIONAL = {
    "COETHB": r"Council of Europe",
    "EU36": r"\bEU\b",
    "EU1712": r"\bEU\b",
    "CV108": r"Convention 108",
    "ICRMW": r"migrant workers convention",
    "P29": r"2014 (ILO )?protocol",
}
"""Instruments that bind few States: how a paragraph may say so, besides their short name."""

AUTHORS = (
    "UNHCR", "OHCHR", "IOM", "ILO", "UNODC", "Committee", "committees", "drafters", "Compact",
)  # fmt: skip
"""Who speaks in a guideline. One of these stands in the sentence that cites it, or just before."""

BINDING = frozenset(get_args(Force)) - {"guideline", "non-binding"}
COMPACTS = {"GCM": ("Global Compact for Migration",), "GCR": ("Global Compact on Refugees",)}

_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z*\"])")


def unnamed(course: Course, prose: Prose) -> Iterator[tuple[int, str, str]]:
    """Line, message and hint for each citation that hides who is bound or who speaks."""
    for block in prose.blocks:
        for rule in _cited(course, block.text):
            if not _says_who_is_bound(course, rule, block.text):
                message = f"{rule.id} binds only some States, and the paragraph does not say so"
                yield block.line, message, f"name them: {rule.binds}"
        for here, sentence in _with_the_one_before(block.text):
            for rule in _cited(course, sentence):
                names = _speakers(course, rule)
                if rule.force not in BINDING and not any(name in here for name in names):
                    message = f"{rule.id} is guidance, and the sentence hides whose"
                    yield block.line, message, f"name the author: {rule.author or names[-1]}"


def _says_who_is_bound(course: Course, rule: Provision, text: str) -> bool:
    pattern = REGIONAL.get(rule.instrument)
    if pattern is None and not rule.binds.startswith("Only"):
        return True
    instrument = course.instruments[rule.instrument]
    named = [re.escape(instrument.short), re.escape(instrument.name)]
    return re.search("|".join([*named, *([pattern] if pattern else [])]), text) is not None


def _with_the_one_before(text: str) -> Iterator[tuple[str, str]]:
    said = _SENTENCE.split(text)
    return ((f"{before} {one}", one) for before, one in zip(["", *said], said, strict=False))


def _cited(course: Course, text: str) -> Iterator[Provision]:
    for role in ROLE.finditer(text):
        if role["role"] == "law":
            rule = course.law.get((role["target"] or role["text"]).strip())
            # What cannot be found is named where references are checked.
            if rule is not None and rule.instrument in course.instruments:
                yield rule


def _speakers(course: Course, rule: Provision) -> list[str]:
    """The names by which a paragraph may show whose guidance it tells."""
    named = [author for author in AUTHORS if author.lower() in rule.author.lower()]
    compacts = COMPACTS.get(rule.instrument, ())
    return [*named, *compacts, course.instruments[rule.instrument].short]
