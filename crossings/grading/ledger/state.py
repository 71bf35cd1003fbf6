"""nbgrader's gradebook as plain data, and plain data back into it.

A *submission state* holds everything the gradebook knows about one submission; an *assignment
state* what it knows about the questions. Both name things as people do, by student, notebook and
cell; the gradebook's own random ids are left out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

State = dict[str, Any]
_PERSONAL = ("first_name", "last_name", "email", "lms_user_id")


def courses(book: Any) -> list[str]:
    """The ids of the courses that the gradebook knows; nbgrader adds one of its own."""
    from nbgrader import api

    return sorted(identity for (identity,) in book.db.query(api.Course.id))


def assignments(book: Any) -> list[str]:
    """The names of the assignments."""
    from nbgrader import api

    return sorted(name for (name,) in book.db.query(api.Assignment.name))


def assignment(book: Any, name: str) -> State | None:
    """The gradebook's state of an assignment's questions; None where it has no such assignment."""
    from nbgrader import api

    found = book.db.query(api.Assignment).filter_by(name=name).one_or_none()
    if found is None:
        return None
    return {
        "duedate": _stamp(found.duedate),
        "notebooks": [_notebook(book, notebook) for notebook in found.notebooks],
    }


def _notebook(book: Any, notebook: Any) -> State:
    from nbgrader import api

    def cells(kind: Any) -> list[Any]:
        return list(book.db.query(kind).filter_by(notebook_id=notebook.id))

    return {
        "name": notebook.name,
        "kernelspec": notebook.kernelspec,
        "grade": [_graded(cell) for cell in cells(api.GradeCell)],
        "solution": [cell.name for cell in cells(api.SolutionCell)],
        "task": [_graded(cell) for cell in cells(api.TaskCell)],
        "source": [
            {
                "name": cell.name,
                "cell_type": cell.cell_type,
                "locked": bool(cell.locked),
                "source": cell.source,
                "checksum": cell.checksum,
            }
            for cell in cells(api.SourceCell)
        ],
    }


def _graded(cell: Any) -> State:
    return {"name": cell.name, "max_score": cell.max_score, "cell_type": cell.cell_type}


def students(book: Any) -> dict[str, State]:
    """Names and addresses of everybody in the gradebook, by student."""
    from nbgrader import api

    return {
        s.id: {name: getattr(s, name) for name in _PERSONAL}
        for s in book.db.query(api.Student).populate_existing()
    }


def person(book: Any, student: str) -> State:
    """What the gradebook knows about one student, all None where it does not know them."""
    from nbgrader import api

    found = book.db.get(api.Student, student)
    return {name: getattr(found, name, None) for name in _PERSONAL}


def moment(received_at: str) -> str | None:
    """A receipt's time as the gradebook has it: UTC, without saying so."""
    if not received_at:
        return None
    found = datetime.fromisoformat(received_at.replace("Z", "+00:00"))
    return found.astimezone(UTC).replace(tzinfo=None).isoformat()


def put_student(book: Any, student: str, values: Mapping[str, Any]) -> None:
    """Make a student known, or change how they are called, in the running transaction."""
    from nbgrader import api

    person = book.db.get(api.Student, student)
    if person is None:
        person = api.Student(id=student)
        book.db.add(person)
    for name in _PERSONAL:
        setattr(person, name, values.get(name))
    book.db.flush()


def submissions(
    book: Any, assignment: str, students: Collection[str] | None = None
) -> dict[str, State]:
    """The state of every submission of `assignment`, or of these students', by student.

    A handful of queries, however many submissions there are.
    """
    from nbgrader import api

    query = (
        book.db.query(api.SubmittedAssignment, api.Student)
        .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
        .join(api.Student, api.Student.id == api.SubmittedAssignment.student_id)
        .filter(api.Assignment.name == assignment)
    )
    if students is not None:
        query = query.filter(api.Student.id.in_(list(students)))
    found: dict[str, State] = {}
    place: dict[str, State] = {}
    for submission, student in query.populate_existing():
        found[student.id] = {
            "student": {name: getattr(student, name) for name in _PERSONAL},
            "timestamp": _stamp(submission.timestamp),
            "extension": _seconds(submission.extension),
            "notebooks": {},
        }
        place[submission.id] = found[student.id]
    _fill(book, assignment, place)
    return found


