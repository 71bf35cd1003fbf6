"""Notebook cells of a worksheet, with nbgrader's metadata (schema 3) and stable ids."""

from __future__ import annotations

import hashlib
import re
import textwrap
from typing import Any

NO_ANSWER = "*No answer yet.*"
STUB = "YOUR ANSWER HERE"
"""What nbgrader puts where a person's answer goes; an unchanged stub scores 0 by itself."""

Cell = dict[str, Any]


def locked(name: str, source: str) -> Cell:
    """A text that nbgrader restores if a learner changes it."""
    return _markdown(name, source) | {"metadata": _graded(name, "markdown", locked=True)}


def locked_code(name: str, source: str) -> Cell:
    return _code(name, source) | {"metadata": _graded(name, "code", locked=True)}


def shown(name: str, source: str) -> Cell:
    """A place that nbgrader does not look at: the answer to an automatic question, for people."""
    return _markdown(name, source)


def written(name: str, points: float, model_answer: str) -> Cell:
    """An answer that a person marks; the model answer stays in the source version."""
    inside = "\n".join(line for line in model_answer.splitlines() if line.strip())
    source = f"### BEGIN SOLUTION\n{inside}\n### END SOLUTION"
    extra = _graded(name, "markdown", grade=True, solution=True, points=points)
    return _markdown(name, source) | {"metadata": extra}


def test(name: str, points: float, source: str) -> Cell:
    extra = _graded(name, "code", grade=True, locked=True, points=points)
    return _code(name, source) | {"metadata": extra}


def fenced(text: str) -> str:
    """`text` as inert Markdown: a fence longer than any run of backticks in it.

    Line ends are made one kind first, so that no odd line end can close the fence early. Long
    lines are broken, because formgrader does not; answers.json keeps them as they were.
    """
    plain = "\n".join(re.split(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]", text))
    plain = "".join(c for c in plain if c in "\n\t" or c.isprintable())
    plain = "\n".join(part for line in plain.split("\n") for part in _wrapped(line))
    longest = max((len(run) for run in re.findall(r"`+", plain)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{plain}\n{fence}"


def _wrapped(line: str) -> list[str]:
    return textwrap.wrap(line, 100, replace_whitespace=False) or [""]


def cell_id(name: str) -> str:
    """A valid nbformat cell id: `name` where it fits, else shortened with a hash."""
    if len(name) <= 64:
        return name
    return f"{name[:55]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _markdown(name: str, source: str) -> Cell:
    return {"cell_type": "markdown", "id": cell_id(name), "metadata": {}, "source": source}


def _code(name: str, source: str) -> Cell:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": cell_id(name),
        "metadata": {},
        "outputs": [],
        "source": source,
    }


def _graded(
    name: str,
    cell_type: str,
    *,
    grade: bool = False,
    locked: bool = False,
    solution: bool = False,
    points: float | None = None,
) -> dict[str, Any]:
    meta: dict[str, Any] = {
        "cell_type": cell_type,
        "grade": grade,
        "grade_id": name,
        "locked": locked,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return {"nbgrader": meta if points is None else meta | {"points": points}}
