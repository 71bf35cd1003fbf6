"""Comparing two encoded tables (pandas frames or series)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crossings.check.compare import Tolerance

_LISTS = ("columns", "index", "names", "dtypes", "data")
MOST_SEARCHED = 2_000
"""Rows that are matched one by one where sorting alone does not bring them together."""


def is_table(thing: Any) -> bool:
    """Whether `thing` is an encoded table, in itself consistent."""
    frame = thing.get("frame") if isinstance(thing, Mapping) else None
    if not isinstance(frame, Mapping) or not all(isinstance(frame.get(k), list) for k in _LISTS):
        return False
    wide, long = len(frame["columns"]), len(frame["index"])
    return (
        len(frame["data"]) == wide
        and len(frame["dtypes"]) == wide
        and all(isinstance(column, list) and len(column) == long for column in frame["data"])
    )


def difference(
    expected: Mapping[str, Any], got: Mapping[str, Any], spec: Mapping[str, Any], tol: Tolerance
) -> str:
    """In what the tables differ, as a key of `words.WHY`; "" where they are equal."""
    ours, theirs = expected["frame"], got["frame"]
    if not (expected.get("series") and got.get("series")):
        why = _columns(ours, theirs, spec)
        if why:
            return why
    if bool(expected.get("series")) != bool(got.get("series")) and len(ours["columns"]) != 1:
        return "columns"
    order = _order(ours["columns"], theirs["columns"])
    if len(order) != len(ours["columns"]):
        return "columns"
    if len(ours["index"]) != len(theirs["index"]):
        return "rows"
    if spec.get("dtypes") and [theirs["dtypes"][i] for i in order] != ours["dtypes"]:
        return "dtypes"
    with_index = spec.get("index", True)
    a = _rows(ours, list(range(len(ours["columns"]))), with_index)
    b = _rows(theirs, order, with_index)
    if _same_rows(a, b, tol):
        return ""
    if spec.get("rows") == "any" and _same_unordered(a, b, tol):
        return ""
    return _what(a, b, tol, with_index)


def _columns(ours: Mapping[str, Any], theirs: Mapping[str, Any], spec: Mapping[str, Any]) -> str:
    mine, yours = _labels(ours["columns"]), _labels(theirs["columns"])
    if Counter(mine) != Counter(yours):
        return "columns"
    return "column order" if mine != yours and spec.get("columns") != "any" else ""


def _labels(columns: list[Any]) -> list[str]:
    return [json.dumps(column, sort_keys=True) for column in columns]


def _order(ours: list[Any], theirs: list[Any]) -> list[int]:
    """Where each of our columns stands in theirs; a lone column needs no name."""
    if len(ours) == 1 and len(theirs) == 1:
        return [0]
    free: dict[str, list[int]] = {}
    for place, label in enumerate(_labels(theirs)):
        free.setdefault(label, []).append(place)
    return [free[label].pop(0) for label in _labels(ours) if free.get(label)]


def _rows(frame: Mapping[str, Any], order: list[int], with_index: bool) -> list[list[Any]]:
    columns = [frame["data"][place] for place in order]
    if with_index:
        columns = [frame["index"], *columns]
    if not columns:
        return [[] for _ in frame["index"]]
    return [list(row) for row in zip(*columns, strict=True)]


def _same_rows(a: list[list[Any]], b: list[list[Any]], tol: Tolerance) -> bool:
    from crossings.check.compare import same

    return all(same(x, y, tol) for x, y in zip(a, b, strict=True))


def _same_unordered(a: list[list[Any]], b: list[list[Any]], tol: Tolerance) -> bool:
    """Sorted by rounded values first; what that leaves apart is matched one by one."""
    from crossings.check.compare import same

    ours, theirs = sorted(a, key=_key), sorted(b, key=_key)
    left = [i for i, (x, y) in enumerate(zip(ours, theirs, strict=True)) if not same(x, y, tol)]
    if len(left) > MOST_SEARCHED:
        return False
    unmatched = [theirs[i] for i in left]
    for i in left:
        place = next((n for n, y in enumerate(unmatched) if same(ours[i], y, tol)), None)
        if place is None:
            return False
        unmatched.pop(place)
    return True


def _key(row: list[Any]) -> str:
    return json.dumps([_coarse(value) for value in row], sort_keys=True)


def _coarse(value: Any) -> Any:
    return f"{float(value):.6g}" if type(value) in (int, float) and abs(value) < 1e300 else value


def _what(a: list[list[Any]], b: list[list[Any]], tol: Tolerance, with_index: bool) -> str:
    if _same_unordered(a, b, tol):
        return "row order"
    if with_index and not _same_unordered([r[:1] for r in a], [r[:1] for r in b], tol):
        return "index"
    return "cells"
