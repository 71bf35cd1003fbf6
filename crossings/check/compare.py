"""Comparing what a check recorded with what the reference run recorded. JSON in, verdict out.

`got` comes from a learner's process: it may be any JSON. It is only looked at, never trusted; what
is compared, and how, is said by the reference's own probe (`kind` and `spec`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crossings.check import drawing, tables
from crossings.check.normal import plain_text

Spec = Mapping[str, Any]


@dataclass(frozen=True)
class Verdict:
    """`share` of the check's points, 0 to 1. `why` is a key of `words.WHY`; "" where right."""

    share: float
    why: str = ""

    @property
    def right(self) -> bool:
        return self.share >= 1


RIGHT = Verdict(1.0)


def wrong(why: str) -> Verdict:
    return Verdict(0.0, why)


def compare(kind: str, expected: Any, got: Any, spec: Spec) -> Verdict:
    """Whether `got` is what `expected` says, by the rules of `kind`."""
    early = _no_value(expected, got)
    if early is not None:
        return early
    rule = _RULES.get(kind)
    if rule is None:
        raise ValueError(f"no kind of check called `{kind}`")
    return rule(expected, got, spec)


def _no_value(expected: Any, got: Any) -> Verdict | None:
    if not isinstance(got, Mapping) or not isinstance(expected, Mapping):
        return None
    if "raised" in got and "raised" not in expected:
        return wrong("not there" if got["raised"] == "NameError" else "raised")
    if "unsupported" in got:
        return wrong("unsupported")
    return wrong("too large") if "too large" in got else None


def _value(expected: Any, got: Any, spec: Spec) -> Verdict:
    if same(expected, got, tolerance(spec)):
        return RIGHT
    return wrong("kind" if _family(expected) != _family(got) else "value")


def _number(expected: Any, got: Any, spec: Spec) -> Verdict:
    if not is_number(got):
        return wrong("not a number")
    return RIGHT if close(expected, got, tolerance(spec)) else wrong("number")


def _text(expected: Any, got: Any, spec: Spec) -> Verdict:
    if not isinstance(got, str):
        return wrong("not a text")
    ignore = spec.get("ignore", ())
    return RIGHT if plain_text(expected, ignore) == plain_text(got, ignore) else wrong("text")


def _frame(expected: Any, got: Any, spec: Spec) -> Verdict:
    if not tables.is_table(got):
        return wrong("not a table")
    why = tables.difference(expected, got, spec, tolerance(spec))
    return wrong(why) if why else RIGHT


def _figure(expected: Any, got: Any, spec: Spec) -> Verdict:
    if not drawing.is_figure(got):
        return wrong("not a chart")
    why = drawing.shortcoming(got, spec) or drawing.difference(expected, got, spec, tolerance(spec))
    return wrong(why) if why else RIGHT


def _function(expected: Any, got: Any, spec: Spec) -> Verdict:
    if not isinstance(got, Mapping) or not isinstance(got.get("calls"), list):
        return wrong("no function")
    ours, theirs = expected["calls"], got["calls"]
    trials = list(zip(ours, theirs, strict=False))
    rights = [_same_call(a, b, tolerance(spec)) for a, b in trials]
    if len(theirs) == len(ours) and all(rights):
        return RIGHT
    why = "raised" if _only_errors(theirs, ours) else "function"
    if any(b.get("changed") and not a.get("changed") for a, b in trials if isinstance(b, Mapping)):
        why = "changed input"
    share = sum(rights) / len(ours) if spec.get("partial") and ours else 0.0
    return Verdict(min(share, 0.999), why)


def _same_call(expected: Mapping[str, Any], got: Any, tol: Tolerance) -> bool:
    if not isinstance(got, Mapping) or bool(got.get("changed")) != bool(expected.get("changed")):
        return False
    if "raised" in expected:
        return bool(got.get("raised") == expected["raised"])
    return "gave" in got and same(expected["gave"], got["gave"], tol)


def _only_errors(got: Sequence[Any], expected: Sequence[Any]) -> bool:
    raised = [isinstance(call, Mapping) and "raised" in call for call in got]
    return bool(raised) and all(raised) and not all("raised" in call for call in expected)


_RULES = {
    "value": _value,
    "number": _number,
    "text": _text,
    "frame": _frame,
    "figure": _figure,
    "function": _function,
}


@dataclass(frozen=True)
class Tolerance:
    absolute: float
    relative: float


def tolerance(spec: Spec) -> Tolerance:
    return Tolerance(float(spec.get("tolerance", 1e-9)), float(spec.get("relative", 1e-9)))


def is_number(thing: Any) -> bool:
    return type(thing) in (int, float) or (isinstance(thing, Mapping) and "float" in thing)


def close(expected: Any, got: Any, tol: Tolerance) -> bool:
    """Whether two encoded numbers are near; nan is near nan only, an infinity only itself."""
    if isinstance(expected, Mapping) or isinstance(got, Mapping):
        return bool(expected == got)
    if type(expected) not in (int, float) or type(got) not in (int, float):
        return False
    try:
        return math.isclose(expected, got, rel_tol=tol.relative, abs_tol=tol.absolute)
    except OverflowError:
        return bool(expected == got)


def same(expected: Any, got: Any, tol: Tolerance) -> bool:
    """Whether two encoded values are equal: numbers nearly, lists and tuples by their items."""
    if is_number(expected):
        return is_number(got) and close(expected, got, tol)
    if isinstance(expected, Mapping):
        if "frame" in expected:
            return tables.is_table(got) and not tables.difference(expected, got, {}, tol)
        if "dict" in expected:
            return _same_dict(expected["dict"], got, tol)
    ours, theirs = items(expected), items(got)
    if ours is None:
        return theirs is None and type(expected) is type(got) and bool(expected == got)
    if theirs is None or (_shape(expected) != _shape(got) and _both_arrays(expected, got)):
        return False
    pairs = zip(ours, theirs, strict=False)
    return len(ours) == len(theirs) and all(same(a, b, tol) for a, b in pairs)


def items(thing: Any) -> list[Any] | None:
    """The items of an encoded list, tuple, set, array or Series; None for anything else."""
    if isinstance(thing, list):
        return thing
    if not isinstance(thing, Mapping):
        return None
    found = next((thing[key] for key in ("tuple", "set", "array") if key in thing), None)
    return found if isinstance(found, list) else None


def _same_dict(expected: list[Any], got: Any, tol: Tolerance) -> bool:
    pairs = got.get("dict") if isinstance(got, Mapping) else None
    if not isinstance(pairs, list) or len(pairs) != len(expected):
        return False
    if not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
        return False
    theirs = {json.dumps(key, sort_keys=True): value for key, value in pairs}
    for key, value in expected:
        written = json.dumps(key, sort_keys=True)
        if written not in theirs or not same(value, theirs[written], tol):
            return False
    return len(theirs) == len(expected)


def _shape(thing: Any) -> Any:
    return thing.get("shape") if isinstance(thing, Mapping) else None


def _both_arrays(a: Any, b: Any) -> bool:
    return _shape(a) is not None and _shape(b) is not None


def _family(thing: Any) -> str:
    if is_number(thing):
        return "number"
    if items(thing) is not None:
        return "list"
    return next(iter(thing)) if isinstance(thing, Mapping) and thing else type(thing).__name__
