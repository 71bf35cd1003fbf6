"""A small player of the SugarCube that our export writes, as its documentation words it.

It shares no code with the export; a macro or an expression that it does not know fails. It stands
in for SugarCube itself, which no package registry carries.
"""

from __future__ import annotations

import json
import re
from typing import Any

from crossings.exchange.twine.twee import Story

_PIECE = re.compile(
    r'<<(?P<macro>/?\w+|=)\s*(?P<args>(?:"(?:\\.|[^"\\])*"|[^">]|>(?!>))*)>>'
    r"|\[\[(?P<words>.+?)->(?P<target>[^\]]+)\]\]"
)
_WORDS = {"is": "==", "isnot": "!=", "lte": "<=", "gte": ">=", "lt": "<", "gt": ">",
          "true": "True", "false": "False"}  # fmt: skip
_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|[$_]?[A-Za-z_]\w*|.', re.DOTALL)


class Array(list[Any]):
    def includes(self, value: Any) -> bool:
        return value in self

    def pushUnique(self, value: Any) -> None:  # noqa: N802
        if value not in self:
            self.append(value)

    push = list.append

    def delete(self, value: Any) -> None:
        self[:] = [v for v in self if v != value]


class Name(str):
    def startsWith(self, start: str) -> bool:  # noqa: N802
        return self.startswith(start)


class Maths:
    @staticmethod
    def clamp(value: int, low: int, high: int) -> int:
        return min(high, max(low, value))


class Player:
    """`links` are the (words, target) that stand open in the passage `here`."""

    def __init__(self, story: Story) -> None:
        self.passages = {p.name: p.text for p in story.passages}
        self.vars: dict[str, Any] = {}
        self.temporary: dict[str, Any] = {}
        self.history: list[str] = []
        self.links: list[tuple[str, str]] = []
        self._show(self.passages["StoryInit"])
        self.go(story.data["start"])

    @property
    def here(self) -> str:
        return self.history[-1]

    def go(self, name: str) -> None:
        self.history.append(name)
        self.links, self.temporary = [], {}
        self._show(self.passages[name])

    def value(self, text: str) -> Any:
        """The value of an expression of TwineScript."""
        said = "".join(self._word(t) for t in _TOKEN.findall(text))
        names = {
            "hasVisited": lambda name: name in self.history,
            "previous": lambda: Name(self.history[-2] if len(self.history) > 1 else ""),
            "Math": Maths,
            "either": lambda *values: values[0],
            "Array": Array,
            "V": self.vars,
            "T": self.temporary,
        }
        return eval(said.strip(), {"__builtins__": {}}, names)

    def _word(self, token: str) -> str:
        if token.startswith("$"):
            return f"V[{token[1:]!r}]"
        if token.startswith("_"):
            return f"T[{token!r}]"
        return _WORDS.get(token, token)

    def _show(self, text: str) -> None:
        pieces = list(_PIECE.finditer(text))
        self._run(pieces, 0, len(pieces))

    def _run(self, pieces: list[re.Match[str]], at: int, end: int) -> None:
        while at < end:
            piece = pieces[at]
            macro, args = piece["macro"], piece["args"]
            if macro is None:
                self.links.append((str(self.value(piece["words"])), piece["target"]))
            elif macro in ("if", "for"):
                at = self._block(pieces, at, macro)
                continue
            elif macro == "set":
                name, _, value = args.partition(" to ")
                self._set(name, self.value(value))
            elif macro == "run":
                self.value(args)
            elif macro == "include":
                self._show(self.passages[json.loads(args)])
            elif macro == "link":
                words, target = re.fullmatch(r'("[^"]*") (\S+)', args).groups()  # type: ignore[union-attr]
                self.links.append((json.loads(words), self.value(target)))
            else:
                assert macro in ("=", "/link", "textarea"), macro
            at += 1

    def _set(self, name: str, value: Any) -> None:
        value = Array(value) if isinstance(value, list) else value
        inside = re.fullmatch(r'\$(\w+)\["(.*)"\]', name)
        if inside:
            self.vars[inside.group(1)][inside.group(2)] = value
        elif name.startswith("_"):
            self.temporary[name] = value
        else:
            self.vars[name[1:]] = value

    def _block(self, pieces: list[re.Match[str]], at: int, macro: str) -> int:
        """Runs an `if` or a `for`; returns what comes after it."""
        cuts, depth, end = [at], 0, at + 1
        while depth or pieces[end]["macro"] != f"/{macro}":
            name = pieces[end]["macro"]
            if name == macro:
                depth += 1
            elif name == f"/{macro}":
                depth -= 1
            elif not depth and macro == "if" and name in ("elseif", "else"):
                cuts.append(end)
            end += 1
        if macro == "for":
            while self.value(pieces[at]["args"]):
                self._run(pieces, at + 1, end)
            return end + 1
        for cut, stop in zip(cuts, [*cuts[1:], end], strict=True):
            if pieces[cut]["macro"] == "else" or self.value(pieces[cut]["args"]):
                self._run(pieces, cut + 1, stop)
                break
        return end + 1
