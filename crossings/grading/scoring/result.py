"""What scoring found: one line a question, and the sum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from crossings.grading.scoring.points import Status
from crossings.grading.scoring.signals import Signal

Outcome = Literal["graded", "timed out", "out of memory", "crashed", "tampered", "not gradable"]


@dataclass(frozen=True)
class TestResult:
    """One marked cell. `message` is safe for the trainee, `note` is for the trainer."""

    __test__ = False  # no pytest class

    grade_id: str
    points: float
    max_points: float
    exact_points: float | None
    """What nbgrader 0.9.6 gives; None where it waits for a person."""
    status: Status
    message: str = ""
    note: str = ""
    differs: str = ""
    """Why the points are other than nbgrader's; "" where they are the same."""


@dataclass(frozen=True)
class Scored:
    """One notebook of one submission."""

    notebook: str
    rules: Literal["fair", "exact"]
    outcome: Outcome
    reason: str
    tests: tuple[TestResult, ...]
    late_penalty: float = 0.0
    exact_late_penalty: float = 0.0
    signals: tuple[Signal, ...] = ()
    refused: str = ""
    """Why nbgrader would not have marked this notebook; "" where it would."""

    @property
    def total(self) -> float:
        """The points before the late penalty, as nbgrader's `score`."""
        return sum(test.points for test in self.tests)

    @property
    def exact_total(self) -> float:
        return sum(test.exact_points or 0.0 for test in self.tests)

    @property
    def max_total(self) -> float:
        return sum(test.max_points for test in self.tests)

    @property
    def net(self) -> float:
        """The points after the late penalty, never less than 0, as nbgrader exports them."""
        return max(0.0, self.total - self.late_penalty)

    @property
    def differing(self) -> tuple[TestResult, ...]:
        return tuple(test for test in self.tests if test.differs)

    def plain(self) -> dict[str, Any]:
        """As JSON values, for a ledger or a report."""
        return asdict(self) | {"total": self.total, "exact_total": self.exact_total}


@dataclass(frozen=True)
class ByPerson:
    """What a person gave to one cell in the gradebook."""

    points: float | None = None
    extra_credit: float | None = None


Persons = Mapping[str, ByPerson]
