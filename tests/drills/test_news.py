"""A page that is told news has what a page has that is told the whole, whatever is lost on the way
or comes twice. Seen with both twins: Python's `merged`, and the page's own `news.js` in quickjs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import quickjs
from hypothesis import given, settings
from hypothesis import strategies as st

from crossings import drills
from crossings.drills.log import Event
from crossings.drills.news import merged, news
from crossings.drills.state import DrillState
from crossings.drills.tableviews import since
from crossings.drills.views import participant_view, version
from tests.drills import table_room
from tests.tabletop.made import START, event
from tests.tabletop.test_properties import acts

Json = dict[str, Any]
Twin = Callable[[Json | None, Json], Json | None]
PAGE = Path(drills.__file__).parent / "page"
SEATS = {"coast": "s1", "child": "s2", "press": "s3"}
PLAN = table_room.small_plan().model_dump(mode="json", exclude_defaults=True)


def _on_the_page() -> Twin:
    context = quickjs.Context()
    context.eval("var window = {};" + (PAGE / "news.js").read_text(encoding="utf-8"))
    told = context.eval(
        "(a, b) => JSON.stringify(window.CrossingsNews(JSON.parse(a), JSON.parse(b)))"
    )
    return lambda known, line: json.loads(told(json.dumps(known), json.dumps(line)))


TWINS = [pytest.param(merged, id="python"), pytest.param(_on_the_page(), id="page")]


def wire(value: Json) -> Json:
    """As it comes out on the other side; nothing is shared any more."""
    copied: Json = json.loads(json.dumps(value))
    return copied


# What a seat's page shows, moment by moment


def _lobby() -> DrillState:
    state = DrillState("run")
    opened = {k: k for k in ("ref", "title", "code", "secret", "projector")}
    kinds = [("opened", "", opened | {"kind": "tabletop"}), ("script", "", {"script": PLAN})]
    kinds += [("joined", s, {"name": r, "code": r}) for r, s in SEATS.items()]
    kinds += [("started", "", {})]
    for seq, (kind, seat, payload) in enumerate(kinds, 1):
        state.apply(Event("run", seq, START, seat, kind, f"first-{seq}", payload))
    return state


@st.composite
def around(draw: st.DrawFn) -> list[Event]:
    """What a trainer and latecomers do beside the exercise."""
    late = st.fixed_dictionaries({"name": st.just("Late"), "code": st.just("LATE")})
    teams = st.fixed_dictionaries({"team": st.sampled_from(("t1", "t2", "t3"))})
    kinds = {"joined": late, "assigned": teams, "captained": teams}
    found = []
    for number in range(draw(st.integers(0, 3))):
        kind = draw(st.sampled_from(sorted(kinds)))
        seat = f"late{number}" if kind == "joined" else draw(st.sampled_from(list(SEATS.values())))
        at = START + draw(st.integers(1, 45 * 60))
        found.append(Event("run", 0, at, seat, kind, f"around-{number}", draw(kinds[kind])))
    return found


def moments(events: list[Any]) -> Iterator[tuple[DrillState, float]]:
    """The state after each event, at the moment at which a page looks."""
    state, seq = _lobby(), 100
    yield state, START + 0.5
    for one in sorted(events, key=lambda e: e.at):
        seq += 1
        hand = getattr(one, "seat", "") or SEATS.get(str(one.payload.get("role")), "")
        state.apply(Event("run", seq, one.at, hand, one.kind, one.key, one.payload))
        yield state, one.at + 0.25


def told(events: list[Any], looks: list[bool], seat: str) -> tuple[list[Json], list[Json]]:
    """The wholes at each moment, and what a stream tells that looks at some of the moments."""
    wholes: list[Json] = []
    stream: list[Json] = []
    known: Json | None = None
    for number, (state, now) in enumerate(moments(events)):
        shown = participant_view(state, seat, now)
        assert shown["version"] == version(state, seat, now)
        wholes.append(wire(shown))
        if known is None:
            stream.append(wire(shown))
        elif not looks[number % len(looks)] or known["version"] == shown["version"]:
            continue
        else:
            one = news(known, shown, partial(since, state))
            assert one == news(known, shown), "found once for a team, and the same for each"
            stream.append(wire(one))
        known = shown
    return wholes, stream


LOOKS = st.lists(st.booleans(), min_size=1, max_size=20)
WAYS = st.lists(st.sampled_from(("comes", "comes", "is lost", "twice", "again")), min_size=1)


@pytest.mark.parametrize("twin", TWINS)
@settings(max_examples=40, deadline=None)
@given(acts(), around(), LOOKS, WAYS, st.sampled_from(list(SEATS.values())))
def test_any_split_into_news_with_loss_and_repetition_is_the_whole(
    twin: Twin, acts: list[Any], around: list[Event], looks: list[bool], ways: list[str], seat: str
) -> None:
    wholes, stream = told([*acts, *around, event(46, "sent", "last", role="coast", to=["press"],
                                                 text="The last")], looks, seat)  # fmt: skip
    shown = {json.dumps(w["version"]): w for w in wholes}
    page: Json | None = None
    for number, one in enumerate(stream):
        way = ways[number % len(ways)]
        if way == "is lost":
            continue
        again = [stream[number // 2]] if way == "again" and "after" in stream[number // 2] else []
        for line in (one, *([one] if way == "twice" else again)):
            # A page that misses something opens a new stream, which begins with the whole.
            page = twin(page, line) or shown[json.dumps(one["version"])]
            assert same(page, shown[json.dumps(page["version"])])
    assert page is None or page["version"] in [w["version"] for w in wholes]
    rest = news(page, wholes[-1]) if page else wholes[-1]
    page = twin(page, wire(rest))
    assert page == wholes[-1]


def same(page: Json, whole: Json) -> bool:
    """All but the moment: what has not changed is not told again."""
    return _still(page) == _still(whole)


def _still(view: Json) -> Json:
    runs = ("ms", "minute", "time")
    table = {k: v for k, v in view.get("table", {}).items() if k not in runs}
    return {k: v for k, v in view.items() if k not in ("now", "seq", "table")} | table


@pytest.mark.parametrize("twin", TWINS)
def test_news_after_a_gap_is_noticed(twin: Twin) -> None:
    events = [
        event(n, "sent", f"k{n}", role="coast", to=["press"], text=str(n)) for n in range(1, 5)
    ]
    wholes, stream = told(events, [True], SEATS["press"])
    assert [len(one["table"]["inbox"]) for one in stream[1:]] == [1] * 4
    known = twin(None, stream[0])
    assert twin(known, stream[2]) is None and twin(None, stream[1]) is None
    assert twin(twin(known, stream[1]), stream[1]) == twin(known, stream[1])
    for one in stream[1:]:
        known = twin(known, one)
    assert known == wholes[-1]


def test_a_rewind_takes_lines_back_and_keeps_the_rest() -> None:
    events = [
        event(n, "sent", f"k{n}", role="coast", to=["press"], text=str(n)) for n in range(1, 5)
    ]
    events.append(event(5, "rewound", "back", to=2))
    wholes, stream = told(events, [True], SEATS["press"])
    assert stream[-1]["table"]["keep"] == 2 and stream[-1]["table"]["inbox"] == []
    assert [m["text"] for m in wholes[-1]["table"]["inbox"]] == ["1", "2"]


def test_news_does_not_grow_with_the_inbox() -> None:
    events = [event(n / 10, "sent", f"k{n}", role="coast", to=["press"], text="x" * 100)
              for n in range(1, 90)]  # fmt: skip
    wholes, stream = told(events, [True], SEATS["press"])
    sizes = [len(json.dumps(one)) for one in stream]
    assert len(wholes[-1]["table"]["inbox"]) >= 89
    assert max(sizes[1:20]) < 700 and max(sizes[-20:]) < 700 < len(json.dumps(wholes[-1])) / 20


def test_what_is_no_running_exercise_is_told_whole() -> None:
    lobby, on = {"version": [1], "intro": ""}, {"version": [2], "table": {"inbox": []}}
    assert news(lobby, on) is on and news(on, lobby) is lobby
