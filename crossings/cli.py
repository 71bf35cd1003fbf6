"""The command line. No logic of its own: each command calls one room and prints what it says.

Every user's mistake is one message on stderr and exit code 2.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.text import Text

from crossings.workspace import ROOT, Workspace

if TYPE_CHECKING:
    from crossings.curriculum import Course, Problem
    from crossings.grading.report import Report

app = typer.Typer(
    name="course",
    help="Crossings: run, test, build, check and mark the course.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

DataOption = Annotated[
    Path | None, typer.Option("--data", help="Keep submissions, marks and drills in this folder.")
]


def fail(message: str) -> NoReturn:
    """One message, exit code 2."""
    err.print(f"course: {message}", markup=False, soft_wrap=True)
    raise typer.Exit(2)


def main() -> None:
    """Entry point: unknown commands and options also end with code 2 (Typer's own rule)."""
    app()


@app.command()
def serve(
    demo: Annotated[bool, typer.Option("--demo", help="Load a demo class.")] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the learner site.")] = 8000,
    host: Annotated[
        str, typer.Option(help="Who may reach the learner site: 0.0.0.0 is the class network.")
    ] = "127.0.0.1",
    staff_port: Annotated[
        int, typer.Option(min=1, max=65535, help="Port of the staff site.")
    ] = 8800,
    staff_host: Annotated[
        str, typer.Option(help="Who may reach the staff site; leave it at this machine.")
    ] = "127.0.0.1",
    data: DataOption = None,
) -> None:
    """Run the course: learner site and staff site.

    Example: ./course serve --demo --host 0.0.0.0
    """
    from crossings.server import lock, ports
    from crossings.server.prepare import NotWritableError, prepare
    from crossings.server.serve import DoorFailedError, running, watch

    workspace = _workspace(data, demo)
    about = _served(workspace)
    if about is not None:
        fail(_already(workspace, about))
    try:
        prepare(workspace)
    except NotWritableError as error:
        fail(str(error))
    course = _checked()
    _build(force=False)
    os.environ["CROSSINGS_WORKSPACE"] = str(workspace.root)
    _release_worksheets(course, workspace)
    if demo:
        _load_demo(course, workspace)
    stop: list[int] = []
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda number, frame: stop.append(number))
    try:
        with running(workspace, host, port, staff_host, staff_port) as both:
            _announce(both, workspace)
            watch(both, lambda text: err.print(f"course: {text}"), lambda: bool(stop))
            out.print("\nStopping …")
        out.print("Everything is stopped. Answers, submissions and marks are kept.")
    except lock.AlreadyServedError as error:
        fail(_already(workspace, error.about))
    except (ports.NoPortError, DoorFailedError) as error:
        fail(str(error))
    except OSError as error:
        fail(f"cannot write to {workspace.root}: {error.strerror}")


def _workspace(data: Path | None, demo: bool = False) -> Workspace:
    if data is not None:
        return Workspace(data.expanduser().resolve())
    return Workspace((ROOT / "var" / "demo") if demo else ROOT)


def _served(workspace: Workspace) -> dict[str, Any] | None:
    """What runs in `workspace`, if something does: asked before the slow work, not after it."""
    from crossings.server import lock

    if not workspace.lock.exists():
        return None
    try:
        with lock.served_alone(workspace.lock):
            return None
    except lock.AlreadyServedError as error:
        return error.about
    except OSError:
        return None


def _already(workspace: Workspace, about: dict[str, Any]) -> str:
    where = f" at {about['learner']} (process {about['pid']})" if about else ""
    return (
        f"this course already runs{where}. Stop it there with Ctrl-C, "
        "or run a second one beside it with --data and another folder."
    )


def _announce(both: Any, workspace: Workspace) -> None:
    import segno

    from crossings.server import staff

    token = f"?token={both.token}"
    address = both.staff.address
    out.print()
    for note in both.notes:
        out.print(f"  Note: {note}.")
    out.print("  [bold]The course is running.[/bold]\n")
    out.print(f"  Learners   [bold]{both.learner.address}/[/bold]")
    if both.learner.host == "127.0.0.1":
        out.print("             only on this machine; for a class add: --host 0.0.0.0", style="dim")
    segno.make(both.learner.address + "/", error="l").terminal(compact=True, border=2)
    out.print(f"  Staff      [bold]{address}/{token}[/bold]", soft_wrap=True)
    for label, path in (
        ("Marking desk", staff.DESK),
        ("Drill console", staff.CONSOLE),
        ("Debrief", staff.DEBRIEF),
        ("Formgrader", staff.FORMGRADER),
        ("JupyterLab", staff.LAB),
    ):
        out.print(f"    {label:<14}{address}/{path}", soft_wrap=True)
    out.print(f"\n  Class data  {workspace.root}", style="dim", soft_wrap=True)
    out.print("  Stop        Ctrl-C", style="dim")


def _checked() -> Course:
    course, problems = _all_problems()
    if problems or course is None:
        _print_problems(problems)
        fail(f"{len(problems)} problem(s) in the content. Mend them, then run the command again.")
    return course


