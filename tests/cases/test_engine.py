"""The engine: what is legal, what follows, in which order."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossings.cases import Case, IllegalAction, State, apply, document, replay, score, start
from crossings.cases.plays import moves, random_play

from .made import made_case, made_trace

Json = dict[str, Any]


def play(doc: Json, *actions: Json, mode: str = "learn") -> State:
    """The state after `actions`; each is taken at the node where the play is."""
    state = start(doc, "seed", mode)
    for action in actions:
        state = apply(doc, state, {"node": state.node, **action})
    return state


GO = {"action": "continue"}
LEAVE = {"action": "leave"}


def choose(choice: str) -> Json:
    return {"action": "choose", "choice": choice}


def ask(question: str) -> Json:
    return {"action": "ask", "question": question}


def unfold(evidence: str) -> Json:
    return {"action": "open", "evidence": evidence}


def test_a_play_begins_at_the_start_with_its_evidence_seen(doc: Json) -> None:
    state = start(doc, "seed")
    assert (state.node, state.clock, state.seen) == ("gate", 0, ("ticket",))
    assert state.vars == {"trust": 2, "alone": False, "signs": ()}
    assert state.log[0]["entered"] == ["gate"]


def test_an_unknown_mode_is_refused(doc: Json) -> None:
    with pytest.raises(IllegalAction, match="mode"):
        start(doc, "seed", "exam")


def test_a_choice_earns_points_changes_variables_and_leads_on(doc: Json) -> None:
    state = play(doc, GO, choose("apart"))
    assert state.node == "talk"
    assert state.vars["alone"] is True and state.vars["trust"] == 3
    assert (state.points, state.best) == ({"first": 3}, {"first": 3})
    assert state.log[-1]["offered"] == ["apart", "both", "later"]


def test_integers_stay_within_their_bounds(doc: Json) -> None:
    assert play(doc, GO, choose("both")).vars["trust"] == 0


def test_branches_see_the_state_after_the_effects(doc: Json) -> None:
    assert play(doc, GO, choose("later")).node == "look"
    assert play(doc, GO, choose("apart")).node == "talk"


def test_apply_leaves_its_argument_as_it_is(doc: Json) -> None:
    before = play(doc, GO)
    kept = before.to_json()
    apply(doc, before, {"node": "first", **choose("both")})
    assert before.to_json() == kept


def test_an_interview_ends_its_questions_at_the_limit(doc: Json) -> None:
    state = play(doc, GO, choose("apart"), ask("safe"), ask("debt"))
    assert state.asked == ("talk.safe", "talk.debt")
    assert state.points["talk"] == 2 and state.clock == 7
    with pytest.raises(IllegalAction, match="no question is left"):
        apply(doc, state, {"node": "talk", **ask("lie")})


def test_a_question_is_asked_once_and_only_while_it_is_open(doc: Json) -> None:
    state = play(doc, GO, choose("apart"), ask("lie"))
    assert state.points["talk"] == 0, "never below zero"
    with pytest.raises(IllegalAction, match="before"):
        apply(doc, state, {"node": "talk", **ask("lie")})
    with pytest.raises(IllegalAction, match="not open"):
        apply(doc, state, {"node": "talk", **ask("debt")})


def test_opening_stops_when_the_budget_is_spent(doc: Json) -> None:
    state = play(doc, GO, choose("later"), unfold("phone"))
    assert state.spent == {"look": 6} and state.clock == 18
    assert state.points["look"] == 2 and state.best["look"] == 2
    with pytest.raises(IllegalAction, match="no time"):
        apply(doc, state, {"node": "look", **unfold("contract")})
    assert "log" in apply(doc, state, {"node": "look", **unfold("log")}).seen


def test_what_was_seen_is_not_opened_again(doc: Json) -> None:
    with pytest.raises(IllegalAction, match="seen before"):
        play(doc, GO, choose("later"), unfold("ticket"))


def sort(**pairs: str) -> Json:
    return {"action": "sort", "pairs": {"2": pairs["guest"], "1": pairs["driver"]}}


def test_a_triage_takes_everybody_at_once(doc: Json) -> None:
    there = (GO, choose("later"), unfold("phone"), LEAVE)
    state = play(doc, *there, sort(guest="shelter", driver="home"))
    assert state.sorted == {"refer": {"2": "shelter", "1": "home"}}
    assert state.points["refer"] == 5 and state.best["refer"] == 6
    assert state.clock == 18 + 4 + 1, "the verdict's effect, then the note's"
    for wrong in (None, {}, {"2": "shelter"}, {"2": "shelter", "1": "moon"}, {"2": "x", "9": "x"}):
        with pytest.raises(IllegalAction):
            play(doc, *there, {"action": "sort", "pairs": wrong})


def test_a_harmful_verdict_caps(doc: Json) -> None:
    state = play(
        doc, GO, choose("later"), unfold("phone"), LEAVE, sort(guest="home", driver="desk")
    )
    assert state.caps == ("beside-driver",)


def test_a_rule_fires_once_when_it_first_holds_and_may_lead_elsewhere(doc: Json) -> None:
    state = play(doc, GO, choose("both"))
    assert state.node == "memo", "silence leads to the note, not to the talk"
    assert state.fired == ("silence",) and state.vars["alone"] is False
    assert "talk" not in state.visited


def test_rules_fire_to_a_fixpoint(doc: Json) -> None:
    state = play(doc, GO, choose("later"), unfold("phone"), LEAVE)
    doc["rules"][1]["when"] = ["cmp", ">=", "clock", 18]
    state = play(doc, GO, choose("later"), unfold("phone"))
    assert state.fired == ("silence", "opened"), "the second waits for the first"


def test_a_cap_by_clock(doc: Json) -> None:
    state = play(doc, GO, choose("later"), LEAVE)
    assert state.caps == ()
    doc["rules"][0]["when"] = ["cmp", ">=", "clock", 13]
    assert play(doc, GO, choose("later"), LEAVE).caps == ("late",)


def test_rules_at_an_ending_fire_but_lead_nowhere(doc: Json) -> None:
    state = play(doc, GO, choose("later"), LEAVE, {"action": "write", "text": ""})
    assert state.ending == state.node == "middle"
    assert state.fired == ("echo",)


def test_the_end_takes_nothing_but_going_back(doc: Json) -> None:
    state = play(doc, GO, choose("both"), {"action": "write", "text": ""})
    assert state.ending == "bad-end"
    with pytest.raises(IllegalAction, match="no such action"):
        apply(doc, state, {"node": "bad-end", "action": "continue"})
    assert apply(doc, state, {"node": "bad-end", "action": "rewind", "to": 2}).ending is None


def test_going_back_restores_the_state_and_is_counted(doc: Json) -> None:
    before = play(doc, GO)
    later = play(doc, GO, choose("both"), {"action": "write", "text": "x"})
    back = apply(doc, later, {"node": later.node, "action": "rewind", "to": 2})
    assert back.to_json() == before.to_json() | {"seq": 4, "rewinds": 1}
    again = apply(doc, back, {"node": "first", **choose("apart")})
    assert again.seq == 5 and again.caps == ()
    with pytest.raises(IllegalAction, match="no such event"):
        apply(doc, again, {"node": "talk", "action": "rewind", "to": 3})
    assert score(doc, again)["rewinds"] == 1


@pytest.mark.parametrize("mode", ["assess", "drill"])
def test_only_learn_mode_goes_back(doc: Json, mode: str) -> None:
    state = play(doc, GO, mode=mode)
    with pytest.raises(IllegalAction, match="learn"):
        apply(doc, state, {"node": "first", "action": "rewind", "to": 1})


@pytest.mark.parametrize("action", [None, 1, "go", [], {}, {"node": "first"}, {"node": ["gate"]}])
def test_what_is_no_action_is_refused(doc: Json, action: Any) -> None:
    with pytest.raises(IllegalAction):
        apply(doc, start(doc, "seed"), action)


def test_notes_are_kept_and_limited(doc: Json) -> None:
    memo = (GO, choose("both"))
    assert play(doc, *memo, {"action": "write", "text": "Ä"}).notes == {"memo": "Ä"}
    for text in (None, 3, "x" * 20_001):
        with pytest.raises(IllegalAction):
            play(doc, *memo, {"action": "write", "text": text})


def test_a_hidden_option_cannot_be_chosen(small_data: Json) -> None:
    small_data["nodes"]["first"]["options"][1]["when"] = "trust > 4"
    hidden = document(Case.model_validate(small_data))
    with pytest.raises(IllegalAction, match="not open"):
        play(hidden, GO, choose("both"))
    assert play(hidden, GO, choose("later")).log[-1]["offered"] == ["apart", "later"]


def test_a_replay_stops_at_the_first_illegal_event(doc: Json) -> None:
    trace = {"case": "small-gate", "version": 2, "seed": "s", "mode": "assess"}
    events: list[Any] = [{"seq": 1, "node": "gate", **GO}, {"seq": 3}]
    stopped = replay(doc, trace | {"events": events})
    assert stopped.state.node == "first" and not stopped.finished
    assert stopped.problem is not None and stopped.problem.seq == 2
    for unfit in ({"version": 1}, {"case": "x"}, {"mode": "exam"}, {"seed": 1}, {"events": {}}):
        refused = replay(doc, trace | {"events": events} | unfit)
        assert refused.problem is not None and refused.problem.seq == 0


chance = given(st.randoms(use_true_random=False))
quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@quick
@chance
def test_a_hostile_trace_never_crashes_and_scores_within_bounds(rng: Random) -> None:
    doc = document(made_case(rng))
    played = replay(doc, made_trace(rng, doc))
    assert 0 <= played.score["percent"] <= 100
    assert all(points >= 0 for points in played.state.points.values())
    assert set(played.state.points) == set(played.state.best)
    assert all(t["points"] <= t["max"] for t in played.score["objectives"].values())


@quick
@chance
def test_going_back_and_repeating_leads_to_the_same_state(rng: Random) -> None:
    doc = document(made_case(rng))
    states = [start(doc, "s")]
    for _ in range(8):
        legal = moves(doc, states[-1], rng)
        if not legal:
            break
        states.append(apply(doc, states[-1], rng.choice(legal)))
    to = rng.randint(1, max(1, len(states) - 1))
    if len(states) < 2:
        return
    last = states[-1]
    back = apply(doc, last, {"node": last.node, "action": "rewind", "to": to})
    assert back.to_json() == states[to - 1].to_json() | {"seq": last.seq + 1, "rewinds": 1}


@quick
@chance
def test_random_plays_are_repeatable_and_every_legal_move_is_legal(rng: Random) -> None:
    doc = document(made_case(rng))
    assert random_play(doc, "x", 20).to_json() == random_play(doc, "x", 20).to_json()
