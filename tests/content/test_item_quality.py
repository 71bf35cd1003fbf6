"""The content of the item banks, drills and worksheets: fair questions, and complete answers.

These are rules that a model cannot know: a test-wise guesser who never took the course must not
gain by picking the longest option or a favourite place, and each wrong option must teach.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from crossings.curriculum.model import Drill, ModuleFile, Worksheet
from crossings.items import Item, keyed, public, score
from tests.reading import read_yaml

MODULES = Path(__file__).resolve().parents[2] / "modules"
BANKS = sorted(MODULES.glob("*/items.yml"))
LONGEST_SHARE = 0.30
SHORTEST_SHARE = 0.35
CHI_SQUARE_3 = 7.815
"""The 5 % bound of chi-square with three degrees of freedom (four places)."""

CUES = re.compile(
    r"\b(always|never|in every case|in all cases|without exception|under no circumstances|"
    r"all of the above|none of the above|all of these|none of these|both a and b|"
    r"a and c|obviously not)\b",
    re.IGNORECASE,
)
NATIONALITY = re.compile(
    r"\b(Dorrimal|Sorvane|Sorv|Dorrim)\w*\s+(men|women|people|girls|boys)\b", re.IGNORECASE
)


@cache
def bank(path: Path) -> list[Item]:
    return [Item(**entry) for entry in read_yaml(path)]


@pytest.fixture(params=BANKS, ids=lambda path: path.parent.name)
def module(request: pytest.FixtureRequest) -> Path:
    return request.param.parent


@pytest.fixture
def items(module: Path) -> list[Item]:
    return bank(module / "items.yml")


@pytest.fixture
def singles(items: list[Item]) -> list[Item]:
    return [item for item in items if item.kind == "single"]


def right_place(item: Item) -> int:
    return next(place for place, option in enumerate(item.options) if option.correct)


def words_shown(item: Item) -> list[str]:
    """Every text that a learner can choose."""
    return [o.text for o in item.options] + [t.text for t in item.targets]


def names(found: list[Item]) -> str:
    return ", ".join(item.id for item in found)


def test_ids_are_unique(items: list[Item]) -> None:
    twice = [name for name, count in Counter(item.id for item in items).items() if count > 1]
    assert not twice


def test_the_right_option_is_seldom_the_longest(singles: list[Item]) -> None:
    longest = [
        item
        for item in singles
        if len(item.options[right_place(item)].text) == max(len(o.text) for o in item.options)
    ]
    assert len(longest) <= LONGEST_SHARE * len(singles), names(longest)


def test_the_right_option_is_seldom_the_shortest(singles: list[Item]) -> None:
    shortest = [
        item
        for item in singles
        if len(item.options[right_place(item)].text) == min(len(o.text) for o in item.options)
    ]
    assert len(shortest) <= SHORTEST_SHARE * len(singles), names(shortest)


def test_right_options_are_not_longer_on_average(singles: list[Item]) -> None:
    right = [len(o.text) for item in singles for o in item.options if o.correct]
    wrong = [len(o.text) for item in singles for o in item.options if not o.correct]
    assert sum(right) / len(right) <= 1.05 * sum(wrong) / len(wrong)


def test_the_right_option_is_seldom_the_one_with_most_parts(singles: list[Item]) -> None:
    """Careful authors write "A, then B and C" as the right answer; guessers know that."""
    hits = 0.0
    for item in singles:
        parts = [len(re.findall(r"[.,;]| and ", o.text)) for o in item.options]
        if parts[right_place(item)] == max(parts):
            hits += 1 / parts.count(max(parts))
    assert hits <= 0.4 * len(singles)


def test_no_place_is_favoured(singles: list[Item]) -> None:
    four = [item for item in singles if len(item.options) == 4]
    places = Counter(right_place(item) for item in four)
    expected = len(four) / 4
    chi_square = sum((places[place] - expected) ** 2 / expected for place in range(4))
    assert chi_square < CHI_SQUARE_3, dict(places)


def test_most_choices_have_four_options(singles: list[Item]) -> None:
    assert sum(len(item.options) == 4 for item in singles) >= 0.8 * len(singles)


def test_no_multiple_item_is_answered_by_ticking_everything(items: list[Item]) -> None:
    for item in items:
        if item.kind not in ("multiple", "hotspot"):
            continue
        everything = score(item, {"choices": [o.id for o in item.options]})
        assert any(not o.correct for o in item.options), item.id
        assert everything.points <= 0.5 * item.points, item.id


def test_every_choice_teaches(items: list[Item]) -> None:
    for item in items:
        for option in item.options:
            assert option.feedback, f"{item.id}/{option.id}: no feedback"
            assert len(option.feedback) >= 15, f"{item.id}/{option.id}: too little feedback"


def test_no_cue_words_in_options(items: list[Item]) -> None:
    for item in items:
        for text in words_shown(item):
            assert not CUES.search(text), f"{item.id}: {text}"


def test_no_group_is_named_as_a_type(items: list[Item]) -> None:
    for item in items:
        for text in [item.stem, *words_shown(item)]:
            assert not NATIONALITY.search(text), f"{item.id}: {text}"


def test_stems_are_short_and_kinds_vary(items: list[Item]) -> None:
    assert len({item.kind for item in items}) >= 7
    for item in items:
        assert len(item.stem.split()) <= 90, f"{item.id}: {len(item.stem.split())} words"


def test_each_objective_has_six_items(module: Path, items: list[Item]) -> None:
    wanted = {o.id for o in ModuleFile(**read_yaml(module / "module.yml")).objectives}
    count = Counter(objective for item in items for objective in item.objectives)
    assert set(count) <= wanted
    assert all(count[objective] >= 6 for objective in wanted), count


def test_both_tests_cover_every_objective(module: Path, items: list[Item]) -> None:
    file = ModuleFile(**read_yaml(module / "module.yml"))
    by_id = {item.id: item for item in items}
    wanted = {o.id for o in file.objectives}
    for use, chosen in (("pretest", file.tests.pre), ("posttest", file.tests.post)):
        assert all(use in by_id[name].use for name in chosen)
        assert {o for name in chosen for o in by_id[name].objectives} == wanted, use


def test_the_two_tests_are_equally_hard(items: list[Item]) -> None:
    means = {}
    for use in ("pretest", "posttest"):
        values = [item.difficulty for item in items if use in item.use]
        means[use] = sum(values) / len(values)
    assert abs(means["pretest"] - means["posttest"]) <= 0.07, means


def test_every_use_is_served(items: list[Item]) -> None:
    uses = Counter(use for item in items for use in item.use)
    assert set(uses) == {"practice", "pretest", "posttest", "drill", "worksheet"}


def test_difficulty_is_spread(items: list[Item]) -> None:
    values = [item.difficulty for item in items]
    assert min(values) >= 0.3
    assert max(values) <= 0.85
    assert max(values) - min(values) >= 0.3


def right_response(item: Item) -> dict[str, Any]:
    if item.kind == "single":
        return {"choice": item.options[right_place(item)].id}
    if item.kind in ("multiple", "hotspot"):
        return {"choices": [o.id for o in item.options if o.correct]}
    if item.kind == "order":
        return {"order": [o.id for o in item.options]}
    if item.kind in ("match", "grid"):
        return {"pairs": {o.id: o.target for o in item.options}}
    if item.kind == "number":
        return {"number": item.answer}
    return {"text": item.accept[0]}


def test_the_key_earns_full_points(items: list[Item]) -> None:
    for item in items:
        if not item.marked_by_person:
            assert score(item, right_response(item)).full, item.id


def test_written_answers_have_rubric_and_model(items: list[Item]) -> None:
    written = [item for item in items if item.kind == "text"]
    assert written
    for item in written:
        assert item.model_answer
        assert len(item.rubric) >= 3


def test_no_option_id_of_an_order_item_tells_its_place(items: list[Item]) -> None:
    for item in items:
        if item.kind != "order":
            continue
        ids = [o.id for o in item.options]
        assert ids != sorted(ids), f"{item.id}: ids in alphabetical order give the answer away"
        assert not any(re.fullmatch(r"[a-z]?\d+", i) for i in ids), item.id


def test_worksheet_items_keep_their_key(items: list[Item]) -> None:
    for item in items:
        if item.reserved:
            text = str(public(item, "seed"))
            assert item.rationale not in text
            assert "'correct'" not in text
            assert "'target'" not in text
        else:
            assert keyed(item)["rationale"] == item.rationale


def worksheets() -> list[Path]:
    return sorted(MODULES.glob("*/worksheets/*.yml"))


@pytest.mark.parametrize("path", worksheets(), ids=lambda path: path.stem)
def test_a_worksheet_has_points_for_machine_and_person(path: Path) -> None:
    sheet = Worksheet(**read_yaml(path))
    by_id = {item.id: item for item in bank(path.parents[1] / "items.yml")}
    used = [by_id[name] for name in sheet.item_ids]
    assert all(item.reserved for item in used)
    assert 20 <= sum(item.points for item in used) <= 25
    assert {item.marked_by_person for item in used} == {True, False}
    assert sum(item.seconds for item in used) <= 60 * sheet.minutes


def drills(kind: str) -> list[Path]:
    return [p for p in sorted(MODULES.glob("*/drills/*.yml")) if read_yaml(p)["kind"] == kind]


@pytest.mark.parametrize("path", drills("quiz"), ids=lambda path: path.stem)
def test_a_quiz_drill_is_quick_and_has_talks(path: Path) -> None:
    drill = Drill(**read_yaml(path))
    by_id = {item.id: item for item in bank(path.parents[1] / "items.yml")}
    for step in drill.steps:
        assert "drill" in by_id[step.item].use
        assert 20 <= (step.seconds or drill.seconds) <= 60
        assert step.talk.strip()
    assert drill.debrief


def written_triage() -> list[Path]:
    return [p for p in drills("triage") if "arrivals" in read_yaml(p)]


@pytest.mark.parametrize("path", written_triage(), ids=lambda path: path.stem)
def test_a_triage_drill_mixes_needs_and_ordinary_travellers(path: Path) -> None:
    drill = Drill(**read_yaml(path))
    ordinary = [person for person in drill.arrivals if "regular-entry" in person.right]
    assert len(ordinary) >= 4
    assert not any(person.need for person in ordinary)
    assert any(person.need for person in drill.arrivals)
    assert {channel.id for channel in drill.channels} == {
        channel for person in drill.arrivals for channel in person.right
    }
    assert any(len(person.right) > 1 for person in drill.arrivals)
    for person in drill.arrivals:
        assert not set(person.right) & set(person.acceptable), person.id
