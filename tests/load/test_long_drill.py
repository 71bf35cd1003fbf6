"""A drill of three hours, on a fast clock: what the site keeps in memory does not grow with it."""

from __future__ import annotations

import asyncio
import gc
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from benchmarks.drills.crowd import chosen, soon
from crossings.drills import DrillLog, Trainer, open_drill, snapshots
from crossings.drills.limits import Bucket
from crossings.drills.service import DrillService, Refused
from tests import aside
from tests.drills import classroom

pytestmark = [pytest.mark.load, pytest.mark.xdist_group("load")]
PEOPLE, MINUTES = 80, 180
MOST = 6 * 2**20
"""Bytes that two more hours may add: the new questions, and nothing for each of 10,000 answers."""


class Clock:
    now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


class Page:
    """A participant's page that is open, or was closed and opened again."""

    def __init__(self, service: DrillService, token: str) -> None:
        self.service, self.token, self.seen = service, token, 0
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._task = asyncio.create_task(self._read(await self.service.listen(self.token)))

    async def _read(self, news: AsyncIterator[Any]) -> None:
        async for view in news:
            self.seen += view is not None

    async def close(self) -> None:
        assert self._task is not None
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


def test_three_hours_do_not_fill_the_memory(tmp_path: Path) -> None:
    clock = Clock()
    log = DrillLog(tmp_path / "drills.sqlite", clock)
    try:
        aside.run(_three_hours(log, clock))
    finally:
        log.close()


async def _three_hours(log: DrillLog, clock: Clock) -> None:
    service = DrillService(lambda: log, clock)
    # The limits count real seconds, of which this drill has few.
    service._answers = Bucket(burst=40, rate=4, clock=clock)
    service._looks = Bucket(burst=60, rate=5, clock=clock)
    trainer = Trainer(log, open_drill(log, classroom.course(), classroom.QUIZ))
    run, sizes = trainer.state.run, dict[int, int]()
    pages = []
    for n in range(PEOPLE):
        seat = await service.join(
            trainer.state.code, f"Person {n}", f"join-key-{n:03d}", "10.0.0.1"
        )
        pages.append(Page(service, seat["token"]))
        await pages[-1].open()
    trainer.start()
    for minute in range(MINUTES):
        clock.now += 30
        await asyncio.to_thread(trainer.extend, 120)
        if minute % 36 == 35:
            await asyncio.to_thread(trainer.forward)
        await service._catch_up(service._rooms[run])
        await asyncio.gather(*(_answer(service, p, minute, n) for n, p in enumerate(pages)))
        clock.now += 30
        for page in pages[minute % 5 :: 5]:
            await page.open()
        with pytest.raises(Refused):
            await service.rejoin(trainer.state.code, "WRONG1", f"10.0.{minute}.1")
        if minute % 20 == 19:
            gc.collect()
            sizes[minute] = psutil.Process().memory_info().rss
    room = service._rooms[run]
    assert await soon(lambda: all(page.seen > MINUTES for page in pages))
    # Pages that were opened a moment ago listen again.
    assert await soon(lambda: sum(len(bells) for bells in room.listeners.values()) == PEOPLE)
    assert room.state.seq > MINUTES * PEOPLE
    assert len(service._rooms) == 1 and not service._telling
    assert sizes[MINUTES - 1] - sizes[59] < MOST, sizes
    assert snapshots._snapshot(log, run) is not None, "a long drill keeps snapshots"
    for page in pages:
        await page.close()
    assert room.listeners == {}
    assert service._tail is not None
    service._tail.cancel()


async def _answer(service: DrillService, page: Page, minute: int, n: int) -> None:
    """Everybody changes their mind every minute."""
    step = (await service.view(page.token))["step"]
    response, key = chosen(step, random.Random(minute * PEOPLE + n)), f"answer-{minute:04d}"
    told = await service.answer(page.token, step["index"], response, minute + 1, key)
    assert told["saved"]
