"""Folds that begin in the middle: a state that was folded before, kept in a table of its own.

A snapshot saves time and is never believed over the log. It counts only where this very code of
the fold made it, where its body is whole, and where the log still holds the event that it ends
with; otherwise it is as if there were none. One drill has one snapshot, its newest.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from crossings.drills import frozen
from crossings.drills.database import SNAPSHOTS, Event
from crossings.drills.log import DrillLog
from crossings.drills.state import DrillState, fold

EVERY = 1_000
"""Events after which a snapshot is worth its time."""
_ROOMS = ("drills", "cases", "items", "curriculum", "tabletop", "triage")
"""The rooms whose code decides what events add up to."""


@cache
def code() -> str:
    """The version of the fold: a digest of the code that it is made of."""
    package, digest = Path(__file__).parent.parent, hashlib.sha256()
    for room in _ROOMS:
        for path in sorted((package / room).rglob("*.py")):
            digest.update(path.relative_to(package).as_posix().encode() + b"\0")
            digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def keep(log: DrillLog, state: DrillState) -> None:
    """Keep `state`, which folded every event up to its `seq`, as the snapshot of its drill."""
    body = json.dumps(frozen.to_json(state), ensure_ascii=False, separators=(",", ":"))
    last = log.event(state.run, state.seq)
    if last is None:
        return
    row = {"drill": state.run, "seq": state.seq, "code": code(), "body": body}
    with log.using(writes=True, drills=(state.run,)) as connection:
        here = SNAPSHOTS.c.drill == state.run
        connection.execute(sa.delete(SNAPSHOTS).where(here))
        connection.execute(sa.insert(SNAPSHOTS), row | {"proof": _proof(body, code(), last)})


def resumed(log: DrillLog, run: str) -> DrillState:
    """The state of `run` now: from its snapshot where that is sound, and the events after it."""
    state = _snapshot(log, run)
    if state is None:
        return fold(log.since(run), run)
    for event in log.since(run, state.seq):
        state.apply(event)
    return state


def _snapshot(log: DrillLog, run: str) -> DrillState | None:
    with log.using() as connection:
        here = sa.select(SNAPSHOTS).where(SNAPSHOTS.c.drill == run)
        row = connection.execute(here).first()
    if row is None or row.code != code():
        return None
    last = log.event(run, row.seq)
    if last is None or row.proof != _proof(row.body, row.code, last):
        return None
    begun = fold(log.first(run, 2), run)
    if begun.script is None:
        return None
    try:
        state = frozen.from_json(json.loads(row.body), begun)
    except (ValueError, TypeError, KeyError, StopIteration):
        return None
    return state if (state.run, state.seq) == (run, row.seq) else None


def _proof(body: str, version: str, last: Event) -> str:
    """Ties a body to the event of the log that it ends with."""
    tail = [last.drill, last.seq, last.at, last.seat, last.kind, last.key, last.payload]
    text = json.dumps([version, body, tail], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
