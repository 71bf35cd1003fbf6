"""What pages may know of a tabletop drill: a participant what its team's roles know, the big screen
what is public. Grades, reasons and milestones wait for the end.
"""

from __future__ import annotations

import json
import zlib
from typing import Any

from crossings.drills import teamwork
from crossings.drills.news import desk_news
from crossings.drills.state import DrillState, Seat
from crossings.drills.tablework import final_play, play_at
from crossings.tabletop import Play, public_view, role_view
from crossings.tabletop.results import WORDS, Decided, Reached, decided, marks, reached
from crossings.tabletop.view import clock, named

Json = dict[str, Any]


def participant(state: DrillState, seat: Seat, now: float) -> Json:
    """The exercise for one seat, with a `mark` that changes when more than the clock does."""
    play = play_at(state, now)
    return _desk(state, play, teamwork.roles_of(state, seat.id)) | clock(play)


def mark(state: DrillState, roles: tuple[str, ...], now: float) -> tuple[int, int]:
    """Changes with whatever the desk of `roles` shows, but not with its clock alone."""
    play = play_at(state, now)
    return _desk(state, play, roles)["mark"], len(play.turns)


def marks_of(state: DrillState, now: float) -> dict[str | None, tuple[int, int]]:
    """The mark of each team's desk, and of the desk of who is in no team; without an exercise that
    is on there are no desks."""
    if state.plan().tabletop is None or state.status not in ("running", "paused"):
        return {}
    desks: dict[str | None, tuple[str, ...]] = {t.id: t.roles for t in state.teams.values()}
    return {team: mark(state, roles, now) for team, roles in (desks | {None: ()}).items()}


def _desk(state: DrillState, play: Play, roles: tuple[str, ...]) -> Json:
    """The desk without its clock; drawn once for all who play `roles`. `play_at` forgets it when
    something may have happened."""
    if ("desk", roles) not in state.memo:
        times = clock(play)
        shown = {k: v for k, v in role_view(play, roles).items() if k not in times}
        shown["mark"] = zlib.crc32(json.dumps(shown, sort_keys=True).encode())
        state.memo["desk", roles] = shown
    found: Json = state.memo["desk", roles]
    return found


def since(state: DrillState, before: Json, after: Json) -> Json:
    """As `desk_news`; found once for all who had the same before, mostly a whole team."""
    name = ("since", *((d["mark"], d["turns"], d["running"]) for d in (before, after)))
    if name not in state.memo:
        state.memo[name] = desk_news(before, after)
    found: Json = state.memo[name]
    return found


def projector(state: DrillState, now: float) -> Json:
    """The big screen: clock, public news, numbers; until there is news, how the story begins."""
    view = public_view(play_at(state, now))
    if view["news"]:
        return view
    return view | {"opening": state.plan().intro.strip().split("\n\n")[0]}


def final(state: DrillState, seat: Seat) -> Json:
    """What a team did, what was reached, and what the trainer says of it."""
    play, roles = final_play(state), teamwork.roles_of(state, seat.id)
    if ("final", roles) not in state.memo:
        state.memo["final", roles] = {
            "milestones": [milestone(state, play, r) for r in reached(play)],
            "own": [decision(state, play, d) for d in decided(play) if d.role in roles],
            "scores": [line for role in roles for line in scores(play, role)],
        }
    found: Json = state.memo["final", roles]
    return found


def milestone(state: DrillState, play: Play, one: Reached) -> Json:
    """A milestone as the end tells it."""
    story, by = play.table.story_time, one.milestone.by
    return {
        "text": one.milestone.text,
        "standing": one.standing,
        "word": WORDS[one.standing],
        "grade": {"met": "good", "late": "ok"}.get(one.standing, "poor"),
        "at": None if one.ms is None else story(one.ms),
        "by": None if by is None else story(by * 60_000),
        "roles": [named(play.table, r) for r in one.milestone.roles],
        "reason": one.milestone.reason,
        "law": state.plan().rules(one.milestone.cites),
        "sources": _sources(state, one.milestone.sources),
    }


def decision(state: DrillState, play: Play, one: Decided) -> Json:
    """An action that was taken, as the end tells it."""
    return {
        "role": named(play.table, one.role),
        "time": play.table.story_time(one.ms),
        "minute": one.ms // 60_000,
        "text": one.action.text,
        "grade": one.action.grade,
        "consequence": one.action.consequence,
        "reason": one.action.reason,
        "law": state.plan().rules(one.action.cites),
        "sources": _sources(state, one.action.sources),
    }


def scores(play: Play, role: str) -> list[Json]:
    """What the trainer gave a role, criterion by criterion."""
    scales = {s.id: s for s in play.table.rubric}
    _, _, given = marks(play, role)
    return [
        {
            "role": named(play.table, role),
            "criterion": scales[s.criterion].text,
            "level": scales[s.criterion].levels[s.level].text,
            "points": scales[s.criterion].levels[s.level].points,
            "of": scales[s.criterion].points,
            "note": s.note,
        }
        for s in given
    ]


def room_end(state: DrillState) -> Json:
    """The big screen at the end: what was reached."""
    play = final_play(state)
    rows = [milestone(state, play, r) for r in reached(play)]
    shown = [{k: row[k] for k in ("text", "standing", "word", "grade", "at")} for row in rows]
    return {"milestones": shown, "met": sum(r["standing"] == "met" for r in shown)}


def _sources(state: DrillState, names: tuple[str, ...]) -> list[str]:
    known = state.plan().sources
    return [known[name] for name in names if name in known]
