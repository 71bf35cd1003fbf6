"""The ledger's file: lines are added, never changed, and are on the disk before anyone is told.

    grading/ledger.sqlite    the entries, each with the hash of the one before it
    grading/ledger.head      number and hash of the newest entry: shows when the end is cut off,
                             whatever was acknowledged, also after kill -9 or a power cut

Several processes may write: SQLite lets one in at a time. `verify.py` says whether anybody changed
anything since.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from crossings.grading import durable
from crossings.grading.ledger.entry import GENESIS, Draft, Entry, Kind, parsed, sealed
from crossings.workspace import Workspace

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (
  seq INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  assignment TEXT NOT NULL,
  student TEXT NOT NULL,
  key TEXT UNIQUE,
  body TEXT NOT NULL,
  hash TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS pending (seq INTEGER PRIMARY KEY);
CREATE INDEX IF NOT EXISTS entry_of ON entry (assignment, student, kind, seq);
CREATE TRIGGER IF NOT EXISTS entry_stays BEFORE UPDATE ON entry
  BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
CREATE TRIGGER IF NOT EXISTS entry_remains BEFORE DELETE ON entry
  BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
"""
_PATIENCE = 60.0
"""Seconds to wait for another process that is writing."""


class LedgerError(Exception):
    """The ledger cannot be read or written; the message says why and what to do."""


def file_of(workspace: Workspace) -> Path:
    return workspace.gradebook.with_name("ledger.sqlite")


def head_of(workspace: Workspace) -> Path:
    return workspace.gradebook.with_name("ledger.head")


