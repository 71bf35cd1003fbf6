"""The last page of the big screen: how the room did, and what to talk about first."""

from __future__ import annotations

from crossings.drills.roomend import LETTERS, room_end
from crossings.drills.views import projector_view
from tests.drills import classroom
from tests.drills.test_state import Play

SEATS = ("s1", "s2", "s3")


def answered(play: Play, choices: list[str]) -> Play:
    """The first people of the room answer the first step with `choices`, and it is revealed."""
    play.add(10, "started")
    for seat, choice in zip(SEATS, choices, strict=False):
        play.answer(12, seat, choice)
    return play.add(60, "revealed", {"step": 0})


def test_points_are_of_everybody_in_the_room_and_the_hardest_comes_first() -> None:
    play = Play(seats=SEATS)
    right = next(o.id for o in classroom.items()["consent"].options if o.correct)
    answered(play, [right, "no"]).add(70, "ended")
    found = room_end(play.state)
    assert (found["people"], found["steps"], found["percent"]) == (3, 1, 33)
    (hardest,) = found["hardest"]
    assert hardest["percent"] == 33 and len(hardest["title"]) <= LETTERS + 3
    assert "needs" not in found, "a quiz has none"


def test_what_everybody_had_right_or_nobody_answered_is_not_talked_about_first() -> None:
    right = next(o.id for o in classroom.items()["consent"].options if o.correct)
    whole = answered(Play(seats=SEATS), [right] * 3).add(70, "ended")
    assert room_end(whole.state)["hardest"] == [] and room_end(whole.state)["percent"] == 100
    silent = answered(Play(seats=SEATS), []).add(70, "ended")
    assert room_end(silent.state)["hardest"] == [] and room_end(silent.state)["percent"] == 0


def test_needs_that_were_missed_are_counted_of_all_referrals_and_silence_misses_none() -> None:
    play = Play(classroom.triage(), SEATS)
    answered(play, ["regular-entry", "child-protection"]).add(70, "ended")
    found = room_end(play.state)
    assert (found["needs"], found["missed"]) == (3, 1)
    assert found["hardest"] == [{"title": "1. Sami", "percent": 33}]


def test_a_room_that_nobody_joined_has_an_end() -> None:
    play = Play(seats=()).add(10, "started").add(70, "ended")
    assert room_end(play.state)["percent"] == 0 and room_end(play.state)["hardest"] == []


def test_the_wall_gets_no_name_at_the_end() -> None:
    play = answered(Play(seats=SEATS), ["no", "no", "no"]).add(70, "ended")
    assert "Person" not in str(projector_view(play.state, 80)["room"])


def test_it_is_counted_once_for_all_who_look() -> None:
    state = answered(Play(seats=SEATS), ["no"]).add(70, "ended").state
    assert room_end(state) is room_end(state)
