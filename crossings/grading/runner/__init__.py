"""Running learners' notebooks where they can do no harm.

    pool.py      Runner: several sandboxes at work
    run.py       one notebook: cells out one by one, records in, clocks watched
    sandbox.py   one sandbox: bubblewrap and in it the warm parent;  bubble.py is its command line
    probe.py     which walls stand on this computer
    outputs.py   records become outputs of nbformat
    inside/      what runs in the sandbox; it alone is shown there

This room imports nothing of the rest of marking. docs/decisions/0024-sandbox.md says why it is so.
"""

from __future__ import annotations

from crossings.grading.runner.model import (
    Limits,
    Outcome,
    Protection,
    Ran,
    SandboxError,
    Task,
    UnprotectedError,
)
from crossings.grading.runner.pool import Runner
from crossings.grading.runner.probe import protection

__all__ = [
    "Limits",
    "Outcome",
    "Protection",
    "Ran",
    "Runner",
    "SandboxError",
    "Task",
    "UnprotectedError",
    "protection",
]
