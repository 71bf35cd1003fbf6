"""One marking run over many submissions: read, run, score, write down; what is done stays done."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from crossings.grading import collect, due, gradebook, inbox, scored, worksheets
from crossings.grading import job as jobs
from crossings.grading.collect import Collected, NotGradableError
from crossings.grading.examine import Begun, Examiner, NoReferenceError
from crossings.grading.job import Job
from crossings.grading.ledger import Draft, Entry, Ledger, record, state
from crossings.grading.ledger.entry import Points
from crossings.grading.ledger.state import State
from crossings.grading.notebooks import autograded_file
from crossings.grading.preview import Change, change
from crossings.grading.runner import Runner, Task
from crossings.grading.scored import Scored
from crossings.grading.trainees import find


@dataclass(frozen=True)
class Power:
    """What runs the notebooks: `jobs` sandboxes here, or a cluster at an address."""

    jobs: int = 1
    unsafe: bool = False
    cluster: str = ""

    def runner(self) -> AbstractContextManager[Any]:
        if self.cluster:
            from crossings.grading.cluster import Cluster

            return Cluster(self.cluster, unsafe=self.unsafe)
        return Runner(jobs=self.jobs, unsafe=self.unsafe)


class Marking:
    """The job, and what it reads and writes.

    Nothing of a submission is kept in memory longer than it is at work, so that memory stays flat.
    """

    def __init__(
        self, job: Job, ledger: Ledger, book: Any, power: Power, questions: State | None = None
    ) -> None:
        """`questions` are those to mark by, where they are not the gradebook's own: a preview."""
        self.job, self.ledger, self.book, self.power = job, ledger, book, power
        if job.due is not None or due.is_chosen(job.workspace, job.assignment):
            # Else a time that somebody typed into formgrader would be wiped out.
            book.update_or_create_assignment(job.assignment, duedate=job.due)
        record.reconcile(ledger, book, job.assignment, repair=True)
        own = state.assignment(book, job.assignment)
        assert own is not None, "a released assignment is in the gradebook"
        self.own = own
        self.shape = own if questions is None else {**questions, "duedate": own["duedate"]}
        self.examiner = Examiner(job, self.shape)
        self.layout = state.Layout(book, job.assignment)
        self.version = jobs.worksheet_runner()

    def run(self, chosen: list[str], again: bool) -> Iterator[tuple[str, str]]:
        """Mark the submissions of these students; each with its outcome, as it is written down."""
        for found in self._found(chosen, again):
            entry = found if isinstance(found, Entry) else self._write_down(found)
            yield entry.student, entry.outcome

    def preview(self, chosen: list[str], again: bool) -> Iterator[Change]:
        """What `run` would change, a submission each; nothing is written down."""
        for found in self._found(chosen, again):
            student = found.student if isinstance(found, Entry) else found.collected.student
            last = self.ledger.latest_of(self.job.assignment, student)
            if isinstance(found, Entry):
                assert last is not None, "it has at least the mark itself"
                held = last.tests if last.state is not None else None
                yield change(student, last, found.outcome, last.state, held)
                continue
            made = self._made(found, self._held(student))
            tests = self._points(made) if made else None
            yield change(student, last, found.outcome, made, tests)

    def _found(self, chosen: list[str], again: bool) -> Iterator[Scored | Entry]:
        if self.job.kind == "worksheet":
            return (self._worksheet(student, again) for student in chosen)
        return self._notebooks(chosen, again)

    def _worksheet(self, student: str, again: bool) -> Scored | Entry:
        """Mark one worksheet; whatever it does, the run goes on. An Entry where nothing changed."""
        collected = self._place(student)
        try:
            collected = collect.collect(self.job.workspace, self.job.assignment, student)
            before = self._marked_before(collected, again)
            if before is not None:
                return before
            cells = {c["name"]: c for n in self.shape["notebooks"] for c in n["source"]}
            return worksheets.mark(self.job, collected, cells)
        except NotGradableError as error:
            return Scored(collected, "not gradable", str(error), self._hash(collected))
        except Exception as error:  # one bad submission must not stop the others
            return _ours(collected, error)

    def _notebooks(self, chosen: list[str], again: bool) -> Iterator[Scored | Entry]:
        power, examiner = self.power.runner(), self.examiner
        runs: Any = power
        self.version = examiner.version(runs)
        ready: deque[Scored | Entry] = deque()
        waiting: dict[str, Begun] = {}
        tasks = self._tasks(chosen, again, ready, waiting)
        first = next(tasks, None)
        if first is not None:
            with power:
                examiner.refer(runs)
                for ran in runs.run(itertools.chain([first], tasks)):
                    yield from _drained(ready)
                    begun = examiner.take(waiting, ran)
                    if begun.is_whole:
                        del waiting[begun.collected.student]
                        yield self._examined(begun)
        yield from _drained(ready)

    def _tasks(
        self,
        chosen: list[str],
        again: bool,
        ready: deque[Scored | Entry],
        waiting: dict[str, Begun],
    ) -> Iterator[Task]:
        """What is to be run; what needs no running goes into `ready`."""
        for student in chosen:
            begun = self._begun(student, again)
            if not isinstance(begun, Begun):
                ready.append(begun)
                continue
            waiting[student] = begun
            yield from self.examiner.tasks(begun)

    def _begun(self, student: str, again: bool) -> Begun | Scored | Entry:
        collected = self._place(student)
        try:
            collected = collect.collect(self.job.workspace, self.job.assignment, student)
            return self._marked_before(collected, again) or self.examiner.begin(collected)
        except NotGradableError as error:
            return Scored(collected, "not gradable", str(error), self._hash(collected))
        except Exception as error:  # one bad submission must not stop the others
            return _ours(collected, error)

    def _examined(self, begun: Begun) -> Scored:
        try:
            return self.examiner.finish(begun, self._held(begun.collected.student))
        except Exception as error:  # one bad submission must not stop the others
            return _ours(begun.collected, error)

    def _place(self, student: str) -> Collected:
        """The submission as far as it is known before anything of it is read."""
        workspace, assignment = self.job.workspace, self.job.assignment
        latest = inbox.latest_of(workspace, assignment, student)
        version = collect.version_now(workspace, assignment, student, latest)
        place = collect.place_of(workspace, assignment, student)
        return Collected(student, place, version=version)

    def _hash(self, collected: Collected) -> str:
        only = worksheets.KEPT if self.job.kind == "worksheet" else None
        return collected.fingerprint("", only)

    def _marked_before(self, collected: Collected, again: bool) -> Entry | None:
        """The mark of exactly this, where what came of it is still where it belongs."""
        job = self.job
        before = self._before(collected.student)
        if before is None or again:
            return None
        versions = (before.assignment_version, before.runner_version, before.rules)
        if versions != (job.version, self.version, job.rules):
            return None
        if before.submission_sha256 != self._hash(collected):
            return None
        if before.state is None:
            return before
        shown = before.data.get("shown", [job.assignment])
        files = (
            autograded_file(job.workspace, job.assignment, collected.student, n) for n in shown
        )
        return before if all(path.is_file() for path in files) else None

    def _before(self, student: str) -> Entry | None:
        return self.ledger.latest_of(self.job.assignment, student, ("mark",))

    def _held(self, student: str) -> State | None:
        """What the gradebook has of the submission now."""
        assignment = self.job.assignment
        return state.submissions(self.book, assignment, [student]).get(student)

    def _write_down(self, found: Scored) -> Entry:
        """Into ledger and gradebook; what the ledger has already is not written twice."""
        job, collected = self.job, found.collected
        student = collected.student
        before, now = self._before(student), self._held(student)
        if now is not None:
            last = self.ledger.latest_of(job.assignment, student)
            record.changed(self.ledger, self.shape, job.assignment, student, now, last)
        made = self._made(found, now)
        if made is None:
            self._make_known(student)
        else:
            found.keep()
        draft = Draft(
            "mark",
            job.assignment,
            student,
            submission_sha256=found.submission,
            assignment_version=job.version,
            runner_version=self.version,
            lock_sha256=jobs.lock_sha256(),
            outcome=found.outcome,
            reason=found.reason,
            rules=job.rules,
            tests=self._points(made) if made else (),
            data={"hand_in": collected.version, **found.more},
        )
        if before is not None and made is None and _says_the_same(before, draft):
            return before
        return record.save(self.ledger, self.book, draft, made, layout=self.layout)

    def _points(self, made: State) -> tuple[Points, ...]:
        return record.points_of(made, self.shape, self.job.assignment)

    def _made(self, found: Scored, now: State | None) -> State | None:
        """The submission's state after marking; None where there are no points to write."""
        if found.notebooks is None:
            return None
        student = found.collected.student
        known = now["student"] if now else state.person(self.book, student)
        trainee = gradebook.known_as(find(self.job.workspace, student))
        base = record.fitted(now, self.shape, known | trainee)
        base["timestamp"] = state.moment(found.collected.received_at) or base["timestamp"]
        return scored.into(base, found.notebooks)

    def _make_known(self, student: str) -> None:
        trainee = gradebook.known_as(find(self.job.workspace, student))
        if trainee:
            state.put_student(self.book, student, state.person(self.book, student) | trainee)
            self.book.db.commit()


def _drained(ready: deque[Scored | Entry]) -> Iterator[Scored | Entry]:
    while ready:
        yield ready.popleft()


def _ours(collected: Collected, error: Exception) -> Scored:
    """Something went wrong that the trainee did not do: no hash, so that it is tried again."""
    if isinstance(error, NoReferenceError):
        raise error
    return Scored(collected, "crashed", f"{jobs.OURS}: {type(error).__name__}: {error}"[:300])


def _says_the_same(before: Entry, draft: Draft) -> bool:
    names = ("submission_sha256", "assignment_version", "outcome", "reason", "rules", "data")
    return all(getattr(before, name) == getattr(draft, name) for name in names)
