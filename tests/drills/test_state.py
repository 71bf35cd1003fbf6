"""The fold: which answer counts, what time is, and what each page may know."""

from __future__ import annotations

import json
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from crossings.drills.log import Event
from crossings.drills.state import GRACE, DrillState, fold
from crossings.drills.views import participant_view, projector_view
from tests.drills import classroom


class Play:
    """Writes events with given times, without a log."""

    def __init__(self, plan=None, seats: tuple[str, ...] = ("s1", "s2")) -> None:  # type: ignore[no-untyped-def]
        plan = plan or classroom.quiz()
        self.events: list[Event] = []
        opened = {"ref": plan.ref, "title": plan.title, "kind": plan.kind, "code": "ABCD"}
        opened |= {"secret": "x", "projector": "p"}
        self.add(0, "opened", opened)
        self.add(0, "script", {"script": plan.model_dump(mode="json")})
        for seat in seats:
            self.add(1, "joined", {"name": f"Person {seat}", "code": seat.upper()}, seat)

    def add(
        self,
        at: float,
        kind: str,
        payload: dict | None = None,
        seat: str = "",
        key: str | None = None,
    ) -> Play:
        seq = len(self.events) + 1
        self.events.append(Event("run", seq, at, seat, kind, key or f"k{seq}", payload or {}))
        return self

    def answer(
        self, at: float, seat: str, choice: str, n: int = 1, step: int = 0, key: str | None = None
    ) -> Play:
        payload = {"step": step, "n": n, "response": {"choice": choice}}
        return self.add(at, "answered", payload, seat, key)

    @property
    def state(self) -> DrillState:
        return fold(self.events)


def test_the_last_answer_before_the_close_counts() -> None:
    play = Play().add(10, "started").answer(12, "s1", "no", 1).answer(14, "s1", "yes", 2)
    play.add(20, "closed", {"step": 0}).answer(20 + GRACE + 1, "s1", "no", 3)
    state = play.state
    assert state.answer(0, "s1").response == {"choice": "yes"}
    assert state.answer(0, "s1").seconds == 4
    assert state.answer(0, "s2") is None


def test_an_answer_on_the_way_when_time_ran_out_counts_but_not_after_the_reveal() -> None:
    play = Play().add(10, "started").answer(55 + GRACE - 0.1, "s1", "yes")
    assert play.state.answer(0, "s1") is not None
    late = Play().add(10, "started").answer(55 + GRACE + 0.1, "s1", "yes")
    assert late.state.answer(0, "s1") is None
    shown = Play().add(10, "started").add(20, "revealed", {"step": 0}).answer(20.5, "s1", "yes")
    assert shown.state.answer(0, "s1") is None


def test_extra_time_and_extension_and_pause_move_the_end() -> None:
    play = Play().add(5, "extra", {"seconds": 30}, "s1").add(10, "started")
    assert play.state.deadline(0, "s1") == 85 and play.state.deadline(0, "s2") == 55
    play.answer(80, "s1", "yes").answer(80, "s2", "yes")
    assert play.state.answered(0) == ["s1"]
    play.add(84, "extended", {"step": 0, "seconds": 30}).answer(100, "s2", "no", 2)
    assert play.state.answered(0) == ["s1", "s2"]

    paused = Play().add(10, "started").add(20, "paused")
    assert paused.state.phase(0, 1000) == "open"
    paused.add(120, "resumed").answer(130, "s1", "yes")
    assert paused.state.deadline(0) == 155
    assert paused.state.answer(0, "s1").seconds == 20


def test_a_second_press_of_next_does_nothing() -> None:
    play = Play().add(10, "started").add(11, "moved", {"from": 0, "to": 1})
    play.add(11, "moved", {"from": 0, "to": 1}).add(12, "moved", {"from": 1, "to": 99})
    assert play.state.step == 1
    back = play.add(13, "moved", {"from": 1, "to": 0}).state
    assert back.step == 0 and back.phase(0, 14) == "closed"


def test_removed_people_are_not_counted_and_cannot_answer() -> None:
    play = Play().add(10, "started").answer(11, "s1", "yes").add(12, "removed", {}, "s1")
    play.answer(13, "s1", "no", 2)
    assert play.state.answered(0) == []
    assert participant_view(play.state, "s1", 14)["status"] == "removed"


