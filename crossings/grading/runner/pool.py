"""Several sandboxes at work: tasks in, runs out as they finish, however many there are."""

from __future__ import annotations

import contextlib
import queue
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType

from crossings.grading.runner import probe, version
from crossings.grading.runner.model import Ran, SandboxError, Task, UnprotectedError
from crossings.grading.runner.run import SandboxGoneError, run
from crossings.grading.runner.sandbox import Sandbox, private_home

PRELOAD = ("pandas", "numpy", "matplotlib.pyplot", "crossings.check")
AHEAD = 2
"""Tasks a worker may have waiting, so that it does not wait for whoever takes the results."""

ONLY_LINUX = (
    "Notebooks are run on Linux only. On Windows install WSL2 (`wsl --install`), on macOS a Linux "
    "virtual machine, and mark there. Worksheets are marked everywhere."
)
UNPROTECTED = """Notebooks are not run: some protection from their code is missing here.
{lost}
Mark on a computer where nothing is missing or, if you trust all who handed in, say --unsafe."""


class Runner:
    """Runs notebooks in sandboxes, `jobs` at a time.

    ::

        with Runner(jobs=2) as runner:
            for ran in runner.run(tasks):
                ...

    Raises:
        UnprotectedError: on entering, when protection is missing and `unsafe` is not said.
        SandboxError: when a sandbox cannot start.
    """

    def __init__(
        self, jobs: int = 1, unsafe: bool = False, preload: Sequence[str] = PRELOAD
    ) -> None:
        if jobs < 1:
            raise ValueError("jobs must be at least 1")
        self.jobs = jobs
        self.unsafe = unsafe
        self.preload = tuple(preload)
        self.version = version.of(self.preload)
        self._workers: list[_Worker] = []

    def __enter__(self) -> Runner:
        if not sys.platform.startswith("linux"):
            raise SandboxError(ONLY_LINUX)
        found = probe.protection()
        if not found.complete and not self.unsafe:
            raise UnprotectedError(UNPROTECTED.format(lost=found.told()))
        self._workers = [_Worker(found.layers, self.preload) for _ in range(self.jobs)]
        for worker in self._workers:
            worker.start()
        try:
            for worker in self._workers:
                worker.wait_until_warm()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End every sandbox and all that runs in it."""
        for worker in self._workers:
            worker.stop()
        for worker in self._workers:
            worker.join()
        self._workers = []

    def run(self, tasks: Iterable[Task]) -> Iterator[Ran]:
        """What came of each task, as they finish. `tasks` is read no further than needed."""
        if not self._workers:
            raise RuntimeError("use the runner in a `with` statement")
        todo: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        done: queue.SimpleQueue[Ran | BaseException] = queue.SimpleQueue()
        coming, outstanding, more = iter(tasks), 0, True
        for worker in self._workers:
            worker.serve(todo, done)
        try:
            while more or outstanding:
                while more and outstanding < AHEAD * self.jobs:
                    task = next(coming, None)
                    if task is None:
                        more = False
                        break
                    todo.put(task)
                    outstanding += 1
                if not outstanding:
                    break
                result = done.get()
                outstanding -= 1
                if isinstance(result, BaseException):
                    raise result
                yield result
        finally:
            self._withdraw(todo)

    def _withdraw(self, todo: queue.SimpleQueue[Task | None]) -> None:
        """Nobody wants what is left: neither what waits nor, at once, what runs."""
        with contextlib.suppress(queue.Empty):
            while True:
                todo.get_nowait()
        for worker in self._workers:
            worker.rest()


class _Worker(threading.Thread):
    """A sandbox and the thread that starts it, feeds it and lives as long as it."""

    def __init__(self, layers: Sequence[str], preload: Sequence[str]) -> None:
        super().__init__(name="crossings-runner", daemon=True)
        self._layers, self._preload = tuple(layers), tuple(preload)
        self._warm: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()
        self._orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
        self._order: _Order | None = None
        self._sandbox: Sandbox | None = None
        self._stopping = False

    def wait_until_warm(self) -> None:
        error = self._warm.get()
        if error is not None:
            raise error

    def serve(
        self, todo: queue.SimpleQueue[Task | None], done: queue.SimpleQueue[Ran | BaseException]
    ) -> None:
        self._order = _Order(todo, done)
        self._orders.put(self._order)

    def rest(self) -> None:
        """Take no more of the tasks that are served now."""
        if self._order is not None:
            self._order.over.set()
            self._order.todo.put(None)
            self._order = None

    def stop(self) -> None:
        self._stopping = True
        self.rest()
        self._orders.put(None)
        sandbox = self._sandbox
        if sandbox is not None:
            sandbox.hang_up()

    def run(self) -> None:
        try:
            self._sandbox = Sandbox(self._layers, self._preload)
        except BaseException as error:
            self._warm.put(error)
            return
        self._warm.put(None)
        try:
            while (order := self._orders.get()) is not None:
                self._work(order)
        finally:
            self._sandbox.close()

    def _work(self, order: _Order) -> None:
        while not order.over.is_set():
            task = order.todo.get()
            if task is None:
                return
            try:
                order.done.put(self._one(task))
            except BaseException as error:
                if self._stopping:
                    return
                order.done.put(error)

    def _one(self, task: Task) -> Ran:
        """Run `task`; where the sandbox itself breaks, once more in a new one."""
        for _ in range(2):
            assert self._sandbox is not None
            try:
                return self._housed(self._sandbox, task)
            except SandboxGoneError as error:
                if self._stopping:
                    raise
                said = str(error)
                self._sandbox.close()
                self._sandbox = Sandbox(self._layers, self._preload)
        return Ran(task.key, "crashed", f"the sandbox itself ended twice: {said}")

    def _housed(self, sandbox: Sandbox, task: Task) -> Ran:
        if "namespaces" in self._layers:
            return run(sandbox, task)
        with private_home() as home:
            return run(sandbox, task, home)


class _Order:
    """One call of `Runner.run`, as its workers see it."""

    def __init__(
        self, todo: queue.SimpleQueue[Task | None], done: queue.SimpleQueue[Ran | BaseException]
    ) -> None:
        self.todo, self.done = todo, done
        self.over = threading.Event()
