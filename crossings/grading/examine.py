"""One notebook assignment under examination: what to run of a submission, and what it is worth.

The runner runs; the scoring room scores; here a submission's files are read, both are brought
together, and what nbgrader's formgrader wants to find is written.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from crossings.grading import fill, upload
from crossings.grading.collect import RESERVED, Collected, NotGradableError
from crossings.grading.job import Job
from crossings.grading.ledger.state import State, moment
from crossings.grading.notebooks import autograded_file
from crossings.grading.release import CONFIG
from crossings.grading.runner import Limits, Ran, Task
from crossings.grading.scored import Notebook, Scored, comments_of
from crossings.grading.scoring import hidden, late
from crossings.grading.scoring import result as results
from crossings.grading.scoring.master import Master, MasterCell
from crossings.grading.scoring.prepare import with_probes, without_probes
from crossings.grading.scoring.restore import RefusedError, Restored, restore
from crossings.grading.scoring.score import missing, score

_SEPARATOR = "\x1f"
_SEVERITY = ("graded", "timed out", "out of memory", "crashed", "tampered", "not gradable")


class Runs(Protocol):
    """What runs tasks: the sandboxed runner here, or one on a cluster."""

    version: str

    def run(self, tasks: Iterator[Task]) -> Iterator[Ran]: ...


@dataclass(frozen=True)
class _Part:
    """One notebook of a submission, on its way. `restored` is None where it was not sent."""

    master: Master
    restored: Restored | None = None
    nonce: str = ""


@dataclass
class Begun:
    """A submission of which notebooks are being run."""

    collected: Collected
    submission: str
    files: Mapping[str, bytes]
    parts: dict[str, _Part]
    ran: dict[str, Ran]

    @property
    def is_whole(self) -> bool:
        return all(part.restored is None or name in self.ran for name, part in self.parts.items())


class Examiner:
    """Everything about the assignment that is the same for each submission."""

    def __init__(self, job: Job, shape: State) -> None:
        self.job, self.shape = job, shape
        self.masters = {n["name"]: _master(n) for n in shape["notebooks"]}
        self.own_files = dict(_own_files(job.workspace.exercises / "source" / job.assignment))
        self.limits = Limits(cell_seconds=job.cell_seconds, notebook_seconds=job.notebook_seconds)
        self.references: Mapping[str, Mapping[str, Any]] = {}

    @functools.cached_property
    def config(self) -> Any:
        """nbgrader's options, as its own programs read them in the course folder."""
        from traitlets.config.loader import PyFileConfigLoader

        folder = self.job.workspace.exercises
        return PyFileConfigLoader(CONFIG, path=str(folder)).load_config()

    @functools.cached_property
    def plugin(self) -> late.Plugin:
        return late.plugin(self.config)

    def version(self, runs: Runs) -> str:
        """What ran the notebooks, and with which limits."""
        if self.limits == Limits():
            return runs.version
        own = json.dumps(self.limits.to_json(), sort_keys=True)
        return f"{runs.version}-{hashlib.sha256(own.encode()).hexdigest()[:8]}"

    # Before running.

    def begin(self, collected: Collected) -> Begun:
        """Read what was handed in, and restore the assignment's own cells.

        Raises:
            NotGradableError: when there is no notebook, or one that cannot be read.
        """
        if not any((collected.path / f"{name}.ipynb").is_file() for name in self.masters):
            names = " or ".join(f"{name}.ipynb" for name in self.masters)
            raise NotGradableError(f"there is no {names} in the submission")
        parts = {name: self._part(collected, master) for name, master in self.masters.items()}
        sent = {
            path.relative_to(collected.path).as_posix(): path.read_bytes()
            for path in sorted(collected.path.rglob("*"))
            if path.is_file() and not path.is_symlink() and path.suffix != ".ipynb"
        }
        sent = {name: content for name, content in sent.items() if name not in RESERVED}
        files = sent | self.own_files
        return Begun(collected, collected.fingerprint(""), files, parts, {})

    def _part(self, collected: Collected, master: Master) -> _Part:
        path = collected.path / f"{master.name}.ipynb"
        if not path.is_file() or path.is_symlink():
            return _Part(master)
        try:
            sent = upload.read_notebook(path.read_bytes())
            restored = restore(sent, master, self.job.rules, self.config)
        except upload.BadUploadError as error:
            raise NotGradableError(self._about(master.name, str(error))) from None
        except RefusedError as error:
            why = f"the notebook's question marks are damaged: {error}"
            raise NotGradableError(self._about(master.name, why)) from None
        return _Part(master, restored, secrets.token_hex(16))

    def _about(self, name: str, reason: str) -> str:
        """The reason, with the notebook that it is about where there are several."""
        return f"{name}.ipynb: {reason}" if reason and len(self.masters) > 1 else reason

    def tasks(self, begun: Begun) -> Iterator[Task]:
        """What is to be run of the submission, a task for each notebook."""
        for name, part in begun.parts.items():
            if part.restored is not None:
                ready = with_probes(part.restored.notebook, part.master, part.nonce)
                key = f"{begun.collected.student}{_SEPARATOR}{name}"
                yield Task(key, ready, begun.files, self.limits)

    # The assignment's own solution, run once.

    @property
    def needs_reference(self) -> bool:
        cells = (cell for m in self.masters.values() for cell in m.cells.values() if cell.is_test)
        return any(hidden.read(cell.source).calls_check for cell in cells)

    def refer(self, runs: Runs) -> None:
        """Have the source notebooks run, unless that was done before for this very version."""
        if not self.needs_reference:
            return
        name = hashlib.sha256(f"{self.job.version} {self.version(runs)}".encode()).hexdigest()
        place = self.job.workspace.var / "reference" / self.job.assignment / name[:32]
        kept = {m: place / f"{m}.ipynb" for m in self.masters}
        if not all(path.is_file() for path in kept.values()):
            for ran in runs.run(self._references()):
                if ran.outcome != "ran" or ran.notebook is None:
                    raise NoReferenceError(self.job.assignment, ran)
                fill.write(kept[ran.key], ran.notebook)
        self.references = {m: fill.read(path) for m, path in kept.items()}

    def _references(self) -> Iterator[Task]:
        source = self.job.workspace.exercises / "source" / self.job.assignment
        for name in self.masters:
            yield Task(name, fill.read(source / f"{name}.ipynb"), self.own_files, self.limits)

    # After running.

    def take(self, waiting: Mapping[str, Begun], ran: Ran) -> Begun:
        """Put what ran to its submission."""
        student, _, name = ran.key.partition(_SEPARATOR)
        begun = waiting[student]
        begun.ran[name] = ran
        return begun

    def finish(self, begun: Begun, held: State | None) -> Scored:
        """The submission scored; `held` is what the gradebook has of it."""
        found = {name: self._score(begun, name, part, held) for name, part in begun.parts.items()}
        outcome = max((one.outcome for one in found.values()), key=_SEVERITY.index)
        sent = [name for name, part in begun.parts.items() if part.restored is not None]
        reasons = [self._about(n, found[n].reason) for n in sent if _may_say(outcome, found[n])]
        lacking = [name for name in begun.parts if name not in sent]
        reasons += [f"{name}.ipynb was not handed in" for name in lacking]
        executed = {
            name: without_probes(ran.notebook, begun.parts[name].nonce)[0]
            for name, ran in begun.ran.items()
            if ran.notebook is not None
        }
        notebooks = {name: _marked(one, executed.get(name)) for name, one in found.items()}
        return Scored(
            begun.collected,
            outcome,
            "; ".join(filter(None, reasons)),
            begun.submission,
            notebooks if executed and outcome != "not gradable" else None,
            {
                "notebooks": {name: _told(one) for name, one in found.items()},
                "shown": sorted(executed),
                **({"missing": lacking} if lacking else {}),
            },
            keep=functools.partial(self._keep, begun, executed),
        )

    def _score(self, begun: Begun, name: str, part: _Part, held: State | None) -> results.Scored:
        if part.restored is None:
            return missing(part.master, self.job.rules)
        return score(
            part.master,
            part.restored,
            _as_sent(begun.ran[name]),
            nonce=part.nonce,
            reference=self.references.get(name),
            rules=self.job.rules,
            late=self._late(begun.collected, held),
            max_lines=int(self.config.get("LimitOutput", {}).get("max_lines", 1000)),
        )

    def _late(self, collected: Collected, held: State | None) -> late.Late | None:
        due, came = self.shape["duedate"], moment(collected.received_at)
        if due is None or came is None:
            return None
        seconds = (datetime.fromisoformat(came) - datetime.fromisoformat(due)).total_seconds()
        seconds -= float((held or {}).get("extension") or 0)
        return late.Late(collected.student, max(0.0, seconds), self.plugin)

    def _keep(self, begun: Begun, executed: Mapping[str, Any]) -> None:
        """Write what formgrader shows, where nbgrader's autograder writes it."""
        job, student = self.job, begun.collected.student
        place = autograded_file(job.workspace, job.assignment, student).parent
        for name, content in begun.files.items():
            path = place / name
            if not path.is_file() or path.read_bytes() != content:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.unlink(missing_ok=True)
                path.write_bytes(content)
        stamp = begun.collected.path / "timestamp.txt"
        if stamp.is_file():
            (place / stamp.name).unlink(missing_ok=True)
            (place / stamp.name).write_bytes(stamp.read_bytes())
        for name in self.masters:
            if name in executed:
                fill.write(place / f"{name}.ipynb", self._shown(executed[name]))
            else:  # one of an earlier hand-in would be taken for this one's
                (place / f"{name}.ipynb").unlink(missing_ok=True)

    def _shown(self, notebook: Mapping[str, Any]) -> dict[str, Any]:
        from nbformat import from_dict
        from nbgrader.preprocessors import LimitOutput

        node = from_dict(notebook)  # type: ignore[no-untyped-call]
        for cell in node.cells:
            cell.metadata.pop("crossings", None)
        node, _ = LimitOutput(config=self.config).preprocess(node, {})
        return dict(node)


