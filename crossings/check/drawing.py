"""Comparing the facts of two charts (see `axes.py`), and asking one chart for what it must have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crossings.check.compare import Tolerance

_TEXTS = ("xlabel", "ylabel")
_LISTS = ("titles", "xlim", "ylim", "scales", "texts", "legend")


def is_figure(thing: Any) -> bool:
    """Whether `thing` has the form that `axes.facts` writes, with at least one pair of axes."""
    found = thing.get("figure") if isinstance(thing, Mapping) else None
    return isinstance(found, list) and bool(found) and all(_is_axes(axes) for axes in found)


def _is_axes(axes: Any) -> bool:
    return (
        isinstance(axes, Mapping)
        and all(isinstance(axes.get(key), str) for key in _TEXTS)
        and all(isinstance(axes.get(key), list) for key in _LISTS)
        and isinstance(axes.get("marks"), Mapping)
    )


def shortcoming(got: Mapping[str, Any], spec: Mapping[str, Any]) -> str:
    """What the check asks for by itself and the chart lacks, as a key of `words.WHY`."""
    for axes in got["figure"]:
        why = _shortcoming(axes, spec)
        if why:
            return why
    return ""


def _shortcoming(axes: Mapping[str, Any], spec: Mapping[str, Any]) -> str:
    title = " ".join(str(part) for part in axes["titles"]).casefold()
    if spec.get("labels") and not (axes["xlabel"].strip() and axes["ylabel"].strip()):
        return "axis labels"
    if spec.get("titled") and not title.strip():
        return "no title"
    if not all(str(word).casefold() in title for word in spec.get("title", ())):
        return "title"
    if any(str(word).casefold() in title for word in spec.get("never", ())):
        return "title says too much"
    if spec.get("zero") and _value_axis(axes)[0] != 0:
        return "axis start"
    if len(axes["texts"]) < int(spec.get("written", 0)):
        return "numbers"
    kinds = spec.get("marks", ())
    return "" if all(kind in axes["marks"] for kind in kinds) else "marks"


def _value_axis(axes: Mapping[str, Any]) -> list[Any]:
    bars = axes["marks"].get("bars")
    lying = isinstance(bars, list) and bars and isinstance(bars[0], Mapping) and bars[0]["across"]
    limits = axes["xlim"] if lying else axes["ylim"]
    return limits or [None]


def difference(expected: Any, got: Any, spec: Mapping[str, Any], tol: Tolerance) -> str:
    """In what the data drawn differ; "" where equal, or where the check does not ask."""
    wanted = spec.get("data", ())
    if not wanted:
        return ""
    if len(expected["figure"]) != len(got["figure"]):
        return "charts"
    for ours, theirs in zip(expected["figure"], got["figure"], strict=True):
        for kind in wanted:
            a, b = ours["marks"].get(kind), theirs["marks"].get(kind)
            if not _same_marks(kind, a, b, spec, tol):
                return "marks" if b is None else "drawn data"
    return ""


def compared(axes: Mapping[str, Any], spec: Mapping[str, Any]) -> dict[str, Any]:
    """What `difference` compares of one pair of axes, in one written form."""
    found: dict[str, Any] = {}
    for kind in spec.get("data", ()):
        marks = axes["marks"].get(kind)
        sizes = _sizes(marks) if kind == "bars" else None
        if sizes is not None and spec.get("percent") and max(sizes, default=0) > 1:
            sizes = [size / 100 for size in sizes]
        if sizes is not None and spec.get("order") == "any":
            sizes.sort()
        found[kind] = marks if sizes is None else sizes
    return found


def _same_marks(kind: str, a: Any, b: Any, spec: Mapping[str, Any], tol: Tolerance) -> bool:
    from crossings.check.compare import same

    if a is None or b is None:
        return a is b
    if kind != "bars":
        return same(a, b, tol)
    ours, theirs = _sizes(a), _sizes(b)
    if ours is None or theirs is None:
        return False
    if spec.get("percent") and theirs and max(theirs) > 1 >= max(ours, default=0):
        theirs = [size / 100 for size in theirs]
    if spec.get("order") == "any":
        ours, theirs = sorted(ours), sorted(theirs)
    return same(ours, theirs, tol)


def _sizes(bars: Any) -> list[float] | None:
    """The lengths of the bars in the order of their places, whichever way they lie."""
    try:
        found = sorted(bars[0]["bars"], key=lambda bar: bar[0])
        return [float(bar[2]) for bar in found]
    except (TypeError, LookupError, ValueError):
        return None
