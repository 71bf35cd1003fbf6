"""Late penalties through nbgrader's own plugin interface (AssignLatePenalties)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol


class Plugin(Protocol):
    """nbgrader's LateSubmissionPlugin, or one that a course configures."""

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None: ...


@dataclass(frozen=True)
class Late:
    """How late a submission came, and who says what it costs."""

    student: str
    seconds: float
    plugin: Plugin


def plugin(config: Any = None) -> Plugin:
    """The plugin that nbgrader's configuration names; nbgrader's own takes nothing off."""
    from nbgrader.preprocessors import AssignLatePenalties

    step = AssignLatePenalties(config=config)
    step.init_plugin()
    chosen: Plugin = step.plugin_inst
    return chosen


def penalty(late: Late | None, score: float) -> float:
    """The points taken off one notebook with `score`: from 0 to `score`, as nbgrader bounds it."""
    if late is None or late.seconds <= 0:
        return 0.0
    asked = late.plugin.late_submission_penalty(late.student, score, late.seconds)
    if asked is None or asked < 0:
        return 0.0
    return float(min(asked, score))
