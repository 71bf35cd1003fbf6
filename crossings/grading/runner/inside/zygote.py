"""The warm parent: loads everything once, then forks one child for each notebook and watches it.

It reads no task: only how large the child may grow, and a socket that it hands on. So nothing
that one notebook may not see is in the memory from which the next is forked.
"""

from __future__ import annotations

import gc
import importlib
import io
import json
import os
import select
import shutil
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

from . import filter as call_filter
from . import system, watch, wire

TICK = 0.05
"""Seconds between two looks at what the child uses."""


def main(arguments: list[str]) -> NoReturn:
    settings = json.loads(arguments[0])
    control = socket.socket(fileno=settings["control"])
    control.set_inheritable(False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    loaded = Zygote(settings, control)
    wire.send(control, {"ready": True, "held_kb": watch.held_here()})
    while True:
        try:
            message, passed = wire.receive_with_socket(control)
        except (wire.TornError, OSError):
            os._exit(0)
        if "fork" in message and passed is not None:
            loaded.raise_child(message["fork"], passed)


class Zygote:
    def __init__(self, settings: dict[str, Any], control: socket.socket) -> None:
        self.control = control
        self.layers = frozenset(settings["layers"])
        self.home = settings["home"]
        _fonts(settings.get("fonts", ""))
        from .shell import Tap, prepare
        from .tape import Tape

        self.tape = Tape()
        self.tap = Tap(prepare(self.tape))
        for name in settings["preload"]:
            _load(name)
        _warm(self.tap.shell)
        self.tape.take()
        self.filter = call_filter.program() if "seccomp" in self.layers else b""
        if "namespaces" in self.layers:
            self.own_pids = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        else:
            # Without a PID namespace, orphans of learners' code come to us, and we end them.
            system.prctl(system.PR_SET_CHILD_SUBREAPER, 1)
        gc.collect()
        gc.freeze()
        self.held_kb = watch.held_here()

    def raise_child(self, task: dict[str, Any], passed: socket.socket) -> None:
        """Fork a child that talks over `passed`; watch it until it is gone; say how it ended."""
        namespaces = "namespaces" in self.layers
        if namespaces:
            system.unshare(system.CLONE_NEWPID)
        pid = os.fork()
        if pid == 0:
            self._child(task, passed)
        if namespaces:
            system.setns(self.own_pids, system.CLONE_NEWPID)
        passed.close()
        child = os.pidfd_open(pid)
        try:
            ended = self._watch(pid, child, task["limits"])
        finally:
            os.close(child)
        if not namespaces:
            _end_orphans()
        wire.send(self.control, ended)

    def _child(self, task: dict[str, Any], passed: socket.socket) -> None:
        from . import kernel

        code = 70
        try:
            limits, home = task["limits"], task.get("home", self.home)
            kernel.live(passed, self.tap, self.tape, self.layers, self.filter, limits, home)
        except (wire.TornError, BrokenPipeError, ConnectionResetError):
            code = 0
        except BaseException as error:
            try:
                wire.send(passed, {"failed": f"{type(error).__name__}: {error}"[:500]})
            finally:
                os._exit(code)
        os._exit(code)

    def _watch(self, pid: int, child: int, limits: dict[str, int]) -> dict[str, Any]:
        poll = select.poll()
        poll.register(child, select.POLLIN)
        poll.register(self.control, select.POLLIN)
        most_kb, peak_kb, why = limits["memory_mb"] << 10, 0, ""
        cpu, pause = 0.0, 0.02
        begun = time.monotonic()
        while True:
            ready = {fd for fd, _ in poll.poll(pause * 1000)}
            if child in ready:
                break
            if self.control.fileno() in ready:
                try:
                    number = wire.receive(self.control)["signal"]
                except (wire.TornError, OSError):
                    self._leave(pid)
                signal.pidfd_send_signal(child, number)
                continue
            used = watch.usage(pid, self.held_kb, most_kb)
            peak_kb, cpu = max(peak_kb, used.memory_kb), max(cpu, used.cpu_seconds)
            if used.memory_kb > most_kb:
                why = "memory"
            elif used.cpu_seconds > limits["cpu_seconds"]:
                why = "cpu"
            if why:
                os.kill(pid, signal.SIGKILL)
            pause = TICK
        _, status, rusage = os.wait4(pid, 0)
        grown = rusage.ru_maxrss - self.start_kb()
        return {
            "status": status,
            "why": why,
            "peak_kb": max(peak_kb, grown, 0),
            "cpu": max(cpu, rusage.ru_utime + rusage.ru_stime),
            "seconds": time.monotonic() - begun,
        }

    def _leave(self, pid: int) -> NoReturn:
        """The examiner is gone: nothing that we started may outlive it."""
        os.kill(pid, signal.SIGKILL)
        if "namespaces" not in self.layers:
            _end_orphans()
        os._exit(0)

    def start_kb(self) -> int:
        """Resident memory of this parent, with which each child begins."""
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * (os.sysconf("SC_PAGE_SIZE") >> 10)


def _load(name: str) -> None:
    """Import `name`; what is not installed is not needed either."""
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not (name + ".").startswith(error.name + "."):
            raise


def _warm(shell: Any) -> None:
    """Do once what would otherwise be done by each notebook for the first time."""
    for code in ("1 + 1", "def fails():\n    assert 1 == 2, 'so'\nfails()"):
        shell.run_cell(code, store_history=False, silent=True)
    shell.user_ns.pop("fails", None)
    if "pandas" in sys.modules:
        import pandas

        frame = pandas.DataFrame({"a": [1, 2, 2], "b": ["x", "y", "y"], "c": [0.5, 1.5, None]})
        read = pandas.read_csv(io.StringIO(frame.to_csv()))
        read.groupby("b")["a"].mean()
        read.merge(frame, on="a").describe()
        shell.display_formatter.format(read)
        # The most common error in a class; to show it, IPython reads large files of pandas.
        missing = "import pandas\npandas.DataFrame({'a': [1]})['b']"
        shell.run_cell(missing, store_history=False, silent=True)
        shell.user_ns.pop("pandas", None)
    if "matplotlib.pyplot" in sys.modules:
        import matplotlib.pyplot as plt

        figure, axes = plt.subplots()
        axes.bar(["a", "b"], [1, 2], label="c")
        axes.set_title("0123456789 abc")
        axes.legend()
        shell.display_formatter.format(figure)
        plt.close("all")
        backend = sys.modules.get("matplotlib_inline.backend_inline")
        if backend is not None:
            backend.show._to_draw, backend.show._draw_called = [], False
    for name in ("last_exc", "last_type", "last_value", "last_traceback"):
        vars(sys).pop(name, None)
    shell._last_traceback = None


def _fonts(found: str) -> None:
    """A list of fonts that matplotlib made before saves it from looking at each font again."""
    place = os.environ.get("MPLCONFIGDIR")
    if place:
        Path(place).mkdir(parents=True, exist_ok=True)
    if place and found and Path(found).is_file():
        shutil.copy(found, place)


def _end_orphans() -> None:
    """Kill what outlived its notebook and was given to us; ours is only what we forked."""
    for _ in range(100):
        left = [pid for pid in watch.descendants(os.getpid()) if pid != os.getpid()]
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        try:
            while os.waitpid(-1, os.WNOHANG) != (0, 0):
                pass
        except ChildProcessError:
            if not left:
                return
        time.sleep(0.005)


if __name__ == "__main__":
    main(sys.argv[1:])
