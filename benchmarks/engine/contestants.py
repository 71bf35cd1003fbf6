"""Who takes steps: our Python engine, our JavaScript engine in two runtimes, inkjs in the same two.

A contestant is called with a number of rounds, plays all plays of a case as often, and says how
long that took. It fails where a play does not end as the recorded ones did.
"""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from benchmarks.plays import Json, Played
from crossings.cases import apply, start, view
from crossings.cases.state import State
from crossings.player.documents import HERE as PLAYER

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

STEPS = Path(__file__).with_name("steps.js")
Rounds = Callable[[int], float]
"""Plays everything that many times; answers seconds."""


class DifferentEndError(RuntimeError):
    """A contestant did not play the case as it is: its figures would mean nothing."""


@dataclass(frozen=True)
class Contestant:
    """`engine` in `runtime` doing `work`: `apply` takes steps, `show` also says what to draw."""

    engine: str
    runtime: str
    work: str
    run: Rounds

    @property
    def name(self) -> str:
        return f"{self.engine} {self.runtime} {self.work}"


@dataclass(frozen=True)
class Inkjs:
    """The peer: its script, the compiled story of the case, the plays as places of choices."""

    script: str
    story: str
    choices: list[list[int]]


# Python


def python(case: Played) -> list[Contestant]:
    """Our Python engine, with and without the view of each step."""
    traces = case.traces()
    return [
        Contestant("Crossings", "Python", work, _python(case, traces, work == "show"))
        for work in ("apply", "show")
    ]


def _python(case: Played, traces: list[Json], shows: bool) -> Rounds:
    def run(rounds: int) -> float:
        began = perf_counter()
        for _ in range(rounds):
            ends = [_ended(case.doc, trace, shows) for trace in traces]
        took = perf_counter() - began
        same_ends(case, [[state.ending, state.clock] for state in ends], "Python")
        return took

    return run


def _ended(doc: Json, trace: Json, shows: bool) -> State:
    state = start(doc, trace["seed"], trace["mode"])
    if shows:
        view(doc, state)
    for event in trace["events"]:
        state = apply(doc, state, event)
        if shows:
            view(doc, state)
    return state


def python_memory(case: Played) -> int:
    """Bytes that a document and one finished play hold."""
    text, trace = json.dumps(case.doc), case.traces()[0]
    tracemalloc.start()
    doc = json.loads(text)
    state = _ended(doc, trace, shows=False)
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del state
    return held


# JavaScript


def _given(case: Played, inkjs: Inkjs | None) -> str:
    given: Json = {"doc": case.doc, "traces": case.traces()}
    if inkjs:
        given = {"story": inkjs.story, "choices": inkjs.choices}
    return json.dumps(given)


def _scripts(inkjs: Inkjs | None) -> list[str]:
    engine = inkjs.script if inkjs else (PLAYER / "engine.js").read_text(encoding="utf-8")
    return [engine.lstrip("\ufeff"), STEPS.read_text(encoding="utf-8")]


def _works(inkjs: Inkjs | None) -> tuple[tuple[str, str], ...]:
    """What is shown as work, and its name in `steps.js`. Ink has no step without its text."""
    return (("show", "ink"),) if inkjs else (("apply", "apply"), ("show", "show"))


def quickjs(case: Played, inkjs: Inkjs | None = None) -> list[Contestant]:
    """Our engine, or inkjs, in QuickJS: a small interpreter without a compiler.

    Raises:
        ImportError: where the package `quickjs` is not installed.
    """
    import quickjs as runtime

    context = runtime.Context()
    for script in _scripts(inkjs):
        context.eval(script)
    context.eval("bench.load")(_given(case, inkjs))
    run = context.eval("bench.run")

    def timed(name: str) -> Rounds:
        def rounds(count: int) -> float:
            began = perf_counter()
            ends = run(name, count)
            took = perf_counter() - began
            same_ends(case, json.loads(ends), "QuickJS")
            return took

        return rounds

    engine = "inkjs" if inkjs else "Crossings"
    return [Contestant(engine, "QuickJS", work, timed(name)) for work, name in _works(inkjs)]


def quickjs_memory(case: Played, inkjs: Inkjs | None = None) -> int:
    """Bytes of engine, case and one finished play, above an empty QuickJS."""
    import quickjs as runtime

    empty = runtime.Context().memory()["memory_used_size"]
    context = runtime.Context()
    one = Played(case.reference, case.doc, case.plays[:1])
    alone = inkjs and Inkjs(inkjs.script, inkjs.story, inkjs.choices[:1])
    for script in _scripts(inkjs):
        context.eval(script)
    context.eval("bench.load")(_given(one, alone))
    context.eval("bench.run")(_works(inkjs)[0][1], 1)
    context.gc()
    held: int = context.memory()["memory_used_size"] - empty
    return held


def chromium(case: Played, page: Page, inkjs: Inkjs | None = None) -> list[Contestant]:
    """Our engine, or inkjs, in a fresh page of Chromium."""
    _load(case, page, inkjs)

    def timed(name: str) -> Rounds:
        def rounds(count: int) -> float:
            took, ends = page.evaluate("([n, c]) => bench.timed(n, c)", [name, count])
            same_ends(case, json.loads(ends), "Chromium")
            return float(took) / 1000

        return rounds

    engine = "inkjs" if inkjs else "Crossings"
    return [Contestant(engine, "Chromium", work, timed(name)) for work, name in _works(inkjs)]


def _load(case: Played, page: Page, inkjs: Inkjs | None) -> None:
    for script in _scripts(inkjs):
        page.add_script_tag(content=script)
    page.evaluate("(given) => bench.load(given)", _given(case, inkjs))


def chromium_memory(case: Played, browser: Browser, inkjs: Inkjs | None = None) -> int:
    """Bytes of engine, case and one finished play, above an empty page."""
    one = Played(case.reference, case.doc, case.plays[:1])
    alone = inkjs and Inkjs(inkjs.script, inkjs.story, inkjs.choices[:1])
    with fresh_page(browser) as page:
        empty = heap(page)
        _load(one, page, alone)
        page.evaluate("(name) => bench.run(name, 1)", _works(inkjs)[0][1])
        return heap(page) - empty


@contextmanager
def fresh_page(browser: Browser) -> Iterator[Page]:
    """A page without anything in it."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(120_000)
    yield page
    context.close()


def heap(page: Page) -> int:
    """Bytes of the JavaScript heap after all that can be collected was."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used: Any = session.send("Runtime.getHeapUsage")["usedSize"]
    session.detach()
    return int(used)


def same_ends(case: Played, ends: list[list[Any]], runtime: str) -> None:
    """Check that every play ended where, and at the story time when, the recorded one did.

    Raises:
        DifferentEndError: where one did not.
    """
    wanted = [[state.ending, state.clock] for state in case.plays]
    if ends != wanted:
        raise DifferentEndError(f"{case.reference} in {runtime}: {ends} instead of {wanted}")
