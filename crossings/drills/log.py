"""The log of live drills: append-only, and committed before anything is acknowledged.

One table, `events`. `seq` counts from 1 in each drill; `key` names an event once and for all, so
a message that is sent again gets the answer of the first time and changes nothing.

Writers put their events into a queue; one thread takes what is there and commits it in a single
transaction (group commit). A committed event is on the disk: a killed process, or a killed
database server, loses nothing that was acknowledged. Several processes may write to the same log.
It lies in a SQLite file, or on a PostgreSQL server where several learner sites share it.
"""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from crossings.drills.database import (
    EVENTS,
    DrillLogError,
    Event,
    engine,
    explained,
    lost,
    make_tables,
    ring,
    url_of,
    writing,
)
from crossings.drills.listening import Listener

__all__ = ["Ack", "Draft", "DrillLog", "DrillLogError", "Event"]

BATCH = 512
"""Most appends that one transaction takes."""
_RETRIES = 5


@dataclass(frozen=True)
class Draft:
    """An event to append. `at` is set to the time of the append unless given."""

    drill: str
    kind: str
    key: str
    payload: Mapping[str, Any]
    seat: str = ""
    at: float | None = None


@dataclass(frozen=True)
class Ack:
    """The event is committed. `fresh` is False when its key was already in the log; then `event`
    is the one that was there."""

    event: Event
    fresh: bool


