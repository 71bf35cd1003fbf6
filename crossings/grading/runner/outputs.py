"""Records of the sandbox become outputs of nbformat 4, by a closed list of shapes.

What comes in was made in a process that learners' code controls: nothing is taken over that is not
named here, texts are made valid, and depth and number are bounded.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

Output = dict[str, Any]

MOST_DEPTH = 64
MOST_OUTPUTS = 10_000
MOST_MIMES = 64


class BadRecordError(ValueError):
    """A record that our own code never makes."""


class Recording:
    """The outputs of a notebook's cells, gathered as nbclient gathers them."""

    def __init__(self) -> None:
        self.outputs: list[Output] = []
        self._clear_first = False
        self._shown: dict[str, list[Output]] = {}

    def begin(self, outputs: list[Output]) -> None:
        """From now on, add to `outputs`, those of the next cell."""
        self.outputs, self._clear_first = outputs, False

    def add(self, records: Any) -> None:
        """Take in the records of one cell.

        Raises:
            BadRecordError: for anything that is no record.
        """
        if not isinstance(records, list) or len(records) > MOST_OUTPUTS:
            raise BadRecordError("records are not a short list")
        for record in records:
            if not isinstance(record, list) or len(record) != 2:
                raise BadRecordError("a record is not a pair")
            kind, content = record
            handle = self._HANDLERS.get(kind) if isinstance(kind, str) else None
            if kind in _IGNORED:
                continue
            if handle is None or not isinstance(content, dict):
                raise BadRecordError("a record of an unknown kind")
            handle(self, content)

    def _stream(self, content: Output) -> None:
        name, text = content.get("name"), _text(content.get("text"))
        if name not in ("stdout", "stderr"):
            raise BadRecordError("a stream of an unknown name")
        self._clear_if_asked()
        last = self.outputs[-1] if self.outputs else {}
        if last.get("output_type") == "stream" and last.get("name") == name:
            last["text"] += text
            return
        self.outputs.append({"output_type": "stream", "name": name, "text": text})

    def _display(self, content: Output) -> None:
        made = {"output_type": "display_data", **_bundle(content)}
        self._remember(content, made)
        self._append(made)

    def _result(self, content: Output) -> None:
        number = content.get("execution_count")
        found = None if number is None else count(number)
        made = {"output_type": "execute_result", "execution_count": found, **_bundle(content)}
        self._remember(content, made)
        self._append(made)

    def _update(self, content: Output) -> None:
        bundle = _bundle(content)
        for output in self._shown.get(_display_id(content), ()):
            output.update(bundle)

    def _remember(self, content: Output, made: Output) -> None:
        identity = _display_id(content)
        if not identity:
            return
        bundle = {"data": made["data"], "metadata": made["metadata"]}
        for output in self._shown.get(identity, ()):
            output.update(bundle)
        self._shown.setdefault(identity, []).append(made)

    def _error(self, content: Output) -> None:
        traceback = content.get("traceback")
        if not isinstance(traceback, list):
            raise BadRecordError("a traceback that is no list")
        self._append(
            {
                "output_type": "error",
                "ename": _text(content.get("ename")),
                "evalue": _text(content.get("evalue")),
                "traceback": [_text(line) for line in traceback],
            }
        )

    def _clear(self, content: Output) -> None:
        if content.get("wait") is True:
            self._clear_first = True
        else:
            self._empty()

    def _append(self, output: Output) -> None:
        self._clear_if_asked()
        self.outputs.append(output)

    def _clear_if_asked(self) -> None:
        if self._clear_first:
            self._empty()

    def _empty(self) -> None:
        self._clear_first = False
        gone = {id(output) for output in self.outputs}
        for identity, shown in self._shown.items():
            self._shown[identity] = [output for output in shown if id(output) not in gone]
        self.outputs.clear()

    _HANDLERS: dict[str, Callable[[Recording, Output], None]] = {}


Recording._HANDLERS = {
    "stream": Recording._stream,
    "display_data": Recording._display,
    "execute_result": Recording._result,
    "update_display_data": Recording._update,
    "error": Recording._error,
    "clear_output": Recording._clear,
}
_IGNORED = frozenset({"comm_open", "comm_msg", "comm_close"})


def count(value: Any) -> int:
    """An execution count, or BadRecordError."""
    if type(value) is not int or not 0 <= value < 1 << 31:
        raise BadRecordError("an execution count that is no number")
    return value


def error(name: str, text: str, traceback: str) -> Output:
    """An error output that the examiner adds."""
    return {"output_type": "error", "ename": name, "evalue": text, "traceback": [traceback]}


def _display_id(content: Output) -> str:
    transient = content.get("transient")
    identity = transient.get("display_id") if isinstance(transient, dict) else None
    return _text(identity) if isinstance(identity, str) else ""


def _bundle(content: Output) -> dict[str, Any]:
    data, metadata = content.get("data"), content.get("metadata") or {}
    if not isinstance(data, dict) or not isinstance(metadata, dict) or len(data) > MOST_MIMES:
        raise BadRecordError("a display without a bundle of data")
    clean = {_text(mime): _datum(mime, value) for mime, value in data.items()}
    return {"data": clean, "metadata": cleaned(metadata)}


def _datum(mime: str, value: Any) -> Any:
    if mime == "application/json" or mime.endswith("+json"):
        return cleaned(value)
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        value = "".join(value)
    return _text(value) if isinstance(value, str) else _text(repr(cleaned(value)))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise BadRecordError("a text is missing")
    if value.isascii():
        return value
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def cleaned(value: Any, depth: int = MOST_DEPTH) -> Any:
    """`value` as plain JSON with valid texts; what lies too deep or is no finite number is null."""
    if isinstance(value, str):
        return _text(value)
    if depth <= 0 or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, dict):
        return {_text(key): cleaned(item, depth - 1) for key, item in value.items()}
    if isinstance(value, list):
        return [cleaned(item, depth - 1) for item in value]
    return value
