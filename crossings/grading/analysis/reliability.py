"""Cronbach's alpha, and what it must not be taken for."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from crossings.grading.analysis.interval import Interval, of_alpha
from crossings.grading.analysis.model import Cohort

FEW_PEOPLE, FEW_QUESTIONS = 30, 6


@dataclass(frozen=True)
class Reliability:
    """Alpha with Feldt's 95 percent interval; `alpha` is None where it cannot be computed.

    Only trainees with a mark on every question count: `people` of them, on `questions`.
    """

    alpha: Interval | None
    people: int
    questions: int
    caveats: tuple[str, ...]


def reliability(cohort: Cohort) -> Reliability:
    """How consistently the questions measure one thing (Cronbach 1951), in points."""
    weights = {q.id: q.max_points for q in cohort.questions}
    whole = cohort.shares.dropna(axis=1, how="all").dropna().astype(float)
    people, questions = whole.shape
    if people < 3 or questions < 2:
        why = "at least 3 trainees with every question marked, and 2 questions, are needed"
        return Reliability(None, people, questions, (why,))
    points = whole.mul(pd.Series(weights).reindex(whole.columns))
    total = float(points.sum(axis=1).var(ddof=1))
    if total <= 1e-12:
        return Reliability(None, people, questions, ("everybody has the same total",))
    alpha = questions / (questions - 1) * (1 - float(points.var(ddof=1).sum()) / total)
    caveats = _caveats(people, questions, alpha, len(cohort.students) - people)
    return Reliability(of_alpha(alpha, people, questions), people, questions, caveats)


def _caveats(people: int, questions: int, alpha: float, left_out: int) -> tuple[str, ...]:
    found = []
    if people < FEW_PEOPLE:
        found.append(
            f"only {people} trainees: the interval is wide, and the next class may differ a lot"
        )
    if questions < FEW_QUESTIONS:
        found.append(f"only {questions} questions: a short test has a low alpha even if it is good")
    if alpha < 0:
        found.append("negative: some questions run against the others; look at their keys first")
    if left_out:
        found.append(f"{left_out} trainees without a mark on every question are left out")
    found.append("alpha is no proof that the test measures one thing, or the right thing")
    return tuple(found)
