"""Who is drawn: the same from a seed, nobody twice, as many as asked, and in clean words."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from crossings.cases.checks.words import Words
from crossings.curriculum import current
from crossings.triage import Arrivals, Generate, generate
from crossings.triage.generate import shares
from crossings.triage.model import CHANNELS, Difficulty
from crossings.triage.plan import SECOND
from crossings.workspace import ROOT
from tests.triage.conftest import LEVELS, arrivals, many


def test_a_seed_gives_the_same_people_and_another_seed_others(model: Arrivals) -> None:
    wanted = Generate(people=16, difficulty="hard")
    one = [d.person for d in generate(model, wanted, "a")]
    assert one == [d.person for d in generate(model, wanted, "a")]
    assert one != [d.person for d in generate(model, wanted, "b")]


@pytest.mark.parametrize("difficulty", LEVELS)
def test_nobody_is_there_twice(difficulty: Difficulty, model: Arrivals) -> None:
    for seed in range(20):
        people = [
            d.person for d in generate(model, Generate(people=40, difficulty=difficulty), str(seed))
        ]
        assert len({p.id for p in people}) == 40
        assert len({p.name.split(",")[0] for p in people}) == 40
        told = Counter((p.seen, p.says, p.documents) for p in people)
        assert told.most_common(1)[0][1] == 1


@settings(deadline=None)
@given(
    st.integers(4, 40),
    st.dictionaries(st.sampled_from(CHANNELS), st.integers(0, 9), max_size=8),
)
def test_a_mix_is_kept_to_the_person(people: int, mix: dict[str, int]) -> None:
    if mix and not any(mix.values()):
        return
    wanted = Generate.model_validate({"people": people, "mix": mix})
    found = shares(wanted)
    assert sum(found.values()) == people
    if mix:
        whole = sum(mix.values())
        for channel, count in found.items():
            assert abs(count - people * mix.get(channel, 0) / whole) < 1
    drawn = generate(arrivals(), wanted, "mix")
    asked = Counter(d.plan.channel for d in drawn)
    assert dict(asked) == {c: n for c, n in found.items() if n}
    for one in drawn:
        # Somebody drawn with danger to life has to go there first, whatever else was asked for.
        assert one.plan.channel in one.person.right


def test_a_mix_of_nobody_is_refused() -> None:
    with pytest.raises(ValidationError, match="asks for nobody"):
        Generate.model_validate({"mix": {"asylum": 0}})


@pytest.mark.parametrize("difficulty", LEVELS)
def test_difficulty_is_what_it_says(difficulty: Difficulty) -> None:
    people = many(difficulty)
    buried = sum(d.plan.buried for d in people) / len(people)
    two = sum(len([p for p in d.plan.pieces if p.source in SECOND]) > 1 for d in people)
    misleading = sum(any(p.mimics for p in d.plan.pieces) for d in people) / len(people)
    if difficulty == "easy":
        assert (buried, two, misleading) == (0, 0, 0)
        assert all(len(d.person.indicators) <= 1 for d in people)
    if difficulty == "hard":
        assert buried > 0.3
        assert two / len(people) > 0.08
        assert misleading > 0.7


# Words


@pytest.mark.parametrize("difficulty", LEVELS)
def test_words_are_clean(difficulty: Difficulty) -> None:
    forbidden = Words.read((ROOT / "modules" / "words.txt").read_text(encoding="utf-8"))
    for one in many(difficulty):
        person = one.person
        for text in (person.seen, person.says, person.documents, person.why):
            assert not re.search(r"[{}]|  |\.\.|\bNone\b(?=[^.\s])|“\.", text), text
            assert text[0].isupper() or text[0] in '"(', text
            assert not list(forbidden.found(text)), text
        assert person.why.endswith(".")


@pytest.mark.parametrize("difficulty", LEVELS)
def test_pronouns_and_names_agree(difficulty: Difficulty) -> None:
    """Where no other person is told of, only the pronouns of this person are used."""
    names = arrivals().world.names
    checked = 0
    for one in many(difficulty):
        first = one.person.name.split(",")[0].split(" ")[0]
        assert first in (names.she if one.who.she else names.he)
        if any(p.telling.other for p in one.plan.pieces):
            continue
        told = [p.telling.note or "" for p in one.plan.signs]
        if re.search(r"kin|child|other|carer", " ".join(told)):
            continue
        wrong = r"\b(he|him|his)\b" if one.who.she else r"\b(she|her|hers)\b"
        why = one.person.why.split("Not a sign here")[0]
        assert not re.search(wrong, why, re.IGNORECASE), why
        checked += 1
    assert checked > 1000


@pytest.mark.parametrize("difficulty", LEVELS)
def test_a_person_is_read_within_the_time(difficulty: Difficulty) -> None:
    for one in many(difficulty):
        person = one.person
        words = len(f"{person.seen} {person.says} {person.documents}".split())
        assert words <= 175, words
        assert person.seconds is not None
        assert 40 <= person.seconds <= 90
        # A slow reader, in a third language: 130 words a minute.
        assert words / 120 * 60 <= person.seconds


def test_why_names_the_rules_and_cites_them() -> None:
    law = current().law
    for one in many("hard"):
        person = one.person
        for rule in one.plan.truth.rules:
            assert f"{rule.number}" in re.findall(r"\d+", " ".join(re.findall(
                r"drill rules? [\d and]+", person.why)))  # fmt: skip
        assert 1 <= len(person.cites) <= 5
        assert all(law[c].confidence in ("verified", "well-known") for c in person.cites)


@settings(max_examples=30, deadline=None)
@given(st.text(min_size=1, max_size=20))
def test_any_text_is_a_seed(seed: str) -> None:
    assert len(generate(arrivals(), Generate(people=4), seed)) == 4
