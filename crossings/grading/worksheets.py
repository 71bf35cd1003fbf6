"""Marking one worksheet: its answers are data, scored here; nothing that was sent is run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crossings.grading import answers, fill, scored
from crossings.grading.collect import Collected, NotGradableError
from crossings.grading.inbox import RECEIPT
from crossings.grading.job import Job
from crossings.grading.notebooks import autograded_file
from crossings.grading.scored import Scored

KEPT = frozenset({answers.FILE, RECEIPT})
"""What of a submission counts; a notebook beside them is never used."""


def mark(job: Job, collected: Collected, master: Mapping[str, Any]) -> Scored:
    """Score the answers; what is kept of it are the same files as nbgrader's autograder leaves.

    `master` holds the source cells of the gradebook's notebook, by name.

    Raises:
        NotGradableError: when there are no answers that can be read.
    """
    try:
        document = answers.read(collected.path / answers.FILE)
    except answers.BadAnswersError as error:
        raise NotGradableError(str(error)) from None
    given = answers.responses(document)
    name = f"{job.assignment}.ipynb"
    notebook = fill.submitted(fill.read(job.release / name), job.items, given)
    results = fill.scores(job.items, given)
    graded = fill.autograded(notebook, master, results)

    def keep() -> None:
        fill.write(collected.path / name, notebook)
        fill.write(autograded_file(job.workspace, job.assignment, collected.student), graded)

    damaged = sum(result.status == "malformed" for result in results.values())
    return Scored(
        collected,
        "graded",
        _about(damaged),
        collected.fingerprint("", KEPT),
        {job.assignment: scored.of_autograded(graded)},
        keep=keep,
    )


def _about(damaged: int) -> str:
    """What the trainer should know about the score, if anything."""
    if not damaged:
        return ""
    if damaged == 1:
        return "1 answer is damaged and scores 0"
    return f"{damaged} answers are damaged and score 0"
