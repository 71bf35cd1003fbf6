"""Triage in teams: the debrief's figures of each team, from seats that the drill put into teams."""

from __future__ import annotations

from crossings.apps import findings
from crossings.drills import report, triagereport
from tests.drills import classroom
from tests.drills.team_room import with_teams
from tests.drills.test_state import Play


def test_each_team_has_its_own_missed_needs() -> None:
    plan = with_teams(classroom.triage(), {"names": ["Lynx", "Otter"]})
    play = Play(plan, ("s1", "s2", "s3", "s4")).add(10, "started")
    teams = triagereport.teams(play.state)
    assert set(teams.values()) == {"Lynx", "Otter"}
    for seat, team in teams.items():
        choice = "child-protection" if team == "Lynx" else "regular-entry"
        play.answer(15, seat, choice, step=0)
    state = play.add(30, "revealed", {"step": 0}).add(31, "ended").state
    found = triagereport.by_team(state, report.answers(state), triagereport.teams(state))
    assert [(name, f.missed, f.needs, f.accuracy) for name, f in found] == [
        ("Otter", 2, 2, 0), ("Lynx", 0, 2, 100),
    ]  # fmt: skip
    page = findings.triage(state, report.answers(state))
    assert page.index("Who was missed") < page.index("Team by team")
