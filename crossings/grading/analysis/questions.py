"""How each question worked: difficulty, discrimination, pull of its distractors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crossings.grading.analysis.interval import Interval, of_share
from crossings.grading.analysis.model import Choice, Cohort, Question

ENOUGH = 20
"""Trainees from which a discrimination is more than a hint."""
EASY, HARD = 0.95, 0.25
WEAK = 0.10
"""A discrimination below this says that the question does not tell strong and weak apart."""


@dataclass(frozen=True)
class Pull:
    """How an option drew people.

    `strength` is the correlation between picking it and the share earned on all other questions,
    from -1 to 1; None where everybody or nobody picked it.
    """

    choice: Choice
    people: int
    share: float
    strength: float | None


@dataclass(frozen=True)
class Working:
    """How one question worked in one cohort.

    `difficulty` is the mean share of the points: high means easy (as in classical test theory).
    `discrimination` is the correlation of the share earned here with the share earned on all other
    questions (corrected point-biserial); None where it cannot be computed.
    """

    question: Question
    people: int
    empty: int
    difficulty: Interval | None
    discrimination: float | None
    pulls: tuple[Pull, ...]
    remarks: tuple[str, ...]


def workings(cohort: Cohort) -> tuple[Working, ...]:
    """Every question of `cohort`, in its order."""
    return tuple(_working(cohort, question) for question in cohort.questions)


def _working(cohort: Cohort, question: Question) -> Working:
    shares = cohort.shares[question.id].dropna().astype(float)
    rest = rest_scores(cohort, question.id).reindex(shares.index)
    here = [a for a in cohort.answers if a.question == question.id]
    pulls = _pulls(cohort, question)
    discrimination = correlation(shares, rest)
    difficulty = of_share(shares.tolist())
    return Working(
        question=question,
        people=len(shares),
        empty=sum(not a.given for a in here),
        difficulty=difficulty,
        discrimination=discrimination,
        pulls=pulls,
        remarks=_remarks(len(shares), difficulty, discrimination, pulls),
    )


def rest_scores(cohort: Cohort, left_out: str) -> pd.Series[float]:
    """Each trainee's share of the points of all questions but one; missing where there are none.

    Leaving the question itself out keeps it from being compared with a total that it is part of.
    """
    others = [q for q in cohort.questions if q.id != left_out]
    weights = pd.Series({q.id: q.max_points for q in others}, dtype=float)
    shares = cohort.shares[[q.id for q in others]].astype(float)
    possible = shares.notna().mul(weights).sum(axis=1)
    return shares.fillna(0.0).mul(weights).sum(axis=1) / possible.where(possible > 0)


def correlation(one: pd.Series[float], other: pd.Series[float]) -> float | None:
    """Pearson's correlation; None for under three pairs or where one side does not vary."""
    both = pd.concat([one, other], axis=1).dropna()
    if len(both) < 3:
        return None
    first, second = both.iloc[:, 0].to_numpy(float), both.iloc[:, 1].to_numpy(float)
    if np.ptp(first) < 1e-12 or np.ptp(second) < 1e-12:
        return None
    return float(np.corrcoef(first, second)[0, 1])


def _pulls(cohort: Cohort, question: Question) -> tuple[Pull, ...]:
    chosen = {a.student: a.chosen for a in cohort.answers if a.question == question.id and a.given}
    if not question.choices or not chosen:
        return ()
    rest = rest_scores(cohort, question.id).reindex(list(chosen))
    return tuple(_pull(choice, chosen, rest) for choice in question.choices)


def _pull(choice: Choice, chosen: dict[str, tuple[str, ...]], rest: pd.Series[float]) -> Pull:
    picked = pd.Series({s: float(choice.id in given) for s, given in chosen.items()}, dtype=float)
    return Pull(choice, int(picked.sum()), float(picked.mean()), correlation(picked, rest))


def _remarks(
    people: int,
    difficulty: Interval | None,
    discrimination: float | None,
    pulls: Sequence[Pull],
) -> tuple[str, ...]:
    """What a trainer should look at; a small group gives hints and no verdicts."""
    found: list[str] = []
    if difficulty is not None and people >= 5:
        if difficulty.value >= EASY:
            found.append("nearly everybody has it right: it tells you little")
        if difficulty.value <= HARD:
            found.append("few have it right: was it taught, and is the wording clear?")
    if discrimination is not None and people >= ENOUGH:
        if discrimination < 0:
            found.append("those who know more do worse here: check the key and the wording")
        elif discrimination < WEAK:
            found.append("it does not tell apart who knows more and who knows less")
    return (*found, *_remarks_on_pulls(people, pulls))


def _remarks_on_pulls(people: int, pulls: Sequence[Pull]) -> list[str]:
    if people < ENOUGH:
        return []
    wrong = [p for p in pulls if not p.choice.right]
    right = max((p.share for p in pulls if p.choice.right), default=0.0)
    found = [
        f"“{p.choice.text}” draws those who know more: check the key"
        for p in wrong
        if p.strength is not None and p.strength > 0.2 and p.people >= 5
    ]
    found += [
        f"“{p.choice.text}” draws more people than the right answer"
        for p in wrong
        if p.share > right
    ]
    return found + [f"nobody takes “{p.choice.text}”" for p in wrong if not p.people]
