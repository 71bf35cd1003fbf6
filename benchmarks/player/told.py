"""The tables of the player benchmark."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from benchmarks.figures import Figure, Sheet, ratio
from benchmarks.player.rounds import Measured

Pick = Callable[[Measured], Figure | None]
LINES: tuple[tuple[str, float, Pick], ...] = (
    ("KiB until playable", 1024, lambda m: m.transferred),
    ("requests until playable", 1, lambda m: m.requests),
    ("first interaction, ms", 1, lambda m: m.ready),
    ("first interaction, slow phone, ms", 1, lambda m: m.ready_slow),
    ("click to next text, ms", 1, lambda m: m.answered),
    ("first render of the case, ms", 1, lambda m: m.drawn),
    ("render of the end with debrief, ms", 1, lambda m: m.end_drawn),
    ("JavaScript heap, KiB", 1024, lambda m: m.heap),
    ("kernel a learner, MiB", 2**20, lambda m: m.kernel),
)
"""What is told, the unit in terms of what was measured, and where it is found."""


def sheets(found: Sequence[Measured], remarks: Sequence[str]) -> list[Sheet]:
    """The figures, then the same as ratios to our page."""
    columns = ["", *(m.name for m in found)]
    rows = [["player alone, KiB", *(_code(m) for m in found)]]
    rows += [[name, *(_told(pick(m), unit) for m in found)] for name, unit, pick in LINES]
    ours = found[0]
    compared = [
        [name, *(_ratio(pick(ours), pick(m)) for m in found)]
        for name, _, pick in LINES
        if pick(ours) is not None
    ]
    figures = Sheet("Player: median (smallest to largest)", columns, rows, remarks)
    return [figures, Sheet("Player: how many times ours", columns, compared)]


def _code(one: Measured) -> str:
    return "" if one.code is None else f"{one.code / 1024:.1f}"


def _told(figure: Figure | None, unit: float) -> str:
    return "" if figure is None else Figure.of(v / unit for v in figure.values).told()


def _ratio(ours: Figure | None, theirs: Figure | None) -> str:
    return "" if ours is None or theirs is None else ratio(ours.median, theirs.median)
