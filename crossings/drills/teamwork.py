"""Teams of a drill: who sits where, which roles a team plays, who its captain is, what it scores.

Joining seats are balanced into teams by the fold: into the team with the fewest people, of those
the one made first. Nothing is drawn by lot, so the log alone says where everybody sat.

A captain is the seat that the trainer named; while that one is not in the team, it is the member
who joined first. So a team with people in it always has one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crossings.curriculum.model import Role, Teams
from crossings.drills import teamplay
from crossings.drills.log import Event
from crossings.drills.seats import Seat, Team

if TYPE_CHECKING:
    from crossings.drills.state import DrillState

MATES = 12
"""Most team mates whose names a page shows; of larger teams it says how many more there are."""
MOST_TEAMS = 200

# Reading


def members(state: DrillState, team: str) -> list[Seat]:
    """Who is in the room and in `team`, in order of arrival."""
    return [s for s in state.present if s.team == team]


def captain(state: DrillState, team: str) -> str | None:
    """The seat that decides for `team`; None while nobody is in it."""
    return leader(state.teams[team], members(state, team))


def leader(team: Team, people: Sequence[Seat]) -> str | None:
    """As `captain`, of the `people` who are in the team."""
    found = [s.id for s in people]
    return team.captain if team.captain in found else next(iter(found), None)


def role(state: DrillState, name: str) -> Role:
    """A role of the script by its id."""
    return next(r for r in state.plan().roles if r.id == name)


def roles_of(state: DrillState, seat: str) -> tuple[str, ...]:
    """The ids of the roles that a seat plays with its team."""
    team = state.teams.get(state.seats[seat].team or "")
    return team.roles if team else ()


def with_role(state: DrillState, name: str) -> list[Team]:
    """The teams that play a role: one, unless the trainer gave it to several or to none."""
    return [t for t in state.teams.values() if name in t.roles]


@dataclass(frozen=True)
class TeamScore:
    """Points of a team over the steps that are revealed; `answers` of `asked` came."""

    points: float
    of: float
    answers: int
    asked: int


def score(state: DrillState, team: str) -> TeamScore:
    """What a team has in a quiz or triage drill, where every seat answers for itself.

    A step counts with the mean of those members who answered it. The mean, so that a team of five
    has no more than a team of four; of those who answered, so that a dead battery, a late arrival
    or somebody who steps out for a while, as everybody may, does not cost their team anything. How
    many answers came stands beside it, because a team could gain by silence. A step that nobody
    in the team answered has no points.
    """
    plan, people = state.plan(), members(state, team)
    points = of = 0.0
    answers = asked = 0
    for index, run in state.steps.items():
        if run.revealed_at is None:
            continue
        given = [run.answers[s.id] for s in people if s.id in run.answers]
        answers, asked = answers + len(given), asked + len(people)
        of += plan.steps[index].points
        if given:
            points += sum(plan.score(index, a.response).points for a in given) / len(given)
    return TeamScore(round(points, 4), of, answers, asked)


# Seating


def founded(state: DrillState) -> None:
    """The teams that the file names are there from the beginning."""
    plan = state.plan()
    wanted = plan.teams
    if wanted is None:
        return
    if wanted.roles:
        for place, name in enumerate(wanted.roles, 1):
            title = role(state, name).title
            state.teams[f"t{place}"] = Team(f"t{place}", title, (name,))
    for place, title in enumerate(wanted.names, 1):
        state.teams[f"t{place}"] = Team(f"t{place}", title)
    _deal_roles(state)


def _deal_roles(state: DrillState) -> None:
    """Give every team a role, and every role a team, in turn; teams by role have theirs."""
    plan = state.plan()
    if plan.teams is None or plan.teams.roles or not plan.roles or not state.teams:
        return
    teams, roles = list(state.teams.values()), [r.id for r in plan.roles]
    dealt: dict[str, list[str]] = {t.id: [] for t in teams}
    for place in range(max(len(teams), len(roles))):
        dealt[teams[place % len(teams)].id].append(roles[place % len(roles)])
    for team in teams:
        team.roles = tuple(dealt[team.id])


def seated(state: DrillState, seat: str, at: float) -> None:
    """Put somebody who joins into a team; in the lobby a new team opens when all are full."""
    plan = state.plan() if state.script is not None else None
    if not state.teams and (plan is None or plan.teams is None):
        return
    of = plan.teams.of if plan and plan.teams else None
    sizes = _sizes(state)
    open_ = [t for t in sizes if of is None or sizes[t] < of]
    if not sizes or (not open_ and state.status == "lobby" and len(sizes) < MOST_TEAMS):
        chosen = _new_team(state, at)
    else:
        chosen = _smallest({t: sizes[t] for t in open_ or sizes})
    state.seats[seat].team = chosen
    noticed(state, chosen, joined=True)


def _sizes(state: DrillState) -> dict[str, int]:
    sizes = dict.fromkeys(state.teams, 0)
    for seat in state.present:
        if seat.team in sizes:
            sizes[seat.team] += 1
    return sizes


def _smallest(sizes: dict[str, int]) -> str:
    return min(sizes, key=lambda t: sizes[t])  # of several, the one made first


def _new_team(state: DrillState, at: float) -> str:
    number = max((int(t[1:]) for t in state.teams if t[1:].isdigit()), default=0) + 1
    made = Team(f"t{number}", f"Team {number}")
    roles = [r.id for r in state.plan().roles]
    if roles:
        made.roles = (roles[len(state.teams) % len(roles)],)
    state.teams[made.id] = made
    teamplay.opened(state, at)
    return made.id


def noticed(state: DrillState, team: str | None, joined: bool = False) -> None:
    """The pages of a team have something new to show.

    In a large team one more person who joins changes nothing that its pages show, and would redraw
    all of them.
    """
    found = state.teams.get(team or "")
    if found is None or (joined and len(members(state, found.id)) > MATES + 1):
        return
    found.version += 1


# Folding


def teamed(state: DrillState, event: Event) -> None:
    """A team is made, renamed, or given roles."""
    name = str(event.payload["team"])
    team = state.teams.get(name)
    if team is None:
        if not event.payload.get("name") or len(state.teams) >= MOST_TEAMS:
            return
        team = state.teams[name] = Team(name, event.payload["name"])
        teamplay.opened(state, event.at)
        if len(state.teams) == 1:
            _place(state, ((s.id, name) for s in state.present), event.at)
    title = event.payload.get("name") or team.name
    if title not in {t.name for t in state.teams.values() if t is not team}:
        team.name = title
    if "roles" in event.payload:
        known = [r.id for r in state.plan().roles]
        team.roles = tuple(r for r in known if r in event.payload["roles"])
    team.version += 1


def assigned(state: DrillState, event: Event) -> None:
    """The trainer moves somebody to another team."""
    seat, team = state.seats.get(event.seat), event.payload["team"]
    if seat is not None and team in state.teams and seat.team != team:
        _place(state, [(seat.id, team)], event.at)


def captained(state: DrillState, event: Event) -> None:
    """The trainer names the captain of a team; the seat must be in it."""
    seat, team = state.seats.get(event.seat), state.teams.get(event.payload["team"])
    if seat is not None and team is not None and seat.team == team.id:
        team.captain = seat.id
        team.version += 1


def balanced(state: DrillState, event: Event) -> None:
    """Even the teams out with as few moves as can be: who came last moves first.

    In the lobby of a drill with teams `of` so many, the number of teams follows the number of
    people: teams that are too many are dissolved, and missing ones made. Later no team is made or
    dissolved, because each has its own play and points.
    """
    if not state.teams:
        return
    of = _of(state.plan().teams)
    if of and state.status == "lobby":
        _fit_number(state, max(1, (2 * len(state.present) + of) // (2 * of)), event.at)
    moves = []
    sizes = _sizes(state)
    queues = {t: [s.id for s in members(state, t)] for t in sizes}
    for seat in (s.id for s in state.present if s.team not in sizes):
        target = _smallest(sizes)
        sizes[target] += 1
        moves.append((seat, target))
    while max(sizes.values()) - min(sizes.values()) > 1:
        source = max(sizes, key=lambda t: sizes[t])
        target = _smallest(sizes)
        moves.append((queues[source].pop(), target))
        sizes[source] -= 1
        sizes[target] += 1
    _place(state, moves, event.at)


def _of(wanted: Teams | None) -> int | None:
    return wanted.of if wanted else None


def _fit_number(state: DrillState, number: int, at: float) -> None:
    while len(state.teams) > number:
        state.teams.popitem()
    while len(state.teams) < number:
        _new_team(state, at)
    _deal_roles(state)
    for team in state.teams.values():
        team.version += 1


def _place(state: DrillState, moves: Iterable[tuple[str, str]], at: float) -> None:
    touched: dict[str, None] = {}
    for name, team in moves:
        seat = state.seats[name]
        touched |= dict.fromkeys(t for t in (seat.team, team) if t)
        seat.team = team
        seat.version += 1
    for team in touched:
        noticed(state, team)
        # Whom a team waited for may have left it.
        teamplay.settle(state, team, at)
