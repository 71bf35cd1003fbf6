"""One running sandbox: bubblewrap, in it a warm parent, and the line to it."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import psutil

from crossings.grading.runner import bubble
from crossings.grading.runner.inside import confine, wire
from crossings.grading.runner.model import SandboxError

START_SECONDS = 120
CLOSE_SECONDS = 30


class Sandbox:
    """Start it, let it fork children, end it. Nothing of it outlives `close` or this process.

    To be used from one thread, which must live as long as the sandbox: the kernel ends the
    sandbox when the thread that started it ends.
    """

    def __init__(self, layers: Collection[str], preload: Sequence[str]) -> None:
        self.bubbled = "bubblewrap" in layers
        self.control, far = socket.socketpair()
        settings = {
            "control": far.fileno(),
            "layers": sorted(layers),
            "preload": list(preload),
            "home": confine.HOME,
            "fonts": bubble.fonts() if self.bubbled else "",
        }
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the sandbox)
        with far:
            self._process = subprocess.Popen(
                self._command(json.dumps(settings)),
                env={} if self.bubbled else bubble.environment(),
                cwd="/",
                pass_fds=[far.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=self._words,
                stderr=self._words,
                start_new_session=True,
            )
        self._wait_until_warm()

    def _command(self, settings: str) -> list[str]:
        if not self.bubbled:
            inside, package = str(bubble.INSIDE.parent), str(bubble.CHECK.parents[1])
            code = f"import sys; sys.path[:0] = [{inside!r}, {package!r}]; "
            code += "from inside import zygote; zygote.main(sys.argv[1:])"
            return [sys.executable, "-s", "-P", "-c", code, settings]
        bwrap = bubble.find()
        if bwrap is None:
            raise SandboxError("there is no bubblewrap")
        return bubble.command(bwrap, bubble.python(bubble.start_line(), settings))

    def _wait_until_warm(self) -> None:
        self.control.settimeout(START_SECONDS)
        try:
            wire.receive(self.control, 1 << 16)
        except (wire.TornError, OSError, ValueError):
            said = self.said()
            self.close()
            raise SandboxError(f"The sandbox does not start: {said or 'it said nothing'}") from None
        self.control.settimeout(None)

    def said(self) -> str:
        """The last lines of what went wrong inside, if it said anything."""
        self._words.seek(0)
        text = self._words.read()[-4000:].decode("utf-8", "replace")
        return " / ".join(text.strip().splitlines()[-3:])

    def fork(self, limits: dict[str, Any], home: str = "") -> socket.socket:
        """A new child; our end of the line to it.

        Raises:
            TornError, OSError: when the sandbox is gone.
        """
        near, far = socket.socketpair()
        order: dict[str, Any] = {"fork": {"limits": limits}}
        if home:
            order["fork"]["home"] = home
        with far:
            wire.send_with_socket(self.control, order, far)
        return near

    def signal(self, number: int) -> None:
        """Send a signal to the child's first process; SIGKILL ends all of them."""
        wire.send(self.control, {"signal": number})

    def ended(self, seconds: float) -> dict[str, Any] | None:
        """How the child ended, or None if it has not within `seconds`.

        Raises:
            TornError, OSError: when the sandbox is gone.
        """
        if not wire.readable(seconds, self.control):
            return None
        found: dict[str, Any] = wire.receive(self.control, 1 << 16)
        return found

    def hang_up(self) -> None:
        """End everything in it; safe from any thread, and whoever waits here sees an end.

        The warm parent ends when the line does, and the kernel ends its whole PID namespace.
        """
        with contextlib.suppress(OSError):
            self.control.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End everything in the sandbox, and wait for it."""
        family = _descendants(self._process.pid)
        self.hang_up()
        try:
            self._process.wait(CLOSE_SECONDS)
        except subprocess.TimeoutExpired:
            # From the inside out, so that each is waited for by the one that started it.
            for process in reversed(family):
                with contextlib.suppress(psutil.Error):
                    process.kill()
                    process.wait(1)
            self._process.kill()
            self._process.wait()
        _wait_until_dead(family)
        self.control.close()
        self._words.close()


def _descendants(pid: int) -> list[psutil.Process]:
    try:
        found: list[psutil.Process] = psutil.Process(pid).children(recursive=True)
    except psutil.Error:
        return []
    return found


def _wait_until_dead(processes: list[psutil.Process]) -> None:
    """bubblewrap leaves its innermost process to the system's own first process to bury, which
    may take its time: what is dead and not yet buried is dead."""
    end = time.monotonic() + CLOSE_SECONDS
    while any(_lives(process) for process in processes) and time.monotonic() < end:
        time.sleep(0.005)


def _lives(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def private_home() -> tempfile.TemporaryDirectory[str]:
    """A home for a child that has no mounts of its own; only `unsafe` marking needs it."""
    made = tempfile.TemporaryDirectory(prefix="crossings-run-", ignore_cleanup_errors=True)
    Path(made.name).chmod(0o700)
    return made
