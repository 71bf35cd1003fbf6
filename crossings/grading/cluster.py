"""Notebooks run on other computers, through a Dask scheduler; scored and written down here.

Tasks and results travel as JSON bytes. Dask itself pickles between the scheduler, the workers and
this process, which are all ours; nothing that a learner's code wrote is ever unpickled. Each
worker runs notebooks in the same sandbox as this computer does.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

from crossings.grading import durable
from crossings.grading.runner import Limits, Ran, Runner, Task
from crossings.workspace import Workspace

PATIENCE = 15
"""Seconds to wait for a scheduler to answer."""
AHEAD = 4
"""Tasks for each worker that are on their way at one time; the rest is not read yet."""
MAX_RESULT = 200_000_000
_OF_RAN: dict[str, Any] = {"key": str, "outcome": str, "reason": str, "seconds": (int, float),
           "cpu_seconds": (int, float), "peak_mb": (int, float)}  # fmt: skip


class ClusterError(Exception):
    """The cluster cannot be used; the message says why and what to do."""


class Cluster:
    """Runs tasks on the workers of a scheduler; to be used as a Runner is."""

    def __init__(self, address: str, unsafe: bool = False) -> None:
        self.address, self.unsafe = address, unsafe
        self.version = Runner(unsafe=unsafe).version
        self._client: Any = None

    def __enter__(self) -> Cluster:
        from distributed import Client

        try:
            self._client = Client(
                self.address, timeout=PATIENCE, security=_security(), set_as_default=False
            )
            found = self._client.run(_version)
        except Exception as error:  # whatever the network says, and Dask says it in many ways
            self.__exit__()
            raise ClusterError(
                f"No cluster answers at {self.address}. Start one with ./course cluster, or check "
                "the address."
            ) from error
        if not found:
            self.__exit__()
            raise ClusterError(f"The cluster at {self.address} has no workers.")
        if set(found.values()) != {self.version}:
            self.__exit__()
            raise ClusterError(
                "The cluster's workers run another version of the course, or other libraries, "
                "than this computer: their results could differ. Bring all to the same version."
            )
        return self

    def __exit__(self, *ended: Any) -> None:
        if self._client is not None:
            with contextlib.suppress(Exception):
                self._client.close()
            self._client = None

    def run(self, tasks: Iterable[Task]) -> Iterator[Ran]:
        """What came of each task, as they finish. `tasks` is read no further than needed.

        Raises:
            ClusterError: when the scheduler is gone, or a worker cannot run notebooks. What was
                on its way then is nobody's fault, and has no result.
        """
        from distributed import as_completed

        coming = iter(tasks)
        with self._there():
            most = AHEAD * max(1, len(self._client.scheduler_info(n_workers=-1)["workers"]))
            running = as_completed(loop=self._client.loop, raise_errors=False)
        keys: dict[str, str] = {}
        while True:
            while len(keys) < most and (task := next(coming, None)) is not None:
                with self._there():
                    future = self._client.submit(
                        run_here, packed(task), self.unsafe, pure=False, retries=2
                    )
                    keys[future.key] = task.key
                    running.add(future)
            if not keys:
                return
            with self._there():
                future = next(running)
                if future.status in ("pending", "lost"):  # its worker died with the result
                    running.add(future)
                    continue
                ran = self._taken(keys.pop(future.key), future)
                future.release()
            yield ran

    @contextlib.contextmanager
    def _there(self) -> Iterator[None]:
        """Say in words that the scheduler is gone; Dask says it as a closed line, as a future that
        was cancelled, or as a client that is closed."""
        try:
            yield
        except (OSError, CancelledError, TimeoutError, RuntimeError, asyncio.CancelledError) as e:
            raise self._gone() from e

    def _gone(self) -> ClusterError:
        return ClusterError(
            f"The cluster at {self.address} is gone. What was marked is kept. Start it again and "
            "mark once more: the rest is marked then."
        )

    def _taken(self, key: str, future: Any) -> Ran:
        from distributed.scheduler import KilledWorker

        if future.status == "finished":
            return opened(self._result(future), key)
        if future.status != "error":
            raise self._gone()
        why = future.exception(PATIENCE)
        if isinstance(why, KilledWorker):
            return Ran(key, "crashed", "the worker that ran it ended, several times")
        raise ClusterError(f"A worker of the cluster cannot run notebooks: {why}")

    def _result(self, future: Any) -> Any:
        """Its result; where that died with a worker, it is run once more, however long it takes."""
        while True:
            try:
                return future.result(PATIENCE)
            except TimeoutError:
                if self._client.status != "running":
                    raise


def packed(task: Task) -> bytes:
    """A task as JSON."""
    content = {
        "key": task.key,
        "notebook": task.notebook,
        "files": {n: base64.b64encode(c).decode() for n, c in task.files.items()},
        "limits": task.limits.to_json(),
    }
    return json.dumps(content).encode()


def unpacked(body: bytes) -> Task:
    content = json.loads(body)
    files = {n: base64.b64decode(c) for n, c in content["files"].items()}
    return Task(content["key"], content["notebook"], files, Limits(**content["limits"]))


def sealed(ran: Ran) -> bytes:
    """What came of a task, as JSON."""
    content = {name: getattr(ran, name) for name in (*_OF_RAN, "notebook")}
    return json.dumps(content | {"signals": list(ran.signals)}).encode()


def opened(body: Any, key: str) -> Ran:
    """What a worker sent back, checked for its shape."""
    broken = Ran(key, "crashed", "the worker sent back something that is no result")
    if not isinstance(body, bytes) or len(body) > MAX_RESULT:
        return broken
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return broken
    if not isinstance(content, dict) or content.get("key") != key:
        return broken
    if not all(isinstance(content.get(name), kind) for name, kind in _OF_RAN.items()):
        return broken
    notebook, signals = content.get("notebook"), content.get("signals")
    if not (notebook is None or isinstance(notebook, dict)) or not isinstance(signals, list):
        return broken
    values = {name: content[name] for name in _OF_RAN}
    return Ran(**values, notebook=notebook, signals=tuple(str(s) for s in signals))


# On a worker.

_kept: dict[bool, Runner] = {}


def _version() -> str:
    return Runner().version


def run_here(body: bytes, unsafe: bool) -> bytes:
    """Run one task in this worker's own sandbox, which stays warm between tasks."""
    task = unpacked(body)
    runner = _kept.get(unsafe)
    if runner is None:
        runner = _kept[unsafe] = Runner(jobs=1, unsafe=unsafe).__enter__()
    return sealed(next(iter(runner.run([task]))))


