"""nbgrader's gradebook made anew from the ledger alone."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crossings.grading import gradebook
from crossings.grading.ledger import record, state
from crossings.grading.ledger.entry import Draft, Entry
from crossings.grading.ledger.store import Ledger
from crossings.workspace import Workspace


class RebuildError(Exception):
    """The gradebook cannot be rebuilt; the message says why."""


@dataclass(frozen=True)
class Rebuilt:
    """What the new gradebook holds. `kept` is where the old one lies now, if there was one."""

    assignments: int
    submissions: int
    kept: Path | None


def rebuild(workspace: Workspace) -> Rebuilt:
    """Put a gradebook made from the ledger in the place of the one there is, which is kept.

    Students, submissions, points given automatically and by people, extra credit, comments and
    flags are those of the ledger; only nbgrader's random ids are new. What somebody changed in
    the old gradebook that was never read by our tools is not in the ledger: `reconcile` first
    where the old one can still be read.

    Raises:
        RebuildError: when the ledger knows no assignment.
    """
    fresh = workspace.gradebook.with_name(f".gradebook-{secrets.token_hex(4)}.db")
    with Ledger(workspace) as ledger:
        releases, last = _folded(ledger.entries())
        if not releases:
            raise RebuildError(
                "The ledger holds no released assignment: there is nothing to build."
            )
        try:
            with gradebook.opened_file(fresh) as book:
                for entry in ledger.entries(kind="roster"):
                    for course in entry.data["courses"]:
                        book.check_course(course)
                for student, values in record.roster(ledger).items():
                    state.put_student(book, student, values)
                for name, entry in releases.items():
                    state.put_assignment(book, name, entry.data["state"])
                for (name, student), entry in last.items():
                    if entry.state is not None and name in releases:
                        state.put_submission(book, name, student, entry.state, only_auto=False)
                book.db.commit()
            kept = _exchange(workspace, fresh)
        finally:
            fresh.unlink(missing_ok=True)
        marked = sum(entry.state is not None for entry in last.values())
        told = {"assignments": len(releases), "submissions": marked}
        ledger.append(Draft("rebuild", why="the gradebook was made anew", data=told))
        for name in releases:
            for entry in ledger.pending(name):
                ledger.settle(entry)
    return Rebuilt(len(releases), marked, kept)


def _folded(entries: Iterable[Entry]) -> tuple[dict[str, Entry], dict[tuple[str, str], Entry]]:
    """The newest release of each assignment, and the newest state of each submission."""
    releases: dict[str, Entry] = {}
    last: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        if entry.kind == "release":
            releases[entry.assignment] = entry
        if entry.kind in ("mark", "override") and entry.state is not None:
            last[entry.assignment, entry.student] = entry
    return releases, last


def _exchange(workspace: Workspace, fresh: Path) -> Path | None:
    """Move the old gradebook aside and the new one into its place."""
    old = workspace.gradebook
    if not old.exists():
        fresh.replace(old)
        return None
    number = 1
    while (kept := old.with_name(f"gradebook.before-rebuild-{number}.db")).exists():
        number += 1
    old.replace(kept)
    fresh.replace(old)
    return kept


def tables(book: Any) -> dict[str, list[Any]]:
    """Everything in a gradebook, table by table, by the names that people know; for comparing."""
    names = state.assignments(book)
    found: dict[str, list[Any]] = {
        "course": state.courses(book),
        "student": sorted(state.students(book).items()),
        "assignment": [(name, state.assignment(book, name)) for name in names],
    }
    found |= {"submitted_assignment": [], "submitted_notebook": [], "grade": [], "comment": []}
    for name in names:
        for student, content in sorted(state.submissions(book, name).items()):
            where = (name, student)
            at = (*where, content["timestamp"], content["extension"])
            found["submitted_assignment"].append(at)
            for notebook, held in sorted(content["notebooks"].items()):
                place = (*where, notebook)
                found["submitted_notebook"].append((*place, held["late"], held["flagged"]))
                for part, table in (("grades", "grade"), ("comments", "comment")):
                    rows = sorted(held[part].items())
                    found[table] += [(*place, cell, *sorted(v.items())) for cell, v in rows]
    return found
