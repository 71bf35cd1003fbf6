"""What a player shows, what it must not show yet, and how the end is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crossings.cases import State, apply, debrief, start, view
from crossings.items.shuffle import picked, shuffled

Json = dict[str, Any]
TO_TALK = [{"action": "continue"}, {"action": "choose", "choice": "apart"}]
HARM = [
    {"action": "continue"},
    {"action": "choose", "choice": "both"},
    {"action": "write", "text": "To {amina}"},
]


def play(doc: Json, actions: list[Json], mode: str = "learn", seed: str = "seed") -> State:
    state = start(doc, seed, mode)
    for action in actions:
        state = apply(doc, state, {"node": state.node, **action})
    return state


def test_variants_are_filled_everywhere_and_other_braces_stay(doc: Json) -> None:
    seen = view(doc, start(doc, "seed"))
    name = picked(["Amina", "Bushra", "Dalia"], "seed/amina")
    cargo = picked(["rice", "cement"], "seed/cargo")
    assert (
        seen["text"].strip() == f"{name} stands beside the truck with {cargo}. {{ braces }} stay."
    )
    assert [p["name"] for p in seen["people"]] == [name, "Émile"]
    assert [p["monogram"] for p in seen["people"]] == [name[0], "DR"]


def test_time_runs_over_midnight(doc: Json) -> None:
    assert view(doc, start(doc, "s"))["time"] == "23:40"
    later = play(doc, [*TO_TALK, {"action": "ask", "question": "safe"}])
    doc["starts_at"] = "23:58"
    assert view(doc, later)["time"] == "00:03"


def test_options_stand_in_the_order_of_the_seed(doc: Json) -> None:
    for seed in "abc":
        seen = view(doc, play(doc, TO_TALK[:1], seed=seed))
        wanted = shuffled(["apart", "both", "later"], f"{seed}/small-gate/first")
        assert [o["id"] for o in seen["options"]] == wanted
        assert set(seen["options"][0]) == {"id", "text"}


def test_only_visible_variables_are_shown(doc: Json) -> None:
    shown = view(doc, play(doc, TO_TALK))["variables"]
    assert [v["name"] for v in shown] == ["trust", "signs"]
    assert shown[0]["value"] == 3 and shown[1]["value"] == []


def test_an_interview_shows_answers_of_what_was_asked(doc: Json) -> None:
    seen = view(doc, play(doc, [*TO_TALK, {"action": "ask", "question": "safe"}]))
    safe, debt, _ = seen["questions"]
    assert safe["asked"] and "answer" in safe and "answer" not in debt
    assert seen["remaining"] == {"questions": 1}


def test_a_search_shows_what_can_still_be_opened(doc: Json) -> None:
    there = [{"action": "continue"}, {"action": "choose", "choice": "later"}]
    seen = view(doc, play(doc, [*there, {"action": "open", "evidence": "phone"}]))
    assert [(f["evidence"], f["opened"], f["open"]) for f in seen["finds"]] == [
        ("phone", True, False),
        ("contract", False, False),
        ("log", False, True),
        ("ticket", True, False),
    ]
    assert seen["remaining"] == {"minutes": 2, "finds": 1}
    assert seen["announce"][0]["evidence"]["id"] == "phone"
    assert [e["id"] for e in seen["dossier"]] == ["ticket", "phone"]
    assert "why" not in json.dumps(seen), "what it means is for the debrief"


def test_learn_mode_tells_at_once_why(doc: Json) -> None:
    (choice,) = view(doc, play(doc, TO_TALK))["announce"]
    assert choice["kind"] == "choice" and choice["grade"] == "good"
    assert choice["reason"] and choice["cites"] == ["TIP-6"]


@pytest.mark.parametrize(("mode", "told"), [("assess", False), ("drill", True)])
def test_other_modes_keep_the_grade_until_the_end(doc: Json, mode: str, told: bool) -> None:
    (choice,) = view(doc, play(doc, TO_TALK, mode))["announce"]
    assert ("consequence" in choice) is told
    assert not {"grade", "reason", "cites"} & set(choice)
    assert view(doc, play(doc, TO_TALK, mode))["rewind"] == []


def test_rules_that_fired_are_announced(doc: Json) -> None:
    said = view(doc, play(doc, HARM[:2], "assess"))["announce"]
    assert [s["kind"] for s in said] == ["choice", "rule"]
    assert said[1] == {"kind": "rule", "id": "silence", "text": "She says nothing any more."}


def test_going_back_announces_nothing_and_offers_earlier_stops(doc: Json) -> None:
    state = play(doc, [*TO_TALK, {"action": "ask", "question": "safe"}, {"action": "leave"}])
    assert [(r["seq"], r["node"]) for r in view(doc, state)["rewind"]] == [
        (2, "first"),
        (3, "talk"),
    ]
    back = apply(doc, state, {"node": "look", "action": "rewind", "to": 2})
    assert view(doc, back)["announce"] == []


def test_the_debrief_of_a_harmful_play(doc: Json) -> None:
    told = debrief(doc, play(doc, HARM, "assess"))
    assert (told["outcome"], told["ending"]) == ("harmed", "bad-end")
    (wrong,) = told["went_wrong"]
    assert (wrong["node"], wrong["id"], wrong["grade"]) == ("first", "both", "harmful")
    assert told["well"] == []
    assert [e["id"] for e in told["missed"]["evidence"]] == ["phone", "contract"]
    assert [s["tag"] for s in told["missed"]["signs"]] == ["debt", "papers", "fear"]
    assert [r["id"] for r in told["later"]] == ["silence"]
    assert [c["id"] for c in told["caps"]] == ["beside-driver"]
    assert told["people"][0]["text"] == "Nobody knows."
    assert told["rules"] == ["TIP-3a", "TIP-6", "TIP-9"]
    assert [stop["node"] for stop in told["path"]] == ["gate", "first", "memo", "bad-end"]


def test_the_learners_own_words_are_left_alone(doc: Json) -> None:
    told = debrief(doc, play(doc, HARM))
    assert told["notes"][0]["text"] == "To {amina}"
    assert "{" not in told["notes"][0]["prompt"]


def test_the_path_shows_what_was_not_taken(doc: Json) -> None:
    told = debrief(doc, play(doc, TO_TALK))
    (done,) = told["path"][1]["done"]
    assert done["id"] == "apart" and [o["id"] for o in done["others"]] == ["both", "later"]


def test_good_questions_are_missed_only_where_points_were(doc: Json) -> None:
    asked = [*TO_TALK, {"action": "ask", "question": "safe"}]
    missed = debrief(doc, play(doc, [*asked, {"action": "leave"}]))["missed"]["questions"]
    assert [q["id"] for q in missed] == ["debt"]
    full = play(doc, [*asked, {"action": "ask", "question": "debt"}, {"action": "leave"}])
    assert debrief(doc, full)["missed"]["questions"] == []
