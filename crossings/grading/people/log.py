"""What markers did, act by act: added, never changed, on the disk before anyone is told.

    grading/people.sqlite    the acts; several people may mark at the same time

The gradebook has points only. Here is who set which level, the second marker's marks, what was
undone and how differences were settled.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from crossings.grading import durable
from crossings.workspace import Workspace

Kind = Literal["mark", "undo", "sample", "judged"]
Role = Literal["first", "second", "settled"]
ROLES: tuple[Role, ...] = get_args(Role)
_SCHEMA = """
CREATE TABLE IF NOT EXISTS act (
  seq INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  assignment TEXT NOT NULL,
  cell TEXT NOT NULL,
  body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS act_of ON act (assignment, cell, seq);
CREATE TABLE IF NOT EXISTS given (seq INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TRIGGER IF NOT EXISTS act_stays BEFORE UPDATE ON act
  BEGIN SELECT RAISE(ABORT, 'what markers did is only added to'); END;
CREATE TRIGGER IF NOT EXISTS act_remains BEFORE DELETE ON act
  BEGIN SELECT RAISE(ABORT, 'what markers did is only added to'); END;
"""
_PATIENCE = 30.0
"""Seconds to wait for another process that is writing."""


class MarkingLogError(Exception):
    """The marks cannot be read or written; the message says why and what to do."""


@dataclass(frozen=True)
class Act:
    """One thing that a marker did.

    kind    what `body` holds
    mark    `student`, `role`, `levels` (points by criterion), `comment` (None: not touched),
            `answer` (what was marked, as a short hash)
    undo    `of`: the number of the act that no longer counts
    sample  `seed`, `students`: whom a second marker should read
    judged  `students`, `verdict`: what a person made of two answers that share passages
    """

    kind: Kind
    assignment: str
    cell: str
    who: str
    body: Mapping[str, Any] = field(default_factory=dict)
    seq: int = 0
    at: str = ""


class MarkingLog:
    """The acts of one workspace. Reading makes no file; threads may share one."""

    def __init__(self, workspace: Workspace) -> None:
        self.path: Path = workspace.gradebook.with_name("people.sqlite")
        self._door = threading.RLock()
        self._kept: sqlite3.Connection | None = None

    def close(self) -> None:
        with self._door:
            if self._kept is not None:
                self._kept.close()
                self._kept = None

    def append(self, act: Act) -> Act:
        """Add one act; it is on the disk when this returns.

        Raises:
            MarkingLogError: when the disk refuses; then nothing was added.
        """
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        body = json.dumps({"kind": act.kind, "who": act.who, **act.body}, ensure_ascii=False)
        with self._writing() as connection:
            made = connection.execute(
                "INSERT INTO act (at, assignment, cell, body) VALUES (?, ?, ?, ?)",
                (at, act.assignment, act.cell, body),
            )
            seq = int(made.lastrowid or 0)
        return Act(act.kind, act.assignment, act.cell, act.who, act.body, seq, at)

    def acts(self, assignment: str, cell: str | None = None) -> list[Act]:
        """The acts about an assignment, or one question of it, in their order."""
        where, values = "assignment = ?", [assignment]
        if cell is not None:
            where, values = where + " AND cell = ?", [assignment, cell]
        query = f"SELECT seq, at, assignment, cell, body FROM act WHERE {where} ORDER BY seq"
        return [_act(row) for row in self._read(query, values)]

    def given(self) -> set[int]:
        """The numbers of the acts of which the gradebook is known to have what they came to."""
        return {int(seq) for (seq,) in self._read("SELECT seq FROM given", [])}

    def note_given(self, seq: int) -> None:
        with self._writing() as connection:
            connection.execute("INSERT OR IGNORE INTO given (seq) VALUES (?)", (seq,))

    def secret(self) -> str:
        """A random word of this workspace: short names of answers are made with it."""
        with self._writing() as connection:
            fresh = secrets.token_hex(16)
            connection.execute("INSERT OR IGNORE INTO fact VALUES ('secret', ?)", (fresh,))
            row = connection.execute("SELECT value FROM fact WHERE name = 'secret'").fetchone()
        return str(row[0])

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other markers, also in other processes, from writing meanwhile; what is written
        inside is written at its end."""
        with self._writing():
            yield

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._door, _explained(self.path):
            connection = self._open()
            if connection.in_transaction:
                yield connection
                return
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise

    def _read(self, query: str, values: list[str]) -> list[tuple[Any, ...]]:
        with self._door, _explained(self.path):
            if self._kept is None and not self.path.is_file():
                return []
            return self._open().execute(query, values).fetchall()

    def _open(self) -> sqlite3.Connection:
        if self._kept is not None:
            return self._kept
        self._kept = durable.database(self.path, _prepare, _PATIENCE)
        return self._kept


def _prepare(connection: sqlite3.Connection) -> None:
    connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        what = "the disk is full" if "full" in str(error) else str(error)
        raise MarkingLogError(f"Not saved in {path}: {what}. Nothing was changed.") from error
    except sqlite3.DatabaseError as error:
        raise MarkingLogError(f"{path} is damaged ({error}). Restore it from a backup.") from error
    except OSError as error:
        raise MarkingLogError(f"Not saved in {path}: {error.strerror}.") from error


def _act(row: tuple[Any, ...]) -> Act:
    seq, at, assignment, cell, text = row
    try:
        body = json.loads(text)
        return Act(body.pop("kind"), assignment, cell, body.pop("who"), body, int(seq), str(at))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise MarkingLogError(
            f"Act {seq} of the markers cannot be read: the file was changed. Restore a backup."
        ) from None