def _all_problems() -> tuple[Course | None, tuple[Problem, ...]]:
    from crossings.curriculum import read
    from crossings.curriculum.check import check as aligned

    course, problems = read(ROOT)
    if course is None or problems:
        return course, problems
    return course, aligned(course)


def _print_problems(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        err.print(str(problem), markup=False, soft_wrap=True)


def _build(force: bool) -> None:
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from crossings.book import build as book

    if not force and book.is_current(ROOT):
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as progress:
        task = progress.add_task("building the book", total=1.0)
        try:
            book.build(
                ROOT, lambda text, share: progress.update(task, description=text, completed=share)
            )
        except book.BuildError as error:
            progress.stop()
            fail(f"the book could not be built:\n{error}")
        except OSError as error:
            progress.stop()
            fail(f"cannot write to {ROOT / '_build'}: {error.strerror}")


def _release_worksheets(course: Course, workspace: Workspace) -> None:
    from crossings.grading import release
    from crossings.grading.nbgrader_run import NbgraderError

    try:
        with err.status("releasing the assignments"):
            release.prepare(course, workspace)
    except NbgraderError as error:
        fail(f"an assignment could not be released:\n{error}")


def _load_demo(course: Course, workspace: Workspace) -> None:
    from crossings.server.demo import load_demo

    with err.status("loading the demo class") as status:
        load_demo(course, workspace, status.update)


@app.command()
def build(
    force: Annotated[bool, typer.Option("--force", help="Build even if nothing changed.")] = False,
) -> None:
    """Build the book into _build/html.

    Example: ./course build
    """
    from crossings.book.build import site

    _checked()
    _build(force)
    out.print(f"The book is in {site(ROOT)}; open index.html.", markup=False, soft_wrap=True)


@app.command()
def check(
    form: Annotated[
        str, typer.Option("--format", help="text, json, or github (for annotations in CI).")
    ] = "text",
) -> None:
    """Check all content; name file, line and what to do.

    Example: ./course check
    """
    if form not in ("text", "json", "github"):
        fail(f"no format `{form}`: choose text, json or github")
    course, problems = _all_problems()
    if form == "json":
        out.print_json(json.dumps([vars(p) for p in problems]))
    elif form == "github":
        for p in problems:
            print(f"::error file={p.file},line={p.line or 1}::{p.message} {p.hint}")
    else:
        _print_problems(problems)
    if problems or course is None:
        if form == "text":
            err.print(f"\n{len(problems)} problem(s).")
        raise typer.Exit(2)
    if form == "text":
        out.print(_summary(course))


def _summary(course: Course) -> str:
    modules = course.modules.values()
    counts = (
        (len(course.modules), "module"),
        (sum(len(m.chapters) for m in modules), "chapters"),
        (sum(len(m.items) for m in modules), "items"),
        (sum(len(m.cases) for m in modules), "case"),
        (sum(len(m.drills) for m in modules), "drills"),
        (len(course.objectives), "objectives"),
        (len(course.law), "provisions"),
        (len(course.datasets), "datasets"),
    )
    text = ", ".join(f"{number} {name}" for number, name in counts)
    return f"No problems: {text}. Every objective is taught, practised and assessed."


@app.command()
def grade(
    assignment: Annotated[str, typer.Argument(help="For example officer-worksheet.")],
    student: Annotated[
        list[str] | None, typer.Option("--student", help="Only these students.")
    ] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Mark the demo class.")] = False,
    data: DataOption = None,
) -> None:
    """Collect and mark the submissions of an assignment; write feedback.

    Example: ./course grade officer-worksheet
    """
    from rich.progress import Progress

    from crossings.grading.mark import GradeError
    from crossings.grading.mark import grade as mark
    from crossings.grading.nbgrader_run import NbgraderError

    workspace = _workspace(data, demo)
    os.environ["CROSSINGS_WORKSPACE"] = str(workspace.root)
    course = _checked()
    with Progress(console=err, transient=True) as progress:
        task = progress.add_task(assignment, total=None)

        def marked(done: int, total: int, who: str, outcome: str) -> None:
            progress.update(task, completed=done, total=total, description=f"{who}: {outcome}")

        try:
            report = mark(assignment, student or None, workspace, course=course, progress=marked)
        except (GradeError, NbgraderError) as error:
            progress.stop()
            fail(str(error))
        except OSError as error:
            progress.stop()
            fail(f"cannot write to {workspace.root}: {error.strerror}")
    _print_report(report)


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


@app.command(
    context_settings={
        "allow_extra_args": True,
        "ignore_unknown_options": True,
        "help_option_names": [],
    }
)
def test(context: typer.Context) -> None:
    """Run every test; further words go to pytest.

    Example: ./course test tests/cases -k rewind
    """
    from crossings.environment import child_environment

    command = [sys.executable, "-m", "pytest", "-rsx"]
    if not any(a.startswith(("-n", "--numprocesses", "-h", "--help")) for a in context.args):
        command += ["-n", str(min(4, os.cpu_count() or 1)), "--dist", "loadgroup"]
    raise typer.Exit(subprocess.call([*command, *context.args], cwd=ROOT, env=child_environment()))


if __name__ == "__main__":
    main()
