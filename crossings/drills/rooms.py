"""One run of a drill as a process of the learner site knows it, and whom news of it concerns."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from crossings.drills import tablework
from crossings.drills.log import Event
from crossings.drills.state import DrillState
from crossings.drills.teamwork import members

PROJECTOR = "*projector"


@dataclass(frozen=True)
class Seen:
    """What everybody, and each team, saw before some events."""

    everybody: tuple[int, str]
    teams: Mapping[str, int]

    @classmethod
    def of(cls, state: DrillState) -> Seen:
        teams = {t.id: t.version for t in state.teams.values()}
        return cls((state.version, state.status), teams)


@dataclass
class Room:
    """One run as this process knows it, and who is listening."""

    state: DrillState
    listeners: dict[str, set[asyncio.Event]] = field(default_factory=dict)
    used: float = 0.0
    checked: float = 0.0
    joins: set[str] = field(default_factory=set)
    """Keys of those who joined: to say again to a page that lost the answer."""
    catching: asyncio.Lock = field(default_factory=asyncio.Lock)

    def concerned(self, before: Seen, events: Iterable[Event]) -> set[str]:
        """Whose pages may have something new after `events`."""
        state, after = self.state, Seen.of(self.state)
        if after.everybody != before.everybody:
            return set(self.listeners)
        # What one role does in an exercise may reach every other.
        if any(event.key in state.acts for event in events):
            return set(self.listeners)
        changed = [t for t, version in after.teams.items() if before.teams.get(t) != version]
        mates = {s.id for team in changed for s in members(state, team)}
        return {e.seat for e in events} | mates | {PROJECTOR}

    def is_due(self, now: float) -> bool:
        """Whether time alone has brought something new."""
        return tablework.is_due(self.state, now)

    def ring(self, names: Iterable[str]) -> None:
        for name in names:
            for bell in self.listeners.get(name, ()):
                bell.set()
