"""How sure people were, beside what was right."""

from __future__ import annotations

from dataclasses import dataclass

from crossings.grading.analysis.interval import Interval, of_share
from crossings.grading.analysis.model import Answer, Cohort
from crossings.items.model import SURE

RIGHT = 0.999
"""Share of the points from which an answer counts as right; sums of thirds are not quite 1."""


@dataclass(frozen=True)
class Level:
    """The answers given with one level of sureness, and the share of points they earned."""

    sure: str
    answers: int
    earned: Interval | None


@dataclass(frozen=True)
class Belief:
    """A wrong answer that `people` gave and were certain of: the first thing to talk about."""

    question: str
    people: tuple[str, ...]


def levels(cohort: Cohort) -> tuple[Level, ...]:
    """From least to most sure; only answers that are marked and carry a level."""
    return tuple(_level(cohort, sure) for sure in SURE)


def _level(cohort: Cohort, sure: str) -> Level:
    found = [share(cohort, a) for a in cohort.answers if a.sure == sure and a.given]
    marked = [s for s in found if s is not None]
    return Level(sure, len(marked), of_share(marked))


def beliefs(cohort: Cohort) -> tuple[Belief, ...]:
    """Questions that people had wrong and were certain of, most people first."""
    found: dict[str, list[str]] = {}
    for answer in cohort.answers:
        if certain_and_wrong(cohort, answer):
            found.setdefault(answer.question, []).append(answer.student)
    made = [Belief(question, tuple(sorted(people))) for question, people in found.items()]
    order = {q.id: n for n, q in enumerate(cohort.questions)}
    return tuple(sorted(made, key=lambda b: (-len(b.people), order[b.question])))


def certain_and_wrong(cohort: Cohort, answer: Answer) -> bool:
    earned = share(cohort, answer)
    return answer.sure == SURE[-1] and answer.given and earned is not None and earned < RIGHT


def share(cohort: Cohort, answer: Answer) -> float | None:
    """The share of the question's points that an answer earned; None while it is not marked."""
    question = cohort.by_id.get(answer.question)
    if question is None or answer.points is None:
        return None
    return answer.points / question.max_points
