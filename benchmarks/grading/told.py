"""The figures as tables."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.figures import Sheet
from benchmarks.grading.measured import Measured

ONE_NOTEBOOK = (
    "Eight questions with pandas, one chart; 7 of 10 submissions are right, the others give a "
    "wrong number, no answer or an exception. Start of the program included."
)


def sheets(
    compared: Sequence[Measured], linear: Sequence[Measured], remarks: Sequence[str]
) -> list[Sheet]:
    made = [_compared(compared, remarks)]
    if linear:
        made.append(_linear(linear))
    return made


def _compared(found: Sequence[Measured], remarks: Sequence[str]) -> Sheet:
    nbgrader = next((m.each for m in found if m.who.startswith("nbgrader")), None)
    floor = next((m.each for m in found if m.who == "floor"), None)
    rows = [
        [
            m.who,
            str(m.count),
            f"{m.wall:.1f}",
            f"{m.each * 1000:.0f}",
            f"{m.cpu / m.count * 1000:.0f}",
            f"{m.peak_mb:.0f}",
            f"{nbgrader / m.each:.1f} ×" if nbgrader else "",
            f"{m.each / floor:.1f} ×" if floor else "",
        ]
        for m in found
    ]
    columns = ["", "submissions", "wall, s", "wall a submission, ms", "processor a submission, ms",
               "peak memory, MiB", "nbgrader's throughput", "the floor's time"]  # fmt: skip
    memory = "Memory is proportional (PSS), summed over all processes, looked at twice a second."
    floor_told = "Floor: the same cells in one warm IPython process, nothing kept apart."
    return Sheet("Marking notebooks", columns, rows, [ONE_NOTEBOOK, floor_told, memory, *remarks])


def _linear(found: Sequence[Measured]) -> Sheet:
    rows = [
        [
            str(m.count),
            f"{m.wall:.1f}",
            f"{(m.wall - m.warm) / m.count * 1000:.1f}",
            f"{m.mid_mb:.0f}",
            f"{m.peak_mb:.0f}",
        ]
        for m in found
    ]
    columns = ["submissions", "wall, s", "ms each after the start", "memory at half time, MiB",
               "peak memory, MiB"]  # fmt: skip
    return Sheet("Marking notebooks: more of them, two jobs", columns, rows)
