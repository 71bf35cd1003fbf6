"""Four test-takers who do not exist, and how each answers an item.

- **Guesser**: answers by chance.
- **Outsider**: has common sense and knows tests, but not the course. Chooses by what options look
  like (`surface`), puts steps in order by words such as "first" and "record", pairs what shares
  words, and computes a number that one step from the numbers of the stem gives.
- **Average trainee**: knows each part of an item (an option to tick, a place in an order) with a
  probability; what is not known is answered as an outsider does who also holds the misconceptions
  that options stand for.
- **Expert**: as the average trainee, who knows nearly everything.

Limits. The outsider reads surfaces and knows nothing of the world: an item that common knowledge
answers looks harder here than it is. Irony, pictures and stories are not understood. The outsider
has no misconceptions, so nobody makes a bank look better by tagging options. The figures rank items
and find giveaways; they are no forecast of a class. People who did not take the course remain the
test.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from crossings.items.model import PICKED, Item, Option
from crossings.items.quality import surface
from crossings.items.score import score
from crossings.items.shuffle import stream

Draw = Callable[[], float]
"""The next number in [0, 1)."""

SHARP = 1.3
"""How strongly the outsider follows appeal: an option with 1 more draws e^1.3 times as much."""
BELIEF = 0.7
"""What a misconception adds to the appeal of its option for those who met it at work."""
ONE_STEP = 0.5
"""How often the outsider finds a number that one step of arithmetic gives."""
SAID = 0.5
"""How often the outsider writes words that the stem says."""
PLAYS = 60

_EARLY = re.compile(
    r"\b(?:first|begin|before|stop|see|safe|safety|water|greet|introduce|calm|private|listen|ask|"
    r"explain|notice|arriv)\w*",
    re.I,
)
_LATE = re.compile(
    r"\b(?:record|report|write|later|after|follow|finally|last|hand|file|close|review|learn|send|"
    r"sign|decide|refer)\w*",
    re.I,
)
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True)
class Taker:
    """One of the four. `knows` is the probability of knowing a part of an item; `None` guesses."""

    name: str
    says: str
    knows: float | None = 0.0
    believes: bool = False


GUESSER = Taker("guesser", "answers by chance", None)
OUTSIDER = Taker("outsider", "common sense and test-wisdom, without the course")
AVERAGE = Taker("average", "knows more than half of what was taught", 0.55, True)
EXPERT = Taker("expert", "knows nearly everything", 0.96, True)
TAKERS = (GUESSER, OUTSIDER, AVERAGE, EXPERT)


def expected(taker: Taker, item: Item, seed: str = "quality", plays: int = PLAYS) -> float | None:
    """The share of the item's points that `taker` earns on average, 0 to 1; None where a person
    marks. Exact for `single`, the mean of so many plays from the seed else."""
    if item.marked_by_person:
        return None
    if item.kind == "single":
        return _single(taker, item)
    draw = stream(f"{seed}/{taker.name}/{item.id}")
    earned = (score(item, answer(taker, item, draw)).points for _ in range(plays))
    return sum(earned) / (plays * item.points)


def answer(taker: Taker, item: Item, draw: Draw) -> dict[str, Any]:
    """A response of `taker`; `single` and `text` are not asked here."""
    if item.kind in PICKED:
        return {"choices": _picked(taker, item, draw)}
    if item.kind == "order":
        return {"order": _ordered(taker, item, draw)}
    if item.kind in ("match", "grid"):
        return {"pairs": _paired(taker, item, draw)}
    if item.kind == "number":
        return {"number": _number(taker, item, draw)}
    return {"text": _words(taker, item, draw)}


def chances(taker: Taker, item: Item) -> list[float]:
    """How likely `taker`, who does not know the answer, is to choose each option of a `single`."""
    if taker.knows is None:
        return [1 / len(item.options) for _ in item.options]
    pull = _pull(taker, item)
    weights = [math.exp(SHARP * value) for value in pull]
    return [weight / sum(weights) for weight in weights]


def _single(taker: Taker, item: Item) -> float:
    """The exact share: knowing, or choosing by appeal; `score` says what each option earns."""
    found = 0.0
    for option, chance in zip(item.options, chances(taker, item), strict=True):
        earned = score(item, {"choice": option.id}).points / item.points
        found += chance * earned
    knows = taker.knows or 0.0
    return knows + (1 - knows) * found


def _pull(taker: Taker, item: Item) -> list[float]:
    appeal = surface.appeal(item.stem, tuple(o.text for o in item.options))
    beliefs = [BELIEF * (taker.believes and o.misconception is not None) for o in item.options]
    return [a + b for a, b in zip(appeal, beliefs, strict=True)]


def _knows(taker: Taker, draw: Draw) -> bool:
    return taker.knows is not None and draw() < taker.knows


def _picked(taker: Taker, item: Item, draw: Draw) -> list[str]:
    """Each option ticked or not, by itself; somebody who ticks nothing ticks what appeals most."""
    flat = taker.knows is None or item.kind == "hotspot"
    pull = [0.0 for _ in item.options] if flat else _pull(taker, item)
    chosen = []
    for option, value in zip(item.options, pull, strict=True):
        tick = draw() < 1 / (1 + math.exp(-SHARP * value))
        if option.correct if _knows(taker, draw) else tick:
            chosen.append(option.id)
    if chosen:
        return chosen
    best = max(range(len(pull)), key=lambda n: (pull[n], draw()))
    return [item.options[best].id]


def _ordered(taker: Taker, item: Item, draw: Draw) -> list[str]:
    """Known options keep their place; the others fill the gaps by their look."""
    known = {n for n in range(len(item.options)) if _knows(taker, draw)}
    others = [n for n in range(len(item.options)) if n not in known]
    guided = taker.knows is not None
    order = sorted(others, key=lambda n: guided * _lateness(item.options[n]) + 2 * draw())
    free = iter(order)
    return [item.options[n if n in known else next(free)].id for n in range(len(item.options))]


def _lateness(option: Option) -> float:
    return len(_LATE.findall(option.text)) - len(_EARLY.findall(option.text))


def _paired(taker: Taker, item: Item, draw: Draw) -> dict[str, str]:
    left = [t.id for t in item.targets]
    texts = {t.id: t.text for t in item.targets}
    pairs: dict[str, str] = {}
    for option in item.options:
        if _knows(taker, draw) and option.target in left:
            target = str(option.target)
        elif taker.knows is None:
            target = left[int(draw() * len(left))]
        else:
            target = _drawn(left, [surface.likeness(option.text, texts[t]) for t in left], draw)
        pairs[option.id] = target
        if item.kind == "match":
            left.remove(target)
            if not left:
                break
    return pairs


def _drawn(names: Sequence[str], likenesses: Sequence[float], draw: Draw) -> str:
    weights = [math.exp(3 * value) for value in likenesses]
    at = draw() * sum(weights)
    for name, weight in zip(names, weights, strict=True):
        at -= weight
        if at < 0:
            return name
    return names[-1]


def _number(taker: Taker, item: Item, draw: Draw) -> float:
    assert item.answer is not None
    if _knows(taker, draw):
        return item.answer
    reached = taker.knows is not None and within_reach(item)
    return item.answer if reached and draw() < ONE_STEP else item.answer * 2 + 1 + item.tolerance


def within_reach(item: Item) -> bool:
    """Whether the answer of a `number` is a number of the stem, or one step from two of them."""
    assert item.answer is not None
    given = [float(n.replace(",", "")) for n in _NUMBER.findall(item.stem)]
    reached = set(given)
    for n, a in enumerate(given):
        for b in given[n + 1 :]:
            reached |= {a + b, a - b, b - a, a * b, a * b / 100}
            reached |= {x for x in (_over(a, b), _over(b, a)) if x is not None}
            reached |= {100 * x for x in (_over(a, b), _over(b, a)) if x is not None}
    return any(abs(value - item.answer) <= item.tolerance + 1e-9 for value in reached)


def _over(a: float, b: float) -> float | None:
    return a / b if b else None


def _words(taker: Taker, item: Item, draw: Draw) -> str:
    said = " ".join(surface.words(item.stem))
    told = any(" ".join(surface.words(a)) in said for a in item.accept)
    hit = _knows(taker, draw) or (taker.knows is not None and told and draw() < SAID)
    return item.accept[0] if hit else "not sure"
