"""Conditions of SugarCube and Harlowe, as far as a guard can say the same.

The parsed form is that of `crossings.cases.guard`, with one leaf more: `["passage", name]` holds
when the passage was visited. What it means (a node, an option, a question) is known only when the
whole story was read.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from crossings.cases.guard import Ast

MOST_TOKENS = 400
"""A longer condition is not read: no author wrote it by hand."""


class NotCarriedError(ValueError):
    """Code that has no counterpart; the message names it."""


_TOKEN = re.compile(
    r"""\s*(?:(?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?P<number>\d+(?:\.\d+)?)
    |(?P<name>[$_][A-Za-z_][A-Za-z0-9_]*)|(?P<word>[A-Za-z][A-Za-z-]*:?)
    |(?P<op>===|!==|==|!=|<=|>=|&&|\|\||\+\+|--|[-+]=|[<>!=(),.\[\]+-]))""",
    re.VERBOSE,
)
_WORDS = {
    "is not": "!=", "isnot": "!=", "neq": "!=", "ne": "!=", "!==": "!=", "is": "==", "eq": "==",
    "===": "==", "gte": ">=", "gt": ">", "lte": "<=", "lt": "<", "&&": "and", "||": "or",
    "!": "not",
}  # fmt: skip
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def tokens(text: str) -> list[str]:
    """The tokens of `text`, with the formats' words for one thing made one.

    Raises:
        NotCarriedError: where a character is none of this language.
    """
    found: list[str] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None or len(found) > MOST_TOKENS:
            raise NotCarriedError(f"`{shortened(text)}`")
        token = match.group().strip()
        at = match.end()
        if token == "not" and found and found[-1] == "==":
            found[-1] = "!="
            continue
        found.append(_WORDS.get(token, token))
    return found


def shortened(text: str, most: int = 60) -> str:
    """One line of at most `most` characters, for messages."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def unquoted(token: str) -> str | None:
    """The text of a string token; None for other tokens."""
    if token[:1] not in ("'", '"'):
        return None
    return re.sub(r"\\(.)", r"\1", token[1:-1])


def parse(text: str) -> Ast:
    """The guard that says what the condition `text` says.

    Raises:
        NotCarriedError: when no guard can say it.
    """
    reader = _Reader(tokens(text), text)
    try:
        tree = reader.either(0)
    except IndexError:
        raise NotCarriedError(f"`{shortened(text)}`") from None
    if reader.at < len(reader.tokens):
        raise NotCarriedError(f"`{shortened(text)}`")
    return tree


