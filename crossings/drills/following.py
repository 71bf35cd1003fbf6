"""When to look at the log for what other processes wrote: at PostgreSQL's bell, or every moment."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from crossings.drills.listening import Listener
from crossings.drills.log import DrillLog

POLL = 0.15
"""Seconds between looks at a log that cannot ring."""
TRUST = 2.0
"""Seconds after which a log that rings is looked at all the same."""
GATHER = 0.02
"""Seconds in which further rings are heard as one."""


class News:
    """Waits for news of drills, in one asyncio loop."""

    def __init__(self) -> None:
        self._rung: set[str] = set()
        self._bell = asyncio.Event()
        self._listener: Listener | None = None

    def follow(self, log: DrillLog) -> None:
        loop = asyncio.get_running_loop()

        def tell(drill: str) -> None:
            with suppress(RuntimeError):  # the loop may have ended meanwhile
                loop.call_soon_threadsafe(self._hear, drill)

        self._listener = log.listen(tell)

    def _hear(self, drill: str) -> None:
        self._rung.add(drill)
        self._bell.set()

    async def wait(self) -> set[str] | None:
        """The drills to look at; None means every one."""
        if self._listener is None or not self._listener.connected.is_set():
            await asyncio.sleep(POLL)
            return None
        try:
            async with asyncio.timeout(TRUST):
                await self._bell.wait()
        except TimeoutError:
            return None
        await asyncio.sleep(GATHER)
        self._bell.clear()
        rung, self._rung = self._rung, set()
        return None if "" in rung else rung
