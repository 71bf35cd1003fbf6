"""Every seeded defect is found: by a problem of its kind, at its place."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

import crossings
from crossings.cases import Case
from crossings.cases.check import CaseProblem, problems
from crossings.cases.checks.words import Words
from tests.reading import read_yaml

from .mutants import REAL, SMALL, Json, Mutant

MODULES = Path(crossings.__file__).parent.parent / "modules"
WORDS = Words.read((MODULES / "words.txt").read_text(encoding="utf-8"))
SHIPPED = MODULES / "trafficking-identification" / "cases" / "night-crew-at-north-quay.yml"
BOUND = 4000
"""Enough for these; the defects of a real case must show in little time, too."""


@pytest.fixture(scope="module")
def shipped() -> Json:
    data: Json = read_yaml(SHIPPED)
    return data


def told(data: Json, mutant: Mutant, **options: Any) -> list[CaseProblem]:
    changed = copy.deepcopy(data)
    mutant.change(changed)
    return problems(Case.model_validate(changed), WORDS, **options)


def assert_found(found: list[CaseProblem], mutant: Mutant) -> None:
    places = [(p.code, ".".join(map(str, p.path))) for p in found]
    assert (mutant.code, mutant.place) in places, places
    assert all(p.hint for p in found)


def test_there_are_enough() -> None:
    assert len(SMALL) + len(REAL) >= 60
    assert len({m.code for m in (*SMALL, *REAL)}) >= 35


@pytest.mark.parametrize("mutant", SMALL, ids=lambda m: m.name)
def test_a_defect_of_the_small_case_is_found(sound_data: Json, mutant: Mutant) -> None:
    assert_found(told(sound_data, mutant), mutant)


@pytest.mark.parametrize("mutant", REAL, ids=lambda m: m.name)
def test_a_defect_of_the_shipped_case_is_found(shipped: Json, mutant: Mutant) -> None:
    assert_found(told(shipped, mutant, bound=BOUND), mutant)


def test_without_a_defect_nothing_is_found(sound_data: Json, shipped: Json) -> None:
    nothing = Mutant("nothing", "", "", lambda data: None)
    # Its search has no time for everything, and its best play asks only what it must.
    assert [p.code for p in told(sound_data, nothing)] == ["best-misses"]
    assert [p for p in told(shipped, nothing, bound=BOUND) if p.code != "state-bound"] == []


@pytest.mark.parametrize(
    ("step", "wrong", "message", "hint"),
    [
        (1, {"choice": "aprat"}, "unknown option `aprat`", "did you mean `apart`?"),
        (2, {"question": "saef"}, "unknown question `saef`", "did you mean `safe`?"),
        (1, {"node": "frist"}, "unknown node `frist`", "did you mean `first`?"),
    ],
)
def test_a_misspelt_step_of_the_best_play_is_one_problem(
    sound_data: Json, step: int, wrong: Json, message: str, hint: str
) -> None:
    sound_data["walkthroughs"]["best"]["actions"][step].update(wrong)
    found = problems(Case.model_validate(sound_data), WORDS)
    assert [(p.message, p.hint) for p in found] == [(message, hint)]


def test_a_play_that_sorts_people_says_who_goes_where(sound_data: Json) -> None:
    sound_data["nodes"]["middle"]["score"] = [99, 100]
    found = [p for p in problems(Case.model_validate(sound_data), WORDS) if "a play" in p.message]
    assert any("refer: 2 to " in p.hint and "refer: 1 to " in p.hint for p in found), found
