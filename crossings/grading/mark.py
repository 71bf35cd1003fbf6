"""`grade`: collect what was handed in, score it, keep going whatever one submission does."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from crossings.curriculum import current
from crossings.curriculum.model import Course
from crossings.grading import (
    collect,
    due,
    durable,
    feedback,
    gradebook,
    nbgrader_run,
    notebooks,
    scored,
    worksheets,
)
from crossings.grading import job as jobs
from crossings.grading import release as releasing
from crossings.grading.collect import Collected, NotGradableError
from crossings.grading.job import GradeError, Job, notebook_title
from crossings.grading.ledger import Draft, Entry, Ledger, LedgerError, record, state
from crossings.grading.report import Report, Row, rows
from crossings.grading.scored import Scored
from crossings.grading.trainees import find
from crossings.workspace import Workspace

__all__ = ["GradeError", "Progress", "grade", "notebook_title", "notice", "report"]

Progress = Callable[[int, int, str, str], None]
"""Called with: how many are done, of how many, the student, the outcome."""


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

    Worksheets are scored here, as data. Notebooks are run, each in its own process.
    What did not change since it was marked is left alone, unless `again`. With `publish`,
    feedback goes to the trainees at once; `feedback.publish` does it later.

    Raises:
        GradeError: when the assignment does not exist or cannot be marked here.
    """
    workspace, course = workspace or Workspace.current(), course or current()
    started = time.monotonic()
    job = jobs.of(course, workspace, assignment)
    job = replace(job, cell_seconds=cell_seconds, notebook_seconds=notebook_seconds)
    with jobs.alone(workspace):
        job = _released(job, course)
        everybody = collect.students(workspace, job.assignment)
        chosen = _chosen(everybody, students)
        try:
            with Ledger(workspace) as ledger, gradebook.opened(workspace) as book:
                _mark_all(_Run(job, ledger, book), chosen, again, progress)
        except (LedgerError, durable.NotSavedError) as error:
            raise GradeError(str(error)) from error
        found = _report(job, rows(workspace, job.assignment, everybody, job.due))
    if publish:
        feedback.publish(job.assignment, workspace, course)
    return replace(found, seconds=round(time.monotonic() - started, 2))


def report(
    assignment: str, workspace: Workspace | None = None, course: Course | None = None
) -> Report:
    """How `assignment` stands, without marking anything. Raises as `grade` does."""
    workspace, course = workspace or Workspace.current(), course or current()
    job = jobs.of(course, workspace, assignment)
    everybody = collect.students(workspace, job.assignment)
    return _report(job, rows(workspace, job.assignment, everybody, job.due))


def notice(course: Course, assignment: str) -> str:
    """What to tell a trainer before marking `assignment`; "" where there is nothing to tell."""
    return notebooks.NOT_A_SANDBOX if assignment in course.exercises else ""


def _report(job: Job, found: tuple[Row, ...]) -> Report:
    notes = (notebooks.NOT_A_SANDBOX,) if job.kind == "notebook" else ()
    return Report(job.assignment, job.title, job.kind, found, notes, due=job.due)


def _released(job: Job, course: Course) -> Job:
    """Release the assignment where needed; the job with what is released."""
    workspace, assignment = job.workspace, job.assignment
    if job.kind == "notebook" and not notebooks.possible():
        raise GradeError(notebooks.WINDOWS)
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
    version = nbgrader_run.mark_of(workspace, assignment).read_text(encoding="utf-8")
    return replace(job, version=version, release=workspace.exercises / "release" / assignment)


def _chosen(everybody: list[str], wanted: Collection[str] | None) -> list[str]:
    if wanted is None:
        return everybody
    unknown = sorted(set(wanted) - set(everybody))
    if unknown:
        raise GradeError(f"Nothing was handed in by: {', '.join(unknown)}.")
    return [student for student in everybody if student in wanted]


