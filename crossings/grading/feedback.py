"""What goes back to the trainee: one JSON file a private code, shown as plain text."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from crossings.curriculum import current, named
from crossings.curriculum.model import Course
from crossings.grading import answers, collect, due, durable, levels, notebooks, trainees
from crossings.grading.gradebook import Marked
from crossings.grading.job import OURS, title_of
from crossings.grading.ledger import Entry, Ledger
from crossings.grading.release import find_worksheet, items_of
from crossings.grading.report import Row, rows
from crossings.grading.scoring.messages import NOT_HANDED_IN
from crossings.items import Item, Score, score
from crossings.workspace import Workspace


def publish(
    assignment: str,
    workspace: Workspace | None = None,
    course: Course | None = None,
    only: Collection[str] | None = None,
) -> int:
    """Give every trainee, or `only` these, the feedback as marking stands now; how many got some.

    Call again after marking by hand: points and comments of the gradebook are read afresh.
    """
    workspace, course = workspace or Workspace.current(), course or current()
    given = 0
    everybody = collect.students(workspace, assignment)
    chosen = [student for student in everybody if only is None or student in only]
    by = due.of(workspace, course, assignment)
    found = rows(workspace, assignment, chosen, by)
    with Ledger(workspace) as ledger:
        verdicts = ledger.latest(assignment, ("mark",))
    reached = levels.of(workspace, course, assignment)
    for row in found:
        trainee = trainees.find(workspace, row.student)
        if trainee is None or row.outcome == "received":
            continue
        said = _said_by_tests(assignment, verdicts.get(row.student))
        _add(workspace, trainee, assignment, _of(workspace, course, assignment, row, said, reached))
        given += 1
    return given


def as_it_stands(
    workspace: Workspace, course: Course, assignment: str, student: str
) -> dict[str, Any]:
    """What `publish` would give one student now; for those who mark."""
    (row,) = rows(workspace, assignment, [student], due.of(workspace, course, assignment))
    with Ledger(workspace) as ledger:
        verdict = ledger.latest_of(assignment, student, ("mark",))
    return _of(workspace, course, assignment, row, _said_by_tests(assignment, verdict))


def by_code(workspace: Workspace, typed: str) -> dict[str, Any] | None:
    """The feedback behind a private code; None where nobody has the code.

    Before anything is published the trainee is known, and `assignments` is empty.
    """
    trainee = trainees.by_code(workspace, typed)
    if trainee is None:
        return None
    found = durable.read_json(workspace.feedback / f"{trainees.code_name(trainee.code)}.json")
    return found or {"student": trainee.student, "name": trainee.name, "assignments": {}}


def _add(
    workspace: Workspace, trainee: trainees.Trainee, assignment: str, entry: dict[str, Any]
) -> None:
    path = workspace.feedback / f"{trainees.code_name(trainee.code)}.json"
    before = durable.read_json(path) or {}
    entries = {**before.get("assignments", {}), assignment: entry}
    durable.replace_json(
        path, {"student": trainee.student, "name": trainee.name, "assignments": entries}
    )


def _said_by_tests(assignment: str, verdict: Entry | None) -> dict[str, str] | None:
    """For each question, what went wrong in its test: words that a trainee may read."""
    if verdict is None or "notebooks" not in verdict.data:
        return None
    return {
        named.question(assignment, notebook, cell): str(test.get("said", ""))
        for notebook, one in verdict.data["notebooks"].items()
        for cell, test in one["tests"].items()
    }


def _of(
    workspace: Workspace,
    course: Course,
    assignment: str,
    row: Row,
    said: Mapping[str, str] | None = None,
    reached: levels.Reached | None = None,
) -> dict[str, Any]:
    worksheet = assignment not in course.exercises
    entry: dict[str, Any] = {
        "kind": "worksheet" if worksheet else "notebook",
        "title": title_of(course, assignment),
        "outcome": row.outcome,
        "reason": _reason(row, worksheet),
        "received_at": row.received_at,
        "late": row.late,
        "marked_at": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "scored": row.scored,
        "points": row.points,
        "max_points": row.max_points,
        "waiting": row.waiting,
    }
    if not row.scored:
        return entry | {"questions": []}
    marks = {m.cell: m for m in row.marks}
    if worksheet:
        questions = _worksheet(workspace, course, assignment, row, marks)
    else:
        questions = _notebooks(workspace, course, assignment, row, marks, said)
    if reached is not None:
        questions = [q | {"levels": reached.by(row.student, marks[q["cell"]])} for q in questions]
    return entry | {"questions": questions, "objectives": _objectives(course, questions)}


def _objectives(course: Course, questions: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """For each objective that was asked about: the points so far, and where it is taught."""
    found: dict[str, dict[str, Any]] = {}
    for question in questions:
        if question["status"] == "waiting" or question["max_points"] <= 0:
            continue
        for name in question["objectives"]:
            if name not in course.objectives:
                continue
            about = found.setdefault(name, _objective(course, name))
            about["points"] += question["points"]
            about["max_points"] += question["max_points"]
            about["questions"] += 1
    return found


def _objective(course: Course, name: str) -> dict[str, Any]:
    uses = course.objective_uses.get(name, ())
    taught = {u.where: u.title for u in uses if u.how == "taught" and u.kind == "chapter"}
    read = [{"title": title, "page": f"/modules/{where}.html"} for where, title in taught.items()]
    text = course.objectives[name].text
    return {"text": text, "read": read, "points": 0.0, "max_points": 0.0, "questions": 0}


_SAID_BY_US = ("not gradable", "timed out", "graded", "needs marking")
"""Outcomes whose reason is made before or without anything that a notebook said."""


def _reason(row: Row, worksheet: bool) -> str:
    """Why there are no points. What a notebook said as it ended may carry hidden tests."""
    told = worksheet or row.outcome in _SAID_BY_US
    return row.reason if told and not row.reason.startswith(OURS) else ""


def _worksheet(
    workspace: Workspace, course: Course, assignment: str, row: Row, marks: Mapping[str, Marked]
) -> list[dict[str, Any]]:
    module, sheet = find_worksheet(course, assignment)
    path = workspace.exercises / "submitted" / row.student / assignment / answers.FILE
    try:
        given = answers.responses(answers.read(path))
    except answers.BadAnswersError:
        given = {}
    return [
        _question(course, item, given.get(item.id), marks[f"item-{item.id}"])
        for item in items_of(course, module, sheet)
        if f"item-{item.id}" in marks
    ]


def _question(course: Course, item: Item, response: Any, mark: Marked) -> dict[str, Any]:
    result = score(item, response)
    return {
        "cell": mark.cell,
        "title": item.stem,
        "written": True,
        "answer": answers.in_words(item, response, result),
        "points": mark.points,
        "max_points": mark.max_points,
        "status": _status(mark, result),
        "message": result.reason if result.status == "malformed" else "",
        "options": [] if mark.by_person else _said(item, response, result),
        "rationale": item.rationale,
        "objectives": list(item.objectives),
        "rubric": [{"text": c.text, "points": c.points} for c in item.rubric],
        "law": [
            {"id": i, "title": course.law[i].title, "text": course.law[i].paraphrase}
            for i in item.cites
            if i in course.law
        ],
        "comment": mark.comment,
    }


def _status(mark: Marked, result: Score | None = None) -> str:
    """One of: waiting, empty, right, partly, wrong."""
    if mark.needs_person:
        return "waiting"
    if result is not None and result.status == "empty" and not mark.by_person:
        return "empty"
    if mark.points >= mark.max_points:
        return "right"
    return "partly" if mark.points > 0 else "wrong"


def _said(item: Item, response: Any, result: Score) -> list[dict[str, Any]]:
    """The author's feedback to what the learner chose, or misplaced."""
    if result.status != "scored" or not isinstance(response, Mapping):
        return []
    chosen = {response.get("choice"), *response.get("choices", ())}
    return [
        {"text": o.text, "feedback": o.feedback, "right": result.per_option.get(o.id, False)}
        for o in item.options
        if o.feedback and (o.id in chosen or not result.per_option.get(o.id, True))
    ]


