"""Cohorts whose truth is known, drawn from a seed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crossings.grading.analysis import Answer, Choice, Cohort, Question

PEOPLE = tuple(f"p{n:03d}" for n in range(400))


def question(name: str, objective: str = "o1", provision: str = "L-1") -> Question:
    """A question with one right answer and three distractors."""
    choices = tuple(
        Choice(c, f"option {c}", c == "a", "" if c == "a" else f"M-{c}") for c in "abcd"
    )
    return Question(name, f"Question {name}", 1.0, (objective,), (provision,), choices)


def pick(student: str, name: str, option: str, sure: str = "") -> Answer:
    return Answer(student, name, float(option == "a"), True, (option,), sure)


def rasch(people: int, difficulties: Sequence[float], seed: int = 7) -> Cohort:
    """Right with probability 1 / (1 + exp(difficulty - ability)); ability is standard normal."""
    draw = np.random.default_rng(seed)
    ability = draw.normal(size=people)
    answers = []
    for number, hard in enumerate(difficulties):
        right = draw.random(people) < 1 / (1 + np.exp(hard - ability))
        wrong = draw.choice(list("bcd"), size=people)
        answers += [
            pick(PEOPLE[p], f"q{number}", "a" if right[p] else str(wrong[p])) for p in range(people)
        ]
    questions = tuple(question(f"q{n}") for n in range(len(difficulties)))
    return Cohort("made", questions, tuple(answers))


def parallel(people: int, questions: int, r: float, seed: int) -> Cohort:
    """Questions that share a true score: each pair correlates with `r`. Points have no bounds."""
    draw = np.random.default_rng(seed)
    true = draw.normal(size=people) * np.sqrt(r)
    points = true[:, None] + draw.normal(size=(people, questions)) * np.sqrt(1 - r)
    answers = tuple(
        Answer(PEOPLE[p], f"q{q}", float(points[p, q]))
        for p in range(people)
        for q in range(questions)
    )
    return Cohort("parallel", tuple(Question(f"q{n}", "", 1.0) for n in range(questions)), answers)
