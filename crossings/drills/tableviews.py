"""What pages may know of a tabletop drill: a participant what its team's roles know, the big screen
what is public. Grades, reasons and milestones wait for the end.
"""

from __future__ import annotations

import json
import zlib
from typing import Any

from crossings.drills import teamwork
from crossings.drills.state import DrillState, Seat
from crossings.drills.tablework import final_play, play_at
from crossings.tabletop import Play, public_view, role_view
from crossings.tabletop.results import WORDS, Decided, Reached, decided, marks, reached
from crossings.tabletop.view import clock, named

Json = dict[str, Any]


def participant(state: DrillState, seat: Seat, now: float) -> Json:
    """The exercise for one seat, with a `mark` that changes when more than the clock does."""
    roles = teamwork.roles_of(state, seat.id)
    play = play_at(state, now)
    name = f"roles/{'/'.join(roles)}"
    shown: Json | None = state.memo.get(name)
    if shown is None:
        # Drawn once for a team; `play_at` forgets it when something may have happened.
        shown = role_view(play, roles)
        shown["mark"] = _mark({k: v for k, v in shown.items() if k not in clock(play)})
        state.memo[name] = shown
    return shown | clock(play)


def _mark(shown: Json) -> int:
    return zlib.crc32(json.dumps(shown, sort_keys=True).encode())


def projector(state: DrillState, now: float) -> Json:
    """The big screen: clock, public news, numbers."""
    return public_view(play_at(state, now))


def final(state: DrillState, seat: Seat) -> Json:
    """What a team did, what was reached, and what the trainer says of it."""
    play, roles = final_play(state), teamwork.roles_of(state, seat.id)
    return {
        "milestones": [milestone(state, play, r) for r in reached(play)],
        "own": [decision(state, play, d) for d in decided(play) if d.role in roles],
        "scores": [line for role in roles for line in scores(play, role)],
    }


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
