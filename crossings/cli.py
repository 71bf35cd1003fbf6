"""The command line. No logic of its own: each command calls one room and prints what it says.

Every user's mistake is one message on stderr and exit code 2.
"""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossings.author import commands as author
from crossings.terminal import (
    awards,
    case,
    checking,
    convention,
    debriefs,
    exchange,
    law,
    marking,
    marks,
    triage,
)
from crossings.terminal.course import DataOption, checked, readable, workspace_of
from crossings.terminal.says import err, fail, out
from crossings.workspace import ROOT, Workspace

if TYPE_CHECKING:
    from crossings.curriculum import Course

app = typer.Typer(
    name="course",
    help="Crossings: run, test, build, check and mark the course.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def main() -> None:
    """Entry point: unknown commands and options also end with code 2 (Typer's own rule)."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character shows `?`; it is no reason to stop.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    app(prog_name="course")


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
    drill_log: Annotated[
        str,
        typer.Option(
            "--drill-log",
            envvar="CROSSINGS_DRILL_LOG",
            help="Keep drills in PostgreSQL: postgresql://user@host/database.",
        ),
    ] = "",
    data: DataOption = None,
) -> None:
    """Run the course: learner site and staff site.

    Example: ./course serve --demo --host 0.0.0.0
    """
    from crossings.environment import child_environment
    from crossings.server import lock, ports
    from crossings.server.announce import announce
    from crossings.server.door import DoorFailedError
    from crossings.server.prepare import NotReadyError, prepare
    from crossings.server.serve import running, watch

    workspace = workspace_of(data, demo)
    _use_drill_log(drill_log, demo)
    runs = False
    try:
        with _stoppable(), lock.served_alone(workspace.lock):
            prepare(workspace)
            os.environ.update(child_environment(workspace))
            ready = partial(_ready, workspace, demo)
            with running(workspace, host, port, staff_host, staff_port, ready) as both:
                runs = True
                announce(out, both, workspace)
                watch(both, lambda text: err.print(f"course: {text}"))
    except KeyboardInterrupt:
        with suppress(OSError):  # the terminal may be gone
            out.print("\nEverything is stopped. Answers, submissions and marks are kept.")
        raise typer.Exit(0 if runs else 130) from None
    except lock.AlreadyServedError as error:
        fail(_already(error.about))
    except (NotReadyError, ports.NoPortError, DoorFailedError) as error:
        fail(str(error))
    except OSError as error:
        fail(f"cannot write to {error.filename or workspace.root}: {error.strerror}")


def _use_drill_log(place: str, demo: bool) -> None:
    """See that the database of drills answers before anybody is let in; both sites inherit it."""
    from crossings.drills.log import DrillLog, DrillLogError

    # The demo class is made up: its drills never go among those of a real one.
    os.environ.pop("CROSSINGS_DRILL_LOG", None)
    if not place or demo:
        return
    if "://" not in place:
        fail(f"`{place}` is no address of a database: write postgresql://user@host/database")
    try:
        DrillLog(place).close()
    except DrillLogError as error:
        fail(str(error))
    os.environ["CROSSINGS_DRILL_LOG"] = place


def _ready(workspace: Workspace, demo: bool) -> None:
    """Everything that the learner site needs; the staff site starts meanwhile."""
    from crossings.book.build import is_current
    from crossings.curriculum import read

    course, problems = read(ROOT)
    # Where the book of this very content was built, the content was checked then.
    if course is None or problems or not is_current(ROOT):
        course = checked()
        _build(force=False)
    _release_worksheets(course, workspace)
    if demo:
        _load_demo(course, workspace)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Ctrl-C, an end from outside and a closed terminal stop the course in the same orderly way.

    Only the first counts: a second one must not interrupt the tidying up.
    """

    def stop(number: int, frame: Any) -> None:
        for other in caught:
            signal.signal(other, signal.SIG_IGN)
        raise KeyboardInterrupt

    names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    # What was told to be ignored stays so, as with `nohup`; but a shell's `&` is no such wish.
    hup = getattr(signal, "SIGHUP", None)
    caught = [n for n in numbers if n != hup or signal.getsignal(n) != signal.SIG_IGN]
    for number in caught:
        signal.signal(number, stop)
    yield


def _already(about: dict[str, Any]) -> str:
    where = f" at {about['learner']} (process {about['pid']})" if about else ""
    return (
        f"this course already runs{where}. Stop it there with Ctrl-C, "
        "or run a second one beside it with --data and another folder."
    )


def _build(force: bool) -> None:
    from crossings.book import build as book
    from crossings.server import lock

    if not force and book.is_current(ROOT):
        return
    say = partial(err.print, "course: waiting for another command that builds the book")
    try:
        with lock.in_turn(ROOT / "_build" / ".lock", say):
            if force or not book.is_current(ROOT):
                _build_now()
    except book.BuildError as error:
        fail(f"the book could not be built:\n{error}")
    except OSError as error:
        fail(f"cannot write to {error.filename or ROOT / '_build'}: {error.strerror}")


def _build_now() -> None:
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from crossings.book import build as book

    if not err.is_terminal:
        err.print("course: building the book (about a minute)")
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as progress:
        task = progress.add_task("building the book", total=1.0)

        def step(text: str, share: float) -> None:
            progress.update(task, description=text, completed=share)

        book.build(ROOT, step)


def _release_worksheets(course: Course, workspace: Workspace) -> None:
    from crossings.grading import release
    from crossings.grading.nbgrader_run import NbgraderError

    try:
        with err.status("releasing the assignments"):
            release.prepare(course, workspace)
    except NbgraderError as error:
        fail(f"an assignment could not be released:\n{error}")
    for name in release.pending(course, workspace):
        err.print(
            f"course: {name} changed after submissions were marked. Trainees still get the old "
            f"one; ./course grade {name} shows what would change, and asks.",
            markup=False,
            soft_wrap=True,
        )


def _load_demo(course: Course, workspace: Workspace) -> None:
    from crossings.grading.mark import GradeError
    from crossings.grading.nbgrader_run import NbgraderError
    from crossings.server.demo import load_demo

    try:
        with err.status("loading the demo class") as status:
            load_demo(course, workspace, status.update)
    except (GradeError, NbgraderError) as error:
        fail(f"the demo class could not be loaded:\n{error}")


@app.command()
def build(
    force: Annotated[bool, typer.Option("--force", help="Build even if nothing changed.")] = False,
) -> None:
    """Build the book into _build/html, and the worksheets' notebooks into exercises/source.

    Example: ./course build
    """
    from crossings.book.build import site
    from crossings.grading import release

    try:
        release.write_sources(checked(), Workspace(ROOT))
    except OSError as error:
        fail(f"cannot write to {error.filename or ROOT / 'exercises'}: {error.strerror}")
    _build(force)
    out.print(f"The book is in {site(ROOT)}; open index.html.", markup=False, soft_wrap=True)


app.command()(checking.check)


@app.command()
def analyse(
    what: Annotated[str, typer.Argument(help="An assignment, or drill:<run>.")],
    before: Annotated[
        str, typer.Option("--before", help="An earlier test of the same people.")
    ] = "",
    html: Annotated[Path | None, typer.Option("--html", help="Write a page to this file.")] = None,
    notebook: Annotated[
        Path | None, typer.Option("--notebook", help="Write a notebook and its data here.")
    ] = None,
    names: Annotated[bool, typer.Option("--names", help="Show names in the page.")] = False,
    data: DataOption = None,
) -> None:
    """Show how questions worked and who needs help; as a page, or a notebook with the data.

    Example: ./course analyse officer-worksheet --html class.html
    """
    from crossings.apps.analysis import choose, sections
    from crossings.apps.analysis import notebook as as_notebook
    from crossings.apps.analysis import page as as_page
    from crossings.drills.log import DrillLogError
    from crossings.grading import analysis
    from crossings.grading.mark import GradeError

    try:
        found = choose.view(readable(), workspace_of(data), what, before, names)
    except (choose.NoCohortError, GradeError, DrillLogError) as error:
        fail(str(error))
    out.print(sections.headline(found), markup=False)
    for need in analysis.needs(found.cohort, found.before):
        out.print(f"  {found.who(need.student)}: {'; '.join(need.reasons)}", markup=False)
    try:
        if html is not None:
            html.write_text(as_page.html(found), encoding="utf-8")
            out.print(f"Page: {html}", markup=False, soft_wrap=True)
        if notebook is not None:
            made = as_notebook.write(found.cohort, notebook)
            out.print(f"Notebook: {made}", markup=False, soft_wrap=True)
    except OSError as error:
        fail(f"cannot write {error.filename}: {error.strerror}")


@app.command()
def guide(
    module: Annotated[str, typer.Argument(metavar="MODULE", help="The module's folder name.")],
    html: Annotated[Path, typer.Option("--html", help="Write the file here; it holds keys.")],
) -> None:
    """Write the staff's guide of a module: session plan, keys, rubrics, model answers, run sheets.

    Example: ./course guide trafficking-identification --html ~/guide.html
    """
    from crossings.apps import guide as staff
    from crossings.curriculum.problem import nearest

    course = readable()
    if module not in course.modules:
        fail(f"no module `{module}`: {nearest(module, course.modules)}")
    try:
        path = staff.write(staff.page(course, course.modules[module]), html)
    except staff.PublicPlaceError as error:
        fail(str(error))
    except OSError as error:
        fail(f"cannot write to {html}: {error.strerror}")
    out.print(f"For staff only: {path}", markup=False, soft_wrap=True)


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
        workers = str(min(4, os.cpu_count() or 1))
        # In the order that tests/conftest.py gives them.
        command += ["-n", workers, "--dist", "loadgroup", "--no-loadscope-reorder"]
    raise typer.Exit(subprocess.call([*command, *context.args], cwd=ROOT, env=child_environment()))


app.command()(marking.grade)
app.add_typer(marking.ledger, name="ledger")
app.add_typer(marking.regrade, name="regrade")
app.command()(marking.cluster)
app.add_typer(case.app, name="case")
app.add_typer(debriefs.app, name="drill")
exchange.items.command("report")(convention.items_report)
app.add_typer(exchange.items, name="items")
app.add_typer(author.new, name="new")
app.command()(awards.award)
app.command()(awards.revoke)
app.command()(awards.verify)
app.command()(marks.export)
app.command()(marks.backup)
app.command()(marks.restore)
app.command()(author.preview)
app.command()(law.law)
app.command()(triage.triage)
app.command()(author.schema)


if __name__ == "__main__":
    main()
