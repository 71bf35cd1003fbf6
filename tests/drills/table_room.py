"""A small tabletop drill, built in code: the exercise of `tests.tabletop` in a course."""

from __future__ import annotations

from crossings.curriculum.model import Course, Drill
from crossings.drills.script import Script, script
from tests.drills import classroom
from tests.tabletop.made import TABLE

REF = "harbour/a-boat"


def drill() -> Drill:
    return Drill.model_validate(
        {
            "id": "a-boat",
            "kind": "tabletop",
            "title": "A boat at night",
            "intro": "You play one service.",
            "minutes": 30,
            "content_note": "A boat in trouble.",
            "objectives": ["TI-1"],
            "tabletop": TABLE.model_dump(mode="json"),
            "debrief": ["Who knew it first?"],
        }
    )


def small_course() -> Course:
    """The small course with the exercise in it."""
    course = classroom.course()
    module = course.modules["harbour"]
    drills = {**module.drills, "a-boat": drill()}
    moved = module.model_copy(update={"drills": drills})
    return course.model_copy(update={"modules": {**course.modules, "harbour": moved}})


def small_plan() -> Script:
    return script(small_course(), REF)
