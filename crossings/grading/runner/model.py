"""What goes into the runner and what comes out. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Outcome = Literal["ran", "timed out", "out of memory", "crashed", "tampered", "not gradable"]
"""How a run went. Only `ran` is without a `reason`; none of them is a number of points."""

Notebook = dict[str, Any]


@dataclass(frozen=True)
class Limits:
    """What one notebook may use. Memory is that of all its processes, without the shared parent."""

    cpu_seconds: int = 120
    memory_mb: int = 1024
    file_mb: int = 64
    disk_mb: int = 128
    processes: int = 32
    open_files: int = 256
    cell_seconds: float = 30
    notebook_seconds: float = 180
    output_mb: int = 4

    @property
    def grace_seconds(self) -> float:
        """How long an interrupted cell may take to give up; nbgrader waits 4 s too."""
        return min(4.0, max(0.5, self.cell_seconds))

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Task:
    """One notebook to run, with the cells as the examiner wants them run."""

    key: str
    """Whose notebook this is, for the caller; the sandbox never sees it."""
    notebook: Notebook
    files: Mapping[str, bytes] = field(default_factory=dict)
    """What lies beside the notebook: its own files and the assignment's datasets."""
    limits: Limits = Limits()


@dataclass(frozen=True)
class Ran:
    """What came of a task."""

    key: str
    outcome: Outcome
    reason: str = ""
    notebook: Notebook | None = None
    """The executed notebook; in cells that were not reached, `metadata.crossings.reached` is false.

    It is there whenever cells were run, whatever the outcome. None for `not gradable`.
    """
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_mb: float = 0.0
    signals: tuple[str, ...] = ()
    """What a person may want to know, for instance that outputs were cut off."""


@dataclass(frozen=True)
class Protection:
    """Which walls stand between learners' code and this computer."""

    layers: tuple[str, ...]
    missing: tuple[str, ...]
    """What is lost, a sentence for each wall that is not there."""

    @property
    def complete(self) -> bool:
        return not self.missing

    def told(self) -> str:
        """For a person: what is lost, a line each; "" where nothing is."""
        return "\n".join(f"- {line}" for line in self.missing)


class UnprotectedError(Exception):
    """Some protection is missing, and the caller did not say that it may be.

    The message names what is lost and what to do.
    """


class SandboxError(Exception):
    """The sandbox cannot start; the message says why."""
