"""Teams: who sits where, who is captain, what a role sees, what a team decides and scores."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from crossings.curriculum.model import Drill, Teams
from crossings.drills import DrillLog, Trainer, fold, open_script, teamplay, teamwork
from crossings.drills.casework import playing, traces
from crossings.drills.rehearsal import rehearse
from crossings.drills.views import participant_view, projector_view
from tests.drills import classroom, team_room
from tests.drills.team_room import decide, node, seating, seats, started, vote
from tests.drills.test_case_state import APART, BOTH, GO, LATER
from tests.drills.test_state import Play

# Seating


def test_who_joins_sits_in_the_smallest_team() -> None:
    play = Play(team_room.quiz(names=["Red", "Blue", "Green"]), seats(5))
    assert seating(play) == {"t1": ["s1", "s4"], "t2": ["s2", "s5"], "t3": ["s3"]}
    assert [t.name for t in play.state.teams.values()] == ["Red", "Blue", "Green"]
    play.add(2, "removed", {}, "s2").add(3, "joined", {"name": "Late", "code": "L"}, "s6")
    assert play.state.seats["s6"].team == "t2", "the seat that was taken out leaves its place"


def test_teams_of_so_many_open_as_the_room_fills_but_not_after_the_start() -> None:
    play = Play(team_room.quiz(of=4), seats(9))
    assert [len(v) for v in seating(play).values()] == [4, 4, 1]
    play.add(3, "balanced")
    assert sorted(len(v) for v in seating(play).values()) == [4, 5]
    play.add(10, "started")
    for n in range(10, 14):
        play.add(11, "joined", {"name": f"N{n}", "code": "C"}, f"s{n}")
    assert sorted(len(v) for v in seating(play).values()) == [6, 7]


def test_balancing_moves_as_few_as_can_be_and_keeps_a_team_that_plays() -> None:
    play = started(team_room.quiz(names=["Red", "Blue"]), 6)
    for seat in ("s2", "s4"):
        play.add(11, "assigned", {"team": "t1"}, seat)
    before = seating(play)
    assert [len(v) for v in before.values()] == [5, 1]
    play.add(12, "balanced")
    after = seating(play)
    assert [len(v) for v in after.values()] == [3, 3]
    assert sum(s not in before["t2"] for s in after["t2"]) == 2, "nobody moves without need"
    play.add(13, "balanced")
    assert seating(play) == after


@settings(max_examples=50, deadline=None)
@given(number=st.integers(0, 40), of=st.integers(2, 9), seed=st.integers(0, 99))
def test_balanced_teams_differ_by_one_at_most_and_nobody_is_lost(
    number: int, of: int, seed: int
) -> None:
    chance = Random(seed)
    play = Play(team_room.quiz(of=of), seats(number))
    for seat in seats(number):
        if chance.random() < 0.3 and play.state.teams:
            team = chance.choice(list(play.state.teams))
            play.add(2, "assigned", {"team": team}, seat)
    play.add(3, "balanced")
    found = seating(play)
    sizes = [len(v) for v in found.values()]
    assert sum(sizes) == number
    assert not sizes or max(sizes) - min(sizes) <= 1


def test_names_captains_and_roles_are_the_trainers_to_change() -> None:
    play = Play(team_room.case(with_roles=True, names=["Red", "Blue"]), seats(4))
    state = play.state
    assert state.teams["t1"].roles == ("police", "ngo") and state.teams["t2"].roles == ("health",)
    assert teamwork.captain(state, "t1") == "s1", "who joined first, until somebody is named"
    play.add(2, "captained", {"team": "t1"}, "s3").add(2, "captained", {"team": "t1"}, "s2")
    assert teamwork.captain(play.state, "t1") == "s3", "only a member can be"
    play.add(3, "removed", {}, "s3")
    assert teamwork.captain(play.state, "t1") == "s1"
    play.add(4, "teamed", {"team": "t1", "name": "Blue"})
    assert play.state.teams["t1"].name == "Red", "two teams of one name cannot be told apart"
    play.add(5, "teamed", {"team": "t1", "name": "Lynx", "roles": ["ngo", "nobody"]})
    assert play.state.teams["t1"].name == "Lynx" and play.state.teams["t1"].roles == ("ngo",)
    assert [t.id for t in teamwork.with_role(play.state, "ngo")] == ["t1"]


def test_one_team_for_each_role() -> None:
    state = Play(team_room.case(roles=["health", "police"]), seats(3)).state
    assert [(t.name, t.roles) for t in state.teams.values()] == [
        ("Health post", ("health",)),
        ("Border police", ("police",)),
    ]
    assert teamwork.roles_of(state, "s1") == ("health",)


def test_a_drill_without_teams_can_be_given_some_and_old_drills_have_none() -> None:
    play = Play(None, seats(4))
    assert not play.state.teams and play.state.seats["s1"].team is None
    assert "team" not in participant_view(play.state, "s1", 5)["you"]
    for team in ("a", "b"):
        play.add(2, "teamed", {"team": team, "name": team.upper()})
    play.add(3, "balanced")
    assert [len(v) for v in seating(play).values()] == [2, 2]
    play.add(4, "joined", {"name": "Late", "code": "L"}, "s5")
    assert play.state.seats["s5"].team == "a"


@pytest.mark.parametrize(
    ("teams", "more", "said"),
    [
        ({}, {}, "exactly one of"),
        ({"of": 4, "names": ["A", "B"]}, {}, "exactly one of"),
        ({"of": 1}, {}, "greater than or equal to 2"),
        ({"names": ["A", "A"]}, {}, "each named once"),
        ({"roles": ["a", "b"]}, {}, "not in `roles`"),
        (None, {"decide": "team", "kind": "case", "case": "x"}, "`decide: team` needs `teams`"),
        (None, {"roles": team_room.ROLES}, "`roles` need `teams`"),
        ({"of": 3}, {"roles": team_room.ROLES * 2}, "same id"),
    ],
)
def test_what_is_wrong_in_a_file_is_said(teams: Any, more: dict[str, Any], said: str) -> None:
    quiz = classroom._drills()["signs-and-myths"].model_dump(exclude_none=True)
    if more.get("kind") == "case":
        quiz["steps"] = ()
    with pytest.raises(ValidationError, match=said):
        Drill.model_validate(quiz | ({"teams": teams} if teams is not None else {}) | more)
    assert Teams(of=4).by == "vote"


# Who may know what


def test_a_participant_knows_its_own_team_and_role_only() -> None:
    play = started(team_room.case(with_roles=True, names=["Red", "Blue", "Green"]), 6)
    texts = {s: json.dumps(participant_view(play.state, s, 11)) for s in seats(6)}
    assert "Person s4" in texts["s1"] and "brief of the police" in texts["s1"]
    for other in ("s2", "s3", "s5", "s6"):
        assert f"Person {other}" not in texts["s1"]
    for secret in ("brief of the health", "brief of the charity", "Blue", "Green"):
        assert secret not in texts["s1"]
    big = json.dumps(projector_view(play.state, 11))
    assert "SECRET" not in big and "Person" not in big and '"Red"' in big


def test_a_large_team_shows_some_names_and_counts_the_others() -> None:
    play = Play(team_room.quiz(names=["Red", "Blue"]), seats(60))
    view = participant_view(play.state, "s1", 5)
    assert len(view["you"]["team"]["mates"]) == teamwork.MATES
    assert view["you"]["team"]["more"] == 29 - teamwork.MATES
    play.add(6, "joined", {"name": "More", "code": "M"}, "s61")
    assert participant_view(play.state, "s1", 7)["version"] == view["version"], "no page is redrawn"


# Deciding together


def test_a_vote_of_all_decides_and_a_tie_is_the_captains() -> None:
    play = started(team_room.case(names=["Red", "Blue"]), 8)
    decide(play, 11, "s3", GO)
    assert node(play, "t1") == "gate", "only the captain leaves a scene"
    decide(play, 12, "s1", GO)
    assert node(play, "t1") == "first" and node(play, "t2") == "gate", "teams move alone"
    for seat, action in (("s1", APART), ("s3", BOTH), ("s5", APART)):
        vote(play, 20, seat, action)
    assert node(play, "t1") == "first", "somebody has not voted yet"
    vote(play, 21, "s7", BOTH)
    assert node(play, "t1") == "first" and teamplay.tied(play.state, "t1")
    assert participant_view(play.state, "s3", 22)["step"]["split"]
    vote(play, 22, "s5", BOTH, n=2)
    assert playing(play.state, "t1").state.chosen == {"first": "both"}
    assert play.state.team_taken["t1"][-1].how == "vote"


def test_the_captain_breaks_a_tie_and_decides_when_time_is_over() -> None:
    play = started(team_room.case(names=["Red", "Blue"]), 4)
    for captain in ("s1", "s2"):
        decide(play, 11, captain, GO)
    vote(play, 20, "s1", APART)
    decide(play, 21, "s1", APART)
    assert node(play, "t1") == "first", "there is time, and somebody has not voted"
    vote(play, 22, "s3", BOTH)
    decide(play, 23, "s3", BOTH)
    assert node(play, "t1") == "first", "who is not captain breaks no tie"
    decide(play, 24, "s1", BOTH)
    assert playing(play.state, "t1").state.chosen == {"first": "both"}
    play.add(30, "paused").add(130, "resumed")
    decide(play, 140, "s2", APART)
    assert node(play, "t2") == "first", "a pause is nobody's time"
    play.add(141, "extra", {"seconds": 30}, "s4")
    decide(play, 175, "s2", APART)
    assert node(play, "t2") == "first", "who needs longer has longer"
    decide(play, 11 + 60 + 100 + 30, "s2", APART)
    assert playing(play.state, "t2").state.chosen == {"first": "apart"}
    assert play.state.team_taken["t2"][-1].how == "captain"


def test_where_the_captain_decides_votes_are_advice() -> None:
    play = started(team_room.case(names=["Red", "Blue"], by="captain"), 4)
    decide(play, 11, "s1", GO)
    vote(play, 20, "s3", BOTH)
    vote(play, 20, "s1", BOTH)
    assert node(play, "t1") == "first"
    shown = participant_view(play.state, "s1", 21)["step"]
    assert shown["may"] and sum(o["count"] for o in shown["split"][0]["options"]) == 2
    assert "split" not in participant_view(play.state, "s3", 21)["step"]
    decide(play, 22, "s1", APART)
    assert playing(play.state, "t1").state.chosen == {"first": "apart"}


def test_a_team_does_not_wait_for_who_has_left_it() -> None:
    for leaves in ("removed", "assigned"):
        play = started(team_room.case(names=["Red", "Blue"]), 4)
        decide(play, 11, "s1", GO)
        vote(play, 20, "s1", APART)
        play.add(21, leaves, {"team": "t2"}, "s3")
        assert playing(play.state, "t1").state.chosen == {"first": "apart"}, leaves


def test_the_trainer_can_decide_for_a_team() -> None:
    play = started(team_room.case(names=["Red", "Blue"]), 4)
    play.add(12, "taken", {"team": "t2", "step": 0, "action": GO, "how": "trainer"})
    play.add(12, "taken", {"team": "t2", "step": 0, "action": GO, "how": "trainer"})
    assert node(play, "t2") == "first" and node(play, "t1") == "gate"
    play.add(13, "taken", {"team": "t9", "step": 0, "action": GO, "how": "trainer"})
    play.add(14, "taken", {"step": 0, "action": GO, "how": "trainer"})
    assert node(play, "t1") == "gate"


# Scores


def test_a_team_has_the_mean_of_those_who_answered() -> None:
    play = started(team_room.quiz(names=["Red", "Blue"]), 6)
    for seat, choice in (("s1", "yes"), ("s3", "no"), ("s2", "yes")):
        play.answer(12, seat, choice)
    assert teamwork.score(play.state, "t1").of == 0, "nothing is known before the reveal"
    play.add(20, "revealed", {"step": 0})
    red, blue = (teamwork.score(play.state, t) for t in ("t1", "t2"))
    assert (red.points, red.of, red.answers, red.asked) == (0.5, 1, 2, 3)
    assert (blue.points, blue.answers) == (1, 1)
    shown = projector_view(play.state, 21)["teams"]
    assert [(r["name"], r["percent"], r["answers"]) for r in shown] == [
        ("Blue", 100, 1),
        ("Red", 50, 2),
    ]
    play.add(30, "ended")
    assert participant_view(play.state, "s1", 31)["final"]["team"]["percent"] == 50


# Properties


def _walk(chance: Random, people: int, by: str) -> tuple[Play, list[tuple[str, str, int, dict]]]:
    """A drill played in order, and the messages that were sent, in that order."""
    play = started(team_room.case(names=["Red", "Blue"], by=by), people)
    sent: list[tuple[str, str, int, dict[str, Any]]] = []

    def send(kind: str, seat: str, step: int, action: dict[str, Any]) -> None:
        sent.append((kind, seat, step, action))
        payload = {"step": step, "n": 1, "response": action}
        play.add(20, kind, payload, seat, key=f"{kind}:{seat}:{step}")

    from tests.drills.test_case_state import random_actions

    for team in ("t1", "t2"):
        leader, *others = seating(play)[team]
        for action in random_actions(chance):
            step, play_now = playing(play.state, team).state.seq, playing(play.state, team)
            if by == "captain" or not play_now.votes:
                for seat in others:
                    if play_now.votes and chance.random() < 0.5:
                        send("answered", seat, step, action)
                send("acted", leader, step, action)
                continue
            voters = [leader, *others]
            chance.shuffle(voters)
            for seat in voters:
                send("answered", seat, step, action)
    return play, sent


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), by=st.sampled_from(["vote", "captain"]))
def test_any_order_loss_and_repetition_of_messages_gives_the_same_plays(seed: int, by: str) -> None:
    """Each page sends its message until it is acknowledged; late, early and double ones between.

    Messages of a page leave in its own order, as from its outbox; between pages any order goes.
    """
    chance = Random(seed)
    plain, sent = _walk(chance, chance.choice([2, 5, 6]), by)
    people = len(plain.state.seats)
    noisy = started(team_room.case(names=["Red", "Blue"], by=by), people)
    waiting: dict[str, list[Any]] = {s: [m for m in sent if m[1] == s] for s in seats(people)}
    past: list[Any] = []
    rounds = 0
    while any(waiting.values()):
        rounds += 1
        assert rounds < 20_000, "a team is stuck"
        if past and chance.random() < 0.3:
            _send(noisy, chance.choice(past))  # again, although it was acknowledged
        seat = chance.choice([s for s, left in waiting.items() if left])
        message = waiting[seat][0]
        if chance.random() < 0.2:
            continue  # lost on the way there; the page sends it again
        step = playing(noisy.state, noisy.state.seats[seat].team or "").state.seq
        if message[2] < step and by == "captain" and message[0] == "answered":
            waiting[seat].pop(0)  # advice that came too late is refused, and changes no play
            continue
        _send(noisy, message)
        counted = f"{message[0]}:{seat}:{message[2]}" in noisy.state.moves
        if counted and chance.random() < 0.8:  # else the acknowledgement is lost
            past.append(waiting[seat].pop(0))
    for team in ("t1", "t2"):
        ours, theirs = playing(plain.state, team), playing(noisy.state, team)
        assert theirs.over and ours.state.to_json() == theirs.state.to_json()


def _send(play: Play, message: tuple[str, str, int, dict[str, Any]]) -> None:
    kind, seat, step, action = message
    payload = {"step": step, "n": 1, "response": action}
    key = f"{kind}:{seat}:{step}"
    if key not in {e.key for e in play.events}:  # the log takes a key once
        play.add(20, kind, payload, seat, key=key)
        if key not in play.state.moves:
            play.events.pop()  # the site refuses before it writes


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_votes_that_change_count_as_the_last_numbered_in_any_order(data: st.DataObject) -> None:
    """As long as one member has not voted; the last vote then decides the same turn."""
    sent = data.draw(
        st.dictionaries(
            st.tuples(st.sampled_from(["s1", "s3"]), st.integers(1, 4)),
            st.sampled_from([APART, BOTH, LATER]),
            min_size=1,
            max_size=8,
        )
    )
    messages = [(seat, n, action) for (seat, n), action in sorted(sent.items())]
    mixed = data.draw(st.permutations(messages + data.draw(st.lists(st.sampled_from(messages)))))

    def outcome(order: list[tuple[str, int, dict[str, Any]]]) -> Any:
        play = started(team_room.case(names=["Red", "Blue"]), 6)
        decide(play, 11, "s1", GO)
        for seat, n, action in order:
            vote(play, 20, seat, action, n, step=1, key=f"answered:{seat}:{n}")
        vote(play, 21, "s5", BOTH, step=1)
        state = play.state
        given = {s: (a.response, a.n) for s, a in teamplay.cast(state, "t1").items()}
        return playing(state, "t1").state.to_json(), given

    assert outcome(messages) == outcome(mixed)


def test_the_log_alone_gives_teams_and_plays_back(log: DrillLog) -> None:
    plan = team_room.case(with_roles=True, of=3)
    run = rehearse(log, plan, classroom.NAMES, 1_700_000_000)
    state = fold(log.since(run))
    assert state.status == "ended" and len(state.teams) == 4
    assert {len(t["events"]) > 0 for t in traces(state)} == {True} and len(traces(state)) == 4
    again = Trainer(log, run).state
    assert traces(again) == traces(state) and again.teams == state.teams
    hows = {t.how for taken in state.team_taken.values() for t in taken}
    assert hows == {"vote", "captain"}
    end = participant_view(state, next(iter(state.seats)), 0)["final"]
    assert end["outcome"] != "Not finished"


def test_the_trainers_hand_on_teams(log: DrillLog) -> None:
    from tests.drills.case_room import Class

    room = Class(log, team_room.case(with_roles=True, names=["Red", "Blue"]), seats(4))
    hand = room.trainer
    hand.move("s2", "t1")
    hand.balance()
    assert [len(teamwork.members(hand.state, t)) for t in hand.state.teams] == [2, 2]
    hand.name_team("t1", "  Lynx\u202e ")
    hand.give_roles("t2", ["police"])
    member = teamwork.members(hand.state, "t2")[-1].id
    hand.make_captain(member)
    assert hand.state.teams["t1"].name == "Lynx" and hand.state.teams["t2"].roles == ("police",)
    assert teamwork.captain(hand.state, "t2") == member
    hand.take_for_team("t2", GO)
    room.add("answered", {"step": 1, "n": 1, "response": APART}, member)
    assert hand.take_team_votes("t2") and not hand.take_team_votes("t1")
    assert playing(hand.state, "t2").state.chosen == {"first": "apart"}
    assert open_script(log, team_room.quiz(of=2)) != room.run