class NoReferenceError(Exception):
    """The assignment's own solution does not run: nothing can be compared with it."""

    def __init__(self, assignment: str, ran: Ran) -> None:
        super().__init__(
            f"The solution in the source of `{assignment}` does not run ({ran.outcome}: "
            f"{ran.reason}), so nothing can be compared with it. Mend the source notebook."
        )


def _master(notebook: State) -> Master:
    """The cells of a notebook as the scoring room wants them, from the gradebook's state."""
    points = {c["name"]: float(c["max_score"]) for c in (*notebook["grade"], *notebook["task"])}
    grades = {c["name"] for c in notebook["grade"]}
    tasks = {c["name"] for c in notebook["task"]}
    cells = {
        cell["name"]: MasterCell(
            **cell,
            grade=cell["name"] in grades,
            solution=cell["name"] in notebook["solution"],
            task=cell["name"] in tasks,
            max_score=points.get(cell["name"], 0.0),
        )
        for cell in notebook["source"]
    }
    spec: dict[str, Any] = {}
    with contextlib.suppress(ValueError):
        spec = json.loads(notebook["kernelspec"] or "{}") or {}
    return Master(notebook["name"], cells, spec)


def _own_files(source: Path) -> Iterator[tuple[str, bytes]]:
    """The files that an author put beside the notebooks; trainees have them as well."""
    for path in sorted(source.rglob("*")):
        inside = path.relative_to(source)
        hidden_away = any(part.startswith(".") or part == "__pycache__" for part in inside.parts)
        if path.is_file() and path.suffix != ".ipynb" and not hidden_away:
            yield inside.as_posix(), path.read_bytes()


