"""Which runner this is: changes with anything that could change what a notebook puts out."""

from __future__ import annotations

import functools
import hashlib
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from crossings.grading.runner import bubble
from crossings.grading.runner.model import Limits
from crossings.workspace import ROOT


@functools.cache
def of(preload: Sequence[str]) -> str:
    """A hash of our code, the interpreter, the locked packages, the limits and the preload."""
    found = hashlib.sha256()
    own = sorted(Path(__file__).parent.rglob("*.py"))
    check = sorted(bubble.CHECK.rglob("*.py")) if bubble.CHECK.is_dir() else []
    for path in (*own, *check):
        found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    facts = (sys.version, tuple(preload), sorted(asdict(Limits()).items()))
    found.update(repr(facts).encode() + b"\0" + _packages().encode())
    return found.hexdigest()[:16]


def _packages() -> str:
    """The lock, or outside a checkout what is installed."""
    lock = ROOT / "requirements.txt"
    if lock.is_file():
        return lock.read_text(encoding="utf-8")
    from importlib.metadata import distributions

    return "\n".join(sorted(f"{d.name}=={d.version}" for d in distributions()))
