"""Running a notebook for the tests of scoring: in a Jupyter kernel, as nbgrader itself does."""

from __future__ import annotations

import copy
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crossings.grading.scoring import master as masters
from crossings.grading.scoring.master import Master
from crossings.grading.scoring.prepare import with_probes
from crossings.grading.scoring.restore import Rules, restore
from crossings.grading.scoring.result import Scored
from crossings.grading.scoring.score import score

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Ran:
    outcome: str
    reason: str
    notebook: dict[str, Any] | None
    signals: tuple[str, ...] = ()


def run(
    notebook: Mapping[str, Any], files: Mapping[str, bytes], folder: Path, seconds: int = 30
) -> Ran:
    """Execute every cell, errors and all; a kernel that dies leaves the later cells unreached."""
    import nbformat
    from nbclient.exceptions import DeadKernelError
    from nbgrader.preprocessors import Execute

    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    node = nbformat.from_dict(copy.deepcopy(dict(notebook)))
    before = {key: os.environ.get(key) for key in ("CROSSINGS_MARKING", "PYTHONPATH")}
    os.environ |= {"CROSSINGS_MARKING": "1", "PYTHONPATH": str(ROOT)}
    try:
        Execute(timeout=seconds).preprocess(node, {"metadata": {"path": str(folder)}})
        return Ran("ran", "", node)
    except DeadKernelError:
        for cell in node.cells:
            done = cell.cell_type != "code" or cell.execution_count or cell.outputs
            cell.metadata["crossings"] = cell.metadata.get("crossings", {}) | {
                "reached": bool(done)
            }
        return Ran("crashed", "the notebook ended the Python that ran it", node)
    finally:
        for key, value in before.items():
            os.environ.pop(key) if value is None else os.environ.__setitem__(key, value)


@dataclass
class Marker:
    """An assignment of one notebook, and how to mark submissions of it."""

    source: dict[str, Any]
    folder: Path
    files: Mapping[str, bytes] | None = None
    seconds: int = 30

    def __post_init__(self) -> None:
        self.master: Master = masters.from_source("work", self.source)
        self._reference: dict[str, Any] | None = None
        self._count = 0
        self.last: Ran | None = None

    def reference(self) -> dict[str, Any]:
        if self._reference is None:
            ran = run(self.source, self.files or {}, self.folder / "reference", self.seconds)
            assert ran.notebook is not None
            self._reference = ran.notebook
        return self._reference

    def mark(
        self,
        submitted: Mapping[str, Any],
        rules: Rules = "fair",
        *,
        needs_reference: bool = False,
        probes: bool = True,
        **more: Any,
    ) -> Scored:
        self._count += 1
        restored = restore(submitted, self.master, rules)
        nonce = secrets.token_hex(16)
        ready = with_probes(restored.notebook, self.master, nonce) if probes else restored.notebook
        self.last = run(ready, self.files or {}, self.folder / f"run {self._count}", self.seconds)
        reference = self.reference() if needs_reference else None
        return score(self.master, restored, self.last, nonce=nonce, reference=reference,
                     rules=rules, **more)  # fmt: skip
