"""One notebook through the sandbox: cells out one by one, records in, clocks watched.

Everything that arrives here was made where learners' code runs. It is taken for data of a known
shape with the right nonce, or for tampering.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import socket
import sys
import time
from dataclasses import dataclass, field, replace
from typing import Any

from crossings.grading.runner import notebook as preparing
from crossings.grading.runner import outputs
from crossings.grading.runner.inside import wire
from crossings.grading.runner.model import Notebook, Outcome, Ran, Task
from crossings.grading.runner.outputs import BadRecordError, Recording
from crossings.grading.runner.sandbox import Sandbox

READY_SECONDS = 30.0
END_SECONDS = 20.0
LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}
CUT = "outputs were cut off"
_TIMEOUT_LINE = (
    "\x1b[0;31mCellTimeoutError\x1b[0m: No reply from kernel before timeout"  # nbgrader's
)
_DISABLED = "ERROR: An error occurred while showtraceback was disabled"  # nbgrader's
_MESSAGE = {"nonce": str, "cell": int, "count": int, "status": str, "exit": bool, "cut": bool,
            "records": list}  # fmt: skip


class SandboxGoneError(Exception):
    """The sandbox itself ended: that is not the notebook's doing, or very much so."""


class _OverError(Exception):
    """The run is over before its last cell."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(reason)
        self.outcome: Outcome = outcome
        self.reason = reason


@dataclass
class _Run:
    """The state of one run; lives only as long as it."""

    sandbox: Sandbox
    task: Task
    notebook: Notebook
    line: socket.socket
    nonce: str = field(default_factory=lambda: secrets.token_hex(16))
    recording: Recording = field(default_factory=Recording)
    arrived: bytearray = field(default_factory=bytearray)
    received: int = 0
    ended: dict[str, Any] | None = None
    signals: list[str] = field(default_factory=list)
    limit_hit: tuple[Outcome, str] | None = None
    until: float = 0.0


def run(sandbox: Sandbox, task: Task, home: str = "") -> Ran:
    """Run the notebook of `task` and say what came of it.

    Raises:
        SandboxGoneError: when the sandbox has to be made anew.
    """
    started = time.monotonic()
    try:
        notebook = preparing.prepared(task.notebook)
        files = preparing.laid_out(task.files, task.limits)
    except preparing.NotGradableError as error:
        return Ran(task.key, "not gradable", str(error))
    try:
        line = sandbox.fork(task.limits.to_json(), home)
        with line:
            state = _Run(sandbox, task, notebook, line)
            state.until = started + task.limits.notebook_seconds
            outcome, reason = _through(state, files)
            ended = _end(state)
    except (wire.TornError, OSError) as error:
        raise SandboxGoneError(str(error)) from error
    notebook["metadata"]["language_info"] = {**LANGUAGE, "version": _VERSION}
    made = Ran(task.key, outcome, reason, notebook, signals=tuple(state.signals))
    return replace(
        made,
        seconds=round(time.monotonic() - started, 4),
        cpu_seconds=round(float(ended.get("cpu", 0)), 3),
        peak_mb=round(float(ended.get("peak_kb", 0)) / 1024, 1),
    )


_VERSION = ".".join(str(part) for part in sys.version_info[:3])


def _through(state: _Run, files: list[tuple[str, bytes]]) -> tuple[Outcome, str]:
    try:
        _start(state, files)
        for number, cell in enumerate(state.notebook["cells"], 1):
            if preparing.is_run(cell):
                _cell(state, number, cell)
    except _OverError as over:
        return over.outcome, over.reason
    return state.limit_hit or ("ran", "")


def _start(state: _Run, files: list[tuple[str, bytes]]) -> None:
    sizes = [[name, len(content)] for name, content in files]
    start = wire.encode({"nonce": state.nonce, "files": sizes})
    with contextlib.suppress(OSError):  # where it did not come up, _next finds out how
        state.line.settimeout(READY_SECONDS)
        state.line.sendall(b"".join([start, *(content for _, content in files)]))
        state.line.settimeout(None)
    message = _next(state, time.monotonic() + READY_SECONDS)
    if message is None:
        raise SandboxGoneError("a child did not come up in time")
    if "failed" in message:
        raise SandboxGoneError(f"a child could not lock itself: {message['failed']}")
    if message.get("nonce") != state.nonce:
        raise SandboxGoneError("a child came up with a wrong nonce")


def _cell(state: _Run, number: int, cell: Notebook) -> None:
    """Send one cell and take in what came of it, or raise _OverError."""
    limits = state.task.limits
    preparing.reached(cell)
    state.recording.begin(cell["outputs"])
    order = {"cell": number, "source": cell["source"]}
    with contextlib.suppress(OSError):  # where it is gone, _next finds out how
        state.line.sendall(wire.encode(order))
    now = time.monotonic()
    try:
        message = _next(state, min(now + limits.cell_seconds, state.until))
        if message is None:
            message = _interrupted(state, number, cell)
    except _OverError as over:
        if over.outcome == "timed out":
            _timeout_error(cell)
        else:
            cell["outputs"].append(outputs.error("DeadKernelError", over.reason, over.reason))
        raise _OverError(over.outcome, f"{over.reason}, in cell {number}") from None
    _taken(state, number, cell, message)


def _interrupted(state: _Run, number: int, cell: Notebook) -> dict[str, Any]:
    """The cell took too long: interrupt it as nbgrader does; if it does not give up, it is over."""
    limits = state.task.limits
    if time.monotonic() >= state.until:
        raise _OverError("timed out", f"the notebook ran longer than {limits.notebook_seconds:g} s")
    told = f"it ran longer than {limits.cell_seconds:g} s"
    state.sandbox.signal(signal.SIGINT)
    message = _next(state, time.monotonic() + limits.grace_seconds)
    if message is None:
        raise _OverError("timed out", f"{told} and could not be interrupted")
    if state.limit_hit is None:
        reason = f"cell {number} ran longer than {limits.cell_seconds:g} s and was interrupted; "
        state.limit_hit = ("timed out", reason + "the cells after it were run")
    return {**message, "late": True}


def _timeout_error(cell: Notebook) -> None:
    cell["outputs"].append(outputs.error("CellTimeoutError", "", _TIMEOUT_LINE))


def _taken(state: _Run, number: int, cell: Notebook, message: dict[str, Any]) -> None:
    wrong = any(not isinstance(message.get(name), kind) for name, kind in _MESSAGE.items())
    if wrong or message["nonce"] != state.nonce or message["cell"] != number:
        raise _OverError("tampered", f"cell {number} wrote on the examiner's own line")
    try:
        state.recording.add(message["records"])
        cell["execution_count"] = outputs.count(message["count"])
    except BadRecordError as error:
        raise _OverError(
            "tampered", f"cell {number} wrote on the examiner's line: {error}"
        ) from None
    if message["cut"] and CUT not in state.signals:
        state.signals.append(CUT)
    if message.get("late"):
        _timeout_error(cell)
    elif message["status"] == "error":
        _error_is_there(cell, message)
    if message.get("memory") is True and state.limit_hit is None:
        reason = f"cell {number} asked for more memory than it may have"
        state.limit_hit = ("out of memory", f"{reason}; the cells after it were run")
    if message["exit"]:
        raise _OverError("crashed", f"cell {number} stopped its own kernel (exit or quit)")


def _error_is_there(cell: Notebook, message: dict[str, Any]) -> None:
    """As nbgrader: an error that was not shown is added, so that no test passes by hiding it."""
    name = message.get("ename")
    name = name if isinstance(name, str) else "Error"
    shown = {o.get("ename") for o in cell["outputs"] if o["output_type"] == "error"}
    if name in shown:
        return
    value, lines = message.get("evalue"), message.get("traceback")
    text = outputs.cleaned(value) if isinstance(value, str) else ""
    known = isinstance(lines, list) and all(isinstance(line, str) for line in lines)
    cell["outputs"].append(
        {
            **outputs.error(outputs.cleaned(name), text, _DISABLED),
            **({"traceback": outputs.cleaned(lines)} if known and lines else {}),
        }
    )


def _next(state: _Run, deadline: float) -> dict[str, Any] | None:
    """The next message of the child; None when the deadline passes first.

    Raises:
        _OverError: when the child is gone, or what it sent is no message.
    """
    most = state.task.limits.output_mb * 2_500_000 + 1_000_000
    while True:
        message = _complete(state, most)
        if message is not None:
            return message
        left = deadline - time.monotonic()
        if left <= 0:
            return None
        ready = wire.readable(left, state.line, state.sandbox.control)
        if state.line in ready:
            _take(state, most)
        elif ready:
            state.ended = state.sandbox.ended(0)
            raise _gone(state)


def _take(state: _Run, most: int) -> None:
    try:
        part = state.line.recv(1 << 20)
    except OSError:
        part = b""
    if not part:
        state.ended = state.sandbox.ended(1.0)
        if state.ended is None:
            raise _OverError("tampered", "it closed the line to the examiner")
        raise _gone(state)
    state.arrived += part
    state.received += len(part)
    if state.received > most:
        raise _OverError("tampered", "it sent more than its outputs may be")


def _complete(state: _Run, most: int) -> dict[str, Any] | None:
    head = wire.HEAD.size
    if len(state.arrived) < head:
        return None
    (size,) = wire.HEAD.unpack_from(state.arrived)
    if size > most:
        raise _OverError("tampered", "it wrote on the examiner's own line")
    if len(state.arrived) < head + size:
        return None
    body = bytes(state.arrived[head : head + size])
    del state.arrived[: head + size]
    try:
        message = wire.decode(body)
    except (ValueError, json.JSONDecodeError):
        message = None
    if not isinstance(message, dict):
        raise _OverError("tampered", "it wrote on the examiner's own line")
    return message


def _gone(state: _Run) -> _OverError:
    """Why a child that was not asked to end did."""
    ended, limits = state.ended or {}, state.task.limits
    status, why = int(ended.get("status", 0)), ended.get("why")
    if why == "memory":
        return _OverError("out of memory", f"it used more than {limits.memory_mb:,} MB")
    killed = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    spent = float(ended.get("cpu", 0)) >= limits.cpu_seconds * 0.95
    if why == "cpu" or killed == signal.SIGXCPU or (killed and spent):
        return _OverError(
            "timed out", f"it used more than {limits.cpu_seconds:,} s of processor time"
        )
    if killed == signal.SIGKILL:
        return _OverError("crashed", "something killed it")
    if killed:
        return _OverError("crashed", f"it died of signal {killed} ({_signal_name(killed)})")
    return _OverError("crashed", f"it ended its own process (exit status {os.WEXITSTATUS(status)})")


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"


def _end(state: _Run) -> dict[str, Any]:
    """End the child and all that it started; wait until they are gone."""
    if state.ended is None:
        state.sandbox.signal(signal.SIGKILL)
        state.ended = state.sandbox.ended(END_SECONDS)
    if state.ended is None:
        raise SandboxGoneError("a child did not end")
    return state.ended
