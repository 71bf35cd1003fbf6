"""The notebook of a worksheet submission: rebuilt from the released version and the answers.

A notebook that a learner sends for a worksheet is never used; only answers.json is, as data.
"""

from __future__ import annotations

import copy
import json
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from crossings.grading import cells
from crossings.grading.answers import in_words
from crossings.items import Item, Score, score

Notebook = dict[str, Any]


def read(path: Path) -> Notebook:
    """The notebook in `path`, as nbgrader wrote it; sources are single strings."""
    found: Notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in found["cells"]:
        if isinstance(cell["source"], list):
            cell["source"] = "".join(cell["source"])
    return found


def write(path: Path, notebook: Notebook) -> None:
    """Put the notebook there as a whole, whatever ends this process meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        fresh.write_text(text, encoding="utf-8", newline="\n")
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def scores(items: Iterable[Item], responses: Mapping[str, Any]) -> dict[str, Score]:
    return {item.id: score(item, responses.get(item.id)) for item in items}


def submitted(released: Notebook, items: Iterable[Item], responses: Mapping[str, Any]) -> Notebook:
    """The released notebook with the learner's answers in it, as inert text."""
    filled = copy.deepcopy(released)
    by_cell = {cell.get("id"): cell for cell in filled["cells"]}
    for item in items:
        result = score(item, responses.get(item.id))
        words = in_words(item, responses.get(item.id), result)
        name = f"item-{item.id}" if item.marked_by_person else f"answer-{item.id}"
        cell = by_cell.get(cells.cell_id(name))
        if cell is not None and words:
            cell["source"] = cells.fenced(words)
    return filled


def autograded(
    notebook: Notebook, master: Mapping[str, Any], results: Mapping[str, Score]
) -> Notebook:
    """The submitted notebook as it looks after running: master cells restored, points shown.

    `master` holds nbgrader's source cells by grade id. Nothing is run: the points come from
    `results`, and stand where the hidden test's last expression would have put them.
    """
    graded = copy.deepcopy(notebook)
    count = 0
    for cell in graded["cells"]:
        meta = cell["metadata"].get("nbgrader")
        if meta is None:
            continue
        source = master[meta["grade_id"]]
        meta["checksum"] = source["checksum"]
        if source["locked"]:
            cell["source"] = source["source"]
        if cell["cell_type"] == "code" and meta["grade"]:
            count += 1
            _run_on_paper(cell, results[meta["grade_id"].removeprefix("item-")], count)
    return graded


def _run_on_paper(cell: dict[str, Any], result: Score, count: int) -> None:
    cell["execution_count"] = count
    cell["outputs"] = [
        {
            "data": {"text/plain": repr(result.points)},
            "execution_count": count,
            "metadata": {},
            "output_type": "execute_result",
        }
    ]
