"""Conditions of an exercise as people read them: trainers see no ids of an author's file."""

from __future__ import annotations

from crossings.tabletop.language import Ast, parse
from crossings.tabletop.model import Tabletop
from crossings.tabletop.view import named

SIGNS = {">=": "≥", "<=": "≤", "==": "=", "!=": "≠"}


def in_words(table: Tabletop, when: str) -> str:
    """`when` in words, for example `“A boat is on its way” is met and nobody told Press office`.

    Raises:
        GuardError: where it cannot be read.
    """
    return _words(table, parse(when))


def _words(table: Tabletop, tree: Ast) -> str:
    word = tree[0]
    if word in ("and", "or"):
        return f" {word} ".join(_part(table, part, word) for part in tree[1:])
    if word != "not":
        return _leaf(table, tree, True)
    if tree[1][0] in ("and", "or", "not"):
        return f"not ({_words(table, tree[1])})"
    return _leaf(table, tree[1], False)


def _part(table: Tabletop, tree: Ast, around: str) -> str:
    said = _words(table, tree)
    return f"({said})" if tree[0] in {"and", "or"} - {around} else said


def _leaf(table: Tabletop, leaf: Ast, holds: bool) -> str:
    word, not_ = leaf[0], "" if holds else "not "
    if word == "cmp":
        return f"{not_}minute {SIGNS.get(leaf[1], leaf[1])} {leaf[3]}"
    if word == "told":
        return f"{'somebody' if holds else 'nobody'} told {named(table, leaf[1])}"
    if word == "wrote":
        one, other = named(table, leaf[1]), named(table, leaf[2])
        return f"{one} wrote to {other}" if holds else f"{one} has not written to {other}"
    if word == "chose":
        return f"the story {'went' if holds else 'did not go'} {_quoted(_way(table, leaf))}"
    what, verb, state = _subject(table, leaf)
    return f"{_quoted(what)} {verb} {not_}{state}"


def _subject(table: Tabletop, leaf: Ast) -> tuple[str, str, str]:
    word, name = leaf[0], leaf[1]
    if word == "fired":
        return next((i.title for i in table.injects if i.id == name), name), "has", "come"
    if word == "did":
        return table.actions[name].text if name in table.actions else name, "is", "done"
    if word == "filed":
        return table.forms[name].title if name in table.forms else name, "is", "filed"
    return table.milestones[name].text if name in table.milestones else name, "is", "met"


def _way(table: Tabletop, leaf: Ast) -> str:
    ways = table.branches[leaf[1]].ways if leaf[1] in table.branches else {}
    return ways[leaf[2]].text if leaf[2] in ways else str(leaf[2])


def _quoted(text: str) -> str:
    return f"“{text.rstrip('.')}”"
