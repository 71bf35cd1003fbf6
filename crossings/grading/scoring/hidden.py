"""Which part of a test cell trainees can read, and what its author says in it.

Everything here is read from the MASTER cell, never from what a run produced.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import lru_cache

BEGIN, END = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"
AUTOTEST = "HIDDEN AUTOTEST"
"""Where nbgrader's release step will put a hidden test that it makes itself."""
_MARK = re.compile(r"(BEGIN|END) MARK SCHEME")
CHECKS = ("value", "number", "text", "frame", "figure", "function")
_MAGIC = re.compile(r"^\s*[%!?]|\?\s*$")


@dataclass(frozen=True)
class Reading:
    """What a test cell's source says before it is run."""

    visible: str
    """The source without its hidden tests, as in the released notebook."""
    hidden: bool
    literals: frozenset[str]
    """Messages of visible asserts and raises that are plain text."""
    computed: bool
    """Whether a visible assert or raise makes its message while it runs."""
    asserts: bool
    """Whether the cell has plain asserts (or raises) beside its checks."""
    names: frozenset[str]
    """The names that the whole cell reads before it gives them a value."""
    binds: frozenset[str]
    """The names that the cell gives a value to."""
    calls_check: bool
    visible_checks: frozenset[str]
    """Names of checks that the visible part calls."""
    ends_with_value: bool
    """Whether the last line is an expression whose value is shown."""


@lru_cache(maxsize=2048)
def read(source: str) -> Reading:
    visible = without_hidden(source)
    tree, shown = _parsed(source), _parsed(visible)
    messages = [m for node in ast.walk(shown) for m in _messages(node)]
    literals = frozenset(text for m in messages if (text := _plain(m)) is not None)
    return Reading(
        visible=visible,
        hidden=BEGIN in source or AUTOTEST in source,
        literals=literals,
        computed=any(not isinstance(m, ast.Constant) for m in messages),
        asserts=any(isinstance(n, ast.Assert | ast.Raise) for n in ast.walk(tree)),
        names=_names(tree),
        binds=_binds(tree),
        calls_check=any(_check_name(n) is not None for n in ast.walk(tree)),
        visible_checks=frozenset(
            name for n in ast.walk(shown) if (name := _check_name(n)) is not None
        ),
        ends_with_value=_ends_with_value(tree, source),
    )


def without_hidden(source: str) -> str:
    """`source` as nbgrader releases it: hidden tests and marking schemes taken out."""
    kept, inside = [], False
    for line in source.split("\n"):
        scheme = _MARK.search(line)
        if BEGIN in line or (scheme and scheme[1] == "BEGIN"):
            inside = True
        elif END in line or scheme:
            inside = False
        elif not inside:
            kept.append(line)
    return "\n".join(kept)


def _parsed(source: str) -> ast.Module:
    """The syntax tree without IPython's own lines (magics, shell); of a broken cell, no tree."""
    lines = ["" if _MAGIC.search(line) else line for line in source.split("\n")]
    try:
        return ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError):
        return ast.Module(body=[], type_ignores=[])


def _messages(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Assert) and node.msg is not None:
        return [node.msg]
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        return list(node.exc.args[:1])
    return []


def _plain(node: ast.AST) -> str | None:
    """The text that a node of the tree writes out; None for anything else."""
    fits = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return str(node.value) if fits and isinstance(node, ast.Constant) else None


def _check_name(node: ast.AST) -> str | None:
    """The name given to `check.value("name", …)`; "" where it is not written as plain text."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return None
    owner = node.func.value
    if node.func.attr not in CHECKS or not isinstance(owner, ast.Name) or owner.id != "check":
        return None
    return (_plain(node.args[0]) if node.args else None) or ""


def _names(tree: ast.Module) -> frozenset[str]:
    loaded = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and _reads(n)}
    return frozenset(loaded - _first_bound(tree))


def _reads(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Load)


def _binds(tree: ast.Module) -> frozenset[str]:
    found = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and not _reads(n)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(a.asname or a.name).split(".")[0] for a in node.names}
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
    return frozenset(found)


def _first_bound(tree: ast.Module) -> set[str]:
    """Names that a statement of the cell binds before any statement reads them."""
    bound: set[str] = set()
    read: set[str] = set()
    for statement in tree.body:
        names = [n for n in ast.walk(statement) if isinstance(n, ast.Name)]
        stored = {n.id for n in names if not _reads(n)}
        if isinstance(statement, ast.Import | ast.ImportFrom):
            stored |= {(a.asname or a.name).split(".")[0] for a in statement.names}
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            stored.add(statement.name)
        if not isinstance(statement, ast.For | ast.With | ast.FunctionDef | ast.Try):
            read |= {n.id for n in names if _reads(n)} - stored
        bound |= stored - read
    return bound


def _ends_with_value(tree: ast.Module, source: str) -> bool:
    if not tree.body or not isinstance(tree.body[-1], ast.Expr):
        return False
    last = [x for x in source.split("\n") if x.strip() and not x.strip().startswith("#")]
    return not (last and last[-1].split("#")[0].rstrip().endswith(";"))
