"""A tabletop drill played by people who do not exist: each role acts, writes and files forms."""

from __future__ import annotations

from random import Random
from typing import Any

from crossings.drills import teamwork
from crossings.drills.log import Draft, DrillLog
from crossings.drills.state import DrillState, fold
from crossings.drills.tablework import play_at, table_of
from crossings.items.shuffle import stream
from crossings.tabletop import Play
from crossings.tabletop.model import Form

_WORTH = {"good": 3.0, "acceptable": 1.4, "poor": 1.0, "harmful": 0.7}
LINES = (
    "We have heard this: {title}. Who takes it?",
    "{title}: we are on it. Tell us if you know more.",
    "Do you know about “{title}”?",
)


def rehearse_table(
    log: DrillLog, run: str, at: float, seed: str, minutes: int | None = None
) -> None:
    """Play the started run `run` from server time `at`, to its end or into minute `minutes`."""
    state = fold(log.since(run))
    whole = state.plan().minutes
    for minute in range(whole if minutes is None else minutes):
        when = at + 60 * minute + 20
        drafts = [
            d
            for place, role in enumerate(table_of(state).roles)
            for d in _acts(state, role, seed, minute, when + place)
        ]
        _append(log, state, drafts)
    if minutes is None:
        _append(log, state, _judged(state, seed, at + 60 * whole - 5))
        _append(log, state, [Draft(run, "ended", "ended", {}, at=at + 60 * whole)])


def _append(log: DrillLog, state: DrillState, drafts: list[Draft]) -> None:
    log.append(drafts)
    for event in log.since(state.run, state.seq):
        state.apply(event)


def _acts(state: DrillState, role: str, seed: str, minute: int, at: float) -> list[Draft]:
    """What one role does in one minute: at most one thing."""
    play, draw = play_at(state, at), Random(f"{seed}/{role}/{minute}")
    seats = [s.id for t in teamwork.with_role(state, role) for s in teamwork.members(state, t.id)]
    if not seats:
        return []
    done = _chosen(play, role, 0.5 + 0.5 * stream(f"{seed}/{role}")(), draw)
    if done is None:
        return []
    kind, payload = done
    seat = draw.choice(seats)
    key = f"act:{seat}:rehearsal-{role}-{minute}"
    return [Draft(state.run, kind, key, {"role": role, **payload}, seat, at)]


def _chosen(play: Play, role: str, skill: float, draw: Random) -> tuple[str, dict[str, Any]] | None:
    table, chance = play.table, draw.random()
    actions = play.open_actions[role]
    if actions and chance < 0.22:
        worth = [_WORTH[table.actions[a].grade] ** (3 * skill) for a in actions]
        return "did", {"action": draw.choices(actions, worth)[0]}
    news = [e for e in play.entries if e.kind == "inject" and role in e.to]
    asked = [f for e in news[-2:] for f in e.data.get("asks", ()) if f in play.open_forms[role]]
    filed = {e.what for e in play.entries if e.kind == "form" and e.by == role}
    left = [f for f in asked if f not in filed]
    if left and chance < 0.22 + 0.35 * skill:
        return "filed", {"form": left[0], "fields": _filled(table.forms[left[0]], play)}
    if news and chance < 0.42:
        others = [r for r in table.roles if r != role]
        line = draw.choice(LINES).format(title=news[-1].title)
        return "sent", {"to": [draw.choice(others)], "text": line}
    return None


def _filled(form: Form, play: Play) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in form.fields:
        values[field.id] = {
            "number": 61, "line": "As far as we know",
            "time": play.table.story_time(play.ms + 1_800_000),
            "text": "One man is very cold, and a woman is late in her pregnancy.",
            "choice": field.options[0].id if field.options else "",
            "choices": [o.id for o in field.options[:1]],
        }[field.kind]  # fmt: skip
    return values


def _judged(state: DrillState, seed: str, at: float) -> list[Draft]:
    """What a trainer gives at the end, and the milestones that only a trainer sees."""
    table, drafts = table_of(state), []
    for role in table.roles:
        for scale in table.rubric:
            draw = Random(f"{seed}/{role}/{scale.id}")
            payload = {"role": role, "criterion": scale.id, "note": "",
                       "level": draw.randrange(len(scale.levels) - 1)}  # fmt: skip
            key = f"scored:rehearsal-{role}-{scale.id}"
            drafts.append(Draft(state.run, "scored", key, payload, at=at))
    for name, milestone in table.milestones.items():
        if milestone.trainer:
            on = {"milestone": name, "on": True}
            drafts.append(Draft(state.run, "switched", f"switched:{name}", on, at=at))
    return drafts
