"""Small assignments and submissions, in the form that nbgrader's release step leaves them."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

Notebook = dict[str, Any]
Cell = dict[str, Any]


def plain(source: str, kind: str = "code", name: str = "") -> Cell:
    cell: Cell = {"cell_type": kind, "id": name or "plain", "metadata": {}, "source": source}
    return cell | {"execution_count": None, "outputs": []} if kind == "code" else cell


def _marked(kind: str, name: str, source: str, **flags: Any) -> Cell:
    base = {"grade": False, "solution": False, "locked": False, "task": False}
    meta = base | {"grade_id": name, "schema_version": 3, "cell_type": kind} | flags
    return plain(source, kind, name) | {"metadata": {"nbgrader": meta}}


def answer(name: str, solution: str) -> Cell:
    return _marked("code", name, f"### BEGIN SOLUTION\n{solution}\n### END SOLUTION", solution=True)


def test(name: str, source: str, points: float = 1, hidden: str = "") -> Cell:
    whole = f"{source}\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
    return _marked("code", name, whole if hidden else source, grade=True, locked=True,
                   points=points)  # fmt: skip


test.__test__ = False  # type: ignore[attr-defined]


def locked(name: str, source: str) -> Cell:
    return _marked("code", name, source, locked=True)


def written(name: str, source: str, points: float = 1) -> Cell:
    return _marked("markdown", name, source, grade=True, solution=True, points=points)


def task(name: str, source: str, points: float = 1) -> Cell:
    return _marked("markdown", name, source, task=True, locked=True, points=points)


def notebook(*cells: Cell) -> Notebook:
    own = [copy.deepcopy(cell) for cell in cells]
    for number, cell in enumerate(own):
        cell["id"] = f"cell-{number}"
    spec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": own, "metadata": {"kernelspec": spec}, "nbformat": 4, "nbformat_minor": 5}


def released(source: Notebook) -> Notebook:
    """What trainees get: nbgrader's own steps, without its gradebook."""
    import nbformat
    from nbgrader.preprocessors import (
        ClearHiddenTests,
        ClearSolutions,
        ComputeChecksums,
        LockCells,
    )

    node = nbformat.from_dict(copy.deepcopy(source))
    for step in (LockCells, ClearSolutions, ComputeChecksums, ClearHiddenTests, ComputeChecksums):
        node, _ = step().preprocess(node, {})
    return _plain(node)


def _plain(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {key: _plain(value) for key, value in node.items()}
    return [_plain(one) for one in node] if isinstance(node, list) else node


def submission(source: Notebook, **answers: str) -> Notebook:
    """The released notebook with these answers in its cells (`_` in a name stands for `-`)."""
    given = released(source)
    for cell in given["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "").replace("-", "_")
        if name in answers:
            cell["source"] = answers[name]
    return given


def cell_of(found: Notebook, name: str) -> Cell:
    return next(
        c for c in found["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == name
    )
