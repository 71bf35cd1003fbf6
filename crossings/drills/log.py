"""The log of live drills: append-only, and committed before anything is acknowledged.

One table, `events`. `seq` counts from 1 in each drill; `key` names an event once and for all, so
a message that is sent again gets the answer of the first time and changes nothing.

Writers put their events into a queue; one thread takes what is there and commits it in a single
transaction (group commit). With SQLite in WAL mode and `synchronous=FULL`, a committed event is on
the disk: a killed process loses nothing that was acknowledged. Several processes may write to the
same log. Any SQLAlchemy URL works as a place; the SQL is portable.
"""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError

BATCH = 512
"""Most appends that one transaction takes."""
_RETRIES = 5

_meta = sa.MetaData()
_events = sa.Table(
    "events",
    _meta,
    sa.Column("drill", sa.String(80), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("seat", sa.String(40), nullable=False),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("key", sa.String(200), nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sa.UniqueConstraint("drill", "key"),
)
sa.Index(
    "events_first",
    _events.c.drill,
    sqlite_where=_events.c.seq == 1,
    postgresql_where=_events.c.seq == 1,
)


class DrillLogError(Exception):
    """The log cannot be read or written. Nothing of the failed append was kept or acknowledged."""


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
class Event:
    drill: str
    seq: int
    at: float
    seat: str
    kind: str
    key: str
    payload: Mapping[str, Any]


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
            self._engine = _engine(place)
            with _writing(self._engine) as connection:
                _meta.create_all(connection)
        except (SQLAlchemyError, OSError) as error:
            raise _explained(error, place) from error

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
            self._settle(batch)

    def _settle(self, batch: list[_Pending]) -> None:
        """Commit one batch, then acknowledge; on failure acknowledge nothing."""
        try:
            acks = self._commit(batch)
        except Exception as error:
            explained = _explained(error, self.place)
            explained.__cause__ = error
            for pending in batch:
                pending.future.set_exception(explained)
            return
        for pending, done in zip(batch, acks, strict=True):
            pending.future.set_result(done)

    def _commit(self, batch: list[_Pending]) -> list[list[Ack]]:
        for attempt in range(_RETRIES):
            try:
                with _writing(self._engine) as connection:
                    return _insert(connection, batch, self._clock())
            except IntegrityError:
                # Another process took the same number first; SQLite never gets here.
                if attempt == _RETRIES - 1:
                    raise
        raise AssertionError("unreachable")

    # Reading

    def since(self, drill: str, seq: int = 0) -> list[Event]:
        """Events of `drill` after `seq`, in order."""
        wanted = (_events.c.drill == drill) & (_events.c.seq > seq)
        return self._read(sa.select(_events).where(wanted).order_by(_events.c.seq))

    def openings(self) -> list[Event]:
        """The first event of each drill, the newest first."""
        query = sa.select(_events).where(_events.c.seq == 1)
        return self._read(query.order_by(_events.c.at.desc(), _events.c.drill))

    def _read(self, query: sa.Select[Any]) -> list[Event]:
        try:
            with self._engine.connect() as connection:
                return [_event(row) for row in connection.execute(query)]
        except (SQLAlchemyError, OSError) as error:
            raise _explained(error, self.place) from error


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
        connection.execute(sa.insert(_events), rows)
    return acks


def _known(connection: sa.Connection, drafts: list[_Encoded]) -> dict[tuple[str, str], Event]:
    """The events already in the log whose keys `drafts` bring again."""
    keys: dict[str, list[str]] = {}
    for encoded in drafts:
        keys.setdefault(encoded.draft.drill, []).append(encoded.draft.key)
    found: dict[tuple[str, str], Event] = {}
    for drill, wanted in keys.items():
        for start in range(0, len(wanted), 400):
            query = sa.select(_events).where(
                _events.c.drill == drill, _events.c.key.in_(wanted[start : start + 400])
            )
            for row in connection.execute(query):
                found[drill, row.key] = _event(row)
    return found


def _head(connection: sa.Connection, drill: str) -> int:
    query = sa.select(sa.func.max(_events.c.seq)).where(_events.c.drill == drill)
    return connection.execute(query).scalar() or 0


def _event(row: Any) -> Event:
    return Event(row.drill, row.seq, row.at, row.seat, row.kind, row.key, json.loads(row.payload))


def _engine(place: Path | str) -> sa.Engine:
    if isinstance(place, str) and "://" in place:
        engine = sa.create_engine(place)
    else:
        path = Path(place)
        path.parent.mkdir(parents=True, exist_ok=True)
        url = sa.URL.create("sqlite", database=str(path))
        engine = sa.create_engine(url, connect_args={"timeout": 10, "check_same_thread": False})
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _prepare)
        sa.event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    # The driver must not open transactions by itself: `_begin` says how each one starts.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")


def _begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class _writing:  # noqa: N801 (used as a function)
    """A transaction that takes SQLite's write lock at its start, so numbers never collide."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine.execution_options(writes=True)

    def __enter__(self) -> sa.Connection:
        self._context = self._engine.begin()
        return self._context.__enter__()

    def __exit__(self, *error: Any) -> Any:
        return self._context.__exit__(*error)


def _explained(error: Exception, place: Path | str) -> DrillLogError:
    text = str(getattr(error, "orig", None) or error).lower()
    where = f"the drill log ({place})"
    if "full" in text or "no space" in text:
        return DrillLogError(f"The disk is full: {where} cannot grow. Free some space.")
    if "readonly" in text or "read-only" in text or "permission" in text:
        return DrillLogError(f"No right to write {where}. Allow writing or use another folder.")
    if "locked" in text or "busy" in text:
        return DrillLogError(f"Another program holds {where}. Close it and try again.")
    if "malformed" in text or "not a database" in text:
        return DrillLogError(f"The file of {where} is damaged. Move it away and start again.")
    if isinstance(error, (OperationalError, OSError)):
        return DrillLogError(f"Cannot use {where}: {getattr(error, 'orig', None) or error}.")
    return DrillLogError(f"Cannot use {where}: {type(error).__name__}.")
