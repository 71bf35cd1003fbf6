"""From a submitted notebook to the notebook to run: the assignment's own cells put back.

`exact` is what `nbgrader autograde` 0.9.6 makes, by nbgrader's own classes, with the assignment's
cells at hand instead of a gradebook to open. `fair` mends two things: metadata that a learner
changed never costs the submission, and a marked or locked cell that was deleted comes back to its
place, so that its test runs.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from crossings.grading.scoring.master import Master, MasterCell, Notebook
from crossings.grading.scoring.metadata import validator
from crossings.grading.scoring.signals import Signal
from crossings.grading.scoring.tampering import signals_of

Rules = Literal["fair", "exact"]
Own = Callable[[Any], Any]


class RefusedError(Exception):
    """nbgrader would refuse this notebook; the message says why."""


@dataclass(frozen=True)
class Restored:
    """A notebook ready to run (nbformat 4, plain dictionaries)."""

    notebook: Notebook
    signals: tuple[Signal, ...]
    missing: tuple[str, ...] = ()
    """Marked cells that the submission does not have: nbgrader leaves them without a score."""
    refused: str = ""
    """Why nbgrader itself would not mark this submission; "" where it would."""


def restore(
    submitted: Mapping[str, Any], master: Master, rules: Rules = "fair", config: Any = None
) -> Restored:
    """The notebook to run for `submitted`, an nbformat 4 notebook that was validated.

    `config` is a traitlets Config with nbgrader's options (`OverwriteCells.add_missing_cells`).

    Raises:
        RefusedError: under `exact`, where `nbgrader autograde` refuses the notebook; under `fair`
            only where it is nested too deep to be read.
    """
    try:
        return _restore(submitted, master, rules, config)
    except RecursionError:
        raise RefusedError("the notebook is nested too deep") from None


def _restore(submitted: Mapping[str, Any], master: Master, rules: Rules, config: Any) -> Restored:
    signals = signals_of(submitted, master)
    try:
        exact, refused = _exact(submitted, master, config), ""
    except RefusedError as error:
        if rules == "exact":
            raise
        exact, refused = None, str(error)
    there = _ids(exact) if exact is not None else _ids(submitted)
    missing = tuple(c.name for c in master.counted if c.name not in there)
    if rules == "exact":
        return Restored(_plain(exact), signals, missing)
    if exact is not None and not signals and not missing:
        return Restored(_plain(exact), signals)  # nothing to put right beyond what nbgrader does
    return Restored(_fair(submitted, master, config), signals, missing, refused)


def _ids(notebook: Mapping[str, Any]) -> set[str]:
    found = set()
    for cell in notebook["cells"]:
        meta = cell["metadata"].get("nbgrader")
        name = meta.get("grade_id") if isinstance(meta, Mapping) else None
        if isinstance(name, str):
            found.add(name)
    return found


def _exact(submitted: Mapping[str, Any], master: Master, config: Any) -> Any:
    import nbformat
    from nbgrader.preprocessors import ClearOutput, DeduplicateIds

    node = _node(submitted)
    resources: dict[str, Any] = {}
    try:
        node = validator().upgrade_notebook_metadata(node)
        for step in (ClearOutput, DeduplicateIds):
            node, _ = _quiet(step(config=config)).preprocess(node, resources)
        if master.kernelspec:
            node.metadata["kernelspec"] = dict(master.kernelspec)
        node = _overwritten(node, master, config)
        validator().validate_nb(node)
        nbformat.validate(node, relax_add_props=True)
    except Exception as error:  # nbgrader's own code, given a stranger's metadata: any error
        raise RefusedError(f"{type(error).__name__}: {error}"[:300]) from None
    return node


def _node(submitted: Mapping[str, Any]) -> Any:
    import nbformat
    from nbformat import validator as format_of

    node = nbformat.from_dict(dict(submitted))  # type: ignore[no-untyped-call]  # a copy, all of it
    for cell in node.cells:
        if isinstance(cell.get("source"), list):
            cell["source"] = "".join(cell["source"])
    _, node = format_of.normalize(node)
    return node


def _overwritten(node: Any, master: Master, config: Any) -> Any:
    """nbgrader's OverwriteCells, its gradebook replaced by `master`."""
    from nbgrader.api import MissingEntry
    from nbgrader.preprocessors import OverwriteCells

    book = _Book(master, MissingEntry)
    step = _quiet(OverwriteCells(config=config))
    step.gradebook, step.notebook_id, step.assignment_id = book, master.name, ""
    for index, cell in enumerate(node.cells):
        node.cells[index], _ = step.preprocess_cell(cell, {}, index)
    if step.add_missing_cells:
        node, _ = step.add_missing_grade_cells(node, {})
        node, _ = step.add_missing_task_cells(node, {})
    return node


