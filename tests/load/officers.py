"""Simulated participants of an exercise: each writes for its service, and reads what reaches it."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from benchmarks.drills.crowd import Crowd, Participant
from benchmarks.drills.line import Place
from crossings.drills import DrillLog, Trainer, fold
from crossings.drills.news import merged
from crossings.drills.tablework import final_play


@dataclass
class Post:
    """What everybody wrote and read. Seconds are of the monotonic clock."""

    begun: dict[str, float] = field(default_factory=dict)
    """When each message was first sent."""
    shown: list[float] = field(default_factory=list)
    """From the sending of a message to its place on the page of a phone that it is for."""
    received: int = 0
    """Bytes that pages were sent."""


class Officer(Participant):
    """One phone of a service. `book.answers` has what was acknowledged, by key."""

    def __init__(self, place: Place, code: str, number: int, times: Any, post: Post) -> None:
        super().__init__(place, code, number, times)
        self.post, self.inbox = post, dict[str, str]()
        self.twice = 0

    @property
    def role(self) -> str:
        return str(self.view["table"]["roles"][0]["id"])

    def _seen(self, text: bytes) -> None:
        self.post.received += len(text)
        view = merged(self.view or None, json.loads(text))
        assert view is not None, "a stream that broke nowhere told what does not follow"
        self.view = view
        now, mails = time.monotonic(), (self.view.get("table") or {}).get("inbox", [])
        if not mails:
            return
        self.twice += len(mails) - len({m["id"] for m in mails})
        for mail in mails:
            if mail["id"] in self.inbox:
                continue
            self.inbox[mail["id"]] = mail["text"]
            if not mail["own"] and mail["text"] in self.post.begun:
                self.post.shown.append(now - self.post.begun[mail["text"]])

    async def write(self, messages: int, within: float) -> None:
        """Send so many messages to other services, spread over `within` seconds."""
        for _ in range(messages):
            self._n, number = self._n + 1, self._n
            await asyncio.sleep(within / messages * (0.5 + self.dice.random()))
            others = [c["id"] for c in self.view["table"]["contacts"]]
            to = self.dice.choice([c for c in others if c not in (self.role, "control")])
            text = f"{self.number}/{number}: two children, one man who coughs, no papers"
            response = {"kind": "sent", "role": self.role, "to": [to], "text": text}
            key, begun = secrets.token_hex(8), time.perf_counter()
            self.post.begun[text] = time.monotonic()
            body = {"step": number, "n": 1, "key": key, "response": response}
            if await self._until_done("answer", body) is not None:
                self.book.answers[key] = (number, 1, response)
                self.times.acknowledged.append(time.perf_counter() - begun)


class Services(Crowd):
    """Everybody in one exercise."""

    def __init__(self, place: Place, trainer: Trainer, size: int) -> None:
        state, self.post = trainer.state, Post()
        super().__init__(place, state.code, state.projector_key, 0)
        self.officers = [Officer(place, state.code, n, self.times, self.post) for n in range(size)]
        self.people = list(self.officers)


@dataclass(frozen=True)
class Found:
    """How books, log and pages differ."""

    acknowledged: int
    lost: int
    """Acknowledged messages that are not in the log, or do not count in the exercise."""
    doubled: int
    """Messages that are in the log, the exercise or on a page more than once."""
    unread: int
    """Messages for a service that a phone of it does not show."""


def compared(log: DrillLog, run: str, officers: list[Officer]) -> Found:
    """Call it when everybody has had time to read, before the drill is ended."""
    events = log.since(run)
    state = fold(events)
    keys = Counter(e.key for e in events if e.kind == "sent")
    told = [e for e in final_play(state).entries if e.kind == "message"]
    counted = Counter(e.text for e in told)
    lost = doubled = acknowledged = 0
    for one in officers:
        for key, (_, _, response) in one.book.answers.items():
            acknowledged += 1
            times = keys[f"act:{one.seat['seat']}:{key}"], counted[response["text"]]
            lost += 0 in times
            doubled += max(times) > 1
    for_role: dict[str, set[str]] = {}
    for entry in told:
        for role in entry.to:
            for_role.setdefault(role, set()).add(entry.text)
    unread = sum(len(for_role.get(o.role, set()) - set(o.inbox.values())) for o in officers)
    return Found(acknowledged, lost, doubled + sum(o.twice for o in officers), unread)
