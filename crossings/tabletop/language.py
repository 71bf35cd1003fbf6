"""What conditions of an exercise can ask: the guard language of cases with words of its own.

MILESTONE              the milestone is met
clock >= 20            minutes since the start
fired INJECT           the inject has reached its roles
told ROLE              somebody has written to the role, or filed a form that it gets
wrote ROLE.ROLE        the first has written to the second, in the same sense
did ACTION             a role has done it
filed FORM             the form was filed
chose BRANCH.WAY       the story went this way
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from crossings.cases.guard import Ast, GuardError, Language, names
from crossings.cases.guard import parse as parse_guard
from crossings.tabletop.model import Tabletop

TABLETOP = Language(frozenset({"fired", "told", "did", "filed"}), frozenset({"wrote", "chose"}))
RESERVED = {"and", "or", "not", "has", "clock"} | TABLETOP.words | TABLETOP.dotted

__all__ = ["RESERVED", "Ast", "GuardError", "guards", "names", "parse", "thresholds"]


@cache
def parse(text: str) -> Ast:
    """The parsed form of a condition.

    Raises:
        GuardError: where it cannot be read.
    """
    return parse_guard(text, TABLETOP)


def guards(table: Tabletop) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every condition of an exercise with its place."""
    for shelf in ("milestones", "actions", "forms"):
        for name, thing in getattr(table, shelf).items():
            if thing.when is not None:
                yield (shelf, name, "when"), thing.when
    for name, fork in table.branches.items():
        for way, there in fork.ways.items():
            if there.when is not None:
                yield ("branches", name, "ways", way, "when"), there.when
    for n, inject in enumerate(table.injects):
        if inject.when is not None:
            yield ("injects", n, "when"), inject.when


def thresholds(table: Tabletop) -> set[int]:
    """The minutes at which a comparison with the clock may change."""
    found: set[int] = set()
    for _, text in guards(table):
        for leaf in names(parse(text)):
            if leaf[0] == "cmp":
                found |= {leaf[3], leaf[3] + 1}
    return found
