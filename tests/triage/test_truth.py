"""The rules, person by person as in the drills that people wrote, and as a whole."""

from __future__ import annotations

from itertools import combinations
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossings.curriculum import load
from crossings.curriculum.model import Drill
from crossings.triage import Arrivals, decide
from crossings.triage.model import Fact
from crossings.triage.truth import NoRuleError
from crossings.workspace import ROOT
from tests.triage.conftest import arrivals

WRITTEN = {
    # What an author of `night-bus` and `one-day-of-arrivals` says is right, and the facts of it.
    "trader": {"papers-fit"},
    "on-the-list": {"fear", "papers-unfit"},
    "hotel-job": {"control-signs", "papers-fit"},
    "scholarship": {"papers-fit"},
    "school-in-the-city": {"child", "unclear-adult", "papers-unfit"},
    "chest-pain": {"illness", "papers-fit"},
    "berry-season": {"control-signs", "papers-fit"},
    "night-shift-boy": {"maybe-child", "alone", "control-told", "papers-fit"},
    "mechanic": {"papers-fit"},
    "next-house": {"control-told", "papers-fit"},
    "with-two-children": {"papers-fit"},
    "round-the-post": {"wants-home", "nothing-feared", "papers-unfit"},
    "second-bus": {"lost-child", "papers-fit"},
    "school-trip": {"child", "clear-adult", "explained", "papers-fit"},
    "until-the-list-changes": {"fear", "papers-fit"},
    "wants-home": {"wants-home", "nothing-feared", "papers-unfit"},
    "ferry-painter": {"papers-fit"},
    "held-the-tiller": {"child", "alone", "papers-unfit"},
    "cake-tin": {"papers-fit"},
    "no-picture": {"fear", "papers-unfit"},
    "big-bag": {"illness", "papers-unfit"},
    "school-list": {"child", "alone", "fear", "papers-unfit"},
    "grandfather": {"papers-fit"},
    "third-season": {"papers-fit"},
    "field-as-security": {"control-told", "papers-unfit"},
    "going-home-with-a-letter": {"wants-home", "nothing-feared", "papers-fit"},
    "refused-and-something-new": {"fear", "papers-unfit"},
    "back-from-a-visit": {"papers-fit"},
    "one-man-answers": {"control-signs", "papers-fit"},
}


OTHERWISE = {
    "season-over": "its author lets a ticket for later count as a way to travel on alone",
    "two-coats": "its author has Child Protection as fair, the rules have it as right",
    "says-twenty": "its author allows a short talk, because a younger child is with her",
}
"""Where an author weighed a detail that no fact of the model has."""


NOT_COMPARED = {"one-desk-many-rules", "advice-morning"}
"""Drills whose people have no facts here yet: one asks who advises, one about points of law."""


def written() -> dict[str, Drill]:
    course = load(ROOT)
    return {
        person.id: drill
        for module in course.modules.values()
        for drill in module.drills.values()
        for person in drill.arrivals
        if drill.id not in NOT_COMPARED
    }


@pytest.mark.parametrize("name", WRITTEN)
def test_the_rules_say_what_authors_said_of_people_whom_they_wrote(
    name: str, model: Arrivals
) -> None:
    drill = written()[name]
    person = next(p for p in drill.arrivals if p.id == name)
    truth = decide(WRITTEN[name], model.rules)
    assert set(truth.right) == set(person.right)
    assert truth.need == person.need
    assert set(truth.acceptable) == set(person.acceptable)


def test_nobody_whom_an_author_wrote_is_left_out() -> None:
    assert set(written()) == set(WRITTEN) | set(OTHERWISE)


def test_danger_to_life_comes_before_everything(model: Arrivals) -> None:
    truth = decide({"illness", "fear", "lost-child", "papers-fit"}, model.rules)
    assert (truth.right, truth.acceptable) == (("health",), ())
    assert {r.id for r in truth.waiting} == {"fear", "lost-child"}


def test_an_adult_who_does_not_agree_is_not_referred(model: Arrivals) -> None:
    truth = decide({"control-told", "declines", "papers-fit"}, model.rules)
    assert truth.right == ("further-interview",)
    assert "trafficking-referral" not in truth.acceptable
    child = decide({"control-told", "declines", "child", "alone", "papers-fit"}, model.rules)
    assert "child-protection" in child.right


def test_a_wish_to_go_home_is_asked_about_before_it_is_planned(model: Arrivals) -> None:
    truth = decide({"wants-home", "papers-fit"}, model.rules)
    assert truth.right == ("further-interview",)
    assert truth.second_look


def test_a_need_is_never_undone_by_another_one(model: Arrivals) -> None:
    """More facts of need never turn a need into none."""
    needs: list[Fact] = ["illness", "fear", "control-told", "control-signs", "lost-relative"]
    needs += ["lost-child"]
    for first, second in combinations(needs, 2):
        assert decide({first, second, "papers-fit"}, model.rules).need


FACTS = st.sets(st.sampled_from(sorted(set(get_args(Fact)) - {"papers-fit", "papers-unfit"})))


@given(FACTS, st.booleans())
def test_whatever_the_facts_somebody_is_responsible(facts: set[Fact], fit: bool) -> None:
    truth = decide(facts | {"papers-fit" if fit else "papers-unfit"}, arrivals().rules)
    assert truth.right
    assert not set(truth.right) & set(truth.acceptable)
    if truth.need:
        assert "regular-entry" not in (*truth.right, *truth.acceptable)
        assert "voluntary-return-advice" not in (*truth.right, *truth.acceptable)


def test_facts_that_no_rule_knows_are_an_error(model: Arrivals) -> None:
    with pytest.raises(NoRuleError, match="no rule says what is right for: alone"):
        decide({"alone"}, model.rules)
