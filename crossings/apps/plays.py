"""Plays of a case as the explorer counts them: people's, from their files, and simulated ones.

Files from learners are hostile until replayed: they are read under limits, replayed, and nothing of
them is shown but what the replay says. Notes are never kept here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from crossings.cases import replay, score
from crossings.cases.graph import Traffic, passages
from crossings.cases.graph.passages import Key
from crossings.cases.simulate import Report, simulate
from crossings.cases.state import Document, State
from crossings.cases.trace import MOST_PROGRESS, TraceError, traces_in
from crossings.drills.casework import traces
from crossings.drills.log import DrillLog
from crossings.drills.state import fold

PEOPLE = "people"
"""The learner type of real plays."""
SEED = "crossings"
"""Of simulated plays, where nobody gives another."""
MOST_FILES = 2_000
MOST_PLAYS = 5_000


@dataclass(frozen=True)
class Played:
    """One play, without the learner's words. `day` is when it began, where the file says so."""

    learner: str
    mode: str
    day: date | None
    ending: str | None
    outcome: str | None
    percent: int
    edges: frozenset[Key]
    nodes: frozenset[str]
    lost: frozenset[str]
    """Provisions on which points were lost."""


@dataclass
class Reading:
    """What came of a pile of files."""

    plays: list[Played] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    """File and reason, for what could not be counted."""
    others: int = 0
    """Plays of other cases, or of other versions of this one."""
    twice: int = 0
    """Plays that were in more than one file."""
    _seen: set[str] = field(default_factory=set)

    def add(self, doc: Document, name: str, raw: bytes) -> None:
        """Count the plays in one file."""
        try:
            traces = traces_in(raw)
        except TraceError as error:
            self.problems.append((name, str(error)))
            return
        for trace in traces:
            self.add_trace(doc, name, trace)

    def add_trace(self, doc: Document, name: str, trace: dict[str, Any]) -> None:
        if trace.get("case") != doc["id"] or trace.get("version") != doc["version"]:
            self.others += 1
            return
        try:
            same = _fingerprint(trace)
        except RecursionError:
            self.problems.append((name, "it is nested too deeply"))
            return
        if same in self._seen:
            self.twice += 1
            return
        if len(self.plays) >= MOST_PLAYS:
            self.problems.append((name, f"over {MOST_PLAYS} plays: not counted"))
            return
        played = replay(doc, trace)
        if played.problem is not None:
            at = f"event {played.problem.seq}: " if played.problem.seq else ""
            self.problems.append((name, f"{at}{played.problem.message}"))
            return
        self._seen.add(same)
        self.plays.append(told(doc, played.state, PEOPLE, _day(trace)))


def read_folder(doc: Document, folder: Path, reading: Reading) -> None:
    """Count the plays in every `.json` file of `folder` and of its folders, in order of name.

    Raises:
        OSError: where the folder cannot be read.
    """
    if not folder.is_dir():
        raise NotADirectoryError(f"there is no folder {folder}")
    # Two levels and no more: a whole disk is no place for a class's files.
    found = chain(folder.glob("*.json"), folder.glob("*/*.json"))
    files = sorted(path for path in found if path.is_file())
    for path in files[:MOST_FILES]:
        name = path.relative_to(folder).as_posix()
        try:
            with path.open("rb") as handle:
                raw = handle.read(MOST_PROGRESS + 1)
        except OSError as error:
            reading.problems.append((name, f"it cannot be read: {error.strerror}"))
            continue
        reading.add(doc, name, raw)
    if len(files) > MOST_FILES:
        left = len(files) - MOST_FILES
        reading.problems.append((str(folder), f"{left} more files: not read"))


def read_drills(doc: Document, log: DrillLog, reading: Reading) -> None:
    """Count the plays of this case in live drills: a room's, or everybody's own.

    They are replayed as files are: what the log says is not believed either.

    Raises:
        DrillLogError: where the log cannot be read.
    """
    for opening in log.openings():
        if opening.payload.get("kind") != "case":
            continue
        state = fold(log.since(opening.drill))
        if state.case is None or state.case.doc["id"] != doc["id"]:
            continue
        for trace in traces(state):
            reading.add_trace(doc, f"drill {opening.payload['code']}", trace)


def _fingerprint(trace: dict[str, Any]) -> str:
    """The same for a play that was sent twice. Two seats of a drill may well do the same at the
    same time: the drill says whose play it is."""
    own = [trace.get("seed"), trace.get("mode"), trace.get("events"), trace.get("drill")]
    return hashlib.sha256(json.dumps(own, sort_keys=True).encode()).hexdigest()


def _day(trace: dict[str, Any]) -> date | None:
    """The day of the first event; what the file says of it is no more than a claim."""
    events = trace["events"]
    try:
        return date.fromisoformat(str(events[0]["at"])[:10])
    except (LookupError, TypeError, ValueError):
        return None


def told(doc: Document, state: State, learner: str, day: date | None = None) -> Played:
    """What the explorer needs of a play."""
    result = score(doc, state)
    lost = {law for law, tally in result["law"].items() if tally["points"] < tally["max"]}
    return Played(
        learner=learner,
        mode=state.mode,
        day=day,
        ending=state.ending,
        outcome=result["outcome"],
        percent=result["percent"],
        edges=frozenset(passages(doc, state)),
        nodes=frozenset(state.visited),
        lost=frozenset(lost),
    )


class SimulatedPlays:
    """The simulated learners' plays of one case; each run replaces the last."""

    def __init__(self, doc: Document) -> None:
        self._doc = doc
        self.plays: list[Played] = []

    def run(self, plays: int, seed: str) -> Report:
        """Let each learner play `plays` times."""
        kept: list[Played] = []
        report = simulate(
            self._doc, plays, seed, watch=lambda n, s: kept.append(told(self._doc, s, n))
        )
        self.plays = kept
        return report


@dataclass(frozen=True)
class Filter:
    """Which plays count; None lets all pass. `outcome` may be `unfinished`."""

    learner: str | None = None
    mode: str | None = None
    outcome: str | None = None
    since: date | None = None
    until: date | None = None
    lost: str | None = None

    def passes(self, play: Played) -> bool:
        return all(
            (
                self.learner in (None, play.learner),
                self.mode in (None, play.mode),
                self.outcome in (None, play.outcome or UNFINISHED),
                self.since is None or (play.day is not None and play.day >= self.since),
                self.until is None or (play.day is not None and play.day <= self.until),
                self.lost is None or self.lost in play.lost,
            )
        )


UNFINISHED = "unfinished"


def over_the_graph(plays: Sequence[Played]) -> Traffic:
    """The traffic of `plays`."""
    edges: dict[Key, int] = {}
    nodes: dict[str, int] = {}
    for play in plays:
        _count(edges, play.edges)
        _count(nodes, play.nodes)
    return Traffic(len(plays), edges, nodes)


def _count(counts: dict[Any, int], met: Iterable[Any]) -> None:
    for key in met:
        counts[key] = counts.get(key, 0) + 1
