"""The synthetic clocks and referrals: the same bytes every time, and the README's relations."""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from statistics import mean, median
from types import ModuleType

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "datasets" / "border-referrals"
FILES = ("arrivals.csv", "needs.csv")
SEEDS = (20260105, 1, 2, 3)


@pytest.fixture(scope="module")
def model() -> ModuleType:
    spec = importlib.util.spec_from_file_location("referrals_generate", FOLDER / "generate.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def many(model: ModuleType) -> list:
    return [person for seed in SEEDS for person in model.generate(seed)]


def share(found: list, holds: Callable) -> float:
    return sum(map(holds, found)) / len(found)


def minutes(person: object, column: str) -> float:
    arrival = person.arrival
    start, end = (
        datetime.fromisoformat(text) for text in (arrival.arrived, getattr(arrival, column))
    )
    return (end - start).total_seconds() / 60


def test_the_files_are_what_the_generator_writes(model: ModuleType, tmp_path: Path) -> None:
    model.write(tmp_path)
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), name


def test_another_seed_gives_other_records(model: ModuleType, tmp_path: Path) -> None:
    model.write(tmp_path, seed=1)
    for name in FILES:
        assert (tmp_path / name).read_bytes() != (FOLDER / name).read_bytes(), name


def test_the_file_has_no_nationality_and_not_the_truth(model: ModuleType) -> None:
    heads = "".join((FOLDER / name).read_text("utf-8").split("\n", 1)[0] for name in FILES)
    assert "national" not in heads and "there" not in heads


@pytest.mark.parametrize("seed", SEEDS)
def test_language_and_post_say_nothing_about_needs(
    model: ModuleType, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """With one language, one post and no night, the very same people have the same needs."""
    before = [person.there for person in model.generate(seed)]
    monkeypatch.setattr(model, "LANGUAGES", {"Sorv": 1.0})
    monkeypatch.setattr(model, "POSTS", {"Tarn Gate": 1.0})
    monkeypatch.setattr(model, "NIGHT", {"Tarn Gate": 0.0})
    assert before == [person.there for person in model.generate(seed)]


def test_a_post_differs_by_its_nights_alone(
    model: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "NIGHT", dict.fromkeys(model.POSTS, 0.4))
    people = [str(person).replace(person.arrival.post, "") for person in model.generate()]
    monkeypatch.setattr(model, "POSTS", {"Gull Haven": 1.0})
    again = [str(person).replace(person.arrival.post, "") for person in model.generate()]
    assert people == again


@pytest.mark.parametrize("seed", SEEDS)
def test_nights_are_slower_and_means_are_pulled_up(model: ModuleType, seed: int) -> None:
    people = [p for p in model.generate(seed) if p.arrival.first_info]
    found = {
        shift: [minutes(p, "first_info") for p in people if p.arrival.shift == shift]
        for shift in ("day", "night")
    }
    assert median(found["day"]) + 6 < median(found["night"])
    for shift, lengths in found.items():
        assert min(lengths) > 0 and mean(lengths) > median(lengths) + 2, shift


def test_an_independent_interpreter_takes_longer_and_hears_more(many: list) -> None:
    outside = [p for p in many if p.arrival.interpreter == "independent"]
    companion = [p for p in many if p.arrival.interpreter == "companion"]
    times = [
        median(minutes(p, "e1") for p in g if p.arrival.e1 and p.arrival.shift == "night")
        for g in (outside, companion)
    ]
    assert times[0] > times[1]
    told = [
        sum(len(p.needs) for p in group) / sum(len(p.there) for p in group)
        for group in (outside, companion)
    ]
    assert told[0] > told[1] + 0.2


def test_needs_are_lost_at_night_and_at_the_desk(many: list) -> None:
    needs = {
        shift: [n for p in many if p.arrival.shift == shift for n in p.needs]
        for shift in ("day", "night")
    }
    called_by_day, called_at_night = (
        share(needs[shift], lambda n: bool(n.referred)) for shift in ("day", "night")
    )
    assert called_by_day > called_at_night + 0.08
    handed = [n for p in many for n in p.needs if n.received]
    by_name, to_desk = (
        share([n for n in handed if n.handover == how], lambda n: n.received == "yes")
        for how in ("by name", "to the desk")
    )
    assert by_name > to_desk + 0.15


def test_the_steps_of_a_need_come_in_order(many: list) -> None:
    for person in many:
        assert {n.need for n in person.needs} <= person.there
        for need in person.needs:
            assert bool(need.referred) == bool(need.handover)
            assert bool(need.received_at) == (need.received == "yes")
            assert not need.received_at or person.arrival.arrived < need.referred < need.received_at


def test_the_faults_are_there(model: ModuleType) -> None:
    arrivals, _ = model.untidy(model.generate())
    ids = Counter(a.record_id for a in arrivals)
    assert 3 <= sum(n - 1 for n in ids.values()) <= 30
    assert {a.post for a in arrivals} > set(model.POSTS)
    assert sum(bool(a.first_info) and a.first_info < a.arrived for a in arrivals) >= 5
    assert sum(not a.e1 for a in arrivals) >= 10
