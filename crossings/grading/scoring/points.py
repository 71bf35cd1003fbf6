"""The points of one test cell that ran: nbgrader's answer, and the fair one.

docs/decisions/0025-scoring.md says what differs and why.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

Status = Literal["passed", "failed", "partly", "not run", "needs person"]

_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_PLAIN = re.compile(_NUMBER, re.ASCII)
_NUMPY = re.compile(
    rf"(?:np|numpy)\.(?:float|int|uint)(?:16|32|64|128|8)?\(({_NUMBER})\)", re.ASCII
)
"""How numpy 2 shows its numbers; nbgrader takes such a text for full marks."""


@dataclass(frozen=True)
class Points:
    """What a test earns; `note` is for the trainer, and says why a person should look."""

    points: float
    status: Status
    note: str = ""


@dataclass(frozen=True)
class Exact:
    """nbgrader's score: None where it waits for a person. `refused` where it would stop."""

    points: float | None
    refused: str = ""


def exact(cell: Mapping[str, Any], max_lines: int = 1000, max_traceback: int = 100) -> Exact:
    """nbgrader's `determine_grade` on an executed cell, after its LimitOutput."""
    import nbformat
    from nbgrader import utils

    node = nbformat.from_dict(dict(cell))  # type: ignore[no-untyped-call]
    try:
        node, _ = _limit(max_lines, max_traceback).preprocess_cell(node, {}, 0)
        points, _ = utils.determine_grade(node)
    except Exception as error:  # nbgrader gives up on the whole submission here
        return Exact(None, f"{type(error).__name__}: {error}"[:200])
    return Exact(points if points is None else float(points))


@lru_cache(maxsize=4)
def _limit(max_lines: int, max_traceback: int) -> Any:
    from nbgrader.preprocessors import LimitOutput

    return LimitOutput(max_lines=max_lines, max_traceback=max_traceback)


def fair(cell: Mapping[str, Any], max_points: float, shows_value: bool) -> Points:
    """The points of a test without `check` calls, from its outputs.

    An uncaught error costs the points; text on stderr does not. A value that the cell ends with is
    a partial score only if it is a number from 0 to `max_points`. Anything else never earns full
    marks by itself: less than 0 is 0, and what is no such number waits for a person.

    `shows_value`: whether the assignment's own cell ends with an expression. Where it does not, a
    value in the outputs is none of the test's, and is passed over.
    """
    outputs = cell.get("outputs") or []
    if any(o.get("output_type") == "error" for o in outputs):
        return Points(0.0, "failed")
    results = [o for o in outputs if o.get("output_type") == "execute_result"]
    if not shows_value or not results:
        return Points(max_points, "passed")
    if len(results) > 1:
        return Points(0.0, "needs person", "the test shows two values, which no cell can")
    return partial(_text(results[0]), max_points)


def partial(text: str, max_points: float) -> Points:
    """What the shown value `text` is worth."""
    number = number_in(text)
    if number is None:
        what = "nothing" if not text.strip() else "a text that is no number"
        return Points(0.0, "needs person", f"the test ends with {what}, not with a score")
    if math.isnan(number):
        return Points(0.0, "needs person", "the test ends with NaN, which is no score")
    if number > max_points:
        note = f"the test gives {number:g}, more than its {max_points:g} points"
        return Points(0.0, "needs person", note)
    if number < 0:
        return Points(0.0, "failed", f"the test gives {number:g}, taken as 0")
    if number == max_points:
        return Points(max_points, "passed")
    return Points(number, "partly" if number else "failed")


def number_in(text: str) -> float | None:
    """The number that `text` shows, as Python or numpy write it; None for anything else."""
    plain = text.strip()[:100]
    inner = _NUMPY.fullmatch(plain)
    plain = inner[1] if inner else plain
    if plain.lower() in ("nan", "np.float64(nan)", "np.nan"):
        return math.nan
    if plain.lower() in ("inf", "np.float64(inf)"):
        return math.inf
    if plain.lower() in ("-inf", "np.float64(-inf)"):
        return -math.inf
    return float(plain) if _PLAIN.fullmatch(plain) else None


def _text(output: Mapping[str, Any]) -> str:
    data = output.get("data")
    found = data.get("text/plain", "") if isinstance(data, Mapping) else ""
    return "".join(str(part) for part in found) if isinstance(found, list) else str(found)


def why(exact_points: float | None, fair_points: Points, cell: Mapping[str, Any]) -> str:
    """Why the fair score is another than nbgrader's, in one sentence."""
    outputs = cell.get("outputs") or []
    theirs = f"nbgrader gives {_said(exact_points)}"
    if fair_points.note:
        return f"{fair_points.note}; {theirs}"
    if fair_points.status == "failed":
        return f"the test stopped with an error after it had shown a value; {theirs}"
    if any(o.get("name") == "stderr" for o in outputs):
        return "text on stderr (a warning) costs the point in nbgrader, and not here"
    if any(o.get("output_type") == "execute_result" for o in outputs):
        return f"a value that is not the test's own is passed over; {theirs}"
    return theirs


def _said(points: float | None) -> str:
    return "no score" if points is None else f"{points:g}"
