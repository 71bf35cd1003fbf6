"""Everything that a drill showed as tables, by the name of the file that each becomes.

They are made of the state that the log gives and of nothing else. Without names people are numbers;
a name that the trainer hid is never in them.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from crossings.drills import bestway, casereport, report, tablereport, triagereport
from crossings.drills.casework import playing, voice
from crossings.drills.naming import labels
from crossings.drills.state import DrillState
from crossings.drills.tablework import final_play
from crossings.drills.teamviews import standings
from crossings.drills.teamwork import roles_of
from crossings.tabletop.results import decided, marks
from crossings.tabletop.view import named

Tables = dict[str, pd.DataFrame]

PER_PERSON = {"quiz": "answers", "triage": "answers", "case": "moves", "tabletop": "timeline"}
"""By kind of drill: the table that has a row for each thing that somebody did."""


def tables(state: DrillState, names: bool = False) -> Tables:
    """Every table that has a row; `drill` always has one."""
    kinds = {"case": _case, "tabletop": _table}
    found = {"drill": _about(state), **kinds.get(_kind(state), _steps)(state, names)}
    return {name: table for name, table in found.items() if len(table) or name == "drill"}


def _kind(state: DrillState) -> str:
    return state.plan().kind


def headline(state: DrillState) -> str:
    """The one sentence that matters, of a drill of any kind."""
    if state.case is not None:
        return casereport.headline(state)
    if state.plan().tabletop is not None:
        return tablereport.headline(state)
    return report.headline(state, report.answers(state))


def stem(state: DrillState) -> str:
    """The beginning of the names of a drill's files."""
    return re.sub(r"[^a-z0-9-]+", "-", f"{state.run}-{state.title.lower()}").strip("-")


def _about(state: DrillState) -> pd.DataFrame:
    row = {
        "run": state.run,
        "drill": state.ref,
        "title": state.title,
        "kind": _kind(state),
        "status": state.status,
        "opened": _when(state.opened_at),
        "started": _when(state.started_at),
        "ended": _when(state.ended_at),
        "people": len(state.present),
        "headline": headline(state),
    }
    return pd.DataFrame([row])


def _when(at: float | None) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds") if at else ""


def _teams(state: DrillState) -> pd.DataFrame:
    rows = standings(state).get("teams", [])
    columns = [c for c in ("name", "people", "answers", "asked", "points", "of", "percent")
               if any(c in r for r in rows)]  # fmt: skip
    return pd.DataFrame(rows, columns=columns or ["name"]).rename(columns={"name": "team"})


def _team_of(state: DrillState) -> dict[str, str]:
    known = {t.id: t.name for t in state.teams.values()}
    return {s.id: known.get(s.team or "", "") for s in state.present}


# Quiz and triage


def _steps(state: DrillState, names: bool) -> Tables:
    frame = report.answers(state, names)
    if frame.empty:
        return {}
    steps = report.by_step(frame).reset_index()
    people = report.by_person(frame)
    people.insert(1, "team", people.index.map(_team_of(state)))
    each = frame.assign(team=frame["seat"].map(_team_of(state))).drop(columns="seat")
    found = {
        "answers": each.rename(columns={"name": "who"}),
        "steps": steps,
        "people": people.rename(columns={"name": "who"}).reset_index(drop=True),
        "teams": _teams(state),
        "objectives": report.by_objective(state, frame),
        "provisions": report.by_provision(state, frame),
    }
    if _kind(state) == "quiz":
        sure = report.confidence(frame)
        return found | {"pulls": report.distractors(state, frame), "sureness": sure}
    # The triage's own tables: the missed needs are the first of them.
    confusion = report.confusion(state, frame).rename_axis(index="right").reset_index()
    return found | {
        "needs": report.needs(state, frame),
        "over_referrals": report.over_referrals(state, frame),
        "confusion": confusion.rename_axis(columns=None),
        "indicators": report.by_indicator(state, frame),
        "rules": triagereport.by_rule(state, frame),
        "times": triagereport.times(frame).rename_axis("step").reset_index(),
        "team_needs": _team_needs(state, frame),
    }


