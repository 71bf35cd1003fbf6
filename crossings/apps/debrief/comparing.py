"""Two runs of a drill beside each other: what both share, what differs, and how sure that is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from crossings.drills import measures as measured
from crossings.drills.measures import FEWER, Measure, Part
from crossings.drills.names import folded
from crossings.drills.state import DrillState
from crossings.grading.analysis.interval import Interval, of_difference, of_mean, of_share

_FORGOTTEN = re.compile(r"Person \d+")
"""What stands in the log for a name that was taken out; it is nobody's."""
_NOT_PEOPLE = (
    "In this drill teams, or the whole room, were measured, and not people: nobody can be paired. "
    "Compare the two runs as groups."
)
FEW = 5
"""Fewer in a group say nothing about a difference."""
Verdict = Literal["better", "worse", "open", "few"]
WORDS: dict[Verdict, str] = {
    "better": "better in the second run",
    "worse": "worse in the second run",
    "open": "could be chance",
    "few": "too few to tell",
}


class NotComparableError(ValueError):
    """The two runs have nothing in common; the message says why and what to do."""


@dataclass(frozen=True)
class Difference:
    """One measure in both runs. `people` counts those who were measured (pairs, where paired)."""

    measure: Measure
    first: Interval
    second: Interval
    people: tuple[int, int]
    change: Interval
    """The second less the first, with its 95 percent interval."""

    @property
    def verdict(self) -> Verdict:
        low, high = self.change.low, self.change.high
        if min(self.people) < FEW:
            return "few"
        if low is None or high is None or low <= 0 <= high:
            return "open"
        return "better" if (low > 0) != (self.measure.kind in FEWER) else "worse"


@dataclass(frozen=True)
class Comparison:
    """Two runs. `left_out` says which parts are not compared, and why."""

    first: DrillState
    second: DrillState
    paired: bool
    pairs: int
    differences: tuple[Difference, ...]
    left_out: tuple[tuple[str, str], ...]
    other_people: bool
    """Both drew their arriving people: from the same model, and not the same people."""

    @cached_property
    def main(self) -> Difference:
        """The one that the sentence is about: missed needs, or the points."""
        by_kind = {d.measure.kind: d for d in reversed(self.differences)}
        found = by_kind.get("missed") or by_kind.get("whole")
        return found or self.differences[0]

    def of(self, *kinds: str) -> list[Difference]:
        return [d for d in self.differences if d.measure.kind in kinds]

    @property
    def groups(self) -> bool:
        """Whether some measure has enough people on both sides for an interval."""
        return any(d.verdict != "few" for d in self.differences)

    @property
    def headline(self) -> str:
        """The one sentence that matters, with how sure it is."""
        main = self.main
        change = f"{_percent(main.first)} in the first run, {_percent(main.second)} in the second"
        said = f"{main.measure.text}: {change}."
        tails = {
            "few": " There are too few to tell the groups apart.",
            "open": " The difference could be chance.",
            "better": " That is better, by more than chance explains.",
            "worse": " That is worse, by more than chance explains.",
        }
        return said + tails[main.verdict]


def _percent(of: Interval) -> str:
    return f"{100 * of.value:.0f} %"


def compared(first: DrillState, second: DrillState, paired: bool = False) -> Comparison:
    """`second` beside `first`. `paired` counts only people who were in both, by their names.

    Raises:
        NotComparableError: where the runs share nothing.
    """
    _same_kind(first, second)
    one, two = measured.parts(first), measured.parts(second)
    drawn = _drawn_alike(first, second)
    common = {name for name in one.keys() & two.keys() if one[name].content == two[name].content}
    other_people = drawn and common != one.keys() | two.keys()
    if not common and not other_people:
        raise NotComparableError(_nothing(first, second))
    whole = _whole(first, second)
    kinds = {"need", "step"} if other_people else set()
    shares = [
        {(m.kind, m.id): m for m in measured.measures(s, own if other_people else common, whole)
         if m.kind not in kinds}
        for s, own in ((first, one), (second, two))
    ]  # fmt: skip
    if paired and not any(key in first.seats for m in shares[0].values() for key in m.shares):
        raise NotComparableError(_NOT_PEOPLE)
    same = _same_people(first, second) if paired else {}
    found = [_difference(m, shares[1][key], same if paired else None)
             for key, m in shares[0].items() if key in shares[1]]  # fmt: skip
    differences = tuple(d for d in found if d is not None)
    if not differences:
        raise NotComparableError(_nobody(first, second, paired))
    left = () if other_people else tuple(_left_out(one, two))
    return Comparison(first, second, paired, len(same), differences, left, other_people)


