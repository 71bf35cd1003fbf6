"""Where the log lies: its tables, how a SQLite file or a PostgreSQL server is opened, and what is
said when it cannot be used.

SQLite runs in WAL mode with `synchronous=FULL`, PostgreSQL with `synchronous_commit`: a commit
that returned is on the disk. Everything above this module is the same for both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError, SQLAlchemyError

CHANNEL = "crossings_drills"
"""Where PostgreSQL tells all who listen that a drill has new events; the word is the drill."""

TABLES = sa.MetaData()
EVENTS = sa.Table(
    "events",
    TABLES,
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
    EVENTS.c.drill,
    sqlite_where=EVENTS.c.seq == 1,
    postgresql_where=EVENTS.c.seq == 1,
)
SNAPSHOTS = sa.Table(
    "snapshots",
    TABLES,
    sa.Column("drill", sa.String(80), primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("code", sa.String(64), nullable=False),
    sa.Column("proof", sa.String(64), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)
"""States that were folded before, one a drill; see `snapshots`."""


class DrillLogError(Exception):
    """The log cannot be read or written. Nothing of the failed append was kept or acknowledged."""


@dataclass(frozen=True)
class Event:
    drill: str
    seq: int
    at: float
    seat: str
    kind: str
    key: str
    payload: Mapping[str, Any]


def is_url(place: Path | str) -> bool:
    return isinstance(place, str) and "://" in place


def url_of(place: Path | str) -> sa.URL:
    """The address that SQLAlchemy understands.

    Raises:
        DrillLogError: where `place` is a URL of something else.
    """
    if not is_url(place):
        return sa.URL.create("sqlite", database=str(Path(place)))
    try:
        url = sa.make_url(str(place))
    except SQLAlchemyError:
        raise DrillLogError(f"Not an address of a database: write it like {_EXAMPLE}.") from None
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise DrillLogError(
            f"The drill log is kept in a SQLite file or in PostgreSQL, not in "
            f"`{url.get_backend_name()}`: write its address like {_EXAMPLE}."
        )
    return url


_EXAMPLE = "postgresql://user@host/database"


def engine(place: Path | str) -> sa.Engine:
    """An engine for `place` whose commits stay.

    Raises:
        DrillLogError: where the address is none, or the driver is missing.
        OSError: where the folder of a file cannot be made.
    """
    url = url_of(place)
    if url.get_backend_name() == "postgresql":
        return _postgresql(url)
    if not is_url(place):
        Path(place).parent.mkdir(parents=True, exist_ok=True)
    made = sa.create_engine(url, connect_args={"timeout": 10, "check_same_thread": False})
    sa.event.listen(made, "connect", _prepare)
    sa.event.listen(made, "begin", _begin)
    return made


def _postgresql(url: sa.URL) -> sa.Engine:
    try:
        made = sa.create_engine(url, connect_args=_FOR_LIBPQ, pool_size=10, pool_pre_ping=True)
    except ImportError as error:
        raise DrillLogError(
            "PostgreSQL needs the Python package `psycopg` with its binary part, and this "
            "environment has none: install `psycopg[binary]`, or keep drills in the file."
        ) from error
    sa.event.listen(made, "connect", _insist)
    return made


_FOR_LIBPQ = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
    "application_name": "crossings",
}
"""A server that is away is noticed in seconds, also where the network just goes silent."""


def _insist(connection: Any, _record: Any) -> None:
    """A server that was told not to wait for its disk waits for ours."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('synchronous_commit', 'on', false) "
            "WHERE current_setting('synchronous_commit') = 'off'"
        )
    connection.commit()


def _prepare(connection: Any, _record: Any) -> None:
    # The driver must not open transactions by itself: `_begin` says how each one starts.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    # What is deleted is overwritten: names that were asked to be forgotten leave the file.
    connection.execute("PRAGMA secure_delete=ON")


