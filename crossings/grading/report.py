"""What marking found: one row a submission, with an outcome that is never silently a zero."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, get_args

from crossings.grading import durable, gradebook, inbox, trainees
from crossings.grading.due import is_late
from crossings.grading.gradebook import Marked
from crossings.workspace import Workspace

Outcome = Literal["received", "graded", "needs marking", "timed out", "crashed", "not gradable"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
SCORED = ("graded", "needs marking", "timed out")
Kind = Literal["worksheet", "notebook"]


@dataclass(frozen=True)
class Row:
    """One student's submission."""

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
        return bool(self.marks) and self.outcome in SCORED

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


@dataclass(frozen=True)
class Verdict:
    """What is remembered of marking one submission, so that it is marked once."""

    fingerprint: str
    outcome: Outcome
    reason: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


def remember(workspace: Workspace, assignment: str, student: str, verdict: Verdict) -> None:
    durable.replace_json(_file(workspace, assignment, student), asdict(verdict))


def recall(workspace: Workspace, assignment: str, student: str) -> Verdict | None:
    found = durable.read_json(_file(workspace, assignment, student))
    try:
        return Verdict(**found) if found else None
    except TypeError:
        return None


def _file(workspace: Workspace, assignment: str, student: str) -> Any:
    return workspace.var / "marking" / assignment / f"{student}.json"


def rows(
    workspace: Workspace, assignment: str, handed_in: list[str], due: datetime | None = None
) -> tuple[Row, ...]:
    """Every submission with its outcome and the marks in the gradebook now."""
    if workspace.gradebook.is_file():
        with gradebook.opened(workspace) as book:
            marks = gradebook.marks(book, assignment)
    else:
        marks = {}
    latest = inbox.latest(workspace, assignment)
    return tuple(
        _row(
            workspace, assignment, student, latest.get(student), tuple(marks.get(student, ())), due
        )
        for student in handed_in
    )


def _row(
    workspace: Workspace,
    assignment: str,
    student: str,
    sent: inbox.Submission | None,
    marks: tuple[Marked, ...],
    due: datetime | None,
) -> Row:
    trainee = trainees.find(workspace, student)
    verdict = recall(workspace, assignment, student)
    received = str(sent.receipt.get("received_at", "")) if sent else ""
    row = Row(
        student=student,
        name=trainee.name if trainee else student,
        outcome="received",
        received_at=received,
        versions=inbox.count_versions(workspace, assignment, student),
        collides_with=trainee.collides_with if trainee else "",
        late=is_late(received, due),
    )
    if verdict is None:
        return row
    if sent and verdict.extra.get("version") != sent.path.name:
        return replace(row, reason="a newer version was handed in after marking")
    row = replace(row, outcome=verdict.outcome, reason=verdict.reason, marks=marks)
    if row.outcome in ("graded", "needs marking"):
        return replace(row, outcome="needs marking" if row.waiting else "graded")
    return row if row.outcome == "timed out" else replace(row, marks=())
