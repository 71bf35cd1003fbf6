"""Everything a cell puts out, in order: Python's streams, the C level beneath, displays, errors."""

from __future__ import annotations

import io
import json
import os
from typing import Any

from jupyter_client.session import Session

Record = list[Any]
STREAMS = {"stdout": 1, "stderr": 2}
_READ = 1 << 16


class Tape:
    """The outputs of the cell that runs now, as JSON texts, up to a size."""

    def __init__(self) -> None:
        self.most = 1 << 20
        self.owner = os.getpid()
        self.files: dict[str, int] = {}
        self._read_to = {"stdout": 0, "stderr": 0}
        self._records: list[str] = []
        self._texts: list[str] = []
        self._stream = ""
        self._used = 0
        self.cut = False

    def start(self, most: int) -> None:
        """Begin in a fresh child: catch what is written to the descriptors 1 and 2.

        They become files in memory, which a flood fills only up to the limit on a file's size,
        and which can be read in step with Python's own writing, without a thread.
        """
        self.most, self.owner = most, os.getpid()
        self._used, self.cut = 0, False
        for name, descriptor in STREAMS.items():
            made = _file(name)
            os.dup2(made, descriptor, inheritable=True)
            os.close(made)
            self.files[name] = descriptor

    def write(self, name: str, text: str) -> None:
        if os.getpid() != self.owner:  # a fork of the learner's: no tape here, but the file is
            os.write(STREAMS[name], text.encode("utf-8", "replace"))
            return
        self.drain()
        self._write(name, text)

    def _write(self, name: str, text: str) -> None:
        if self._stream != name:
            self._end_stream()
            self._stream = name
        size = len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
        if self._fits(size):
            self._texts.append(text)
        elif not self.cut:
            self._texts.append(text[: max(0, self.most - self._used)])
            self.cut = True

    def add(self, kind: str, content: Any) -> None:
        """Add a display, a result, an error, or a wish to clear."""
        if os.getpid() != self.owner:
            return
        self.drain()
        self._end_stream()
        try:
            record = json.dumps([kind, content], ensure_ascii=False, allow_nan=False)
        except (ValueError, TypeError, RecursionError):
            problem = f"(a {kind} that is not JSON is left out)\n"
            record = json.dumps(["stream", {"name": "stderr", "text": problem}])
        if self._fits(len(record)):
            self._records.append(record)
        else:
            self.cut = True

    def _fits(self, size: int) -> bool:
        if self.cut or self._used + size > self.most:
            return False
        self._used += size
        return True

    def _end_stream(self) -> None:
        if self._texts:
            text = "".join(self._texts)
            record = _stream(self._stream, text)
            if len(record) > 2 * len(text) + 1000:  # control characters grow sixfold in JSON
                record, self.cut = _stream(self._stream, text[: len(text) // 6]), True
            self._records.append(record)
        self._texts, self._stream = [], ""

    def drain(self) -> None:
        """Take in what came through the descriptors since the last time."""
        for name, descriptor in self.files.items():
            try:
                size = os.fstat(descriptor).st_size
            except OSError:
                continue
            at = self._read_to[name]
            if size == at:
                continue
            at = 0 if size < at else at
            wanted = min(size - at, max(_READ, self.most))
            self._read_to[name] = size
            try:
                body = os.pread(descriptor, wanted, at)
            except OSError:
                continue
            self._write(name, body.decode("utf-8", "replace"))

    def take(self) -> str:
        """The records of the cell as a JSON list; the tape is empty again."""
        self.drain()
        self._end_stream()
        records, self._records = self._records, []
        for name, descriptor in self.files.items():
            if self._read_to[name]:
                try:
                    os.ftruncate(descriptor, 0)
                    self._read_to[name] = 0
                except OSError:
                    pass
        return "[" + ",".join(records) + "]"


def _stream(name: str, text: str) -> str:
    return json.dumps(["stream", {"name": name, "text": text}], ensure_ascii=False)


def _file(name: str) -> int:
    flags = getattr(os, "MFD_CLOEXEC", 0)
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create(name, flags)
    else:
        import tempfile

        with tempfile.TemporaryFile() as file:
            descriptor = os.dup(file.fileno())
    import fcntl

    fcntl.fcntl(descriptor, fcntl.F_SETFL, os.O_APPEND)
    return descriptor


class Stream(io.TextIOBase):
    """`sys.stdout` and `sys.stderr` of a notebook; as ipykernel's, without a `buffer`."""

    encoding = "UTF-8"
    errors = "strict"

    def __init__(self, tape: Tape, name: str) -> None:
        self._tape = tape
        self.name = name

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._tape.write(self.name, text)
        return len(text)

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        return STREAMS[self.name]


class TapeSession(Session):
    """What ipykernel's display machinery takes for its line to the front end."""

    tape: Tape

    def msg(  # type: ignore[override]
        self, msg_type: str, content: Any = None, parent: Any = None, **_: Any
    ) -> dict[str, Any]:
        return {"msg_type": msg_type, "content": content or {}}

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, *_: Any, **__: Any) -> None:
        if isinstance(msg_or_type, str):
            self.tape.add(msg_or_type, content)
        else:
            self.tape.add(msg_or_type["msg_type"], msg_or_type["content"])