def _may_say(outcome: str, one: results.Scored) -> bool:
    """Whether the reason of one notebook may stand beside the outcome of the submission.

    Trainees are told why they are not gradable, and not what a notebook said as it crashed.
    """
    return outcome != "not gradable" or one.outcome in ("graded", "timed out", outcome)


def _marked(found: results.Scored, executed: Mapping[str, Any] | None) -> Notebook:
    """Points for the gradebook. What was not run waits for a person: it is no silent zero."""
    waits = ("needs person", "not run") if found.outcome != "graded" else ("needs person",)
    points = {t.grade_id: None if t.status in waits else float(t.points) for t in found.tests}
    comments = comments_of(executed) if executed is not None else {}
    return Notebook(points, comments, late=found.late_penalty or None)


def _as_sent(ran: Ran) -> Ran:
    """`ran` with cell numbers in its reason as the trainee counts: without the examiner's own."""
    if ran.notebook is None:
        return ran
    ours = ["probe" in (cell["metadata"].get("crossings") or {}) for cell in ran.notebook["cells"]]

    def number(found: re.Match[str]) -> str:
        place = int(found[1])
        return f"cell {max(1, place - sum(ours[:place]))}"

    return replace(ran, reason=re.sub(r"\bcell (\d+)", number, ran.reason))


def _told(found: results.Scored) -> dict[str, Any]:
    """What the ledger keeps of the scoring beside the points; messages are safe for trainees."""
    kept = {}
    for test in found.tests:
        words = {"said": test.message, "note": test.note, "differs": test.differs}
        exact = {"exact": test.exact_points} if test.exact_points != test.points else {}
        kept[test.grade_id] = {
            "status": test.status,
            **{name: text for name, text in words.items() if text},
            **exact,
        }
    told: dict[str, Any] = {"tests": kept}
    if found.outcome != "graded":
        told["outcome"] = found.outcome
    if found.signals:
        told["signals"] = [str(signal)[:300] for signal in found.signals[:50]]
    if found.refused:
        told["refused"] = found.refused
    return told
