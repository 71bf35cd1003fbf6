"""What holds for every play: order, duplicates, visibility, replay, pauses, rewinds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from crossings.tabletop import EVERYBODY, Event, Going, played, public_view, role_view
from crossings.tabletop.model import CONTROL
from tests.tabletop.made import START, TABLE, at, event

ROLES = tuple(TABLE.roles)
TIMES = st.integers(1, 45 * 60).map(lambda s: s / 60)
"""Minutes, on whole seconds."""


def _some(*options: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(options)


@st.composite
def acts(draw: st.DrawFn, clock: bool = True) -> list[Event]:
    """Acts of roles and of the trainer, each with its own key."""
    found = []
    for number in range(draw(st.integers(0, 14))):
        kinds = ["sent", "did", "did", "filed", "injected", "branched", "switched", "scored"]
        kind = draw(st.sampled_from(kinds + (["paused", "resumed", "skipped", "rewound"] * clock)))
        found.append(event(draw(TIMES), kind, f"k{number}", **draw(_PAYLOADS[kind])))
    return found


_NOTHING = st.just({})
_MINUTE = st.fixed_dictionaries({"to": st.integers(0, 50)})
_PAYLOADS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "paused": _NOTHING,
    "resumed": _NOTHING,
    "skipped": _MINUTE,
    "rewound": _MINUTE,
    "sent": st.fixed_dictionaries(
        {"role": _some(*ROLES), "to": st.lists(_some(*ROLES, CONTROL), max_size=2),
         "text": st.text("ab ", max_size=5)}
    ),
    "did": st.fixed_dictionaries({"role": _some(*ROLES), "action": _some(*TABLE.actions)}),
    "filed": st.fixed_dictionaries(
        {"role": _some(*ROLES), "form": _some(*TABLE.forms),
         "fields": _some({"people": 3}, {"text": "A line"}, {})}
    ),
    "injected": st.one_of(
        st.fixed_dictionaries({"inject": _some(*(i.id for i in TABLE.injects))}),
        st.fixed_dictionaries({"to": st.one_of(st.just(EVERYBODY), st.lists(_some(*ROLES))),
                               "title": st.just("T"), "text": st.just("Free")}),
    ),
    "branched": st.fixed_dictionaries({"branch": st.just("wind"), "way": _some("storm", "still")}),
    "switched": st.fixed_dictionaries(
        {"milestone": _some(*TABLE.milestones), "on": st.booleans()}
    ),
    "scored": st.fixed_dictionaries(
        {"role": _some(*ROLES), "criterion": st.just("clear"), "level": st.integers(0, 3)}
    ),
}  # fmt: skip


@given(events=acts(), data=st.data())
@settings(max_examples=150, deadline=None)
def test_order_and_repetition_of_messages_do_not_matter(
    events: list[Event], data: st.DataObject
) -> None:
    repeated = events + (data.draw(st.lists(st.sampled_from(events))) if events else [])
    assert at(50, *data.draw(st.permutations(repeated))) == at(50, *events)


@given(events=acts(), minute=TIMES)
@settings(max_examples=150, deadline=None)
def test_a_past_moment_is_as_it_was(events: list[Event], minute: float) -> None:
    then = [e for e in events if e.at <= START + minute * 60]
    assert at(minute, *then) == at(minute, *events)


@given(events=acts(), minute=TIMES)
@settings(max_examples=150, deadline=None)
def test_a_role_sees_what_is_addressed_to_it_and_nothing_else(
    events: list[Event], minute: float
) -> None:
    play = at(minute, *events)
    entries = {e.id: e for e in play.entries}
    for role in ROLES:
        shown = role_view(play, [role])
        for line in shown["inbox"]:
            entry = entries[line["id"]]
            assert role in entry.to or role == entry.by
            assert entry.kind in ("inject", "message", "action", "form")
            assert entry.kind != "action" or entry.by == role
        others = [r for r in ROLES if r != role]
        assert not any(TABLE.roles[other].brief in str(shown) for other in others)
        assert all(role in TABLE.actions[a["id"]].roles for a in shown["actions"])
    for line in public_view(play)["news"]:
        assert entries[line["id"]].public


@given(events=acts(clock=False), start=TIMES, more=TIMES)
@settings(max_examples=150, deadline=None)
def test_what_a_role_has_seen_stays_while_the_clock_is_left_alone(
    events: list[Event], start: float, more: float
) -> None:
    early, late = at(start, *events), at(start + more, *events)
    for role in ROLES:
        before, after = role_view(early, [role])["inbox"], role_view(late, [role])["inbox"]
        assert after[: len(before)] == before


@given(events=acts(clock=False), stop=TIMES, rest=st.integers(1, 30))
@settings(max_examples=150, deadline=None)
def test_a_pause_shifts_what_follows_and_changes_nothing(
    events: list[Event], stop: float, rest: int
) -> None:
    shifted = [
        Event(e.at + rest * 60, e.key, e.kind, e.payload) if e.at > START + stop * 60 else e
        for e in events
    ]
    # The pause comes after everything of the same second, as the shift has it.
    pause = [event(stop, "paused", "~p"), event(stop + rest, "resumed", "!r")]
    plain, paused = at(50, *events), at(50 + rest, *shifted, *pause)
    assert paused.entries == plain.entries
    assert (paused.met, paused.ways, paused.ms) == (plain.met, plain.ways, plain.ms)


@given(events=acts(clock=False), back=st.integers(0, 44), when=st.integers(1, 50))
@settings(max_examples=150, deadline=None)
def test_a_rewind_is_as_if_the_rest_had_never_been(
    events: list[Event], back: int, when: int
) -> None:
    if back >= when:
        return
    until = [e for e in events if e.at <= START + when * 60]
    kept = [e for e in until if e.at <= START + back * 60 or e.kind == "scored"]
    rewound = at(when, *until, event(when, "rewound", "~", to=back))
    assert rewound.entries == at(back, *_before(kept, back)).entries
    assert len(rewound.undone) == len(until) - len(kept)


def _before(events: Sequence[Event], minute: int) -> list[Event]:
    return [e for e in events if e.at <= START + minute * 60]


@given(events=acts(clock=False), wait=st.integers(1, 40))
@settings(max_examples=100, deadline=None)
def test_fast_forward_is_as_waiting(events: list[Event], wait: int) -> None:
    first = _before(events, 5)
    jumped = at(5, *first, event(5, "skipped", "~", to=5 + wait))
    assert jumped.entries == at(5 + wait, *first).entries


@given(events=acts(), minute=TIMES)
@settings(max_examples=100, deadline=None)
def test_nothing_happens_before_it_is_due(events: list[Event], minute: float) -> None:
    """A page may be asked again at `due`, and need not be before."""
    known = [e for e in events if e.at <= START + minute * 60]
    play = at(minute, *known)
    later = START + 60 * 60 if play.due is None else play.due - 0.001
    if play.status == "running" or play.due is None:
        still = played(TABLE, [event(0, "started"), *known], max(later, START + minute * 60))
        assert still.entries == play.entries


@given(events=acts())
@settings(max_examples=100, deadline=None)
def test_each_inject_reaches_its_roles_once(events: list[Event]) -> None:
    play = at(50, *events)
    names = [e.what for e in play.entries if e.kind == "inject" and e.what]
    assert len(names) == len(set(names)) and set(names) == set(play.fired)


@given(events=acts())
@settings(max_examples=100, deadline=None)
def test_what_counted_is_there_to_be_seen(events: list[Event]) -> None:
    """A key is acknowledged when it has had its effect; so nothing acknowledged is invisible."""
    play = at(50, *events)
    acted = [e for e in events if e.kind in ("sent", "did", "filed")]
    seen = [e for e in play.entries if e.kind in ("message", "action", "form")]
    assert sum(e.key in play.counted for e in acted) == len(seen)


@settings(deadline=None)
@given(acts(), st.lists(TIMES, max_size=10))
def test_played_on_is_played_anew(events: list[Event], looks: list[float]) -> None:
    """Whoever looks again and again, also before an act that is on its way, sees the same."""
    events = [event(0, "started", "start"), *sorted(events, key=lambda e: e.at)]
    going = Going(TABLE)
    for count in range(len(events) + 1):
        known = events[:count]
        # What one look sees may lie after acts that come only then, or before some that are known.
        for now in (known[-1].at if known else START, *(START + m * 60 for m in looks)):
            assert played(TABLE, known, now, going) == played(TABLE, known, now)
    for now in sorted(START + m * 60 for m in looks):
        assert played(TABLE, events, now, going) == played(TABLE, events, now)
