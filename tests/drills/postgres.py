"""A PostgreSQL server of its own for a test: made in a folder, ended with it, reached by a socket.

The programs are Debian's package `postgresql` or any other installation; PostgreSQL refuses to run
as root, so there a user without rights runs it.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

MISSING = "no PostgreSQL found (Debian and Ubuntu: `apt install postgresql`)"


def programs() -> Path | None:
    """The folder with `initdb` and `postgres`, the newest first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = shutil.which("initdb")
    places = [*found, *([Path(on_path).parent] if on_path else [])]
    return next((p for p in places if (p / "initdb").exists() and (p / "postgres").exists()), None)


def required() -> Path:
    """The programs; a test without them is skipped, in CI it fails."""
    found = programs() if sys.platform != "win32" else None
    if found is None and os.environ.get("CROSSINGS_REQUIRE_POSTGRESQL"):
        pytest.fail(MISSING)
    if found is None:
        pytest.skip(MISSING)
    return found


class Postgres:
    """A server in `folder`. `start`, `kill` (with SIGKILL) and `start` again keep its port."""

    def __init__(self, folder: Path, bin_: Path, port: int) -> None:
        self.folder, self.bin, self.port = folder, bin_, port
        self.process: subprocess.Popen[bytes] | None = None
        self._do("initdb", "-D", self.data, "-A", "trust", "-U", "crossings", "--no-instructions",
                 "-E", "UTF8", "--locale=C")  # fmt: skip

    @property
    def data(self) -> str:
        return str(self.folder / "data")

    @property
    def url(self) -> str:
        return f"postgresql://crossings@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        options = ["-D", self.data, "-p", str(self.port), "-k", str(self.folder)]
        options += ["-c", "listen_addresses=127.0.0.1", "-c", "max_connections=60"]
        with (self.folder / "log").open("ab") as out:
            self.process = subprocess.Popen(
                [str(self.bin / "postgres"), *options], cwd=self.folder, stdout=out, stderr=out,
                start_new_session=True, **_unprivileged(),
            )  # fmt: skip
        end = time.monotonic() + 60
        while time.monotonic() < end:
            command = [str(self.bin / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
            if subprocess.run(command).returncode == 0:
                return
            if self.process.poll() is not None:
                # A killed server's children may still hold its memory for a moment.
                time.sleep(0.2)
                self.start()
                return
            time.sleep(0.05)
        raise AssertionError((self.folder / "log").read_text()[-2000:])

    def kill(self) -> None:
        """SIGKILL to the postmaster: what a crash of the server is."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.kill(self.process.pid, signal.SIGINT)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    def fresh_database(self, name: str) -> str:
        """The URL of a new, empty database."""
        self._do("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "crossings", name)
        return f"postgresql://crossings@127.0.0.1:{self.port}/{name}"

    def _do(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self.bin / program), *arguments], cwd=self.folder, capture_output=True, text=True,
            **_unprivileged(),
        )  # fmt: skip
        assert done.returncode == 0, done.stderr


def _unprivileged() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@contextmanager
def postgres(port: int) -> Iterator[Postgres]:
    """A running server that nothing is left of afterwards."""
    bin_ = required()
    # Not pytest's folder: the user without rights must be able to walk into it.
    with tempfile.TemporaryDirectory(prefix="crossings-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        made = Postgres(folder, bin_, port)
        try:
            made.start()
            yield made
        finally:
            made.stop()
