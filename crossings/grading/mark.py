"""`grade`: collect what was handed in, score it, keep going whatever one submission does."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Collection
from dataclasses import replace

from crossings.curriculum import current
from crossings.curriculum.model import Course
from crossings.grading import (
    change,
    collect,
    durable,
    feedback,
    gradebook,
    nbgrader_run,
    notebooks,
)
from crossings.grading import job as jobs
from crossings.grading import preview as previewing
from crossings.grading import release as releasing
from crossings.grading.cluster import ClusterError
from crossings.grading.examine import NoReferenceError
from crossings.grading.job import GradeError, Job, Rules, labelled, title_of
from crossings.grading.ledger import Ledger, LedgerError
from crossings.grading.ledger.state import State
from crossings.grading.marking import Marking, Power
from crossings.grading.preview import Preview
from crossings.grading.report import Report, Row, rows
from crossings.grading.runner import SandboxError, UnprotectedError, protection
from crossings.workspace import Workspace

__all__ = [
    "GradeError",
    "Power",
    "Progress",
    "grade",
    "labelled",
    "notice",
    "report",
    "title_of",
]

ONE_SANDBOX = Power()
Agree = Callable[[Preview], bool]
"""Is shown what would change; says whether to go on."""
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
    power: Power = ONE_SANDBOX,
    cell_seconds: float = 30,
    notebook_seconds: float = 180,
    only_preview: bool = False,
    agree: Agree | None = None,
) -> Report:
    """Mark the submissions of `assignment`, or of `students` only.

    Worksheets are scored here, as data. Notebooks are run in the sandbox, with as much `power`
    as is given. What did not change since it was marked is left alone, unless `again`. With
    `publish`, feedback goes to the trainees at once; `feedback.publish` does it later.

    Where the assignment changed after submissions were marked, and with `only_preview`, `agree`
    is shown what would change; unless it says yes, nothing does, and the report is as before.

    Raises:
        GradeError: when the assignment does not exist or cannot be marked here.
    """
    workspace, course = workspace or Workspace.current(), course or current()
    started = time.monotonic()
    job = jobs.of(course, workspace, assignment)
    job = replace(job, rules=rules, cell_seconds=cell_seconds, notebook_seconds=notebook_seconds)
    with jobs.alone(workspace), contextlib.ExitStack() as trial:
        job, changed = _released(job, course, trial)
        everybody = collect.students(workspace, job.assignment)
        chosen = _chosen(everybody, students)
        try:
            with Ledger(workspace) as ledger, gradebook.opened(workspace) as book:
                go_on = True
                if changed is not None or only_preview:
                    marking = Marking(job, ledger, book, power, changed)
                    who = chosen if changed is None else everybody
                    seen = _preview(marking, who, again, progress)
                    go_on = _agreed(seen, agree)
                if go_on and not only_preview:
                    if changed is not None:
                        change.take_over(
                            workspace, ledger, book, job.assignment, job.release, changed
                        )
                    marking = Marking(job, ledger, book, power)
                    who = chosen if changed is None else everybody
                    for done, (student, outcome) in enumerate(marking.run(who, again), 1):
                        if progress is not None:
                            progress(done, len(who), student, outcome)
        except (UnprotectedError, SandboxError, NoReferenceError, ClusterError) as error:
            raise GradeError(str(error)) from error
        except (LedgerError, durable.NotSavedError) as error:
            raise GradeError(str(error)) from error
        found = _report(job, rows(workspace, job.assignment, everybody, job.due))
    if publish and go_on and not only_preview:
        feedback.publish(job.assignment, workspace, course)
    return replace(found, seconds=round(time.monotonic() - started, 2))


def _preview(
    marking: Marking, chosen: list[str], again: bool, progress: Progress | None
) -> Preview:
    rows = []
    for done, row in enumerate(marking.preview(chosen, again), 1):
        rows.append(row)
        if progress is not None:
            progress(done, len(chosen), row.student, row.outcome)
    questions = previewing.questions(marking.job.assignment, marking.own, marking.shape)
    return Preview(marking.job.assignment, tuple(rows), **questions)


def _agreed(seen: Preview, agree: Agree | None) -> bool:
    if agree is not None:
        return agree(seen)
    raise GradeError(
        f"`{seen.assignment}` changed after submissions were marked: {seen.summary()} "
        f"`./course grade {seen.assignment}` shows each of them and asks before it goes on."
    )


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


def _released(job: Job, course: Course, trial: contextlib.ExitStack) -> tuple[Job, State | None]:
    """Release the assignment where needed; the job with what is released.

    What changed after it was marked is released only beside, for as long as `trial` is open: then
    its questions come back, too.
    """
    workspace, assignment = job.workspace, job.assignment
    if job.kind == "notebook" and not notebooks.possible():
        raise GradeError(notebooks.WINDOWS)
    changed, release = None, workspace.exercises / "release" / assignment
    try:
        releasing.copy_course_folder(course, workspace)
        if change.is_pending(workspace, assignment):
            release, changed = trial.enter_context(change.tried(workspace, assignment))
        else:
            nbgrader_run.release(workspace, [assignment])
    except nbgrader_run.NbgraderError as error:
        raise GradeError(str(error)) from None
    except OSError as error:
        place = error.filename or workspace.root
        raise GradeError(
            f"Cannot write to {place}: {error.strerror}. Free some space, or allow writing there."
        ) from None
    version = nbgrader_run.fingerprint(workspace, assignment)
    return replace(job, version=version, release=release), changed


def _chosen(everybody: list[str], wanted: Collection[str] | None) -> list[str]:
    if wanted is None:
        return everybody
    unknown = sorted(set(wanted) - set(everybody))
    if unknown:
        raise GradeError(f"Nothing was handed in by: {', '.join(unknown)}.")
    return [student for student in everybody if student in wanted]
