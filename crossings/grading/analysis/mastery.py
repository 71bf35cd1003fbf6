"""Objectives and law provisions: what the group can do, and what each trainee can do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from crossings.grading.analysis.interval import Interval, of_share
from crossings.grading.analysis.model import Cohort, Question
from crossings.grading.standing import Standing, standing


@dataclass(frozen=True)
class Reached:
    """How far the group is with an objective or a provision.

    `earned` is the mean share of its points over trainees. `standings` has each trainee's own.
    """

    id: str
    questions: tuple[str, ...]
    earned: Interval | None
    standings: dict[str, Standing]

    def count(self, standing: Standing) -> int:
        return sum(s == standing for s in self.standings.values())


def objectives(cohort: Cohort) -> tuple[Reached, ...]:
    """Every objective that a question names, in order of first mention."""
    return _all(cohort, lambda question: question.objectives)


def provisions(cohort: Cohort) -> tuple[Reached, ...]:
    """Every provision of the law register that a question cites, in order of first mention."""
    return _all(cohort, lambda question: question.provisions)


def _all(cohort: Cohort, named: Callable[[Question], Iterable[str]]) -> tuple[Reached, ...]:
    about: dict[str, list[Question]] = {}
    for question in cohort.questions:
        for identity in named(question):
            about.setdefault(identity, []).append(question)
    return tuple(_reached(cohort, identity, asked) for identity, asked in about.items())


def _reached(cohort: Cohort, identity: str, asked: list[Question]) -> Reached:
    names = [q.id for q in asked]
    shares = cohort.shares[names].astype(float)
    weights = {q.id: q.max_points for q in asked}
    earned: dict[str, float] = {}
    standings: dict[str, Standing] = {}
    for student, row in shares.iterrows():
        marked = row.dropna()
        possible = sum(weights[str(name)] for name in marked.index)
        if not possible:
            continue
        got = float(sum(weights[str(n)] * float(s) for n, s in marked.items()) / possible)
        earned[str(student)] = got
        standings[str(student)] = standing(got, len(marked))
    return Reached(identity, tuple(names), of_share(list(earned.values())), standings)
