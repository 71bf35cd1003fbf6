"""nbgrader's gradebook as plain data, and plain data back into it.

A *submission state* holds everything the gradebook knows about one submission; an *assignment
state* what it knows about the questions. Both name things as people do, by student, notebook and
cell; the gradebook's own random ids are left out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

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
        return _in_order(book, kind, notebook)

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


def _in_order(book: Any, kind: Any, notebook: Any) -> list[Any]:
    """The cells of one kind in the order in which they came into the gradebook."""
    from nbgrader import api
    from sqlalchemy import text

    table = "source_cell" if kind is api.SourceCell else "base_cell"
    query = book.db.query(kind).filter_by(notebook_id=notebook.id)
    return list(query.order_by(text(f"{table}.rowid")))


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

    found = book.db.query(api.Student).filter_by(id=student).populate_existing().one_or_none()
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
    from sqlalchemy.dialects.sqlite import insert

    table = api.Student.__table__
    values = {name: values.get(name) for name in _PERSONAL}
    statement = insert(table).values(id=student, **values)
    book.db.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))


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
    layout = Layout(book, name)
    for student, held in submissions(book, name).items():
        layout.put(student, held, only_auto=False)


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
        rows = _in_order(book, kind, notebook)
        if kind is api.SourceCell and [c.name for c in rows] != list(wanted):
            # Made anew, so that the gradebook keeps the order of the notebook.
            for cell in rows:
                _drop_cell(book, cell)
            rows = []
        there = {c.name: c for c in rows}
        for gone in set(there) - set(wanted):
            _drop_cell(book, there[gone])
        for cell_name, values in wanted.items():
            cell = there.get(cell_name)
            if cell is None:
                cell = kind(name=cell_name, notebook_id=notebook.id)
                book.db.add(cell)
            for field, value in values.items():
                setattr(cell, field, value)
            book.db.flush()  # one by one, in order


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


class Layout:
    """Where the gradebook keeps an assignment's questions: its own ids, looked up once."""

    def __init__(self, book: Any, assignment: str) -> None:
        from nbgrader import api

        self.book, self.assignment = book, book.find_assignment(assignment).id
        notebooks = book.db.query(api.Notebook.name, api.Notebook.id)
        self.notebooks = dict(map(tuple, notebooks.filter_by(assignment_id=self.assignment)))
        self.graded = self._cells(api.GradeCell) | self._cells(api.TaskCell)
        self.said = self._cells(api.SolutionCell) | self._cells(api.TaskCell)

    def _cells(self, kind: Any) -> dict[tuple[str, str], str]:
        return {
            (name, cell): identity
            for name, notebook in self.notebooks.items()
            for cell, identity in self.book.db.query(kind.name, kind.id).filter_by(
                notebook_id=notebook
            )
        }

    def put(self, student: str, state: State, *, only_auto: bool) -> None:
        """Write a submission's state, in the running transaction: a dozen statements.

        A place is made for every question, as nbgrader does. With `only_auto`, what belongs to
        people (points, extra credit and comments given by hand) stays as the gradebook has it,
        also when somebody changed it this very moment.
        """
        from nbgrader import api

        put_student(self.book, student, state["student"])
        values: State = {"timestamp": _time(state["timestamp"])}
        if not only_auto:
            values["extension"] = _delta(state["extension"])
        where = {"assignment_id": self.assignment, "student_id": student}
        submission = self._row(api.SubmittedAssignment.__table__, where, values)
        for name, notebook in self.notebooks.items():
            held = state["notebooks"].get(name)
            values = {"late_submission_penalty": held["late"]} if held else {}
            if held and not only_auto:
                values["flagged"] = held["flagged"]
            where = {"assignment_id": submission, "notebook_id": notebook}
            mine = self._row(api.SubmittedNotebook.__table__, where, values)
            held = held or {"grades": {}, "comments": {}}
            self._put_grades(name, mine, held["grades"], only_auto)
            self._put_comments(name, mine, held["comments"], only_auto)

    def _row(self, table: Any, where: State, values: State) -> str:
        """The id of the one row at `where`, made or changed to hold `values`."""
        from sqlalchemy import and_, insert, select, update

        found = and_(*(table.c[name] == value for name, value in where.items()))
        identity = self.book.db.execute(select(table.c.id).where(found)).scalar()
        if identity is None:
            identity = uuid4().hex
            self.book.db.execute(insert(table).values(id=identity, **where, **values))
        elif values:
            self.book.db.execute(update(table).where(table.c.id == identity).values(**values))
        return str(identity)

    def _put_grades(self, name: str, mine: str, held: State, only_auto: bool) -> None:
        from nbgrader import api
        from sqlalchemy import select

        table = api.Grade.__table__
        query = select(table.c.cell_id, table.c.manual_score).where(table.c.notebook_id == mine)
        there = dict(map(tuple, self.book.db.execute(query)))
        rows, fresh = [], []
        for cell, identity in self._of(name, self.graded):
            values = held.get(cell, {"auto": None, "manual": None, "extra": None, "needs": True})
            manual = there.get(identity) if only_auto else values["manual"]
            row = {"in_cell": identity, "auto_score": values["auto"]}
            row["needs_manual_grade"] = values["needs"] or (only_auto and manual is not None)
            if not only_auto:
                row |= {"manual_score": manual, "extra_credit": values["extra"]}
            if identity not in there:
                fresh.append(row)
            elif cell in held:
                rows.append(row)
        self._write(table, mine, fresh, rows)

    def _put_comments(self, name: str, mine: str, held: State, only_auto: bool) -> None:
        from nbgrader import api
        from sqlalchemy import select

        table = api.Comment.__table__
        query = select(table.c.cell_id).where(table.c.notebook_id == mine)
        there = set(self.book.db.execute(query).scalars())
        rows, fresh = [], []
        for cell, identity in self._of(name, self.said):
            values = held.get(cell, {"auto": None, "manual": None})
            row = {"in_cell": identity, "auto_comment": values["auto"]}
            if not only_auto:
                row["manual_comment"] = values["manual"]
            if identity not in there:
                fresh.append(row)
            elif cell in held:
                rows.append(row)
        self._write(table, mine, fresh, rows)

    def _of(self, name: str, cells: Mapping[tuple[str, str], str]) -> list[tuple[str, str]]:
        return [(cell, found) for (notebook, cell), found in cells.items() if notebook == name]

    def _write(self, table: Any, mine: str, fresh: list[State], rows: list[State]) -> None:
        from sqlalchemy import bindparam, insert, update

        if fresh:
            made = [{"id": uuid4().hex, "notebook_id": mine, "cell_id": r.pop("in_cell")} | r
                    for r in fresh]  # fmt: skip
            self.book.db.connection().execute(insert(table), made)
        if rows:
            names = [name for name in rows[0] if name != "in_cell"]
            statement = (
                update(table)
                .where(table.c.notebook_id == mine, table.c.cell_id == bindparam("in_cell"))
                .values({name: bindparam(f"new_{name}") for name in names})
            )
            changed = [
                {"in_cell": r["in_cell"]} | {f"new_{name}": r[name] for name in names} for r in rows
            ]
            self.book.db.connection().execute(statement, changed)


def put_submission(
    book: Any, assignment_name: str, student: str, state: State, *, only_auto: bool
) -> None:
    """Write one submission's state, in the running transaction; see `Layout.put`."""
    Layout(book, assignment_name).put(student, state, only_auto=only_auto)


def _stamp(when: datetime | None) -> str | None:
    return when.isoformat() if when is not None else None


def _time(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def _seconds(length: timedelta | None) -> float | None:
    return length.total_seconds() if length is not None else None


def _delta(seconds: float | None) -> timedelta | None:
    return timedelta(seconds=seconds) if seconds is not None else None
