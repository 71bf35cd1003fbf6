"""Personal data leaves the log: the one place where events are rewritten or removed.

What a person typed and what says who they were goes; what they chose and when stays, so that the
figures of the drill stay. The rule is a list of what may stay (`_STAYS`). Everything else that is
text goes, also in events that did not exist when the list was written.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from crossings.drills.database import EVENTS, SNAPSHOTS, ring
from crossings.drills.log import Draft, DrillLog, DrillLogError, Event
from crossings.drills.names import folded, new_code
from crossings.drills.state import DrillState, fold

GONE = "(removed)"
EVERYBODY = "*"
"""The seat of the event that says that a whole drill was emptied of personal data."""
_STAYS = frozenset(
    {"choice", "choices", "order", "pairs", "number", "unit", "action", "question", "evidence"}
    | {"node", "step", "n", "team", "to", "from", "role", "roles", "how", "kind", "id", "rule"}
    | {"sure"}
)
"""Fields of what a person sent that can only hold ids of the drill, or numbers."""
_WRITTEN = frozenset({"line", "text"})
"""Kinds of fields of a form that hold words; what is chosen, counted or a time of day stays."""
_FREE = frozenset({"text", "message", "note", "body", "comment", "reason", "subject", "title"})
"""Fields in which a trainer's act may repeat what people wrote."""


_TELLING = 12
"""Characters from which a text is taken out wherever it stands, and not only as a line."""


class NoSuchError(LookupError):
    """There is no such drill or person; the message says what there is."""


@dataclass(frozen=True)
class Done:
    """What a command did."""

    drills: int
    people: int
    events: int
    cleaned: bool
    """False where the file could not be rewritten now, because somebody else reads it."""


def delete(log: DrillLog, run: str) -> Done:
    """Remove every event of `run`.

    Raises:
        NoSuchError: when there is no such run.
        DrillLogError: when the log cannot be used.
    """
    state = _state(log, run)
    with log.using(writes=True, drills=(run,)) as connection:
        gone = connection.execute(sa.delete(EVENTS).where(EVENTS.c.drill == run)).rowcount
        connection.execute(sa.delete(SNAPSHOTS).where(SNAPSHOTS.c.drill == run))
        ring(connection, (run,))
    return Done(1, len(state.seats), gone, clean(log))


def forget(log: DrillLog, run: str, who: str) -> Done:
    """Take the person `who` (a seat, a seat code or a name) out of `run`; their choices stay.

    Raises:
        NoSuchError: when there is no such run, or nobody or several people of this name.
        DrillLogError: when the log cannot be used.
    """
    state = _state(log, run)
    changed = _rewrite(log, state, (_seat(state, who),))
    return Done(1, 1, changed, clean(log))


def keep(log: DrillLog, days: float, now: float | None = None) -> Done:
    """Take everybody out of the drills that were opened more than `days` ago; figures stay.

    Raises:
        DrillLogError: when the log cannot be used.
    """
    until = (time.time() if now is None else now) - days * 86_400
    drills = people = events = 0
    for opening in log.openings():
        if opening.at >= until:
            continue
        state = fold(log.since(opening.drill), opening.drill)
        if not state.seats or _is_empty(log, state):
            continue
        events += _rewrite(log, state, tuple(state.seats), everybody=True)
        drills, people = drills + 1, people + len(state.seats)
    return Done(drills, people, events, clean(log) if drills else True)


def _state(log: DrillLog, run: str) -> DrillState:
    state = fold(log.since(run), run)
    if state.seq:
        return state
    there = ", ".join(e.drill for e in log.openings()[:8]) or "none"
    raise NoSuchError(f"There is no drill `{run}`. The newest: {there}. See: ./course drill list")


def _seat(state: DrillState, who: str) -> str:
    if who in state.seats:
        return who
    wanted = folded(who)
    found = [s for s in state.seats.values() if wanted in (folded(s.name), folded(s.code))]
    if not found:
        raise NoSuchError(
            f"Nobody in `{state.run}` is called `{who}`. Write the name as the console shows it, "
            "or the seat code."
        )
    if len(found) > 1:
        raise NoSuchError(f"Several people are called `{who}`: give the seat code instead.")
    return found[0].id


