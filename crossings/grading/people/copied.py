"""Passages that two answers share and that nobody gave them: for a person to judge. Pure.

This is no proof. Two people who learned together, or copied the same page of the book, look the
same here. Nothing follows by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from crossings.grading.people.words import RUN, Words, given_runs, own, words_of

LEAST_WORDS = 12
"""Shared words of one's own below which nothing is said."""
LEAST_SHARE = 0.25
"""Of the own words of the shorter answer, below which nothing is said, unless a passage is long."""
LONG = 20
"""Words in one passage that are said in any case."""
COMMON = 0.3
"""What more than this share of a class of ten or more wrote comes from one source."""


@dataclass(frozen=True)
class Shared:
    """Two answers, by their places, and where the shared passages stand in each text."""

    first: int
    second: int
    words: int
    share: float
    longest: int
    in_first: tuple[tuple[int, int], ...]
    in_second: tuple[tuple[int, int], ...]


def shared(texts: Sequence[str], given: Sequence[str] = ()) -> list[Shared]:
    """Pairs of answers with passages in common, the most striking first.

    The question, the stub and the model answer, as `given`, do not count.
    """
    words = [words_of(text) for text in texts]
    known = given_runs(given)
    mine = [own(one, known) for one in words]
    where = _index(words, mine)
    most = max(3, COMMON * len(texts)) if len(texts) >= 10 else len(texts)
    near = {
        pair
        for places in where.values()
        if 1 < len(places) <= most
        for pair in combinations(sorted(places), 2)
    }
    common = frozenset(run for run, places in where.items() if len(places) > most)
    found = [_pair(a, b, words, mine, known | common) for a, b in sorted(near)]
    striking = [one for one in found if one is not None]
    return sorted(striking, key=lambda one: (-one.share, -one.words, one.first, one.second))


def _index(words: Sequence[Words], mine: Sequence[list[bool]]) -> dict[tuple[str, ...], set[int]]:
    where: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for number, one in enumerate(words):
        for place, run in enumerate(one.runs()):
            if all(mine[number][place : place + RUN]):
                where[run].add(number)
    return where


def _pair(
    a: int,
    b: int,
    words: Sequence[Words],
    mine: Sequence[list[bool]],
    known: frozenset[tuple[str, ...]],
) -> Shared | None:
    both = (set(words[a].runs()) & set(words[b].runs())) - known
    in_a, in_b = _covered(words[a], mine[a], both), _covered(words[b], mine[b], both)
    count = min(sum(in_a), sum(in_b))
    shorter = max(1, min(sum(mine[a]), sum(mine[b])))
    share = min(1.0, count / shorter)
    longest = max((end - start for start, end in _stretches(in_a)), default=0)
    if count < LEAST_WORDS or (share < LEAST_SHARE and longest < LONG):
        return None
    return Shared(a, b, count, share, longest, _spans(words[a], in_a), _spans(words[b], in_b))


def _covered(text: Words, mine: list[bool], both: set[tuple[str, ...]]) -> list[bool]:
    found = [False] * len(text.words)
    for place, run in enumerate(text.runs()):
        if run in both and all(mine[place : place + RUN]):
            found[place : place + RUN] = [True] * RUN
    return found


def _stretches(flags: list[bool]) -> list[tuple[int, int]]:
    """Where runs of True begin and end."""
    found, start = [], None
    for place, flag in enumerate([*flags, False]):
        if flag and start is None:
            start = place
        if not flag and start is not None:
            found.append((start, place))
            start = None
    return found


def _spans(text: Words, flags: list[bool]) -> tuple[tuple[int, int], ...]:
    return tuple(
        (text.places[start][0], text.places[end - 1][1]) for start, end in _stretches(flags)
    )
