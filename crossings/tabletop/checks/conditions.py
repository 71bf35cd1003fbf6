"""Conditions: they can be read and ask about what exists; branches have a last way."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from crossings.cases.checks.problem import CaseProblem, Path, unknown
from crossings.tabletop.language import Ast, GuardError, guards, names, parse
from crossings.tabletop.model import Tabletop


def problems(table: Tabletop) -> Iterator[CaseProblem]:
    for path, text in guards(table):
        try:
            leaves = names(parse(text))
        except GuardError as error:
            hint = "see “Conditions” in docs/formats/tabletop.md"
            message = f"this condition cannot be read: {error}"
            yield CaseProblem(path, message, hint, "guard-syntax")
            continue
        for leaf in leaves:
            yield from _leaf(table, path, leaf)
    yield from _ways(table)


def _leaf(table: Tabletop, path: Path, leaf: Ast) -> Iterator[CaseProblem]:
    word = leaf[0]
    if word == "has" or (word == "cmp" and leaf[2] != "clock"):
        hint = "compare `clock` with a minute, or name a milestone alone"
        subject = leaf[1] if word == "has" else leaf[2]
        yield CaseProblem(path, f"`{subject}` cannot be compared", hint, "guard-type")
    elif word == "is" and leaf[1] == "clock":
        hint = "compare it, as in `clock >= 45`"
        yield CaseProblem(path, "`clock` is a number of minutes", hint, "guard-type")
    elif word == "chose":
        fork = table.branches.get(leaf[1])
        if fork is None:
            yield unknown(path, "branch", leaf[1], table.branches)
        elif leaf[2] not in fork.ways:
            yield unknown(path, "way", leaf[2], fork.ways)
    elif word == "wrote":
        yield from (unknown(path, "role", r, table.roles) for r in leaf[1:] if r not in table.roles)
    elif word != "cmp":
        what, known = _known(table, word)
        if leaf[1] not in known:
            yield unknown(path, what, leaf[1], known)


def _known(table: Tabletop, word: str) -> tuple[str, Collection[str]]:
    kinds: dict[str, tuple[str, Collection[str]]] = {
        "is": ("milestone", table.milestones),
        "fired": ("inject", [i.id for i in table.injects]),
        "told": ("role", table.roles),
        "did": ("action", table.actions),
        "filed": ("form", table.forms),
    }
    return kinds[word]


def _ways(table: Tabletop) -> Iterator[CaseProblem]:
    """Where a branch decides by itself, its last way always holds, and only the last one."""
    for name, fork in table.branches.items():
        ways = list(fork.ways.items())
        at: Path = ("branches", name, "ways")
        if fork.at is None:
            continue
        if ways[-1][1].when is not None:
            hint = "take `when` out of the last way"
            message = "no way may hold at this branch's minute"
            yield CaseProblem((*at, ways[-1][0], "when"), message, hint, "branch-default")
        for way, there in ways[:-1]:
            if there.when is None:
                hint = "give it a `when`, or put it last"
                message = "the ways after this one are never taken"
                yield CaseProblem((*at, way), message, hint, "branch-order")