def _team_needs(state: DrillState, frame: pd.DataFrame) -> pd.DataFrame:
    found = triagereport.by_team(state, frame, triagereport.teams(state))
    rows = [
        {"team": team, "needs": f.needs, "missed": f.missed, "unneeded": f.unneeded,
         "over": f.over, "referrals": f.referrals, "right": f.right, "silent": f.silent,
         "median_seconds": f.seconds}
        for team, f in found
    ]  # fmt: skip
    return pd.DataFrame(rows)


# Case


def _case(state: DrillState, names: bool) -> Tables:
    if not any(p.events for p in casereport.plays(state)):
        return {}
    moves = casereport.given(state, names).rename(columns={"name": "who"})
    return {
        "moves": moves,
        "votes": casereport.team_votes(state, names).rename(columns={"name": "who"}),
        "decisions": casereport.ways(state),
        "people": _players(state, names),
        "teams": _teams(state),
        "objectives": _spelled(state, "objectives"),
        "provisions": _spelled(state, "law"),
        "best_way": bestway.beside_best(state),
        "detours": bestway.detours(state),
    }


def _spelled(state: DrillState, what: str) -> pd.DataFrame:
    """Points by objective or provision, with what each says."""
    plan, table = state.plan(), casereport.tallies(state, what)
    if what == "objectives":
        said = {i: plan.objectives.get(i, "") for i in table["id"]}
    else:
        said = {r["id"]: f"{r['title']} ({r['where']})" for r in plan.rules(tuple(table["id"]))}
    table.insert(1, "text", [said.get(i, "") for i in table["id"]])
    return table.rename(columns={"id": "objective" if what == "objectives" else "provision"})


def _players(state: DrillState, names: bool) -> pd.DataFrame:
    assert state.case is not None
    who, teams, room = labels(state, names), _team_of(state), state.case.decide == "room"
    rows = []
    for seat in state.present:
        row: dict[str, Any] = {"who": who[seat.id], "team": teams[seat.id]}
        if room:
            cast = [i for i, t in state.taken.items()
                    if t.before.votes and state.answer(i, seat.id)]  # fmt: skip
            row |= {"votes": len(cast)}
        else:
            play = playing(state, voice(state, seat.id))
            row |= {"ended": play.over, "outcome": play.score["outcome"] or "",
                    "percent": play.score["percent"], "moves": len(play.events)}  # fmt: skip
        rows.append(row)
    return pd.DataFrame(rows)


# Tabletop


def _table(state: DrillState, names: bool) -> Tables:
    if state.status == "lobby":
        return {}
    play, who = final_play(state), labels(state, names)
    table, acts = play.table, list(state.hands.values())
    roles, counts = tablereport.told(state)
    people = [
        {"who": who[s.id], "team": _team_of(state)[s.id], "acts": acts.count(s.id),
         "roles": ", ".join(named(table, r) for r in roles_of(state, s.id))}
        for s in state.present
    ]  # fmt: skip
    steps = [
        {"minute": d.ms // 60_000, "role": named(table, d.role), "decision": d.action.text,
         "grade": d.action.grade, "consequence": d.action.consequence, "reason": d.action.reason,
         "cites": " ".join(d.action.cites)}
        for d in decided(play)
    ]  # fmt: skip
    return {
        "timeline": tablereport.lines(state, names).rename(columns={"name": "who"}),
        "milestones": tablereport.milestones(state),
        "decisions": pd.DataFrame(steps),
        "messages": pd.DataFrame(counts, columns=roles).assign(sender=roles).set_index("sender")
        .reset_index(),
        "scores": _scores(state),
        "people": pd.DataFrame(people),
        "provisions": tablereport.provisions(state),
    }  # fmt: skip


def _scores(state: DrillState) -> pd.DataFrame:
    play = final_play(state)
    scales, rows = {s.id: s for s in play.table.rubric}, []
    for role in play.table.roles:
        for given in marks(play, role)[2]:
            scale = scales[given.criterion]
            level = scale.levels[given.level]
            rows.append(
                {"role": named(play.table, role), "criterion": scale.text, "level": level.text,
                 "points": level.points, "of": scale.points, "note": given.note}
            )  # fmt: skip
    return pd.DataFrame(rows)
