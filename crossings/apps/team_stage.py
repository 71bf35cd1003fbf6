"""What the console and the debrief show of teams, as safe markup: pure functions of the state."""

from __future__ import annotations

from crossings.apps.parts import esc, points, scroll
from crossings.apps.parts import table as table_of
from crossings.drills import teamplay, teamviews, teamwork, votes
from crossings.drills.attention import team_stuck
from crossings.drills.casework import Taken, playing
from crossings.drills.state import DrillState

MOST_TEAMS = 24
"""Teams shown at once; the others are chosen one by one."""
LAST = 3
"""Decisions shown of each team; the whole way is shown of the team that is chosen."""


def table(state: DrillState) -> str:
    """The table of teams under a heading of the console."""
    shown = standings(state)
    return f"<h3>Teams</h3>{shown}" if shown else ""


def standings(state: DrillState) -> str:
    """The teams, the best first; empty in a drill without teams, and before anything is known."""
    rows = teamviews.standings(state).get("teams", [])
    if not rows or not any(r["of"] for r in rows):
        return ""
    if state.case is not None:
        lines = [[r["name"], r["people"], f"{r['percent']} %"] for r in rows]
        return scroll(table_of(["Team", "People", "Points"], lines, "The best first"))
    lines = [
        [r["name"], r["people"], f"{r['answers']} of {r['asked']}",
         points(r["points"], r["of"]), f"{r['percent']} %"]
        for r in rows
    ]  # fmt: skip
    said = "The best first. For each step the mean of those in the team who answered"
    return scroll(table_of(["Team", "People", "Answers", "Points", "Share"], lines, said))


def ways(state: DrillState, now: float) -> str:
    """Case for teams: where each team is, what it decided, and whether it is stuck."""
    manned = [team for team in state.teams if teamwork.members(state, team)]
    if not manned:
        return "<p class='quiet'>Nobody is in the room yet.</p>"
    # Those who may need help come first; a wall of eighty teams is read by nobody.
    first = sorted(manned, key=lambda t: (not team_stuck(state, t, now), not _tied(state, t)))
    shown = "".join(_way(state, team, now) for team in first[:MOST_TEAMS])
    more = len(manned) - MOST_TEAMS
    rest = (
        f"<p class='quiet small'>and {more} more: choose a team to see it</p>" if more > 0 else ""
    )
    return f"<h3>The ways of the teams</h3><div class='cxa-teams'>{shown}</div>{rest}"


def _tied(state: DrillState, team: str) -> bool:
    return team in state.turns and teamplay.tied(state, team)


def path(state: DrillState, team: str) -> str:
    """Everything that a team has decided so far."""
    stops = "".join(_stop(t) for t in state.team_taken.get(team, []) if t.before.votes)
    if not stops:
        return "<p class='quiet small'>Nothing is decided yet.</p>"
    return f"<ol class='cxa-path'>{stops}</ol>"


def _way(state: DrillState, team: str, now: float) -> str:
    play = playing(state, team)
    decided = [t for t in state.team_taken.get(team, []) if t.before.kind == "decision"]
    words = " → ".join(_short(_words(t)) for t in decided[-LAST:])
    more = "… → " if len(decided) > LAST else ""
    way = f"<p class='small'>{more}{esc(words)}</p>" if words else ""
    head = f"<b dir='auto'>{esc(state.teams[team].name)}</b>"
    where = f"<span>{esc(play.shown['title'])}</span>"
    head += f" {_mark(state, team, now)}<p>{where} {_votes(state, team)}</p>"
    return f"<section>{head}{way}</section>"


def _stop(taken: Taken) -> str:
    by = {"captain": "the captain", "trainer": "you"}.get(taken.how, "the vote")
    title = esc(str(taken.before.shown["title"]))
    told = f"<b>{esc(_words(taken))}</b> <span class='quiet small'>by {by}</span>"
    return f"<li>{title}: {told}</li>"


def _words(taken: Taken) -> str:
    return "; ".join(line["text"] for line in votes.told(taken)) or "a note"


def _short(words: str, most: int = 48) -> str:
    return words if len(words) <= most else words[: most - 2].rsplit(" ", 1)[0] + " …"


def _votes(state: DrillState, team: str) -> str:
    if not playing(state, team).votes:
        return ""
    cast, of = len(teamplay.cast(state, team)), len(teamwork.members(state, team))
    tie = ", a tie: the captain decides" if teamplay.tied(state, team) else ""
    return f"<span class='quiet small'>· {cast} of {of} voted{tie}</span>"


def _mark(state: DrillState, team: str, now: float) -> str:
    if playing(state, team).over:
        return "<span class='cxa-chip'>✓ at an end</span>"
    if team_stuck(state, team, now):
        return "<span class='cxa-chip paused'>stuck</span>"
    return ""


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
