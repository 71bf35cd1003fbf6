"""Names: everything that is referred to is declared, once, and is of the right kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from crossings.cases.checks.parts import effects, finds, judged, targets
from crossings.cases.checks.problem import CaseProblem, Path, unknown
from crossings.cases.model import (
    Case,
    Decision,
    Effect,
    Ending,
    Interview,
    Search,
    Triage,
    Variable,
)
from crossings.cases.variants import PLACE

_WORDS = {"and", "or", "not", "has", "seen", "asked", "chose", "visited", "fired", "clock"}


def problems(case: Case) -> Iterator[CaseProblem]:
    yield from _declared(case)
    yield from _references(case)
    yield from _repeated(case)
    for path, effect in effects(case):
        yield from _effect(case, path, effect)
    yield from _variants(case)


def _declared(case: Case) -> Iterator[CaseProblem]:
    for name, variable in case.variables.items():
        path: Path = ("variables", name)
        if name in _WORDS:
            yield CaseProblem(
                path, f"`{name}` is a word of the guard language", "rename it", "reserved-name"
            )
        yield from _variable(path, variable)
    for name, values in case.variants.items():
        if not values:
            yield CaseProblem(
                ("variants", name), "no value to draw", "give at least one value", "variant-empty"
            )
    if int(case.starts_at[:2]) > 23:
        yield CaseProblem(
            ("starts_at",), "there is no such time", "use 00:00 to 23:59", "start-time"
        )
    for name, walk in case.walkthroughs.items():
        if not isinstance(case.nodes.get(walk.ending), Ending):
            endings = [n for n, node in case.nodes.items() if isinstance(node, Ending)]
            yield unknown(("walkthroughs", name, "ending"), "ending", walk.ending, endings)
    if "best" not in case.walkthroughs:
        hint = "add a walkthrough named `best`: its points count as 100 percent"
        yield CaseProblem(
            ("walkthroughs",), "there is no walkthrough `best`", hint, "no-best-walkthrough"
        )


def _variable(path: Path, variable: Variable) -> Iterator[CaseProblem]:
    start = variable.start
    if variable.type == "integer" and variable.min >= variable.max:
        yield CaseProblem(
            (*path, "max"),
            "`max` is not above `min`",
            "make room between them",
            "variable-declaration",
        )
    if variable.type == "set" and not variable.tags:
        yield CaseProblem(
            path,
            "a set without `tags`",
            "declare every tag that may be added",
            "variable-declaration",
        )
    if start is None:
        return
    fits = {
        "boolean": isinstance(start, bool),
        "integer": isinstance(start, int) and not isinstance(start, bool),
        "set": isinstance(start, tuple),
    }
    if not fits[variable.type]:
        hint = f"give a start that fits `type: {variable.type}`"
        yield CaseProblem(
            (*path, "start"), "the start is of another type", hint, "variable-declaration"
        )
    elif isinstance(start, tuple):
        yield from (
            unknown((*path, "start"), "tag", tag, variable.tags)
            for tag in start
            if tag not in variable.tags
        )
    elif variable.type == "integer" and not variable.min <= start <= variable.max:
        hint = f"keep it within {variable.min} to {variable.max}"
        yield CaseProblem(
            (*path, "start"), f"{start} is out of bounds", hint, "variable-declaration"
        )


def _references(case: Case) -> Iterator[CaseProblem]:
    yield from _known(("start",), "node", [case.start], case.nodes)
    for _, path, target in targets(case):
        yield from _known(path, "node", [target], case.nodes)
    for name, node in case.nodes.items():
        at: Path = ("nodes", name)
        yield from _known((*at, "people"), "person", node.people, case.people)
        yield from _known((*at, "evidence"), "evidence", node.evidence, case.evidence)
        if isinstance(node, Interview):
            yield from _known((*at, "person"), "person", [node.person], case.people)
        elif isinstance(node, Triage):
            yield from _triage(case, at, node)
    for path, find in finds(case):
        yield from _known((*path, "evidence"), "evidence", [find.evidence], case.evidence)
    for path, one in judged(case):
        yield from _known((*path, "cap"), "cap", [one.cap] if one.cap else [], case.caps)
    for n, rule in enumerate(case.rules):
        yield from _known(
            ("rules", n, "goto"), "node", [rule.goto] if rule.goto else [], case.nodes
        )
        yield from _known(("rules", n, "cap"), "cap", [rule.cap] if rule.cap else [], case.caps)
    for name, variable in case.variables.items():
        people = [variable.person] if variable.person else []
        yield from _known(("variables", name, "person"), "person", people, case.people)
    yield from _debrief(case)


def _debrief(case: Case) -> Iterator[CaseProblem]:
    for n, person in enumerate(case.debrief.people):
        path: Path = ("debrief", "people", n, "person")
        yield from _known(path, "person", [person.person], case.people)
        if person.fates[-1].when is not None:
            hint = "give the last fate no `when`, so that everybody's story has an end"
            there = ("debrief", "people", n, "fates", len(person.fates) - 1, "when")
            yield CaseProblem(there, "no fate may hold for this person", hint, "fate-default")
    signs = case.debrief.signs
    sets = [n for n, v in case.variables.items() if v.type == "set"]
    yield from _known(("debrief", "signs"), "set variable", [signs] if signs else [], sets)


def _triage(case: Case, at: Path, node: Triage) -> Iterator[CaseProblem]:
    channels = [c.id for c in node.channels]
    for n, arrival in enumerate(node.arrivals):
        path: Path = (*at, "arrivals", n)
        yield from _known((*path, "person"), "person", [arrival.person], case.people)
        for channel in arrival.verdicts:
            yield from _known((*path, "verdicts", channel), "channel", [channel], channels)


def _known(
    path: Path, what: str, names: Iterable[str], declared: Collection[str]
) -> Iterator[CaseProblem]:
    return (unknown(path, what, name, declared) for name in names if name not in declared)


def _repeated(case: Case) -> Iterator[CaseProblem]:
    """Ids that stand twice in one list, where only the first would count."""
    lists: list[tuple[Path, list[str]]] = [(("rules",), [r.id for r in case.rules])]
    for name, node in case.nodes.items():
        at: Path = ("nodes", name)
        if isinstance(node, Decision):
            lists.append(((*at, "options"), [o.id for o in node.options]))
        elif isinstance(node, Interview):
            lists.append(((*at, "questions"), [q.id for q in node.questions]))
        elif isinstance(node, Search):
            lists.append(((*at, "finds"), [f.evidence for f in node.finds]))
        elif isinstance(node, Triage):
            lists.append(((*at, "arrivals"), [a.id for a in node.arrivals]))
            lists.append(((*at, "channels"), [c.id for c in node.channels]))
    for path, ids in lists:
        for repeated in (i for i, times in Counter(ids).items() if times > 1):
            yield CaseProblem(
                path, f"`{repeated}` is there twice", "give each its own id", "repeated-id"
            )


def _effect(case: Case, path: Path, effect: Effect) -> Iterator[CaseProblem]:
    for op in ("set", "add", "tag", "untag"):
        for name, value in (getattr(effect, op) or {}).items():
            variable = case.variables.get(name)
            if variable is None:
                yield unknown((*path, op), "variable", name, case.variables)
            else:
                yield from _change((*path, op), op, name, value, variable)


def _change(
    path: Path, op: str, name: str, value: Any, variable: Variable
) -> Iterator[CaseProblem]:
    if op in ("tag", "untag"):
        if variable.type != "set":
            yield CaseProblem(path, f"`{name}` is not a set", "use `set` or `add`", "effect-type")
        elif value not in variable.tags:
            yield unknown(path, "tag", value, variable.tags)
    elif variable.type == "set":
        yield CaseProblem(path, f"`{name}` is a set", "use `tag` or `untag`", "effect-type")
    elif op == "add" and variable.type == "boolean":
        yield CaseProblem(
            path, f"`{name}` is a boolean", "use `set` with true or false", "effect-type"
        )
    elif isinstance(value, bool) != (variable.type == "boolean"):
        hint = "true or false" if variable.type == "boolean" else "a whole number"
        yield CaseProblem(path, f"`{value}` does not fit `{name}`", f"use {hint}", "effect-type")
    elif op == "set" and not isinstance(value, bool) and not variable.min <= value <= variable.max:
        hint = f"keep it within {variable.min} to {variable.max}"
        yield CaseProblem(path, f"{value} is out of the bounds of `{name}`", hint, "effect-bounds")


def _variants(case: Case) -> Iterator[CaseProblem]:
    for path, name in variants_used(case):
        if name not in case.variants:
            yield unknown(path, "variant", name, case.variants)


def variants_used(case: Case) -> Iterator[tuple[Path, str]]:
    """Every `{name}` in a text of the case."""
    data = case.model_dump(mode="json", exclude={"walkthroughs"}, exclude_none=True)
    for path, text in _texts(data, ()):
        yield from ((path, name) for name in PLACE.findall(text))


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for n, one in enumerate(value):
            yield from _texts(one, (*path, n))
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _texts(one, (*path, key))