def _fill(book: Any, assignment: str, place: Mapping[str, State]) -> None:
    """Put notebooks, grades and comments into the states by id of their submission."""
    from nbgrader import api

    if not place:
        return
    notebooks: dict[str, State] = {}
    within = api.SubmittedNotebook.assignment_id
    only = list(place) if len(place) < 500 else None

    def of(query: Any) -> Any:
        query = (
            query.join(api.SubmittedAssignment, api.SubmittedAssignment.id == within)
            .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
            .filter(api.Assignment.name == assignment)
        )
        return query if only is None else query.filter(within.in_(only))

    submitted = api.SubmittedNotebook
    rows = book.db.query(
        submitted.id,
        within,
        api.Notebook.name,
        submitted.late_submission_penalty,
        submitted.flagged,
    ).join(api.Notebook, api.Notebook.id == submitted.notebook_id)
    for identity, parent, name, late, flagged in of(rows):
        state = {"late": late, "flagged": bool(flagged), "grades": {}, "comments": {}}
        notebooks[identity] = state
        if parent in place:
            place[parent]["notebooks"][name] = state
    grade, comment, cell = api.Grade, api.Comment, api.BaseCell
    rows = (
        book.db.query(
            grade.notebook_id,
            cell.name,
            grade.auto_score,
            grade.manual_score,
            grade.extra_credit,
            grade.needs_manual_grade,
        )
        .join(cell, cell.id == grade.cell_id)
        .join(submitted, submitted.id == grade.notebook_id)
    )
    for identity, name, auto, manual, extra, needs in of(rows):
        values = {"auto": auto, "manual": manual, "extra": extra, "needs": bool(needs)}
        notebooks[identity]["grades"][name] = values
    rows = (
        book.db.query(comment.notebook_id, cell.name, comment.auto_comment, comment.manual_comment)
        .join(cell, cell.id == comment.cell_id)
        .join(submitted, submitted.id == comment.notebook_id)
    )
    for identity, name, auto, manual in of(rows):
        notebooks[identity]["comments"][name] = {"auto": auto, "manual": manual}


def put_assignment(book: Any, name: str, state: State) -> None:
    """Make the assignment's questions what `state` says, in the running transaction.

    Cells that are no longer there go, with what submissions have in them; new ones are added to
    every submission. All other marks stay as they are.
    """
    from nbgrader import api

    found = book.db.query(api.Assignment).filter_by(name=name).one_or_none()
    if found is None:
        found = api.Assignment(name=name, course_id=book.course_id)
        book.db.add(found)
    found.duedate = _time(state["duedate"])
    book.db.flush()
    wanted = {notebook["name"]: notebook for notebook in state["notebooks"]}
    for notebook in list(found.notebooks):
        if notebook.name not in wanted:
            _drop_notebook(book, notebook)
    book.db.flush()
    book.db.expire(found)
    there = {notebook.name: notebook for notebook in found.notebooks}
    for notebook_name, content in wanted.items():
        notebook = there.get(notebook_name)
        if notebook is None:
            notebook = api.Notebook(name=notebook_name, assignment_id=found.id)
            book.db.add(notebook)
            book.db.flush()
        notebook.kernelspec = content["kernelspec"]
        _put_cells(book, notebook, content)
    book.db.flush()
    book.db.expire_all()
    for submission in found.submissions:
        complete(book, submission)
    book.db.flush()


def _put_cells(book: Any, notebook: Any, content: State) -> None:
    from nbgrader import api

    solution = [{"name": cell} for cell in content["solution"]]
    kinds = (
        (api.GradeCell, content["grade"]),
        (api.SolutionCell, solution),
        (api.TaskCell, content["task"]),
        (api.SourceCell, content["source"]),
    )
    for kind, cells in kinds:
        wanted = {cell["name"]: cell for cell in cells}
        there = {c.name: c for c in book.db.query(kind).filter_by(notebook_id=notebook.id)}
        for gone in set(there) - set(wanted):
            _drop_cell(book, there[gone])
        for cell_name, values in wanted.items():
            cell = there.get(cell_name)
            if cell is None:
                cell = kind(name=cell_name, notebook_id=notebook.id)
                book.db.add(cell)
            for field, value in values.items():
                setattr(cell, field, value)
            # One by one, so that the gradebook keeps the order of the notebook.
            book.db.flush()


