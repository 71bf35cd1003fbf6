"""What a check reports."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

Path = tuple[str | int, ...]
Severity = Literal["problem", "warning"]
"""A problem makes a case wrong. A warning is for the author's judgement."""


@dataclass(frozen=True)
class CaseProblem:
    """Something wrong in a case: where (keys and places in the file), what, and what to do."""

    path: Path
    message: str
    hint: str
    code: str = ""
    """The kind of mistake, as `docs/formats/case-lint.md` lists them."""
    severity: Severity = "problem"

    def __str__(self) -> str:
        return f"{'.'.join(map(str, self.path))}: {self.message} ({self.hint})"


def unknown(path: Path, what: str, name: str, known: Collection[str]) -> CaseProblem:
    """A name that is not declared, with the nearest one that is."""
    near = get_close_matches(name, known, n=1, cutoff=0.6)
    if near:
        hint = f"did you mean `{near[0]}`?"
    elif known:
        hint = f"there are: {', '.join(sorted(known)[:12])}"
    else:
        hint = f"no {what} is declared"
    return CaseProblem(path, f"unknown {what} `{name}`", hint, "unknown-name")
