"""What a share of the points says about an objective. Pure."""

from __future__ import annotations

from typing import Literal

Standing = Literal["shown", "partly", "not yet", "too few questions"]
SHOWN, NOT_YET = 0.8, 0.5
"""Shares of the points: from the first on an objective is shown, below the second it is not yet."""
LEAST_QUESTIONS = 2
"""One question can be guessed; fewer than two say nothing about an objective."""


def standing(share: float, questions: int) -> Standing:
    """The word for a share of the points on `questions` questions."""
    if questions < LEAST_QUESTIONS:
        return "too few questions"
    if share >= SHOWN - 1e-9:
        return "shown"
    return "partly" if share >= NOT_YET - 1e-9 else "not yet"
