"""`course triage`: the people of a triage drill on paper, with the answers for the trainer."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossings.terminal.says import fail, out

if TYPE_CHECKING:
    from crossings.curriculum import Course
    from crossings.curriculum.model import Drill

SETS = 40
"""So many sets does each simulated officer refer."""


def triage(
    name: Annotated[
        str,
        typer.Argument(metavar="DRILL", help="The id of a triage drill, or module/id."),
    ],
    seed: Annotated[
        str | None, typer.Option(help="Draw these people; else those of the drill, or new ones.")
    ] = None,
    people: Annotated[int | None, typer.Option(min=4, max=40, help="Draw so many instead.")] = None,
    difficulty: Annotated[
        str | None, typer.Option(help="easy, medium or hard, instead of the drill's own.")
    ] = None,
    answers: Annotated[
        bool, typer.Option("--answers", help="With what is right and why: for the trainer.")
    ] = False,
    form: Annotated[str, typer.Option("--format", help="text, or html to print.")] = "text",
    file: Annotated[Path | None, typer.Option("--out", help="Write into this file.")] = None,
    officers: Annotated[
        bool,
        typer.Option("--officers", help="Let four simulated officers refer; show how they do."),
    ] = False,
) -> None:
    """Print the people of a triage drill, to read before class or to play on paper.

    Example: ./course triage one-shift-at-three-desks --seed monday --answers
    """
    from crossings.drills.paper import page, sheet
    from crossings.drills.script import script
    from crossings.terminal.course import readable

    if form not in ("text", "html"):
        fail(f"no format `{form}`: choose text or html")
    course = readable()
    ref, drill = _found(course, name)
    drill = _changed(drill, people, difficulty, seed)
    if officers:
        _officers(course, drill)
        return
    plan = script(_with(course, ref, drill), ref, seed)
    text = page(plan, answers) if form == "html" else sheet(plan, answers)
    if file is None or str(file) == "-":
        sys.stdout.write(text)
        return
    target = file.expanduser()
    try:
        target.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        fail(f"cannot write to {target}: {error.strerror}")
    again = f" To draw the same people again: --seed {plan.drawn.seed}" if plan.drawn else ""
    out.print(f"{len(plan.steps)} people are in {target}.{again}", markup=False, soft_wrap=True)


def _found(course: Course, name: str) -> tuple[str, Drill]:
    """The drill by its reference or its id alone."""
    from crossings.curriculum.problem import nearest

    known = {
        f"{module.id}/{drill.id}": drill
        for module in course.modules.values()
        for drill in module.drills.values()
        if drill.kind == "triage"
    }
    found = [ref for ref in known if name in (ref, ref.split("/")[1])]
    if len(found) > 1:
        fail(f"{len(found)} drills are called `{name}`: say {' or '.join(found)}")
    if not found:
        ids = [ref if "/" in name else ref.split("/")[1] for ref in known]
        fail(f"no triage drill `{name}`: {nearest(name, ids)}")
    return found[0], known[found[0]]


def _changed(drill: Drill, people: int | None, difficulty: str | None, seed: str | None) -> Drill:
    """The drill with other settings for this print."""
    from pydantic import ValidationError

    from crossings.triage import Generate

    asked = {"people": people, "difficulty": difficulty, "seed": seed}
    given = {name: value for name, value in asked.items() if value is not None}
    if not given:
        return drill
    if drill.generate is None:
        fail(f"the people of `{drill.id}` are written, not drawn: leave out --{next(iter(given))}")
    try:
        settings = Generate.model_validate(drill.generate.model_dump() | given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name, value = first["loc"][0], given[str(first["loc"][0])]
        known = {"difficulty": "easy, medium or hard", "seed": "1 to 60 letters"}
        fail(f"--{name} `{value}`: choose {known[str(name)]}")
    return drill.model_copy(update={"generate": settings})


def _with(course: Course, ref: str, drill: Drill) -> Course:
    """The course with this drill in the place of its own."""
    owner = course.modules[ref.split("/")[0]]
    changed = owner.model_copy(update={"drills": {**owner.drills, drill.id: drill}})
    return course.model_copy(update={"modules": {**course.modules, owner.id: changed}})


def _officers(course: Course, drill: Drill) -> None:
    from rich.table import Table

    from crossings.triage import generate
    from crossings.triage.officers import OFFICERS, judge

    if drill.generate is None or course.arrivals is None:
        fail(f"the people of `{drill.id}` are written: officers are simulated for drawn people")
    drawn = [
        one
        for number in range(SETS)
        for one in generate(course.arrivals, drill.generate, f"officers-{number}")
    ]
    table = Table("Officer", "Points", "Needs missed", "Sent on without need", box=None)
    for officer in OFFICERS:
        result = judge(drawn, course.arrivals, officer, "officers")
        shares = (result.points, result.missed, result.over)
        table.add_row(officer, *(f"{100 * share:.0f} %" for share in shares))
    out.print(table)
    told = f"{drill.generate.difficulty}, {SETS} sets of {drill.generate.people}."
    out.print(f"{told} The officers are caricatures; they show what a set rewards.", markup=False)