@dataclass
class _Run:
    """One run: the job, and what it reads and writes."""

    job: Job
    ledger: Ledger
    book: Any

    def __post_init__(self) -> None:
        job = self.job
        record.catch_up(self.ledger, self.book, job.assignment)
        if job.due is not None or due.is_chosen(job.workspace, job.assignment):
            # Else a time that somebody typed into formgrader would be wiped out.
            self.book.update_or_create_assignment(job.assignment, duedate=job.due)
        record.reconcile(self.ledger, self.book, job.assignment)
        shape = state.assignment(self.book, job.assignment)
        assert shape is not None, "a released assignment is in the gradebook"
        self.shape = shape
        self.master = {cell["name"]: cell for n in shape["notebooks"] for cell in n["source"]}
        self.before = self.ledger.latest(job.assignment, ("mark",))
        self.now = state.submissions(self.book, job.assignment)
        self.runner = jobs.worksheet_runner() if job.kind == "worksheet" else "nbgrader"


def _mark_all(run: _Run, chosen: list[str], again: bool, progress: Progress | None) -> None:
    for done, (student, outcome) in enumerate(_marked(run, chosen, again), 1):
        if progress is not None:
            progress(done, len(chosen), student, outcome)


def _marked(run: _Run, chosen: list[str], again: bool) -> Iterator[tuple[str, str]]:
    for student in chosen:
        found = _one(run, student, again)
        entry = found if isinstance(found, Entry) else _write_down(run, found)
        yield student, entry.outcome


def _one(run: _Run, student: str, again: bool) -> Scored | Entry:
    """Mark one submission; whatever it does, the run goes on. An Entry where nothing changed."""
    job = run.job
    collected = Collected(student, job.workspace.exercises / "submitted" / student / job.assignment)
    try:
        collected = collect.collect(job.workspace, job.assignment, student)
        before = run.before.get(student)
        if before is not None and not again and _is_marked(run, collected, before):
            return before
        if job.kind == "worksheet":
            return worksheets.mark(job, collected, run.master)
        return notebooks.mark(job, collected)
    except NotGradableError as error:
        return Scored(collected, "not gradable", str(error), submission=_hash(job, collected))
    except Exception as error:  # one bad submission must not stop the others
        return Scored(collected, "crashed", f"{type(error).__name__}: {error}"[:300])


def _hash(job: Job, collected: Collected) -> str:
    return collected.fingerprint("", worksheets.KEPT if job.kind == "worksheet" else None)


def _is_marked(run: _Run, collected: Collected, before: Entry) -> bool:
    """Whether exactly this was marked before, and what came of it is still where it belongs."""
    job = run.job
    same = (before.submission_sha256, before.assignment_version, before.runner_version) == (
        _hash(job, collected),
        job.version,
        run.runner,
    )
    if not same or before.rules != job.rules:
        return False
    if before.state is None:
        return True
    if not notebooks.autograded_file(job.workspace, job.assignment, collected.student).is_file():
        return False
    if record.is_behind(run.now.get(collected.student), before.state):
        record.apply(run.book, before)
    return True


def _write_down(run: _Run, found: Scored) -> Entry:
    """Into ledger and gradebook; what the ledger has already is not written twice."""
    job, collected = run.job, found.collected
    student = collected.student
    trainee = gradebook.known_as(find(job.workspace, student))
    before = run.before.get(student)
    made = None
    if found.notebooks is not None:
        record.reconcile(run.ledger, run.book, job.assignment, [student])
        now = state.submissions(run.book, job.assignment, [student]).get(student)
        known = now["student"] if now else state.person(run.book, student)
        base = record.fitted(now, run.shape, known | trainee)
        base["timestamp"] = state.moment(collected.received_at) or base["timestamp"]
        made = scored.into(base, found.notebooks)
    elif trainee:
        state.put_student(run.book, student, state.person(run.book, student) | trainee)
        run.book.db.commit()
    draft = Draft(
        "mark",
        job.assignment,
        student,
        submission_sha256=found.submission,
        assignment_version=job.version,
        runner_version=run.runner,
        lock_sha256=jobs.lock_sha256(),
        outcome=found.outcome,
        reason=found.reason,
        rules=job.rules,
        tests=record.points_of(made, run.shape) if made else (),
        data={"hand_in": collected.version, **found.more},
    )
    if before is not None and made is None and _says_the_same(before, draft):
        return before
    return record.save(run.ledger, run.book, draft, made)


def _says_the_same(before: Entry, draft: Draft) -> bool:
    names = ("submission_sha256", "assignment_version", "outcome", "reason", "rules", "data")
    return all(getattr(before, name) == getattr(draft, name) for name in names)
