"""How far two markers agree: Cohen's kappa, weighted, with its interval and its caveats. Pure.

kappa = 1 - (weighted disagreement seen) / (weighted disagreement expected by chance), where chance
keeps how often each marker used each level. Linear weights count a step between levels as one
step; quadratic weights count large differences more. J. Cohen, Psychological Bulletin 70 (1968).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

Weights = Literal["none", "linear", "quadratic"]
FEW = 20
"""Fewer pairs than this are a hint and no finding."""
_Z = 1.959964


@dataclass(frozen=True)
class Agreement:
    """Agreement on one criterion. `same` is the share of equal levels. A kappa is None where it
    has no value: one level was used for everything, so chance explains all."""

    n: int
    same: float
    linear: float | None
    quadratic: float | None
    interval: tuple[float, float] | None
    """Of the quadratic kappa, 95 %, by leaving out one answer at a time."""
    table: tuple[tuple[int, ...], ...]
    """Rows are the first marker's levels, columns the second's, best first."""


def agreement(pairs: Sequence[tuple[int, int]], levels: int) -> Agreement | None:
    """How two markers agree on one criterion; None where no answer was marked twice.

    `pairs` are places of levels, from 0 to `levels` - 1, of the first and of the second marker.
    """
    if not pairs:
        return None
    table = [[0] * levels for _ in range(levels)]
    for first, second in pairs:
        table[first][second] += 1
    same = sum(first == second for first, second in pairs) / len(pairs)
    return Agreement(
        len(pairs),
        same,
        kappa(pairs, levels, "linear"),
        kappa(pairs, levels, "quadratic"),
        interval(pairs, levels, "quadratic"),
        tuple(tuple(row) for row in table),
    )


def kappa(pairs: Sequence[tuple[int, int]], levels: int, weights: Weights) -> float | None:
    """Cohen's kappa of pairs of levels; None where it is not defined."""
    n = len(pairs)
    if n == 0:
        return None
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    seen = sum(_cost(a, b, levels, weights) for a, b in pairs) / n
    chance = sum(
        _cost(a, b, levels, weights) * times_a * times_b
        for a, times_a in first.items()
        for b, times_b in second.items()
    ) / (n * n)
    return None if chance == 0 else 1 - seen / chance


def _cost(a: int, b: int, levels: int, weights: Weights) -> float:
    if weights == "none":
        return float(a != b)
    step = abs(a - b) / max(levels - 1, 1)
    return step if weights == "linear" else step * step


def interval(
    pairs: Sequence[tuple[int, int]], levels: int, weights: Weights
) -> tuple[float, float] | None:
    """A 95 % interval by the jackknife; None with under ten pairs, or where kappa has no value."""
    n = len(pairs)
    if n < 10:
        return None
    whole = kappa(pairs, levels, weights)
    left_out = _without_one(pairs, levels, weights)
    if whole is None or left_out is None:
        return None
    mean = fmean(left_out)
    error = math.sqrt((n - 1) / n * sum((value - mean) ** 2 for value in left_out))
    return max(-1.0, whole - _Z * error), min(1.0, whole + _Z * error)


def _without_one(
    pairs: Sequence[tuple[int, int]], levels: int, weights: Weights
) -> list[float] | None:
    """Kappa without each pair in turn; equal pairs give equal values."""
    found: list[float] = []
    for pair, times in Counter(pairs).items():
        rest = list(pairs)
        rest.remove(pair)
        value = kappa(rest, levels, weights)
        if value is None:
            return None
        found += [value] * times
    return found


def caveats(found: Agreement) -> list[str]:
    """What must be read with the number."""
    said = []
    if found.n < FEW:
        said.append(f"Only {found.n} answers were marked twice: read the differences, not kappa.")
    if found.quadratic is None:
        said.append(
            "Both used one level only: kappa has no value. The share of equal levels stands."
        )
    elif found.same >= 0.8 and found.quadratic < 0.4:
        said.append(
            "Most levels are equal and kappa is low: almost everything is on one level, and then "
            "chance explains much."
        )
    return said