# A cluster on this computer.


def _folder() -> Path:
    return Workspace.current().var / "cluster"


def _security() -> Any:
    """The certificates of the cluster that `./course cluster` started here, or Dask's own rule."""
    from distributed.security import Security

    folder = _folder()
    if not (folder / "cert.pem").is_file():
        return None
    pair = {"tls_ca_file": str(folder / "cert.pem")}
    for who in ("client", "scheduler", "worker"):
        pair |= {f"tls_{who}_cert": str(folder / "cert.pem")}
        pair |= {f"tls_{who}_key": str(folder / "key.pem")}
    return Security(require_encryption=True, **pair)


@contextlib.contextmanager
def local(workspace: Workspace, workers: int = 2, port: int = 0) -> Iterator[str]:
    """A scheduler and workers on the loopback address; its address, for `--cluster`.

    Only who can read the certificate in `var/cluster` can use it: a scheduler runs whatever it
    is sent, and other people on this computer can reach the port as well.
    """
    import dask
    from distributed import LocalCluster
    from distributed.security import Security

    folder = workspace.var / "cluster"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = Security.temporary()
    for name, content in (
        ("cert.pem", made.tls_scheduler_cert),
        ("key.pem", made.tls_scheduler_key),
    ):
        (folder / name).unlink(missing_ok=True)
        durable.write(folder / name, str(content).encode())
        (folder / name).chmod(0o600)
    os.environ["CROSSINGS_WORKSPACE"] = str(workspace.root)
    quiet: dict[str, list[str]] = {
        f"distributed.{who}.http.routes": [] for who in ("scheduler", "worker")
    }
    try:
        # Dask's web pages are open to everybody on this computer: none are served.
        with dask.config.set(quiet):
            cluster = LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                scheduler_port=port,
                dashboard_address="127.0.0.1:0",
                scheduler_kwargs={"dashboard": False},
                security=made,
                silence_logs=50,
            )
    except (OSError, RuntimeError) as error:
        raise ClusterError(f"The cluster cannot start: {error}") from error
    try:
        yield str(cluster.scheduler_address)
    finally:
        cluster.close()
        for name in ("cert.pem", "key.pem"):
            (folder / name).unlink(missing_ok=True)
