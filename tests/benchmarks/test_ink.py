"""The ink story of a case holds the case: so the benchmarks compare like with like."""

from __future__ import annotations

import re

from benchmarks import ink
from benchmarks.plays import played
from crossings.cases import apply, start
from crossings.curriculum.cases import references

REFERENCE = references()[0]


def test_a_story_has_a_knot_for_each_node_and_a_choice_for_each_option() -> None:
    doc = played(REFERENCE, 1).doc
    story = ink.story(doc)
    knots = set(re.findall(r"^=== (n_\w+)$", story, re.MULTILINE))
    assert knots == {"n_" + name.replace("-", "_") for name in doc["nodes"]}
    targets = set(re.findall(r"-> (n_\w+)", story))
    assert targets <= knots
    for node in doc["nodes"].values():
        for option in node.get("options", ()):
            assert f'= "{option["id"]}"' in story


def test_texts_of_the_case_are_not_taken_for_signs_of_ink() -> None:
    doc = played(REFERENCE, 1).doc
    doc["nodes"][doc["start"]]["text"] = "-> END {seed} // [x] | ~ 1 = 1 # no\n\nVAR of the dawn"
    lines = ink.story(doc).splitlines()
    assert r"\-\> END \{seed\} \/\/ \[x\] \| \~ 1 \= 1 \# no" in lines
    assert r"\VAR of the dawn" in lines


def test_a_play_becomes_one_choice_an_action_and_one_a_person_who_is_sorted() -> None:
    case = played(REFERENCE, 4)
    for state in case.plays:
        sorted_people = sum(len(entry["pairs"]) - 1 for entry in state.log if "pairs" in entry)
        assert len(ink.choices(case.doc, state)) == state.seq + sorted_people


def test_plays_are_given_as_traces_that_replay() -> None:
    case = played(REFERENCE, 4)
    assert case.steps
    for state, trace in zip(case.plays, case.traces(), strict=True):
        now = start(case.doc, trace["seed"], trace["mode"])
        for event in trace["events"]:
            now = apply(case.doc, now, event)
        assert now.to_json() == state.to_json()
