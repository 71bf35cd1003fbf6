"""Who has reached an award: by the marks in the gradebook and the ledger, and by nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from crossings.curriculum.model import Course
from crossings.grading import mark, trainees
from crossings.grading.awards.rule import Award, Need
from crossings.grading.report import Report, Row
from crossings.workspace import Workspace


@dataclass(frozen=True)
class Part:
    """How somebody stands with one assignment. `percent` is None where there is no whole mark."""

    title: str
    needed: float
    percent: float | None
    why: str = ""

    @property
    def done(self) -> bool:
        return self.percent is not None and self.percent >= self.needed - 1e-9

    def told(self) -> str:
        """A sentence for a list or a certificate."""
        if self.percent is None:
            return f"{self.title}: {self.why}"
        return f"{self.title}: {self.percent:.4g}% (needed: {self.needed:g}%)"


@dataclass(frozen=True)
class Standing:
    """One trainee and one award."""

    student: str
    name: str
    parts: tuple[Part, ...]
    collides_with: str = ""

    @property
    def reached(self) -> bool:
        return all(part.done for part in self.parts)

    @property
    def missing(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if not part.done)


def standings(course: Course, workspace: Workspace, award: Award) -> tuple[Standing, ...]:
    """Everybody in the class, by student id.

    Raises:
        mark.GradeError: when an assignment of the rule is not there.
    """
    reports = [(need, mark.report(need.assignment, workspace, course)) for need in award.needs]
    rows = [(need, report, {r.student: r for r in report.rows}) for need, report in reports]
    names = {r.student: r.name for _, report in reports for r in report.rows}
    flags = {r.student: r.collides_with for _, report in reports for r in report.rows}
    names |= {t.student: t.name for t in trainees.everyone(workspace)}
    return tuple(
        Standing(
            student,
            name,
            tuple(_part(need, report, by.get(student)) for need, report, by in rows),
            flags.get(student, ""),
        )
        for student, name in sorted(names.items())
    )


def _part(need: Need, report: Report, row: Row | None) -> Part:
    if row is None:
        return Part(report.title, need.percent, None, "nothing was handed in")
    if row.outcome == "received":
        return Part(report.title, need.percent, None, row.reason or "it is not marked yet")
    if not row.scored or row.max_points <= 0:
        return Part(report.title, need.percent, None, row.reason or row.outcome)
    if row.waiting:
        answers = "an answer waits" if row.waiting == 1 else f"{row.waiting} answers wait"
        return Part(report.title, need.percent, None, f"{answers} for a person to mark")
    return Part(report.title, need.percent, 100 * row.points / row.max_points)
