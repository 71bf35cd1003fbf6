"""The trainer's hand on teams: even out, move, rename, roles, captains, help when stuck."""

from __future__ import annotations

import ipywidgets as widgets

from crossings.apps import team_stage
from crossings.apps.parts import button, esc, put, row, text
from crossings.apps.people_desk import Acting, PeopleDesk
from crossings.drills import teamplay, teamwork
from crossings.drills.casework import playing
from crossings.drills.state import DrillState
from crossings.drills.trainer import Trainer

MOST_MADE = 12
"""Teams that the console makes at once in a drill whose file names none."""
MOST_NAMES = 8
"""Names shown of one team."""


class TeamDesk:
    """One table of all teams, one team to handle; empty in a drill without teams."""

    def __init__(self, trainer: Trainer, act: Acting, people: PeopleDesk) -> None:
        self._trainer, self._people = trainer, people
        self._known = ""
        self.number = widgets.Dropdown(options=range(2, MOST_MADE + 1), description="Teams")
        self.number.tooltip = "How many teams the room is cut into"
        self.make = button("Make teams", "Put everybody into teams of one size", act(self._make))
        self._making = widgets.VBox([text("<h3>Teams</h3>"), self.number, row(self.make)])
        self.balance = button("Even out", "Move as few people as can be to make teams of one size",
                              act(trainer.balance))  # fmt: skip
        self.team = widgets.Dropdown(options=[("Choose a team", "")], description="Team")
        self.team.tooltip = "The team that the fields below are about"
        self.team.observe(lambda _: self._chosen(), "value")
        self.new_name = widgets.Text(description="New team name", placeholder="Write a new name")
        self.new_name.tooltip = "The name that everybody will see for this team"
        self.rename = button("Rename team", "Give this team the new name", act(self._rename))
        self.move = button("Move person here", "Put the person chosen under “One person” here",
                           act(self._move))  # fmt: skip
        self.lead = button("Make captain", "The person chosen under “One person” leads their team",
                           act(self._lead))  # fmt: skip
        self.roles = widgets.SelectMultiple(options=[], description="Roles", rows=4)
        self.roles.tooltip = "What this team plays; hold Ctrl to choose several"
        self.assign = button("Give roles", "The team plays the roles that are marked",
                             act(self._assign))  # fmt: skip
        self.settle = button("Decide for team", "Take the team's votes as they are, or go on",
                             act(self._settle))  # fmt: skip
        self._table, self._path = text(), text()
        roles = trainer.state.plan().roles
        self.roles.options = [(r.title, r.id) for r in roles]
        asked = [self.roles, row(self.assign)] if roles else []
        decided = [row(self.settle)] if teamplay.decides(trainer.state) else []
        self._handling = widgets.VBox(
            [text("<h2>Teams</h2>"), self._table, row(self.balance), self.team, self._path,
             self.new_name, row(self.rename, self.move, self.lead), *asked, *decided]
        )  # fmt: skip
        self.box = widgets.VBox([self._making, self._handling])

    # Acts

    def _make(self) -> None:
        for number in range(1, int(self.number.value) + 1):
            self._trainer.name_team(f"t{number}", f"Team {number}")
        self._trainer.balance()

    def _rename(self) -> None:
        if self.team.value:
            self._trainer.name_team(self.team.value, self.new_name.value)
            self.new_name.value = ""

    def _move(self) -> None:
        seat = self._people.person.value
        if seat and self.team.value:
            self._trainer.move(seat, self.team.value)

    def _lead(self) -> None:
        if self._people.person.value:
            self._trainer.make_captain(self._people.person.value)

    def _assign(self) -> None:
        if self.team.value:
            self._trainer.give_roles(self.team.value, self.roles.value)

    def _settle(self) -> None:
        """What the votes lead to; where there is nothing to vote on, on to what comes next."""
        team, state = self.team.value, self._trainer.state
        if not team:
            return
        if playing(state, team).kind == "scene":
            self._trainer.take_for_team(team, {"action": "continue"})
            return
        self._trainer.take_team_votes(team)

    def _chosen(self) -> None:
        team = self._trainer.state.teams.get(self.team.value)
        known = {value for _, value in self.roles.options}
        self.roles.value = [r for r in team.roles if r in known] if team else []
        self._enable(self._trainer.state)
        self._show_path(self._trainer.state)

    # Showing

    def _show_path(self, state: DrillState) -> None:
        team, played = self.team.value, teamplay.decides(state) and state.status != "lobby"
        put(self._path, team_stage.path(state, team) if team and played else "")

    def render(self, state: DrillState) -> None:
        """Draw the table of teams and enable what can be pressed."""
        none = not state.teams
        free = state.case is None and state.status != "ended"
        self._making.layout.display = "" if none and free else "none"
        self._handling.layout.display = "none" if none else ""
        if none:
            return
        named = [(t.name, t.id) for t in state.teams.values()]
        if str(named) != self._known:
            self._known, chosen = str(named), self.team.value
            self.team.options = [("Choose a team", ""), *named]
            self.team.value = chosen if chosen in state.teams else ""
        put(self._table, self._teams(state))
        self._show_path(state)
        self._enable(state)

    def _teams(self, state: DrillState) -> str:
        titles = {r.id: r.title for r in state.plan().roles}
        rows = []
        for team in list(state.teams.values())[: team_stage.MOST_TEAMS]:
            people = teamwork.members(state, team.id)
            leader = teamwork.captain(state, team.id)
            names = [self._people.label(state, s.id) + (" ★" if s.id == leader else "")
                     for s in people[:MOST_NAMES]]  # fmt: skip
            more = f" and {len(people) - MOST_NAMES} more" if len(people) > MOST_NAMES else ""
            roles = ", ".join(titles[r] for r in team.roles if r in titles)
            small = f" <small class='quiet'>{esc(roles)}</small>" if roles else ""
            shown = f"{esc(', '.join(names))}{more}" or "nobody"
            rows.append(
                f"<li><b dir='auto'>{esc(team.name)}</b> ({len(people)}){small}"
                f"<br><span class='small' dir='auto'>{shown}</span></li>"
            )
        left = len(state.teams) - len(rows)
        if left > 0:
            rows.append(f"<li class='quiet small'>and {left} more: choose one below</li>")
        star = "<p class='quiet small'>★ is the captain.</p>" if leader_counts(state) else ""
        return f"<ul class='cxa-people cxa-teamlist'>{''.join(rows)}</ul>{star}"

    def _enable(self, state: DrillState) -> None:
        team, seat = self.team.value, state.seats.get(self._people.person.value)
        live = state.status != "ended"
        self.balance.disabled = not live
        self.rename.disabled = self.assign.disabled = not (team and live)
        self.move.disabled = not (team and live and seat and not seat.removed and seat.team != team)
        self.lead.disabled = not (live and seat and not seat.removed and seat.team in state.teams)
        stands = state.status in ("running", "paused") and team in state.turns
        can = stands and (playing(state, team).kind == "scene" or teamplay.agreed(state, team))
        self.settle.disabled = not can


def leader_counts(state: DrillState) -> bool:
    """Whether being captain means anything in this drill."""
    return teamplay.led(state)
