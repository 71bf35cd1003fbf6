"""A small finished drill of every kind, with names and words that nobody should trust."""

from __future__ import annotations

from crossings.drills import DrillLog, Script
from crossings.drills.log import Draft
from crossings.drills.rehearsal import rehearse
from tests.drills import case_room, classroom, table_room, team_room

HOSTILE = "<img src=x onerror=alert(1)>"
NAMES = (
    HOSTILE, "=cmd|' /C calc'!A0", "+1", "@SUM(1)", "-2", "$x^2$ {{7*7}}",
    "Zwetelina Quillfeather", "<script>alert(2)</script>",
)  # fmt: skip
HIDDEN = NAMES[6]
"""The name that the trainer hides in `played`."""
START = 1_790_000_000.0

PLANS = {
    "quiz": classroom.quiz,
    "quiz in teams": lambda: team_room.quiz(names=["=Red()", HOSTILE]),
    "triage": classroom.triage,
    "triage in teams": lambda: team_room.with_teams(classroom.triage(), {"of": 4}),
    "case, the room": lambda: case_room.small_plan("room"),
    "case, each": lambda: case_room.small_plan("each"),
    "case, teams": lambda: team_room.case(names=["=Red()", HOSTILE]),
    "tabletop": table_room.small_plan,
}


def played(
    log: DrillLog, plan: Script, seed: str = "one", start: float = START, steps: int | None = None
) -> str:
    """`plan` played by eight people, one of whom has a hidden name; returns the run."""
    run = rehearse(log, plan, NAMES, start, seed, steps)
    log.append([Draft(run, "masked", "masked:1", {"on": True}, "s006", start + 50)])
    return run
