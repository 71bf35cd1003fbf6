"""The assignment's own version of each marked cell: what nbgrader's gradebook keeps.

Read once for a marking run, not once for a submission: opening the gradebook is most of what
nbgrader's restoring costs.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Notebook = dict[str, Any]


@dataclass(frozen=True)
class MasterCell:
    """One cell with a grade id, as it is before anybody answers; hidden tests are in it."""

    name: str
    cell_type: str
    source: str
    checksum: str | None
    locked: bool
    grade: bool = False
    solution: bool = False
    task: bool = False
    max_score: float = 0.0

    @property
    def is_test(self) -> bool:
        """A locked code cell whose outcome is worth points."""
        return self.grade and not self.solution and self.cell_type == "code"

    @property
    def counts(self) -> bool:
        return self.grade or self.task

    def metadata(self) -> dict[str, Any]:
        """nbgrader's metadata (schema 3) as the assignment has it."""
        found: dict[str, Any] = {
            "cell_type": self.cell_type,
            "checksum": self.checksum,
            "grade": self.grade,
            "grade_id": self.name,
            "locked": self.locked,
            "schema_version": 3,
            "solution": self.solution,
            "task": self.task,
        }
        if self.checksum is None:
            del found["checksum"]
        return found | {"points": self.max_score} if self.counts else found


@dataclass(frozen=True)
class Master:
    """One notebook of an assignment."""

    name: str
    cells: Mapping[str, MasterCell]
    """By grade id, in the order of the notebook."""
    kernelspec: Mapping[str, Any] = field(default_factory=dict)

    @property
    def counted(self) -> list[MasterCell]:
        return [cell for cell in self.cells.values() if cell.counts]

    @property
    def max_points(self) -> float:
        return sum(cell.max_score for cell in self.counted)


def from_gradebook(gradebook: Any, assignment: str) -> dict[str, Master]:
    """Every notebook of `assignment` in nbgrader's open Gradebook, by name.

    Raises:
        nbgrader.api.MissingEntry: where the assignment was never released.
    """
    notebooks = gradebook.find_assignment(assignment).notebooks
    return {notebook.name: _from_row(notebook) for notebook in notebooks}


def _from_row(notebook: Any) -> Master:
    points = {c.name: c for c in [*notebook.grade_cells, *notebook.task_cells]}
    grades = {c.name for c in notebook.grade_cells}
    tasks = {c.name for c in notebook.task_cells}
    solutions = {c.name for c in notebook.solution_cells}
    cells = {
        row.name: MasterCell(
            name=row.name,
            cell_type=row.cell_type,
            source=row.source,
            checksum=row.checksum,
            locked=bool(row.locked),
            grade=row.name in grades,
            solution=row.name in solutions,
            task=row.name in tasks,
            max_score=float(points[row.name].max_score) if row.name in points else 0.0,
        )
        for row in notebook.source_cells
    }
    kernelspec = json.loads(notebook.kernelspec) if notebook.kernelspec else {}
    return Master(notebook.name, cells, kernelspec or {})


def from_source(name: str, notebook: Mapping[str, Any], config: Any = None) -> Master:
    """The master of a source notebook, by the steps of `nbgrader generate_assignment`.

    No gradebook is needed. Headers and AUTOTEST lines are not expanded: for those, release the
    assignment and use `from_gradebook`.
    """
    import nbformat
    from nbgrader import utils
    from nbgrader.nbgraderformat import MetadataValidator
    from nbgrader.preprocessors import ClearOutput, ClearSolutions, ComputeChecksums, LockCells

    node = nbformat.from_dict(copy.deepcopy(dict(notebook)))  # type: ignore[no-untyped-call]
    node = MetadataValidator().upgrade_notebook_metadata(node)
    resources: dict[str, Any] = {}
    for step in (LockCells, ClearSolutions, ClearOutput, ComputeChecksums):
        node, resources = step(config=config).preprocess(node, resources)
    found = {}
    for cell in node.cells:
        flags = (utils.is_grade(cell), utils.is_solution(cell), utils.is_task(cell))
        if any(flags) or utils.is_locked(cell):
            own = _from_cell(cell, *flags, locked=utils.is_locked(cell))
            found[own.name] = own
    return Master(name, found, dict(node.metadata.get("kernelspec", {})))


def _from_cell(cell: Any, grade: bool, solution: bool, task: bool, *, locked: bool) -> MasterCell:
    meta = cell.metadata.nbgrader
    return MasterCell(
        name=meta["grade_id"],
        cell_type=cell.cell_type,
        source=cell.source,
        checksum=meta.get("checksum"),
        locked=bool(locked),
        grade=bool(grade),
        solution=bool(solution),
        task=bool(task),
        max_score=float(meta["points"]) if grade or task else 0.0,
    )


def read_source(path: Path) -> Notebook:
    """The notebook in `path`, of any nbformat version, as version 4."""
    import nbformat

    return dict(nbformat.read(path, as_version=4))  # type: ignore[no-untyped-call]
