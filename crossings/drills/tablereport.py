"""What a tabletop drill has shown, as tables for the debrief and for export."""

from __future__ import annotations

from typing import Any

import pandas as pd

from crossings.drills.naming import labels
from crossings.drills.state import DrillState
from crossings.drills.tablework import final_play
from crossings.tabletop import Play
from crossings.tabletop.results import Reached, decided, points, reached
from crossings.tabletop.view import fields, named
from crossings.tabletop.world import Entry, short

RANK = {"harmful": 0, "poor": 1, "acceptable": 2, "good": 3}


def headline(state: DrillState) -> str:
    """The one sentence that matters."""
    play = final_play(state)
    if play.status == "waiting":
        return "This exercise has not begun."
    met, of = points(play)
    found = reached(play)
    broken = next((r for r in found if r.standing == "undone"), None)
    missed = next((r for r in found if r.standing == "missed"), None)
    late = max((r for r in found if r.standing == "late"), key=_delay, default=None)
    line = f"{met} of {of} milestones were met in time."
    if broken is not None:
        return f"{line} One was met and then lost: {_lowered(broken.milestone.text)}"
    if missed is not None:
        return f"{line} The first that was missed: {_lowered(missed.milestone.text)}"
    if late is not None and late.ms is not None:
        when = f"minute {late.ms // 60_000}, not by {late.milestone.by}"
        return f"{line} The latest came at {when}: {_lowered(late.milestone.text)}"
    return line


def _delay(one: Reached) -> int:
    return (one.ms or 0) - (one.milestone.by or 0) * 60_000


def _lowered(text: str) -> str:
    """A sentence after a colon; names and short forms keep their capitals."""
    first = text.split(" ", 1)[0]
    plain = first in ("A", "The", "One", "No", "For", "Everybody", "Whoever", "Advice")
    return text[0].lower() + text[1:] if plain else text


def lines(state: DrillState, names: bool = True) -> pd.DataFrame:
    """One row for each thing that happened, in order, with what was taken back at the end."""
    play, who = final_play(state), labels(state, names)
    hands = {short(key): seat for key, seat in state.hands.items()}
    rows = [_row(play, entry, who.get(hands.get(entry.id, ""), "")) for entry in play.entries]
    for moment in play.undone:
        payload, seat = moment.event.payload, state.hands.get(moment.event.key, "")
        role = str(payload.get("role", ""))
        rows.append(
            {"minute": moment.ms // 60_000, "story": play.table.story_time(moment.ms),
             "kind": f"{moment.event.kind} (taken back)", "by": named(play.table, role) if role
             else "", "to": "", "title": "", "text": str(payload.get("text", "")), "grade": "",
             "name": who.get(seat, "")}
        )  # fmt: skip
    columns = ["minute", "story", "kind", "by", "to", "title", "text", "grade", "name"]
    return pd.DataFrame(rows, columns=columns)


def _row(play: Play, entry: Entry, who: str) -> dict[str, Any]:
    table, text = play.table, entry.text
    if entry.kind == "form":
        filled = fields(table.forms[entry.what], entry.data["fields"])
        text = "; ".join(f"{label}: {value}" for label, value in filled)
    if entry.kind == "milestone":
        text = table.milestones[entry.what].text + ("" if entry.data["on"] else " (undone)")
    if entry.kind == "way":
        text = entry.what
    to = "everybody" if entry.public else ", ".join(named(table, r) for r in entry.to)
    return {
        "minute": entry.ms // 60_000,
        "story": table.story_time(entry.ms),
        "kind": entry.kind,
        "by": named(table, entry.by) if entry.by else "",
        "to": to,
        "title": entry.title,
        "text": text,
        "grade": table.actions[entry.what].grade if entry.kind == "action" else "",
        "name": who,
    }


def milestones(state: DrillState) -> pd.DataFrame:
    """One row for each milestone."""
    play = final_play(state)
    rows = [
        {
            "milestone": r.milestone.text,
            "roles": ", ".join(named(play.table, x) for x in r.milestone.roles),
            "by": r.milestone.by,
            "met": None if r.ms is None else r.ms // 60_000,
            "standing": r.standing,
            "cites": " ".join(r.milestone.cites),
        }
        for r in reached(play)
    ]
    return pd.DataFrame(rows)


def provisions(state: DrillState) -> pd.DataFrame:
    """For each provision: milestones that rest on it and were met in time, and steps that were good
    by it; the weakest first."""
    play, plan = final_play(state), state.plan()
    stones, steps = reached(play), decided(play)
    rows = []
    for law, rule in plan.law.items():
        here = [r for r in stones if law in r.milestone.cites]
        made = [d for d in steps if law in d.action.cites]
        if here or made:
            rows.append(
                {"provision": law, "text": f"{rule.title} ({rule.where})",
                 "met": sum(r.standing == "met" for r in here), "milestones": len(here),
                 "good": sum(d.action.grade == "good" for d in made), "steps": len(made)}
            )  # fmt: skip
    table = pd.DataFrame(rows, columns=["provision", "text", "met", "milestones", "good", "steps"])
    share = (table["met"] + table["good"]) / (table["milestones"] + table["steps"])
    return table.iloc[share.astype(float).argsort(kind="stable")].reset_index(drop=True)


def told(state: DrillState) -> tuple[list[str], list[list[int]]]:
    """Who told whom, how often: the names of the roles, and a row of counts for each."""
    play = final_play(state)
    roles = list(play.table.roles)
    spoken = [e for e in play.entries if e.kind in ("message", "form")]
    counts = [[sum(e.by == a and b in e.to for e in spoken) for b in roles] for a in roles]
    return [named(play.table, r) for r in roles], counts


def objectives_missed(state: DrillState) -> bool:
    """Whether there is something to read again."""
    play = final_play(state)
    poor = any(d.action.grade in ("poor", "harmful") for d in decided(play))
    return poor or any(r.standing != "met" for r in reached(play))