def test_names_get_a_number_when_taken() -> None:
    play = Play(seats=()).add(1, "joined", {"name": "Ana", "code": "A"}, "s1")
    play.add(1, "joined", {"name": "ana", "code": "B"}, "s2")
    assert [s.name for s in play.state.present] == ["Ana", "ana (2)"]


def test_unknown_kinds_and_impossible_orders_change_nothing() -> None:
    play = Play().add(2, "resumed").add(2, "revealed", {"step": 0}).add(2, "wonder", {"x": 1})
    play.add(2, "moved", {"from": -1, "to": 0}).answer(3, "s1", "yes").answer(3, "nobody", "yes")
    assert play.state.status == "lobby" and not play.state.steps


# Properties


messages = st.lists(
    st.tuples(
        st.sampled_from(["s1", "s2", "s3"]),
        st.integers(min_value=1, max_value=5),
        st.sampled_from(["yes", "no", "later", "border"]),
    ),
    max_size=14,
)


@settings(max_examples=60, deadline=None)
@given(messages=messages, seed=st.integers(0, 10**6))
def test_any_order_and_repetition_of_answers_gives_the_same_state(
    messages: list[tuple[str, int, str]], seed: int
) -> None:
    # One page never uses a number twice for two different answers.
    sent = {(seat, n): choice for seat, n, choice in messages}
    items = [(seat, n, choice) for (seat, n), choice in sorted(sent.items())]
    mixed = items + [random.Random(seed).choice(items) for _ in items]
    random.Random(seed).shuffle(mixed)

    def outcome(order: list[tuple[str, int, str]]) -> tuple[object, ...]:
        play = Play(seats=("s1", "s2", "s3")).add(10, "started")
        known: set[str] = set()
        for seat, n, choice in order:
            key = f"{seat}-{n}"
            # The log keeps a key once; the fold must not need that.
            play.answer(12, seat, choice, n, key=key)
            known.add(key)
        state = play.add(30, "revealed", {"step": 0}).state
        given = {s: state.answer(0, s) for s in state.seats}
        kept = {s: (a.response, a.n, a.key) if a else None for s, a in given.items()}
        return kept, {s: state.score(s) for s in state.seats}

    assert outcome(items) == outcome(mixed)


ACTS = ["started", "paused", "resumed", "closed", "revealed", "extended", "forward", "back",
        "answer", "removed", "ended"]  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(acts=st.lists(st.sampled_from(ACTS), max_size=25), triage=st.booleans())
def test_no_page_knows_the_key_before_the_reveal(acts: list[str], triage: bool) -> None:
    plan = classroom.triage() if triage else classroom.quiz()
    play, at = Play(plan), 10.0
    for act in acts:
        at += 3
        step = play.state.step
        payloads = {
            "forward": {"from": step, "to": step + 1},
            "back": {"from": step, "to": step - 1},
            "extended": {"step": step, "seconds": 30},
        }
        if act == "answer":
            play.answer(at, "s1", "yes", n=int(at), step=max(0, step))
            continue
        kind = "moved" if act in ("forward", "back") else act
        seat = "s2" if act == "removed" else ""
        play.add(at, kind, payloads.get(act, {"step": step}), seat)
        state = play.state
        _check_views(state, at)


def _check_views(state: DrillState, now: float) -> None:
    views = [json.dumps(participant_view(state, "s1", now), ensure_ascii=False)]
    views.append(json.dumps(projector_view(state, now), ensure_ascii=False))
    hidden = [
        i
        for i in range(len(state.plan().steps))
        if i not in state.steps or state.steps[i].revealed_at is None
    ]
    for shown in views:
        for index in hidden:
            assert _secret(state, index) not in shown
        assert "Person s2" not in shown and '"secret"' not in shown
        assert '"correct"' not in shown and "misconception" not in shown
    assert "Person s1" not in views[1]
    current = state.current
    if current is not None and current.revealed_at is None:
        assert '"right"' not in views[0] and '"key"' not in views[0]
        assert '"grade"' not in views[1]


def _secret(state: DrillState, index: int) -> str:
    step = state.plan().steps[index]
    return step.person.why if step.person else step.item.rationale  # type: ignore[union-attr]
