"""Assignments of SugarCube and Harlowe, as far as an effect can do the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from crossings.exchange.twine.conditions import NotCarriedError, shortened, tokens, unquoted

Op = Literal["set", "add", "tag", "untag", "start"]


@dataclass(frozen=True)
class Change:
    """One change of a Twine variable. `bounds` are known where the author clamps the number.

    `start` gives a set all its tags at once, which only a declaration can do.
    """

    op: Op
    name: str
    value: bool | int | str | tuple[str, ...]
    bounds: tuple[int, int] | None = None


def changes(text: str) -> list[Change]:
    """What the arguments of a `set`, `put` or `run` macro do.

    Raises:
        NotCarriedError: when an effect cannot do it.
    """
    found: list[Change] = []
    for part in _parts(tokens(text)):
        found.extend(_Reader(part, text).change())
    return found


def _parts(all_tokens: list[str]) -> list[list[str]]:
    """The tokens between commas (or semicolons' absence) that stand in no brackets."""
    parts: list[list[str]] = [[]]
    depth = 0
    for token in all_tokens:
        depth += (token in "([") - (token in ")]") if len(token) == 1 else 0
        if token == "," and not depth:
            parts.append([])
        else:
            parts[-1].append(token)
    return [p for p in parts if p]


@dataclass
class _Reader:
    tokens: list[str]
    text: str

    def fail(self) -> NotCarriedError:
        return NotCarriedError(f"`{shortened(self.text)}`")

    def change(self) -> list[Change]:
        t = self.tokens
        if "into" in t:  # Harlowe's (put: 1 into $x)
            cut = t.index("into")
            t = [*t[cut + 1 :], "to", *t[:cut]]
        if not t or not t[0].startswith("$"):
            raise self.fail()
        name, rest = t[0][1:], t[1:]
        if rest[:1] == ["."]:
            return self.called(name, rest[1:])
        if rest in (["++"], ["--"]):
            return [Change("add", name, 1 if rest == ["++"] else -1)]
        if rest[:1] in (["+="], ["-="]):
            number = self.number(rest[1:])
            return [Change("add", name, number if rest[0] == "+=" else -number)]
        if rest[:1] in (["to"], ["="]):
            return self.assigned(name, rest[1:])
        raise self.fail()

    def called(self, name: str, rest: list[str]) -> list[Change]:
        ops: dict[str, Op] = {"pushUnique": "tag", "push": "tag", "delete": "untag"}
        if len(rest) == 4 and rest[0] in ops and (rest[1], rest[3]) == ("(", ")"):
            tag = unquoted(rest[2])
            if tag is not None:
                return [Change(ops[rest[0]], name, tag)]
        raise self.fail()

    def assigned(self, name: str, value: list[str]) -> list[Change]:
        if value in (["true"], ["false"]):
            return [Change("set", name, value == ["true"])]
        if value[:4] == ["Math", ".", "clamp", "("] and value[-1] == ")":
            return self.clamped(name, value[4:-1])
        if value[:1] == ["["] and value[-1] == "]":
            return [Change("start", name, self.strings(value[1:-1]))]
        if value[:2] == ["(", "a:"] and value[-1] == ")":
            return [Change("start", name, self.strings(value[2:-1]))]
        if value[:1] in (["it"], [f"${name}"]) and len(value) > 2 and value[1] in "+-":
            return self.moved(name, value[1], value[2:])
        return [Change("set", name, self.number(value))]

    def moved(self, name: str, sign: str, by: list[str]) -> list[Change]:
        if by[:2] == ["(", "a:"] and by[-1] == ")":
            op: Op = "tag" if sign == "+" else "untag"
            return [Change(op, name, tag) for tag in self.strings(by[2:-1])]
        number = self.number(by)
        return [Change("add", name, number if sign == "+" else -number)]

    def clamped(self, name: str, value: list[str]) -> list[Change]:
        parts = _parts(value)
        if len(parts) != 3:
            raise self.fail()
        bounds = (self.number(parts[1]), self.number(parts[2]))
        (inner,) = self.assigned(name, parts[0])
        if inner.op not in ("set", "add") or inner.bounds or isinstance(inner.value, bool):
            raise self.fail()
        return [Change(inner.op, name, inner.value, bounds)]

    def number(self, value: list[str]) -> int:
        joined = "".join(value)
        if not re.fullmatch(r"-?\d{1,9}", joined):
            raise self.fail()
        return int(joined)

    def strings(self, value: list[str]) -> tuple[str, ...]:
        found = [unquoted(v) for v in value if v != ","]
        if any(f is None for f in found):
            raise self.fail()
        return tuple(f for f in found if f is not None)
