"""Guards: they can be read, name what exists, and compare what can be compared."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from crossings.cases.checks.parts import guards, ways
from crossings.cases.checks.problem import CaseProblem, Path, unknown
from crossings.cases.guard import Ast, GuardError, names, parse
from crossings.cases.model import Case, Decision, Interview


def problems(case: Case) -> Iterator[CaseProblem]:
    for path, text in guards(case):
        try:
            leaves = names(parse(text))
        except GuardError as error:
            hint = "see the guard language in docs/formats/case.md"
            yield CaseProblem(path, f"this guard cannot be read: {error}", hint, "guard-syntax")
            continue
        for leaf in leaves:
            yield from _leaf(case, path, leaf)
    yield from _defaults(case)


def _defaults(case: Case) -> Iterator[CaseProblem]:
    """A list of branches ends with one that always holds, and only that one always holds."""
    for _, path, way in ways(case):
        if isinstance(way, str):
            continue
        if not way:
            yield CaseProblem(path, "this leads nowhere", "name a node", "branch-default")
            continue
        if way[-1].when is not None:
            hint = "add a last branch without `when`"
            yield CaseProblem(
                (*path, len(way) - 1, "when"), "no branch may hold here", hint, "branch-default"
            )
        for n, branch in enumerate(way[:-1]):
            if branch.when is None:
                hint = "give it a `when`, or put it last"
                yield CaseProblem(
                    (*path, n), "the branches after this one are never taken", hint, "branch-order"
                )


def _leaf(case: Case, path: Path, leaf: Ast) -> Iterator[CaseProblem]:
    word = leaf[0]
    if word in ("is", "cmp", "has"):
        yield from _about_variable(case, path, leaf)
    elif word == "asked":
        parts = {
            name: [q.id for q in node.questions]
            for name, node in case.nodes.items()
            if isinstance(node, Interview)
        }
        yield from _dotted(path, "interview", "question", leaf, parts)
    elif word == "chose":
        parts = {
            name: [o.id for o in node.options]
            for name, node in case.nodes.items()
            if isinstance(node, Decision)
        }
        yield from _dotted(path, "decision", "option", leaf, parts)
    else:
        what, known = {
            "seen": ("evidence", list(case.evidence)),
            "visited": ("node", list(case.nodes)),
            "fired": ("rule", [r.id for r in case.rules]),
        }[word]
        if leaf[1] not in known:
            yield unknown(path, what, leaf[1], known)


def _dotted(
    path: Path, whole: str, piece: str, leaf: Ast, known: dict[str, list[str]]
) -> Iterator[CaseProblem]:
    _, node, name = leaf
    if node not in known:
        yield unknown(path, whole, node, known)
    elif name not in known[node]:
        yield unknown(path, piece, name, known[node])


def _about_variable(case: Case, path: Path, leaf: Ast) -> Iterator[CaseProblem]:
    word, name = leaf[0], leaf[2] if leaf[0] == "cmp" else leaf[1]
    if name == "clock":
        if word != "cmp":
            yield CaseProblem(
                path, "`clock` is a number", "compare it, as in `clock > 45`", "guard-type"
            )
        return
    variable = case.variables.get(name)
    if variable is None:
        known: Collection[str] = [*case.variables, "clock"]
        yield unknown(path, "variable", name, known)
        return
    needed, hint = {
        "is": ("boolean", "compare a number, as in `trust > 2`, or use `has` for a set"),
        "cmp": ("integer", "only integers and `clock` can be compared"),
        "has": ("set", "only sets have tags"),
    }[word]
    if variable.type != needed:
        yield CaseProblem(path, f"`{name}` is of type {variable.type}", hint, "guard-type")
    elif word == "has" and leaf[2] not in variable.tags:
        yield unknown(path, "tag", leaf[2], variable.tags)
    elif word == "cmp":
        yield from _bounds(path, leaf, variable.min, variable.max)


def _bounds(path: Path, leaf: Ast, low: int, high: int) -> Iterator[CaseProblem]:
    """Comparisons that the bounds of the variable decide already."""
    _, op, name, number = leaf
    held = {
        {"==": v == number, "!=": v != number, "<": v < number, "<=": v <= number}.get(
            op, v > number if op == ">" else v >= number
        )
        for v in (low, high, min(high, max(low, number)))
    }
    if len(held) == 1:
        always = "always" if held.pop() else "never"
        hint = f"`{name}` stays within {low} to {high}"
        yield CaseProblem(path, f"`{name} {op} {number}` {always} holds", hint, "guard-bounds")
