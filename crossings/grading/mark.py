"""`grade`: collect what was handed in, score it, keep going whatever one submission does."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from crossings.curriculum import current
from crossings.curriculum.model import Course
from crossings.grading import answers, collect, due, feedback, fill, gradebook, nbgrader_run
from crossings.grading import notebooks as runner
from crossings.grading import release as releasing
from crossings.grading.collect import Collected, NotGradableError
from crossings.grading.report import Kind, Report, Row, Verdict, recall, remember, rows
from crossings.grading.trainees import find
from crossings.items import Item
from crossings.workspace import Workspace

Progress = Callable[[int, int, str, str], None]
"""Called with: how many are done, of how many, the student, the outcome."""


class GradeError(Exception):
    """Marking cannot start; the message says why and what to do."""


@dataclass(frozen=True)
class Job:
    """What is the same for every submission of one run."""

    workspace: Workspace
    assignment: str
    title: str
    kind: Kind
    items: tuple[Item, ...]
    release: str
    due: datetime | None = None
    cell_seconds: int = 30
    notebook_seconds: float = 180


def grade(
    assignment: str,
    students: Collection[str] | None = None,
    workspace: Workspace | None = None,
    *,
    course: Course | None = None,
    progress: Progress | None = None,
    publish: bool = True,
    again: bool = False,
    cell_seconds: int = 30,
    notebook_seconds: float = 180,
) -> Report:
    """Mark the submissions of `assignment`, or of `students` only.

    Worksheets are scored here, as data. Notebooks are run by nbgrader, each in its own process.
    What did not change since it was marked is left alone, unless `again`. With `publish`,
    feedback goes to the trainees at once; `feedback.publish` does it later.

    Raises:
        GradeError: when the assignment does not exist or cannot be marked here.
    """
    workspace, course = workspace or Workspace.current(), course or current()
    started = time.monotonic()
    job = _job(course, workspace, assignment)
    job = replace(job, cell_seconds=cell_seconds, notebook_seconds=notebook_seconds)
    with _alone(workspace):
        job = replace(job, release=_released(course, workspace, assignment))
        everybody = collect.students(workspace, assignment)
        chosen = _chosen(everybody, students)
        with gradebook.opened(workspace) as book:
            if job.due is not None or due.is_chosen(workspace, assignment):
                # Else a time that somebody typed into formgrader would be wiped out.
                book.update_or_create_assignment(assignment, duedate=job.due)
            for done, student in enumerate(chosen, 1):
                verdict = _mark(job, book, student, again)
                remember(workspace, assignment, student, verdict)
                if progress is not None:
                    progress(done, len(chosen), student, verdict.outcome)
        found = _report(job, rows(workspace, assignment, everybody, job.due))
    if publish:
        feedback.publish(assignment, workspace, course)
    return replace(found, seconds=round(time.monotonic() - started, 2))


def report(
    assignment: str, workspace: Workspace | None = None, course: Course | None = None
) -> Report:
    """How `assignment` stands, without marking anything. Raises as `grade` does."""
    workspace, course = workspace or Workspace.current(), course or current()
    job = _job(course, workspace, assignment)
    everybody = collect.students(workspace, assignment)
    return _report(job, rows(workspace, assignment, everybody, job.due))


def notice(course: Course, assignment: str) -> str:
    """What to tell a trainer before marking `assignment`; "" where there is nothing to tell."""
    return runner.NOT_A_SANDBOX if assignment in course.exercises else ""


def _job(course: Course, workspace: Workspace, assignment: str) -> Job:
    try:
        module, sheet = releasing.find_worksheet(course, assignment)
    except KeyError:
        if assignment in course.exercises:
            title = notebook_title(course, assignment)
            by = due.of(workspace, course, assignment)
            return Job(workspace, assignment, title, "notebook", (), "", by)
        there_are = ", ".join(releasing.assignments(course)) or "none yet"
        message = f"There is no assignment `{assignment}`. There are: {there_are}."
        raise GradeError(message) from None
    items = tuple(releasing.items_of(course, module, sheet))
    by = due.of(workspace, course, sheet.id)
    return Job(workspace, sheet.id, sheet.title, "worksheet", items, "", by)


def notebook_title(course: Course, assignment: str) -> str:
    """The first heading of a notebook assignment, or its name."""
    path = course.root / "exercises" / "source" / assignment / f"{assignment}.ipynb"
    with contextlib.suppress(OSError, ValueError, KeyError):
        for cell in fill.read(path)["cells"]:
            for line in cell["source"].splitlines():
                if cell["cell_type"] == "markdown" and line.startswith("# "):
                    return str(line[2:].strip())
    return assignment.replace("-", " ").capitalize()


def _report(job: Job, found: tuple[Row, ...]) -> Report:
    notes = (runner.NOT_A_SANDBOX,) if job.kind == "notebook" else ()
    return Report(job.assignment, job.title, job.kind, found, notes, due=job.due)


def _released(course: Course, workspace: Workspace, assignment: str) -> str:
    """Release the assignment where needed; a fingerprint of what is released."""
    in_course = assignment in course.exercises
    if in_course and not runner.possible():
        raise GradeError(runner.WINDOWS)
    try:
        releasing.copy_course_folder(course, workspace)
        nbgrader_run.release(workspace, [assignment])
    except nbgrader_run.NbgraderError as error:
        raise GradeError(str(error)) from None
    except OSError as error:
        place = error.filename or workspace.root
        raise GradeError(
            f"Cannot write to {place}: {error.strerror}. Free some space, or allow writing there."
        ) from None
    return nbgrader_run.mark_of(workspace, assignment).read_text(encoding="utf-8")


def _chosen(everybody: list[str], wanted: Collection[str] | None) -> list[str]:
    if wanted is None:
        return everybody
    unknown = sorted(set(wanted) - set(everybody))
    if unknown:
        raise GradeError(f"Nothing was handed in by: {', '.join(unknown)}.")
    return [student for student in everybody if student in wanted]


def _mark(job: Job, book: Any, student: str, again: bool) -> Verdict:
    """Mark one submission; whatever it does, the run goes on."""
    more: dict[str, Any] = {}
    try:
        collected = collect.collect(job.workspace, job.assignment, student)
        more = {"version": collected.version}
        only = {answers.FILE} if job.kind == "worksheet" else None
        fingerprint = collected.fingerprint(job.release, only)
        before = recall(job.workspace, job.assignment, student)
        same = before is not None and before.fingerprint == fingerprint
        if before is not None and same and not again and _still_there(job, book, before, student):
            _restore(job, collected)
            return replace(before, extra=more)
        gradebook.register(book, student, find(job.workspace, student))
        if job.kind == "worksheet":
            reason = _worksheet(job, book, collected)
            return Verdict(fingerprint, "graded", reason, more)
        run = runner.autograde(
            job.workspace,
            job.assignment,
            collected,
            cell_seconds=job.cell_seconds,
            notebook_seconds=job.notebook_seconds,
        )
        return Verdict(fingerprint, run.outcome, run.reason, more)
    except NotGradableError as error:
        return Verdict("", "not gradable", str(error), more)
    except Exception as error:  # one bad submission must not stop the others
        book.db.rollback()
        return Verdict("", "crashed", f"{type(error).__name__}: {error}"[:300], more)


def _still_there(job: Job, book: Any, before: Verdict, student: str) -> bool:
    """Whether what an earlier run wrote is still where nbgrader looks for it."""
    if before.outcome != "graded":
        return True
    marked = runner.autograded_file(job.workspace, job.assignment, student)
    return marked.is_file() and gradebook.has(book, job.assignment, student)


def _restore(job: Job, collected: Collected) -> None:
    """Collecting wrote the submission folder afresh; put the rebuilt notebook back into it."""
    if job.kind == "worksheet":
        _rebuild(job, collected)


def _rebuild(job: Job, collected: Collected) -> tuple[dict[str, Any], dict[str, Any]]:
    """Write the worksheet's notebook from the released version; notebook and responses."""
    try:
        document = answers.read(collected.path / answers.FILE)
    except answers.BadAnswersError as error:
        raise NotGradableError(str(error)) from None
    given = answers.responses(document)
    name = f"{job.assignment}.ipynb"
    released = fill.read(job.workspace.exercises / "release" / job.assignment / name)
    notebook = fill.submitted(released, job.items, given)
    fill.write(collected.path / name, notebook)
    return notebook, given


