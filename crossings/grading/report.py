"""What marking found: one row a submission, with an outcome that is never silently a zero."""

from __future__ import annotations

import contextlib
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, get_args

from crossings.grading import collect, durable, gradebook, inbox, trainees
from crossings.grading.due import is_late
from crossings.grading.gradebook import Marked
from crossings.grading.ledger import Entry, Ledger, record
from crossings.workspace import Workspace

Outcome = Literal[
    "received",
    "graded",
    "needs marking",
    "timed out",
    "out of memory",
    "crashed",
    "tampered",
    "not gradable",
]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
SCORED = ("graded", "needs marking", "timed out")
Kind = Literal["worksheet", "notebook"]


@dataclass(frozen=True)
class Row:
    """One student's submission. `marks` is empty where there are no points to show yet."""

    student: str
    name: str
    outcome: Outcome
    reason: str = ""
    received_at: str = ""
    versions: int = 0
    collides_with: str = ""
    late: bool = False
    """Handed in after the due time; no points are taken off."""
    marks: tuple[Marked, ...] = ()

    @property
    def scored(self) -> bool:
        """False where there are no points, which is not the same as no points earned."""
        return bool(self.marks)

    @property
    def points(self) -> float:
        return round(sum(m.points for m in self.marks), 4)

    @property
    def max_points(self) -> float:
        return round(sum(m.max_points for m in self.marks), 4)

    @property
    def waiting(self) -> int:
        """Questions that a person still has to mark."""
        return sum(m.needs_person for m in self.marks)


@dataclass(frozen=True)
class Report:
    """An assignment as it stands."""

    assignment: str
    title: str
    kind: Kind
    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    due: datetime | None = None

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many submissions have each outcome, outcomes without any left out."""
        found = Counter(row.outcome for row in self.rows)
        return {outcome: found[outcome] for outcome in OUTCOMES if found[outcome]}

    def summary(self) -> str:
        """One line for a terminal."""
        counts = ", ".join(f"{n} {outcome}" for outcome, n in self.counts.items())
        late = sum(row.late for row in self.rows)
        told = f"; {late} late" if late else ""
        return f"{self.assignment}: {counts or 'nothing handed in yet'}{told}"


def rows(
    workspace: Workspace, assignment: str, handed_in: list[str], due: datetime | None = None
) -> tuple[Row, ...]:
    """Every submission with its outcome and the marks in the gradebook now.

    What people changed there since, in formgrader, is written into the ledger by the way.
    """
    with Ledger(workspace) as ledger:
        marks: dict[str, list[Marked]] = {}
        if workspace.gradebook.is_file():
            with gradebook.opened(workspace) as book:
                with contextlib.suppress(durable.NotSavedError):
                    record.reconcile(ledger, book, assignment)
                marks = gradebook.marks(book, assignment)
        verdicts, last = ledger.latest(assignment, ("mark",)), ledger.latest(assignment)
    latest = inbox.latest(workspace, assignment)
    return tuple(
        _row(
            workspace,
            assignment,
            student,
            latest.get(student),
            collect.version_now(workspace, assignment, student, latest.get(student)),
            verdicts.get(student),
            last.get(student),
            tuple(marks.get(student, ())),
            inbox.count_versions(workspace, assignment, student),
            due,
        )
        for student in handed_in
    )


def _row(
    workspace: Workspace,
    assignment: str,
    student: str,
    sent: inbox.Submission | None,
    version: str,
    verdict: Entry | None,
    last: Entry | None,
    marks: tuple[Marked, ...],
    versions: int,
    due: datetime | None,
) -> Row:
    trainee = trainees.find(workspace, student)
    received = str(sent.receipt.get("received_at", "")) if sent else ""
    brought = collect.brought_of(workspace, assignment, student)
    if brought is not None and version.startswith("brought-"):
        received = str(brought.get("received_at", ""))
    row = Row(
        student=student,
        name=trainee.name if trainee else student,
        outcome="received",
        received_at=received,
        versions=versions,
        collides_with=trainee.collides_with if trainee else "",
        late=is_late(received, due),
    )
    if verdict is None:
        return row
    if version and verdict.data.get("hand_in") != version:
        return replace(row, reason="a newer version was handed in after marking")
    outcome = verdict.outcome if verdict.outcome in OUTCOMES else "crashed"
    row = replace(row, outcome=outcome, reason=verdict.reason, marks=marks)
    if row.outcome in ("graded", "needs marking"):
        return replace(row, outcome="needs marking" if row.waiting else "graded")
    if row.outcome in SCORED or _settled_by_a_person(row, verdict, last):
        return row
    return replace(row, marks=())


def _settled_by_a_person(row: Row, verdict: Entry, last: Entry | None) -> bool:
    """Whether somebody looked at what the program could not mark by itself.

    That is a mark given after the program gave up. Where it could give no points at all, those of
    an earlier hand-in may still be in the gradebook: then each question must be a person's.
    """
    if last is None or last.kind != "override" or last.seq < verdict.seq or row.waiting:
        return False
    by_person = [mark.by_person for mark in row.marks]
    return any(by_person) if verdict.state is not None else bool(by_person) and all(by_person)
