"""The model as a whole: what would draw people whom no rule knows is told."""

from __future__ import annotations

import pytest

from crossings.triage import Arrivals, Generate
from crossings.triage.check import defects, unfit
from crossings.triage.model import CHANNELS, RuleOfTriage


def messages(model: Arrivals) -> list[str]:
    return [d.message for d in defects(model)]


def test_the_model_of_the_course_has_no_defect(model: Arrivals) -> None:
    assert messages(model) == []


def without(model: Arrivals, part: str, id_: str) -> Arrivals:
    return model.model_copy(update={part: tuple(x for x in getattr(model, part) if x.id != id_)})


@pytest.mark.parametrize("sign", ["fear", "not-heard", "lost-child"])
def test_a_sign_that_the_generator_draws_has_to_be_there(sign: str, model: Arrivals) -> None:
    assert f"there is no `{sign}`" in messages(without(model, "signs", sign))


def test_a_channel_without_a_rule_is_told(model: Arrivals) -> None:
    found = messages(without(model, "rules", "home"))
    assert "no rule has `voluntary-return-advice` as right" in found


def test_a_rule_that_can_never_fire_is_told(model: Arrivals) -> None:
    signs = tuple(s for s in model.signs if "declines" not in s.states)
    found = messages(model.model_copy(update={"signs": signs}))
    assert any("nothing ever shows `declines`" in m for m in found)


def test_a_rule_without_words_is_told(model: Arrivals) -> None:
    rules: list[RuleOfTriage] = [
        r.model_copy(update={"text": None}) if r.id == "fear" else r for r in model.rules
    ]
    assert "rule 2 has no `text`" in messages(model.model_copy(update={"rules": tuple(rules)}))


@pytest.mark.parametrize(("text", "told"), [("{hee} waits", "no slot `{hee}`"), ("{he", "open")])
def test_a_slot_that_nobody_fills_is_told(text: str, told: str, model: Arrivals) -> None:
    sign = model.signs[0]
    telling = sign.plain[0].model_copy(update={"seen": text})
    broken = sign.model_copy(update={"plain": (telling, *sign.plain[1:])})
    found = list(defects(model.model_copy(update={"signs": (broken, *model.signs[1:])})))
    assert any(told in d.message and d.where[:3] == (0, "plain", 0) for d in found)


def test_settings_that_teach_over_referral_are_told() -> None:
    wanted = Generate.model_validate({"mix": {"asylum": 9, "regular-entry": 1}})
    found = list(unfit(wanted, CHANNELS))
    assert [u.fails for u in found] == [False]
    assert not list(unfit(Generate(), CHANNELS))


def test_channels_that_the_rules_do_not_know_are_told() -> None:
    found = [u.message for u in unfit(Generate(), (*CHANNELS[1:], "press-office"))]
    assert found == [
        "the drill has no channel `asylum`", "no rule sends anybody to `press-office`",
    ]  # fmt: skip
