"""A door: the child process that serves one of the sites, and how it starts and ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import psutil

from crossings.environment import child_environment
from crossings.server import ports
from crossings.workspace import Workspace

PATIENCE = 90.0
"""Seconds to wait for a door to answer for the first time."""
GRACE = 8.0
"""Seconds a door gets to end by itself."""
MOST_PORTS = 5
LARGEST_LOG = 5_000_000


class DoorFailedError(Exception):
    """A door did not open; the message holds what it said."""


@dataclass
class Door:
    """A child process that serves one of the sites."""

    name: str
    module: str
    host: str
    port: int
    health: str
    workspace: Workspace
    secret: str = field(default="", repr=False)
    process: subprocess.Popen[bytes] | None = None
    started: list[psutil.Process] = field(default_factory=list)
    """What the process had started when it was asked to end."""

    @property
    def address(self) -> str:
        return ports.url(self.host, self.port)

    def start(self) -> None:
        log = self.workspace.var / f"{self.name}.log"
        if log.exists() and log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_suffix(".old.log"))
        command = [sys.executable, "-m", self.module, "--with-parent"]
        command += ["--host", self.host, "--port", str(self.port)]
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                cwd=self.workspace.root,
                env=child_environment(self.workspace),
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                bufsize=0,
                # Ctrl-C in the terminal goes to every process of the group; the doors end when we
                # end them, so that an answer on its way is still written.
                **_own_group(),
            )
        assert self.process.stdin is not None
        with suppress(OSError):
            self.process.stdin.write(f"{self.secret}\n".encode())

    def wait_until_open(self, taken: frozenset[int] = frozenset()) -> None:
        """Wait for the first answer. A port that somebody took meanwhile is exchanged.

        Raises:
            DoorFailedError: when the process ends or stays silent.
        """
        for _ in range(MOST_PORTS):
            if self._opens():
                return
            free = ports.free_port(self.host, self.port, taken)
            if free == self.port:
                break
            self.port = free
            self.start()
        raise DoorFailedError(f"the {self.name} site did not start:\n{self.last_words()}")

    def _opens(self) -> bool:
        """True with the first answer, False when the process ended."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.process is None or self.process.poll() is not None:
                return False
            # Whoever answers on this port may be another course's door, so we look whose it is.
            if _listens(self.process.pid, self.port) and self.answers():
                return True
            time.sleep(0.1)
        raise DoorFailedError(f"the {self.name} site does not answer after {PATIENCE:.0f} s")

    def answers(self) -> bool:
        host = "127.0.0.1" if self.host in ("0.0.0.0", "") else self.host
        return _answers(ports.url("::1" if host == "::" else host, self.port) + self.health)

    def last_words(self) -> str:
        log = self.workspace.var / f"{self.name}.log"
        try:
            lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return ""
        return "\n".join(lines[-12:])

    def fell(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def ask_to_end(self) -> None:
        if self.process is not None:
            self.started = _family(self.process.pid)
            with suppress(OSError):
                self.process.terminate()

    def end(self) -> None:
        """End the process and everything it started."""
        if self.process is None:
            return
        if not self.started:
            self.ask_to_end()
        process, self.process = self.process, None
        family, self.started = self.started, []
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        # Kernels sit in sessions of their own; those that did not end with their door end here.
        for child in psutil.wait_procs(family, timeout=1)[1]:
            with suppress(psutil.Error):
                child.kill()
        _kill_group(process)
        if process.stdin is not None:
            with suppress(OSError):
                process.stdin.close()


def _own_group() -> dict[str, Any]:
    if os.name == "nt":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}  # type: ignore[attr-defined]
    return {"start_new_session": True}


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    if os.name == "nt":
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _family(pid: int) -> list[psutil.Process]:
    try:
        return list(psutil.Process(pid).children(recursive=True))
    except psutil.Error:
        return []


def _listens(pid: int, port: int) -> bool:
    """True when the process (on Windows, the child of the environment's launcher) has the port."""
    try:
        for process in [psutil.Process(pid), *_family(pid)]:
            for connection in process.net_connections("tcp"):
                if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port:
                    return True
    except psutil.AccessDenied:
        return True
    except psutil.Error:
        return False
    return False


def _answers(address: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=5) as answer:
            return bool(answer.status < 500)
    except urllib.error.HTTPError as error:
        return error.code < 500
    except (OSError, ValueError):
        return False
