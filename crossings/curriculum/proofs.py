"""Proofs of cases, kept from one check to the next.

What `crossings.cases.explore` shows of a case takes a second or more, and follows from the case
and the explorer's code alone. So it is kept under a name made of both, and a case that nobody has
touched is not proved again. A file that is missing, foreign or damaged is worth nothing: the case
is proved anew. Nothing is lost when the whole folder goes.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import crossings.cases
from crossings.cases.check import Prover, prove
from crossings.cases.checks.problem import CaseProblem
from crossings.cases.model import Case
from crossings.cases.state import Document

MOST = 400
"""Proofs in a folder; the ones that were longest unused go first."""


def keeper(root: Path) -> Prover:
    """A prover for the course in `root` that looks up before it proves.

    CROSSINGS_PROOFS names another folder than the one beside the built book.
    """
    folder = Path(os.environ.get("CROSSINGS_PROOFS") or root / "_build" / "proofs")

    def proved(case: Case, doc: Document, bound: int) -> tuple[CaseProblem, ...]:
        file = folder / f"{_name(case, doc, bound)}.json"
        known = _read(file)
        if known is not None:
            return known
        shown = tuple(prove(case, doc, bound))
        with suppress(OSError):  # a course on a medium that cannot be written to is checked, too
            _write(file, shown)
        return shown

    return proved


def _name(case: Case, doc: Document, bound: int) -> str:
    told = json.dumps([case.model_dump(mode="json"), doc, bound], sort_keys=True, default=str)
    return hashlib.sha256(f"{_code()}\n{told}".encode()).hexdigest()[:40]


@cache
def _code() -> str:
    """The code that proves: when it changes, no old proof holds."""
    room = Path(crossings.cases.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(room.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _read(file: Path) -> tuple[CaseProblem, ...] | None:
    try:
        rows: Any = json.loads(file.read_text(encoding="utf-8"))
        shown = tuple(CaseProblem(**row | {"path": tuple(row["path"])}) for row in rows)
    except (OSError, ValueError, TypeError, KeyError):
        return None
    with suppress(OSError):
        file.touch()  # in use: see MOST
    return shown


def _write(file: Path, shown: tuple[CaseProblem, ...]) -> None:
    """Whole or not at all: checks run side by side."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=file.parent, suffix=".new")
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump([asdict(problem) for problem in shown], out, ensure_ascii=False)
    Path(beside).replace(file)
    _prune(file.parent)


def _prune(folder: Path) -> None:
    with suppress(OSError):
        for old in sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime)[:-MOST]:
            old.unlink(missing_ok=True)
