"""Points, percent, caps, and what counts for objectives and provisions."""

from __future__ import annotations

from typing import Any

import pytest

from crossings.cases import Case, document, replay
from crossings.cases.document import most_asked, most_opened
from crossings.cases.score import percent_of

Json = dict[str, Any]


def walk(doc: Json, case: Case, name: str) -> Json:
    events = [a.model_dump(exclude_none=True) for a in case.walkthroughs[name].actions]
    trace = {"case": doc["id"], "version": 2, "seed": "s", "mode": "assess", "events": events}
    return dict(replay(doc, trace).score)


def test_the_best_walkthrough_sets_the_hundred(doc: Json, small: Case) -> None:
    report = walk(doc, small, "best")
    assert report["points"] == report["max"] == doc["max"] == 13
    assert (report["percent"], report["outcome"], report["capped_by"]) == (100, "protected", [])


def test_points_by_objective_and_provision(doc: Json, small: Case) -> None:
    report = walk(doc, small, "best")
    assert report["objectives"] == {
        "TI-1": {"points": 9, "max": 9},
        "TI-2": {"points": 10, "max": 10},
    }
    assert report["law"]["TIP-9"] == {"points": 3, "max": 3}, "the driver alone"
    assert report["law"]["TIP-3a"] == {"points": 7, "max": 7}, "decision, talk and phone"


def test_the_lowest_cap_holds_and_the_uncapped_percent_is_kept(doc: Json, small: Case) -> None:
    report = walk(doc, small, "harm")
    assert report["capped_by"] == ["beside-driver"]
    doc["caps"]["beside-driver"]["percent"] = 0
    doc["nodes"]["first"]["options"][1]["points"] = 13
    report = walk(doc, small, "harm")
    assert (report["percent"], report["uncapped"]) == (0, 100)


@pytest.mark.parametrize(
    ("points", "most", "percent"),
    [(0, 8, 0), (1, 8, 13), (1, 200, 1), (1, 201, 0), (9, 8, 100), (3, 0, 0), (5, 1000, 1)],
)
def test_percent_is_whole_and_rounds_halves_up(points: int, most: int, percent: int) -> None:
    assert percent_of(points, most) == percent


def test_an_unfinished_play_has_no_outcome(doc: Json) -> None:
    trace = {"case": doc["id"], "version": 2, "seed": "s", "mode": "learn", "events": []}
    report = replay(doc, trace).score
    assert (report["outcome"], report["points"], report["law"]) == (None, 0, {})


def test_the_most_an_interview_can_earn() -> None:
    assert most_asked([1, 1, -2, 0, 3], limit=2, points=9) == 4
    assert most_asked([1, 1, 1], limit=3, points=2) == 2


def test_the_most_a_search_can_earn() -> None:
    assert most_opened([(6, 2), (3, 1), (5, 2)], budget=8) == 3
    assert most_opened([(9, 5)], budget=8) == 0


def test_the_document_keeps_no_walkthrough_and_parses_guards(small: Case) -> None:
    doc = document(small)
    assert "walkthroughs" not in doc
    assert doc["rules"][0]["when"] == ["cmp", ">=", "clock", 30]
    assert doc["nodes"]["talk"]["next"] == [{"to": "look"}]
    assert doc["nodes"]["first"]["options"][1]["effects"] == [["add", "trust", -9]]
    assert doc["key"] == ["phone", "contract"]


def test_only_what_was_offered_counts_as_possible(small_data: Json) -> None:
    small_data["nodes"]["first"]["options"][0]["when"] = "trust > 4"
    small_data["walkthroughs"] = {
        "best": {
            "ending": "middle",
            "actions": [
                {"node": "gate", "action": "continue"},
                {"node": "first", "action": "choose", "choice": "later"},
            ],
        }
    }
    case = Case.model_validate(small_data)
    doc = document(case)
    assert walk(doc, case, "best")["objectives"]["TI-1"] == {"points": 2, "max": 2}
