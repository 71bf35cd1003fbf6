"""`course drill`: what drills the log holds, and taking people's data out of it. No logic."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossings.terminal.course import DataOption, DemoOption, workspace_of
from crossings.terminal.says import fail, out

if TYPE_CHECKING:
    from crossings.drills.forgetting import Done
    from crossings.drills.log import DrillLog

app = typer.Typer(
    help="See, report and compare live drills; delete them, or the people in them.",
    no_args_is_help=True,
)
Run = Annotated[str, typer.Argument(help="The drill's run, as `./course drill list` shows it.")]


@app.command("list")
def list_(data: DataOption = None, demo: DemoOption = False) -> None:
    """Show every drill in the log, the newest first.

    Example: ./course drill list
    """
    from crossings.drills.forgetting import opened

    with opened_log(data, demo) as log:
        found = opened(log)
        for opening, state in found:
            day = datetime.fromtimestamp(opening.at).strftime("%Y-%m-%d %H:%M")
            people = f"{len(state.seats)} people, {state.seq} events"
            out.print(f"{opening.drill}  {day}  {state.status:8} {people}  {state.title}",
                      markup=False, soft_wrap=True)  # fmt: skip
        if not found:
            out.print("No drill was held yet.")


@app.command()
def delete(
    run: Run,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data: DataOption = None,
    demo: DemoOption = False,
) -> None:
    """Delete a drill: everything that anybody did in it, for good.

    Example: ./course drill delete 20260312-0915-bkqd
    """
    from crossings.drills import forgetting

    with opened_log(data, demo) as log:
        if not yes and log.head(run):
            typer.confirm(f"Delete {run} and everything in it? It cannot be undone.", abort=True)
        _told(forgetting.delete(log, run), "Deleted")


@app.command()
def forget(
    run: Run,
    who: Annotated[str, typer.Argument(help="A name as the console shows it, or a seat code.")],
    data: DataOption = None,
    demo: DemoOption = False,
) -> None:
    """Take one person's name and texts out of a drill; what they chose still counts in figures.

    Example: ./course drill forget 20260312-0915-bkqd "Amina K."
    """
    from crossings.drills import forgetting

    with opened_log(data, demo) as log:
        _told(forgetting.forget(log, run, who), "Taken out")


@app.command()
def keep(
    days: Annotated[int, typer.Argument(min=0, help="How many days names and texts are kept.")],
    data: DataOption = None,
    demo: DemoOption = False,
) -> None:
    """Take everybody out of the drills older than so many days; their figures stay.

    Example: ./course drill keep 90
    """
    from crossings.drills import forgetting

    with opened_log(data, demo) as log:
        _told(forgetting.keep(log, days), "Taken out")


@app.command()
def clean(data: DataOption = None, demo: DemoOption = False) -> None:
    """Take what was deleted off the disk, where that was not possible at once.

    Example: ./course drill clean
    """
    from crossings.drills import forgetting

    with opened_log(data, demo) as log:
        if not forgetting.clean(log):
            fail(_HELD)
    out.print("Nothing deleted is left in the database.")


_HELD = (
    "what was deleted still lies in unused parts of the database, because another program reads it "
    "now. Stop the course and run: ./course drill clean"
)


def _told(done: Done, word: str) -> None:
    what = f"{done.people} people in {done.drills} drill(s), {done.events} events"
    out.print(f"{word}: {what}. Backups that hold them are yours to delete.", soft_wrap=True)
    if not done.cleaned:
        fail(_HELD)


@contextmanager
def opened_log(data: Path | None, demo: bool) -> Iterator[DrillLog]:
    """The log of the workspace; trouble is one message."""
    from crossings.drills.database import is_url
    from crossings.drills.forgetting import NoSuchError
    from crossings.drills.log import DrillLog, DrillLogError

    workspace = workspace_of(data, demo)
    place = workspace.drill_log if demo else workspace.drills
    if not is_url(place) and not Path(place).is_file():
        fail(f"No drill was held yet: there is no {place}.")
    try:
        log = DrillLog(place)
        try:
            yield log
        finally:
            log.close()
    except (DrillLogError, NoSuchError) as error:
        fail(str(error))
