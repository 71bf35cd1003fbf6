"""Scoring: a pure function from an item and a response to points.

Never negative in total. An empty or malformed response scores 0 and says why; so a hostile or
damaged response can cost its sender the points, and nothing else.

`scoreItem` in `crossings/player/engine.js` is the twin of `score`: same points, same words. To keep
them equal, this module spells out what the two languages would do differently: white space,
accents, rounding, and adding up fractions one after the other.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from crossings.items.model import Frozen, Item

Status = Literal["scored", "empty", "malformed", "manual"]
MAX_TEXT = 20_000
"""Characters of a written answer that are read; longer answers are malformed."""

_WHITE = "\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_SPACES = re.compile(f"[{_WHITE}]+")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)")
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u064b-\u065f\u0670"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
_EDGES = " .,;:!?\"'()-\u2018\u2019\u201c\u201d\u00ab\u00bb"


class Score(Frozen):
    """Points of one response.

    `per_option` maps option ids to True (handled rightly) or False; for kinds without options it
    is empty. `status` is `manual` where a person still has to mark.
    """

    points: float
    max_points: float
    status: Status = "scored"
    reason: str = ""
    per_option: dict[str, bool] = {}

    @property
    def full(self) -> bool:
        return self.status == "scored" and self.points >= self.max_points


def score(item: Item, response: Any) -> Score:
    """Score `response` (plain JSON, see `crossings.items.model`) to `item`."""
    if response is None or response == {}:
        return _nothing(item, "empty", "no answer")
    if not isinstance(response, Mapping):
        return _nothing(item, "malformed", "the response is not an object")
    if item.kind == "single":
        return _single(item, response)
    if item.kind in ("multiple", "hotspot"):
        return _multiple(item, response)
    if item.kind == "order":
        return _order(item, response)
    if item.kind in ("match", "grid"):
        return _placed(item, response)
    if item.kind == "number":
        return _number(item, response)
    return _written(item, response)


def _nothing(item: Item, status: Status, reason: str) -> Score:
    return Score(points=0, max_points=item.points, status=status, reason=reason)


def _single(item: Item, response: Mapping[str, Any]) -> Score:
    choice = response.get("choice")
    if choice is None:
        return _nothing(item, "empty", "no option chosen")
    chosen = next((o for o in item.options if o.id == choice), None)
    if chosen is None:
        return _nothing(item, "malformed", "the chosen option does not exist")
    marks = {chosen.id: chosen.correct}
    if item.scoring == "weights":
        share = chosen.weight if chosen.weight is not None else float(chosen.correct)
        return _share(item, share, marks)
    return _share(item, float(chosen.correct), marks)


def _multiple(item: Item, response: Mapping[str, Any]) -> Score:
    choices = response.get("choices")
    if choices is None or choices == []:
        return _nothing(item, "empty", "no option chosen")
    known = {o.id for o in item.options}
    if not _distinct_strings(choices) or not set(choices) <= known:
        return _nothing(item, "malformed", "a chosen option does not exist or is given twice")
    chosen = set(choices)
    marks = {o.id: (o.id in chosen) == o.correct for o in item.options}
    return _share(item, _multiple_share(item, chosen, marks), marks)


def _multiple_share(item: Item, chosen: set[str], marks: Mapping[str, bool]) -> float:
    if item.scoring == "all-or-nothing":
        return float(all(marks.values()))
    if item.scoring == "weights":
        return _added(o.weight or 0.0 for o in item.options if o.id in chosen)
    if item.scoring == "per-option":
        return sum(marks.values()) / len(marks)
    right = [o.id for o in item.options if o.correct]
    hits = sum(i in chosen for i in right)
    return (hits - (len(chosen) - hits)) / len(right)


def _order(item: Item, response: Mapping[str, Any]) -> Score:
    order = response.get("order")
    if order is None or order == []:
        return _nothing(item, "empty", "nothing put in order")
    wanted = [o.id for o in item.options]
    if not _distinct_strings(order) or set(order) != set(wanted):
        return _nothing(item, "malformed", "each option must stand in the order exactly once")
    marks = {i: wanted[place] == i for place, i in enumerate(order)}
    if item.scoring == "all-or-nothing":
        return _share(item, float(all(marks.values())), marks)
    return _share(item, _pairs_in_order(wanted, order), marks)


def _pairs_in_order(wanted: list[str], order: list[str]) -> float:
    """Kendall's share: the part of all pairs that stand in the wanted order, rescaled so that a
    reversed or random-looking order (half of the pairs or fewer) earns nothing."""
    place = {i: n for n, i in enumerate(order)}
    pairs = [(a, b) for n, a in enumerate(wanted) for b in wanted[n + 1 :]]
    agreeing = sum(place[a] < place[b] for a, b in pairs) / len(pairs)
    return max(0.0, 2 * agreeing - 1)


def _placed(item: Item, response: Mapping[str, Any]) -> Score:
    pairs = response.get("pairs")
    if pairs is None or pairs == {}:
        return _nothing(item, "empty", "nothing placed")
    known = {o.id for o in item.options}
    targets = {t.id for t in item.targets}
    if not isinstance(pairs, Mapping) or not set(pairs) <= known:
        return _nothing(item, "malformed", "a placed option does not exist")
    values = list(pairs.values())
    if any(not isinstance(v, str) or v not in targets for v in values):
        return _nothing(item, "malformed", "a target does not exist")
    if item.kind == "match" and len(set(values)) != len(values):
        return _nothing(item, "malformed", "a target is used twice")
    marks = {o.id: pairs.get(o.id) == o.target for o in item.options}
    if item.scoring == "all-or-nothing":
        return _share(item, float(all(marks.values())), marks)
    right = sum(marks.values())
    wrong = sum(i in pairs and not ok for i, ok in marks.items())
    penalty = wrong if item.scoring == "per-option-penalty" else 0
    return _share(item, (right - penalty) / len(marks), marks)


def _number(item: Item, response: Mapping[str, Any]) -> Score:
    given = response.get("number")
    if given is None or given == "":
        return _nothing(item, "empty", "no number typed")
    value = read_number(given)
    if value is None:
        return _nothing(item, "malformed", "this is not a number")
    assert item.answer is not None
    right = abs(value - item.answer) <= item.tolerance + 1e-9
    return _share(item, float(right), {})


def read_number(given: Any) -> float | None:
    """A finite number from a JSON number or typed text; comma or point before decimals."""
    if isinstance(given, bool):
        return None
    if isinstance(given, str):
        given = _SPACES.sub("", given)
        if len(given) > 40 or not _NUMBER.fullmatch(given):
            return None
        given = given.replace(",", ".")
    elif not isinstance(given, (int, float)):
        return None
    try:
        value = float(given)
    except OverflowError:
        return None
    return value if math.isfinite(value) else None


def _written(item: Item, response: Mapping[str, Any]) -> Score:
    text = response.get("text")
    if text is None or text == "":
        return _nothing(item, "empty", "nothing written")
    if not isinstance(text, str):
        return _nothing(item, "malformed", "the answer is not text")
    if len(text) > MAX_TEXT:
        return _nothing(item, "malformed", f"the answer is over {MAX_TEXT} characters")
    if not _SPACES.sub("", text):
        return _nothing(item, "empty", "nothing written")
    if item.kind == "text":
        return _nothing(item, "manual", "a person marks this answer")
    right = folded(text) in {folded(a) for a in item.accept}
    return _share(item, float(right), {})


def folded(text: str) -> str:
    """`text` without case, accents, punctuation at the ends or doubled spaces."""
    plain = unicodedata.normalize("NFKD", text).lower().replace("\u03c2", "\u03c3")
    plain = _ACCENTS.sub("", plain)
    return _SPACES.sub(" ", plain).strip(_EDGES)


def _share(item: Item, share: float, marks: dict[str, bool]) -> Score:
    share = min(1.0, max(0.0, share))
    return Score(points=rounded(share * item.points), max_points=item.points, per_option=marks)


def rounded(number: float) -> float:
    """`number` to four decimals, halves up, as both languages do it."""
    return math.floor(number * 10_000 + 0.5) / 10_000


def _added(numbers: Iterable[float]) -> float:
    """The plain sum: `sum` corrects rounding errors from Python 3.12 on, JavaScript does not."""
    total = 0.0
    for number in numbers:
        total += number
    return total


def _distinct_strings(values: Any) -> bool:
    return (
        isinstance(values, list)
        and all(isinstance(v, str) for v in values)
        and len(set(values)) == len(values)
    )
