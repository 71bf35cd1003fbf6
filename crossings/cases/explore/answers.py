"""What is known of all plays of a case."""

from __future__ import annotations

from dataclasses import dataclass, field

from crossings.cases.explore.parts import Event
from crossings.cases.explore.replay import Run
from crossings.cases.score import percent_of


@dataclass
class Bounds:
    """Between which percent plays end somewhere: no play ends outside."""

    low: int
    high: int
    low_play: Run | None = None
    """A play that meets the bound, or one that ends under what the author promises."""
    high_play: Run | None = None

    @property
    def exact(self) -> bool:
        """Whether plays are known that meet both bounds."""
        plays = ((self.low_play, self.low), (self.high_play, self.high))
        return all(play is not None and play.percent == bound for play, bound in plays)


@dataclass
class Answers:
    """What is known of all plays of a case."""

    full: int
    """Points that count as 100 percent."""
    bound: int
    """The most states of one search."""
    happens: dict[Event, Run | None] = field(default_factory=dict)
    """Events that a play shows; with the play, where a scout was the first to see it."""
    never: set[Event] = field(default_factory=set)
    """Events that no play shows."""
    open: set[Event] = field(default_factory=set)
    """Events that stayed undecided."""
    bounds: dict[str, Bounds] = field(default_factory=dict)
    """By ending that plays may reach."""
    most_points: int = 0
    """No play earns more."""
    richest: Run | None = None
    """A play that earns more points than the best walkthrough."""
    trapped: dict[str, Run] = field(default_factory=dict)
    """Nodes from which no ending can be reached any more, with a play that gets there."""
    unproved: list[tuple[str | None, bool]] = field(default_factory=list)
    """Bounds (ending, whether the upper one; None: of the points at any ending) left undecided."""
    states: int = 0
    """Folded states that were looked at, in all searches."""

    @property
    def stopped(self) -> bool:
        """Whether the bound left something open."""
        return bool(self.unproved or self.open)

    def percent(self, points: int, cap: int) -> int:
        return min(percent_of(max(0, points), self.full), cap)
