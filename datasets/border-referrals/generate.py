"""Make `arrivals.csv` and `needs.csv`: invented people at three invented posts, and their clocks.

    python datasets/border-referrals/generate.py

writes the same bytes every time. Only `random.Random.random()` is drawn from, which Python keeps
stable between versions. README.md explains the model in words.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

SEED = 20260105
PEOPLE = 560
FIRST_DAY = datetime(2025, 9, 1)
DAYS = 122
FOLDER = Path(__file__).parent
WRITTEN = "%Y-%m-%d %H:%M"

POSTS = {"North Quay": 0.56, "Tarn Gate": 0.38, "Gull Haven": 0.06}
NIGHT = {"North Quay": 0.30, "Tarn Gate": 0.62, "Gull Haven": 0.50}
"""Share of people who come at night. It is all that a post does in the model."""

LANGUAGES = {
    "Merrin": 0.16,
    "Sorv": 0.30,
    "coast Dorrim": 0.20,
    "hill Dorrim": 0.22,
    "Ostrelan": 0.12,
}
SCARCE = ("hill Dorrim", "Sorv")
"""Few interpreters at night. A language says nothing about what a person needs."""

SERVICES = {
    "health": "nurse",
    "child": "Child Protection",
    "fear of return": "Asylum Office",
    "trafficking": "Referral Desk",
    "work": "Labour Inspectorate",
    "family": "Red Cross and Red Crescent",
}
THERE = {
    "health": 0.20,
    "child": 0.13,
    "fear of return": 0.30,
    "trafficking": 0.09,
    "work": 0.15,
    "family": 0.20,
}
"""How many people have the need, whoever they are."""

SEEN = ("health", "child")
"""Needs that an officer can also see. The others must be told."""

BY_DAY_ONLY = ("work",)
"""Needs whose service answers between 08:00 and 18:00."""


@dataclass(frozen=True)
class Arrival:
    """One row of `arrivals.csv`, before the mess of real records is added."""

    record_id: str
    arrived: str
    post: str
    shift: str
    language: str
    interpreter: str
    first_info: str
    e1: str


@dataclass(frozen=True)
class Need:
    """One row of `needs.csv`: what an E1 says that a person needs, and what came of it."""

    record_id: str
    need: str
    service: str
    referred: str
    handover: str
    received: str
    received_at: str


@dataclass(frozen=True)
class Person:
    """What was written, and what only the model knows."""

    arrival: Arrival
    needs: tuple[Need, ...]
    there: frozenset[str]


def generate(seed: int = SEED) -> list[Person]:
    """The people in order of arrival, each with clean records."""
    chance = Random(seed)
    days = sorted(int(chance.random() * DAYS) for _ in range(PEOPLE))
    # Each person has draws of their own, so that one person's record moves nobody else's.
    return [
        _person(Random(seed * PEOPLE + number), number, day)
        for number, day in enumerate(days, start=1)
    ]


def _pick(chance: Random, shares: Mapping[str, float]) -> str:
    left = chance.random() * sum(shares.values())
    for name, share in shares.items():
        left -= share
        if left < 0:
            return name
    return name


def _yes(chance: Random, share: float) -> bool:
    return chance.random() < share


def _minutes(chance: Random, middle: float) -> timedelta:
    """Most often near `middle`; one time in twelve much longer, as on a bad day."""
    swing = (chance.random() + chance.random() + chance.random()) / 1.5 - 1
    length = middle * (1 + 0.9 * swing)
    if _yes(chance, 0.08):
        length *= 3 + 4 * chance.random()
    return timedelta(minutes=max(1, round(length)))


def _person(chance: Random, number: int, day: int) -> Person:
    there = frozenset(need for need, share in THERE.items() if _yes(chance, share))
    post = _pick(chance, POSTS)
    night = _yes(chance, NIGHT[post])
    arrived = _arrival(chance, day, night)
    language = _pick(chance, LANGUAGES)
    interpreter = _interpreter(chance, night, language)
    informed = arrived + _minutes(chance, 32 if night else 19)
    wait = {"independent": 45 if night and language in SCARCE else 15, "companion": 5, "none": 0}
    form = arrived + _minutes(chance, 68 + (14 if night else 0) + wait[interpreter])
    no_info, no_e1 = _yes(chance, 0.14 if night else 0.05), _yes(chance, 0.10 if night else 0.04)
    record_id = f"BR-{number:04d}"
    noted = [need for need in THERE if _noted(chance, need, need in there, interpreter)]
    return Person(
        Arrival(
            record_id=record_id,
            arrived=arrived.strftime(WRITTEN),
            post=post,
            shift="night" if night else "day",
            language=language,
            interpreter=interpreter,
            first_info="" if no_info else informed.strftime(WRITTEN),
            e1="" if no_e1 else form.strftime(WRITTEN),
        ),
        tuple(_need(chance, record_id, need, form, night) for need in noted),
        there,
    )


def _arrival(chance: Random, day: int, night: bool) -> datetime:
    """Day is 06:00 to 21:59. A night belongs to the day on which it begins."""
    first, hours = (22, 8) if night else (6, 16)
    minutes = int(chance.random() * hours * 60)
    return FIRST_DAY + timedelta(days=day, hours=first, minutes=minutes)


def _interpreter(chance: Random, night: bool, language: str) -> str:
    independent = 0.48 if night else 0.76
    if night and language in SCARCE:
        independent -= 0.16
    companion = (1 - independent) * 0.55
    return _pick(
        chance,
        {"independent": independent, "companion": companion, "none": 1 - independent - companion},
    )


def _noted(chance: Random, need: str, there: bool, interpreter: str) -> bool:
    """Whether an E1 has the need: a person tells more to somebody from outside."""
    told = {"independent": 0.86, "companion": 0.42, "none": 0.34}[interpreter]
    learns = max(told, 0.80) if need in SEEN else told
    draw = chance.random()
    return there and draw < learns


def _need(chance: Random, record_id: str, need: str, form: datetime, night: bool) -> Need:
    called = _yes(chance, 0.80 if night else 0.94)
    by_name = _yes(chance, 0.42 if night else 0.68)
    referred = _open(need, form) + _minutes(chance, 35)
    taken = _yes(chance, 0.93 if by_name else 0.66)
    written = _yes(chance, 0.97 if by_name else 0.84)
    received_at = referred + _minutes(chance, 130 if by_name else 310)
    if not called:
        return Need(record_id, need, SERVICES[need], "", "", "", "")
    received = ("yes" if taken else "no") if written else ""
    return Need(
        record_id=record_id,
        need=need,
        service=SERVICES[need],
        referred=referred.strftime(WRITTEN),
        handover="by name" if by_name else "to the desk",
        received=received,
        received_at=received_at.strftime(WRITTEN) if received == "yes" else "",
    )


def _open(need: str, moment: datetime) -> datetime:
    """When the service can be called first."""
    if need not in BY_DAY_ONLY or 8 <= moment.hour < 18:
        return moment
    morning = moment.replace(hour=8, minute=0)
    return morning if moment.hour < 8 else morning + timedelta(days=1)


SPELLINGS: dict[str, dict[str, Sequence[str]]] = {
    "post": {
        "North Quay": ("north quay", "N. Quay", "North Quay "),
        "Tarn Gate": ("TARN GATE", "Tarngate"),
        "Gull Haven": ("gull haven",),
    },
    "interpreter": {"independent": ("Independent", "indep."), "companion": ("Companion",)},
}


def untidy(people: Sequence[Person], seed: int = SEED) -> tuple[list[Arrival], list[Need]]:
    """The records as tired people would type them."""
    chance = Random(seed + 1)
    arrivals: list[Arrival] = []
    for person in people:
        arrivals.append(_typed(chance, person.arrival))
        if _yes(chance, 0.02):
            arrivals.append(_respelled(chance, arrivals[-1]))
    return arrivals, [need for person in people for need in person.needs]


def _typed(chance: Random, arrival: Arrival) -> Arrival:
    typed = _respelled(chance, arrival)
    if _yes(chance, 0.02):
        typed = replace(typed, interpreter="")
    # Just after midnight people write the day before.
    slip = _yes(chance, 0.6)
    if slip and typed.first_info and typed.first_info[:10] > typed.arrived[:10]:
        typed = replace(typed, first_info=typed.arrived[:10] + typed.first_info[10:])
    if slip and typed.e1 and typed.e1[:10] > typed.arrived[:10]:
        typed = replace(typed, e1=typed.arrived[:10] + typed.e1[10:])
    return typed


def _respelled(chance: Random, arrival: Arrival) -> Arrival:
    changes: dict[str, str] = {}
    for column, spellings in SPELLINGS.items():
        others = spellings.get(getattr(arrival, column), ())
        if others and chance.random() < 0.08:
            changes[column] = others[int(chance.random() * len(others))]
    return replace(arrival, **changes)


def write(folder: Path = FOLDER, seed: int = SEED) -> tuple[int, int]:
    """Write both files; the numbers of their rows."""
    arrivals, needs = untidy(generate(seed), seed)
    _write(folder / "arrivals.csv", Arrival, arrivals)
    _write(folder / "needs.csv", Need, needs)
    return len(arrivals), len(needs)


def _write(path: Path, kind: type, rows: Sequence[Arrival | Need]) -> None:
    names = [field.name for field in fields(kind)]
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([getattr(row, name) for name in names] for row in rows)


if __name__ == "__main__":
    print("{} arrivals, {} needs".format(*write()))
