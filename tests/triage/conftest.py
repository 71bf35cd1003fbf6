"""The model of the course, and sets drawn from it once."""

from __future__ import annotations

import functools

import pytest

from crossings.curriculum import current
from crossings.triage import Arrivals, Drawn, Generate, generate
from crossings.triage.model import Difficulty

LEVELS: tuple[Difficulty, ...] = ("easy", "medium", "hard")


@functools.cache
def arrivals() -> Arrivals:
    found = current().arrivals
    assert found is not None
    return found


@functools.cache
def many(difficulty: Difficulty, sets: int = 60, people: int = 40) -> tuple[Drawn, ...]:
    """People of many seeds; the same in each test of a run, and in each run."""
    settings = Generate(people=people, difficulty=difficulty)
    return tuple(
        d for n in range(sets) for d in generate(arrivals(), settings, f"{difficulty}-{n}")
    )


@pytest.fixture
def model() -> Arrivals:
    return arrivals()
