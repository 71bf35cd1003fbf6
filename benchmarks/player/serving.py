"""Two servers on 127.0.0.1: one for files, compressed beforehand, and Voila with a real kernel."""

from __future__ import annotations

import gzip
import json
import mimetypes
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.ports import free_port
from crossings.workspace import ROOT


def zipped(content: bytes) -> bytes:
    """As a server sends it that compresses once, as well as it can."""
    return gzip.compress(content, 9, mtime=0)


@contextmanager
def files(folders: Mapping[str, Mapping[str, bytes]]) -> Iterator[dict[str, str]]:
    """Serve sets of files, each on a port of its own so that its paths start at `/`.

    Yields:
        The address of each.
    """
    running = {name: _Served(content) for name, content in folders.items()}
    try:
        yield {name: one.address for name, one in running.items()}
    finally:
        for one in running.values():
            one.stop()


class _Served:
    def __init__(self, content: Mapping[str, bytes]) -> None:
        self._bodies = {path: _body(path, data) for path, data in content.items()}
        app = Starlette(routes=[Route("/{path:path}", self._answer)])
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True
        )
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)

    def _answer(self, request: Request) -> Response:
        found = self._bodies.get(request.path_params["path"])
        if found is None:
            return Response(status_code=404)
        body, headers = found
        return Response(body, headers=headers)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)
        self._socket.close()


def _body(path: str, data: bytes) -> tuple[bytes, dict[str, str]]:
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    text = kind.startswith("text/") or kind.endswith(("javascript", "json"))
    headers = {"content-type": f"{kind}; charset=utf-8" if text else kind}
    small = zipped(data)
    if len(small) >= len(data):
        return data, headers
    return small, headers | {"content-encoding": "gzip"}


@dataclass(frozen=True)
class Voila:
    """A running Voila."""

    address: str
    process: int

    def kernels(self) -> list[int]:
        """Bytes of private memory of each kernel that runs for it."""
        children = psutil.Process(self.process).children(recursive=True)
        return [
            int(child.memory_full_info().uss)
            for child in children
            if "ipykernel_launcher" in " ".join(child.cmdline())
        ]


@contextmanager
def voila(reference: str, folder: Path, root: Path = ROOT, wait: float = 60) -> Iterator[Voila]:
    """Voila with its stock template, compressing, on a notebook that shows the case.

    Raises:
        TimeoutError: where it does not answer within `wait` seconds.
    """
    cell = f"from benchmarks.player.widgets import show\nshow({json.dumps(reference)})"
    with voila_cell(cell, folder, root, wait) as running:
        yield running


@contextmanager
def voila_cell(cell: str, folder: Path, root: Path = ROOT, wait: float = 60) -> Iterator[Voila]:
    """As `voila`, on a notebook with one cell.

    Raises:
        TimeoutError: where it does not answer within `wait` seconds.
    """
    notebook = folder / "page.ipynb"
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)])
    made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(made, notebook)
    port = free_port()
    command = [sys.executable, "-m", "voila", str(notebook), "--no-browser", "--template=lab"]
    command += [f"--port={port}", "--Voila.ip=127.0.0.1", "--Voila.log_level=ERROR"]
    command += ["--Voila.tornado_settings={'compress_response': True}"]
    path = os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH")]))
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": path},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _await(f"{address}/voila/static/voila.js", process, wait)
        yield Voila(address, process.pid)
    finally:
        _end(process)


def _await(address: str, process: subprocess.Popen[bytes], wait: float) -> None:
    until = time.monotonic() + wait
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("Voila did not start")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Voila ends its kernels when it is asked to; any that is left is ended too."""
    try:
        kernels = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        kernels = []
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
    for kernel in psutil.wait_procs(kernels, timeout=3)[1]:
        kernel.kill()
