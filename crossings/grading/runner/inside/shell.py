"""One prepared IPython shell, made in the warm parent and used by each child as its own."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from typing import Any

from ipykernel.compiler import XCachingCompiler
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import StdinNotImplementedError, UsageError
from traitlets.config import Config

from .tape import Stream, Tape, TapeSession

NO_INPUT = (
    "raw_input was called, but this frontend does not support input requests."  # ipykernel's words
)

MOST_TEXT = 10_000


class Shell(ZMQInteractiveShell):
    """ipykernel's shell without a kernel behind it."""

    def enable_gui(self, gui: Any = None) -> None:
        """There is no window to draw in; `%matplotlib inline` asks for none."""
        if gui:
            raise UsageError(f"There is no display for `{gui}` where notebooks are marked.")

    def _tee(self, channel: str) -> Any:
        """IPython keeps what is printed a second time, without a limit. Nobody reads it."""
        return contextlib.nullcontext()


def prepare(tape: Tape) -> Shell:
    """A shell whose outputs go to `tape`. History is kept in memory only: no file, no thread."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.autoindent = False
    shell: Shell = Shell.instance(config=config, compiler_class=XCachingCompiler)
    session = TapeSession()
    session.tape = tape
    for publisher in (shell.display_pub, shell.displayhook):
        line: Any = publisher
        line.session = session
    import builtins
    import getpass

    builtins.input = _no_input
    getpass.getpass = _no_input
    return shell


def take_streams(tape: Tape) -> None:
    sys.stdout, sys.stderr = Stream(tape, "stdout"), Stream(tape, "stderr")


def _no_input(*_: object, **__: object) -> str:
    raise StdinNotImplementedError(NO_INPUT)


class Tap:
    """Runs cells as ipykernel's `do_execute` does, and says how each ended."""

    def __init__(self, shell: Shell) -> None:
        self.shell: Any = shell  # IPython has few types

    async def run(self, code: str) -> dict[str, Any]:
        """Run one cell; the count it had, `ok` or `error`, and the error's name."""
        shell = self.shell
        count = shell.execution_count
        problem = None
        try:
            transformed = shell.transform_cell(code)
        except Exception:
            transformed, problem = code, sys.exc_info()
        more: dict[str, Any] = {
            "transformed_cell": transformed,
            "preprocessing_exc_tuple": problem,
        }
        if shell.should_run_async(code, **more):
            result = await self._waiting(code, more)
        else:
            result = shell.run_cell(code, store_history=True)
        shell.payload_manager.clear_payload()
        told = getattr(shell, "_last_traceback_during_displayhook", False)
        error = result.error_before_exec or result.error_in_exec
        if result.success and not told:
            return {"count": count, "status": "ok"}
        return {
            "count": count,
            "status": "error",
            "ename": type(error).__name__,
            "evalue": str(error)[:MOST_TEXT],
            "traceback": [str(line)[:MOST_TEXT] for line in (shell._last_traceback or ())[:100]],
            "memory": isinstance(error, MemoryError),
        }

    async def _waiting(self, code: str, more: dict[str, Any]) -> Any:
        coroutine = self.shell.run_cell_async(code, store_history=True, **more)
        task = asyncio.ensure_future(coroutine)
        result = None
        try:
            result = await task
        finally:
            self.shell.events.trigger("post_execute")
            self.shell.events.trigger("post_run_cell", result)
        return result
