"""From a first test to a second: what the group gained, with an interval."""

from __future__ import annotations

from dataclasses import dataclass

from crossings.grading.analysis.interval import Interval, of_mean
from crossings.grading.analysis.model import Cohort

FEW = 10


@dataclass(frozen=True)
class Gain:
    """Shares of the points, of those who took both tests.

    `gain` is the mean of each trainee's own difference, with Student's 95 percent interval.
    `normalised` is the gain as a share of what there was to gain (Hake 1998); None where the
    first test was full already. `fell` are the trainees who did worse the second time.
    """

    people: int
    before: float
    after: float
    gain: Interval
    normalised: float | None
    fell: tuple[str, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    caveats: tuple[str, ...]


def gain(before: Cohort, after: Cohort) -> Gain | None:
    """What changed between two tests of the same people; None if nobody took both."""
    first, second = before.totals.dropna(), after.totals.dropna()
    both = sorted(set(first.index) & set(second.index))
    if not both:
        return None
    changes = {s: float(second[s] - first[s]) for s in both}
    around = of_mean(list(changes.values()))
    assert around is not None
    start, end = float(first[both].mean()), float(second[both].mean())
    same = {q.id for q in before.questions} & {q.id for q in after.questions}
    return Gain(
        people=len(both),
        before=start,
        after=end,
        gain=around,
        normalised=(end - start) / (1 - start) if start < 1 - 1e-9 else None,
        fell=tuple(s for s in both if changes[s] < -1e-9),
        only_before=tuple(sorted(set(first.index) - set(both))),
        only_after=tuple(sorted(set(second.index) - set(both))),
        caveats=_caveats(len(both), bool(same)),
    )


def _caveats(people: int, same: bool) -> tuple[str, ...]:
    found = []
    if people < FEW:
        found.append(f"only {people} took both tests: read the interval, not the mean")
    if same:
        found.append("both tests share questions: some of the gain may be memory")
    else:
        found.append("the tests have different questions: one may simply be easier")
    found.append("there is no group without the course: other reasons for the change are possible")
    return tuple(found)
