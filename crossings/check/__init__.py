"""Tests whose expected values stay out of the learner's process.

In a test cell:

    from crossings import check

    check.number("share of good talks", share_good, tolerance=0.001)
    check.frame("cleaned records", clean, rows="any", say="Look again at the spellings.")
    check.function("suppress", suppress, [({"a": 1},), …], points=1)

A check writes down what it was given, as plain data. The examiner compares it with what the
assignment's own solution gave in the same place. docs/formats/check.md has every check.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from crossings.check import axes, calls
from crossings.check.record import CheckFailedError, given, record

__all__ = ["CheckFailedError", "figure", "frame", "function", "number", "text", "value"]


def value(
    name: str, thing: Any, *, tolerance: float = 1e-9, points: float | None = None, say: str = ""
) -> None:
    """Any plain value: numbers nearly equal, lists and tuples by their items, tables in full."""
    record("value", name, given(thing), {"tolerance": tolerance}, points, say)


def number(
    name: str,
    thing: Any,
    *,
    tolerance: float = 1e-9,
    relative: float = 0.0,
    points: float | None = None,
    say: str = "",
) -> None:
    """A number, at most `tolerance` away, or `relative` (0.01 is one percent). True is none."""
    spec = {"tolerance": tolerance, "relative": relative}
    record("number", name, given(thing), spec, points, say)


def text(
    name: str,
    thing: Any,
    *,
    ignore: Collection[str] = (),
    points: float | None = None,
    say: str = "",
) -> None:
    """A text; space at its ends never counts. `ignore`: `case`, `spaces`, `punctuation`."""
    _known("ignore", ignore, ("case", "spaces", "punctuation"))
    record("text", name, given(thing), {"ignore": sorted(ignore)}, points, say)


def frame(
    name: str,
    thing: Any,
    *,
    rows: str = "same",
    columns: str = "same",
    index: bool = True,
    dtypes: bool = False,
    tolerance: float = 1e-9,
    points: float | None = None,
    say: str = "",
) -> None:
    """A pandas DataFrame or Series. `rows="any"`, `columns="any"`: in any order.

    `index=False`: row names do not count. `dtypes=True`: 1 and 1.0 are not the same.
    """
    _known("rows", [rows], ("same", "any"))
    _known("columns", [columns], ("same", "any"))
    spec = {"rows": rows, "columns": columns, "index": index, "dtypes": dtypes,
            "tolerance": tolerance}  # fmt: skip
    record("frame", name, given(thing), spec, points, say)


def figure(
    name: str,
    thing: Any,
    *,
    labels: bool = False,
    titled: bool = False,
    title: Collection[str] = (),
    never: Collection[str] = (),
    marks: Collection[str] = (),
    data: Collection[str] = (),
    zero: bool = False,
    written: int = 0,
    order: str = "same",
    percent: bool = False,
    tolerance: float = 1e-6,
    points: float | None = None,
    say: str = "",
) -> None:
    """matplotlib Axes or a Figure.

    `labels`: both axes have one. `titled`: there is a title; `title`: words that it has, `never`:
    words that it has not. `marks`: kinds that are drawn: `bars`, `lines`, `points`, `wedges`,
    `areas`, `images`. `data`: kinds whose numbers are those of the solution. `zero`: the axis of
    the values starts at 0. `written`: so many texts stand in the chart. For bars: `order="any"`,
    and `percent` lets 50 stand for 0.5.
    """
    kinds = ("bars", "lines", "points", "wedges", "areas", "images")
    _known("marks", marks, kinds)
    _known("data", data, kinds)
    _known("order", [order], ("same", "any"))
    spec = {"labels": labels, "titled": titled, "title": _texts(title), "never": _texts(never),
            "marks": list(marks), "data": list(data), "zero": zero, "written": written,
            "order": order, "percent": percent, "tolerance": tolerance}  # fmt: skip
    record("figure", name, given(thing, axes.facts), spec, points, say)


def function(
    name: str,
    thing: Any,
    inputs: Iterable[Any],
    *,
    unchanged: bool = False,
    partial: bool = False,
    tolerance: float = 1e-9,
    points: float | None = None,
    say: str = "",
) -> None:
    """A function, tried on each input: a tuple of arguments, a dict of named ones, or one value.

    An error in one call is an answer too, and stops nothing. `unchanged`: it must not change what
    it is given. `partial`: points for the share of inputs that come out right.
    """
    spec = {"tolerance": tolerance, "partial": partial}
    record("function", name, calls.try_all(thing, inputs, unchanged), spec, points, say)


def _known(option: str, given_: Collection[str], known: Collection[str]) -> None:
    if isinstance(given_, str):
        raise TypeError(f"`{option}` takes a list of texts, not one text")
    unknown = sorted(set(given_) - set(known))
    if unknown:
        raise ValueError(f"`{option}` knows {', '.join(known)}, not {', '.join(unknown)}")


def _texts(words: Collection[str]) -> list[str]:
    return [words] if isinstance(words, str) else [str(word) for word in words]
