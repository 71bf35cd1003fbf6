"""Cohorts from what was handed in and marked in a workspace."""

from __future__ import annotations

from crossings.curriculum import named
from crossings.curriculum.model import Course
from crossings.grading import answers, mark, notebooks, trainees
from crossings.grading.analysis.model import Answer, Cohort, Question
from crossings.grading.release import find_worksheet, items_of
from crossings.grading.report import Report, Row
from crossings.items import Item
from crossings.workspace import Workspace


def cohort(course: Course, workspace: Workspace, assignment: str) -> Cohort:
    """Everybody in the class and how they did in `assignment`, as marking stands now.

    Raises:
        mark.GradeError: when there is no such assignment.
    """
    report = mark.report(assignment, workspace, course)
    names = {t.student: t.name for t in trainees.everyone(workspace)}
    names |= {row.student: row.name for row in report.rows}
    apart = {row.student: _why(row) for row in report.rows if not row.scored}
    make = _worksheet if report.kind == "worksheet" else _notebook
    questions, given = make(course, workspace, report)
    return Cohort(report.title, questions, given, names, apart)


def _why(row: Row) -> str:
    return f"{row.outcome}: {row.reason}" if row.reason else row.outcome


def _worksheet(
    course: Course, workspace: Workspace, report: Report
) -> tuple[tuple[Question, ...], tuple[Answer, ...]]:
    module, sheet = find_worksheet(course, report.assignment)
    items = items_of(course, module, sheet)
    found = [
        answer
        for row in report.rows
        if row.scored
        for answer in _answers(workspace, report.assignment, row, items)
    ]
    return tuple(Question.of(item) for item in items), tuple(found)


def _answers(workspace: Workspace, assignment: str, row: Row, items: list[Item]) -> list[Answer]:
    path = workspace.exercises / "submitted" / row.student / assignment / answers.FILE
    try:
        given = answers.responses(answers.read(path))
    except answers.BadAnswersError:
        given = {}
    marks = {m.cell.removeprefix("item-"): m for m in row.marks}
    return [
        Answer.of(
            row.student,
            item,
            given.get(item.id),
            None if marks[item.id].needs_person else marks[item.id].points,
        )
        for item in items
        if item.id in marks
    ]


def _notebook(
    course: Course, workspace: Workspace, report: Report
) -> tuple[tuple[Question, ...], tuple[Answer, ...]]:
    titles = notebooks.titles(workspace, report.assignment)
    aims = course.notebooks.get(report.assignment, {})
    questions: dict[str, Question] = {}
    found = []
    for row in (r for r in report.rows if r.scored):
        for m in (m for m in row.marks if m.max_points > 0):
            name = titles.get(m.cell) or m.cell
            own = aims.get(named.place(report.assignment, m.cell)[0], ())
            questions.setdefault(m.cell, Question(m.cell, name, m.max_points, own))
            found.append(Answer(row.student, m.cell, None if m.needs_person else m.points))
    return tuple(questions.values()), tuple(found)
