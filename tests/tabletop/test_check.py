"""The checks: each defect is named at its place, and a sound exercise has none."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from crossings.cases.checks.words import Words
from crossings.tabletop import Tabletop
from crossings.tabletop.check import problems
from crossings.tabletop.checks.reach import Reach
from tests.tabletop.made import TABLE, TEXT, at, event
from tests.tabletop.mutants import MUTANTS

MINUTES = 30
WORDS = Words.read("illegal*\n")


def codes(text: str) -> list[str]:
    table = Tabletop.model_validate(yaml.safe_load(text))
    return [p.code for p in problems(table, MINUTES, WORDS)]


def test_a_sound_exercise_has_no_problem() -> None:
    assert problems(TABLE, MINUTES, WORDS) == []


@pytest.mark.parametrize(
    ("before", "after", "code"), [m[1:] for m in MUTANTS], ids=[m[0] for m in MUTANTS]
)
def test_a_defect_is_named(before: str, after: str, code: str) -> None:
    assert TEXT.count(before) == 1
    found = problems(
        Tabletop.model_validate(yaml.safe_load(TEXT.replace(before, after))), MINUTES, WORDS
    )
    assert code in [p.code for p in found]
    assert all(p.hint and p.message for p in found)


def test_one_defect_is_not_told_by_others() -> None:
    """What a change breaks besides is told, too; a mere name is one problem."""
    wrong = [m for m in MUTANTS if m[3] in ("unknown-name", "guard-syntax", "guard-type")]
    for name, before, after, code in wrong:
        assert set(codes(TEXT.replace(before, after))) <= {code, "form-unused", "branch-unread"}, (
            name
        )


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("hand: true, ", "", "needs a trigger"),
        ("hand: true, ", "hand: true, at: 3, ", "one trigger"),
        ("at: 5, title", "at: 5, delay: 3, title", "no `at`"),
        ("{id: text, label: The line}", "{id: text, label: L, kind: choice}", "two `options`"),
        ("{id: text, label: The line}",
         "{id: text, label: L, options: [{id: a, text: A}, {id: b, text: B}]}", "`choice`"),
        ("text: Short and clear.", "", "needs `text`"),
        ("  child: {name", "  control: {name", "no name for a role"),
        ("{points: 1, text: Partly}", "{points: 3, text: Partly}", "best first"),
    ],
)  # fmt: skip
def test_a_mistake_of_form_is_told(before: str, after: str, told: str) -> None:
    assert before in TEXT
    with pytest.raises(ValidationError, match=told):
        Tabletop.model_validate(yaml.safe_load(TEXT.replace(before, after, 1)))


# Reach: over all plays, nothing comes earlier than it says, and what is sure comes.

ROLES, NAMES = ("a", "b"), ("m0", "m1", "m2")


@st.composite
def conditions(draw: st.DrawFn, depth: int = 2) -> str:
    kind = draw(st.integers(0, 9 if depth else 6))
    if kind <= 6:
        return draw(
            st.sampled_from(
                [*NAMES, "fired i0", "fired i1", "fired i2", "told a", "wrote a.b", "did d0",
                 "did d1", "filed f0", "chose w.x", "chose w.y"]
            )
        ) if kind <= 4 else f"clock {draw(st.sampled_from(['<', '>=', '==']))} " + str(
            draw(st.integers(0, 12))
        )  # fmt: skip
    inner = draw(conditions(depth=depth - 1))
    if kind == 7:
        return f"not ({inner})"
    word = "and" if kind == 8 else "or"
    return f"({inner}) {word} ({draw(conditions(depth=depth - 1))})"


@st.composite
def tables(draw: st.DrawFn) -> Tabletop:
    maybe = st.none() | conditions()
    switches = st.lists(st.sampled_from(NAMES), max_size=1)
    words = {"reason": "R.", "cites": ["LAW-1"]}

    def inject(number: int) -> dict[str, object]:
        trigger = draw(st.integers(0, 4))
        fields: dict[str, object] = {
            0: {"at": draw(st.integers(0, 12))},
            1: {"at": draw(st.integers(0, 12)), "when": draw(conditions())},
            2: {"when": draw(conditions()), "earliest": draw(st.integers(0, 9)),
                "delay": draw(st.integers(0, 4))},
            3: {"silence": {"told": "a", "by": draw(st.integers(0, 12))}},
            4: {"hand": True},
        }[trigger]  # fmt: skip
        return {"id": f"i{number}", "title": "T", "text": "Text.", "to": ["a"],
                "meets": draw(switches), "undoes": draw(switches)} | fields  # fmt: skip

    return Tabletop.model_validate(
        {
            "roles": {r: {"name": r, "brief": "B."} for r in ROLES},
            "milestones": {n: {"text": "T.", "when": draw(maybe)} | words for n in NAMES},
            "actions": {
                f"d{n}": {"roles": ["a"], "text": "Do.", "when": draw(maybe), "grade": "good",
                          "consequence": "C.", "meets": draw(switches),
                          "undoes": draw(switches)} | words
                for n in range(2)
            },
            "forms": {"f0": {"title": "F", "note": "Ours.", "roles": ["b"], "to": ["a"],
                             "when": draw(maybe), "meets": draw(switches),
                             "fields": [{"id": "x", "label": "X"}]}},
            "branches": {"w": {"question": "Q?", "at": draw(st.none() | st.integers(0, 12)),
                               "ways": {"x": {"text": "X.", "when": draw(conditions())},
                                        "y": {"text": "Y."}}}},
            "injects": [inject(n) for n in range(3)],
        }
    )  # fmt: skip


PLAYS = st.lists(
    st.tuples(
        st.sampled_from(["did d0", "did d1", "sent", "back", "filed", "branched x", "branched y",
                         "hand"]),
        st.integers(0, 11 * 60),
    ),
    max_size=8,
)  # fmt: skip


@given(table=tables(), moves=PLAYS)
@settings(max_examples=400, deadline=None)
def test_nothing_comes_before_it_can_and_what_is_sure_comes(
    table: Tabletop, moves: list[tuple[str, int]]
) -> None:
    hands = [i.id for i in table.injects if i.hand]
    kinds = {
        "did d0": ("did", {"role": "a", "action": "d0"}),
        "did d1": ("did", {"role": "a", "action": "d1"}),
        "sent": ("sent", {"role": "a", "to": ["b"], "text": "x"}),
        "back": ("sent", {"role": "b", "to": ["a"], "text": "x"}),
        "filed": ("filed", {"role": "b", "form": "f0", "fields": {"x": "1"}}),
        "branched x": ("branched", {"branch": "w", "way": "x"}),
        "branched y": ("branched", {"branch": "w", "way": "y"}),
        "hand": ("injected", {"inject": hands[0] if hands else "i0"}),
    }
    if not hands:
        moves = [m for m in moves if m[0] != "hand"]
    # Acts fall between the minutes: at a minute itself time goes first.
    acts = [
        event((2 * second + 1 + n / 100) / 120, kinds[name][0], f"k{n}", **kinds[name][1])
        for n, (name, second) in enumerate(moves)
    ]
    reach, play = Reach(table, 12), at(12, *acts, table=table)
    came = {("inject", i): ms for i, ms in play.fired.items()}
    came |= {("milestone", m): ms for m, ms in play.first_met.items()}
    came |= {("action", a): ms for (_, a), ms in play.done.items()}
    for fact, ms in came.items():
        assert reach.first.get(fact, 10**9) <= ms, fact
    for fact, ms in reach.sure.items():
        assert came.get(fact, 10**9) <= ms, fact
    for branch, way in play.ways.items():
        assert ("way", branch, way) in reach.first
