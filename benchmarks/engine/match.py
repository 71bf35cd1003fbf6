"""One case, all contestants in turn, several times over."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.engine import contestants as who
from benchmarks.figures import Figure
from benchmarks.plays import Played, size

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@dataclass(frozen=True)
class Match:
    """What was measured on one case: steps a second, and bytes held, by contestant."""

    reference: str
    document: int
    """Bytes of the case's document."""
    steps: int
    """Steps of all its plays together."""
    speeds: dict[str, Figure]
    memory: dict[str, int]

    def to_json(self) -> dict[str, Any]:
        return {
            "case": self.reference,
            "document_bytes": self.document,
            "steps": self.steps,
            "steps_per_second": {name: f.to_json() for name, f in self.speeds.items()},
            "bytes_held": self.memory,
        }


def one_case(
    case: Played,
    inkjs: who.Inkjs | None,
    browser: Browser | None,
    seconds: float,
    repetitions: int,
) -> Match:
    """Measure one case.

    The contestants take turns, so that whatever else the machine does falls on all of them. Each
    plays once before, to warm up and to find how many rounds fill `seconds`.
    """
    with ExitStack() as stack:
        field = who.python(case) + _javascript(case, inkjs, browser, stack)
        rounds = {one.name: _rounds(one, seconds) for one in field}
        took: dict[str, list[float]] = {one.name: [] for one in field}
        for _ in range(repetitions):
            for one in field:
                took[one.name].append(one.run(rounds[one.name]))
    speeds = {
        name: Figure.of(case.steps * rounds[name] / t for t in times)
        for name, times in took.items()
    }
    held = _memory(case, inkjs, browser)
    return Match(case.reference, size(case.doc), case.steps, speeds, held)


def _javascript(
    case: Played, inkjs: who.Inkjs | None, browser: Browser | None, stack: ExitStack
) -> list[who.Contestant]:
    field: list[who.Contestant] = []
    for engine in (None, inkjs) if inkjs else (None,):
        field += who.quickjs(case, engine)
        if browser:
            page = stack.enter_context(who.fresh_page(browser))
            field += who.chromium(case, page, engine)
    return field


def _rounds(one: who.Contestant, seconds: float) -> int:
    one.run(1)
    return max(1, round(seconds / max(one.run(1), 1e-6)))


def _memory(case: Played, inkjs: who.Inkjs | None, browser: Browser | None) -> dict[str, int]:
    held = {"Crossings Python": who.python_memory(case)}
    for name, engine in (("Crossings", None), ("inkjs", inkjs)):
        if name == "inkjs" and engine is None:
            continue
        held[f"{name} QuickJS"] = who.quickjs_memory(case, engine)
        if browser:
            held[f"{name} Chromium"] = who.chromium_memory(case, browser, engine)
    return held
