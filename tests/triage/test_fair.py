"""What is right never depends on who somebody is, and nothing but the facts tells what is right."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossings.triage import Arrivals, Drawn, Generate, generate
from crossings.triage.cues import measure
from crossings.triage.model import Difficulty
from tests.triage.conftest import LEVELS, arrivals, many

SEEDS = st.text("abcdefghij0123456789", min_size=1, max_size=8)


def truth(drawn: Drawn) -> tuple[object, ...]:
    person = drawn.person
    return person.right, person.acceptable, person.need, person.cites, person.rules


@settings(max_examples=60, deadline=None)
@given(SEEDS, SEEDS, st.sampled_from(LEVELS))
def test_other_names_sexes_countries_and_ways_change_nothing_of_what_is_right(
    seed: str, other: str, difficulty: Difficulty
) -> None:
    wanted = Generate(people=12, difficulty=difficulty)
    one = generate(arrivals(), wanted, seed)
    two = generate(arrivals(), wanted, seed, who=f"{other}!")
    assert [truth(d) for d in one] == [truth(d) for d in two]
    assert [d.who for d in one] != [d.who for d in two], "the other people are the same"
    assert [d.person.name for d in one] != [d.person.name for d in two]


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.sampled_from(LEVELS))
def test_a_world_with_the_countries_and_sexes_exchanged_has_the_same_truth(
    seed: str, difficulty: Difficulty
) -> None:
    model = arrivals()
    world = model.world
    lands = dict(zip(world.countries, reversed(world.countries.values()), strict=True))
    ways = dict(zip(world.ways, reversed(world.ways.values()), strict=True))
    names = world.names.model_copy(update={"she": world.names.he, "he": world.names.she})
    turned = world.model_copy(update={"countries": lands, "ways": ways, "names": names})
    wanted = Generate(people=12, difficulty=difficulty)
    one = generate(model, wanted, seed)
    two = generate(model.model_copy(update={"world": turned}), wanted, seed)
    assert [truth(d) for d in one] == [truth(d) for d in two]
    assert [d.person.name for d in one] != [d.person.name for d in two]


def _bound(rate: float, people: int) -> float:
    """What chance allows, at about one in 10,000."""
    return 4 * math.sqrt(rate * (1 - rate) / people)


GROUPS: dict[str, Callable[[Drawn], str]] = {
    "country": lambda d: d.who.country,
    "sex": lambda d: "she" if d.who.she else "he",
    "way of arrival": lambda d: d.who.way,
}


@pytest.mark.parametrize("by", GROUPS)
@pytest.mark.parametrize("difficulty", LEVELS)
def test_needs_are_as_frequent_in_every_group(by: str, difficulty: Difficulty) -> None:
    people = many(difficulty)
    rate = sum(d.person.need for d in people) / len(people)
    groups = Counter(GROUPS[by](d) for d in people)
    for group, count in groups.items():
        assert count > 300, f"{group} is too small to say anything"
        found = sum(d.person.need for d in people if GROUPS[by](d) == group) / count
        assert abs(found - rate) < _bound(rate, count), (group, found, rate)
    for channel in {c for d in people for c in d.person.right}:
        share = sum(channel in d.person.right for d in people) / len(people)
        for group, count in groups.items():
            found = sum(channel in d.person.right for d in people if GROUPS[by](d) == group)
            assert abs(found / count - share) < _bound(share, count), (group, channel)


@pytest.mark.parametrize("difficulty", LEVELS)
def test_no_word_but_those_of_the_facts_tells_the_channel(difficulty: Difficulty) -> None:
    people = many(difficulty)
    half = len(people) // 2
    cues = measure(people[:half], people[half:])
    assert cues.people > 1000
    gain = cues.guessed - cues.by_chance
    assert gain < 2 * cues.error, f"words alone guess {gain:.1%} more"
    # The worst of some thousand words is four errors off by chance.
    assert cues.strongest.errors < 5 or abs(cues.strongest.points) < 15, cues.strongest


LEAKY = ("bag", "mood", "hands", "food", "look", "act")


def test_the_adversary_finds_a_cue_where_there_is_one(model: Arrivals) -> None:
    """With a model that gives itself away, the measure above fails."""
    signs = tuple(
        s.model_copy(
            update={
                "plain": tuple(t.model_copy(update={"about": (*t.about, *LEAKY)}) for t in s.plain)
            }
        )
        for s in model.signs
    )
    leaking = model.model_copy(update={"signs": signs})
    wanted = Generate(people=40, difficulty="easy")
    people = [d for n in range(60) for d in generate(leaking, wanted, f"leak-{n}")]
    cues = measure(people[:1200], people[1200:])
    gained = cues.guessed - cues.by_chance > 2 * cues.error
    assert gained or (cues.strongest.errors >= 5 and abs(cues.strongest.points) >= 15), cues
