"""What a QTI item's declarations and response processing say about points and partial credit."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from crossings.exchange.qti.tree import Element, find, first, local, text_of

Lost = Callable[[str], None]
_KNOWN = {"match_correct", "map_response", "match_correct.xml", "map_response.xml"}


@dataclass(frozen=True)
class Key:
    """The key of one item. `mapping` is None where the answer counts as a whole."""

    correct: tuple[str, ...] = ()
    mapping: Mapping[str, float] | None = None
    default: float = 0.0
    constant: float = 0.0
    """Added to the mapped sum: what our `per-option` starts from."""
    placed: bool = False
    """The rules look at places of an order one by one."""
    points: float = 1.0
    tolerance: float = 0.0
    cases: list[str] = field(default_factory=list)


def number(text: str | None) -> float | None:
    """A finite float, or None."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def key(root: Element, response: str, lost: Lost) -> Key:
    """The key for the response variable `response`."""
    declared = _named(root, "qti-response-declaration", response)
    processing = first(root, "qti-response-processing")
    correct: tuple[str, ...] = ()
    mapping: dict[str, float] | None = None
    default = 0.0
    if declared is not None:
        right = first(declared, "qti-correct-response")
        correct = tuple(text_of(v) for v in find(right, "qti-value")) if right is not None else ()
        table = first(declared, "qti-mapping")
        if table is not None:
            default = number(table.get("default-value")) or 0.0
            mapping = {
                e.get("map-key", ""): number(e.get("mapped-value")) or 0.0
                for e in find(table, "qti-map-entry")
            }
        if first(declared, "qti-area-mapping") is not None:
            lost("not carried over: points for areas of an image")
    used = mapping if mapping and _maps(processing) else None
    _strange(processing, lost)
    return Key(
        correct=correct,
        mapping=used,
        default=default,
        constant=_constant(processing) if used else 0.0,
        placed=processing is not None and first(processing, "qti-index") is not None,
        points=_points(root, processing, used),
        tolerance=_tolerance(processing, lost),
    )


def _named(root: Element, name: str, identifier: str) -> Element | None:
    return next((e for e in find(root, name) if e.get("identifier") == identifier), None)


def _maps(processing: Element | None) -> bool:
    if processing is None:
        return True  # a mapping without rules is meant to be used
    template = processing.get("template", "")
    return "map_response" in template or first(processing, "qti-map-response") is not None


def _strange(processing: Element | None, lost: Lost) -> None:
    """Templates and rules that say more than a key and a mapping do."""
    if processing is None:
        return
    template = processing.get("template", "").rpartition("/")[2]
    if template and template not in _KNOWN:
        lost(f"not carried over: the scoring template `{template[:60]}`")
    odd = {local(e) for e in find(processing, *_ODD)}
    if odd:
        lost(f"not carried over: scoring rules with {', '.join(sorted(odd))}")


_ODD = ("qti-custom-operator", "qti-random-integer", "qti-random-float", "qti-lookup-outcome-value",
        "qti-map-response-point", "qti-inside", "qti-pattern-match", "qti-string-match",
        "qti-substring", "qti-exit-response", "qti-response-processing-fragment")  # fmt: skip


def _constant(processing: Element | None) -> float:
    """The number in `sum(number, map-response)`."""
    for total in find(processing, "qti-sum") if processing is not None else ():
        names = [local(e) for e in total]
        if names == ["qti-base-value", "qti-map-response"]:
            return number(text_of(total[0])) or 0.0
    return 0.0


def _points(
    root: Element, processing: Element | None, mapping: Mapping[str, float] | None
) -> float:
    score = _named(root, "qti-outcome-declaration", "SCORE")
    most = _named(root, "qti-outcome-declaration", "MAXSCORE")
    table = first(root, "qti-mapping") if mapping else None
    wishes = (
        number(text_of(first(most, "qti-value"))) if most is not None else None,
        number(score.get("normal-maximum")) if score is not None else None,
        number(table.get("upper-bound")) if table is not None else None,
        _given(processing),
        sum(v for v in mapping.values() if v > 0) if mapping else None,
    )
    return next((w for w in wishes if w is not None and 0 < w <= 100), 1.0)


def _given(processing: Element | None) -> float | None:
    """The most that a plain rule sets SCORE to."""
    found = [
        number(text_of(rule[0]))
        for rule in (find(processing, "qti-set-outcome-value") if processing is not None else ())
        if rule.get("identifier") == "SCORE" and len(rule) and local(rule[0]) == "qti-base-value"
    ]
    return max((n for n in found if n is not None), default=None)


def _around(processing: Element | None) -> float | None:
    """The tolerance in `and(gte(response, low), lte(response, high))`: half of what is between."""
    for both in find(processing, "qti-and") if processing is not None else ():
        if [local(e) for e in both] == ["qti-gte", "qti-lte"]:
            low, high = (number(text_of(first(e, "qti-base-value"))) for e in both)
            if low is not None and high is not None and high >= low:
                return round((high - low) / 2, 9)
    return None


def _tolerance(processing: Element | None, lost: Lost) -> float:
    around = _around(processing)
    if around is not None:
        return around
    equal = first(processing, "qti-equal") if processing is not None else None
    if equal is None or equal.get("tolerance-mode", "exact") == "exact":
        return 0.0
    values = [number(t) for t in equal.get("tolerance", "").split()]
    known = [abs(v) for v in values if v is not None]
    if equal.get("tolerance-mode") != "absolute" or not known:
        lost("not carried over: the tolerance, which is not absolute")
        return 0.0
    if len(set(known)) > 1:
        lost("the tolerance is not the same in both directions: the smaller is used")
    return min(known)
