"""The engine: what fires when, what acts do, what the clock's turns do."""

from __future__ import annotations

from typing import Any

import pytest

from crossings.tabletop import Event, Play, played, public_view, role_view
from crossings.tabletop.results import decided, marks, points, reached
from tests.tabletop.made import START, TABLE, at, did, event, sent


def fired(play: Play) -> dict[str, float]:
    return {name: ms / 60_000 for name, ms in play.fired.items()}


def standing(play: Play) -> dict[str, str]:
    return {r.name: r.standing for r in reached(play)}


def test_before_the_start_nothing_happens() -> None:
    play = played(TABLE, [sent(1, "coast", "press")], START + 600)
    assert play.status == "waiting" and not play.entries and not play.counted
    assert play.due is None


def test_injects_by_time_come_at_their_minute() -> None:
    assert fired(at(4.99)) == {"call": 0}
    assert fired(at(5)) == {"call": 0, "news": 5}


def test_an_inject_with_time_and_condition_is_decided_at_its_minute() -> None:
    assert fired(at(16))["late"] == 15
    assert "late" not in fired(at(16, did(3, "coast", "send-boat")))
    # What becomes true later does not bring it back.
    assert "late" not in fired(at(40, did(14.9, "coast", "send-boat")))


def test_a_condition_fires_at_once_or_later_but_not_too_early() -> None:
    play = at(30, did(3, "coast", "send-boat"))
    assert fired(play)["boy"] == 6
    assert fired(play)["landed"] == 12
    assert fired(at(30, did(14, "coast", "send-boat")))["landed"] == 14


def test_silence_counts_what_others_told() -> None:
    assert fired(at(20))["silent"] == 20
    assert "silent" not in fired(at(20, sent(19, "press", "child")))
    assert fired(at(20, sent(19, "child", "press")))["silent"] == 20


def test_a_form_tells_who_gets_it() -> None:
    filed = event(3, "filed", role="coast", form="report", fields={"people": "60"})
    assert ("coast", "press") in _wrote(at(4, filed))


def _wrote(play: Play) -> set[tuple[str, str]]:
    return {(e.by, to) for e in play.entries if e.kind in ("message", "form") for to in e.to}


def test_the_trainer_s_hand_sends_an_inject_once() -> None:
    play = at(9, event(3, "injected", inject="camera"), event(4, "injected", inject="camera"))
    assert fired(play)["camera"] == 3
    assert len(play.counted) == 1


def test_the_trainer_writes_an_inject_of_the_moment() -> None:
    own = event(3, "injected", to=["press"], title="A question", text="Who speaks?")
    assert [e["text"] for e in role_view(at(4, own), ["press"])["inbox"]] == ["Who speaks?"]
    assert role_view(at(4, own), ["child"])["inbox"] == []


def test_a_branch_goes_by_condition_or_by_hand() -> None:
    assert at(25).ways == {"wind": "storm"} and "waves" in at(25).fired
    assert at(25, did(3, "coast", "send-boat")).ways == {"wind": "still"}
    hand = event(10, "branched", branch="wind", way="still")
    assert at(30, hand).ways == {"wind": "still"}
    assert at(30, hand, event(11, "branched", branch="wind", way="storm")).ways["wind"] == "still"


def test_milestones_are_switches() -> None:
    play = at(50, did(5, "coast", "send-boat"), sent(25, "coast", "child"))
    assert standing(play) == {
        "boat-out": "met", "child-told": "late", "names-safe": "missed", "calm": "met"
    }  # fmt: skip
    undone = at(50, did(9, "press", "one-line"), did(12, "press", "give-names"))
    assert standing(undone)["names-safe"] == "undone"
    assert standing(at(5))["names-safe"] == "open"
    assert points(play) == (2, 4)


def test_in_time_is_until_the_minute_is_over() -> None:
    assert standing(at(30, did(10.99, "coast", "send-boat")))["boat-out"] == "met"
    assert standing(at(30, did(11, "coast", "send-boat")))["boat-out"] == "late"


def test_the_trainer_may_switch_a_milestone() -> None:
    on = event(4, "switched", milestone="calm", on=True)
    off = event(6, "switched", milestone="calm", on=False)
    assert "calm" in at(5, on, off).met
    assert standing(at(7, on, off))["calm"] == "undone"


def test_an_action_is_taken_once_by_a_role_that_may() -> None:
    play = at(9, did(1, "coast", "send-boat"), did(2, "coast", "send-boat"),
              did(3, "press", "send-boat"), did(4, "child", "visit"))  # fmt: skip
    assert [(d.role, d.name) for d in decided(play)] == [("coast", "send-boat")]
    assert len(play.counted) == 1


def test_an_action_opens_with_its_condition() -> None:
    assert at(9).open_actions["child"] == ()
    assert at(9, sent(2, "coast", "child")).open_actions["child"] == ("visit",)


@pytest.mark.parametrize(
    "payload",
    [
        {"role": "coast", "to": [], "text": "x"},
        {"role": "coast", "to": ["coast"], "text": "x"},
        {"role": "coast", "to": ["nobody"], "text": "x"},
        {"role": "coast", "to": [["press"]], "text": "x"},
        {"role": "coast", "to": "press", "text": "x"},
        {"role": "coast", "to": ["press"], "text": "  "},
        {"role": "coast", "to": ["press"], "text": "x" * 2001},
        {"role": "coast", "to": ["press"], "text": 5},
        {"role": ["coast"], "to": ["press"], "text": "x"},
        {"to": ["press"], "text": "x"},
    ],
)
def test_a_message_that_cannot_be_sent_has_no_effect(payload: dict[str, Any]) -> None:
    play = at(3, event(2, "sent", **payload))
    assert not play.counted and not _wrote(play)


