"""Make `screening_records.csv`: invented screenings at two invented border posts.

    python datasets/screening-records/generate.py

writes the same bytes every time. Only `random.Random.random()` is drawn from, which Python keeps
stable between versions. README.md explains the model in words.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

SEED = 20250301
PEOPLE = 600
FIRST_DAY = date(2025, 3, 1)
DAYS = 245
FILE = Path(__file__).with_name("screening_records.csv")

BASE_RATE = 0.17
"""Share of people in the model who are being trafficked, whoever they are."""

NATIONALITIES = {
    "Sorvane": 0.31,
    "Dorrimal": 0.34,
    "Ostrel": 0.07,
    "Brennick": 0.08,
    "Corrin Islands": 0.20,
}
"""Dealt out last, in these shares to trafficked people and to others alike: in the model
nationality has no effect on anything, and nothing has an effect on it."""


@dataclass(frozen=True)
class Sign:
    """One of the eleven ILO signs: how often it is there, and how an officer learns of it."""

    column: str
    if_trafficked: float
    if_hardship: float
    otherwise: float
    told: bool
    """True: the officer knows only what the person says. False: the officer can also see it."""


SIGNS = (
    Sign("ind_abuse_of_vulnerability", 0.70, 0.35, 0.06, told=True),
    Sign("ind_deception", 0.68, 0.30, 0.03, told=True),
    Sign("ind_restriction_of_movement", 0.48, 0.06, 0.01, told=False),
    Sign("ind_isolation", 0.45, 0.12, 0.03, told=False),
    Sign("ind_violence", 0.26, 0.07, 0.02, told=True),
    Sign("ind_threats", 0.55, 0.14, 0.02, told=True),
    Sign("ind_documents_retained", 0.58, 0.12, 0.02, told=False),
    Sign("ind_wages_withheld", 0.40, 0.34, 0.02, told=True),
    Sign("ind_debt_bondage", 0.62, 0.26, 0.02, told=True),
    Sign("ind_living_conditions", 0.38, 0.30, 0.04, told=False),
    Sign("ind_overtime", 0.36, 0.33, 0.03, told=True),
)


@dataclass(frozen=True)
class Record:
    """One row of the file, before the mess of real records is added."""

    record_id: str
    date: str
    crossing_point: str
    shift: str
    nationality: str
    age: str
    sex: str
    entry: str
    travelling_with: str
    documents: str
    documents_held_by: str
    interpreter: str
    private_interview: str
    signs: tuple[str, ...]
    first_referral: str
    days_to_referral: str
    second_look_reason: str
    second_look: str


@dataclass(frozen=True)
class Person:
    """A record and what only the model knows about the person."""

    record: Record
    trafficked: bool
    hardship: bool


def generate(seed: int = SEED) -> list[Person]:
    """The people in order of date, each with a clean record."""
    chance = Random(seed)
    days = sorted(int(chance.random() * DAYS) for _ in range(PEOPLE))
    people = [_person(chance, number, day) for number, day in enumerate(days, start=1)]
    decks = {
        group: _deck(chance, sum(person.trafficked is group for person in people))
        for group in (True, False)
    }
    return [
        replace(p, record=replace(p.record, nationality=decks[p.trafficked].pop())) for p in people
    ]


def _deck(chance: Random, size: int) -> list[str]:
    """`size` nationalities in their shares (none left out by rounding), in random order."""
    deck = [name for name, share in NATIONALITIES.items() for _ in range(round(share * size))]
    while len(deck) < size:
        deck.append(_pick(chance, NATIONALITIES))
    for last in range(len(deck) - 1, 0, -1):
        other = int(chance.random() * (last + 1))
        deck[last], deck[other] = deck[other], deck[last]
    return deck


def _pick(chance: Random, shares: Mapping[str, float]) -> str:
    left = chance.random() * sum(shares.values())
    for name, share in shares.items():
        left -= share
        if left < 0:
            return name
    return name


def _person(chance: Random, number: int, day: int) -> Person:
    trafficked = chance.random() < BASE_RATE
    # Hard journeys and bad jobs also happen to people who are not trafficked: signs are no proof.
    hardship = not trafficked and chance.random() < 0.28
    night = chance.random() < 0.38
    private = chance.random() < (0.34 if night else 0.62)
    interpreter = _pick(
        chance,
        {
            "independent": 0.34 if night else 0.60,
            "companion": 0.22,
            "none": 0.44 if night else 0.18,
        },
    )
    age = _age(chance)
    holder = _holder(chance, trafficked, hardship)
    signs = _signs(chance, trafficked, hardship, private, interpreter)
    count = signs.count("1")
    referral = _referral(chance, count, age)
    reason = _reason(chance, referral)
    record = Record(
        record_id=f"SR-{number:04d}",
        date=(FIRST_DAY + timedelta(days=day)).isoformat(),
        crossing_point=_pick(chance, {"North Quay": 0.6, "Tarn Gate": 0.4}),
        shift="night" if night else "day",
        nationality="",
        age=str(age),
        sex=_pick(chance, {"male": 0.56, "female": 0.44}),
        entry=_pick(chance, {"lawful": 0.64, "irregular": 0.36}),
        travelling_with=_company(chance, trafficked, age),
        documents=_pick(chance, {"own, valid": 0.74, "not own or altered": 0.09, "none": 0.17}),
        documents_held_by=holder,
        interpreter=interpreter,
        private_interview="yes" if private else "no",
        signs=signs,
        first_referral=referral,
        days_to_referral="" if referral == "none" else str(_days(chance, interpreter, night)),
        second_look_reason=reason,
        second_look=_second_look(chance, trafficked) if reason else "",
    )
    return Person(record, trafficked, hardship)


def _age(chance: Random) -> int:
    band = _pick(chance, {"child": 0.17, "young": 0.55, "older": 0.28})
    low, high = {"child": (11, 17), "young": (18, 32), "older": (33, 58)}[band]
    return low + int(chance.random() * (high - low + 1))


def _holder(chance: Random, trafficked: bool, hardship: bool) -> str:
    if trafficked:
        return _pick(chance, {"self": 0.46, "companion": 0.28, "agent or employer": 0.26})
    if hardship:
        return _pick(chance, {"self": 0.78, "companion": 0.12, "agent or employer": 0.10})
    return _pick(chance, {"self": 0.86, "companion": 0.12, "agent or employer": 0.02})


def _company(chance: Random, trafficked: bool, age: int) -> str:
    if trafficked:
        return _pick(chance, {"alone": 0.28, "family": 0.12, "group": 0.34, "agent": 0.26})
    alone = 0.14 if age < 18 else 0.36
    return _pick(chance, {"alone": alone, "family": 0.34, "group": 0.24, "agent": 0.06})


def _signs(
    chance: Random, trafficked: bool, hardship: bool, private: bool, interpreter: str
) -> tuple[str, ...]:
    """What the officer wrote down: 1 seen or told, 0 not, empty where nobody asked."""
    told = _disclosure(private, interpreter)
    # One draw a person, shared by all signs: people under strong control show many signs.
    strength = 0.7 + 0.6 * chance.random()
    found = []
    for sign in SIGNS:
        rate = (
            sign.if_trafficked * strength
            if trafficked
            else sign.if_hardship
            if hardship
            else sign.otherwise
        )
        there = chance.random() < rate
        learns = told if sign.told else max(told, 0.75)
        written = there and chance.random() < learns
        mistaken = not there and chance.random() < 0.01
        asked = chance.random() < (0.97 if private else 0.90)
        found.append("1" if written or mistaken else "0" if asked else "")
    return tuple(found)


def _disclosure(private: bool, interpreter: str) -> float:
    """The chance that a person says what happened, under these conditions."""
    if private and interpreter == "independent":
        return 0.85
    if private:
        return 0.50
    return 0.38 if interpreter == "independent" else 0.22


def _referral(chance: Random, count: int, age: int) -> str:
    if age < 18 and chance.random() < 0.55 + 0.1 * min(count, 4):
        return "child protection"
    if chance.random() < min(0.95, 0.05 + 0.22 * count):
        return _pick(
            chance,
            {
                "referral desk": 0.30 + 0.12 * count,
                "labour inspectorate": 0.22,
                "shelter": 0.12,
                "health": 0.10,
            },
        )
    return "asylum office" if chance.random() < 0.16 else "none"


def _days(chance: Random, interpreter: str, night: bool) -> int:
    """Days from screening to first contact with the service."""
    mean = 1.2 + (0 if interpreter == "independent" else 1.6) + (0.9 if night else 0)
    days = 0
    while days < 21 and chance.random() < mean / (1 + mean):
        days += 1
    return days


def _reason(chance: Random, referral: str) -> str:
    """Why trained staff looked again; one in eight of the others is drawn by lot."""
    if referral in ("referral desk", "child protection", "shelter") and chance.random() < 0.9:
        return "referred"
    return "sample" if chance.random() < 0.125 else ""


def _second_look(chance: Random, trafficked: bool) -> str:
    if trafficked:
        return _pick(chance, {"trafficked": 0.80, "unclear": 0.17, "not": 0.03})
    return _pick(chance, {"trafficked": 0.02, "unclear": 0.12, "not": 0.86})


SPELLINGS: dict[str, dict[str, Sequence[str]]] = {
    "crossing_point": {
        "North Quay": ("north quay", "N. Quay", "North Quay "),
        "Tarn Gate": ("TARN GATE", "Tarngate", "tarn gate"),
    },
    "sex": {"male": ("M", "Male"), "female": ("F", "Female")},
    "interpreter": {"independent": ("Independent", "indep."), "none": ("NONE",)},
}
BLANK = {"age": 0.03, "documents_held_by": 0.04, "private_interview": 0.02, "interpreter": 0.02}
UNKNOWN_AGE = "99"


def untidy(people: Sequence[Person], seed: int = SEED) -> list[Record]:
    """The records as three shifts of tired people would type them."""
    chance = Random(seed + 1)
    rows: list[Record] = []
    for person in people:
        record = _typed(chance, person.record)
        rows.append(record)
        if chance.random() < 0.02:
            # Typed in twice: sometimes a copy, sometimes with another spelling.
            rows.append(record if chance.random() < 0.6 else _typed(chance, person.record))
    return rows


def _typed(chance: Random, record: Record) -> Record:
    changes: dict[str, str] = {}
    for column, spellings in SPELLINGS.items():
        others = spellings.get(getattr(record, column), ())
        if others and chance.random() < 0.09:
            changes[column] = others[int(chance.random() * len(others))]
    for column, share in BLANK.items():
        if chance.random() < share:
            changes[column] = ""
    if chance.random() < 0.012:
        changes["age"] = UNKNOWN_AGE
    return replace(record, **changes)


def header() -> list[str]:
    names: list[str] = []
    for field in fields(Record):
        names.extend([s.column for s in SIGNS] if field.name == "signs" else [field.name])
    return names


def _cells(record: Record) -> list[str]:
    cells: list[str] = []
    for field in fields(Record):
        value = getattr(record, field.name)
        cells.extend(value if field.name == "signs" else [value])
    return cells


def write(path: Path = FILE, seed: int = SEED) -> int:
    """Write the file; the number of its rows."""
    rows = untidy(generate(seed), seed)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(header())
        writer.writerows(_cells(row) for row in rows)
    return len(rows)


if __name__ == "__main__":
    print(f"{write()} rows in {FILE.name}")
