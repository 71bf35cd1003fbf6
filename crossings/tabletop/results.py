"""How an exercise came out: milestones met and missed, decisions against the procedure, scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from crossings.tabletop.clock import MINUTE
from crossings.tabletop.model import Milestone, RoleAction
from crossings.tabletop.play import Play, Score

Standing = Literal["met", "late", "missed", "undone", "open"]
WORDS: dict[Standing, str] = {
    "met": "Met in time",
    "late": "Met late",
    "missed": "Missed",
    "undone": "Met, then undone",
    "open": "Not yet",
}


@dataclass(frozen=True)
class Reached:
    """A milestone and what became of it; `ms` is when it was first met."""

    name: str
    milestone: Milestone
    standing: Standing
    ms: int | None


@dataclass(frozen=True)
class Decided:
    """An action that a role took, at `ms`."""

    role: str
    name: str
    action: RoleAction
    ms: int


def reached(play: Play) -> list[Reached]:
    """Every milestone in the order of the file."""
    return [
        Reached(name, milestone, _standing(play, name, milestone), play.first_met.get(name))
        for name, milestone in play.table.milestones.items()
    ]


def _standing(play: Play, name: str, milestone: Milestone) -> Standing:
    first = play.first_met.get(name)
    if first is None:
        over = play.status == "ended" or (milestone.by is not None and play.ms > _end(milestone.by))
        return "missed" if over else "open"
    if name not in play.met:
        return "undone"
    return "met" if milestone.by is None or first <= _end(milestone.by) else "late"


def _end(minute: int) -> int:
    """`by: 20` is met in time while the clock shows 20."""
    return minute * MINUTE + MINUTE - 1


def decided(play: Play) -> list[Decided]:
    """Every action that was taken and counts, in order of time."""
    found = [Decided(r, a, play.table.actions[a], ms) for (r, a), ms in play.done.items()]
    return sorted(found, key=lambda d: d.ms)


def marks(play: Play, role: str) -> tuple[float, float, list[Score]]:
    """The trainer's points for a role, the most possible for what was scored, and the scores."""
    given = [s for s in play.scores.values() if s.role == role]
    scales = {s.id: s for s in play.table.rubric}
    points = sum(scales[s.criterion].levels[s.level].points for s in given)
    return points, sum(scales[s.criterion].points for s in given), given


def points(play: Play) -> tuple[int, int]:
    """Milestones met in time, of all."""
    found = reached(play)
    return sum(r.standing == "met" for r in found), len(found)
