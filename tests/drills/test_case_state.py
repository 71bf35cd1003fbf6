"""Case drills as a fold: who decides, which vote counts, what each page may know."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossings.cases.engine import MAX_NOTE
from crossings.cases.plays import moves
from crossings.drills import DrillLog, DrillState, Trainer, votes
from crossings.drills.casework import ROOM, playing, traces
from crossings.drills.views import participant_view, projector_view
from tests.drills import case_room
from tests.drills.case_room import Class
from tests.drills.test_state import Play

GO, APART, BOTH, LATER = (
    {"action": "continue"},
    {"action": "choose", "choice": "apart"},
    {"action": "choose", "choice": "both"},
    {"action": "choose", "choice": "later"},
)


def begun(decide: str, *actions: dict[str, Any]) -> Play:
    """A drill of the small case after `actions`, without a log."""
    play = Play(case_room.small_plan(decide), case_room.SEATS).add(10, "started")
    for at, action in enumerate(actions, 11):
        if decide == "room":
            taken(play, at, action)
        else:
            acted(play, at, action)
    return play


def taken(play: Play, at: float, action: dict[str, Any], step: int | None = None) -> None:
    step = play.state.step if step is None else step
    play.add(at, "taken", {"step": step, "action": action, "how": "trainer"})


def acted(
    play: Play, at: float, action: dict[str, Any], seat: str = "s1", number: int | None = None
) -> None:
    number = playing(play.state, seat).state.seq if number is None else number
    play.add(at, "acted", {"step": number, "response": action}, seat)


def voted(play: Play, at: float, seat: str, action: dict[str, Any], n: int = 1) -> None:
    play.add(at, "answered", {"step": play.state.step, "n": n, "response": action}, seat)


def node(play: Play, who: str = ROOM) -> str:
    return playing(play.state, who).state.node


def test_the_plurality_is_taken_and_a_tie_is_the_trainers() -> None:
    play = begun("room", GO)
    voted(play, 20, "s1", BOTH)
    voted(play, 20, "s2", APART)
    assert votes.plurality(play.state, 1) is None, "a tie"
    voted(play, 21, "s3", APART)
    assert votes.plurality(play.state, 1) == APART
    voted(play, 22, "s3", BOTH, n=2)
    assert votes.plurality(play.state, 1) == BOTH
    play.add(23, "removed", {}, "s1")
    assert votes.plurality(play.state, 1) is None, "who was taken out is not counted"
    assert votes.plurality(begun("room", GO).state, 1) is None, "nobody voted"


def test_a_triage_is_counted_person_by_person() -> None:
    play = begun("room", GO, APART, {"action": "ask", "question": "safe"}, {"action": "leave"},
                 {"action": "leave"})  # fmt: skip
    assert node(play) == "refer"
    for seat, guest, driver in (("s1", "shelter", "desk"), ("s2", "shelter", "home"),
                                ("s3", "home", "desk")):  # fmt: skip
        voted(play, 30, seat, {"action": "sort", "pairs": {"2": guest, "1": driver}})
    wanted = {"action": "sort", "pairs": {"2": "shelter", "1": "desk"}}
    assert votes.plurality(play.state, play.state.step) == wanted


def test_notes_are_kept_together_without_names() -> None:
    play = begun("room", GO, BOTH, {"action": "leave"}, {"action": "leave"})
    assert node(play) == "memo"
    voted(play, 30, "s1", {"action": "write", "text": "Call the desk."})
    voted(play, 30, "s2", {"action": "write", "text": "Nobody is sent back."})
    note = votes.plurality(play.state, play.state.step)
    assert note == {"action": "write", "text": "Call the desk.\nNobody is sent back."}


def test_notes_that_do_not_fit_together_are_left_out_whole_and_counted() -> None:
    notes = [f"{n:02d}" + "x" * 1998 for n in range(30)]
    kept = votes.together(notes)
    assert len(kept) <= MAX_NOTE and votes.fitting(notes) == 9
    assert kept.split("\n") == [*notes[:9], "(21 more notes are in the log of this drill.)"]
    assert votes.together(notes[:9]) == "\n".join(notes[:9])
    assert votes.together(notes[:10]).endswith("\n(1 more note is in the log of this drill.)")


@pytest.mark.parametrize("action", [{"action": "choose", "choice": "nowhere"}, {"action": "rewind",
                         "to": 1}, {"action": "continue"}, {}, {"action": ["x"]}])  # fmt: skip
def test_what_the_engine_does_not_allow_changes_nothing(action: dict[str, Any]) -> None:
    play = begun("room", GO)
    taken(play, 20, action)
    assert node(play) == "first" and play.state.step == 1
    own = begun("each", GO)
    acted(own, 20, action)
    assert node(own, "s1") == "first"


def test_a_second_press_or_a_late_one_takes_nothing() -> None:
    play = begun("room", GO, APART)
    taken(play, 20, BOTH, step=1)
    assert node(play) == "talk" and playing(play.state, ROOM).state.chosen == {"first": "apart"}


def test_the_others_do_not_move_when_one_does() -> None:
    play = begun("each", GO, APART)
    assert node(play, "s1") == "talk" and node(play, "s2") == "gate"
    play.add(30, "paused")
    acted(play, 31, {"action": "leave"})
    assert node(play, "s1") == "talk", "a pause holds everybody"
    play.add(32, "resumed")
    play.add(33, "removed", {}, "s1")
    acted(play, 34, {"action": "leave"})
    assert node(play, "s1") == "talk"


def test_events_of_the_other_way_to_decide_do_nothing() -> None:
    play = begun("each", GO)
    taken(play, 20, APART)
    assert not play.state.taken
    room = begun("room", GO)
    acted(room, 20, GO, number=0)
    assert node(room) == "first" and set(room.state.plays) == {ROOM}


def test_a_pause_stops_the_time_to_vote_and_more_time_opens_it_again() -> None:
    play = begun("room", GO).add(20, "paused").add(120, "resumed")
    assert play.state.deadline(1) == 11 + 60 + 100
    play.add(130, "closed", {"step": 1})
    assert play.state.phase(1, 131) == "closed"
    play.add(140, "extended", {"step": 1, "seconds": 30})
    assert play.state.phase(1, 141) == "open"


# Properties


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_order_loss_and_repetition_of_votes_gives_the_same_turn(data: st.DataObject) -> None:
    options = [APART, BOTH, LATER]
    sent = data.draw(
        st.dictionaries(
            st.tuples(st.sampled_from(case_room.SEATS), st.integers(1, 4)),
            st.sampled_from(options),
            max_size=9,
        )
    )
    messages = [(seat, n, action) for (seat, n), action in sorted(sent.items())]
    # Each message is sent at least once, in any order, and perhaps again and again.
    again = data.draw(st.lists(st.sampled_from(messages), max_size=9)) if messages else []
    mixed = data.draw(st.permutations(messages + again))

    def outcome(order: list[tuple[str, int, dict[str, Any]]]) -> Any:
        play = begun("room", GO)
        for seat, n, action in order:
            payload = {"step": 1, "n": n, "response": action}
            play.add(20, "answered", payload, seat, key=f"answer:{seat}:{n}")
        state = play.state
        return votes.split(state, 1), votes.plurality(state, 1)

    assert outcome(messages) == outcome(mixed)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_any_order_loss_and_repetition_of_moves_gives_the_same_plays(seed: int) -> None:
    """Each page sends its next move until it is made; what comes late or twice is in between."""
    chance = Random(seed)
    wanted = {seat: random_actions(chance) for seat in case_room.SEATS}
    plain = Play(case_room.small_plan("each"), case_room.SEATS).add(10, "started")
    for seat, actions in wanted.items():
        for number, action in enumerate(actions):
            acted(plain, 20, action, seat, number)

    noisy = Play(case_room.small_plan("each"), case_room.SEATS).add(10, "started")
    made = dict.fromkeys(wanted, 0)
    while any(made[s] < len(wanted[s]) for s in wanted):
        seat = chance.choice([s for s in wanted if made[s] < len(wanted[s])])
        number = chance.randrange(made[seat] + 1) if chance.random() < 0.4 else made[seat]
        if chance.random() < 0.2:
            continue  # lost on the way; the page sends it again
        ahead = chance.random() < 0.1
        acted(noisy, 20, wanted[seat][number], seat, number + 5 if ahead else number)
        made[seat] = playing(noisy.state, seat).state.seq

    for seat in wanted:
        ours, theirs = playing(plain.state, seat), playing(noisy.state, seat)
        assert ours.state.to_json() == theirs.state.to_json()
        assert [e["seq"] for e in theirs.events] == list(range(1, len(wanted[seat]) + 1))


def random_actions(chance: Random) -> list[dict[str, Any]]:
    play = playing(begun("each").state, "s1")
    actions = []
    while not play.over:
        move = chance.choice(moves(play.part.doc, play.state, chance))
        actions.append({k: v for k, v in move.items() if k != "node"})
        play = play.moved(actions[-1], 0)
    return actions


# Visibility


SECRETS = ("reason", "grade", "cites", "effects", "points", "when", "outcome", "cap")


@pytest.mark.parametrize("decide", ["room", "each"])
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_no_page_knows_what_it_should_not_know_yet(decide: str, seed: int) -> None:
    chance = Random(seed)
    play, at = Play(case_room.small_plan(decide), case_room.SEATS).add(10, "started"), 10.0
    who = ROOM if decide == "room" else "s1"
    while not (now := playing(play.state, who)).over:
        check_pages(play.state, now, at, who)
        at += 3
        move = chance.choice(moves(now.part.doc, now.state, chance))
        action = {k: v for k, v in move.items() if k != "node"}
        if decide == "each":
            acted(play, at, action)
            continue
        if now.votes:
            voted(play, at, "s2", action)
            check_pages(play.state, now, at, who)
            for kind in ("closed", "revealed"):
                play.add(at, kind, {"step": play.state.step})
                check_pages(play.state, now, at, who)
        taken(play, at, action)
    check_pages(play.state, now, at, who)
    shown = participant_view(play.add(at + 9, "ended").state, "s1", at)["final"]
    assert shown["outcome"] != "Not finished" and shown["people"]


def check_pages(state: DrillState, play: Any, now: float, who: str) -> None:
    doc, node_ = play.part.doc, play.node
    seats = case_room.SEATS if who == ROOM else ("s1",)
    views = [participant_view(state, s, now)["step"] for s in seats]
    texts = [json.dumps(view, ensure_ascii=False) for view in views]
    texts.append(json.dumps(projector_view(state, now), ensure_ascii=False))
    told = {e["choice"] for e in play.state.log if e["action"] == "choose"}
    judged = [o for n in doc["nodes"].values() for o in n.get("options", ())]
    hidden = [o["consequence"] for o in judged if o["id"] not in told]
    hidden += [o["reason"] for o in judged]
    hidden += [q["answer"] for n in doc["nodes"].values() for q in n.get("questions", ())
               if f"talk.{q['id']}" not in play.state.asked and "{" not in q["answer"]]  # fmt: skip
    hidden += [n["title"] for name, n in doc["nodes"].items()
               if n["kind"] == "ending" and name != play.state.node]  # fmt: skip
    hidden += [r["text"] for r in doc["rules"]
               if r["id"] not in play.state.fired and "{" not in r["text"]]  # fmt: skip
    hidden += [e["title"] for name, e in doc["evidence"].items()
               if name not in play.state.seen and "{" not in e["title"]
               and not any(e["title"] in f["label"] for f in node_.get("finds", ()))]  # fmt: skip
    hidden.append("Alone with the officer")  # a hidden variable
    for text in texts:
        for word in SECRETS:
            assert f'"{word}"' not in text
        for secret in hidden:
            assert f'"{secret}"' not in text, secret
    assert "Person s" not in texts[-1]
    if who == ROOM:
        phase = state.phase(state.step, now)
        assert ("split" in views[0]) == (phase == "revealed" and play.votes)
    for seat in ("s1", "s2"):
        assert participant_view(state, seat, now)["you"]["points"] == 0


def test_the_log_alone_gives_the_drill_back(log: DrillLog) -> None:
    room = Class(log, case_room.small_plan("room"))
    room.trainer.take(GO)
    room.vote("s1", APART)
    room.vote("s2", APART)
    assert room.trainer.take_votes()
    again = Trainer(log, room.run).state
    assert traces(again) == traces(room.trainer.state)
    assert again.step == 2 and playing(again, ROOM).state.node == "talk"
    assert again.taken[1].how == "vote"
