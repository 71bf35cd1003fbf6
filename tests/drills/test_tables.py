"""Tables and statements of a drill hold exactly what its log holds, counted from the events."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossings.drills import DrillLog, DrillState, fold, report
from crossings.drills.log import Event
from crossings.drills.statements import statements
from crossings.drills.tables import tables
from tests.drills import any_kind, classroom
from tests.drills.any_kind import HIDDEN, HOSTILE, NAMES, PLANS
from tests.drills.test_state import Play

ACTED = {"answered", "acted", "did", "sent", "filed"}


def rows(state: DrillState, name: str, names: bool = False) -> list[dict[str, str]]:
    """A table as somebody reads it who has the CSV file."""
    text = report.export_csv(tables(state, names)[name])
    return list(csv.DictReader(io.StringIO(text, newline="")))


# Any answers, sent in any order and several times

CHOICES = (("yes", "no", "later", "border"), ("papers", "debt", "accent", "phone"))
sent = st.tuples(
    st.sampled_from(("s1", "s2", "s3", "s4")),
    st.integers(0, 1),
    st.integers(1, 3),
    st.integers(0, 3),
)


def counted(events: list[Event]) -> dict[tuple[str, int], str]:
    """What counts of the events, worked out anew: of one seat and step the highest number."""
    best: dict[tuple[str, int], tuple[int, str, str]] = {}
    gone = {e.seat for e in events if e.kind == "removed"}
    for event in events:
        if event.kind != "answered" or event.seat in gone:
            continue
        payload = event.payload
        place = (event.seat, payload["step"])
        mine = (payload["n"], event.key, payload["response"].get("choice", ""))
        if place not in best or best[place][:2] < mine[:2]:
            best[place] = mine
    return {place: choice for place, (_, _, choice) in best.items()}


@settings(max_examples=25, deadline=None)
@given(
    st.lists(sent, max_size=30),
    st.booleans(),
    st.lists(st.text(min_size=1, max_size=12), min_size=4, max_size=4),
)
def test_exports_count_exactly_what_the_log_holds(
    answers: list[tuple[str, int, int, int]], removed: bool, names: list[str]
) -> None:
    play = Play(classroom.quiz(), ())
    for n, name in enumerate(names, 1):
        play.add(1, "joined", {"name": name, "code": f"C{n}"}, f"s{n}")
    play.add(10, "started")
    for step in (0, 1):
        if step:
            play.add(40, "moved", {"from": 0, "to": 1})
        for seat, at, n, place in answers:
            if at == step:
                choice = CHOICES[step][place]
                response: dict[str, Any] = {"choice": choice} if not step else {"choices": [choice]}
                payload = {"step": step, "n": n, "response": response}
                play.add(15 + 30 * step, "answered", payload, seat)
        play.add(38 + 30 * step, "revealed", {"step": step})
    if removed:
        play.add(80, "removed", {}, "s2")
    state, truth = play.add(90, "ended").state, counted(play.events)
    assert truth.keys() == {
        (seat, step) for seat, step, _, _ in answers if not (removed and seat == "s2")
    }
    table = tables(state, names=True)["answers"]
    given_ = table[table["grade"] != "none"]
    assert len(given_) == len(truth)
    assert len(table) == 2 * (3 if removed else 4)
    texts = dict(state.plan().choices(0, state.run))
    first = Counter(texts[c] for (_, step), c in truth.items() if step == 0)
    assert Counter(given_[given_["step"] == 1]["answer"]) == first
    told = statements(state)
    assert sum(s["verb"]["id"].endswith("/answered") for s in told) == len(truth)
    assert sum(s["verb"]["id"].endswith("/completed") for s in told) == (3 if removed else 4)
    assert len({s["id"] for s in told}) == len(told)


# Every kind


@pytest.fixture(params=PLANS, ids=lambda name: name.replace(" ", "-"))
def state(request: pytest.FixtureRequest, log: DrillLog) -> DrillState:
    return fold(log.since(any_kind.played(log, PLANS[request.param]())))


def test_every_act_of_the_log_is_a_statement(state: DrillState, log: DrillLog) -> None:
    events = [e for e in log.since(state.run) if e.kind in ACTED]
    told = [s for s in statements(state) if "completed" not in s["verb"]["id"]]
    if state.case is None:
        assert len(told) == len(events)
        return
    people = [s for s in told if s["actor"]["objectType"] == "Agent"]
    together = [s for s in told if s["actor"]["objectType"] == "Group"]
    if state.case.decide == "each":
        assert len(people) == len(events) and not together
        return
    votes = sum(e.kind == "answered" for e in events)
    assert len(people) == votes
    taken = len(state.taken) + sum(len(t) for t in state.team_taken.values())
    assert len(together) == taken


def test_names_are_there_when_asked_for_and_the_hidden_one_never(state: DrillState) -> None:
    without, with_names = (
        "".join(report.export_csv(t) for t in tables(state, names).values())
        + "".join(str(s) for s in statements(state, names=names))
        for names in (False, True)
    )
    for name in (HIDDEN, "@SUM(1)", "$x^2$ {{7*7}}"):
        assert name not in without
    assert HIDDEN not in with_names and "Participant 7" in with_names
    assert "$x^2$ {{7*7}}" in with_names


def test_no_cell_is_a_formula(state: DrillState) -> None:
    for name, table in tables(state, names=True).items():
        text = report.export_csv(table)
        for row in csv.reader(io.StringIO(text, newline="")):
            for cell in row:
                number = cell.removeprefix("-").replace(".", "", 1).isdigit()
                assert number or not cell.lstrip().startswith(("=", "+", "-", "@", "|", "%")), name


def test_every_statement_has_the_form_of_xapi(state: DrillState) -> None:
    told = statements(state, names=True)
    assert len({s["id"] for s in told}) == len(told) > 0
    for one in told:
        assert one["version"] == "1.0.3" and one["timestamp"].endswith("Z")
        assert one["actor"]["account"]["name"].startswith(state.run)
        assert one["result"].get("response") != ""
        if "score" in one["result"]:
            score = one["result"]["score"]
            assert score["min"] <= score["raw"] <= score["max"] and score["scaled"] <= 1
    assert [s["id"] for s in statements(state)] != [] and statements(state) == statements(state)


def test_the_parts_of_a_case_are_all_there(log: DrillLog) -> None:
    state = fold(log.since(any_kind.played(log, PLANS["case, the room"]())))
    cast = [e for e in log.since(state.run) if e.kind == "answered"]
    assert sum(r["given"] == "True" for r in rows(state, "moves")) == len(cast)
    assert sum(int(r["chosen"]) for r in rows(state, "decisions")) == sum(
        len(a.payload["response"].get("pairs", {"": ""}))
        for a in cast
        if a.payload["response"]["action"] in ("choose", "sort")
    )


def test_a_drill_that_still_runs_has_its_open_votes_and_no_end(log: DrillLog) -> None:
    for name in ("quiz", "case, the room", "case, teams"):
        run = any_kind.played(log, PLANS[name](), steps=2)
        state = fold(log.since(run))
        events = [e for e in log.since(run) if e.kind == "answered"]
        told = statements(state)
        people = [s for s in told if s["actor"]["objectType"] == "Agent"]
        assert len(people) == len(events) > 0, name
        assert not [s for s in told if "completed" in s["verb"]["id"]]
        assert tables(state)["drill"].iloc[0]["status"] == "running"


def test_a_drill_that_nobody_played_has_one_table() -> None:
    state = Play(classroom.quiz(), ()).state
    assert set(tables(state)) == {"drill"} and statements(state) == []


def test_names_in_the_log_are_hostile_enough() -> None:
    assert HOSTILE in NAMES and len(set(NAMES)) == len(NAMES)
    with TemporaryDirectory() as folder:
        log = DrillLog(Path(folder) / "drills.sqlite")
        run = any_kind.played(log, PLANS["quiz"]())
        assert fold(log.since(run)).seats["s006"].masked
        log.close()