def _is_empty(log: DrillLog, state: DrillState) -> bool:
    """Whether the drill was emptied before, and nobody came since."""
    last = log.event(state.run, state.seq)
    return last is not None and last.kind == "forgotten" and last.seat == EVERYBODY


# Rewriting


def _rewrite(
    log: DrillLog, state: DrillState, seats: Collection[str], everybody: bool = False
) -> int:
    """Rewrite the events of `seats`; returns how many changed."""
    run = state.run
    new_names = {seat: _new_name(state, seat) for seat in seats}
    with log.using(writes=True, drills=(run,)) as connection:
        # Read again under the lock: what came since is rewritten, too.
        here = EVENTS.c.drill == run
        rows = connection.execute(sa.select(EVENTS).where(here).order_by(EVENTS.c.seq)).all()
        said = _said(rows, state, new_names)
        changed = 0
        for row in rows:
            payload = json.loads(row.payload)
            fresh = _without(row, payload, state, new_names, said)
            if fresh == payload:
                continue
            text = json.dumps(fresh, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
            this = here & (EVENTS.c.seq == row.seq)
            connection.execute(sa.update(EVENTS).where(this).values(payload=text))
            changed += 1
        connection.execute(sa.delete(SNAPSHOTS).where(SNAPSHOTS.c.drill == run))
    # Sites that have the drill in memory fold it again when they see this.
    marks = (EVERYBODY,) if everybody else tuple(seats)
    log.append([Draft(run, "forgotten", f"forgotten:{secrets.token_hex(6)}", {}, m) for m in marks])
    return changed


@dataclass(frozen=True)
class _Said:
    """What people typed, and what they were called."""

    texts: tuple[str, ...]
    names: tuple[str, ...]


def _said(rows: Sequence[Any], state: DrillState, seats: Collection[str]) -> _Said:
    texts, names = [], []
    for row in rows:
        payload = json.loads(row.payload)
        if row.seat not in seats:
            continue
        if row.kind in ("joined", "renamed"):
            names.append(str(payload["name"]))
        words = _words_of_form(row.kind, payload, state)
        texts += [t for w in words.values() for t in _texts(w)] if words else _texts(payload)
    # Who is called like the beginning of another name is looked for last.
    return _Said(tuple(texts), tuple(sorted(set(names) - {""}, key=len, reverse=True)))


def _words_of_form(kind: str, payload: Mapping[str, Any], state: DrillState) -> dict[str, Any]:
    """Of a filed form the fields that hold words; empty for everything else."""
    table, name = state.plan().tabletop, payload.get("form")
    if kind != "filed" or table is None or not isinstance(name, str) or name not in table.forms:
        return {}
    safe = {f.id for f in table.forms[name].fields if f.kind not in _WRITTEN}
    return {k: v for k, v in payload["fields"].items() if k not in safe}


def _new_name(state: DrillState, seat: str) -> str:
    return f"Person {list(state.seats).index(seat) + 1}"


def _without(
    row: Any,
    payload: Mapping[str, Any],
    state: DrillState,
    names: Mapping[str, str],
    said: _Said,
) -> dict[str, Any]:
    """`payload` without what is personal of the people in `names`."""
    if row.seat in names:
        if row.kind in ("joined", "renamed"):
            fresh = {"name": names[row.seat]}
            # The old seat code may be known to others; it no longer opens this seat.
            return fresh | ({"code": new_code(6)} if row.kind == "joined" else {})
        if row.kind == "answered":
            return _answer(payload, state)
        if row.kind == "filed" and isinstance(payload.get("form"), str):
            return _form(payload, state)
        return {k: _scrubbed(v, k) for k, v in payload.items()}
    # Two people may have typed the same answer: the other's is their own.
    if row.kind in ("opened", "script", "answered"):
        return dict(payload)
    # A trainer's act repeats what people wrote, as the notes that a room's play takes over, or
    # names them, as a team does that is called after somebody.
    free = {"name": "title"} if row.kind == "teamed" else {}
    return {k: _unsaid(v, said, free.get(k, k)) for k, v in payload.items()}


def _form(payload: Mapping[str, Any], state: DrillState) -> dict[str, Any]:
    """A form that was filed keeps what was chosen and counted, not what was written."""
    words = _words_of_form("filed", payload, state)
    # A field may have any name, also one that stays elsewhere.
    fields = payload["fields"] | {k: _scrubbed(v) for k, v in words.items()}
    return {k: _scrubbed(v, k) for k, v in payload.items()} | {
        "form": payload["form"],
        "fields": fields,
    }


def _answer(payload: Mapping[str, Any], state: DrillState) -> dict[str, Any]:
    """A typed answer keeps whether it was right, not its words."""
    response, step = payload["response"], payload["step"]
    if not isinstance(response, Mapping) or "text" not in response:
        return dict(payload) | {"response": _scrubbed(response)}
    word, script = GONE, state.plan()
    if script.case is None and step < len(script.steps):
        item, score = script.steps[step].item, script.score(step, response)
        if item is not None and item.accept and score.full:
            word = item.accept[0]
    word = word if str(response["text"]) else ""
    return dict(payload) | {"response": _scrubbed(response) | {"text": word}}


def _scrubbed(value: Any, key: str = "") -> Any:
    """`value` without any text that is not in a field that may stay."""
    if key in _STAYS:
        return value
    if isinstance(value, Mapping):
        return {k: _scrubbed(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [_scrubbed(v) for v in value]
    return GONE if isinstance(value, str) and value else value


def _texts(value: Any, key: str = "") -> list[str]:
    """What a person typed in one payload."""
    if key in _STAYS:
        return []
    if isinstance(value, Mapping):
        return [t for k, v in value.items() for t in _texts(v, k)]
    if isinstance(value, list):
        return [t for v in value for t in _texts(v)]
    return [value] if isinstance(value, str) and value not in ("", GONE) else []


def _unsaid(value: Any, said: _Said, key: str = "") -> Any:
    if isinstance(value, Mapping):
        return {k: _unsaid(v, said, k) for k, v in value.items()}
    if isinstance(value, list):
        return [_unsaid(v, said) for v in value]
    if not isinstance(value, str) or key not in _FREE:
        return value
    for text in said.texts:
        if len(text) >= _TELLING:
            value = value.replace(text, GONE)
    for name in said.names:
        value = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", GONE, value)
    lines = {line for text in said.texts for line in text.splitlines() if line}
    kept = [GONE if line in lines else line for line in value.split("\n")]
    # A room's note has a greatest length, so the last person's words may be cut off.
    if kept[-1] and any(line.startswith(kept[-1]) for line in lines):
        kept[-1] = GONE
    return "\n".join(kept)


# What is deleted is gone from the disk


def clean(log: DrillLog) -> bool:
    """Take what was deleted off the disk; False where somebody else holds the database."""
    works: dict[str, Callable[[DrillLog], bool]] = {
        "sqlite": _clean_file,
        "postgresql": _clean_server,
    }
    return works[log.dialect](log)


def _clean_file(log: DrillLog) -> bool:
    try:
        with log.outside_transactions() as connection:
            connection.exec_driver_sql("VACUUM")
            done = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").first()
    except DrillLogError:
        return False
    return done is not None and done[0] == 0


def _clean_server(log: DrillLog) -> bool:
    try:
        with log.outside_transactions() as connection:
            connection.exec_driver_sql("SET lock_timeout = '10s'")
            connection.exec_driver_sql("VACUUM FULL events")
            connection.exec_driver_sql("VACUUM FULL snapshots")
            connection.exec_driver_sql("RESET lock_timeout")
    except DrillLogError:
        return False
    return True


def opened(log: DrillLog) -> list[tuple[Event, DrillState]]:
    """Every drill in the log with its state now, the newest first."""
    return [(e, fold(log.since(e.drill), e.drill)) for e in log.openings()]
