"""The cases and the plays that are measured: the same ones for every engine and every peer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from crossings.cases.simulate.learners import LEARNERS, play
from crossings.cases.state import State
from crossings.curriculum.cases import find_case, references
from crossings.workspace import ROOT

Json = dict[str, Any]
_RECORDED = ("choice", "question", "evidence", "pairs", "text")


@dataclass(frozen=True)
class Played:
    """A case with plays that ended."""

    reference: str
    doc: Json
    plays: tuple[State, ...]

    @property
    def id(self) -> str:
        return self.reference.split("/")[1]

    @property
    def steps(self) -> int:
        return sum(state.seq for state in self.plays)

    def traces(self) -> list[Json]:
        """The plays as traces: what the engines are given."""
        return [trace(self.doc, state) for state in self.plays]


def trace(doc: Json, state: State) -> Json:
    """What was done in a play, as `docs/formats/case-trace.md` says."""
    events = [
        {"node": entry["node"], "action": entry["action"]}
        | {field: entry[field] for field in _RECORDED if field in entry}
        for entry in state.log[1:]
    ]
    about = {"case": doc["id"], "version": doc["version"], "seed": state.seed, "mode": state.mode}
    return about | {"events": events}


def played(reference: str, count: int, root: Path = ROOT) -> Played:
    """The case `reference` (`module/id`) and `count` plays of it, by simulated learners in turn.

    The plays are the same at every run.
    """
    doc: Json = json.loads(json.dumps(find_case(reference, root).doc))
    learners = islice(cycle(LEARNERS.values()), count)
    plays = tuple(play(doc, learner, f"bench-{n}") for n, learner in enumerate(learners))
    return Played(reference, doc, tuple(state for state in plays if state.ending))


def shipped(count: int, root: Path = ROOT) -> list[Played]:
    """All shipped cases, the largest document first."""
    every = [played(reference, count, root) for reference in references(root)]
    return sorted(every, key=lambda one: -size(one.doc))


def size(doc: Json) -> int:
    """Bytes of a document as it is sent, before compression."""
    return len(json.dumps(doc, ensure_ascii=False, separators=(",", ":")).encode())
