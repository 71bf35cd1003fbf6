"""What analytics look at: questions, and what each trainee did with them. Plain, immutable data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from crossings.items import Item, score
from crossings.items.model import PICKED, SURE


@dataclass(frozen=True)
class Choice:
    """An option that can be picked."""

    id: str
    text: str
    right: bool
    misconception: str = ""


@dataclass(frozen=True)
class Question:
    """A question as analytics need it; `choices` is empty for kinds without options to pick."""

    id: str
    title: str
    max_points: float
    objectives: tuple[str, ...] = ()
    provisions: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    by_person: bool = False

    @classmethod
    def of(cls, item: Item, identity: str = "") -> Question:
        picked = item.options if item.kind in PICKED else ()
        return cls(
            id=identity or item.id,
            title=item.stem,
            max_points=item.points,
            objectives=item.objectives,
            provisions=item.cites,
            choices=tuple(Choice(o.id, o.text, o.correct, o.misconception or "") for o in picked),
            by_person=item.marked_by_person,
        )


@dataclass(frozen=True)
class Answer:
    """What one trainee did with one question.

    `points` is None where a person still has to mark. `given` is False where the question was
    left empty, which earns 0 points and is not the same as a wrong answer.
    """

    student: str
    question: str
    points: float | None
    given: bool = True
    chosen: tuple[str, ...] = ()
    sure: str = ""

    @classmethod
    def of(cls, student: str, item: Item, response: Any, points: float | None = None) -> Answer:
        """The answer in `response`, scored unless `points` says what marking gave."""
        result = score(item, response)
        plain: Mapping[str, Any] = response if isinstance(response, Mapping) else {}
        earned = points if points is not None or result.status == "manual" else result.points
        return cls(
            student=student,
            question=item.id,
            points=earned,
            given=result.status not in ("empty", "malformed"),
            chosen=_chosen(item, plain) if result.status == "scored" else (),
            sure=_sure(plain),
        )


def _chosen(item: Item, response: Mapping[str, Any]) -> tuple[str, ...]:
    if item.kind not in PICKED:
        return ()
    return (response["choice"],) if item.kind == "single" else tuple(response["choices"])


def _sure(response: Mapping[str, Any]) -> str:
    level = response.get("sure")
    return level if isinstance(level, str) and level in SURE else ""


@dataclass(frozen=True)
class Cohort:
    """A group of trainees and what they did with one set of questions.

    `names` holds everybody who is expected, so that those who handed in nothing are seen, too.
    `apart` says of some why they have no answers here (`not gradable`, `timed out`, …).
    """

    title: str
    questions: tuple[Question, ...]
    answers: tuple[Answer, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    apart: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def students(self) -> tuple[str, ...]:
        """Those who answered, in order of their ids."""
        return tuple(sorted({a.student for a in self.answers}))

    @cached_property
    def by_id(self) -> dict[str, Question]:
        return {q.id: q for q in self.questions}

    @cached_property
    def shares(self) -> pd.DataFrame:
        """Trainees × questions: the share of the points that was earned, from 0 to 1.

        An empty answer is 0. Where a person still has to mark, and where a trainee never met a
        question, the cell is missing.
        """
        rows = {
            (a.student, a.question): None if a.points is None else a.points / self._most(a.question)
            for a in self.answers
            if a.question in self.by_id
        }
        frame = pd.Series(rows, dtype=float)
        if frame.empty:
            return pd.DataFrame(index=list(self.students), columns=[q.id for q in self.questions])
        wide = frame.unstack()
        return wide.reindex(index=list(self.students), columns=[q.id for q in self.questions])

    def _most(self, question: str) -> float:
        return self.by_id[question].max_points

    @cached_property
    def totals(self) -> pd.Series[float]:
        """Each trainee's share of the points of the questions that are marked."""
        weights = pd.Series({q.id: q.max_points for q in self.questions}, dtype=float)
        marked = self.shares.notna()
        earned = self.shares.fillna(0.0).mul(weights).sum(axis=1)
        possible = marked.mul(weights).sum(axis=1)
        return earned / possible.where(possible > 0)

    def name(self, student: str) -> str:
        return self.names.get(student, student)

    def only(self, students: Iterable[str]) -> Cohort:
        """The same questions, and only the answers and names of `students`."""
        kept = frozenset(students)
        return Cohort(
            self.title,
            self.questions,
            tuple(a for a in self.answers if a.student in kept),
            {k: v for k, v in self.names.items() if k in kept},
            {k: v for k, v in self.apart.items() if k in kept},
        )
