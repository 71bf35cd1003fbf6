"""The Python and the JavaScript engine agree on every case and every trace."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import crossings
from crossings.cases import (
    Case,
    IllegalAction,
    Play,
    State,
    apply,
    debrief,
    document,
    replay,
    score,
    start,
    view,
)
from crossings.cases.guard import parse
from tests.reading import read_yaml

from .made import EVIDENCE, guard, made_case, made_trace
from .twin import Illegal, Twin

MODULES = Path(crossings.__file__).parent.parent / "modules"
REAL = sorted(MODULES.glob("*/cases/*.yml"))
TWIN = Twin()


def agree(doc: dict[str, Any], trace: Any) -> None:
    """Both replay `trace` alike, and step through it alike, seeing the same at each step."""
    TWIN.keep(doc)
    play = agree_in_the_end(doc, trace)
    if play.problem is not None and play.problem.seq == 0:
        return
    state = start(doc, trace["seed"], trace["mode"])
    theirs = TWIN.start(doc, trace["seed"], trace["mode"])
    for event in [None, *trace["events"]]:
        if event is not None:
            try:
                state = apply(doc, state, event)
            except IllegalAction as error:
                with pytest.raises(Illegal) as refused:
                    TWIN.apply(doc, theirs, event)
                assert str(refused.value) == str(error)
                return
            theirs = TWIN.apply(doc, theirs, event)
        assert state.to_json() == theirs
        assert view(doc, state) == TWIN.view(doc, theirs)
        assert score(doc, state) == TWIN.score(doc, theirs)
        assert debrief(doc, state) == TWIN.debrief(doc, theirs)


def agree_in_the_end(doc: dict[str, Any], trace: Any) -> Play:
    play = replay(doc, trace)
    theirs = TWIN.replay(doc, trace)
    assert json.loads(json.dumps(play.to_json())) == theirs
    assert view(doc, play.state) == TWIN.view(doc, theirs["state"])
    return play


def plain(doc: dict[str, Any]) -> dict[str, Any]:
    """The document as it reaches a page: nothing in it but JSON."""
    sent: dict[str, Any] = json.loads(json.dumps(doc))
    assert sent == doc
    return sent


@pytest.mark.parametrize("number", range(30))
def test_the_fixture_case(doc: dict[str, Any], number: int) -> None:
    agree(plain(doc), made_trace(Random(number), doc))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False))
def test_made_cases(rng: Random) -> None:
    doc = plain(document(made_case(rng)))
    doc["max"] = rng.randint(0, 12)
    agree(doc, made_trace(rng, doc))


@pytest.mark.parametrize("part", range(20))
def test_a_thousand_made_cases_from_plain_chance(part: int) -> None:
    for number in range(part * 50, part * 50 + 50):
        rng = Random(f"plain/{number}")
        doc = plain(document(made_case(rng)))
        doc["max"] = rng.randint(0, 12)
        agree(doc, made_trace(rng, doc))


@pytest.mark.parametrize("path", REAL, ids=lambda p: p.stem)
def test_real_cases(path: Path) -> None:
    case = Case.model_validate(read_yaml(path))
    doc = plain(document(case))
    TWIN.keep(doc)
    for name, walk in case.walkthroughs.items():
        events = [action.model_dump(exclude_none=True) for action in walk.actions]
        check = agree if name == "best" else agree_in_the_end
        check(doc, trace_of(doc, name, events))


TRACES = 630
"""Random traces over all shipped cases together; `-m slow` plays fifteen times as many."""


def test_there_are_real_cases() -> None:
    assert REAL


@pytest.mark.parametrize(
    "part", [0, *(pytest.param(part, marks=pytest.mark.slow) for part in range(1, 16))]
)
@pytest.mark.parametrize("path", REAL, ids=lambda p: p.stem)
def test_thousands_of_traces_of_real_cases(path: Path, part: int) -> None:
    """Mostly legal, some hostile, with going back and every mode."""
    case = Case.model_validate(read_yaml(path))
    doc = plain(document(case))
    TWIN.keep(doc)
    for number in range(-(-TRACES // len(REAL))):
        agree_in_the_end(doc, made_trace(Random(f"{part}/{number}"), doc, length=90))


@pytest.mark.parametrize("damaged", [None, [], "x", 3, {}, {"case": "small-gate"}])
def test_what_is_no_trace_is_reported_alike(doc: dict[str, Any], damaged: Any) -> None:
    agree(doc, damaged)


@pytest.mark.parametrize(
    "pairs",
    [None, [], {}, {"2": "shelter"}, {"2": "shelter", "9": "desk"}, {"2": "shelter", "1": "moon"},
     {"2": "shelter", "1": None}, {"2": "home", "1": "desk", "3": "desk"},
     {"1": "home", "2": "home"}],
)  # fmt: skip
def test_every_sort_is_judged_alike(doc: dict[str, Any], pairs: Any) -> None:
    events = [
        {"node": "gate", "action": "continue"},
        {"node": "first", "action": "choose", "choice": "later"},
        {"node": "look", "action": "open", "evidence": "phone"},
        {"node": "look", "action": "leave"},
        {"node": "refer", "action": "sort", "pairs": pairs},
        {"node": "memo", "action": "write", "text": "{amina}"},
    ]
    agree(plain(doc), trace_of(doc, "s", events))


@pytest.mark.parametrize(
    ("choice", "last"),
    [
        ("apart", [{"question": "safe"}, {"question": "debt"}, {"question": "lie"}]),
        ("apart", [{"question": "lie"}, {"question": "lie"}]),
        ("apart", [{"question": "lie"}, {"question": "debt"}]),
        ("later", [{"evidence": "phone"}, {"evidence": "contract"}]),
        ("later", [{"evidence": "phone"}, {"evidence": "log"}, {"evidence": "log"}]),
        ("later", [{"evidence": "ticket"}]),
    ],
)
def test_limits_are_kept_alike(doc: dict[str, Any], choice: str, last: list[Any]) -> None:
    there = [
        {"node": "gate", "action": "continue"},
        {"node": "first", "action": "choose", "choice": choice},
    ]
    node, action = ("talk", "ask") if choice == "apart" else ("look", "open")
    tried = [{"node": node, "action": action} | move for move in last]
    agree(plain(doc), trace_of(doc, "s", there + tried))


def test_long_traces_and_long_texts_are_refused_alike(doc: dict[str, Any]) -> None:
    agree(doc, trace_of(doc, "s", [{}] * 2001))
    agree(doc, trace_of(doc, "😀" * 200, []))
    agree(doc, trace_of(doc, "😀" * 201, []))


def trace_of(doc: dict[str, Any], seed: str, events: list[Any]) -> dict[str, Any]:
    return {
        "case": doc["id"],
        "version": doc["version"],
        "seed": seed,
        "mode": "learn",
        "events": events,
    }


def test_guards_agree(doc: dict[str, Any]) -> None:
    """A decision with a thousand guarded options shows which guards hold."""
    rng = Random("guards")
    option = doc["nodes"]["first"]["options"][0]
    names = ["first", "talk", "look", "gate"]
    options = [option | {"id": f"o{n}", "when": parse(guard(rng, names))} for n in range(1000)]
    node = doc["nodes"]["first"] | {"options": options}
    cards = dict.fromkeys(EVIDENCE, doc["evidence"]["log"])
    wide = plain(
        doc
        | {
            "variables": {},
            "evidence": doc["evidence"] | cards,
            "nodes": doc["nodes"] | {"first": node},
        }
    )
    TWIN.keep(wide)
    for number in range(8):
        chance = Random(number)
        state = start(wide, "s").to_json() | {
            "node": "first",
            "clock": chance.randint(0, 9),
            "vars": {
                "trust": chance.randint(-2, 5),
                "fear": chance.randint(0, 9),
                "constructor": chance.random() < 0.5,
                "signs": chance.sample(["a", "b"], chance.randint(0, 2)),
            },
            "seen": chance.sample(["e1", "3", "e4"], 2),
            "log": [{"seq": -1, "entered": []}],
            "asked": chance.sample(["talk.x", "talk.1", "look.x"], 2),
            "visited": ["gate", "first"],
            "chosen": {"first": chance.choice(["x", "1", "constructor"])},
            "fired": chance.choice([[], ["rule0"]]),
        }
        listed = {key: tuple(value) for key, value in state.items() if isinstance(value, list)}
        signs = {"signs": tuple(state["vars"]["signs"])}
        ours = State(**state | listed | {"vars": state["vars"] | signs})
        shown = view(wide, ours)["options"]
        assert shown == TWIN.view(wide, state)["options"]
        assert 0 < len(shown) < 1000
