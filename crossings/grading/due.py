"""When an assignment is due in this class. Nothing is refused later: it is marked as late.

    var/due.json   {"officer-worksheet": "2031-05-04T16:00:00Z", "screening-data": null}

A trainer sets the time on the marking desk. Without that, a worksheet has the time its author
wrote; null says that this class has no due time at all.
"""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crossings.curriculum.model import Course
from crossings.grading import durable, gradebook
from crossings.grading.release import find_worksheet
from crossings.workspace import Workspace


def of(workspace: Workspace, course: Course, assignment: str) -> datetime | None:
    """The due time of `assignment`: the class's own, else the author's, else none."""
    chosen = durable.read_json(_file(workspace)) or {}
    if assignment not in chosen:
        return _authored(course, assignment)
    return parse(str(chosen[assignment] or ""))


def is_chosen(workspace: Workspace, assignment: str) -> bool:
    """Whether this class has decided about the due time, also when it decided for none."""
    return assignment in (durable.read_json(_file(workspace)) or {})


def choose(workspace: Workspace, assignment: str, when: datetime | None) -> None:
    """Set the class's due time, or say with None that it has none; it holds at once.

    Raises:
        OSError: when the disk refuses; then nothing changes.
    """
    before = durable.read_json(_file(workspace)) or {}
    told = stamp(when) if when is not None else None
    durable.replace_json(_file(workspace), {**before, assignment: told})
    gradebook.set_due(workspace, assignment, when)


def parse(written: str | None) -> datetime | None:
    """A due date or time as it stands in a file; a date alone means the end of that day, in UTC.

    What is not a time means none: a slip in a file must not close the class's pages.
    """
    text = (written or "").strip()
    if not text:
        return None
    with contextlib.suppress(ValueError, OverflowError):
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
        if len(text) == len("2026-01-31"):
            found += timedelta(days=1)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def stamp(when: datetime) -> str:
    """`when` in UTC, as files and pages have it."""
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def is_late(received_at: str, due: datetime | None) -> bool:
    if due is None or not received_at:
        return False
    return datetime.fromisoformat(received_at.replace("Z", "+00:00")) > due


def distance(when: datetime, now: datetime) -> str:
    """How far `when` is from `now`: "in 3 days", "2 hours ago"."""
    seconds = abs((when - now).total_seconds())
    units = ((86_400, "day"), (3_600, "hour"), (60, "minute"))
    size, unit = next(((s, u) for s, u in units if seconds >= s), (60, "minute"))
    count = round(seconds / size)
    if count == 0:
        return "now"
    text = f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return f"in {text}" if when > now else f"{text} ago"


def _authored(course: Course, assignment: str) -> datetime | None:
    with contextlib.suppress(KeyError):
        return parse(find_worksheet(course, assignment)[1].due)
    return None


def _file(workspace: Workspace) -> Path:
    return workspace.var / "due.json"
