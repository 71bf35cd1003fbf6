"""What the console and the debrief show of teams, as safe markup: pure functions of the state."""

from __future__ import annotations

from crossings.apps.parts import esc
from crossings.apps.parts import table as table_of
from crossings.drills import teamplay, teamviews, teamwork, votes
from crossings.drills.casework import Taken, playing
from crossings.drills.state import DrillState

SLOW = 60.0
"""Seconds after the time of a vote in which a team that has not decided counts as stuck."""


def table(state: DrillState) -> str:
    """The teams, the best first; empty in a drill without teams, and before anything is known."""
    rows = teamviews.standings(state).get("teams", [])
    if not rows or not any(r["of"] for r in rows):
        return ""
    if state.case is not None:
        lines = [[r["name"], r["people"], f"{r['percent']} %"] for r in rows]
        return "<h3>Teams</h3>" + table_of(["Team", "People", "Points"], lines, "The best first")
    lines = [
        [r["name"], r["people"], f"{r['answers']} of {r['asked']}",
         f"{r['points']:g} of {r['of']:g}", f"{r['percent']} %"]
        for r in rows
    ]  # fmt: skip
    said = "The best first. For each step the mean of those in the team who answered"
    return "<h3>Teams</h3>" + table_of(
        ["Team", "People", "Answers", "Points", "Share"], lines, said
    )


def ways(state: DrillState, now: float) -> str:
    """Case for teams: where each team is, what it decided, and whether it is stuck."""
    shown = [_way(state, team, now) for team in state.teams if teamwork.members(state, team)]
    if not shown:
        return "<p class='quiet'>Nobody is in the room yet.</p>"
    return f"<h3>The ways of the teams</h3><div class='cxa-teams'>{''.join(shown)}</div>"


def _way(state: DrillState, team: str, now: float) -> str:
    play = playing(state, team)
    stops = "".join(_stop(t) for t in state.team_taken.get(team, []) if t.before.votes)
    way = f"<details><summary>Decided so far</summary><ol>{stops}</ol></details>" if stops else ""
    head = f"<b dir='auto'>{esc(state.teams[team].name)}</b>"
    where = f"<span>{esc(play.shown['title'])}</span>"
    head += f" {_mark(state, team, now)}<p>{where} {_votes(state, team)}</p>"
    return f"<section>{head}{way}</section>"


def _stop(taken: Taken) -> str:
    words = "; ".join(line["text"] for line in votes.told(taken)) or "a note"
    by = {"captain": "the captain", "trainer": "you"}.get(taken.how, "the vote")
    title = esc(str(taken.before.shown["title"]))
    return f"<li>{title}: <b>{esc(words)}</b> <span class='quiet small'>by {by}</span></li>"


def _votes(state: DrillState, team: str) -> str:
    if not playing(state, team).votes:
        return ""
    cast, of = len(teamplay.cast(state, team)), len(teamwork.members(state, team))
    tie = ", a tie: the captain decides" if teamplay.tied(state, team) else ""
    return f"<span class='quiet small'>· {cast} of {of} voted{tie}</span>"


def _mark(state: DrillState, team: str, now: float) -> str:
    if playing(state, team).over:
        return "<span class='cxa-chip'>✓ at an end</span>"
    if stuck(state, team, now):
        return "<span class='cxa-chip paused'>stuck</span>"
    return ""


def stuck(state: DrillState, team: str, now: float) -> bool:
    """Whether a team is long over its time and has not decided."""
    if state.status != "running" or team not in state.turns or playing(state, team).over:
        return False
    return now > teamplay.deadline(state, team) + SLOW


def standing(state: DrillState, seat: str) -> str:
    """One person of a case drill for teams: how far the team is, and whether the vote is in."""
    team = state.seats[seat].team
    if team is None or team not in state.teams:
        return ""
    play = playing(state, team)
    if state.status == "ended":
        return f"<span class='is'>{play.score['percent']} %</span>"
    if play.over:
        return "<span class='is yes'>✓ through</span>"
    if seat in teamplay.cast(state, team):
        return "<span class='is yes'>✓ voted</span>"
    return f"<span class='is'>stop {len(play.state.visited)}</span>"
