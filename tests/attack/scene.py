"""What the attacks are after: files that anybody may read and write, and servers that listen."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import socket
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SECRET = "the hidden tests"
CANARY = "CANARY-IN-ANOTHER-TASK"


@dataclass
class Scene:
    folder: Path
    targets: dict[str, Any]
    heard: list[bytes] = field(default_factory=list)
    """What the servers got; an empty packet where somebody only knocked."""

    @property
    def files(self) -> dict[str, bytes]:
        """What lies beside a hostile notebook: it knows where everything is."""
        return {"targets.json": json.dumps(self.targets).encode()}

    def changes(self) -> list[str]:
        """What is not as it was laid out."""
        found = []
        if (self.folder / "secret.py").read_text(encoding="utf-8") != SECRET:
            found.append("the hidden tests were changed")
        with contextlib.closing(sqlite3.connect(self.folder / "gradebook.db")) as book:
            if book.execute("select points from grade").fetchall() != [(1,)]:
                found.append("the gradebook was changed")
        found += [f"{p.name} was written" for p in (self.folder / "open").iterdir()]
        found += [f"{p.name} was written" for p in Path("/tmp").glob("poisoned-by-*")]
        return found


@contextlib.contextmanager
def scene() -> Iterator[Scene]:
    """Everything that file permissions could protect is open to everybody: only walls protect."""
    folder = Path(tempfile.mkdtemp(prefix="crossings-attack-", dir="/var/tmp"))
    folder.chmod(0o755)
    try:
        _lay_out(folder)
        with contextlib.ExitStack() as stack:
            made = Scene(folder, {})
            made.targets |= _listen(made, stack)
            made.targets |= {
                "secret": str(folder / "secret.py"),
                "gradebook": str(folder / "gradebook.db"),
                "other": str(folder / "other"),
                "open_folder": str(folder / "open"),
                "examiner": os.getpid(),
            }
            yield made
    finally:
        shutil.rmtree(folder)


def _lay_out(folder: Path) -> None:
    (folder / "secret.py").write_text(SECRET, encoding="utf-8")
    (folder / "other").mkdir()
    (folder / "other" / "answers.ipynb").write_text("another's answers", encoding="utf-8")
    (folder / "open").mkdir()
    with contextlib.closing(sqlite3.connect(folder / "gradebook.db")) as book:
        book.execute("create table grade (points)")
        book.execute("insert into grade values (1)")
        book.commit()
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)


def _listen(made: Scene, stack: contextlib.ExitStack) -> dict[str, Any]:
    unix, abstract = str(made.folder / "socket"), f"crossings-attack-{secrets.token_hex(4)}"
    places = {
        "tcp": (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
        "udp": (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
        "unix": (socket.AF_UNIX, socket.SOCK_STREAM, unix),
        "abstract": (socket.AF_UNIX, socket.SOCK_STREAM, "\0" + abstract),
    }
    found: dict[str, Any] = {"unix": unix, "abstract": abstract}
    for name, (family, kind, address) in places.items():
        made_socket = socket.socket(family, kind)
        made_socket.bind(address)
        if family == socket.AF_INET:
            found[name] = made_socket.getsockname()[1]
        if kind == socket.SOCK_STREAM:
            made_socket.listen()
        stack.callback(made_socket.close)
        threading.Thread(target=_hear, args=(made_socket, made.heard), daemon=True).start()
    Path(unix).chmod(0o777)
    return found


def _hear(listening: socket.socket, heard: list[bytes]) -> None:
    with contextlib.suppress(OSError):
        while True:
            if listening.type == socket.SOCK_DGRAM:
                heard.append(listening.recv(100))
                continue
            taken, _ = listening.accept()
            heard.append(b"")
            taken.settimeout(1)
            with taken, contextlib.suppress(OSError):
                heard.append(taken.recv(100))
