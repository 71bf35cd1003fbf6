"""Marking one notebook for the tests of scoring: in the sandbox, as `./course grade` does it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from crossings.grading.runner import Limits, Ran, Runner, Task
from crossings.grading.scoring import master as masters
from crossings.grading.scoring.master import Master
from crossings.grading.scoring.prepare import with_probes, without_probes
from crossings.grading.scoring.restore import Rules, restore
from crossings.grading.scoring.result import Scored
from crossings.grading.scoring.score import score

NONCE = "0" * 32
LIMITS = Limits(cell_seconds=20, notebook_seconds=60)


@contextmanager
def runner() -> Iterator[Runner]:
    with Runner(jobs=1) as started:
        yield started


def run(
    started: Runner,
    notebook: Mapping[str, Any],
    files: Mapping[str, bytes] | None = None,
    limits: Limits = LIMITS,
) -> Ran:
    (ran,) = started.run([Task("one", dict(notebook), files or {}, limits)])
    return ran


class Marker:
    """An assignment of one notebook, and how to mark submissions of it."""

    def __init__(
        self,
        started: Runner,
        source: Mapping[str, Any],
        files: Mapping[str, bytes] | None = None,
        limits: Limits = LIMITS,
    ) -> None:
        self.runner, self.source, self.files, self.limits = started, source, files, limits
        self.master: Master = masters.from_source("work", source)
        self._reference: dict[str, Any] | None = None
        self.last: Ran | None = None

    @property
    def reference(self) -> dict[str, Any]:
        if self._reference is None:
            ready = with_probes(self.source, self.master, NONCE)
            ran = run(self.runner, ready, self.files, self.limits)
            assert ran.notebook is not None, ran
            self._reference, _ = without_probes(ran.notebook, NONCE)
        return self._reference

    def mark(self, submitted: Mapping[str, Any], rules: Rules = "fair", **more: Any) -> Scored:
        restored = restore(submitted, self.master, rules)
        nonce = secrets.token_hex(16)
        ready = with_probes(restored.notebook, self.master, nonce)
        self.last = run(self.runner, ready, self.files, self.limits)
        return score(
            self.master,
            restored,
            self.last,
            nonce=nonce,
            reference=self.reference,
            rules=rules,
            **more,
        )
