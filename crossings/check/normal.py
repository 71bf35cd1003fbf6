"""One written form for things that count as equal, so that they can be compared by a hash."""

from __future__ import annotations

import json
import math
import re
import string
from collections.abc import Collection, Mapping
from typing import Any

_SPACES = re.compile(r"\s+")


def plain_text(text: str, ignore: Collection[str] = ()) -> str:
    """`text` without space at its ends; `ignore`: `case`, `spaces`, `punctuation`."""
    found = text.strip()
    if "case" in ignore:
        found = found.casefold()
    if "punctuation" in ignore:
        found = found.translate(str.maketrans("", "", string.punctuation))
    return _SPACES.sub(" ", found).strip() if "spaces" in ignore else found


def buckets(number: float, tolerance: float) -> list[int]:
    """The step of `number` on a scale of `tolerance`, and the two beside it."""
    step = math.floor(number / tolerance + 0.5)
    return [step, step - 1, step + 1]


def candidates(kind: str, thing: Any, spec: Mapping[str, Any]) -> list[str]:
    """The written forms of `thing`, its own first; any of them may be the promised one."""
    width = max(float(spec.get("tolerance", 1e-9)), 1e-9)
    if kind == "number" and type(thing) in (int, float) and abs(thing) / width < 2**60:
        return [f"number {step}" for step in buckets(float(thing), width)]
    if kind == "text" and isinstance(thing, str):
        return [f"text {plain_text(thing, spec.get('ignore', ()))}"]
    if kind == "frame" and isinstance(thing, Mapping) and "frame" in thing:
        return [_written(kind, _table(thing["frame"], spec, width))]
    return [_written(kind, _rounded(thing, width))]


def _written(kind: str, thing: Any) -> str:
    return f"{kind} {json.dumps(thing, sort_keys=True)}"


def _rounded(thing: Any, width: float) -> Any:
    """Numbers as steps of `width`, lists and tuples alike, so that 2, 2.0 and 1.9999999 meet."""
    if type(thing) in (int, float):
        return math.floor(thing / width + 0.5) if abs(thing) / width < 2**60 else repr(thing)
    if isinstance(thing, list):
        return [_rounded(one, width) for one in thing]
    if not isinstance(thing, Mapping):
        return thing
    for key in ("tuple", "array"):
        if key in thing:
            return _rounded(thing[key], width)
    if "dict" in thing:
        pairs = [_rounded(pair, width) for pair in thing["dict"]]
        return {"dict": sorted(pairs, key=json.dumps)}
    if "frame" in thing:
        return _table(thing["frame"], {}, width)
    return {key: _rounded(value, width) for key, value in thing.items()}


def _table(frame: Mapping[str, Any], spec: Mapping[str, Any], width: float) -> Any:
    columns = list(zip(frame["columns"], frame["dtypes"], frame["data"], strict=True))
    if spec.get("columns") == "any":
        columns.sort(key=lambda column: json.dumps(column[0]))
    lines = [list(row) for row in zip(*(c[2] for c in columns), strict=True)]
    if spec.get("index", True):
        lines = [[i, *line] for i, line in zip(frame["index"], lines, strict=True)]
    lines = _rounded(lines, width)
    if spec.get("rows") == "any":
        lines.sort(key=json.dumps)
    return {
        "columns": [c[0] for c in columns],
        "dtypes": [c[1] for c in columns] if spec.get("dtypes") else [],
        "rows": lines,
    }