class DrillLog:
    """A log at `place`: a path of a SQLite file, or an SQLAlchemy URL."""

    def __init__(self, place: Path | str, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._queue: queue.SimpleQueue[_Pending | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._closed = False
        self.place = place
        try:
            self._engine = engine(place)
            make_tables(self._engine)
        except (SQLAlchemyError, OSError) as error:
            raise explained(error, place) from error

    # Writing

    def append(self, drafts: Sequence[Draft]) -> list[Ack]:
        """Commit `drafts` together, in order, and say what became of each."""
        return self.submit(drafts).result()

    def submit(self, drafts: Sequence[Draft]) -> Future[list[Ack]]:
        """As `append`, without waiting: the future is done when the events are committed."""
        pending = _Pending(tuple(_encoded(d) for d in drafts), Future())
        self._start()
        self._queue.put(pending)
        return pending.future

    def close(self) -> None:
        """Commit what is queued and release the file."""
        with self._starting:
            self._closed = True
            thread = self._thread
        if thread is not None:
            self._queue.put(None)
            thread.join(timeout=10)
        self._engine.dispose()

    def _start(self) -> None:
        with self._starting:
            if self._closed:
                raise DrillLogError("The drill log is closed. Start the course again.")
            if self._thread is not None:
                return
            self._thread = threading.Thread(target=self._run, name="drill-log", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        going = True
        while going:
            first = self._queue.get()
            if first is None:
                return
            batch = [first]
            while len(batch) < BATCH and not self._queue.empty():
                following = self._queue.get()
                if following is None:
                    going = False
                    break
                batch.append(following)
            # Who stopped waiting before the commit began is not written, and not answered.
            self._settle([p for p in batch if p.future.set_running_or_notify_cancel()])

    def _settle(self, batch: list[_Pending]) -> None:
        """Commit one batch, then acknowledge; on failure acknowledge nothing."""
        if not batch:
            return
        try:
            acks = self._commit(batch)
        except Exception as error:
            told = explained(error, self.place)
            told.__cause__ = error
            for pending in batch:
                pending.future.set_exception(told)
            return
        for pending, done in zip(batch, acks, strict=True):
            pending.future.set_result(done)

    def _commit(self, batch: list[_Pending]) -> list[list[Ack]]:
        """What became of each; done again where the connection broke.

        A commit whose answer was lost on the way may have been kept: then the second time finds
        the keys, and nothing is written twice.
        """
        drills = {e.draft.drill for pending in batch for e in pending.drafts}
        for attempt in range(_RETRIES):
            try:
                with writing(self._engine, drills) as connection:
                    acks = _insert(connection, batch, self._clock())
                    ring(connection, drills)
                return acks
            except (IntegrityError, sa.exc.DBAPIError) as error:
                again = isinstance(error, IntegrityError) or lost(error)
                if attempt == _RETRIES - 1 or not again:
                    raise
        raise AssertionError("unreachable")

    # Reading

    def since(self, drill: str, seq: int = 0) -> list[Event]:
        """Events of `drill` after `seq`, in order."""
        wanted = (EVENTS.c.drill == drill) & (EVENTS.c.seq > seq)
        return self._read(sa.select(EVENTS).where(wanted).order_by(EVENTS.c.seq))

    def first(self, drill: str, count: int) -> list[Event]:
        """The first `count` events of `drill`."""
        wanted = (EVENTS.c.drill == drill) & (EVENTS.c.seq <= count)
        return self._read(sa.select(EVENTS).where(wanted).order_by(EVENTS.c.seq))

    def event(self, drill: str, seq: int) -> Event | None:
        wanted = (EVENTS.c.drill == drill) & (EVENTS.c.seq == seq)
        return next(iter(self._read(sa.select(EVENTS).where(wanted))), None)

    def head(self, drill: str) -> int:
        """The number of the last event of `drill`; 0 where there is none."""
        with self.using() as connection:
            return _head(connection, drill)

    def holds(self, drill: str, key: str) -> bool:
        """Whether `drill` has an event with this key."""
        wanted = (EVENTS.c.drill == drill) & (EVENTS.c.key == key)
        with self.using() as connection:
            return connection.execute(sa.select(1).where(wanted).limit(1)).first() is not None

    def openings(self) -> list[Event]:
        """The first event of each drill, the newest first."""
        query = sa.select(EVENTS).where(EVENTS.c.seq == 1)
        return self._read(query.order_by(EVENTS.c.at.desc(), EVENTS.c.drill))

    def _read(self, query: sa.Select[Any]) -> list[Event]:
        with self.using() as connection:
            return [_event(row) for row in connection.execute(query)]

    @contextmanager
    def using(self, writes: bool = False, drills: Collection[str] = ()) -> Iterator[sa.Connection]:
        """A connection for what else is kept beside the events; trouble becomes one message.

        With `writes` it is a transaction that is committed at the end; it holds the numbers of
        `drills`, so that nothing is appended to them meanwhile.

        Raises:
            DrillLogError: when the log cannot be used.
        """
        try:
            context = writing(self._engine, drills) if writes else self._engine.connect()
            with context as connection:
                yield connection
        except (SQLAlchemyError, OSError) as error:
            raise explained(error, self.place) from error

    @contextmanager
    def outside_transactions(self) -> Iterator[sa.Connection]:
        """A connection for what a database does in no transaction, such as VACUUM.

        Raises:
            DrillLogError: when the log cannot be used.
        """
        try:
            level = {} if self.dialect == "sqlite" else {"isolation_level": "AUTOCOMMIT"}
            with self._engine.connect().execution_options(plain=True, **level) as plain:
                yield plain
        except (SQLAlchemyError, OSError) as error:
            raise explained(error, self.place) from error

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._engine.dialect.name

    def listen(self, tell: Callable[[str], None]) -> Listener | None:
        """Have `tell` called, from a thread, with each drill that has news; None where the
        database cannot ring and the log must be looked at."""
        return Listener(url_of(self.place), tell) if self.dialect == "postgresql" else None


@dataclass(frozen=True)
class _Encoded:
    draft: Draft
    payload: str


@dataclass(frozen=True)
class _Pending:
    drafts: tuple[_Encoded, ...]
    future: Future[list[Ack]]


def _encoded(draft: Draft) -> _Encoded:
    """JSON is made in the caller's thread, so that one bad payload cannot fail a whole batch."""
    text = json.dumps(draft.payload, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    text.encode("utf-8")
    return _Encoded(draft, text)


def _insert(connection: sa.Connection, batch: Iterable[_Pending], now: float) -> list[list[Ack]]:
    drafts = [e for pending in batch for e in pending.drafts]
    known = _known(connection, drafts)
    heads: dict[str, int] = {}
    rows: list[dict[str, Any]] = []
    acks: list[list[Ack]] = []
    for pending in batch:
        done: list[Ack] = []
        for encoded in pending.drafts:
            draft = encoded.draft
            name = (draft.drill, draft.key)
            if name in known:
                done.append(Ack(known[name], fresh=False))
                continue
            if draft.drill not in heads:
                heads[draft.drill] = _head(connection, draft.drill)
            heads[draft.drill] += 1
            at = now if draft.at is None else draft.at
            row = {
                "drill": draft.drill,
                "seq": heads[draft.drill],
                "at": at,
                "seat": draft.seat,
                "kind": draft.kind,
                "key": draft.key,
                "payload": encoded.payload,
            }
            rows.append(row)
            known[name] = Event(**{**row, "payload": json.loads(encoded.payload)})
            done.append(Ack(known[name], fresh=True))
        acks.append(done)
    if rows:
        connection.execute(sa.insert(EVENTS), rows)
    return acks


def _known(connection: sa.Connection, drafts: list[_Encoded]) -> dict[tuple[str, str], Event]:
    """The events already in the log whose keys `drafts` bring again."""
    keys: dict[str, list[str]] = {}
    for encoded in drafts:
        keys.setdefault(encoded.draft.drill, []).append(encoded.draft.key)
    found: dict[tuple[str, str], Event] = {}
    for drill, wanted in keys.items():
        for start in range(0, len(wanted), 400):
            query = sa.select(EVENTS).where(
                EVENTS.c.drill == drill, EVENTS.c.key.in_(wanted[start : start + 400])
            )
            for row in connection.execute(query):
                found[drill, row.key] = _event(row)
    return found


def _head(connection: sa.Connection, drill: str) -> int:
    query = sa.select(sa.func.max(EVENTS.c.seq)).where(EVENTS.c.drill == drill)
    return connection.execute(query).scalar() or 0


def _event(row: Any) -> Event:
    return Event(row.drill, row.seq, row.at, row.seat, row.kind, row.key, json.loads(row.payload))
