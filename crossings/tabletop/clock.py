"""From server time to the time of the exercise: start, pause, fast-forward, rewind, end.

A rewind takes back what happened later than the minute it goes to. What is left is the history that
counts, each act with its time in the exercise, in milliseconds. Whole numbers: a pause moves times
exactly.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from crossings.tabletop.event import CLOCK, Event

MINUTE = 60_000
Status = Literal["waiting", "running", "paused", "ended"]


@dataclass(frozen=True)
class Moment:
    """An act at `ms` of the exercise."""

    ms: int
    event: Event


@dataclass(frozen=True)
class Turn:
    """A jump of the clock, or a stop: for the timeline."""

    at: float
    kind: str
    ms: int
    to: int
    undone: int = 0
    """How many acts a rewind took back."""


@dataclass(frozen=True)
class History:
    """What counts at a moment. `server` is that moment, in milliseconds of server time."""

    status: Status
    ms: int
    server: int
    moments: tuple[Moment, ...]
    undone: tuple[Moment, ...]
    turns: tuple[Turn, ...]


def distinct(events: Iterable[Event]) -> list[Event]:
    """Each event once and in order of time, in whatever order and however often they come."""
    first: dict[str, Event] = {}
    for event in events:
        known = first.get(event.key)
        if known is None or event.at < known.at:
            first[event.key] = event
    return sorted(first.values(), key=lambda e: (e.at, e.key))


def history(events: Iterable[Event], now: float) -> History:
    """The history at server time `now`; later events are not known yet."""
    clock = _Clock()
    for event in distinct(events):
        if event.at > now:
            break
        clock.run(_ms(event.at))
        clock.take(event)
    clock.run(_ms(now))
    return clock.history()


def _ms(at: float) -> int:
    return round(at * 1000)


class _Clock:
    def __init__(self) -> None:
        self.status: Status = "waiting"
        self.ms = self.server = 0
        self.moments: list[Moment] = []
        self.undone: list[Moment] = []
        self.turns: list[Turn] = []

    def run(self, server: int) -> None:
        if self.status == "running":
            self.ms += max(0, server - self.server)
        self.server = max(self.server, server)

    def take(self, event: Event) -> None:
        if event.kind not in CLOCK:
            # In a pause the class talks; what was on its way counts at the minute that stands.
            if self.status in ("running", "paused") or event.kind == "scored":
                self.moments.append(Moment(self.ms, event))
            return
        before, gone = self.ms, len(self.undone)
        if self._move(event):
            undone = len(self.undone) - gone
            self.turns.append(Turn(event.at, event.kind, before, self.ms, undone))

    def _move(self, event: Event) -> bool:
        kind = event.kind
        if kind == "started" and self.status == "waiting":
            self.status = "running"
        elif kind == "paused" and self.status == "running":
            self.status = "paused"
        elif kind == "resumed" and self.status == "paused":
            self.status = "running"
        elif kind == "ended" and self.status in ("running", "paused"):
            self.status = "ended"
        elif kind in ("skipped", "rewound") and self.status in ("running", "paused"):
            return self._jump(kind, int(event.payload["to"]) * MINUTE)
        else:
            return False
        return True

    def _jump(self, kind: str, to: int) -> bool:
        ahead = to > self.ms
        if to < 0 or to == self.ms or ahead != (kind == "skipped"):
            return False
        if kind == "rewound":
            # Scores are the trainer's own and stay.
            stays = [m.ms <= to or m.event.kind == "scored" for m in self.moments]
            both = list(zip(self.moments, stays, strict=True))
            self.undone += [m for m, kept in both if not kept]
            self.moments = [m for m, kept in both if kept]
        self.ms = to
        return True

    def history(self) -> History:
        # A score that was given before a rewind stands later than what follows it.
        ordered = tuple(sorted(self.moments, key=lambda m: m.ms))
        return History(
            self.status, self.ms, self.server, ordered, tuple(self.undone), tuple(self.turns)
        )