def _notebooks(
    workspace: Workspace,
    course: Course,
    assignment: str,
    row: Row,
    marks: Mapping[str, Marked],
    said: Mapping[str, str] | None,
) -> list[dict[str, Any]]:
    if said is None:
        said = notebooks.messages(workspace, assignment, row.student)
    titles = notebooks.titles(workspace, assignment, apart=False)
    written = notebooks.written(workspace, assignment, row.student)
    aims = course.notebooks.get(assignment, {})
    files = {cell: named.place(assignment, cell)[0] for cell in marks}
    return [
        {
            "cell": cell,
            "notebook": f"{files[cell]}.ipynb" if len(aims) > 1 else "",
            "objectives": list(aims.get(files[cell], ())),
            "title": titles.get(cell) or _plain(named.place(assignment, cell)[1]),
            "written": cell in written,
            "answer": written.get(cell, ""),
            "points": marks[cell].points,
            "max_points": marks[cell].max_points,
            "status": _status_in_notebook(marks[cell], said.get(cell, "")),
            "message": "" if marks[cell].by_person else said.get(cell, ""),
            "options": [],
            "rationale": "",
            "rubric": [],
            "law": [],
            "comment": marks[cell].comment,
        }
        for cell in marks
    ]


def _plain(name: str) -> str:
    return name.replace("-", " ").replace("_", " ").capitalize()


def _status_in_notebook(mark: Marked, said: str) -> str:
    if said == NOT_HANDED_IN and not mark.by_person and not mark.needs_person:
        return "empty"
    return _status(mark)
