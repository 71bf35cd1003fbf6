"""95 percent intervals, and the words for how far a small group can be trusted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

LEVEL = 0.95


def _stats() -> Any:
    """SciPy's distributions, which the sites that only import this room do without."""
    from scipy import stats

    return stats


@dataclass(frozen=True)
class Interval:
    """An estimate and the ends of its 95 percent interval; no ends where n is too small."""

    value: float
    low: float | None = None
    high: float | None = None


def of_share(shares: Sequence[float]) -> Interval | None:
    """The mean of shares from 0 to 1.

    Wilson's interval (1927) where each share is 0 or 1; Student's, cut to 0 and 1, where answers
    earn parts of the points.
    """
    if not len(shares):
        return None
    found = np.asarray(shares, dtype=float)
    mean, n = float(found.mean()), len(found)
    if bool(np.isin(found, (0.0, 1.0)).all()):
        bounds = _stats().binomtest(round(float(found.sum())), n).proportion_ci(LEVEL, "wilson")
        return Interval(mean, float(bounds.low), float(bounds.high))
    around = of_mean(found.tolist())
    if around is None or around.low is None or around.high is None:
        return Interval(mean)
    return Interval(mean, max(0.0, around.low), min(1.0, around.high))


def of_mean(values: Sequence[float]) -> Interval | None:
    """A mean with Student's interval; without ends for a single value."""
    if not len(values):
        return None
    found = np.asarray(values, dtype=float)
    mean, n = float(found.mean()), len(found)
    if n < 2:
        return Interval(mean)
    half = float(_stats().t.ppf((1 + LEVEL) / 2, n - 1)) * float(found.std(ddof=1)) / math.sqrt(n)
    return Interval(mean, mean - half, mean + half)


def of_difference(first: Sequence[float], second: Sequence[float]) -> Interval | None:
    """The mean of `second` less the mean of `first`, of two groups of shares from 0 to 1.

    Newcombe's interval (1998, his method 10) where each share is 0 or 1; Welch's (1947), cut to -1
    and 1, where there are parts. Without ends where a group has one value only, or where nothing
    varies and Welch's would pretend to be exact.
    """
    if not len(first) or not len(second):
        return None
    one, two = (np.asarray(g, dtype=float) for g in (first, second))
    value = float(two.mean() - one.mean())
    if min(len(one), len(two)) < 2:
        return Interval(value)
    if all(bool(np.isin(g, (0.0, 1.0)).all()) for g in (one, two)):
        return _newcombe(one, two, value)
    parts = [float(g.var(ddof=1)) / len(g) for g in (one, two)]
    whole = sum(parts)
    if whole <= 0:
        return Interval(value)
    freedom = whole**2 / sum(p**2 / (len(g) - 1) for p, g in zip(parts, (one, two), strict=True))
    half = float(_stats().t.ppf((1 + LEVEL) / 2, freedom)) * math.sqrt(whole)
    return Interval(value, max(-1.0, value - half), min(1.0, value + half))


def _newcombe(one: Any, two: Any, value: float) -> Interval:
    around = [of_share(g.tolist()) for g in (one, two)]
    (p1, l1, u1), (p2, l2, u2) = ((a.value, a.low, a.high) for a in around if a is not None)
    assert l1 is not None and u1 is not None and l2 is not None and u2 is not None
    low = value - math.hypot(p2 - l2, u1 - p1)
    high = value + math.hypot(u2 - p2, p1 - l1)
    return Interval(value, max(-1.0, low), min(1.0, high))


def of_alpha(alpha: float, people: int, questions: int) -> Interval:
    """Feldt's interval (1965) for Cronbach's alpha of `people` and `questions`."""
    above, below = people - 1, (people - 1) * (questions - 1)
    edge = (1 - LEVEL) / 2
    low = 1 - (1 - alpha) * float(_stats().f.ppf(1 - edge, above, below))
    high = 1 - (1 - alpha) * float(_stats().f.ppf(edge, above, below))
    return Interval(alpha, low, high)
