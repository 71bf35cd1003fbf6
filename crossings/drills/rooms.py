"""The rooms of one log: each drill that somebody is in, folded, and kept up with the log.

A room follows the log, whoever writes to it: this process, another learner site, a console.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from crossings.drills import snapshots
from crossings.drills.following import News
from crossings.drills.log import Ack, Draft, DrillLog, DrillLogError
from crossings.drills.replies import Refused, unavailable
from crossings.drills.state import DrillState
from crossings.drills.tableviews import marks_of

CHECK = 0.6
"""Seconds after which a room that somebody enters is compared with the log."""
ROUND = 40
"""How many pages are told at a time; between them answers that come in are taken."""
QUIET = 2.0
"""Seconds without an event after which a room has time for a snapshot."""
PROVE = 5.0
"""Seconds until a room notices that its drill was deleted."""
PROJECTOR = "*projector"
"""The listener that is the big screen; no seat has this name."""


@dataclass
class Room:
    """One run as this process knows it, and who is listening."""

    state: DrillState
    listeners: dict[str, set[asyncio.Event]] = field(default_factory=dict)
    used: float = 0.0
    checked: float = 0.0
    proved: float = 0.0
    """When the log was last asked whether it still holds what is here."""
    moved: float = 0.0
    """When the newest event was taken in."""
    kept: int = 0
    """The `seq` of the newest snapshot."""
    desks: dict[str | None, tuple[int, int]] = field(default_factory=dict)
    """Of an exercise: what the desk of each team showed after the newest act, as its mark."""
    catching: asyncio.Lock = field(default_factory=asyncio.Lock)
    begun: int = 0
    """How many looks at the log were begun. Who waits while others look need not look again."""
    seen: int = 0
    """The number of the last look that ended well."""


class Rooms:
    """Every drill of one log that somebody is in, in one asyncio loop."""

    def __init__(self, log: Callable[[], DrillLog], clock: Callable[[], float] = time.time) -> None:
        self._open_log, self._clock = log, clock
        self._log: DrillLog | None = None
        self._rooms: dict[str, Room] = {}
        self._codes: dict[str, str] = {}
        self._tail: asyncio.Task[None] | None = None
        self._news_of_others = News()
        self._telling: set[asyncio.Task[None]] = set()

    async def _run_with(self, what: str, value: str) -> str | None:
        if value in self._codes:
            return self._codes[value]
        log = await self._the_log()
        for opening in reversed(await self._safely(log.openings)):
            self._codes[opening.payload["code"]] = opening.drill
            self._codes[opening.payload["projector"]] = opening.drill
        return self._codes.get(value)

    async def _room(self, run: str) -> Room:
        room = self._rooms.get(run)
        if room is None:
            room = self._rooms.setdefault(run, Room(DrillState(run)))
        room.used = self._clock()
        if self._tail is None or self._tail.done():
            self._tail = asyncio.create_task(self._follow())
        if room.state.script is None or room.used - room.checked > CHECK:
            await self._catch_up(room)
        return room

    # The log

    async def _the_log(self) -> DrillLog:
        if self._log is None:
            try:
                log = await asyncio.to_thread(self._open_log)
            except DrillLogError as error:
                raise unavailable(error) from error
            if self._log is None:
                self._log = log
                self._news_of_others.follow(log)
        return self._log

    async def _append(self, draft: Draft) -> Ack:
        log = await self._the_log()
        try:
            return (await asyncio.wrap_future(log.submit([draft])))[0]
        except DrillLogError as error:
            raise unavailable(error) from error

    async def _holds(self, run: str, key: str) -> bool:
        """Whether the log has the event with this key."""
        return bool(await self._safely((await self._the_log()).holds, run, key))

    async def _safely(self, read: Callable[..., Any], *args: Any) -> Any:
        try:
            return await asyncio.to_thread(read, *args)
        except DrillLogError as error:
            raise unavailable(error) from error

    async def _catch_up(self, room: Room, upto: int | None = None) -> None:
        """Fold what the log has and this room has not, and wake whom it concerns."""
        log = await self._the_log()
        wanted = room.begun + 1
        async with room.catching:
            if not room.state.seq:
                room.state = await self._safely(snapshots.resumed, log, room.state.run)
                room.kept = room.state.seq
            state = room.state
            if room.seen >= wanted if upto is None else state.seq >= upto:
                return
            room.begun += 1
            room.checked = self._clock()
            before = (state.version, state.status)
            teams = {t.id: t.version for t in state.teams.values()}
            events = await self._safely(log.since, state.run, state.seq)
            for event in events:
                state.apply(event)
            if any(event.kind == "forgotten" for event in events):
                # What was folded holds what was taken out of the log since.
                room.state = await self._safely(snapshots.resumed, log, state.run)
            room.seen = room.begun
        if not events:
            return
        room.moved = self._clock()
        everybody = (state.version, state.status) != before
        changed: set[str | None] = {
            t.id for t in state.teams.values() if teams.get(t.id) != t.version
        }
        if any(event.key in state.acts for event in events):
            changed |= self._changed_desks(room)
        mates = {seat.id for seat in state.present if seat.team in changed}
        names = set(room.listeners) if everybody else {e.seat for e in events} | mates | {PROJECTOR}
        bells = [bell for name in names for bell in room.listeners.get(name, ())]
        if len(bells) <= ROUND:
            _ring(bells)
            return
        telling = asyncio.create_task(_ring_in_rounds(bells))
        self._telling.add(telling)
        telling.add_done_callback(self._telling.discard)

    def _changed_desks(self, room: Room) -> set[str | None]:
        """The teams whose desks the newest acts changed: what one does may reach any other."""
        known, room.desks = room.desks, marks_of(room.state, self._clock())
        return {team for team, mark in room.desks.items() if known.get(team) != mark}

    async def _follow(self) -> None:
        """Look at the log for every room that is in use, until none is."""
        while self._rooms:
            rung = await self._news_of_others.wait()
            for run, room in list(self._rooms.items()):
                idle = self._clock() - room.used
                if idle > 3600 and not room.listeners:
                    del self._rooms[run]
                    continue
                if (idle > 60 and not room.listeners) or (rung is not None and run not in rung):
                    continue
                try:
                    await self._catch_up(room)
                    await self._keep(room)
                    await self._leave_if_deleted(room)
                except Refused:
                    await asyncio.sleep(1)

    async def _leave_if_deleted(self, room: Room) -> None:
        """A drill that was deleted is gone from memory too; pages hear it at their next word."""
        if self._clock() - room.proved < PROVE:
            return
        room.proved = self._clock()
        log = await self._the_log()
        if await self._safely(log.head, room.state.run) < room.state.seq:
            self._rooms.pop(room.state.run, None)
            self._codes = {c: run for c, run in self._codes.items() if run != room.state.run}

    async def _keep(self, room: Room) -> None:
        """A snapshot after many events, so that a new process finds the room soon."""
        log, fresh = await self._the_log(), room.state.seq - room.kept
        busy = self._clock() - room.moved < QUIET
        if fresh < snapshots.EVERY or (busy and fresh < 10 * snapshots.EVERY):
            return
        async with room.catching:
            room.kept = room.state.seq
            await self._safely(snapshots.keep, log, room.state)


def _ring(bells: Iterable[asyncio.Event]) -> None:
    for bell in bells:
        bell.set()


async def _ring_in_rounds(bells: Sequence[asyncio.Event]) -> None:
    for start in range(0, len(bells), ROUND):
        _ring(bells[start : start + ROUND])
        await asyncio.sleep(0)