def _quiet(step: Any) -> Any:
    """What nbgrader logs of a stranger's notebook is told by our signals instead."""
    step.log = logging.getLogger("crossings.grading.scoring.quiet")
    step.log.propagate = False
    step.log.setLevel(logging.CRITICAL + 1)
    return step


class _Book:
    """The part of nbgrader's Gradebook that OverwriteCells asks."""

    def __init__(self, master: Master, missing: type[Exception]) -> None:
        self._master, self._missing = master, missing

    def find_source_cell(self, name: str, *_: str) -> MasterCell:
        return self._found(name, lambda _: True)

    def find_graded_cell(self, name: str, *_: str) -> MasterCell:
        return self._found(name, lambda cell: cell.counts)

    def find_notebook(self, *_: str) -> _Cells:
        return _Cells(self._master)

    def _found(self, name: Any, wanted: Callable[[MasterCell], bool]) -> MasterCell:
        cell = self._master.cells.get(name) if isinstance(name, str) else None
        if cell is None or not wanted(cell):
            raise self._missing(name)
        return cell


class _Cells:
    def __init__(self, master: Master) -> None:
        cells = list(master.cells.values())
        self.source_cells = cells
        self.grade_cells = [c for c in cells if c.grade]
        self.task_cells = [c for c in cells if c.task]
        self.solution_cells = [c for c in cells if c.solution]


def _fair(submitted: Mapping[str, Any], master: Master, config: Any) -> Notebook:
    """Each known cell takes the assignment's metadata; then nbgrader's own steps find it right."""
    notebook = _plain(_node(submitted))
    master = _with_checksums(master)
    last: dict[str, int] = {}
    for index, cell in enumerate(notebook["cells"]):
        name = _name(cell)
        if name in master.cells:
            last[name] = index
    for index, cell in enumerate(notebook["cells"]):
        name = _name(cell)
        cell["metadata"].pop("nbgrader", None)
        if name in last and last[name] == index:
            _own(cell, master.cells[name])
    notebook["cells"] = _with_missing(notebook["cells"], last, master)
    try:
        restored: Notebook = _plain(_exact(notebook, master, config))
        return restored
    except RefusedError as error:  # ours, not the learner's fault: say so and stop
        raise RefusedError(f"cannot restore the notebook: {error}") from None


def _with_checksums(master: Master) -> Master:
    """nbgrader refuses cells without a checksum, and gives none to an unlocked task."""
    nothing = "0" * 32
    cells = {n: replace(c, checksum=c.checksum or nothing) for n, c in master.cells.items()}
    return replace(master, cells=cells)


def _name(cell: Mapping[str, Any]) -> str:
    meta = cell["metadata"].get("nbgrader")
    name = meta.get("grade_id") if isinstance(meta, Mapping) else None
    return name if isinstance(name, str) else ""


def _own(cell: dict[str, Any], master: MasterCell) -> None:
    cell["metadata"]["nbgrader"] = master.metadata()
    if cell["cell_type"] != master.cell_type:
        cell["cell_type"] = master.cell_type
        for key in ("outputs", "execution_count", "attachments"):
            cell.pop(key, None)
        if master.cell_type == "code":
            cell |= {"outputs": [], "execution_count": None}
    if master.locked:
        cell["source"] = master.source


def _with_missing(
    cells: list[dict[str, Any]], there: Mapping[str, int], master: Master
) -> list[dict[str, Any]]:
    """`cells` and those that were deleted, each after the cell that it follows in the assignment.

    A deleted answer comes back empty only where it is marked; a deleted piece of code stays away.
    """
    after: dict[int, list[dict[str, Any]]] = {}
    place = -1
    for name, own in master.cells.items():
        if name in there:
            place = there[name]
        elif own.counts or own.locked:
            after.setdefault(place, []).append(_made(own))
    found = list(after.get(-1, ()))
    for index, cell in enumerate(cells):
        found += [cell, *after.get(index, ())]
    return found


def _made(own: MasterCell) -> dict[str, Any]:
    from crossings.grading.cells import cell_id

    cell: dict[str, Any] = {
        "cell_type": own.cell_type,
        "id": cell_id("restored-" + "".join(c if _fits(c) else "-" for c in own.name)),
        "metadata": {"nbgrader": own.metadata()},
        "source": own.source,
    }
    return cell | {"outputs": [], "execution_count": None} if own.cell_type == "code" else cell


def _fits(letter: str) -> bool:
    return letter.isascii() and (letter.isalnum() or letter in "-_")


def _plain(node: Any) -> Any:
    """NotebookNodes as plain dictionaries and lists."""
    if isinstance(node, Mapping):
        return {key: _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    return node
