"""What hands the answer over, or leaves a learner without an answer to a mistake.

Some flaws are seen in one item; others only in a bank: a right option may be the longest once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from crossings.items.model import Item
from crossings.items.quality.surface import ABSOLUTES, breaks_grammar, words

LONGEST = 0.30
"""Share of `single` items whose right option may be the longest."""
SHORTEST = 0.35
LONGER = 1.05
"""So many times as long as wrong options may right ones be, on average."""
CHI_SQUARE = {2: 3.841, 3: 5.991, 4: 7.815, 5: 9.488}
"""The 5 % bounds for so many places."""
ENOUGH = 8
"""Fewer items show no pattern that chance does not."""
MISCONCEPTIONS = 0.35
"""Share of the wrong options of `single` items that stand for a known misconception."""
SHORT_FEEDBACK = 15

_CUES = re.compile(
    r"\b(?:all of the above|none of the above|all of these|none of these|both a and b|a and c|"
    r"in every case|in all cases|without exception|under no circumstances|obviously not)\b",
    re.I,
)
_NUMBERED = re.compile(r"[a-z]?\d+")


@dataclass(frozen=True)
class Flaw:
    """A weakness: of one item (`item` and the place in it), or of the bank (`item` empty)."""

    item: str
    where: tuple[str | int, ...]
    message: str
    hint: str
    fails: bool = True


def flaws(items: Iterable[Item]) -> Iterator[Flaw]:
    """Every flaw of a bank."""
    bank = tuple(items)
    for item in bank:
        yield from _of_item(item)
    yield from _of_bank([item for item in bank if item.kind == "single"])


def right_place(item: Item) -> int:
    """The place of the right option of a `single`, counted from 0."""
    return next(place for place, option in enumerate(item.options) if option.correct)


def _of_item(item: Item) -> Iterator[Flaw]:
    for place, option in enumerate(item.options):
        at = ("options", place, "text")
        if cue := _CUES.search(option.text):
            message = f"the option says “{cue.group()}”, a word that test-wise people look for"
            yield Flaw(item.id, at, message, "say what holds in this situation")
        if breaks_grammar(item.stem, option.text):
            message = "the option does not fit the article with which the stem ends"
            yield Flaw(item.id, at, message, "end the stem with a question")
        if len(option.feedback or "") < SHORT_FEEDBACK:
            message = "the option has no feedback that teaches"
            hint = "say what is true in it, and what decides"
            yield Flaw(item.id, ("options", place), message, hint)
    if item.kind == "single":
        yield from _absolute(item)
    if item.kind == "order":
        ids = [option.id for option in item.options]
        if ids == sorted(ids) or any(_NUMBERED.fullmatch(i) for i in ids):
            message = "the ids of the options tell their order"
            yield Flaw(item.id, ("options",), message, "name options by what they say")


def _absolute(item: Item) -> Iterator[Flaw]:
    """Absolute words in two or more wrong options and not in the right one."""
    absolute = [any(w in ABSOLUTES for w in words(o.text)) for o in item.options]
    wrong = sum(absolute) - absolute[right_place(item)]
    if not absolute[right_place(item)] and wrong >= 2 and wrong == len(item.options) - 1:
        message = "every wrong option, and not the right one, has a word such as always or only"
        yield Flaw(item.id, ("options",), message, "write them in the same tone")


def _of_bank(singles: Sequence[Item]) -> Iterator[Flaw]:
    if len(singles) < ENOUGH:
        return
    yield from _lengths(singles)
    yield from _places(singles)
    wrong = [o for item in singles for o in item.options if not o.correct]
    tied = sum(o.misconception is not None for o in wrong) / len(wrong)
    if tied < MISCONCEPTIONS:
        message = f"{100 * tied:.0f} % of the wrong options stand for a known misconception"
        hint = f"{100 * MISCONCEPTIONS:.0f} % or more: datasets/law/misconceptions.csv lists them"
        yield Flaw("", (), message, hint)


def _lengths(singles: Sequence[Item]) -> Iterator[Flaw]:
    for name, extreme, limit in (("longest", max, LONGEST), ("shortest", min, SHORTEST)):
        found = [
            item.id
            for item in singles
            if len(item.options[right_place(item)].text)
            == extreme(len(option.text) for option in item.options)
        ]
        if len(found) > limit * len(singles):
            share = 100 * len(found) / len(singles)
            message = f"the right option is the {name} in {share:.0f} % of the items"
            hint = f"at most {100 * limit:.0f} %. It is in " + ", ".join(found)
            yield Flaw("", (), message, hint)
    right = [len(o.text) for item in singles for o in item.options if o.correct]
    wrong = [len(o.text) for item in singles for o in item.options if not o.correct]
    times = (sum(right) / len(right)) / (sum(wrong) / len(wrong))
    if times > LONGER:
        message = f"right options are {times:.2f} times as long as wrong ones"
        yield Flaw("", (), message, "shorten them, or say more in the wrong ones")


def _places(singles: Sequence[Item]) -> Iterator[Flaw]:
    """A favourite place, among items with the same number of options."""
    for many, bound in CHI_SQUARE.items():
        same = [item for item in singles if len(item.options) == many]
        if len(same) < max(ENOUGH, 2 * many):
            continue
        places = Counter(right_place(item) for item in same)
        mean = len(same) / many
        if sum((places[place] - mean) ** 2 / mean for place in range(many)) >= bound:
            counts = ", ".join(f"{places[place]} at {place + 1}" for place in range(many))
            message = f"right options have a favourite place: {counts}"
            yield Flaw("", (), message, "move some; about as many in each place")
