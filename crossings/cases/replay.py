"""Replaying what a browser sent: nothing in a trace is trusted, it is played again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crossings.cases.debrief import debrief
from crossings.cases.engine import IllegalAction, apply, start, whole
from crossings.cases.score import Score, score
from crossings.cases.state import MODES, Document, State

MAX_EVENTS = 2_000
MAX_SEED = 200


@dataclass(frozen=True)
class TraceProblem:
    """Why a replay stopped: before the first event (`seq` 0) or at event `seq`."""

    seq: int
    message: str


@dataclass(frozen=True)
class Play:
    """A replayed trace: where it got to, and why it stopped early if it did."""

    state: State
    score: Score
    debrief: dict[str, Any]
    problem: TraceProblem | None = None

    @property
    def finished(self) -> bool:
        return self.problem is None and self.state.ending is not None

    def to_json(self) -> dict[str, Any]:
        return {
            "state": self.state.to_json(),
            "score": self.score,
            "debrief": self.debrief,
            "problem": self.problem and {"seq": self.problem.seq, "message": self.problem.message},
        }


def replay(doc: Document, trace: Any) -> Play:
    """Play `trace` (plain JSON, however damaged or hostile) as far as it is legal.

    A trace that does not belong to this case leaves the play at its start.
    """
    problem = _unfit(doc, trace)
    if problem is not None:
        return _played(doc, start(doc, ""), TraceProblem(0, problem))
    state = start(doc, trace["seed"], trace["mode"])
    for number, event in enumerate(trace["events"], 1):
        try:
            state = _applied(doc, state, event, number)
        except IllegalAction as error:
            return _played(doc, state, TraceProblem(number, str(error)))
    return _played(doc, state, None)


def _played(doc: Document, state: State, problem: TraceProblem | None) -> Play:
    return Play(state, score(doc, state), debrief(doc, state), problem)


def _unfit(doc: Document, trace: Any) -> str | None:
    """What makes the trace unfit to be replayed at all."""
    if not isinstance(trace, Mapping):
        return "the trace is not an object"
    if trace.get("case") != doc["id"]:
        return "the trace is of another case"
    if whole(trace.get("version")) != doc["version"]:
        return "the trace is of another version of the case"
    seed = trace.get("seed")
    if not isinstance(seed, str) or len(seed) > MAX_SEED:
        return "the seed is not a short text"
    if trace.get("mode") not in MODES:
        return "the mode is not one of learn, assess, drill"
    events = trace.get("events")
    if not isinstance(events, list):
        return "the events are not a list"
    return f"there are over {MAX_EVENTS} events" if len(events) > MAX_EVENTS else None


def _applied(doc: Document, state: State, event: Any, number: int) -> State:
    if not isinstance(event, Mapping):
        raise IllegalAction("the event is not an object")
    if "seq" in event and whole(event["seq"]) != number:
        raise IllegalAction("the event is out of sequence")
    return apply(doc, state, event)
