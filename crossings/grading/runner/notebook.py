"""A submitted notebook made ready: is it one, may its files be laid out, which cells are run."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from crossings.grading.runner.model import Limits, Notebook

SKIP_TAG = "skip-execution"
_TYPES = ("code", "markdown", "raw")


class NotGradableError(ValueError):
    """The notebook cannot be run; the message says why, for a person."""


def prepared(notebook: Any) -> Notebook:
    """A copy with no outputs, in which every cell that will be run is marked as not reached.

    Raises:
        NotGradableError: where it is no notebook of Python in nbformat 4.
    """
    if not isinstance(notebook, dict) or notebook.get("nbformat") != 4:
        raise NotGradableError("this is not a notebook in nbformat 4")
    cells, metadata = notebook.get("cells"), notebook.get("metadata", {})
    if not isinstance(cells, list) or not isinstance(metadata, dict):
        raise NotGradableError("the notebook has no list of cells")
    language = _language(metadata)
    if language.lower() not in ("", "python", "ipython"):
        raise NotGradableError(f"the notebook is written in {language[:40]}, not in Python")
    try:
        made = copy.deepcopy(notebook)
    except RecursionError:
        raise NotGradableError("the notebook is nested too deeply") from None
    for number, cell in enumerate(made["cells"], 1):
        _clean(cell, number)
    return made


def _language(metadata: Mapping[str, Any]) -> str:
    kernel, info = metadata.get("kernelspec"), metadata.get("language_info")
    for found, name in ((kernel, "language"), (info, "name")):
        if isinstance(found, dict) and isinstance(found.get(name), str):
            return str(found[name])
    return ""


def _clean(cell: Any, number: int) -> None:
    if not isinstance(cell, dict) or cell.get("cell_type") not in _TYPES:
        raise NotGradableError(f"cell {number} is not a cell")
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str) or not isinstance(cell.setdefault("metadata", {}), dict):
        raise NotGradableError(f"cell {number} has no text")
    cell["source"] = source
    if cell["cell_type"] != "code":
        return
    cell["outputs"], cell["execution_count"] = [], None
    own = cell["metadata"].pop("crossings", None)
    kept = {k: v for k, v in own.items() if k != "reached"} if isinstance(own, dict) else {}
    if is_run(cell):
        kept["reached"] = False
    if kept:
        cell["metadata"]["crossings"] = kept


def is_run(cell: Mapping[str, Any]) -> bool:
    """Whether the cell is sent to be run, by nbclient's rules."""
    tags = cell["metadata"].get("tags")
    skipped = isinstance(tags, list) and SKIP_TAG in tags
    return cell["cell_type"] == "code" and bool(cell["source"].strip()) and not skipped


def reached(cell: Notebook) -> None:
    """The cell's turn has come."""
    own = cell["metadata"]["crossings"]
    del own["reached"]
    if not own:
        del cell["metadata"]["crossings"]


def laid_out(files: Mapping[str, bytes], limits: Limits) -> list[tuple[str, bytes]]:
    """The files to lay beside the notebook, after a look at their names and sizes.

    Raises:
        NotGradableError: for a name that leads elsewhere, or more than fits.
    """
    total = 0
    for name, content in files.items():
        path = PurePosixPath(name)
        odd = not name or "\0" in name or "\\" in name or len(name.encode("utf-8", "replace")) > 240
        if odd or path.is_absolute() or ".." in path.parts or str(path) in (".", ""):
            raise NotGradableError(f"the file name {name[:80]!r} leads out of the folder")
        total += len(content)
    if total > limits.disk_mb << 20:
        raise NotGradableError(f"its files have over {limits.disk_mb} MB")
    return [(str(PurePosixPath(name)), bytes(content)) for name, content in files.items()]
