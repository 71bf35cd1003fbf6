"""All players in turn, several times over: each round visits every one of them once."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.figures import Figure
from benchmarks.player import serving
from benchmarks.player.pages import RENDER_END, Site
from benchmarks.player.visits import SLOW, Visit, drawn, visit
from benchmarks.plays import Played, trace

if TYPE_CHECKING:
    from playwright.sync_api import Browser

VOILA = "Voila, ipywidgets"


@dataclass(frozen=True)
class Measured:
    """One player's figures: times in milliseconds, sizes in bytes."""

    name: str
    transferred: Figure
    requests: Figure
    code: int | None
    """Compressed bytes of the player without the case, where they are files of their own."""
    ready: Figure
    ready_slow: Figure
    answered: Figure
    heap: Figure
    drawn: Figure | None = None
    end_drawn: Figure | None = None
    kernel: Figure | None = None

    def to_json(self) -> dict[str, Any]:
        figures = {
            "transferred_bytes": self.transferred,
            "requests": self.requests,
            "first_interaction_ms": self.ready,
            "first_interaction_slow_ms": self.ready_slow,
            "click_to_answer_ms": self.answered,
            "heap_bytes": self.heap,
            "first_render_ms": self.drawn,
            "end_render_ms": self.end_drawn,
            "kernel_bytes": self.kernel,
        }
        told = {name: figure.to_json() for name, figure in figures.items() if figure}
        return {"name": self.name, "player_bytes": self.code} | told


@dataclass
class _Target:
    """A player that is visited, and what its visits gave."""

    name: str
    address: str
    button: str
    text: str
    site: Site | None
    fast: list[Visit]
    slow: list[Visit]
    drawn: list[float]
    ends: list[float]


def measured(
    browser: Browser,
    case: Played,
    sites: Sequence[Site],
    folder: Path,
    repetitions: int,
    voila: bool,
) -> list[Measured]:
    """Visit every player `repetitions` times, with a fast line and a slow one.

    Raises:
        TimeoutError: where Voila does not start.
    """
    with ExitStack() as stack:
        addresses = stack.enter_context(serving.files({s.name: s.files for s in sites}))
        targets = [_target(s.name, addresses[s.name], s.button, s.text, s) for s in sites]
        running = None
        if voila:
            running = stack.enter_context(serving.voila(case.reference, folder))
            button, text = ".widget-vbox button.widget-button", ".widget-vbox"
            targets.append(_target(VOILA, running.address, button, text, None))
        kernels: list[float] = []
        for number in range(repetitions + 1):
            for target in targets:
                _round(browser, target, case, kept=number > 0)
            kernels = [float(b) for b in running.kernels()] if running else []
    return [_measured(target, kernels) for target in targets]


def _target(name: str, address: str, button: str, text: str, site: Site | None) -> _Target:
    return _Target(name, address, button, text, site, [], [], [], [])


def _round(browser: Browser, target: _Target, case: Played, kept: bool) -> None:
    """One visit of each kind. The first round warms up servers and disk, and is not kept."""
    place = f"{target.address}/{target.site.start}" if target.site else f"{target.address}/"
    fast = visit(browser, place, target.button, target.text, None)
    slow = visit(browser, place, target.button, target.text, SLOW)
    site = target.site
    first = end = None
    if site and site.render:
        hold = f"{target.address}/{site.hold}"
        first = drawn(browser, hold, site.render)
        if site.name == "Crossings, page":
            end = drawn(browser, hold, _PAYLOAD + RENDER_END, {"trace": _longest(case)})
    if not kept:
        return
    target.fast.append(fast)
    target.slow.append(slow)
    target.drawn += [first] if first is not None else []
    target.ends += [end] if end is not None else []


_PAYLOAD = (
    'const payload = JSON.parse(document.querySelector(".crossings-mount script").textContent);'
)


def _longest(case: Played) -> Any:
    return trace(case.doc, max(case.plays, key=lambda state: state.seq))


def _measured(target: _Target, kernels: list[float]) -> Measured:
    fast, site = target.fast, target.site
    code = (
        sum(len(serving.zipped(site.files[n])) for n in site.code) if site and site.code else None
    )
    return Measured(
        target.name,
        transferred=Figure.of(v.transferred for v in fast),
        requests=Figure.of(v.requests for v in fast),
        code=code,
        ready=Figure.of(v.ready for v in fast),
        ready_slow=Figure.of(v.ready for v in target.slow),
        answered=Figure.of(v.answered for v in fast),
        heap=Figure.of(v.heap for v in fast),
        drawn=Figure.of(target.drawn) if target.drawn else None,
        end_drawn=Figure.of(target.ends) if target.ends else None,
        kernel=Figure.of(kernels) if site is None and kernels else None,
    )
