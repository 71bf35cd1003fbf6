"""Who needs help now, and why: reasons a trainer can act on, never a bare rank."""

from __future__ import annotations

from dataclasses import dataclass

from crossings.grading.analysis import confidence, mastery
from crossings.grading.analysis.model import Cohort

LOW_TOTAL = 0.5
MANY_GAPS = 0.5
"""Share of the measured objectives that are `not yet` from which somebody needs help."""
MANY_BELIEFS = 3


@dataclass(frozen=True)
class Need:
    """One trainee, the reasons, and the objectives to start with. More reasons come first."""

    student: str
    reasons: tuple[str, ...]
    start_with: tuple[str, ...]


def needs(cohort: Cohort, before: Cohort | None = None) -> tuple[Need, ...]:
    """Everybody in `cohort` for whom at least one reason holds."""
    reached = mastery.objectives(cohort)
    everybody = sorted({*cohort.students, *cohort.names, *cohort.apart})
    found = [_need(cohort, before, reached, student) for student in everybody]
    return tuple(sorted((n for n in found if n.reasons), key=lambda n: -len(n.reasons)))


def _need(
    cohort: Cohort, before: Cohort | None, reached: tuple[mastery.Reached, ...], student: str
) -> Need:
    if student not in cohort.students:
        why = cohort.apart.get(student, "")
        return Need(student, (why or "has handed in nothing",), ())
    gaps = tuple(r.id for r in reached if r.standings.get(student) == "not yet")
    measured = [
        r for r in reached if r.standings.get(student, "") in ("shown", "partly", "not yet")
    ]
    reasons = [
        *_total(cohort, student),
        *_gaps(len(gaps), len(measured)),
        *_beliefs(cohort, student),
        *_fall(cohort, before, student),
    ]
    return Need(student, tuple(reasons), gaps)


def _total(cohort: Cohort, student: str) -> list[str]:
    share = cohort.totals.get(student)
    if share is None or share != share or share >= LOW_TOTAL:
        return []
    return [f"earned {share:.0%} of the points"]


def _gaps(gaps: int, measured: int) -> list[str]:
    if not measured or gaps / measured < MANY_GAPS:
        return []
    return [f"{gaps} of {measured} objectives not yet shown"]


def _beliefs(cohort: Cohort, student: str) -> list[str]:
    wrong = sum(
        confidence.certain_and_wrong(cohort, a) for a in cohort.answers if a.student == student
    )
    return [f"certain of {wrong} wrong answers"] if wrong >= MANY_BELIEFS else []


def _fall(cohort: Cohort, before: Cohort | None, student: str) -> list[str]:
    if before is None:
        return []
    then, now = before.totals.get(student), cohort.totals.get(student)
    if then is None or now is None or not now < then - 0.1:
        return []
    return [f"fell from {then:.0%} to {now:.0%}"]
