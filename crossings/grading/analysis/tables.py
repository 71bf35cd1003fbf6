"""A cohort as two CSV files, and back: what a notebook of the analysis works on.

    answers.csv     trainee, question, points, given, chosen (ids with spaces), sure
    questions.csv   question, title, max_points, objectives, provisions, by_person, choices (JSON)

Trainees are numbered (`t01`, `t02`, …) in an order that says nothing; the files carry no names.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

from crossings.grading.analysis.model import Answer, Choice, Cohort, Question
from crossings.grading.export import safe

_T = TypeVar("_T")
ANSWERS, QUESTIONS = "answers.csv", "questions.csv"


class BadTableError(ValueError):
    """A file is not such a table; the message names file and line."""


def write(cohort: Cohort, folder: Path) -> None:
    """Write both files into `folder`."""
    numbers = numbered(cohort)
    rows = [
        [
            numbers[a.student],
            a.question,
            "" if a.points is None else repr(a.points),
            int(a.given),
            " ".join(a.chosen),
            a.sure,
        ]
        for a in sorted(cohort.answers, key=lambda a: numbers[a.student])
    ]
    _write(folder / ANSWERS, ["trainee", "question", "points", "given", "chosen", "sure"], rows)
    _write(
        folder / QUESTIONS,
        ["question", "title", "max_points", "objectives", "provisions", "by_person", "choices"],
        [_question_row(q) for q in cohort.questions],
    )


def numbered(cohort: Cohort) -> dict[str, str]:
    """A number for each trainee, in the order of a hash, so that it tells nothing of the name."""
    mixed = sorted(cohort.students, key=lambda s: hashlib.sha256(s.encode()).hexdigest())
    width = max(2, len(str(len(mixed))))
    return {student: f"t{n:0{width}d}" for n, student in enumerate(mixed, 1)}


def _question_row(q: Question) -> list[object]:
    choices = json.dumps([asdict(c) for c in q.choices], ensure_ascii=False)
    return [
        q.id,
        safe(q.title),
        repr(q.max_points),
        " ".join(q.objectives),
        " ".join(q.provisions),
        int(q.by_person),
        choices,
    ]


def _write(path: Path, head: list[str], rows: list[list[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, lineterminator="\n").writerows([head, *rows])


def read(folder: Path | str, title: str = "") -> Cohort:
    """The cohort in `folder`.

    Raises:
        BadTableError: when a file is missing or a line does not fit.
    """
    place = Path(folder)
    questions = tuple(_each(place / QUESTIONS, _question))
    return Cohort(title, questions, tuple(_each(place / ANSWERS, _answer)))


def _each(path: Path, make: Callable[[dict[str, str]], _T]) -> Iterator[_T]:
    try:
        handle = path.open(encoding="utf-8", newline="")
    except OSError as error:
        raise BadTableError(f"{path}: {error.strerror}") from None
    with handle:
        reader = csv.DictReader(handle)
        for row in reader:
            try:
                yield make(row)
            except (KeyError, ValueError, TypeError) as error:
                message = f"{path.name}:{reader.line_num}: the line does not fit: {error}"
                raise BadTableError(message) from None


def _question(row: dict[str, str]) -> Question:
    return Question(
        id=row["question"],
        title=row["title"],
        max_points=float(row["max_points"]),
        objectives=tuple(row["objectives"].split()),
        provisions=tuple(row["provisions"].split()),
        choices=tuple(Choice(**c) for c in json.loads(row["choices"])),
        by_person=row["by_person"] == "1",
    )


def _answer(row: dict[str, str]) -> Answer:
    return Answer(
        student=row["trainee"],
        question=row["question"],
        points=float(row["points"]) if row["points"] else None,
        given=row["given"] == "1",
        chosen=tuple(row["chosen"].split()),
        sure=row["sure"],
    )
