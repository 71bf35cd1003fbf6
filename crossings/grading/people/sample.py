"""Whom a second marker should read: a sample with all marks in it, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Mapping

_STRATA = 4


def draw(points: Mapping[str, float], size: int, seed: int) -> list[str]:
    """`size` students of `points`, from low, middle and high marks alike, in the order of marks.

    Equal marks stay together. Where there are fewer marks than asked for, all are taken.
    """
    ordered = sorted(points, key=lambda student: (points[student], student))
    if size >= len(ordered):
        return ordered
    chance = random.Random(seed)
    shelves = [sorted(shelf) for shelf in _strata(ordered, points)]
    for shelf in shelves:
        chance.shuffle(shelf)
    taken: list[str] = []
    turn = 0
    while len(taken) < size:
        shelf = shelves[turn % len(shelves)]
        if shelf:
            taken.append(shelf.pop())
        turn += 1
    return sorted(taken, key=lambda student: (points[student], student))


def _strata(ordered: list[str], points: Mapping[str, float]) -> list[list[str]]:
    """Up to four shelves of about the same length; nobody with the same mark on two of them."""
    shelves: list[list[str]] = [[]]
    full = len(ordered) / _STRATA
    for student in ordered:
        last = shelves[-1]
        if last and len(last) >= full and points[last[-1]] != points[student]:
            shelves.append([])
        shelves[-1].append(student)
    return shelves
