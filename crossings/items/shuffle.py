"""The same shuffle in Python and in the browser, from a seed that is a string.

FNV-1a (32 bit) makes a number of the seed's UTF-8 bytes; mulberry32 makes a stream of it. Both are
public-domain algorithms chosen because they need only 32-bit integer arithmetic, which JavaScript
does exactly. `crossings/player/engine.js` has the twin of each function.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")
_MASK = 0xFFFFFFFF


def fnv1a(text: str) -> int:
    """The 32-bit FNV-1a hash of `text` in UTF-8; half a surrogate pair counts as `?`."""
    value = 0x811C9DC5
    for byte in text.encode("utf-8", "replace"):
        value = ((value ^ byte) * 0x01000193) & _MASK
    return value


def stream(seed: str) -> Callable[[], float]:
    """A function that returns the next number in [0, 1) of mulberry32 seeded by `seed`."""
    state = fnv1a(seed)

    def following() -> float:
        nonlocal state
        state = (state + 0x6D2B79F5) & _MASK
        mixed = ((state ^ (state >> 15)) * (state | 1)) & _MASK
        mixed ^= (mixed + ((mixed ^ (mixed >> 7)) * (mixed | 61) & _MASK)) & _MASK
        return ((mixed ^ (mixed >> 14)) & _MASK) / 4294967296

    return following


def shuffled(values: Sequence[T], seed: str) -> list[T]:
    """`values` in Fisher-Yates order drawn from `seed`; the argument is left as it is."""
    result = list(values)
    draw = stream(seed)
    for last in range(len(result) - 1, 0, -1):
        other = int(draw() * (last + 1))
        result[last], result[other] = result[other], result[last]
    return result


def picked(values: Sequence[T], seed: str) -> T:
    """One of `values`, drawn from `seed`."""
    return values[int(stream(seed)() * len(values))]
