"""The assignment's own solution, run once: what checks are compared with, and what authors hear.

The marking run executes the source notebook in the sandbox, as it does submissions. Releasing
needs the same on computers that have no sandbox; there a Jupyter kernel runs it, which is right
for the course's own notebook and for nothing that anybody handed in.
"""

from __future__ import annotations

import copy
import hashlib
import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from crossings.check import promise
from crossings.check.normal import candidates
from crossings.check.record import MARKING, promised
from crossings.grading.scoring import checks, hidden, points
from crossings.grading.scoring.master import Master, Notebook, from_source, read_source
from crossings.kernels import begun
from crossings.workspace import ROOT

CELL_SECONDS = 60


class SolutionError(Exception):
    """The assignment's own notebook does not do what marking needs; the message says what."""


def uses_checks(notebook: Mapping[str, Any]) -> bool:
    return any(
        cell["cell_type"] == "code" and hidden.read("".join(cell["source"])).calls_check
        for cell in notebook["cells"]
    )


def problems(reference: Mapping[str, Any], master: Master) -> Iterator[str]:
    """What is wrong with the tests, seen from the run of the solution; for authors."""
    for cell in reference["cells"]:
        meta = cell["metadata"].get("nbgrader")
        own = master.cells.get(str(meta.get("grade_id"))) if isinstance(meta, Mapping) else None
        errors = [o for o in cell.get("outputs") or () if o.get("output_type") == "error"]
        if errors:
            where = f"cell `{own.name}`" if own else "a cell"
            yield f"the solution stops in {where} with {errors[0].get('ename')}"
        elif own is not None and own.is_test:
            yield from (f"test `{own.name}`: {text}" for text in _test(cell, own.source, own))


def _test(cell: Mapping[str, Any], source: str, own: Any) -> Iterator[str]:
    reading, found = hidden.read(source), list(checks.probes(cell))
    if not reading.calls_check:
        earned = points.fair(cell, own.max_score, reading.ends_with_value)
        if earned.points < own.max_score:
            why = earned.note or f"the solution earns {earned.points:g} of {own.max_score:g} points"
            yield f"{why}. A last line that is no score ends with a semicolon"
        return
    for probe in found:
        odd = next((k for k in ("unsupported", "too large", "raised") if _has(probe.thing, k)), "")
        if odd:
            yield f"the check `{probe.name}` is given something that is {odd}"
    named = [probe.points for probe in found]
    total = sum(p for p in named if p is not None)
    if total > own.max_score or (None not in named and found and total != own.max_score):
        yield f"its checks have {total:g} points together, the test has {own.max_score:g}"
    for name, count in Counter(probe.name for probe in found).items():
        if count > 1:
            yield f"{count} checks are called `{name}`"


def _has(thing: Any, key: str) -> bool:
    return isinstance(thing, Mapping) and key in thing


def keep_promises(folder: Path) -> bool:
    """Write `checks.json` beside the source notebooks in `folder`, where their tests use checks.

    Left alone while the notebooks and data are the same. Returns whether there is such a file.

    Raises:
        SolutionError: where the solution does not pass its own tests.
    """
    notebooks = {p: read_source(p) for p in sorted(folder.glob("*.ipynb"))}
    using = {path: notebook for path, notebook in notebooks.items() if uses_checks(notebook)}
    place = folder / promise.FILE
    if not using:
        return False
    mark = _fingerprint(folder)
    before = promise.load(folder)
    if before is not None and before.get("of") == mark:
        return True
    salt = mark[:32]
    digests: dict[str, bool] = {}
    for path, notebook in using.items():
        digests |= _digests(path, notebook, salt, folder)
    readable = [one for one, shown in digests.items() if shown]
    document = promise.document(salt, digests, readable) | {"of": mark}
    text = json.dumps(document, indent=1) + "\n"
    place.write_text(text, encoding="utf-8", newline="\n")
    return True


def _digests(path: Path, notebook: Notebook, salt: str, folder: Path) -> dict[str, bool]:
    """The promises of one notebook, and of each whether trainees can read its check."""
    ran = in_kernel(notebook, files_of(folder))
    wrong = list(problems(ran, from_source(path.stem, notebook)))
    if wrong:
        raise SolutionError(f"{path.name}: " + "; ".join(wrong[:5]))
    found = [(p, cell["source"]) for cell in ran["cells"] for p in checks.probes(cell)]
    return {
        promise.digest(salt, probe.name, written): probe.name in hidden.read(source).visible_checks
        for probe, source in found
        for written in candidates(probe.kind, _part(probe), probe.spec)[:1]
    }


def _part(probe: checks.Probe) -> Any:
    return promised(probe.kind, probe.thing, dict(probe.spec))


def files_of(folder: Path) -> dict[str, bytes]:
    """What lies beside the notebooks of an assignment: its data, no notebooks, no promises."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.suffix != ".ipynb"
        and path.name != promise.FILE
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }


def _fingerprint(folder: Path) -> str:
    found = hashlib.sha256()
    notebooks = {p.name: p.read_bytes() for p in sorted(folder.glob("*.ipynb"))}
    for name, content in sorted({**files_of(folder), **notebooks}.items()):
        found.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return found.hexdigest()


def in_kernel(notebook: Notebook, files: Mapping[str, bytes]) -> Notebook:
    """The course's own notebook, executed in a Jupyter kernel of this Python."""
    return begun(lambda: _executed(notebook, files))


def _executed(notebook: Notebook, files: Mapping[str, bytes]) -> Notebook:
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import DeadKernelError

    node = nbformat.from_dict(copy.deepcopy(dict(notebook)))  # type: ignore[no-untyped-call]
    with tempfile.TemporaryDirectory(prefix="crossings-solution-") as folder:
        for name, content in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        client = NotebookClient(
            node,
            timeout=CELL_SECONDS,
            kernel_name="python3",
            allow_errors=True,
            # Errors only: it warns of a line without encryption, which is signed and stays on
            # this computer, in the middle of what `course serve` says to a trainer.
            extra_arguments=["--log-level=40"],
            resources={"metadata": {"path": folder}},
        )
        try:
            client.execute(env=_environment())
        except DeadKernelError:
            raise SolutionError("the solution ends the Python that runs it") from None
    executed: Notebook = node
    return executed


def _environment() -> dict[str, str]:
    found = {**os.environ, MARKING: "1", "MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    found.pop("NBGRADER_EXECUTION", None)
    found["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return found
