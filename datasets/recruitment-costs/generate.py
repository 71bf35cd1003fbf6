"""Make `recruitment_costs.csv`: invented workers of the Merrin Sea, and what their jobs cost them.

    python datasets/recruitment-costs/generate.py

writes the same bytes every time. Only `random.Random.random()` is drawn from, which Python keeps
stable between versions. README.md explains the model in words.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from random import Random

SEED = 20251118
WORKERS = 640
FILE = Path(__file__).with_name("recruitment_costs.csv")

CORRIDORS = {
    "Dorrimal-Brennick": 0.42,
    "Dorrimal-Ostrel": 0.24,
    "Sorvane-Brennick": 0.18,
    "Corrin Islands-Ostrel": 0.16,
}
CHANNELS: dict[str, dict[str, float]] = {
    "Dorrimal-Brennick": {"agreement": 0.26, "licensed": 0.38, "unlicensed": 0.24, "direct": 0.12},
    "Dorrimal-Ostrel": {"licensed": 0.46, "unlicensed": 0.32, "direct": 0.22},
    "Sorvane-Brennick": {"licensed": 0.18, "unlicensed": 0.58, "direct": 0.24},
    "Corrin Islands-Ostrel": {"licensed": 0.30, "unlicensed": 0.20, "direct": 0.50},
}
"""Which ways to a job a corridor has. One corridor only has an agreement between two States."""

JOBS: dict[str, dict[str, float]] = {
    "female": {"farm": 0.34, "fishing": 0.02, "building": 0.06, "domestic": 0.58},
    "male": {"farm": 0.38, "fishing": 0.28, "building": 0.30, "domestic": 0.04},
}
WAGES = {"farm": 820, "fishing": 900, "building": 980, "domestic": 720}
"""Usual wage of the job in crowns a month: the same for women and men, and for every corridor."""

FEES = {"agreement": 60, "licensed": 740, "unlicensed": 2100, "direct": 200}
"""Middle of what the worker paid to get the job, in crowns."""

LENDERS: dict[str, tuple[float, float]] = {
    "family": (0.0, 1.0),
    "bank": (1.0, 2.5),
    "agency": (3.0, 7.0),
    "moneylender": (5.0, 10.0),
}
"""Lowest and highest interest in percent a month."""

LIVING = 170
"""What a worker needs each month for food and other daily costs, in crowns."""

LONGEST = 240
"""A loan that is still there after so many months counts as not repaid at this rate."""


@dataclass(frozen=True)
class Worker:
    """One row of the file, before the mess of real records is added."""

    worker_id: str
    corridor: str
    sex: str
    job: str
    channel: str
    licence: str
    orientation: str
    contract_before: str
    receipt: str
    fee: str
    savings_used: str
    loan: str
    lender: str
    interest: str
    promised_wage: str
    contract_wage: str
    paid_wage: str
    substituted: str
    deductions: str
    passport_held_by: str
    instalment: str
    months_to_repay: str
    repayment: str
    complaint: str
    complaint_outcome: str
    refund: str


def months_to_repay(loan: int, interest: float, instalment: int) -> int | None:
    """Months until the loan is gone; None if it never is at this rate.

    Each month the interest (percent of what is owed, to whole crowns) is added, then the instalment
    goes off.
    """
    owed = loan
    for month in range(1, LONGEST + 1):
        owed += round(owed * interest / 100)
        owed -= instalment
        if owed <= 0:
            return month
    return None


def generate(seed: int = SEED) -> list[Worker]:
    """The workers, each with a clean record."""
    chance = Random(seed)
    return [_worker(chance, number) for number in range(1, WORKERS + 1)]


def _pick(chance: Random, shares: Mapping[str, float]) -> str:
    left = chance.random() * sum(shares.values())
    for name, share in shares.items():
        left -= share
        if left < 0:
            return name
    return name


def _near(chance: Random, middle: float, spread: float, step: int = 10) -> int:
    """A number around `middle`, most often close to it, in whole steps."""
    swing = (chance.random() + chance.random() + chance.random()) / 1.5 - 1
    return max(0, step * round(middle * (1 + spread * swing) / step))


def _yes(chance: Random, share: float) -> bool:
    return chance.random() < share


def _word(value: bool) -> str:
    return "yes" if value else "no"


def _worker(chance: Random, number: int) -> Worker:
    corridor = _pick(chance, CORRIDORS)
    sex = _pick(chance, {"female": 0.47, "male": 0.53})
    channel = _pick(chance, CHANNELS[corridor])
    # The agreement of this invented region has places on farms, and no others.
    job = "farm" if channel == "agreement" else _pick(chance, JOBS[sex])
    orientation = _yes(
        chance, {"agreement": 0.92, "licensed": 0.45, "direct": 0.25}.get(channel, 0.12)
    )
    before = _yes(chance, {"agreement": 0.97, "licensed": 0.78, "direct": 0.70}.get(channel, 0.34))
    receipt = _yes(chance, {"agreement": 0.95, "licensed": 0.55, "direct": 0.40}.get(channel, 0.16))
    # One draw a workplace: an employer who cuts pay often keeps papers and deducts more, too.
    hard = _yes(chance, {"agreement": 0.08, "licensed": 0.24, "direct": 0.20}.get(channel, 0.42))
    fee = _near(chance, FEES[channel], 0.7)
    promised = _near(chance, WAGES[job] * (1.12 if channel == "unlicensed" else 1.0), 0.12)
    swapped = _yes(chance, (0.10 if before else 0.46) + (0.20 if hard else 0.0))
    contract = _near(chance, promised * 0.74, 0.15) if swapped else promised
    paid = _near(chance, contract * (0.84 if hard else 0.98), 0.10)
    paid = min(paid, contract)
    deductions = _near(chance, 150 if hard else 70, 0.6)
    if job == "domestic" and not hard:
        deductions = _near(chance, 30, 0.9)
    loan, lender, interest = _loan(chance, channel, fee)
    free = max(0, paid - deductions - LIVING)
    instalment = 5 * round(free * (0.14 + 0.26 * chance.random()) / 5) if loan else 0
    months = months_to_repay(loan, interest, instalment) if loan else None
    holder = _holder(chance, hard, job)
    complaint, outcome, refund = _complaint(chance, channel, orientation, receipt, holder, fee)
    return Worker(
        worker_id=f"RC-{number:04d}",
        corridor=corridor,
        sex=sex,
        job=job,
        channel=channel,
        licence=_licence(chance, channel),
        orientation=_word(orientation),
        contract_before=_word(before),
        receipt=_word(receipt),
        fee=str(fee),
        savings_used=str(fee - loan),
        loan=str(loan),
        lender=lender,
        interest=f"{interest:.1f}" if loan else "",
        promised_wage=str(promised),
        contract_wage=str(contract),
        paid_wage=str(paid),
        substituted=_word(swapped and contract < promised),
        deductions=str(deductions),
        passport_held_by=holder,
        instalment=str(instalment) if loan else "",
        months_to_repay=str(months) if months else "",
        repayment="no loan" if not loan else "ends" if months else "not at this rate",
        complaint=complaint,
        complaint_outcome=outcome,
        refund=refund,
    )


def _licence(chance: Random, channel: str) -> str:
    if channel == "licensed":
        return "valid"
    if channel == "unlicensed":
        return _pick(chance, {"none": 0.78, "withdrawn": 0.22})
    return "not needed"


def _loan(chance: Random, channel: str, fee: int) -> tuple[int, str, float]:
    """What the worker borrowed for the fee: savings come first, and go a few hundred crowns far."""
    savings = _near(chance, 260, 0.9)
    loan = max(0, fee - savings)
    if loan < 50:
        return 0, "none", 0.0
    shares = {"family": 0.36, "bank": 0.26, "agency": 0.20, "moneylender": 0.18}
    if channel == "unlicensed":
        shares = {"family": 0.24, "bank": 0.08, "agency": 0.36, "moneylender": 0.32}
    lender = _pick(chance, shares)
    low, high = LENDERS[lender]
    return loan, lender, round(2 * (low + (high - low) * chance.random())) / 2


def _holder(chance: Random, hard: bool, job: str) -> str:
    kept = (0.58 if hard else 0.07) + (0.16 if job in ("domestic", "fishing") else 0.0)
    if not _yes(chance, kept):
        return "self"
    return _pick(chance, {"employer": 0.78, "agent": 0.22})


def _complaint(
    chance: Random, channel: str, orientation: bool, receipt: bool, holder: str, fee: int
) -> tuple[str, str, str]:
    """Who complains about a fee, and what comes of it. Nobody complains about a small one."""
    if fee < 150:
        return "no", "", ""
    share = 0.14 + (0.22 if orientation else 0.0) + (0.10 if receipt else 0.0)
    if holder != "self":
        share *= 0.5
    if not _yes(chance, share):
        return "no", "", ""
    won = (0.28 if channel == "licensed" else 0.12) + (0.38 if receipt else 0.0)
    if _yes(chance, won):
        part = 1.0 if _yes(chance, 0.45) else 0.3 + 0.4 * chance.random()
        refund = min(fee, 10 * round(fee * part / 10))
        return "yes", "refund in full" if refund == fee else "refund in part", str(refund)
    outcome = _pick(chance, {"rejected": 0.34, "withdrawn": 0.26, "open after a year": 0.40})
    return "yes", outcome, "0"


SPELLINGS: dict[str, dict[str, Sequence[str]]] = {
    "corridor": {
        "Dorrimal-Brennick": ("Dorrimal - Brennick", "DORRIMAL-BRENNICK"),
        "Corrin Islands-Ostrel": ("Corrin-Ostrel",),
    },
    "job": {"domestic": ("Domestic", "home"), "building": ("construction",)},
    "sex": {"female": ("F",), "male": ("M",)},
}
BLANK = {"paid_wage": 0.03, "passport_held_by": 0.03, "receipt": 0.04, "deductions": 0.03}


def untidy(workers: Sequence[Worker], seed: int = SEED) -> list[Worker]:
    """The records as tired people would type them."""
    chance = Random(seed + 1)
    rows: list[Worker] = []
    for worker in workers:
        rows.append(_typed(chance, worker))
        if chance.random() < 0.015:
            rows.append(rows[-1])
    return rows


def _typed(chance: Random, worker: Worker) -> Worker:
    changes: dict[str, str] = {}
    for column, spellings in SPELLINGS.items():
        others = spellings.get(getattr(worker, column), ())
        if others and chance.random() < 0.07:
            changes[column] = others[int(chance.random() * len(others))]
    for column, share in BLANK.items():
        if chance.random() < share:
            changes[column] = ""
    return replace(worker, **changes)


def write(path: Path = FILE, seed: int = SEED) -> int:
    """Write the file; the number of its rows."""
    rows = untidy(generate(seed), seed)
    names = [field.name for field in fields(Worker)]
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([getattr(row, name) for name in names] for row in rows)
    return len(rows)


if __name__ == "__main__":
    print(f"{write()} rows in {FILE.name}")
