"""The notebook's host: what the browser says is replayed, never believed."""

from __future__ import annotations

from typing import Any

import pytest

from crossings.curriculum.model import Course
from crossings.player.widget import Player, show


def best(course: Course) -> dict[str, Any]:
    case = course.case("sample/late-ship")
    actions = case.walkthroughs["best"].actions
    events = [a.model_dump(exclude_none=True) | {"seq": n} for n, a in enumerate(actions, 1)]
    return {"case": case.id, "version": 2, "seed": "s", "mode": "learn", "events": events}


def test_a_trace_is_replayed_here(course: Course) -> None:
    play = show("sample/late-ship", course)
    assert play.kind == "case" and play.score is None
    play.trace = best(course)
    assert play.ending == "safe" and play.score["percent"] == 100 and not play.problem


def test_a_hostile_trace_earns_nothing(course: Course) -> None:
    play = show("sample/late-ship", course)
    forged = best(course) | {"score": {"percent": 100}, "ending": "safe"}
    forged["events"] = [{"seq": 1, "node": "handover", "action": "write", "text": "x"}]
    play.trace = forged
    assert play.ending is None and play.score["points"] == 0
    assert "another node" in play.problem


def test_first_responses_are_scored_here(course: Course) -> None:
    play = show("sample/child-means", course)
    play.responses = {"child-means": {"first": {"response": {"choice": "means"}, "points": 99}}}
    assert play.score == {"points": 1.0, "max": 1.0}
    play.responses = {"child-means": {"first": {"response": {"choice": "act"}, "points": 99}}}
    assert play.score == {"points": 0.0, "max": 1.0}
    play.responses = {"child-means": "nonsense", "other": None}
    assert play.score == {"points": 0.0, "max": 1.0}


@pytest.mark.parametrize("ref", ["sample/late-shipp", "late-ship", "sampel/late-ship"])
def test_a_wrong_name_teaches_the_right_one(course: Course, ref: str) -> None:
    with pytest.raises(ValueError, match=r"near names are: .*`sample/late-ship`"):
        show(ref, course)


def test_the_module_script_is_self_contained() -> None:
    source = Player._esm if isinstance(Player._esm, str) else str(Player._esm)
    assert "import " not in source.split("export default")[0].replace("important ", "")
    assert "export default" in source
