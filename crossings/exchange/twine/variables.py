"""The variables of a Twine story: which type each has, where it starts, within which bounds.

Twine declares nothing, so all of it is gathered from how the story uses its variables.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from crossings.cases.guard import Ast, names
from crossings.exchange.twine.names import Names, tag
from crossings.exchange.twine.statements import Change

CLOCK = "cx_clock"
OWN = "cx_"
"""Variables with this prefix are those that our own export adds (`write` beside this)."""


@dataclass
class _Known:
    types: list[str] = field(default_factory=list)
    start: bool | int | tuple[str, ...] | None = None
    numbers: list[int] = field(default_factory=list)
    bounds: tuple[int, int] | None = None
    tags: dict[str, None] = field(default_factory=dict)


class Variables:
    """Collects every use, then knows each variable. Names in and out: Twine's in, ours out."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}
        self._names = Names()

    def declared(self, change: Change) -> None:
        """A change at the very start of the story: it gives the start value."""
        known = self.changed(change)
        if known is not None and change.op in ("set", "start"):
            value = change.value
            known.start = value if not isinstance(value, str) else None

    def changed(self, change: Change) -> _Known | None:
        if change.name.startswith(OWN):
            return None
        known = self._known.setdefault(change.name, _Known())
        value = change.value
        if isinstance(value, bool):
            known.types.append("boolean")
        elif isinstance(value, int):
            known.types.append("integer")
            known.numbers += [value] if change.op == "set" else []
            known.bounds = change.bounds or known.bounds
        else:
            known.types.append("set")
            known.tags.update(dict.fromkeys([value] if isinstance(value, str) else value))
        return known

    def asked(self, tree: Ast) -> None:
        for leaf in names(tree):
            name = leaf[2] if leaf[0] == "cmp" else leaf[1]
            if leaf[0] not in ("is", "cmp", "has") or name.startswith(OWN):
                continue
            known = self._known.setdefault(name, _Known())
            if leaf[0] == "has":
                known.types.append("set")
                known.tags[leaf[2]] = None
            elif leaf[0] == "cmp":
                known.types.append("integer")
                known.numbers.append(leaf[3])
            # `$x` alone asks of any type whether it is there: it decides nothing

    def type(self, name: str) -> str:
        types = self._known[name].types if name in self._known else []
        return types[0] if types else "boolean"

    def name(self, name: str) -> str:
        return self._names.variable(name)

    def effect(self, change: Change) -> dict[str, Any] | None:
        """The change as an effect; None where the variable is of another type."""
        if change.name == CLOCK:
            ahead = change.op == "add" and isinstance(change.value, int) and change.value >= 0
            return {"advance": change.value} if ahead else None
        if change.name.startswith(OWN):
            return None
        name, kind, value = self.name(change.name), self.type(change.name), change.value
        if change.op in ("tag", "untag"):
            return {change.op: {name: tag(str(value))}} if kind == "set" else None
        fits = {"boolean": isinstance(value, bool), "integer": type(value) is int}.get(kind, False)
        return {change.op: {name: value}} if fits else None

    def leaf(self, leaf: Ast) -> Ast | None:
        """A leaf of a guard in our names; None where it compares what cannot be compared."""
        word, name = leaf[0], leaf[2] if leaf[0] == "cmp" else leaf[1]
        if word == "cmp" and name == CLOCK:
            return ["cmp", leaf[1], "clock", leaf[3]]
        if word == "has" and name in ("cx_seen", "cx_fired"):
            return [name.removeprefix(OWN), leaf[2]]
        if name.startswith(OWN):
            return None
        kind, ours = self.type(name), self.name(name)
        if word == "is" and kind == "boolean":
            return ["is", ours]
        if word == "is" and kind == "integer":
            return ["cmp", "!=", ours, 0]
        if word == "cmp" and kind == "integer":
            return ["cmp", leaf[1], ours, leaf[3]]
        return ["has", ours, tag(leaf[2])] if word == "has" and kind == "set" else None

    def mixed(self) -> Iterable[str]:
        """Twine's names of variables that are used as more than one type."""
        return [name for name, known in self._known.items() if len(set(known.types)) > 1]

    def unbounded(self) -> Iterable[str]:
        """Twine's names of numbers that the story never clamps."""
        return [
            name
            for name, known in self._known.items()
            if self.type(name) == "integer" and known.bounds is None
        ]

    def declarations(self) -> dict[str, dict[str, Any]]:
        """The `variables` of the case."""
        return {self.name(name): self._declaration(name) for name in self._known}

    def _declaration(self, name: str) -> dict[str, Any]:
        known, kind = self._known[name], self.type(name)
        made: dict[str, Any] = {"type": kind, "label": self.name(name).replace("_", " ")}
        if kind == "set":
            start = known.start if isinstance(known.start, tuple) else ()
            made |= {"start": [tag(t) for t in start]} if start else {}
            return made | {"tags": {tag(one): one for one in known.tags}}
        if kind == "boolean":
            return made | ({"start": True} if known.start is True else {})
        number = known.start if isinstance(known.start, int) else 0
        numbers = (number, *known.numbers)
        low, high = known.bounds or (min(0, *numbers), max(10, *numbers))
        return made | {"start": int(number), "min": low, "max": high}
