"""`grade`: collect what was handed in, score it, keep going whatever one submission does."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import replace

from crossings.curriculum import current
from crossings.curriculum.model import Course
from crossings.grading import collect, durable, feedback, gradebook, nbgrader_run, notebooks
from crossings.grading import job as jobs
from crossings.grading import release as releasing
from crossings.grading.examine import NoReferenceError
from crossings.grading.job import GradeError, Job, Rules, notebook_title
from crossings.grading.ledger import Ledger, LedgerError
from crossings.grading.marking import Marking, Power
from crossings.grading.report import Report, Row, rows
from crossings.grading.runner import SandboxError, UnprotectedError, protection
from crossings.workspace import Workspace

__all__ = ["GradeError", "Power", "Progress", "grade", "notebook_title", "notice", "report"]

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
    rules: Rules = "fair",
    power: Power = Power(),
    cell_seconds: float = 30,
    notebook_seconds: float = 180,
) -> Report:
    """Mark the submissions of `assignment`, or of `students` only.

    Worksheets are scored here, as data. Notebooks are run in the sandbox, with as much `power`
    as is given. What did not change since it was marked is left alone, unless `again`. With
    `publish`, feedback goes to the trainees at once; `feedback.publish` does it later.

    Raises:
        GradeError: when the assignment does not exist or cannot be marked here.
    """
    workspace, course = workspace or Workspace.current(), course or current()
    started = time.monotonic()
    job = jobs.of(course, workspace, assignment)
    job = replace(job, rules=rules, cell_seconds=cell_seconds, notebook_seconds=notebook_seconds)
    with jobs.alone(workspace):
        job = _released(job, course)
        everybody = collect.students(workspace, job.assignment)
        chosen = _chosen(everybody, students)
        try:
            with Ledger(workspace) as ledger, gradebook.opened(workspace) as book:
                marking = Marking(job, ledger, book, power)
                for done, (student, outcome) in enumerate(marking.run(chosen, again), 1):
                    if progress is not None:
                        progress(done, len(chosen), student, outcome)
        except (UnprotectedError, SandboxError, NoReferenceError) as error:
            raise GradeError(str(error)) from error
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
    return _lost() if assignment in course.exercises else ""


def _lost() -> str:
    if not notebooks.possible():
        return notebooks.WINDOWS
    lost = protection().told()
    return (
        f"Some protection from trainees' code is missing on this computer:\n{lost}" if lost else ""
    )


def _report(job: Job, found: tuple[Row, ...]) -> Report:
    notes = tuple(filter(None, [_lost()])) if job.kind == "notebook" else ()
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
