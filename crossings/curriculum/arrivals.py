"""Who arrives in generated drills: the model as a whole, and the drills that draw from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from crossings.curriculum.model import Course, Drill
from crossings.curriculum.problem import Problem
from crossings.triage.check import defects, unfit
from crossings.triage.model import FOLDER

if TYPE_CHECKING:
    from crossings.curriculum.load import Reading


def problems(course: Course, reading: Reading) -> Iterator[Problem]:
    """What is wrong with the model and with settings of drills; warnings are advice."""
    if course.arrivals is not None:
        for defect in defects(course.arrivals):
            place = reading.place(f"arrivals/{defect.part}", *defect.where)
            found = Problem.at(place, defect.message, defect.hint, "arrivals")
            yield found if defect.fails else replace(found, severity="warning")
    for module in course.modules.values():
        for drill in module.drills.values():
            yield from _drill(course, drill, f"{module.id}/drills/{drill.id}", reading)


def _drill(course: Course, drill: Drill, key: str, reading: Reading) -> Iterator[Problem]:
    if drill.generate is None:
        return
    if course.arrivals is None:
        if not any(p.file.startswith(f"{FOLDER}/") for p in reading.problems):
            what = f"`generate` draws people from {FOLDER}, and there is nothing to draw from"
            hint = "take over that folder of the course, or write `arrivals`"
            yield Problem.at(reading.place(key, "generate"), what, hint, "arrivals")
        return
    for unfitting in unfit(drill.generate, tuple(c.id for c in drill.channels)):
        where = ("generate", *unfitting.where) if unfitting.where else ("channels",)
        found = Problem.at(
            reading.place(key, *where), unfitting.message, unfitting.hint, "generate"
        )
        yield found if unfitting.fails else replace(found, severity="warning")
