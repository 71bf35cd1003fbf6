"""The guard language: conditions over a case's state, parsed once into JSON.

    trust >= 3 and not (signs has debt) or clock > 45

Grammar (lowest binding first): `or`, `and`, `not`, then one of

    NAME                      a boolean variable holds
    NAME OP INTEGER           OP is one of == != < <= > >=; NAME an integer variable or `clock`
    NAME has TAG              a set variable holds the tag
    seen EVIDENCE             the evidence was seen
    asked NODE.QUESTION       the question was asked
    chose NODE.OPTION         the option was chosen
    visited NODE              the node was entered
    fired RULE                the rule fired
    ( GUARD )

Other rooms have words of their own in place of `seen` to `fired` (`Language`): a tabletop drill
asks `told coast-guard`. The grammar is the same.

The parsed form is nested lists, the same that `engine.js` reads:
["or", a, b], ["and", a, b], ["not", a], ["is", name], ["cmp", op, name, int], ["has", name, tag],
["seen", id], ["asked", node, id], ["chose", node, id], ["visited", id], ["fired", id].
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Ast = list[Any]
_TOKEN = re.compile(r"\s*(?:(?P<op>==|!=|<=|>=|<|>|\(|\))|(?P<word>-?[A-Za-z0-9_][A-Za-z0-9_.-]*))")
_OPS = {"==", "!=", "<", "<=", ">", ">="}


class GuardError(ValueError):
    """A guard that cannot be read; the message says where and what was expected."""


@dataclass(frozen=True)
class Language:
    """What a guard can ask beside names and numbers: `words` stand before one name, `dotted` before
    two with a dot between them."""

    words: frozenset[str]
    dotted: frozenset[str]


CASES = Language(frozenset({"seen", "visited", "fired"}), frozenset({"asked", "chose"}))


def parse(text: str, language: Language = CASES) -> Ast:
    """The parsed form of `text`.

    Raises:
        GuardError: where `text` is not a guard.
    """
    reader = _Reader(_tokens(text), text, language)
    tree = reader.either()
    if reader.peek() is not None:
        raise GuardError(f"`{text}`: did not expect `{reader.peek()}`")
    return tree


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    at = 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None:
            raise GuardError(f"`{text}`: cannot read at `{text[at:].strip()[:20]}`")
        found.append(match.group("op") or match.group("word"))
        at = match.end()
    return found


@dataclass
class _Reader:
    tokens: list[str]
    text: str
    language: Language
    at: int = 0

    def peek(self) -> str | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self) -> str:
        token = self.peek()
        if token is None:
            raise GuardError(f"`{self.text}`: ends too early")
        self.at += 1
        return token

    def either(self) -> Ast:
        tree = self.both()
        while self.peek() == "or":
            self.take()
            tree = ["or", tree, self.both()]
        return tree

    def both(self) -> Ast:
        tree = self.negated()
        while self.peek() == "and":
            self.take()
            tree = ["and", tree, self.negated()]
        return tree

    def negated(self) -> Ast:
        if self.peek() == "not":
            self.take()
            return ["not", self.negated()]
        return self.atom()

    def atom(self) -> Ast:
        token = self.take()
        if token == "(":
            tree = self.either()
            if self.take() != ")":
                raise GuardError(f"`{self.text}`: a `)` is missing")
            return tree
        if token in self.language.words:
            return [token, self.name()]
        if token in self.language.dotted:
            node, dot, part = self.name().partition(".")
            if not dot or not part:
                raise GuardError(f"`{self.text}`: `{token}` needs node.id")
            return [token, node, part]
        if token in _OPS or token in {")", "and", "or", "has"}:
            raise GuardError(f"`{self.text}`: did not expect `{token}`")
        return self.comparison(token)

    def comparison(self, name: str) -> Ast:
        following = self.peek()
        if following == "has":
            self.take()
            return ["has", name, self.name()]
        if following in _OPS:
            op = self.take()
            number = self.take()
            if not re.fullmatch(r"-?\d+", number):
                raise GuardError(f"`{self.text}`: `{op}` needs a whole number, found `{number}`")
            return ["cmp", op, name, int(number)]
        return ["is", name]

    def name(self) -> str:
        token = self.take()
        if token in _OPS or token in {"(", ")", "and", "or", "not", "has"}:
            raise GuardError(f"`{self.text}`: expected a name, found `{token}`")
        return token


def truth(tree: Ast, leaf: Callable[[Ast], bool]) -> bool:
    """Whether a parsed guard holds where `leaf` says of each of its leaves whether it does."""
    if tree[0] == "or":
        return truth(tree[1], leaf) or truth(tree[2], leaf)
    if tree[0] == "and":
        return truth(tree[1], leaf) and truth(tree[2], leaf)
    return not truth(tree[1], leaf) if tree[0] == "not" else leaf(tree)


def names(tree: Ast) -> list[Ast]:
    """The leaves of a parsed guard, for checks of what it refers to."""
    if tree[0] in {"and", "or"}:
        return names(tree[1]) + names(tree[2])
    if tree[0] == "not":
        return names(tree[1])
    return [tree]
