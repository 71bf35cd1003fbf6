"""Running the course: check, build, start both doors, watch them, end them.

Both doors are child processes. Each ends when this process ends, however it ends; a door that
falls over is started again on the same port.
"""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from crossings.environment import child_environment
from crossings.server import lock, ports
from crossings.workspace import Workspace

PATIENCE = 60.0
"""Seconds to wait for a door to answer for the first time."""
GRACE = 8.0
"""Seconds a door gets to end by itself."""
MOST_RESTARTS = 20


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
    secret: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    restarts: int = 0

    @property
    def address(self) -> str:
        return ports.url(self.host, self.port)

    def start(self) -> None:
        log = self.workspace.var / f"{self.name}.log"
        command = [sys.executable, "-m", self.module, "--with-parent"]
        command += ["--host", self.host, "--port", str(self.port)]
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                cwd=self.workspace.root,
                env=child_environment(self.workspace) | self.secret,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                # Ctrl-C in the terminal goes to every process of the group; the doors end when we
                # end them, so that an answer on its way is still written.
                **_own_group(),
            )

    def wait_until_open(self) -> None:
        """Wait for the first answer.

        Raises:
            DoorFailedError: when the process ends or stays silent.
        """
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.process is None or self.process.poll() is not None:
                raise DoorFailedError(f"the {self.name} site did not start:\n{self._last_words()}")
            if _answers(f"http://{_local(self.host)}:{self.port}{self.health}"):
                return
            time.sleep(0.15)
        raise DoorFailedError(f"the {self.name} site does not answer after {PATIENCE:.0f} s")

    def _last_words(self) -> str:
        log = self.workspace.var / f"{self.name}.log"
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:]
        return "\n".join(lines)

    def fell(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def end(self) -> None:
        """End the process and everything it started."""
        process, self.process = self.process, None
        if process is None:
            return
        with suppress(OSError):
            process.terminate()
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            _kill_group(process)
            process.wait()
        _kill_group(process)
        if process.stdin is not None:
            with suppress(OSError):
                process.stdin.close()


def _own_group() -> dict[str, Any]:
    if os.name == "nt":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}  # type: ignore[attr-defined]
    return {"start_new_session": True}


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill what a door left behind (kernels that did not end with it)."""
    if os.name == "nt":
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _local(host: str) -> str:
    if host in ("0.0.0.0", ""):
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _answers(address: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=2) as answer:
            return bool(answer.status < 500)
    except urllib.error.HTTPError as error:
        return error.code < 500
    except (OSError, ValueError):
        return False


@dataclass(frozen=True)
class Running:
    """Both sites, open."""

    learner: Door
    staff: Door
    token: str
    notes: tuple[str, ...]
    """What the user should know, such as a port that was taken."""


@contextmanager
def running(
    workspace: Workspace, host: str, port: int, staff_host: str, staff_port: int
) -> Iterator[Running]:
    """Both sites while the block runs.

    Raises:
        crossings.server.lock.AlreadyServedError: when this workspace is served already.
        crossings.server.ports.NoPortError: when there is no free port.
        DoorFailedError: when a site does not start.
    """
    with ExitStack() as stack:
        stack.enter_context(lock.served_alone(workspace.lock))
        token = os.environ.get("CROSSINGS_STAFF_TOKEN") or secrets.token_hex(16)
        learner = Door(
            "learner", "crossings.server.learner", host, ports.free_port(host, port),
            "/api/health", workspace,
        )  # fmt: skip
        staff = Door(
            "staff", "crossings.server.staff", staff_host,
            ports.free_port(staff_host, staff_port, frozenset({learner.port})),
            "/api", workspace, {"CROSSINGS_STAFF_TOKEN": token},
        )  # fmt: skip
        about = {"pid": os.getpid(), "learner": learner.address, "staff": staff.address}
        lock.write_about(workspace.lock, about)
        for door in (learner, staff):
            stack.callback(door.end)
            door.start()
        for door in (learner, staff):
            door.wait_until_open()
        notes = tuple(
            f"port {wanted} is in use; the {door.name} site took {door.port}"
            for door, wanted in ((learner, port), (staff, staff_port))
            if door.port != wanted
        )
        yield Running(learner, staff, token, notes)


def watch(both: Running, said: Callable[[str], None], stopped: Callable[[], bool]) -> None:
    """Start a door again when it falls, until `stopped`.

    Raises:
        DoorFailedError: when a door falls again and again.
    """
    while not stopped():
        for door in (both.learner, both.staff):
            if not door.fell():
                continue
            door.restarts += 1
            if door.restarts > MOST_RESTARTS:
                raise DoorFailedError(f"the {door.name} site keeps falling:\n{door._last_words()}")
            said(f"the {door.name} site ended unexpectedly; starting it again")
            door.start()
        time.sleep(0.25)
