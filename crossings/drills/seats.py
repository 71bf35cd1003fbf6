"""Who is in a drill and what was given: seats, teams, steps that were opened, answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

GRACE = 2.0
"""Seconds for messages that were on the way when time ran out."""


@dataclass(frozen=True)
class Answer:
    response: Mapping[str, Any]
    n: int
    key: str
    at: float
    seconds: float
    """From the opening of the step, without pauses."""

    def before(self, n: int, key: str) -> bool:
        """Whether an answer numbered `n` with `key` counts instead of this one."""
        return (self.n, self.key) < (n, key)


@dataclass
class Seat:
    """A participant. `extra` is seconds more for each step, `code` lets another device in."""

    id: str
    name: str
    code: str
    joined_at: float
    removed: bool = False
    blocked: bool = False
    """Taken out for good: neither its code nor its device comes in again."""
    masked: bool = False
    """The trainer has hidden the name: all others see a number instead."""
    device: str = ""
    """What the device calls itself, made unreadable (`service`); empty in old logs."""
    extra: float = 0.0
    version: int = 0
    team: str | None = None


@dataclass
class Team:
    """People who answer for one another: a syndicate, or who plays one or several roles.

    `captain` is the seat that the trainer named; `teamwork.captain` says who it is now.
    """

    id: str
    name: str
    roles: tuple[str, ...] = ()
    version: int = 0
    captain: str | None = None


@dataclass
class StepRun:
    """A step that was opened."""

    opened_at: float
    deadline: float
    paused: float = 0.0
    closed_at: float | None = None
    revealed_at: float | None = None
    answers: dict[str, Answer] = field(default_factory=dict)
