"""Simulated learners: what each does, and that the report finds what is weak."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import crossings
from crossings.cases import Case, document
from crossings.cases.simulate import LEARNERS, findings, play, simulate
from crossings.cases.simulate.report import Point, correlation
from tests.reading import read_yaml

from .made import made_case

Json = dict[str, Any]
REAL = sorted((Path(crossings.__file__).parent.parent / "modules").glob("*/cases/*.yml"))


def weak(data: Json, plays: int = 60) -> list[tuple[str, str]]:
    doc = document(Case.model_validate(data))
    report = simulate(doc, plays, "t")
    return [(".".join(map(str, f.path)), f.message) for f in findings(doc, report)]


@pytest.mark.parametrize("path", REAL, ids=lambda p: p.stem)
def test_the_course_rewards_play_by_the_book(path: Path) -> None:
    case = Case.model_validate(read_yaml(path))
    doc = document(case)
    report = simulate(doc, 120, "t")
    middle = {name: tally.quartiles()[2] for name, tally in report.learners.items()}
    assert report.order()[0] == "by-the-book" and middle["by-the-book"] >= 80
    assert middle["random"] < middle["by-the-book"] - 20
    assert not any(tally.unfinished for tally in report.learners.values())
    # That each decision also separates well takes more plays than a test has time for.
    found = [f.message for f in findings(doc, report)]
    assert [m for m in found if "earns" in m or "rewards" in m] == [], "it pays poor play"


def test_the_same_seed_gives_the_same_report_and_another_one_another(doc: Json) -> None:
    one, two, other = (simulate(doc, 40, seed).to_json() for seed in ("a", "a", "b"))
    assert json.dumps(one) == json.dumps(two) != json.dumps(other)
    assert one["plays"] == 160 and set(one["learners"]) == set(LEARNERS)


def test_each_learner_keeps_its_rule(doc: Json) -> None:
    talks = doc["nodes"]["talk"]["questions"]
    good = {f"talk.{q['id']}" for q in talks if q["grade"] == "good"}
    for n in range(30):
        book = play(doc, LEARNERS["by-the-book"], str(n))
        assert set(book.asked) <= good and book.chosen["first"] in ("apart", "later")
        hurried = play(doc, LEARNERS["hurried"], str(n))
        assert len(hurried.asked) <= 2 and hurried.chosen["first"]
        kind = play(doc, LEARNERS["kind-but-naive"], str(n))
        assert kind.chosen["first"] == "apart", "it raises her trust"
        for state in (hurried, kind):
            assert all(len(set(pairs.values())) == 1 for pairs in state.sorted.values())


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False).map(made_case).map(document), st.sampled_from([*LEARNERS]))
def test_learners_play_any_case_by_its_rules(doc: Json, name: str) -> None:
    """An illegal move would raise."""
    play(doc, LEARNERS[name], "s", steps=60)
    report = simulate(doc, 3, "s", [LEARNERS[name]])
    findings(doc, report)
    assert sum(report.total("endings").values()) + report.learners[name].unfinished == 3


def with_repair(data: Json) -> Json:
    """The harmful choice leads to a stop of its own, where one may take it back."""
    first = data["nodes"]["first"]
    first["options"][1]["effects"] = []  # else she falls silent, and a rule ends the talk
    repair = copy.deepcopy(first)
    kept = {"good": {"points": 2}, "acceptable": {"points": 1}, "harmful": {"points": 0}}
    for option in repair["options"]:
        option |= kept[option["grade"]] | {"to": "talk"}
    first["options"][1]["to"] = "repair"
    data["nodes"]["repair"] = repair
    return data


def test_a_stop_met_only_after_an_error_is_told_apart(small_data: Json) -> None:
    doc = document(Case.model_validate(with_repair(small_data)))
    report = simulate(doc, 60, "t")
    points = {point.node: point for point in report.points}
    assert [name for name, point in points.items() if point.after_error] == ["repair"]
    assert "by-the-book" not in points["repair"].shares and points["repair"].plays >= 30
    assert {p["node"] for p in report.to_json()["points"] if p["after_error"]} == {"repair"}
    assert not [f for f in findings(doc, report) if "`repair`" in f.message]


def test_what_good_play_may_meet_is_not_told_apart(small_data: Json) -> None:
    """The second best choice of a good learner leads there; without it, only the worst does."""
    data = with_repair(small_data)
    data["nodes"]["first"]["options"][2]["to"] = "repair"
    report = simulate(document(Case.model_validate(data)), 60, "t")
    assert not any(point.after_error for point in report.points)


def as_much(data: Json) -> None:
    """The third option is acceptable, the second harmful."""
    data["nodes"]["first"]["options"][1]["points"] = 2


def same_points(data: Json) -> None:
    for option in data["nodes"]["first"]["options"]:
        option["points"] = 2


def never_open(data: Json) -> None:
    data["nodes"]["first"]["options"][2]["when"] = "trust > 4"


def good_is_bad(data: Json) -> None:
    """The cap stands on what the author calls good."""
    data["nodes"]["first"]["options"][0]["cap"] = "beside-driver"


def circle(data: Json) -> None:
    data["nodes"]["look"]["next"] = "first"
    for option in data["nodes"]["first"]["options"]:
        option["to"] = "look"
    data["rules"] = []


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        (same_points, "nodes.first", "every option of `first` earns the same"),
        (
            as_much,
            "nodes.first.options.1",
            "option `first.both` (harmful) earns 2, `later` (acceptable) 2",
        ),
        (never_open, "nodes.first.options.2", "option `first.later` was never open"),
        (good_is_bad, "caps", "one play in four by `by-the-book` ends at 40 percent or less"),
        (circle, "nodes", "60 of 60 plays by `random` do not end"),
        (circle, "nodes.talk", "`talk` was met in 0 of 240 plays"),
    ],
    ids=["same-points", "as-much", "never-open", "good-is-bad", "circle", "never-met"],
)
def test_a_weak_spot_is_named_with_its_place(
    small_data: Json, change: Callable[[Json], None], place: str, words: str
) -> None:
    before = weak(small_data)
    assert not any(message == words for _, message in before)
    change(small_data)
    assert (place, words) in weak(small_data)


def test_correlation_is_pearsons() -> None:
    line = [(float(n), 2.0 * n + 1) for n in range(40)]
    assert correlation(line) == pytest.approx(1)
    assert correlation([(x, -y) for x, y in line]) == pytest.approx(-1)
    assert correlation([(1.0, float(n)) for n in range(40)]) is None
    assert correlation(line[:10]) is None, "too few to say anything"
    half = [(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)] * 10
    assert correlation(half) == pytest.approx(0)


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("decision", "options"),
        ("interview", "questions"),
        ("search", "evidence"),
        ("triage", "channel"),
    ],
)
def test_the_hint_about_a_weak_stop_speaks_of_what_is_there(
    doc: Json, kind: str, word: str
) -> None:
    report = simulate(doc, 20, "t")
    node = next(name for name, one in doc["nodes"].items() if one["kind"] == kind)
    shares = dict.fromkeys(LEARNERS, 0.5)
    flat = replace(report, points=[Point(node, kind, 80, 0.05, shares)])
    (told,) = [f for f in findings(doc, flat) if "hardly separates" in f.message]
    assert word in told.hint


def test_the_clock_of_a_stop_spans_all_plays(doc: Json) -> None:
    report = simulate(doc, 40, "t")
    clocks = report.to_json()["clock"]
    assert clocks["gate"] == [0, 0] and set(clocks) == set(report.total("nodes"))
    low, high = clocks["memo"]
    assert low < high
