"""Drills with teams for tests: the scripts, and events with given times."""

from __future__ import annotations

from typing import Any

from crossings.drills import Script
from crossings.drills.casework import playing
from tests.drills import case_room, classroom
from tests.drills.test_state import Play

ROLES = [
    {"id": "police", "title": "Border police", "brief": "SECRET brief of the police"},
    {"id": "health", "title": "Health post", "brief": "SECRET brief of the health post"},
    {"id": "ngo", "title": "A charity", "brief": "SECRET brief of the charity"},
]


def quiz(**teams: Any) -> Script:
    """The quiz of the classroom in teams."""
    return with_teams(classroom.quiz(), teams)


def case(with_roles: bool = False, **teams: Any) -> Script:
    """The small case, decided by teams."""
    return with_teams(case_room.small_plan("team"), teams, with_roles)


def with_teams(plan: Script, teams: dict[str, Any], roles: bool = False) -> Script:
    more: dict[str, Any] = {"teams": teams}
    if roles or "roles" in teams:
        more["roles"] = ROLES
    return Script.model_validate(plan.model_dump(mode="json", exclude_defaults=True) | more)


def seats(number: int) -> tuple[str, ...]:
    return tuple(f"s{n}" for n in range(1, number + 1))


def started(plan: Script, number: int) -> Play:
    return Play(plan, seats(number)).add(10, "started")


def vote(play: Play, at: float, seat: str, action: dict[str, Any], n: int = 1, **more: Any) -> None:
    state = play.state
    step = more.pop("step", None)
    if step is None:
        step = playing(state, state.seats[seat].team or "").state.seq
    play.add(at, "answered", {"step": step, "n": n, "response": action}, seat, **more)


def decide(
    play: Play, at: float, seat: str, action: dict[str, Any], step: int | None = None
) -> None:
    state = play.state
    if step is None:
        step = playing(state, state.seats[seat].team or "").state.seq
    play.add(at, "acted", {"step": step, "response": action}, seat)


def node(play: Play, team: str) -> str:
    return playing(play.state, team).state.node


def seating(play: Play) -> dict[str, list[str]]:
    """Who sits in which team."""
    state = play.state
    return {t: [s.id for s in state.present if s.team == t] for t in state.teams}
