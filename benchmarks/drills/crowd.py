"""Simulated participants. Each does what the page does, and keeps a book of its own.

The book says what was acknowledged to this participant. What the server counts is compared with
the books afterwards: nobody asks the server whether it did well.
"""

from __future__ import annotations

import asyncio
import json
import random
import secrets
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from benchmarks.drills.line import BrokenError, Json, Line, Place, Stream

AGAIN = 1.0
"""Seconds until the page sends again what was not acknowledged; longer each time, at most five."""


@dataclass
class Book:
    """What one participant was told: key, step and number of each acknowledged answer."""

    answers: dict[str, tuple[int, int, Json]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


@dataclass
class Times:
    """Seconds, of everybody."""

    joined: list[float] = field(default_factory=list)
    acknowledged: list[float] = field(default_factory=list)
    """From the first sending of an answer to its acknowledgement, repetitions included."""
    told: list[tuple[float, int]] = field(default_factory=list)
    """When (monotonic) an answer to which step was acknowledged."""


async def soon(true: Callable[[], bool], patience: float = 30.0) -> bool:
    """Whether `true` became so within `patience` seconds. A room may stand beside other work, where
    a fixed pause is sometimes too short, and mostly too long."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if true():
            return True
        await asyncio.sleep(0.1)
    return true()


class Participant:
    """One phone. `skew` is how many seconds its clock is wrong."""

    def __init__(self, place: Place, code: str, number: int, times: Times, skew: float = 0) -> None:
        self.place, self.code, self.number, self.times = place, code, number, times
        self.dice = random.Random(number)
        self.book = Book()
        self.skew = skew
        self.seat: Json = {}
        self.view: Json = {}
        self.within = 8.0
        """Seconds in which an answer is thought about."""
        self.changes_mind = 0.0
        """Share of answers that are sent twice, with another choice."""
        self._line = Line(place)
        self._stream: Stream | None = None
        self._offsets: list[float] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._asked: set[int] = set()
        self._n = 0
        self._gone = False

    # Coming and going

    async def join(self) -> None:
        body = {"code": self.code, "name": f"Person {self.number}", "key": secrets.token_hex(8)}
        begun = time.perf_counter()
        self.seat = await self._until_done("join", body) or {}
        await self._listen()
        self.times.joined.append(time.perf_counter() - begun)

    async def drop(self, away: float) -> None:
        """The battery dies; after `away` seconds the seat is taken again, on a second device."""
        self._gone = True
        self._cut()
        await asyncio.sleep(away)
        self._gone = False
        if self.dice.random() < 0.5:
            body = {"code": self.code, "seat_code": self.seat["seat_code"]}
            back = await self._until_done("rejoin", body)
            assert back is not None and back["seat"] == self.seat["seat"], (back, self.seat)
            self.seat = back
        await self._listen()

    async def leave(self) -> None:
        self._gone = True
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._cut()

    def _cut(self) -> None:
        self._line.cut()
        if self._stream is not None:
            self._stream.cut()
            self._stream = None

    async def _listen(self) -> None:
        while not self._gone:
            try:
                path = f"/api/drill/stream?token={self.seat['token']}"
                self._stream = await Stream.open(self.place, path, self._seen, self._lost)
                return
            except BrokenError:
                await asyncio.sleep(AGAIN * (0.7 + 0.6 * self.dice.random()))

    def _lost(self) -> None:
        if not self._gone:
            self._start(self._relisten())

    async def _relisten(self) -> None:
        await asyncio.sleep(1.5 * self.dice.random())
        await self._listen()

    # Looking and answering

    def _seen(self, text: bytes) -> None:
        self.view = json.loads(text)
        # As the page: the largest offset is the one with the least delay.
        self._offsets = [*self._offsets[-7:], self.view["now"] - self._now()]
        step = self.view.get("step")
        if not step or step.get("phase") != "open" or step["index"] in self._asked:
            return
        if step["deadline"] is not None and step["deadline"] < self.server_now():
            return
        self._asked.add(step["index"])
        self._start(self._answer(step))

    def shows_right(self, step: int) -> bool:
        """Whether this page shows what was right at `step`."""
        now = self.view.get("step") or {}
        return now.get("index") == step and now.get("phase") == "revealed"

    def _now(self) -> float:
        return time.time() + self.skew

    def server_now(self) -> float:
        return self._now() + max(self._offsets)

    async def _answer(self, step: Json) -> None:
        await asyncio.sleep(self.dice.random() * self.within)
        await self._send(step)
        if self.dice.random() < self.changes_mind:
            await asyncio.sleep(0.5)
            await self._send(step)

    async def _send(self, step: Json) -> None:
        self._n += 1
        response, key = chosen(step, self.dice), secrets.token_hex(8)
        body = {"step": step["index"], "response": response, "n": self._n, "key": key}
        number, begun = self._n, time.perf_counter()
        told = await self._until_done("answer", body)
        if told is None:
            return
        assert told["saved"] and told["step"] == step["index"] and told["n"] == number, told
        self.book.answers[key] = (step["index"], number, response)
        self.times.acknowledged.append(time.perf_counter() - begun)
        self.times.told.append((time.monotonic(), step["index"]))

    async def _until_done(self, path: str, body: Json) -> Json | None:
        """The acknowledgement; None where the server refuses for good."""
        pause = AGAIN
        while True:
            wait = pause * (0.7 + 0.6 * self.dice.random())
            if not self._gone:
                try:
                    sent = body | ({"token": self.seat["token"]} if path == "answer" else {})
                    status, told = await self._line.post(f"/api/drill/{path}", sent)
                    if status == 200:
                        return told
                    if status not in (429, 503):
                        self.book.refused[str(body.get("key"))] = told["message"]
                        return None
                    wait = max(wait, float(told.get("wait", 0)))
                except BrokenError:
                    pass
            await asyncio.sleep(wait)
            pause = min(5.0, pause * 1.6)

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def busy(self) -> bool:
        return bool(self._tasks)


def chosen(step: Json, dice: random.Random) -> Json:
    """Some answer to the question of a participant's page."""
    if "channels" in step:
        return {"choice": dice.choice(step["channels"])["id"]}
    item = step["item"]
    ids = [o["id"] for o in item["options"]]
    if item["kind"] in ("multiple", "hotspot"):
        return {"choices": dice.sample(ids, dice.randint(1, len(ids)))}
    if item["kind"] == "order":
        return {"order": dice.sample(ids, len(ids))}
    if item["kind"] in ("match", "grid"):
        targets = [t["id"] for t in item["targets"]]
        return {"pairs": {i: dice.choice(targets) for i in ids}}
    if item["kind"] == "number":
        return {"number": dice.randint(1, 60)}
    if item["kind"] in ("short", "text"):
        return {"text": f"word {dice.randint(1, 9)}"}
    return {"choice": dice.choice(ids)}


class Chart:
    """The projector: how long after an acknowledgement its bar had grown."""

    def __init__(self) -> None:
        self.seen: list[tuple[float, int, int]] = []
        """When (monotonic) it showed which step with how many answers."""
        self.seats = 0

    def add(self, text: bytes) -> None:
        view = json.loads(text)
        self.seats = view["seats"]
        if "answered" in (step := view.get("step") or {}):
            self.note(step["index"], step["answered"])

    def note(self, step: int, answered: int) -> None:
        self.seen.append((time.monotonic(), step, answered))

    def freshness(self, told: Iterable[tuple[float, int]]) -> list[float]:
        """Seconds from each acknowledgement until as many answers were shown.

        Counts are compared, so this holds while nobody's answer is counted twice: a second answer
        of the same person shows nothing new and must not be in `told`.
        """
        late: list[float] = []
        by_step: dict[int, list[float]] = {}
        for at, step in sorted(told):
            by_step.setdefault(step, []).append(at)
        for step, times in by_step.items():
            shown, place = [s for s in self.seen if s[1] == step], 0
            for rank, at in enumerate(times, 1):
                while place < len(shown) and shown[place][2] < rank:
                    place += 1
                late.append(max(0.0, shown[place][0] - at) if place < len(shown) else float("inf"))
        return late


class Crowd:
    """Everybody who is in one drill, and the projector in front of them."""

    def __init__(
        self, place: Place, code: str, projector: str, size: int, skew: float = 0, first: int = 0
    ) -> None:
        self.times, self.chart = Times(), Chart()
        dice = random.Random(size)
        self.people = [
            Participant(place, code, first + n, self.times, dice.uniform(-skew, skew))
            for n in range(size)
        ]
        self._place, self._projector = place, projector
        self._screen: Stream | None = None
        self._over = False

    async def join(self, within: float = 10.0) -> float:
        """Everybody in, coming over `within` seconds; returns the seconds that it took."""
        await self._show()
        begun = time.perf_counter()

        async def come(person: Participant, after: float) -> None:
            await asyncio.sleep(after)
            await person.join()

        share = within / max(1, len(self.people))
        await asyncio.gather(*(come(p, n * share) for n, p in enumerate(self.people)))
        return time.perf_counter() - begun

    async def _show(self) -> None:
        path = f"/api/drill/projector/stream?key={self._projector}"
        while not self._over:
            try:
                lost = self._again
                self._screen = await Stream.open(self._place, path, self.chart.add, lost)
                return
            except BrokenError:
                await asyncio.sleep(0.5)

    def _again(self) -> None:
        if not self._over:
            self._showing = asyncio.create_task(self._show())

    async def answered(self, step: int, patience: float = 60.0) -> bool:
        """Wait until everybody's answer to `step` is acknowledged or refused."""
        return await self._until(lambda p: step in p._asked and not p.busy, patience)

    async def shown(self, step: int, patience: float = 30.0) -> bool:
        """Wait until every page shows what was right at `step`: a line that loses the same packet
        three times is seconds behind, and not wrong."""
        return await self._until(lambda p: p.shows_right(step), patience)

    async def are(self, status: str, patience: float = 30.0) -> bool:
        """Wait until every page says that the drill is in this status."""
        return await self._until(lambda p: p.view.get("status") == status, patience)

    async def _until(self, done: Callable[[Participant], bool], patience: float) -> bool:
        """Whether it became true of everybody within `patience` seconds."""
        return await soon(lambda: all(done(p) for p in self.people), patience)

    async def churn(self, share: float, seconds: float) -> int:
        """Drop and take back `share` of everybody a minute, for `seconds`; returns how many."""
        dice, drops, end = random.Random(7), 0, time.monotonic() + seconds
        every = 60 / max(1e-9, share * len(self.people))
        going: list[asyncio.Task[None]] = []
        with suppress(asyncio.CancelledError):
            while time.monotonic() + every < end:
                await asyncio.sleep(every)
                person = dice.choice(self.people)
                if person.seat and not person._gone:
                    going.append(asyncio.create_task(person.drop(dice.uniform(0.5, 4))))
                    drops += 1
        await asyncio.gather(*going)
        return drops

    async def leave(self) -> None:
        self._over = True
        if self._screen is not None:
            self._screen.cut()
        await asyncio.gather(*(p.leave() for p in self.people))
