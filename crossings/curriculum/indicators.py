"""Signs of trafficking as published: six dimensions, strengths, and the rule that combines them.

    table = read_indicators()
    weigh(table, "adult", ["D1-01", "D1-02"]).dimensions[0].by   # "one strong and one medium"

The rule is data (`decision_rule.csv`): each row that makes a dimension positive is a smallest
combination, and more never hurts. A sign is a reason to ask and to refer. So nothing here can say
that a person was trafficked, or was not: there is no such value, and no sum over dimensions.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

from crossings.curriculum.problem import nearest
from crossings.workspace import ROOT

Age = Literal["adult", "child"]
Strength = Literal["strong", "medium", "weak"]
AGES: tuple[Age, ...] = get_args(Age)
STRENGTHS: tuple[Strength, ...] = get_args(Strength)
FOLDER = Path("datasets") / "trafficking-indicators"

_SCORED: dict[str, Age] = {"ilo-ec-adult-labour": "adult", "ilo-ec-child-labour": "child"}
"""The two lists that carry strengths for every sign. No other list is ever weighed."""
_LISTED = "unodc-sexual"


class Counts(NamedTuple):
    """How many signs of each strength."""

    strong: int = 0
    medium: int = 0
    weak: int = 0

    def covers(self, other: Counts) -> bool:
        return all(have >= need for have, need in zip(self, other, strict=True))

    def lacks(self, other: Counts) -> Counts:
        """What must be added to reach `other`."""
        return Counts(*(max(0, need - have) for have, need in zip(self, other, strict=True)))


@dataclass(frozen=True)
class Dimension:
    no: int
    name: str
    part: Literal["means", "purpose"]
    """The part of the definition that it speaks about. The sorting is the course's."""
    question: str


@dataclass(frozen=True)
class Sign:
    """One line of the lists for labour exploitation."""

    id: str
    dimension: int
    label: str
    adult: Strength | None
    """Its strength on the list for adults; none where that list does not hold it."""
    child: Strength | None

    def strength(self, age: Age) -> Strength | None:
        return self.adult if age == "adult" else self.child


@dataclass(frozen=True)
class Listed:
    """A sign without strength. It is read and never weighed, so it has no id to tick."""

    label: str
    meaning: str


@dataclass(frozen=True)
class Combination:
    name: str
    counts: Counts


@dataclass(frozen=True)
class Indicators:
    dimensions: tuple[Dimension, ...]
    signs: tuple[Sign, ...]
    rule: tuple[Combination, ...]
    """The smallest combinations that make a dimension positive, in the order of the file."""
    listed: tuple[Listed, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain data, as the page's script reads it."""
        return asdict(self)


@dataclass(frozen=True)
class Weighed:
    """One dimension: what is ticked, whether it is enough and by what, and what is missing."""

    no: int
    counts: Counts
    by: str | None
    """The combination that makes it positive; none when it is not."""
    missing: int
    """How many signs are missing at least; 0 when it is enough or the list cannot reach it."""
    next: tuple[Strength, ...]
    """With one sign missing: the strengths that it may have."""


@dataclass(frozen=True)
class Weighing:
    """Six dimensions side by side. There is no total, and no finding about a person."""

    age: Age
    dimensions: tuple[Weighed, ...]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def read_indicators(root: Path = ROOT) -> Indicators:
    """The dataset under `root`."""
    folder = root / FOLDER
    rows = list(_rows(folder / "indicators.csv"))
    return Indicators(
        dimensions=tuple(_dimension(row) for row in _rows(folder / "dimensions.csv")),
        signs=tuple(_signs(row for row in rows if row["set"] in _SCORED)),
        rule=tuple(
            Combination(row["combination"], Counts(*(int(row[s]) for s in STRENGTHS)))
            for row in _rows(folder / "decision_rule.csv")
            if row["dimension_positive"] == "yes"
        ),
        listed=tuple(Listed(r["label"], r["meaning"]) for r in rows if r["set"] == _LISTED),
    )


def enough(rule: Iterable[Combination], counts: Counts) -> str | None:
    """The first combination of the rule that `counts` holds, or none: then it is not enough."""
    return next((c.name for c in rule if counts.covers(c.counts)), None)


def weigh(table: Indicators, age: Age, ticked: Iterable[str]) -> Weighing:
    """Each dimension by itself, with the list for this age.

    Raises:
        ValueError: for a sign that the list for this age does not hold, or an unknown age.
    """
    if age not in AGES:
        raise ValueError(f"no list for `{age}`: choose `adult` or `child`")
    on_list = {sign.id: sign for sign in table.signs if sign.strength(age)}
    chosen = set(ticked)
    for id_ in sorted(chosen - set(on_list)):
        raise ValueError(f"no sign `{id_}` on the list for `{age}`: {nearest(id_, on_list)}")
    return Weighing(
        age=age,
        dimensions=tuple(
            _weighed(
                table.rule,
                dimension.no,
                _count(on_list.values(), dimension.no, age, chosen, inside=True),
                _count(on_list.values(), dimension.no, age, chosen, inside=False),
            )
            for dimension in table.dimensions
        ),
    )


def _weighed(rule: tuple[Combination, ...], no: int, have: Counts, left: Counts) -> Weighed:
    by = enough(rule, have)
    if by is not None:
        return Weighed(no, have, by, 0, ())
    gaps = [gap for c in rule if left.covers(gap := have.lacks(c.counts))]
    missing = min((sum(gap) for gap in gaps), default=0)
    single = [gap for gap in gaps if missing == 1 and sum(gap) == 1]
    fitting = tuple(s for s, place in zip(STRENGTHS, range(3), strict=True)
                    if any(gap[place] for gap in single))  # fmt: skip
    return Weighed(no, have, None, missing, fitting)


def _count(signs: Iterable[Sign], no: int, age: Age, chosen: set[str], *, inside: bool) -> Counts:
    found = [s.strength(age) for s in signs if s.dimension == no and (s.id in chosen) is inside]
    return Counts(*(found.count(strength) for strength in STRENGTHS))


def _signs(rows: Iterable[dict[str, str]]) -> Iterator[Sign]:
    """The two lists side by side: a line that stands in both is one sign with two strengths."""
    merged: dict[str, dict[str, str]] = {}
    for row in rows:
        id_ = row["id"].removeprefix("ILOEC-").rpartition("-")[0]
        kept = merged.setdefault(id_, {"label": row["label"], "no": row["dimension_no"]})
        if kept["label"] != row["label"]:
            raise ValueError(f"indicators.csv: `{row['id']}` has another label than its twin")
        kept[_SCORED[row["set"]]] = row["strength"]
    for id_, kept in merged.items():
        yield Sign(
            id_,
            int(kept["no"]),
            kept["label"],
            _strength(id_, kept.get("adult")),
            _strength(id_, kept.get("child")),
        )


def _strength(id_: str, word: str | None) -> Strength | None:
    if word is None:
        return None
    for strength in STRENGTHS:
        if word == strength:
            return strength
    raise ValueError(f"indicators.csv: `{id_}` has the strength `{word}`; write {STRENGTHS}")


def _dimension(row: dict[str, str]) -> Dimension:
    part: Literal["means", "purpose"] = (
        "means" if row["part_of_definition"] == "means" else "purpose"
    )
    return Dimension(int(row["no"]), row["name"], part, row["question"])


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