@dataclass
class _Reader:
    tokens: list[str]
    text: str
    at: int = 0

    def peek(self, ahead: int = 0) -> str:
        there = self.at + ahead
        return self.tokens[there] if there < len(self.tokens) else ""

    def take(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1]

    def fail(self) -> NotCarriedError:
        return NotCarriedError(f"`{shortened(self.text)}`")

    def expect(self, *wanted: str) -> None:
        for token in wanted:
            if self.peek() != token:
                raise self.fail()
            self.at += 1

    def either(self, depth: int) -> Ast:
        if depth > 30:
            raise self.fail()
        tree = self.both(depth)
        while self.peek() == "or":
            self.take()
            tree = ["or", tree, self.both(depth)]
        return tree

    def both(self, depth: int) -> Ast:
        tree = self.negated(depth)
        while self.peek() == "and":
            self.take()
            tree = ["and", tree, self.negated(depth)]
        return tree

    def negated(self, depth: int) -> Ast:
        if self.peek() == "not":
            self.take()
            if depth > 30:
                raise self.fail()
            return ["not", self.negated(depth + 1)]
        return self.atom(depth)

    def atom(self, depth: int) -> Ast:
        if self.peek() == "(" and self.peek(1) == "history:":
            self.expect("(", "history:", ")", "contains")
            return ["passage", self.string()]
        if self.peek() == "(":
            self.take()
            tree = self.either(depth + 1)
            self.expect(")")
            return tree
        if self.peek() in ("hasVisited", "visited"):
            return self.visit()
        if self.peek().startswith("$"):
            return self.variable()
        return self.turned()

    def visit(self) -> Ast:
        word = self.take()
        self.expect("(")
        name = self.string()
        self.expect(")")
        if word == "visited" and self.peek() in COMPARISONS:
            compared = (self.take(), self.take())
            if compared not in ((">", "0"), (">=", "1"), ("==", "0"), ("<", "1")):
                raise self.fail()
            if compared in (("==", "0"), ("<", "1")):
                return ["not", ["passage", name]]
        return ["passage", name]

    def variable(self) -> Ast:
        name = self.take()[1:]
        if self.peek() == "." and self.peek(1) in ("includes", "contains"):
            self.at += 2
            self.expect("(")
            tag = self.string()
            self.expect(")")
            return ["has", name, tag]
        if self.peek() == "contains":
            self.take()
            return ["has", name, self.string()]
        if self.peek() in COMPARISONS:
            op = self.take()
            return self.compared(op, name, self.value())
        return ["is", name]

    def turned(self) -> Ast:
        """`3 < $x` is `$x > 3`."""
        value = self.value()
        op = self.take()
        name = self.take()
        if op not in COMPARISONS or not name.startswith("$"):
            raise self.fail()
        return self.compared(_FLIPPED.get(op, op), name[1:], value)

    def compared(self, op: str, name: str, value: bool | int) -> Ast:
        if not isinstance(value, bool):
            return ["cmp", op, name, value]
        if op not in ("==", "!="):
            raise self.fail()
        return ["is", name] if value == (op == "==") else ["not", ["is", name]]

    def value(self) -> bool | int:
        token = self.take()
        if token in ("true", "false"):
            return token == "true"
        sign = 1
        if token == "-":
            sign, token = -1, self.take()
        if not re.fullmatch(r"\d{1,9}", token):
            raise self.fail()
        return sign * int(token)

    def string(self) -> str:
        text = unquoted(self.take())
        if text is None:
            raise self.fail()
        return text


def spoken(tree: Ast) -> str:
    """The guard `tree` as an author writes it; `parse` of `crossings.cases.guard` reads it back."""
    word = tree[0]
    if word in ("and", "or"):
        return f"{_inner(tree[1], word)} {word} {_inner(tree[2], word, right=True)}"
    if word == "not":
        return f"not {_inner(tree[1], 'not')}"
    if word == "is":
        return str(tree[1])
    if word == "cmp":
        return f"{tree[2]} {tree[1]} {tree[3]}"
    if word == "has":
        return f"{tree[1]} has {tree[2]}"
    return f"{word} {'.'.join(tree[1:])}"


def _inner(tree: Ast, outer: str, right: bool = False) -> str:
    """A part of a guard, in brackets where the grammar would group it otherwise."""
    loose = {"or": 0, "and": 1}
    here = loose.get(tree[0], 2)
    around = loose.get(outer, 2)
    bare = here > around or (here == around and not right) or tree[0] not in loose
    return spoken(tree) if bare else f"({spoken(tree)})"


_SPELLED = {"==": "is", "!=": "isnot", "<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}


def sugarcube(tree: Ast) -> str:
    """The guard `tree` in SugarCube's words. Every `and` and `or` inside another has brackets."""
    word = tree[0]
    if word in ("and", "or"):
        return f"{_bracketed(tree[1])} {word} {_bracketed(tree[2])}"
    if word == "not":
        return f"not {_bracketed(tree[1])}"
    if word == "is":
        return f"${tree[1]}"
    if word == "cmp":
        return f"${'cx_clock' if tree[2] == 'clock' else tree[2]} {_SPELLED[tree[1]]} {tree[3]}"
    if word == "has":
        return f"${tree[1]}.includes({json.dumps(tree[2])})"
    if word in ("seen", "fired"):
        return f"$cx_{word}.includes({json.dumps(tree[1])})"
    return f"hasVisited({json.dumps('.'.join(tree[1:]))})"


def _bracketed(tree: Ast) -> str:
    loose = tree[0] in ("and", "or", "cmp", "not")
    return f"({sugarcube(tree)})" if loose else sugarcube(tree)