def _same_kind(first: DrillState, second: DrillState) -> None:
    kinds = [s.plan().kind for s in (first, second)]
    if kinds[0] != kinds[1]:
        raise NotComparableError(
            f"`{first.run}` is a {kinds[0]} drill and `{second.run}` a {kinds[1]} drill: they "
            "measure different things. Compare two runs of one drill."
        )


def _nothing(first: DrillState, second: DrillState) -> str:
    for state in (first, second):
        if not measured.parts(state):
            return f"Nothing was played in `{state.run}` yet, so there is nothing to compare."
    if first.ref != second.ref:
        return (
            f"`{first.run}` is “{first.title}” and `{second.run}` is “{second.title}”: they share "
            "nothing. Compare two runs of one drill; ./course drill list shows them."
        )
    return (
        f"The drill “{first.title}” was changed between the two runs, or other parts of it were "
        "played: they share nothing."
    )


def _nobody(first: DrillState, second: DrillState, paired: bool) -> str:
    if paired:
        return (
            f"Nobody was in both `{first.run}` and `{second.run}` by name (each name must stand "
            "for one person in each run). Compare them as two groups."
        )
    return f"Nobody answered in `{first.run}` or in `{second.run}`, so nothing can be compared."


def _whole(first: DrillState, second: DrillState) -> bool:
    """Whether what stands for the whole is the same in both scripts."""
    one, two = first.plan(), second.plan()
    if one.case is not None and two.case is not None:
        return one.case.doc == two.case.doc
    return one.tabletop == two.tabletop


def _drawn_alike(first: DrillState, second: DrillState) -> bool:
    one, two = first.plan().drawn, second.plan().drawn
    if one is None or two is None:
        return False
    return (one.model, one.version, one.settings) == (two.model, two.version, two.settings)


def _left_out(one: Mapping[str, Part], two: Mapping[str, Part]) -> list[tuple[str, str]]:
    found = []
    for name, part in {**two, **one}.items():
        if name not in two:
            found.append((part.title, "only in the first run"))
        elif name not in one:
            found.append((part.title, "only in the second run"))
        elif one[name].content != two[name].content:
            found.append((part.title, "changed between the runs"))
    return found


def _same_people(first: DrillState, second: DrillState) -> dict[str, str]:
    """Seats of the first run with the seat of the same name in the second.

    A name that two people share, or that was taken out, pairs nobody: pairing the wrong people is
    worse than pairing fewer.
    """
    known = []
    for state in (first, second):
        kept = [s for s in state.present if not _FORGOTTEN.fullmatch(s.name)]
        count = Counter(folded(s.name) for s in kept)
        known.append({folded(s.name): s.id for s in kept if count[folded(s.name)] == 1})
    return {seat: known[1][name] for name, seat in known[0].items() if name in known[1]}


def _difference(one: Measure, two: Measure, same: Mapping[str, str] | None) -> Difference | None:
    first, second = list(one.shares.values()), list(two.shares.values())
    seats = any(key in (same or {}) for key in one.shares)
    if same is not None and seats:
        both = [(one.shares[a], two.shares[b]) for a, b in same.items()
                if a in one.shares and b in two.shares]  # fmt: skip
        if not both:
            return None
        first, second = [a for a, _ in both], [b for _, b in both]
        change = of_mean([b - a for a, b in both])
        if change is not None and change.low == change.high:
            change = Interval(change.value)  # nothing varies: that is not certainty
    elif same is not None:
        return None
    else:
        change = of_difference(first, second)
    ends = of_share(first), of_share(second)
    if change is None or ends[0] is None or ends[1] is None:
        return None
    return Difference(one, ends[0], ends[1], (len(first), len(second)), change)
