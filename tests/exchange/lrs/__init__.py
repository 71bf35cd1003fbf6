"""A real learning record store (Ralph) for tests, in an environment of its own."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.serving import free_port

LOCK = Path(__file__).parent / "requirements.txt"
CACHE = Path(__file__).resolve().parents[3] / "_build" / "lrs"


_START = """
import sys
import uvicorn
from ralph.backends.data.base import BaseOperationType
from ralph.backends.lrs.fs import FSLRSBackend

# The store on files would take one message only: it wants a new file for each.
FSLRSBackend.default_operation_type = BaseOperationType.APPEND
uvicorn.run("ralph.api:app", host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
"""


class NotInstalledError(Exception):
    """The store cannot be installed on this machine; the message says why."""


@dataclass(frozen=True)
class Store:
    address: str
    user: str
    password: str

    @property
    def client(self) -> httpx.Client:
        return httpx.Client(
            base_url=self.address,
            auth=(self.user, self.password),
            headers={"X-Experience-API-Version": "1.0.3"},
            timeout=30,
        )


def installed() -> Path:
    """The folder with the store's programs; installed once for each state of the lock."""
    digest = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()[:12]
    place = CACHE / digest
    if (place / "ready").exists():
        return place / "bin"
    shutil.rmtree(place, ignore_errors=True)
    venv.create(place, with_pip=True)
    done = subprocess.run(
        [place / "bin" / "python", "-m", "pip", "install", "-q", "--no-deps", "-r", LOCK],
        capture_output=True,
        text=True,
        timeout=400,
    )
    if done.returncode:
        raise NotInstalledError(done.stderr[-400:])
    (place / "ready").touch()
    return place / "bin"


@contextmanager
def running(folder: Path) -> Iterator[Store]:
    """The store on a free port of this machine, with its files in `folder`."""
    programs, port = installed(), free_port()
    user, password = "crossings", secrets.token_hex(8)
    environment = {
        **os.environ,
        "RALPH_APP_DIR": str(folder),
        "RALPH_AUTH_FILE": str(folder / "auth.json"),
        "RALPH_RUNSERVER_BACKEND": "fs",
        "RALPH_BACKENDS__LRS__FS__DEFAULT_DIRECTORY_PATH": str(folder / "statements"),
        "HOME": str(folder),
    }
    environment.pop("PYTHONPATH", None)
    subprocess.run(
        [programs / "ralph", "auth", "-u", user, "-p", password, "-s", "all",
         "-A", "lrs", "https://academy.example", "-w"],
        env=environment, check=True, capture_output=True,
    )  # fmt: skip
    process = subprocess.Popen(
        [programs / "python", "-c", _START, str(port)],
        env=environment, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        store = Store(f"http://127.0.0.1:{port}", user, password)
        _wait(store, process)
        yield store
    finally:
        process.kill()
        process.wait()


def _wait(store: Store, process: subprocess.Popen[bytes]) -> None:
    for _ in range(150):
        if process.poll() is not None:
            raise RuntimeError("the record store ended while it started")
        try:
            if store.client.get("/__heartbeat__").status_code < 500:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise RuntimeError("the record store did not open its port")


def sent(store: Store, statements: list[dict[str, object]]) -> httpx.Response:
    return store.client.post("/xAPI/statements/", content=json.dumps(statements),
                             headers={"Content-Type": "application/json"})  # fmt: skip


_STRICT = """
import json, sys
from pydantic import ValidationError
from ralph.models.xapi.base.statements import BaseXapiStatement

for line in sys.stdin:
    try:
        BaseXapiStatement.model_validate(json.loads(line))
        print("valid")
    except ValidationError as error:
        first = error.errors()[0]
        print(" ".join(map(str, first["loc"])), first["msg"])
"""


def judged(statements: list[dict[str, object]]) -> list[str]:
    """`valid`, or what is wrong, for each: by the store's strict model, which its door is not."""
    done = subprocess.run(
        [installed() / "python", "-c", _STRICT],
        input="".join(json.dumps(s) + "\n" for s in statements),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
    )
    return done.stdout.splitlines()
