"""The figures as tables."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.figures import Sheet
from benchmarks.grading.measured import Measured

ONE_NOTEBOOK = (
    "Eight questions with pandas, one chart; 7 of 10 submissions are right, the others give a "
    "wrong number, no answer or an exception. Start of the program included."
)


ONE_WORKSHEET = (
    "Both shipped worksheets, half of the submissions each; of ten answers five are right, two "
    "nearly, one wrong, one is left out and one damaged. Start of the program included; ours with "
    "the notebook for formgrader."
)
WHOLE = (
    "The whole command on a class folder: loading and checking the course, collecting from the "
    "inbox, marking (notebooks with a sandbox for each processor), ledger and gradebook forced to "
    "the disk, a feedback file for each trainee."
)


def sheets(
    compared: Sequence[Measured], linear: Sequence[Measured], remarks: Sequence[str]
) -> list[Sheet]:
    made = [_compared(compared, remarks)] if compared else []
    if linear:
        made.append(_linear(linear))
    return made


def _compared(found: Sequence[Measured], remarks: Sequence[str]) -> Sheet:
    nbgrader = next((m.each for m in found if m.who.startswith("nbgrader")), None)
    floor = next((m.each for m in found if m.who == "floor"), None)
    rows = [
        [
            *_costs(m),
            f"{nbgrader / m.each:.1f} ×" if nbgrader else "",
            f"{m.each / floor:.1f} ×" if floor else "",
        ]
        for m in found
    ]
    columns = [*_COSTS, "nbgrader's throughput", "the floor's time"]
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


def worksheet_sheets(
    found: Sequence[Measured], remarks: Sequence[str], whole: Sequence[Measured]
) -> list[Sheet]:
    nbgrader = next((m.each for m in found if m.who.startswith("nbgrader")), None)
    rows = [[*_costs(m), f"{nbgrader / m.each:.0f} ×" if nbgrader else ""] for m in found]
    alone = Sheet(
        "Marking worksheets",
        [*_COSTS, "nbgrader's throughput"],
        rows,
        [ONE_WORKSHEET, *remarks],
    )
    commands = Sheet("What a trainer waits for", _COSTS, [_costs(m) for m in whole], [WHOLE])
    return [alone, commands]


_COSTS = ("", "submissions", "wall, s", "wall a submission, ms", "processor a submission, ms",
          "peak memory, MiB")  # fmt: skip


def _costs(m: Measured) -> list[str]:
    each = (m.each * 1000, m.cpu / m.count * 1000)
    return [
        m.who,
        str(m.count),
        f"{m.wall:.1f}",
        *(f"{ms:.1f}" if ms < 20 else f"{ms:.0f}" for ms in each),
        f"{m.peak_mb:.0f}",
    ]
