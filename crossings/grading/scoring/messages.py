"""What a trainee may read of a test: never anything that a hidden test could have said.

A test cell with a hidden part, and every cell after one, has had hidden text in its process; what
it says while it runs may carry that text. Of such a cell only words are shown that stand in the
released notebook: the message of an assert that everybody can read.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterator, Mapping
from typing import Any

from crossings.check.words import NOT_PASSED
from crossings.grading.answers import clean_text
from crossings.grading.scoring import hidden
from crossings.grading.scoring.master import Master

TOO_LONG = "This cell took too long and was stopped."
NO_ANSWER = "There is no answer here yet."
NOT_REACHED = "The notebook stopped before this test. It was not run."
NOT_HANDED_IN = "The notebook with this question was not handed in."
PERSON = "A person will look at this question."
_STOPPED = ("CellTimeoutError", "TimeoutError", "DeadKernelError")
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")


def messages(notebook: Mapping[str, Any], master: Master) -> dict[str, str]:
    """For each marked cell of an executed notebook, in its order, what went wrong; plain text."""
    found: dict[str, str] = {}
    for cell, name, open_so_far in walk(notebook, master):
        if master.cells[name].counts:
            found[name] = of_cell(cell, master.cells[name].source, open_so_far)
    return found


def walk(
    notebook: Mapping[str, Any], master: Master
) -> Iterator[tuple[Mapping[str, Any], str, bool]]:
    """Each known cell, its grade id, and whether no hidden test has run yet, its own included."""
    open_so_far = True
    for cell in notebook["cells"]:
        meta = cell["metadata"].get("nbgrader")
        name = meta.get("grade_id") if isinstance(meta, Mapping) else None
        own = master.cells.get(name) if isinstance(name, str) else None
        if own is None:
            continue
        if own.cell_type == "code" and hidden.read(own.source).hidden:
            open_so_far = False
        yield cell, own.name, open_so_far


def of_cell(cell: Mapping[str, Any], source: str, open_so_far: bool) -> str:
    """What went wrong in one executed cell; `source` is the assignment's own text of it."""
    errors = [o for o in cell.get("outputs") or () if o.get("output_type") == "error"]
    if not errors:
        return ""
    name = str(errors[0].get("ename", ""))
    if any(str(o.get("ename")) in _STOPPED for o in errors):
        return TOO_LONG
    if name == "NotImplementedError":
        return NO_ANSWER
    said = _first_line(errors[0])
    reading = hidden.read(source)
    known = next((m for m in sorted(reading.literals) if _first_line_of(m) == said and said), "")
    if known:
        return clean_text(known)
    if not open_so_far:
        return NOT_PASSED
    if name == "AssertionError":
        return clean_text(said[:300]) if reading.computed and said else NOT_PASSED
    return _stopped(name, said)


def _stopped(name: str, said: str) -> str:
    own = isinstance(getattr(builtins, name, None), type)
    kind = name if own else "an error of its own"
    return clean_text(f"The check stopped with {kind}: {said[:300]}" if said else f"{NOT_PASSED}")


def _first_line(error: Mapping[str, Any]) -> str:
    return _first_line_of(_ANSI.sub("", str(error.get("evalue", ""))))


def _first_line_of(text: str) -> str:
    return next(iter(text.strip().splitlines()), "").strip()
