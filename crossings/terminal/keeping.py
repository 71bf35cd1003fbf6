"""A play that is kept in a file: written after each move, gone on with later."""

from __future__ import annotations

import json
import os
import secrets
from functools import partial
from pathlib import Path

from rich.console import Console

from crossings.cases import replay
from crossings.cases.state import Document
from crossings.cases.trace import TraceError, read_trace
from crossings.terminal.play import Terminal, Trace


def begin(doc: Document, out: Console, mode: str, seed: str | None, file: Path | None) -> Terminal:
    """A new play, or the one in `file`, whose mode and seed then count.

    Raises:
        TraceError: where the file holds something else, or a play that does not fit the case.
    """
    if file is None:
        return Terminal.new(doc, out, seed or secrets.token_hex(4), mode)
    keep = partial(write, file.expanduser())
    if not file.expanduser().exists():
        made = Terminal.new(doc, out, seed or secrets.token_hex(4), mode, kept=keep)
        keep(made.trace)
        return made
    trace = read_trace(file.expanduser())
    played = replay(doc, trace)
    if played.problem is not None:
        at = f" at event {played.problem.seq}" if played.problem.seq else ""
        raise TraceError(f"it cannot be continued{at}: {played.problem.message}")
    if trace["mode"] == "drill":
        raise TraceError("it is a play of a drill")
    return Terminal(doc, out, trace, played.state, kept=keep)


def write(file: Path, trace: Trace) -> None:
    """Replace `file` in one step, so that a crash leaves the old play or the new one."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        draft.write_text(json.dumps(trace, ensure_ascii=False) + "\n", encoding="utf-8")
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