def test_control_can_be_asked() -> None:
    play = at(3, sent(2, "coast", "control"))
    assert len(play.counted) == 1
    assert role_view(play, ["press"])["inbox"] == []


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"people": "60"}, {"people": 60}),
        ({"people": 60, "what": " Tea ", "when": "05:10", "needs": ["doctor", "food"], "x": 1},
         {"people": 60, "what": "Tea", "when": "05:10", "needs": ["food", "doctor"]}),
        ({}, None),
        ({"people": ""}, None),
        ({"people": "many"}, None),
        ({"people": 1, "when": "half past"}, None),
        ({"people": 1, "needs": ["tea"]}, None),
        ({"people": 1, "needs": [["food"]]}, None),
        ({"people": 1, "what": "x" * 2001}, None),
        ("people", None),
    ],
)  # fmt: skip
def test_a_form_keeps_what_fits(fields: Any, kept: dict[str, Any] | None) -> None:
    play = at(3, event(2, "filed", role="coast", form="report", fields=fields))
    given = [e.data["fields"] for e in play.entries if e.kind == "form"]
    assert given == ([kept] if kept else [])


def test_a_pause_stops_the_exercise() -> None:
    stop, go = event(4, "paused"), event(14, "resumed")
    assert fired(at(14, stop)) == {"call": 0}
    assert at(14, stop).due is None
    play = at(15.5, stop, go)
    assert play.ms == 5.5 * 60_000 and fired(play) == {"call": 0, "news": 5}


def test_what_arrives_in_a_pause_counts_at_the_minute_that_stands() -> None:
    play = at(9, event(4, "paused"), sent(8, "coast", "press"))
    assert [e.ms for e in play.entries if e.kind == "message"] == [4 * 60_000]


def test_fast_forward_lets_happen_what_lies_between() -> None:
    play = at(3, event(2, "skipped", to=26))
    assert fired(play) == {"call": 0, "news": 5, "late": 15, "silent": 20, "waves": 25}
    assert play.minute == 27
    assert at(3, event(2, "skipped", to=1)).minute == 3


def test_rewind_takes_back_what_came_later() -> None:
    before = [did(1, "coast", "send-boat"), sent(6, "coast", "child"), did(8, "child", "visit")]
    play = at(11, *before, event(10, "rewound", to=5))
    assert play.minute == 6
    assert fired(play) == {"call": 0, "boy": 4, "news": 5}
    assert [m.event.kind for m in play.undone] == ["sent", "did"]
    assert play.open_actions["child"] == ()
    again = at(30, *before, event(10, "rewound", to=5), sent(12, "press", "child"))
    assert "silent" not in again.fired


def test_after_the_end_nothing_counts() -> None:
    end = event(10, "ended")
    play = at(40, end, sent(11, "coast", "press"), event(12, "resumed"))
    assert play.status == "ended" and play.minute == 10 and not play.counted
    assert standing(play)["boat-out"] == "missed"


def test_the_last_score_counts_also_after_the_end() -> None:
    scores = [
        event(5, "scored", role="press", criterion="clear", level=2),
        event(12, "scored", role="press", criterion="clear", level=0, note="Short."),
        event(13, "scored", role="press", criterion="nothing", level=0),
        event(13, "scored", role="nobody", criterion="clear", level=0),
        event(13, "scored", role="press", criterion="clear", level=3),
    ]
    play = at(15, *scores, event(10, "ended"))
    got, most, given = marks(play, "press")
    assert (got, most) == (2, 2) and given[0].note == "Short."
    rewound = at(9, scores[0], event(8, "rewound", to=2))
    assert marks(rewound, "press")[0] == 0 and rewound.scores


def test_when_the_next_thing_is_due() -> None:
    assert at(1).due == START + 5 * 60
    assert at(12.5, did(12, "coast", "send-boat")).due == START + 15 * 60
    play = at(14, event(2, "paused"), event(12, "resumed"))
    assert play.due == START + 15 * 60


def test_the_projector_shows_public_things_and_numbers() -> None:
    line = event(6, "filed", role="press", form="line", fields={"text": "Sixty landed."})
    shown = public_view(at(7, line, sent(3, "coast", "child", text="secret")))
    assert [n["title"] for n in shown["news"]] == ["On the radio", "Press line"]
    assert "secret" not in str(shown) and shown["counts"]["message"] == 1


def test_a_role_reads_its_own_brief_only_and_no_grade() -> None:
    shown = str(role_view(at(7, did(1, "coast", "wait")), ["coast"]))
    assert "You have one boat." in shown
    assert "on call" not in shown and "Three lines ring." not in shown
    assert "harmful" not in shown and "Life." not in shown
    assert "The wind rises." in shown


def test_the_story_s_clock_runs_at_its_pace() -> None:
    assert role_view(at(10), ["press"])["time"] == "04:50"


def test_events_of_other_kinds_change_nothing() -> None:
    odd = Event(START + 60, "k", "joined", {"name": "x"})
    assert at(3, odd).entries == at(3).entries
