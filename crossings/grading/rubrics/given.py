"""What trainees wrote, made fit to be shown: no control codes, no tricks with direction, bounded.

Escaping for HTML is the page's business; here only signs go that act instead of being read.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from crossings.curriculum import named
from crossings.curriculum.model import Course
from crossings.grading import answers, notebooks
from crossings.grading.answers import clean_text
from crossings.grading.release import find_worksheet, items_of
from crossings.grading.rubrics.questions import Question
from crossings.workspace import Workspace

MOST_SHOWN = 20_000
"""Characters of one answer that are shown; a page of print has about 3,000."""
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]{0,2000}(?:\x07|\x1b\\)?|[@-_])")
_LINES = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
_MOST_MARKS = 4
"""Combining signs on one letter: scripts need up to four, piles of them hide the lines around."""
_BLANK = 3
"""Empty lines in a row that are kept."""


@dataclass(frozen=True)
class Readable:
    """An answer as it may be shown. `more` counts the characters that were left out."""

    text: str
    more: int = 0


def readable(text: str) -> Readable:
    """`text` without what acts on a terminal or a page. Taken signs leave a visible trace."""
    kept = text[:MOST_SHOWN]
    plain = _LINES.sub("\n", _ANSI.sub("\ufffd", clean_text(kept)))
    shown = "".join(_marks_bounded(plain))
    lines = re.sub(rf"(?:[^\S\n]*\n){{{_BLANK + 2},}}", "\n" * (_BLANK + 1), shown)
    return Readable(lines.strip("\n"), len(text) - len(kept))


def _marks_bounded(text: str) -> list[str]:
    made: list[str] = []
    run = 0
    for sign in text:
        kind = unicodedata.category(sign)
        run = run + 1 if kind in ("Mn", "Me") else 0
        if run <= _MOST_MARKS:
            made.append(_visible(sign, kind))
    return made


def _visible(sign: str, kind: str) -> str:
    if sign in "\n\t":
        return sign
    if sign in _DIRECTION or kind in ("Cc", "Co", "Cn"):
        return "\ufffd"
    return sign


def answers_to(
    course: Course, workspace: Workspace, question: Question, students: list[str]
) -> dict[str, str]:
    """What each of the students wrote, as it was sent; "" where nothing was changed."""
    if question.assignment in course.exercises:
        return {s: _from_notebook(workspace, question, s) for s in students}
    module, sheet = find_worksheet(course, question.assignment)
    item = next(i for i in items_of(course, module, sheet) if f"item-{i.id}" == question.cell)
    found = {}
    for student in students:
        folder = workspace.exercises / "submitted" / student / sheet.id
        try:
            given = answers.responses(answers.read(folder / answers.FILE))
        except answers.BadAnswersError:
            given = {}
        found[student] = answers.in_words(item, given.get(item.id))
    return found


def _from_notebook(workspace: Workspace, question: Question, student: str) -> str:
    notebook, name = named.place(question.assignment, question.cell)
    path = notebooks.autograded_file(workspace, question.assignment, student, notebook)
    for cell in notebooks.cells(path):
        meta = cell["metadata"].get("nbgrader") or {}
        if meta.get("grade_id") == name:
            text = str(cell["source"])
            # The good answer was given to nobody: who writes it has answered.
            stubs = {g.strip() for g in question.given if g != question.model_answer}
            return "" if text.strip() in stubs else text
    return ""