def _begin(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    if not options.get("plain", False):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes", False) else "BEGIN")


class writing:  # noqa: N801 (used as a function)
    """A transaction in which numbers never collide.

    SQLite takes its write lock at the start. On PostgreSQL each of `drills` is locked until the
    commit is done, so that numbers are given and become visible in the same order.
    """

    def __init__(self, made: sa.Engine, drills: Collection[str] = ()) -> None:
        self._engine = made.execution_options(writes=True)
        self._drills = drills

    def __enter__(self) -> sa.Connection:
        self._context = self._engine.begin()
        connection = self._context.__enter__()
        if connection.dialect.name == "postgresql":
            # In one order for everybody: two writers never wait for each other.
            for number in sorted({_lock(drill) for drill in self._drills}):
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))
        return connection

    def __exit__(self, *error: Any) -> Any:
        return self._context.__exit__(*error)


def _lock(drill: str) -> int:
    digest = hashlib.blake2b(f"{CHANNEL}/{drill}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


_MAKING = "making the tables"


def make_tables(made: sa.Engine) -> None:
    with writing(made, (_MAKING,)) as connection:
        TABLES.create_all(connection)


def ring(connection: sa.Connection, drills: Collection[str]) -> None:
    """Tell other processes, at the commit, that `drills` have news (PostgreSQL only)."""
    if connection.dialect.name == "postgresql":
        for drill in drills:
            connection.execute(sa.select(sa.func.pg_notify(CHANNEL, drill)))


def lost(error: BaseException) -> bool:
    """Whether the connection broke, so that the same work may be tried on a new one."""
    return isinstance(error, sa.exc.DBAPIError) and bool(error.connection_invalidated)


def told(place: Path | str) -> str:
    """`place` as it may be shown: without a password."""
    if not is_url(place):
        return str(place)
    url = url_of(place)
    return sa.URL.create(
        url.get_backend_name(), host=url.host, port=url.port, database=url.database
    ).render_as_string()


def explained(error: Exception, place: Path | str) -> DrillLogError:
    """One clear message about why the log at `place` cannot be used."""
    if isinstance(error, DrillLogError):
        return error
    text = str(getattr(error, "orig", None) or error).lower()
    where = f"the drill log ({told(place)})"
    if "full" in text or "no space" in text:
        return DrillLogError(f"The disk is full: {where} cannot grow. Free some space.")
    if is_url(place) and url_of(place).get_backend_name() == "postgresql":
        return _of_server(error, text, where)
    if "readonly" in text or "read-only" in text or "permission" in text:
        return DrillLogError(f"No right to write {where}. Allow writing or use another folder.")
    if "locked" in text or "busy" in text:
        return DrillLogError(f"Another program holds {where}. Close it and try again.")
    if "malformed" in text or "not a database" in text:
        return DrillLogError(f"The file of {where} is damaged. Move it away and start again.")
    if isinstance(error, (OperationalError, OSError)):
        return DrillLogError(f"Cannot use {where}: {getattr(error, 'orig', None) or error}.")
    return DrillLogError(f"Cannot use {where}: {type(error).__name__}.")


def _of_server(error: Exception, text: str, where: str) -> DrillLogError:
    if "password" in text or "authentication" in text or "no pg_hba" in text:
        return DrillLogError(f"PostgreSQL does not let us in to {where}: check user and password.")
    if "permission denied" in text or "read-only" in text:
        return DrillLogError(f"No right to write {where}: give its user the right to make tables.")
    if 'database "' in text and "does not exist" in text:
        return DrillLogError(f"There is no database for {where}: make it with `createdb`.")
    if 'role "' in text and "does not exist" in text:
        return DrillLogError(f"There is no such user for {where}: make it with `createuser`.")
    if isinstance(error, (OperationalError, OSError)) or lost(error):
        return DrillLogError(
            f"PostgreSQL does not answer for {where}. See that the server runs and can be "
            "reached; the drill goes on by itself when it does."
        )
    return DrillLogError(f"Cannot use {where}: {type(error).__name__}.")
