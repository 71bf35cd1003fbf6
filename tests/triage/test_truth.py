"""The rules, person by person as in the drills that people wrote, and as a whole."""

from __future__ import annotations

import re
from itertools import combinations
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossings.triage import Arrivals, decide
from crossings.triage.model import Fact
from crossings.triage.truth import NoRuleError
from tests.triage.conftest import arrivals
from tests.triage.desks import DESKS, Desk, at_desk, drills, numbers_named, written
from tests.triage.facts import OTHERWISE, WRITTEN


@pytest.mark.parametrize("name", WRITTEN)
def test_the_rules_say_what_authors_said_of_people_whom_they_wrote(
    name: str, model: Arrivals
) -> None:
    desk, person = at_desk(name), written()[name]
    truth = desk.truth(WRITTEN[name], model)
    assert set(truth.right) == set(person.right)
    assert truth.need == person.need
    assert set(truth.acceptable) == set(person.acceptable)


@pytest.mark.parametrize("name", WRITTEN)
def test_the_reason_names_the_rules_that_decide(name: str, model: Arrivals) -> None:
    desk, person = at_desk(name), written()[name]
    named = numbers_named(person.why)
    # The oldest drill gives some reasons by the law alone.
    assert named or desk.drill == "night-bus"
    deciding = {rule.number for rule in desk.truth(WRITTEN[name], model).rules}
    assert not named or deciding <= named


@pytest.mark.parametrize("name", OTHERWISE)
def test_who_is_otherwise_is_really_so(name: str, model: Arrivals) -> None:
    """Somebody who is mended later leaves the list."""
    facts, _ = OTHERWISE[name]
    truth, person = at_desk(name).truth(facts, model), written()[name]
    assert (set(truth.right), set(truth.acceptable), truth.need) != (
        set(person.right), set(person.acceptable), person.need,
    )  # fmt: skip


def test_nobody_whom_an_author_wrote_is_left_out() -> None:
    assert set(written()) == set(WRITTEN) | set(OTHERWISE)


@pytest.mark.parametrize("desk", DESKS.values(), ids=lambda d: d.drill)
def test_a_desk_has_the_rules_that_its_class_reads(desk: Desk, model: Arrivals) -> None:
    drill = drills()[desk.drill]
    told = {int(n) for n in re.findall(r"\((\d)\)", drill.intro)}
    assert {rule.number for rule in desk.rules(model)} == told
    channels = {c.id for c in drill.channels}
    for rule in desk.rules(model):
        assert {*rule.right, *rule.acceptable} <= channels, rule.id


def test_no_rule_or_fact_of_a_desk_is_idle(model: Arrivals) -> None:
    """A fact that is misspelt would fire nothing, and decide nothing without a word."""
    own = [rule for desk in DESKS.values() for rule in desk.own]
    deciding = {
        rule.id for name in WRITTEN for rule in at_desk(name).truth(WRITTEN[name], model).rules
    }
    assert {rule.id for rule in own} <= deciding
    read = {fact for rule in own for fact in (*rule.all, *rule.any, *rule.none)}
    assert {fact for facts in WRITTEN.values() for fact in facts} <= read | set(get_args(Fact))


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