def _worksheet(job: Job, book: Any, collected: Collected) -> str:
    """Score a worksheet as data, and leave the same traces as nbgrader's autograder.

    Returns what the trainer should know about the score, if anything.
    """
    notebook, given = _rebuild(job, collected)
    results = fill.scores(job.items, given)
    master = gradebook.master_cells(book, job.assignment)
    graded = fill.autograded(notebook, master, results)
    gradebook.save(book, job.assignment, collected.student, graded, collected.received_at)
    fill.write(runner.autograded_file(job.workspace, job.assignment, collected.student), graded)
    damaged = sum(result.status == "malformed" for result in results.values())
    if not damaged:
        return ""
    if damaged == 1:
        return "1 answer is damaged and scores 0"
    return f"{damaged} answers are damaged and score 0"


@contextlib.contextmanager
def _alone(workspace: Workspace) -> Iterator[None]:
    """One marking run at a time in a workspace; a lock left by a dead process is taken over."""
    import psutil

    lock = workspace.var / "marking.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    for _ in range(2):
        try:
            descriptor = os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
            break
        except FileExistsError:
            holder = lock.read_text(encoding="utf-8").strip()
            if holder.isdecimal() and psutil.pid_exists(int(holder)):
                raise GradeError(
                    f"Marking is already running (process {holder}). Wait until it is done."
                ) from None
            lock.unlink(missing_ok=True)
    else:
        raise GradeError(f"Cannot lock {lock}. Delete the file if no marking is running.")
    try:
        os.write(descriptor, str(os.getpid()).encode())
        os.close(descriptor)
        yield
    finally:
        lock.unlink(missing_ok=True)
