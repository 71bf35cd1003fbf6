"""Where cohorts come from, by the name a trainer gives: an assignment, or a drill's run."""

from __future__ import annotations

from crossings.apps.analysis.cohorts import matched, of_drill
from crossings.apps.analysis.sections import View
from crossings.curriculum.model import Course
from crossings.drills.database import is_url
from crossings.drills.log import DrillLog
from crossings.drills.state import fold
from crossings.drills.trainer import runs
from crossings.grading import mark, release
from crossings.grading.analysis import Cohort
from crossings.grading.analysis.gather import cohort as of_assignment
from crossings.workspace import Workspace


class NoCohortError(LookupError):
    """Nothing by that name was handed in or played; the message says what there is."""


def known(course: Course, workspace: Workspace) -> dict[str, str]:
    """What can be looked at: a label for each name, assignments first, then quiz drills."""
    found = {name: mark.labelled(course, name) for name in release.assignments(course)}
    if is_url(workspace.drills) or workspace.drill_log.is_file():
        log = DrillLog(workspace.drills)
        try:
            for event in runs(log):
                if event.payload.get("kind") == "quiz":
                    code = str(event.payload["code"])
                    found[f"drill:{event.drill}"] = f"{event.payload['title']} (drill {code})"
        finally:
            log.close()
    return found


def cohort(course: Course, workspace: Workspace, name: str) -> Cohort:
    """The cohort called `name`: an assignment, or `drill:<run>`.

    Raises:
        NoCohortError: when there is none.
        mark.GradeError: when the assignment cannot be reported on.
    """
    if not name.startswith("drill:"):
        if name not in release.assignments(course):
            there = ", ".join(known(course, workspace)) or "nothing yet"
            raise NoCohortError(f"There is no assignment or drill `{name}`. There are: {there}.")
        return of_assignment(course, workspace, name)
    if name not in known(course, workspace):
        there = ", ".join(known(course, workspace)) or "nothing yet"
        raise NoCohortError(f"There is no drill with questions `{name}`. There are: {there}.")
    log = DrillLog(workspace.drills)
    try:
        return of_drill(fold(log.since(name.removeprefix("drill:"))))
    finally:
        log.close()


def view(
    course: Course, workspace: Workspace, name: str, before: str = "", names: bool = False
) -> View:
    """What to show of `name`, with `before` as the first test. Raises as `cohort` does."""
    found = cohort(course, workspace, name)
    if not before:
        return View(course, found, None, names)
    # Drills know seats and assignments know trainees: people are paired by their written names.
    first = cohort(course, workspace, before)
    if before.startswith("drill:") or name.startswith("drill:"):
        return View(course, matched(found), matched(first), names)
    return View(course, found, first, names)
