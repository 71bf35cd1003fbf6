"""What pages may know of teams: a participant knows its own team, the big screen knows no person.

A role's brief goes to the team that plays it and to nobody else.
"""

from __future__ import annotations

from typing import Any

from crossings.drills import teamplay, teamwork, votes
from crossings.drills.casework import Playing, playing
from crossings.drills.state import DrillState, Seat

Json = dict[str, Any]


def own_team(state: DrillState, seat: Seat) -> Json:
    """Team, role and mates of one seat."""
    team = state.teams[seat.team or ""]
    people = _people(state, team.id)
    leader = teamwork.leader(team, people)
    others = [s for s in people if s.id != seat.id]
    # A captain who decides is named also in a team too large for a list.
    others.sort(key=lambda s: s.id != leader)
    roles = (teamwork.role(state, name) for name in team.roles)
    return {
        "id": team.id,
        "name": team.name,
        "roles": [{"title": r.title, "brief": r.brief} for r in roles],
        "mates": [state.label(s.id) for s in others[: teamwork.MATES]],
        "more": max(0, len(others) - teamwork.MATES),
        "captain": state.label(leader) if leader else None,
        "leads": seat.id == leader,
        "decides": teamplay.led(state),
    }


def _people(state: DrillState, team: str) -> list[Seat]:
    """The members of a team; all of them ask at the same moment of the drill."""
    if "teams" not in state.memo:
        sorted_: dict[str | None, list[Seat]] = {}
        for seat in state.present:
            sorted_.setdefault(seat.team, []).append(seat)
        state.memo["teams"] = sorted_
    found: list[Seat] = state.memo["teams"].get(team, [])
    return found


def turn(state: DrillState, seat: Seat, play: Playing, now: float) -> Json:
    """The turn of a team's play for one of its members.

    How the votes are spread is told at a tie to all, and to a captain who may decide; before that
    nobody's vote leans on the others'.
    """
    team = seat.team or ""
    running = state.turns[team]
    mine = running.votes.get(seat.id)
    leads, tie = teamwork.captain(state, team) == seat.id, teamplay.tied(state, team)
    may = leads and teamplay.captain_may(state, team, now)
    part = state.case
    assert part is not None
    found: Json = {
        "index": running.step, "phase": "open", "deadline": None, "left": None,
        "seconds": part.seconds + seat.extra,
        "answer": {"response": dict(mine.response), "n": mine.n} if mine else None,
        "by": "captain" if teamplay.by_captain(state) else "vote",
        "leads": leads, "tie": tie, "may": may,
        "voted": len(teamplay.cast(state, team)), "of": len(teamwork.members(state, team)),
        "last": last(state, team),
    }  # fmt: skip
    if play.votes:
        end = teamplay.deadline(state, team)
        paused = state.paused_at
        found["left" if paused is not None else "deadline"] = (
            end if paused is None else max(0.0, end - paused)
        )
        if tie or may:
            given = [a.response for a in teamplay.cast(state, team).values()]
            found["split"] = votes.counted(play, given)
    return found


def last(state: DrillState, team: str) -> Json | None:
    """What a team decided at its turn before, and how its votes were spread."""
    done = state.team_taken.get(team, [])[-1:]
    if not done or done[0].before.kind in ("scene", "note"):
        return None
    given = [a.response for a in done[0].votes.values()]
    return {
        "title": done[0].before.shown["title"],
        "taken": votes.told(done[0]),
        "how": done[0].how,
        "split": votes.counted(done[0].before, given) if given else [],
        "votes": len(given),
    }


def progress(state: DrillState) -> list[Json]:
    """For the big screen: how far each team is. No titles: others may not be there yet."""
    rows = []
    for team in state.teams.values():
        people = len(teamwork.members(state, team.id))
        if people:
            play = playing(state, team.id)
            row = {"name": team.name, "people": people, "turns": play.state.seq}
            rows.append(row | {"over": play.over})
    return rows


def standing(state: DrillState, team: str) -> Json:
    """What a team has: of a quiz or triage the mean of who answered, of a case its play's."""
    name = f"standing/{team}"
    if name not in state.memo:
        state.memo[name] = _standing(state, team)
    found: Json = state.memo[name]
    return found


def _standing(state: DrillState, team: str) -> Json:
    people = len(_people(state, team))
    row: Json = {"name": state.teams[team].name, "people": people}
    if state.case is not None:
        score = playing(state, team).score
        return row | {"points": score["points"], "of": score["max"], "percent": score["percent"]}
    had = teamwork.score(state, team)
    percent = round(100 * had.points / had.of) if had.of else 0
    return row | {"points": round(had.points, 2), "of": had.of, "percent": percent,
                  "answers": had.answers, "asked": had.asked}  # fmt: skip


def standings(state: DrillState) -> Json:
    """The table of teams, the best first; nothing in a drill without teams.

    In a case drill only once it is over, and only where teams play: before, it would say how good
    their decisions were.
    """
    if not state.teams:
        return {}
    if state.case is not None and (state.status != "ended" or not teamplay.decides(state)):
        return {}
    manned = [t for t in state.teams if teamwork.members(state, t)]
    rows = [standing(state, team) for team in manned]
    # Of two with the same share, the one of whom more answered comes first.
    rows.sort(key=lambda r: (-r["percent"], -r.get("answers", 0) / max(1, r.get("asked", 0))))
    return {"teams": rows}