def _drop_cell(book: Any, cell: Any) -> None:
    from nbgrader import api

    if not isinstance(cell, api.SourceCell):
        for kind in (api.Grade, api.Comment):
            book.db.query(kind).filter_by(cell_id=cell.id).delete(synchronize_session="fetch")
    book.db.delete(cell)
    book.db.flush()


def _drop_notebook(book: Any, notebook: Any) -> None:
    from nbgrader import api

    for kind in (api.GradeCell, api.SolutionCell, api.TaskCell, api.SourceCell):
        for cell in list(book.db.query(kind).filter_by(notebook_id=notebook.id)):
            _drop_cell(book, cell)
    submitted = book.db.query(api.SubmittedNotebook).filter_by(notebook_id=notebook.id)
    submitted.delete(synchronize_session="fetch")
    book.db.delete(notebook)
    book.db.flush()


def complete(book: Any, submission: Any) -> None:
    """Give a submission a place for every question of its assignment, as nbgrader does."""
    from nbgrader import api

    there = {n.notebook_id: n for n in submission.notebooks}
    for notebook in submission.assignment.notebooks:
        mine = there.get(notebook.id)
        if mine is None:
            mine = api.SubmittedNotebook(notebook_id=notebook.id, assignment_id=submission.id)
            book.db.add(mine)
            book.db.flush()
        graded = {g.cell_id for g in book.db.query(api.Grade).filter_by(notebook_id=mine.id)}
        said = {c.cell_id for c in book.db.query(api.Comment).filter_by(notebook_id=mine.id)}
        for cell in (*notebook.grade_cells, *notebook.task_cells):
            if cell.id not in graded:
                book.db.add(api.Grade(cell_id=cell.id, notebook_id=mine.id))
        for cell in (*notebook.solution_cells, *notebook.task_cells):
            if cell.id not in said:
                book.db.add(api.Comment(cell_id=cell.id, notebook_id=mine.id))
    book.db.flush()


def put_submission(
    book: Any, assignment_name: str, student: str, state: State, *, only_auto: bool
) -> None:
    """Write a submission's state, in the running transaction.

    With `only_auto`, what belongs to people (points, extra credit and comments given by hand)
    stays as the gradebook has it, also when somebody changed it this very moment.
    """
    from nbgrader import api

    put_student(book, student, state["student"])
    parent = book.find_assignment(assignment_name)
    mine = (
        book.db.query(api.SubmittedAssignment)
        .filter_by(assignment_id=parent.id, student_id=student)
        .one_or_none()
    )
    if mine is None:
        mine = api.SubmittedAssignment(assignment_id=parent.id, student_id=student)
        book.db.add(mine)
    mine.timestamp = _time(state["timestamp"])
    if not only_auto:
        mine.extension = _delta(state["extension"])
    book.db.flush()
    book.db.refresh(mine)
    complete(book, mine)
    book.db.expire_all()
    for notebook in mine.notebooks:
        content = state["notebooks"].get(notebook.notebook.name)
        if content is not None:
            _put_notebook(notebook, content, only_auto)
    book.db.flush()


def _put_notebook(notebook: Any, content: State, only_auto: bool) -> None:
    notebook.late_submission_penalty = content["late"]
    if not only_auto:
        notebook.flagged = content["flagged"]
    for grade in notebook.grades:
        values = content["grades"].get(grade.cell.name)
        if values is None:
            continue
        grade.auto_score = values["auto"]
        if only_auto:
            grade.needs_manual_grade = values["needs"] or grade.manual_score is not None
            continue
        grade.manual_score, grade.extra_credit = values["manual"], values["extra"]
        grade.needs_manual_grade = values["needs"]
    for comment in notebook.comments:
        values = content["comments"].get(comment.cell.name)
        if values is None:
            continue
        comment.auto_comment = values["auto"]
        if not only_auto:
            comment.manual_comment = values["manual"]


def _stamp(when: datetime | None) -> str | None:
    return when.isoformat() if when is not None else None


def _time(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def _seconds(length: timedelta | None) -> float | None:
    return length.total_seconds() if length is not None else None


def _delta(seconds: float | None) -> timedelta | None:
    return timedelta(seconds=seconds) if seconds is not None else None
