"""Response processing that gives our points (`crossings.items.score`), rule by rule.

QTI's mapping sums a value for each choice or pair and holds the sum within bounds: that is our
partial credit. Where it is not enough (the share of options handled rightly, pairs in order),
explicit rules say the same.
"""

from __future__ import annotations

from collections.abc import Iterable

from crossings.exchange.qti.tree import Element, made
from crossings.items.model import Item

MANY = ("multiple", "hotspot")
"""Kinds of which several options are chosen."""


def identifier(name: str) -> str:
    """Our id as a QTI identifier, which does not begin with a digit."""
    return name if name[:1].isalpha() else f"_{name}"


def partner(name: str) -> str:
    """The identifier of a target. Options and targets share one world in QTI, so each has its own
    kind of name."""
    return f"to-{name}"


def number(value: float) -> str:
    """A float without noise."""
    return repr(round(float(value), 12))


def variable(name: str) -> Element:
    return made("qti-variable", {"identifier": name})


def value(kind: str, text: str) -> Element:
    return made("qti-base-value", {"base-type": kind}, text)


def outcome(name: str, expression: Element) -> Element:
    return made("qti-set-outcome-value", {"identifier": name}, expression)


def condition(test: Element, then: Iterable[Element], other: Iterable[Element] = ()) -> Element:
    otherwise = list(other)
    parts = [made("qti-response-if", None, test, *then)]
    if otherwise:
        parts.append(made("qti-response-else", None, *otherwise))
    return made("qti-response-condition", None, *parts)


def rules(item: Item) -> list[Element]:
    """What sets SCORE; nothing for `text`, which a person marks."""
    if item.kind == "text":
        return []
    if item.kind == "order" and item.scoring != "all-or-nothing":
        return _in_order(item)
    if item.kind in MANY and item.scoring == "per-option":
        return [_handled(item)]
    if mapped(item):
        return [outcome("SCORE", made("qti-map-response", {"identifier": "RESPONSE"}))]
    return [condition(_right(item), [outcome("SCORE", value("float", number(item.points)))])]


def mapped(item: Item) -> dict[str, float] | None:
    """The value of each choice, pair or text; None where no mapping is needed."""
    points = item.points
    if item.kind == "short":
        return dict.fromkeys(item.accept, points)
    if item.scoring == "all-or-nothing":
        return None
    if item.kind in ("match", "grid"):
        share = points / len(item.options)
        return {f"{identifier(o.id)} {partner(o.target or '')}": share for o in item.options}
    if item.kind == "single" and item.scoring == "weights":
        shares = {o.id: float(o.correct) if o.weight is None else o.weight for o in item.options}
    elif item.kind in MANY and item.scoring == "weights":
        shares = {o.id: o.weight or 0.0 for o in item.options}
    elif item.kind in MANY:
        count = sum(o.correct for o in item.options)
        parts = len(item.options) if item.scoring == "per-option" else count
        shares = {o.id: (1 if o.correct else -1) / parts for o in item.options}
    else:
        return None
    return {identifier(name): share * points for name, share in shares.items()}


def mapping(item: Item) -> Element | None:
    """The `qti-mapping` of the response declaration."""
    values = mapped(item)
    if values is None:
        return None
    penalty = item.kind in ("match", "grid") and item.scoring == "per-option-penalty"
    default = -item.points / len(item.options) if penalty else 0.0
    bounds = {"lower-bound": "0.0", "upper-bound": number(item.points)}
    if item.kind in MANY and item.scoring == "per-option":
        bounds = {}  # a constant is added before the sum is held within bounds
    entries = []
    for key, share in values.items():
        attributes = {"map-key": key, "mapped-value": number(share)}
        if item.kind == "short":
            attributes["case-sensitive"] = "false"
        entries.append(made("qti-map-entry", attributes))
    return made("qti-mapping", {"default-value": number(default), **bounds}, *entries)


def _right(item: Item) -> Element:
    correct = made("qti-correct", {"identifier": "RESPONSE"})
    if item.kind != "number":
        return made("qti-match", None, variable("RESPONSE"), correct)
    if not item.tolerance:
        return made("qti-equal", {"tolerance-mode": "exact"}, variable("RESPONSE"), correct)
    # Not `qti-equal` with a tolerance: players exist that take it for wrong, whatever is answered.
    answer = item.answer or 0.0
    low, high = (value("float", number(answer + t)) for t in (-item.tolerance, item.tolerance))
    return made(
        "qti-and",
        None,
        made("qti-gte", None, variable("RESPONSE"), low),
        made("qti-lte", None, variable("RESPONSE"), high),
    )


def _handled(item: Item) -> Element:
    """The share of options handled rightly: the wrong ones start as handled, each tick adds or
    takes one. Nothing ticked earns nothing."""
    wrong = sum(not o.correct for o in item.options)
    start = value("float", number(wrong * item.points / len(item.options)))
    summed = made("qti-sum", None, start, made("qti-map-response", {"identifier": "RESPONSE"}))
    empty = made("qti-is-null", None, variable("RESPONSE"))
    nothing = outcome("SCORE", value("float", "0.0"))
    return condition(empty, [nothing], [outcome("SCORE", summed)])


def places(item: Item) -> list[str]:
    """Names of the outcome variables that hold where each option of an order was put."""
    return [f"PLACE_{n}" for n in range(1, len(item.options) + 1)]


def _in_order(item: Item) -> list[Element]:
    """Kendall's share: twice the part of all pairs that stand in order, less one."""
    names = places(item)
    found: list[Element] = []
    for place in range(1, len(names) + 1):
        for name, option in zip(names, item.options, strict=True):
            there = made("qti-index", {"n": str(place)}, variable("RESPONSE"))
            same = made("qti-match", None, there, value("identifier", identifier(option.id)))
            found.append(condition(same, [outcome(name, value("integer", str(place)))]))
    pairs = [(a, b) for n, a in enumerate(names) for b in names[n + 1 :]]
    step = value("float", number(2 * item.points / len(pairs)))
    for before, after in pairs:
        ordered = made("qti-lt", None, variable(before), variable(after))
        more = made("qti-sum", None, variable("SCORE"), step)
        found.append(condition(ordered, [outcome("SCORE", more)]))
    less = made("qti-subtract", None, variable("SCORE"), value("float", number(item.points)))
    held = made("qti-max", None, less, value("float", "0.0"))
    empty = made("qti-is-null", None, variable("RESPONSE"))
    found.append(condition(empty, [outcome("SCORE", value("float", "0.0"))],
                           [outcome("SCORE", held)]))  # fmt: skip
    return found
