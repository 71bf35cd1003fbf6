"""The order within each layer, so that few edges cross.

Layers are swept down and up; each vertex moves to the mean place of its neighbours, then
neighbours change places where that saves crossings. The best order met is kept.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence
from itertools import pairwise

Rows = list[list[str]]
Neighbours = Mapping[str, Sequence[str]]

SWEEPS = 12


def ordered(rows: Rows, down: Neighbours, up: Neighbours) -> Rows:
    """`rows` with each layer put in order; `down` and `up` name neighbours in the next layer."""
    best, fewest = rows, _crossings(rows, down)
    now = [list(row) for row in rows]
    for sweep in range(SWEEPS):
        if not fewest:
            break
        towards = up if sweep % 2 == 0 else down
        steps = range(1, len(now)) if sweep % 2 == 0 else range(len(now) - 2, -1, -1)
        for n in steps:
            fixed = now[n - 1] if sweep % 2 == 0 else now[n + 1]
            now[n] = _by_mean(now[n], fixed, towards)
        _switch(now, down, up)
        count = _crossings(now, down)
        if count < fewest:
            best, fewest = [list(row) for row in now], count
    return best


def _by_mean(row: list[str], fixed: list[str], towards: Neighbours) -> list[str]:
    """Sorted by the mean place of the neighbours; who has none keeps the place."""
    place = {name: n for n, name in enumerate(fixed)}
    wanted: dict[str, float] = {}
    for n, name in enumerate(row):
        places = [place[other] for other in towards[name]]
        wanted[name] = sum(places) / len(places) if places else float(n)
    return sorted(row, key=wanted.__getitem__)


def _switch(rows: Rows, down: Neighbours, up: Neighbours) -> None:
    """Exchange neighbours in a layer for as long as that saves crossings."""
    for n, row in enumerate(rows):
        above = {name: p for p, name in enumerate(rows[n - 1])} if n else {}
        below = {name: p for p, name in enumerate(rows[n + 1])} if n + 1 < len(rows) else {}
        better = True
        while better:
            better = False
            for p in range(len(row) - 1):
                one, two = row[p], row[p + 1]
                saved = 0
                for towards, place in ((up, above), (down, below)):
                    if place:
                        ours = sorted(place[o] for o in towards[one])
                        theirs = sorted(place[o] for o in towards[two])
                        saved += _pairs(ours, theirs) - _pairs(theirs, ours)
                if saved > 0:
                    row[p], row[p + 1] = two, one
                    better = True


def _pairs(left: list[int], right: list[int]) -> int:
    """Crossings between edges of two neighbours, the left one and the right one."""
    return sum(len(left) - bisect_right(left, place) for place in right)


def _crossings(rows: Rows, down: Neighbours) -> int:
    return sum(crossings(a, b, down) for a, b in pairwise(rows))


def crossings(row: Sequence[str], below: Sequence[str], down: Neighbours) -> int:
    """How many edges cross between a layer and the one below it."""
    place = {name: n for n, name in enumerate(below)}
    met: list[int] = []
    count = 0
    for name in row:
        ends = sorted(place[other] for other in down[name])
        count += sum(len(met) - bisect_right(met, end) for end in ends)
        for end in ends:
            insort(met, end)
    return count
