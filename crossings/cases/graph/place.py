"""Where each vertex stands in its layer: near its neighbours, never too near the next in its row.

Each sweep puts a whole layer to the places that are best for it in the sense of least squares,
under the order and the distances of the layer (isotonic regression by pooling neighbours).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

Rows = Sequence[Sequence[str]]
Weighted = Mapping[str, Sequence[tuple[str, float]]]
"""Neighbours of a vertex, with the weight of the wish to stand under or above each."""

SWEEPS = 48
STRAIGHT = 60.0
"""The weight of a bend's wish to stand in one line with the others of its edge."""


def placed(
    rows: Rows,
    up: Weighted,
    down: Weighted,
    apart: Callable[[str, str], int],
    straight: Iterable[Sequence[str]] = (),
) -> dict[str, int]:
    """The whole-numbered x of every vertex.

    `apart` is the least distance of two neighbours; each of `straight` holds the bends of one long
    edge, which want to stand in one line.
    """
    gaps = [[0, *(apart(a, b) for a, b in pairwise(row))] for row in rows]
    lines = [line for line in straight if len(line) > 1]
    x: dict[str, float] = {}
    for row, between in zip(rows, gaps, strict=True):
        at = 0
        for name, gap in zip(row, between, strict=True):
            at += gap
            x[name] = at - sum(between) / 2
    for sweep in range(SWEEPS):
        both = sweep >= SWEEPS // 3
        downwards = sweep % 2 == 0
        views = (up, down) if both else ((up,) if downwards else (down,))
        middle = _middles(lines, x) if both else {}
        for n in range(len(rows)) if downwards else range(len(rows) - 1, -1, -1):
            _put(rows[n], gaps[n], views, middle, x)
    return _whole(rows, gaps, x)


def _middles(lines: Iterable[Sequence[str]], x: Mapping[str, float]) -> dict[str, float]:
    found: dict[str, float] = {}
    for line in lines:
        mean = sum(x[bend] for bend in line) / len(line)
        found.update(dict.fromkeys(line, mean))
    return found


def _put(
    row: Sequence[str], between: Sequence[int], views: Sequence[Weighted],
    middle: Mapping[str, float], x: dict[str, float],
) -> None:  # fmt: skip
    wanted: list[float] = []
    weights: list[float] = []
    for name in row:
        near = [(x[other], weight) for view in views for other, weight in view[name]]
        if name in middle:
            near.append((middle[name], STRAIGHT))
        weight = sum(w for _, w in near)
        wanted.append(sum(place * w for place, w in near) / weight if weight else x[name])
        weights.append(weight or 0.01)
    x.update(zip(row, spaced(wanted, weights, between), strict=True))


def spaced(
    wanted: Sequence[float], weights: Sequence[float], between: Sequence[int]
) -> list[float]:
    """The places nearest to `wanted` (weighted least squares) with `between[n]` before the n-th."""
    blocks: list[tuple[float, float, int]] = []  # mean, weight, how many
    offset = 0
    offsets: list[int] = []
    for want, weight, gap in zip(wanted, weights, between, strict=True):
        offset += gap
        offsets.append(offset)
        block = (want - offset, weight, 1)
        while blocks and blocks[-1][0] > block[0]:
            mean, heavy, many = blocks.pop()
            total = heavy + block[1]
            block = ((mean * heavy + block[0] * block[1]) / total, total, many + block[2])
        blocks.append(block)
    flat = [mean for mean, _, many in blocks for _ in range(many)]
    return [mean + o for mean, o in zip(flat, offsets, strict=True)]


def _whole(rows: Rows, gaps: Sequence[Sequence[int]], x: Mapping[str, float]) -> dict[str, int]:
    """Whole numbers that keep every distance."""
    found: dict[str, int] = {}
    for row, between in zip(rows, gaps, strict=True):
        before: int | None = None
        for name, gap in zip(row, between, strict=True):
            place = round(x[name])
            before = place if before is None else max(place, before + gap)
            found[name] = before
    return found
