"""Writing a check down: as display data for the examiner, as a line of text for the learner."""

from __future__ import annotations

import os
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

from crossings.check import drawing, promise, words
from crossings.check.calls import error_name
from crossings.check.normal import candidates
from crossings.check.plain import encode

MIME = "application/vnd.crossings.check+json"
VERSION = 1
MAX_NAME = 200
MARKING = "CROSSINGS_MARKING"
"""Set in the environment by the examiner's first cell: only write down, compare nothing here."""


class CheckFailedError(AssertionError):
    """A check of a test cell did not pass, where nbgrader and not the examiner is asking."""


def given(thing: Any, write: Callable[[Any], Any] = encode) -> Any:
    """`thing` written down; of a `lambda:` what it gives, or the error that it stops with."""
    if type(thing) is not types.FunctionType:
        return write(thing)
    try:
        return write(thing())
    except Exception as error:
        return {"raised": error_name(error)}


def record(
    kind: str, name: str, thing: Any, spec: dict[str, Any], points: float | None, say: str
) -> None:
    """Write one check down; in a learner's own Jupyter, also say how it stands."""
    if not isinstance(name, str) or not name.strip() or len(name) > MAX_NAME:
        raise ValueError(f"a check needs a name of 1 to {MAX_NAME} letters")
    if points is not None and (isinstance(points, bool) or not points >= 0):
        raise ValueError("the points of a check are a number from 0 up")
    probe = {"version": VERSION, "kind": kind, "name": name, "thing": thing, "spec": spec,
             "points": points, "say": str(say)}  # fmt: skip
    marking = bool(os.environ.get(MARKING))
    verdict = None if marking else _verdict(kind, name, thing, spec)
    _show(probe, f"{name}: {_in_words(verdict, say)}")
    asked = None if marking else os.environ.get("NBGRADER_EXECUTION")
    if asked == "autograde" and verdict is None:
        raise CheckFailedError(
            "nbgrader cannot compare this check by itself: there is no checks.json beside the "
            "notebook. Release the assignment again, or mark it with `./course grade`."
        )
    if asked and verdict is False:
        raise CheckFailedError(say or words.NOT_PASSED)


def _verdict(kind: str, name: str, thing: Any, spec: dict[str, Any]) -> bool | None:
    """Right or not, by what can be known here; None where only the examiner can tell."""
    if isinstance(thing, dict) and {"raised", "unsupported", "too large"} & thing.keys():
        return False
    if kind == "figure" and (not drawing.is_figure(thing) or drawing.shortcoming(thing, spec)):
        return False
    if kind == "figure" and not spec["data"]:
        return True
    promises = promise.load(Path.cwd())
    if promises is None:
        return None
    return promise.kept(promises, name, candidates(kind, promised(kind, thing, spec), spec))


def promised(kind: str, thing: Any, spec: dict[str, Any]) -> Any:
    """The part of a recorded thing that a promise is about: of a chart, the data compared."""
    if kind != "figure" or not drawing.is_figure(thing):
        return thing
    return [drawing.compared(axes, spec) for axes in thing["figure"]]


def _in_words(verdict: bool | None, say: str) -> str:
    if verdict is None:
        return words.RECORDED
    if verdict:
        return words.RIGHT
    return f"{words.NOT_YET}. {say}" if say else words.NOT_YET


def _show(probe: dict[str, Any], line: str) -> None:
    try:
        from IPython.core.getipython import get_ipython
        from IPython.display import display
    except ImportError:
        print(line)
        return
    if get_ipython() is None:
        print(line)
        return
    display({MIME: probe, "text/plain": line}, raw=True)  # type: ignore[no-untyped-call]
