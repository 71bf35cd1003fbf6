"""PostgreSQL's bell: a thread that hears at once which drills have news.

The bell may be late or lost (a connection that broke, a server that was started again), so nobody
relies on it: who listens still looks at the log now and then.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from crossings.drills.database import CHANNEL

AGAIN = 1.0
"""Seconds until a broken connection is tried again."""


class Listener:
    """Calls `tell` with the name of each drill that has news, and with "" after each connect, when
    anything may have been missed."""

    def __init__(self, url: sa.URL, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._to = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._ended = threading.Event()
        self.connected = threading.Event()
        self._thread = threading.Thread(target=self._run, name="drill-bell", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._ended.set()
        self._thread.join(timeout=3)

    def _run(self) -> None:
        import psycopg

        while not self._ended.is_set():
            try:
                with psycopg.connect(self._to, autocommit=True, connect_timeout=5) as connection:
                    self._hear(connection)
            except (psycopg.Error, OSError):
                pass
            finally:
                self.connected.clear()
            self._ended.wait(AGAIN)

    def _hear(self, connection: Any) -> None:
        connection.execute(f"LISTEN {CHANNEL}")
        self.connected.set()
        self._tell("")
        while not self._ended.is_set():
            for heard in connection.notifies(timeout=1.0):
                self._tell(heard.payload)
