"""`./course grade`, `ledger`, `regrade`, `cluster`: marking, and what is known about marks."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from crossings.terminal.course import DataOption, DemoOption, readable, workspace_of
from crossings.terminal.says import err, fail, out

if TYPE_CHECKING:
    from crossings.grading.ledger import Entry
    from crossings.grading.preview import Preview
    from crossings.grading.report import Report
    from crossings.grading.sources import Collection
    from crossings.workspace import Workspace

ledger = typer.Typer(help="The record of every mark.", no_args_is_help=True, rich_markup_mode=None)
regrade = typer.Typer(
    help="What trainees ask about their marks.", no_args_is_help=True, rich_markup_mode=None
)
WhoOption = Annotated[str, typer.Option("--who", help="Your name, for the record.")]


@contextmanager
def told(workspace: Workspace) -> Iterator[None]:
    """A mistake, or a disk that refuses, is one message and exit code 2."""
    from crossings.environment import child_environment
    from crossings.grading.durable import NotSavedError
    from crossings.grading.ledger import LedgerError
    from crossings.grading.ledger.override import OverrideError
    from crossings.grading.ledger.rebuild import RebuildError
    from crossings.grading.ledger.regrade import RegradeError
    from crossings.grading.mark import GradeError
    from crossings.grading.nbgrader_run import NbgraderError
    from crossings.grading.sources import SourceError

    os.environ.update(child_environment(workspace))
    try:
        yield
    except (
        GradeError, NbgraderError, LedgerError, RebuildError, RegradeError, OverrideError,
        SourceError,
    ) as error:  # fmt: skip
        fail(str(error))
    except NotSavedError:
        fail(f"cannot write to {workspace.root}: the disk is full, or closed to us")
    except OSError as error:
        fail(f"cannot write to {error.filename or workspace.root}: {error.strerror}")


def grade(
    assignment: Annotated[str, typer.Argument(help="For example officer-worksheet.")],
    student: Annotated[
        list[str] | None, typer.Option("--student", help="Only these students.")
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs", min=1, max=64, help="Notebooks that run at one time; else one a processor."
        ),
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option(
            "--from",
            help="Take submissions from here: a folder, an nbgrader exchange, a Moodle zip.",
        ),
    ] = None,
    names: Annotated[
        Path | None,
        typer.Option("--names", help="CSV with name,student: who is who in --from."),
    ] = None,
    add: Annotated[
        bool, typer.Option("--add-unknown", help="Make trainees of those whom nobody knows.")
    ] = False,
    rules: Annotated[
        str, typer.Option("--nbgrader-rules", help="exact: score for score as nbgrader does.")
    ] = "fair",
    cluster: Annotated[
        str, typer.Option("--cluster", metavar="ADDRESS", help="Run notebooks on this cluster.")
    ] = "",
    preview: Annotated[
        bool, typer.Option("--preview", help="Show what would change; change nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Go on when marks would change.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Mark also what did not change.")] = False,
    unsafe: Annotated[
        bool, typer.Option("--unsafe", help="Run notebooks although protection is missing.")
    ] = False,
    demo: DemoOption = False,
    data: DataOption = None,
) -> None:
    """Collect and mark the submissions of an assignment; write feedback.

    Example: ./course grade officer-worksheet
    """
    from crossings.grading import mark, sources

    if rules not in ("fair", "exact"):
        fail(f"no rules `{rules}`: choose fair or exact")
    workspace = workspace_of(data, demo)
    with told(workspace):
        course = readable()
        if source is not None:
            _tell(sources.take(course, workspace, assignment, source, names=names, add=add))
        power = mark.Power(jobs or _processors(), unsafe, cluster)
        with _Bar(assignment) as bar:
            found = mark.grade(
                assignment,
                student or None,
                workspace,
                course=course,
                progress=bar.moved,
                rules="exact" if rules == "exact" else "fair",
                power=power,
                again=again,
                only_preview=preview,
                agree=bar.asking(lambda changes: _agree(changes, preview, yes)),
            )
    if found is not None:
        _print_report(found)


def _processors() -> int:
    counted = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(8, counted or 1))


def _tell(found: Collection) -> None:
    """What came out of a folder or a zip, and above all what did not."""
    out.print(found.summary(), markup=False, soft_wrap=True)
    for line in found.told():
        err.print(f"- {line}", markup=False, soft_wrap=True)


class _Bar:
    """A progress bar with counts by outcome; plain lines where nobody watches."""

    def __init__(self, name: str) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        columns = (
            TextColumn("{task.fields[name]}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.description}", markup=False),
        )
        self._bar = Progress(*columns, console=err, transient=True, disable=not err.is_terminal)
        self._task = self._bar.add_task("", total=None, name=name)
        self._counts: Counter[str] = Counter()
        self._told = 0

    def __enter__(self) -> _Bar:
        self._bar.start()
        return self

    def __exit__(self, *ended: Any) -> None:
        self._bar.stop()

    def moved(self, done: int, total: int, student: str, outcome: str) -> None:
        self._counts[outcome] += 1
        counts = ", ".join(f"{n} {name}" for name, n in sorted(self._counts.items()))
        self._bar.update(self._task, completed=done, total=total, description=counts)
        tenth = done * 10 // total
        if not err.is_terminal and (tenth > self._told or done == total):
            self._told = tenth
            err.print(f"{done} of {total}: {counts}", markup=False)

    def asking(self, ask: Any) -> Any:
        """`ask`, with the bar out of the way meanwhile."""

        def asked(*given: Any) -> Any:
            self._bar.stop()
            answer = ask(*given)
            self._counts.clear()
            self._told = 0
            self._bar.start()
            return answer

        return asked


def _agree(changes: Preview, preview: bool, yes: bool) -> bool:
    """Show what marking would change; whether to go on."""
    _print_preview(changes)
    if preview:
        return False
    if yes or not changes.changes_marks:
        return True
    if not err.is_terminal:
        fail("nothing was changed. Look at the list, then run it again with --yes")
    return typer.confirm("Change these marks?", default=False, err=True)


def _print_preview(changes: Preview) -> None:
    from rich.table import Table

    for line in changes.told():
        out.print(line, markup=False, soft_wrap=True)
    table = Table("student", "points now", "points then", "note", box=None, pad_edge=False)
    for row in changes.rows:
        if row.changes:
            cells = (row.student, row.shown(row.old), row.shown(row.new), row.note)
            table.add_row(*(Text(c) for c in cells))
    if table.row_count:
        out.print(table)
    out.print(changes.summary(), markup=False, soft_wrap=True)


def _print_report(report: Report) -> None:
    from rich.table import Table

    table = Table("student", "outcome", "points", "to mark", "note", box=None, pad_edge=False)
    for row in report.rows:
        points = f"{row.points:g} / {row.max_points:g}" if row.scored else "–"
        cells = (row.student, row.outcome, points, str(row.waiting or ""), row.reason)
        table.add_row(*(Text(c) for c in cells))
    if report.rows:
        out.print(table)
    for note in report.notes:
        out.print(f"Note: {note}", markup=False, soft_wrap=True)
    out.print(report.summary(), markup=False)


@ledger.command("verify")
def ledger_verify(
    head: Annotated[
        str, typer.Option("--head", metavar="HASH", help="A hash that you noted earlier.")
    ] = "",
    demo: DemoOption = False,
    data: DataOption = None,
) -> None:
    """Check that nobody changed, removed or moved an entry.

    Example: ./course ledger verify
    """
    from crossings.grading.ledger import Ledger
    from crossings.grading.ledger.verify import verify

    workspace = workspace_of(data, demo)
    with told(workspace), Ledger(workspace) as opened:
        found = verify(opened, head.strip().lower())
    for problem in found.problems:
        err.print(f"course: {problem}", markup=False, soft_wrap=True)
    if found.problems:
        raise typer.Exit(2)
    out.print(f"{found.count} entries, each as it was written.", markup=False)
    out.print(f"Newest: {found.head}", markup=False)
    out.print("Write this hash down elsewhere: --head shows later that all before it is the same.")


@ledger.command("show")
def ledger_show(
    assignment: Annotated[str | None, typer.Argument(help="Only this assignment.")] = None,
    student: Annotated[str | None, typer.Option("--student", help="Only this one.")] = None,
    demo: DemoOption = False,
    data: DataOption = None,
) -> None:
    """Print the entries: when, what, whose, how many points, by whom, why.

    Example: ./course ledger show officer-worksheet --student amina-kato
    """
    from crossings.grading.ledger import Ledger

    workspace = workspace_of(data, demo)
    with told(workspace), Ledger(workspace) as opened:
        for entry in opened.entries(assignment=assignment, student=student):
            out.print(_line(entry), markup=False, soft_wrap=True)


def _line(entry: Entry) -> str:
    points = f"{entry.points:g} of {sum(t.max for t in entry.tests):g}" if entry.tests else ""
    about = " ".join(filter(None, [entry.assignment, entry.student]))
    said = "; ".join(filter(None, [entry.outcome, points, entry.reason, entry.why]))
    line = f"{entry.seq} {entry.at} {entry.kind} {about} · {said} · {entry.who} · {entry.hash[:12]}"
    return "".join(c if c.isprintable() else " " for c in line)


@ledger.command("rebuild")
def ledger_rebuild(demo: DemoOption = False, data: DataOption = None) -> None:
    """Make the gradebook anew from the ledger; the old one is kept beside it.

    Example: ./course ledger rebuild
    """
    from crossings.grading import job
    from crossings.grading.ledger import Ledger
    from crossings.grading.ledger.rebuild import rebuild
    from crossings.grading.ledger.verify import verify

    workspace = workspace_of(data, demo)
    with told(workspace), job.alone(workspace):
        with Ledger(workspace) as opened:
            if verify(opened).problems:
                fail("the ledger is not whole: run ./course ledger verify")
        made = rebuild(workspace)
    what = f"{made.submissions} submission(s) of {made.assignments} assignment(s)"
    kept = f" The old one is {made.kept}." if made.kept else ""
    out.print(f"The gradebook holds {what}.{kept}", markup=False, soft_wrap=True)


@regrade.command("list")
def regrade_list(
    assignment: Annotated[str | None, typer.Argument(help="Only this assignment.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Answered ones, too.")] = False,
    demo: DemoOption = False,
    data: DataOption = None,
) -> None:
    """Print the requests that wait for an answer.

    Example: ./course regrade list
    """
    from crossings.grading.ledger import regrade as requests

    workspace = workspace_of(data, demo)
    with told(workspace):
        found = requests.all_of(workspace, assignment)
    shown = [request for request in found if everything or request.waits]
    for r in shown:
        about = f"{r.assignment} {r.question}".strip()
        out.print(f"{r.id} {r.at} {r.student}, {about}:", markup=False, soft_wrap=True)
        out.print(f"    {r.text}", markup=False, soft_wrap=True)
        for a in r.answers:
            out.print(f"    {a.who} ({a.decision}): {a.text}", markup=False, soft_wrap=True)
    waiting = sum(request.waits for request in found)
    out.print(f"{waiting} of {len(found)} request(s) wait for an answer.")


@regrade.command("answer")
def regrade_answer(
    request: Annotated[str, typer.Argument(help="Its id, from ./course regrade list.")],
    text: Annotated[str, typer.Option("--text", help="What the trainee will read.")],
    who: WhoOption,
    points: Annotated[
        float | None, typer.Option("--points", help="New points of the question asked about.")
    ] = None,
    question: Annotated[
        str,
        typer.Option(
            help="The question that gets the points, where all of the work is asked about."
        ),
    ] = "",
    demo: DemoOption = False,
    data: DataOption = None,
) -> None:
    """Answer a request; with --points, change the mark as well. Publishes the feedback.

    Example: ./course regrade answer 1f2e3d4c5b --who "T. Rainer" --text "You are right." --points 2
    """
    from crossings.grading import feedback
    from crossings.grading.ledger import override
    from crossings.grading.ledger import regrade as requests

    workspace = workspace_of(data, demo)
    with told(workspace):
        course = readable()
        asked = next((r for r in requests.all_of(workspace) if r.id == request), None)
        if asked is None:
            fail(f"there is no request `{request}`: see ./course regrade list")
        if points is not None:
            about = asked.question or question
            if not about:
                fail("the request is about the whole assignment: name one with --question")
            override.give(
                workspace, asked.assignment, asked.student, about,
                points=points, who=who, why=f"regrade request {asked.id}: {text}",
            )  # fmt: skip
        decision: requests.Decision = "changed" if points is not None else "stays"
        requests.answer(workspace, asked.id, who=who, text=text, decision=decision)
        feedback.publish(asked.assignment, workspace, course, only=[asked.student])
    out.print(f"Answered. {asked.student} reads it on the feedback page.", markup=False)


def cluster(
    workers: Annotated[int, typer.Option("--workers", min=1, max=64)] = 2,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8786,
    data: DataOption = None,
) -> None:
    """Start a cluster on this computer, to try --cluster; Ctrl-C ends it.

    Example: ./course cluster
    """
    from crossings.grading.cluster import ClusterError, local

    workspace = workspace_of(data)
    os.environ["CROSSINGS_WORKSPACE"] = str(workspace.root)
    try:
        with local(workspace, workers, port) as address:
            out.print(f"{workers} workers run. In another terminal:", markup=False)
            out.print(f"  ./course grade ASSIGNMENT --cluster {address}", markup=False)
            out.print("Ctrl-C ends them.", markup=False)
            _wait()
    except ClusterError as error:
        fail(str(error))
    except KeyboardInterrupt:
        out.print("\nThe cluster is stopped.")


def _wait() -> None:
    import threading

    threading.Event().wait()