class Ledger:
    """The ledger of one workspace. Reading makes no file; threads may share one Ledger."""

    def __init__(self, workspace: Workspace) -> None:
        self.path, self.head = file_of(workspace), head_of(workspace)
        self._door = threading.RLock()
        self._kept: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        with self._door:
            if self._kept is not None:
                self._kept.close()
                self._kept = None

    def append(self, draft: Draft, key: str | None = None, *, pending: bool = False) -> Entry:
        """Add one entry; it is on the disk when this returns.

        `key` names the act: where the ledger has an entry with this key already, that one is
        returned and nothing is added. A `pending` entry is one that the gradebook does not have
        yet: call `settle` when it has.

        Raises:
            durable.NotSavedError: when the disk refuses; then nothing was added.
        """
        with self._door, _explained(self.path), durable.explained():
            connection = self._open(create=True)
            assert connection is not None
            with _writing(connection):
                made = _by_key(connection, key) or _add(connection, draft, key, pending)
            self._anchor(connection)
            return made

    def settle(self, entry: Entry) -> None:
        """Note that the gradebook has what `entry` says.

        Not forced to the disk: should the note get lost, the same is written once more.
        """
        with self._door, _explained(self.path):
            connection = self._open(create=True)
            assert connection is not None
            connection.execute("PRAGMA synchronous = NORMAL")
            try:
                with _writing(connection):
                    connection.execute("DELETE FROM pending WHERE seq = ?", (entry.seq,))
            finally:
                connection.execute("PRAGMA synchronous = FULL")

    def pending(self, assignment: str) -> list[Entry]:
        """Entries that a killed process did not bring into the gradebook any more."""
        query = (
            "SELECT body, hash FROM entry WHERE seq IN (SELECT seq FROM pending) "
            "AND assignment = ? ORDER BY seq"
        )
        return self._read(query, (assignment,))

    def _anchor(self, connection: sqlite3.Connection) -> None:
        """Note the newest entry beside the ledger, before anyone is told of it.

        After the commit, so it never runs ahead of the ledger. It lags behind only by an entry
        whose writer was killed between the two, and which nobody was told of; the next entry's
        note covers that one. The write lock keeps two processes in order.
        """
        with _writing(connection):
            seq, found = _last(connection)
            noted = durable.read_json(self.head) or {}
            if noted.get("seq") != seq:
                durable.replace_json(self.head, {"seq": seq, "hash": found})

    def entries(
        self,
        *,
        kind: Kind | None = None,
        assignment: str | None = None,
        student: str | None = None,
        after: int = 0,
    ) -> Iterator[Entry]:
        """The entries in order, or only those asked for."""
        wanted = {"kind": kind, "assignment": assignment, "student": student}
        asked = {name: value for name, value in wanted.items() if value is not None}
        where = " AND ".join(["seq > ?", *(f"{name} = ?" for name in asked)])
        query = f"SELECT body, hash FROM entry WHERE {where} ORDER BY seq"
        yield from self._read(query, (after, *asked.values()))

    def latest(
        self, assignment: str, kinds: tuple[Kind, ...] = ("mark", "override")
    ) -> dict[str, Entry]:
        """For each student, the newest entry of these kinds about the assignment."""
        marks = ",".join("?" * len(kinds))
        query = (
            "SELECT body, hash FROM entry WHERE seq IN (SELECT max(seq) FROM entry "
            f"WHERE assignment = ? AND kind IN ({marks}) GROUP BY student) ORDER BY seq"
        )
        return {entry.student: entry for entry in self._read(query, (assignment, *kinds))}

    def latest_of(
        self, assignment: str, student: str, kinds: tuple[Kind, ...] = ("mark", "override")
    ) -> Entry | None:
        """The newest entry of these kinds about one student's submission."""
        marks = ",".join("?" * len(kinds))
        query = (
            "SELECT body, hash FROM entry WHERE assignment = ? AND student = ? "
            f"AND kind IN ({marks}) ORDER BY seq DESC LIMIT 1"
        )
        return next(iter(self._read(query, (assignment, student, *kinds))), None)

    def by_key(self, key: str) -> Entry | None:
        return next(iter(self._read("SELECT body, hash FROM entry WHERE key = ?", (key,))), None)

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The rows as they lie in the file, for whoever checks them."""
        with self._door, _explained(self.path):
            connection = self._open(create=False)
            if connection is not None:
                yield from connection.execute(
                    "SELECT seq, kind, assignment, student, body, hash FROM entry ORDER BY seq"
                )

    def damage(self) -> str:
        """What SQLite itself finds wrong with the file; "" where nothing is."""
        with self._door:
            try:
                connection = self._open(create=False)
                if connection is None:
                    return ""
                said = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
            except sqlite3.DatabaseError as error:
                return str(error)
        return "" if said == ["ok"] else "; ".join(said[:3])

    def _read(self, query: str, values: tuple[Any, ...]) -> list[Entry]:
        with self._door, _explained(self.path):
            connection = self._open(create=False)
            if connection is None:
                return []
            return [_entry(body, found) for body, found in connection.execute(query, values)]

    def _open(self, create: bool) -> sqlite3.Connection | None:
        if self._kept is not None:
            return self._kept
        if not create and not self.path.is_file():
            return None
        self._kept = durable.database(self.path, _prepare, _PATIENCE)
        return self._kept


def _prepare(connection: sqlite3.Connection) -> None:
    if not _has_table(connection):
        connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")


def _has_table(connection: sqlite3.Connection) -> bool:
    query = "SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name = 'entry_remains'"
    return connection.execute(query).fetchone() is not None


@contextlib.contextmanager
def _writing(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn what SQLite refuses into words: a full disk, a folder that is closed, a torn file."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "full" in str(error):
            raise durable.NotSavedError(durable.FULL, 507) from error
        if "locked" in str(error):
            raise LedgerError(f"{path} is in use by another program. Try again.") from error
        raise durable.NotSavedError(durable.CLOSED, 503) from error
    except sqlite3.DatabaseError as error:
        raise LedgerError(
            f"{path} is damaged ({error}). Run `./course ledger verify`; restore it from a backup."
        ) from error


def _by_key(connection: sqlite3.Connection, key: str | None) -> Entry | None:
    if key is None:
        return None
    row = connection.execute("SELECT body, hash FROM entry WHERE key = ?", (key,)).fetchone()
    return _entry(*row) if row else None


def _add(connection: sqlite3.Connection, draft: Draft, key: str | None, pending: bool) -> Entry:
    seq, before = _last(connection)
    at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    entry, body = sealed(draft, seq + 1, at, before)
    connection.execute(
        "INSERT INTO entry (seq, kind, assignment, student, key, body, hash) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (entry.seq, draft.kind, draft.assignment, draft.student, key, body.decode(), entry.hash),
    )
    if pending:
        connection.execute("INSERT INTO pending (seq) VALUES (?)", (entry.seq,))
    return entry


def _last(connection: sqlite3.Connection) -> tuple[int, str]:
    row = connection.execute("SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1").fetchone()
    return (int(row[0]), str(row[1])) if row else (0, GENESIS)


def _entry(body: str, found_hash: str) -> Entry:
    try:
        return parsed(json.loads(body), found_hash)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise LedgerError(
            "An entry of the ledger cannot be read: somebody changed it. "
            "Run `./course ledger verify`; restore the file from a backup."
        ) from error
