"""The synthetic recruitment costs: the same bytes every time, and the README's relations."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from types import ModuleType

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "datasets" / "recruitment-costs"
SEEDS = (20251118, 1, 2, 3)


@pytest.fixture(scope="module")
def model() -> ModuleType:
    spec = importlib.util.spec_from_file_location("recruitment_generate", FOLDER / "generate.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def share(workers: list, holds: Callable) -> float:
    return sum(map(holds, workers)) / len(workers)


def test_the_file_is_what_the_generator_writes(model: ModuleType, tmp_path: Path) -> None:
    again = tmp_path / "again.csv"
    model.write(again)
    assert again.read_bytes() == (FOLDER / "recruitment_costs.csv").read_bytes()


def test_another_seed_gives_other_records(model: ModuleType, tmp_path: Path) -> None:
    model.write(tmp_path / "other.csv", seed=1)
    assert (tmp_path / "other.csv").read_bytes() != (FOLDER / "recruitment_costs.csv").read_bytes()


def test_a_loan_is_paid_down_as_the_readme_says(model: ModuleType) -> None:
    assert model.months_to_repay(1000, 0.0, 250) == 4
    # Owed after each month: 800; 590; 370 (29.5 goes to the even 30); 138; nothing.
    assert model.months_to_repay(1000, 5.0, 250) == 5
    assert model.months_to_repay(1000, 5.0, 50) is None


@pytest.mark.parametrize("seed", SEEDS)
def test_the_sums_of_a_row_agree(model: ModuleType, seed: int) -> None:
    for worker in model.generate(seed):
        loan = int(worker.loan)
        assert int(worker.fee) == loan + int(worker.savings_used), worker.worker_id
        assert int(worker.paid_wage) <= int(worker.contract_wage) <= int(worker.promised_wage)
        assert (worker.substituted == "yes") == (worker.contract_wage != worker.promised_wage)
        assert (loan > 0) == (worker.lender != "none") == (worker.repayment != "no loan")
        assert (worker.repayment == "ends") == bool(worker.months_to_repay)
        if loan:
            months = model.months_to_repay(loan, float(worker.interest), int(worker.instalment))
            assert str(months or "") == worker.months_to_repay
        assert (worker.complaint == "yes") == bool(worker.complaint_outcome)
        assert int(worker.refund or 0) <= int(worker.fee)


@pytest.mark.parametrize("seed", SEEDS)
def test_fees_rise_from_agreement_to_agent_without_licence(model: ModuleType, seed: int) -> None:
    workers = model.generate(seed)
    middle = {
        channel: median(int(w.fee) for w in workers if w.channel == channel)
        for channel in model.FEES
    }
    assert middle["agreement"] < middle["direct"] < middle["licensed"] < middle["unlicensed"]


@pytest.mark.parametrize("seed", SEEDS)
def test_contract_before_departure_goes_with_less_substitution(
    model: ModuleType, seed: int
) -> None:
    workers = model.generate(seed)
    groups = {word: [w for w in workers if w.contract_before == word] for word in ("yes", "no")}
    swapped = {
        word: share(found, lambda w: w.substituted == "yes") for word, found in groups.items()
    }
    assert swapped["yes"] + 0.15 < swapped["no"]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_job_pays_women_and_men_the_same(model: ModuleType, seed: int) -> None:
    workers = [w for w in model.generate(seed) if w.job == "farm" and w.channel != "unlicensed"]
    by_sex = [
        median(int(w.promised_wage) for w in workers if w.sex == sex) for sex in ("female", "male")
    ]
    assert abs(by_sex[0] - by_sex[1]) <= 30


def test_dear_loans_are_the_ones_that_do_not_end(model: ModuleType) -> None:
    stuck = [w for w in model.generate() if w.repayment == "not at this rate"]
    assert len(stuck) >= 30
    assert share(stuck, lambda w: w.lender in ("agency", "moneylender")) > 0.9
