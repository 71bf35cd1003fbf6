"""One room of one size, measured from its participants' side."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from benchmarks.drills.audit import audit
from benchmarks.drills.crowd import Crowd
from benchmarks.drills.line import Place
from benchmarks.drills.served import Desk, Served
from crossings.drills import DrillLog
from crossings.workspace import Workspace

LATENCY, LOSS = 0.2, 0.05
"""Of a bad line: seconds there and back, share of what is sent."""
QUESTIONS = 3
JOINING, THINKING = 20.0, 8.0
"""Seconds over which people come, and within which they answer."""


@dataclass(frozen=True)
class Measured:
    """Seconds, bytes and counts of one room."""

    people: int
    joined: float
    """Until the last of all was in."""
    join95: float
    answered: float
    """From the opening of a question until the last of all was acknowledged; the slowest one."""
    ack50: float
    ack95: float
    ack_most: float
    screen95: float
    console95: float
    memory: float
    """Bytes of the learner site for each participant, over what it has when nobody is there."""
    server_cpu: float
    """Seconds of the learner site's processor for each question."""
    acknowledged: int
    lost: int
    doubled: int
    wrong: int
    """Seats, scores and newest answers that differ from the participants' books."""
    drops: int = 0
    kills: int = 0
    line: Literal["good", "packets", "relay"] = "good"
    """`packets`: they were dropped. `relay`: pieces of a stream came late instead."""
    pieces: int = 0
    late: int = 0
    """How many of the packets (pieces) were lost (late)."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def share(values: Sequence[float], part: float) -> float:
    """The value below which `part` of `values` lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else float("nan")


async def room(served: Served, size: int, wrong: Place | None = None) -> Measured:
    """Play a quiz with `size` people; with `wrong`, a bad line to the site, all goes wrong.

    Besides the line, 5 % of everybody drop out each minute and come back, clocks are wrong by up
    to ten minutes, and the site meets a SIGKILL in each question.
    """
    place = Workspace(served.folder).drill_log
    desk = await Desk.open(place)
    opened = desk.opened
    where, skew = (wrong, 600.0) if wrong else (Place("127.0.0.1", served.port), 0.0)
    crowd = Crowd(where, opened["code"], opened["projector"], size, skew)
    for person in crowd.people:
        person.within = THINKING
        person.changes_mind = 0.3 if wrong else 0.0
    empty = served.learner.memory_info().rss
    joined = await crowd.join(min(JOINING, size / 20))
    slowest, cpu, drops = 0.0, 0.0, 0
    for step in range(QUESTIONS):
        before, begun = _cpu(served), time.monotonic()
        desk.do("start" if step == 0 else "forward")
        if wrong:
            desk.do("extend")
            drops += await _harm(served, crowd)
        if not await crowd.answered(step, 180.0 if wrong else 60.0):
            raise TimeoutError(f"{size} people: not everybody's answer came through")
        slowest = max(slowest, max(at for at, s in crowd.times.told if s == step) - begun)
        cpu += 0.0 if wrong else _cpu(served) - before
        await asyncio.sleep(1.0)
        memory = served.learner.memory_info().rss
        desk.do("reveal")
        await asyncio.sleep(2.0)
    await crowd.shown(QUESTIONS - 1)
    told = list(crowd.times.told)
    screen, console = crowd.chart.freshness(told), desk.chart.freshness(told)
    await desk.close()
    await asyncio.sleep(4.0)
    await crowd.leave()
    log = DrillLog(place)
    found = audit(log, opened["run"], crowd.people)
    log.close()
    times = crowd.times
    return Measured(
        people=size, joined=joined, join95=share(times.joined, 0.95), answered=slowest,
        ack50=share(times.acknowledged, 0.5), ack95=share(times.acknowledged, 0.95),
        ack_most=max(times.acknowledged), screen95=share(screen, 0.95),
        console95=share(console, 0.95), memory=(memory - empty) / size,
        server_cpu=cpu / QUESTIONS, acknowledged=found.acknowledged, lost=found.lost,
        doubled=found.doubled, wrong=found.outdone + found.seats + found.scores,
        drops=drops, kills=QUESTIONS if wrong else 0,
    )  # fmt: skip


def _cpu(served: Served) -> float:
    times = served.learner.cpu_times()
    return float(times.user + times.system)


async def _harm(served: Served, crowd: Crowd) -> int:
    """Kill the site in the middle of the question, while people drop out and come back."""
    dropping = asyncio.create_task(crowd.churn(0.05, 12.0))
    await asyncio.sleep(THINKING / 2)
    await asyncio.to_thread(served.kill_learner)
    return await dropping
