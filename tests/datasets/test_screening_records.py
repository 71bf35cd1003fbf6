"""The synthetic records: the same bytes every time, and a model that is fair."""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter, defaultdict
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "datasets" / "screening-records"


@pytest.fixture(scope="module")
def model() -> ModuleType:
    spec = importlib.util.spec_from_file_location("screening_generate", FOLDER / "generate.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_the_file_is_what_the_generator_writes(model: ModuleType, tmp_path: Path) -> None:
    again = tmp_path / "again.csv"
    model.write(again)
    assert again.read_bytes() == (FOLDER / "screening_records.csv").read_bytes()


def test_another_seed_gives_other_records(model: ModuleType, tmp_path: Path) -> None:
    model.write(tmp_path / "other.csv", seed=1)
    assert (tmp_path / "other.csv").read_bytes() != (FOLDER / "screening_records.csv").read_bytes()


@pytest.mark.parametrize("seed", [20250301, 1, 2, 3, 4])
def test_nationality_says_nothing_about_the_truth(model: ModuleType, seed: int) -> None:
    by_nation: dict[str, list[bool]] = defaultdict(list)
    people = model.generate(seed)
    for person in people:
        by_nation[person.record.nationality].append(person.trafficked)
    overall = sum(p.trafficked for p in people) / len(people)
    assert set(by_nation) == set(model.NATIONALITIES)
    for nation, truths in by_nation.items():
        # Dealt in equal shares; what is left is the rounding to whole people.
        assert abs(sum(truths) / len(truths) - overall) < 2 / len(truths), nation


def test_nationality_changes_nothing_else(
    model: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without(people: list) -> list:
        return [(p.trafficked, str(p.record).replace(p.record.nationality, "")) for p in people]

    before = model.generate()
    monkeypatch.setattr(model, "NATIONALITIES", {"Elsewhere": 1.0})
    assert without(before) == without(model.generate())


def _mean_told(model: ModuleType, people: list) -> float:
    told = [i for i, sign in enumerate(model.SIGNS) if sign.told]
    return sum(sum(p.record.signs[i] == "1" for i in told) for p in people) / len(people)


def test_conditions_raise_disclosure(model: ModuleType) -> None:
    people = [p for seed in range(5) for p in model.generate(seed) if p.trafficked]
    good = [
        p
        for p in people
        if p.record.private_interview == "yes" and p.record.interpreter == "independent"
    ]
    poor = [
        p
        for p in people
        if p.record.private_interview == "no" and p.record.interpreter != "independent"
    ]
    assert _mean_told(model, good) > 2 * _mean_told(model, poor)


def test_signs_are_neither_proof_nor_safety(model: ModuleType) -> None:
    people = [p for seed in range(5) for p in model.generate(seed)]
    signs = {True: Counter[bool](), False: Counter[bool]()}
    for person in people:
        signs[person.trafficked]["1" in person.record.signs] += 1
    assert signs[False][True] > 0.2 * signs[False].total()
    assert signs[True][False] > 0


def test_the_file_does_not_know_the_truth(model: ModuleType) -> None:
    assert not {"trafficked", "hardship", "truth"} & set(model.header())


def test_the_faults_are_there(model: ModuleType) -> None:
    records = model.untidy(model.generate())
    ids = Counter(r.record_id for r in records)
    assert 3 <= sum(n - 1 for n in ids.values()) <= 30
    assert {r.crossing_point for r in records} > {"North Quay", "Tarn Gate"}
    assert {r.age for r in records} >= {"", "99"}
    assert "None" not in {v for r in records for v in (r.interpreter, r.sex)}, (
        "pandas reads it empty"
    )
