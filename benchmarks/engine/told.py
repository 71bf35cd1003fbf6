"""The tables of the engine benchmark."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from benchmarks.engine.match import Match
from benchmarks.figures import Sheet, ratio

WORDS = {"apply": "step", "show": "step, and what to show"}


def sheets(found: Sequence[Match], skipped: Sequence[str]) -> list[Sheet]:
    """Speed, then memory; what was skipped is said beneath the first."""
    return [_speed(found, skipped), _memory(found)]


def _speed(found: Sequence[Match], skipped: Sequence[str]) -> Sheet:
    rows = []
    for name in found[0].speeds:
        medians = [m.speeds[name].median for m in found]
        worst = max(_spread(m, name) for m in found)
        low, high = f"{min(medians):,.0f}", f"{max(medians):,.0f}"
        row = [_label(name), f"{median(medians):,.0f}", low, high, f"{worst:.0%}"]
        rows.append([*row, _against_ink(name, found)])
    columns = [
        "Steps a second",
        "median case",
        "slowest case",
        "fastest case",
        "spread",
        "to inkjs",
    ]
    remarks = [
        f"{len(found)} cases, {sum(m.steps for m in found):,} steps of simulated learners; each "
        "contestant's median of repeated runs on a case; contestants took turns. Spread: the "
        "largest distance of a run from its median.",
        "A step is one action of a learner. inkjs: ChooseChoiceIndex, then Continue while it can, "
        "on the same graph with the same variables, rules and points, written as an ink story; "
        "every play ended at the same ending and story time in all engines. Its steps are counted "
        "as ours: sorting people is one step, although ink needs a choice a person.",
        "To inkjs: the median over the cases of our speed divided by inkjs's, in the same runtime, "
        "for the same work (taking the step, and getting what to show).",
        *skipped,
    ]
    return Sheet("Engine: speed", columns, rows, remarks)


def _spread(match: Match, name: str) -> float:
    figure = match.speeds[name]
    return max(abs(value / figure.median - 1) for value in figure.values)


def _label(name: str) -> str:
    engine, runtime, work = name.split(" ")
    return f"{engine}, {runtime}: {WORDS[work]}"


def _against_ink(name: str, found: Sequence[Match]) -> str:
    engine, runtime, work = name.split(" ")
    peer = f"inkjs {runtime} show"
    if engine == "inkjs" or work != "show" or peer not in found[0].speeds:
        return ""
    return ratio(1, median(m.speeds[name].median / m.speeds[peer].median for m in found))


def _memory(found: Sequence[Match]) -> Sheet:
    rows = []
    for name in found[0].memory:
        held = [m.memory[name] / 1024 for m in found]
        row = [name.replace(" ", ", "), f"{median(held):,.0f}", f"{max(held):,.0f}"]
        rows.append(row)
    remarks = [
        "The case and one finished play; in JavaScript also the engine's code. Ours keeps the log "
        "of the play, which the debrief and going back need; ink's story keeps no log.",
    ]
    return Sheet("Engine: memory", ["KiB held", "median case", "largest case"], rows, remarks)
