"""The notebook as the examiner runs it: probes before and after each test; and back again."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from crossings.check import promise
from crossings.check.watch import MIME as WATCH
from crossings.grading.scoring import hidden
from crossings.grading.scoring.master import Master, MasterCell, Notebook

_PROBE = "probe"
_IMPORT = "__import__('importlib').import_module('crossings.check.watch')"


@dataclass(frozen=True)
class Look:
    """What the probes round one test saw; None where an answer is missing or not believed."""

    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


def with_probes(notebook: Mapping[str, Any], master: Master, nonce: str) -> Notebook:
    """`notebook` with the examiner's own cells. `nonce` is new for each run, and unguessable."""
    if not re.fullmatch(r"[0-9a-f]{16,64}", nonce):
        raise ValueError("a nonce is 16 to 64 hexadecimal digits")
    found = _copied(notebook)
    for cell in found["cells"]:
        cell["metadata"].pop("crossings", None)  # ours alone to write
    if not in_python(master):
        return found
    cells = [_cell(f"{_IMPORT}.start()", "start", "")]
    for cell in found["cells"]:
        own = _known(cell, master)
        if own is None or not own.is_test:
            cells.append(cell)
            if own is not None and own.locked:
                binds = sorted(hidden.read(own.source).binds)[:200]
                cells.append(_cell(f"{_IMPORT}.keep({binds!r})", "kept", own.name))
            continue
        names = sorted(hidden.read(own.source).names)[:200]
        before, after = token(nonce, own.name, "before"), token(nonce, own.name, "after")
        cells += [
            _cell(f"{_IMPORT}.look({before!r}, {names!r})", "before", own.name),
            cell,
            _cell(f"{_IMPORT}.look({after!r})", "after", own.name),
        ]
    found["cells"] = cells
    return found


def files_to_run(
    submitted: Mapping[str, bytes], assignment: Mapping[str, bytes], theirs: Collection[str] = ()
) -> dict[str, bytes]:
    """What lies beside the notebook as it runs: the assignment's files win, as in nbgrader.

    `theirs` names files that trainees are asked to write (nbgrader's `exclude_overwriting`). Of
    the submission no notebook comes along, and no `checks.json`.
    """
    own = {n: b for n, b in submitted.items() if not n.endswith(".ipynb") and n != promise.FILE}
    return own | {n: b for n, b in assignment.items() if n not in theirs or n not in own}


def in_python(master: Master) -> bool:
    spec = master.kernelspec
    language = str(spec.get("language") or spec.get("name") or "python").lower()
    return language.startswith("python")


def reached(cell: Mapping[str, Any]) -> bool:
    """Whether the runner came to this cell."""
    return (cell["metadata"].get("crossings") or {}).get("reached") is not False


def token(nonce: str, name: str, when: str) -> str:
    """The word by which one probe's answer is known; the learner's code sees it too late."""
    import hashlib

    return hashlib.sha256(f"{nonce} {when} {name}".encode()).hexdigest()[:24]


def without_probes(ran: Mapping[str, Any], nonce: str) -> tuple[Notebook, dict[str, Look]]:
    """The executed notebook as nbgrader knows it, and what the probes saw, by grade id."""
    found = _copied(ran)
    looks: dict[str, dict[str, Any]] = {}
    kept = []
    for cell in found["cells"]:
        mark = (cell["metadata"].get("crossings") or {}).get(_PROBE)
        if not isinstance(mark, Mapping):
            kept.append(cell)
            continue
        if mark["when"] in ("before", "after"):
            name, when = mark["cell"], mark["when"]
            looks.setdefault(name, {})[when] = _seen(cell, token(nonce, name, when))
    found["cells"] = kept
    return found, {name: Look(**seen) for name, seen in looks.items()}


def _copied(notebook: Mapping[str, Any]) -> Notebook:
    """A copy down to the cells and their metadata, which is as far as we write."""
    cells = [{**cell, "metadata": dict(cell["metadata"])} for cell in notebook["cells"]]
    return {**notebook, "cells": cells}


def _cell(source: str, when: str, name: str) -> dict[str, Any]:
    import hashlib

    mark = hashlib.sha256(f"{when} {name}".encode()).hexdigest()[:16]
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": f"examiner-{mark}",
        "metadata": {"crossings": {_PROBE: {"when": when, "cell": name}}},
        "outputs": [],
        "source": source,
    }


def _known(cell: Mapping[str, Any], master: Master) -> MasterCell | None:
    """The assignment's own version of a code cell."""
    meta = cell["metadata"].get("nbgrader")
    name = meta.get("grade_id") if isinstance(meta, Mapping) else None
    own = master.cells.get(name) if isinstance(name, str) else None
    return own if own is not None and cell["cell_type"] == "code" else None


def _seen(cell: Mapping[str, Any], expected: str) -> Mapping[str, Any] | None:
    """The one answer of a probe. Two, none, or one with another token: not believed.

    A probe that was not reached has nothing to tell, which is no offence.
    """
    if not reached(cell):
        return {}
    answers = []
    for output in cell.get("outputs") or ():
        data = output.get("data")
        if output.get("output_type") == "display_data" and isinstance(data, Mapping):
            answers.append(data.get(WATCH))
    fits = [a for a in answers if isinstance(a, Mapping) and a.get("token") == expected]
    return fits[0] if len(answers) == len(fits) == 1 else None
