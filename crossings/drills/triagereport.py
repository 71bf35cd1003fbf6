"""What a triage drill showed: missed needs first, then everything that explains them.

Counted from `report.answers` and the script alone. A person without a need cannot be missed; who
gave no answer missed nobody, and is counted apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from crossings.drills import report
from crossings.drills.state import DrillState
from crossings.triage import TriagePerson

REREAD = 1 / 3
"""A provision is worth reading again where so many of the referrals that lean on it were wrong."""


@dataclass(frozen=True)
class Summary:
    """The figures of a room, a team or a person; times in seconds, None where nobody answered."""

    referrals: int
    """Referrals that were asked for: people in the room times arriving people."""
    right: int
    fair: int
    silent: int
    needs: int
    missed: int
    unneeded: int
    """Referrals of people without a need."""
    over: int
    seconds: float | None

    @property
    def accuracy(self) -> int:
        """Percent of the referrals that were made and were right."""
        made = self.referrals - self.silent
        return round(100 * self.right / made) if made else 0


def summary(state: DrillState, frame: pd.DataFrame) -> Summary:
    """All referrals of `frame`, which may be a part of the room."""
    median = frame["seconds"].median()
    needs = report.needs(state, frame)
    over = report.over_referrals(state, frame)
    return Summary(
        referrals=len(frame),
        right=int((frame["grade"] == "good").sum()),
        fair=int((frame["grade"] == "ok").sum()),
        silent=int((frame["grade"] == "none").sum()),
        needs=int(needs["of"].sum()),
        missed=int(needs["missed"].sum()),
        unneeded=int(over["of"].sum()),
        over=int(over["sent"].sum()),
        seconds=None if median != median else float(median),
    )


def teams(state: DrillState) -> dict[str, str]:
    """The team's name of every seat that is in one; empty in a drill without teams."""
    known = getattr(state, "teams", {})
    found = {s.id: known.get(getattr(s, "team", None)) for s in state.present}
    return {seat: team.name for seat, team in found.items() if team is not None}


def by_team(
    state: DrillState, frame: pd.DataFrame, of: Mapping[str, str]
) -> list[tuple[str, Summary]]:
    """The figures of each team, the most missed needs for its size first. `of`: seat to team."""
    named = frame.assign(team=frame["seat"].map(of)).dropna(subset=["team"])
    found = [(str(team), summary(state, part)) for team, part in named.groupby("team", sort=True)]
    return sorted(found, key=lambda t: -t[1].missed / max(t[1].needs, 1))


def by_rule(state: DrillState, frame: pd.DataFrame) -> pd.DataFrame:
    """For each rule that decided about somebody: referrals, right, acceptable, needs missed.

    The rule with most missed needs first. Only people of whom the script knows the rules are in.
    """
    rows: dict[str, list[pd.DataFrame]] = {}
    for step, person in _people(state):
        for rule in person.rules:
            rows.setdefault(rule, []).append(frame[frame["step"] == step])
    found = []
    for rule, parts in rows.items():
        seen = pd.concat(parts)
        right, fair = (int((seen["grade"] == g).sum()) for g in ("good", "ok"))
        percent = round(100 * (right + fair) / len(seen)) if len(seen) else 0
        figures = {"right": right, "fair": fair, "missed": int(seen["missed"].sum())}
        found.append({"rule": rule, "of": len(seen), **figures, "percent": percent})
    columns = ["rule", "of", "right", "fair", "missed", "percent"]
    table = pd.DataFrame(found, columns=columns)
    return table.sort_values(
        ["missed", "percent"], ascending=[False, True], kind="stable", ignore_index=True
    )


def times(frame: pd.DataFrame) -> pd.DataFrame:
    """Seconds for each arriving person: half of the answers came within `half`, nine in ten within
    `most`; and how many gave none."""
    if frame.empty:
        return pd.DataFrame(columns=["title", "half", "most", "none"])
    grouped = frame.groupby("step")
    return pd.DataFrame(
        {
            "title": grouped["title"].first(),
            "half": grouped["seconds"].median().round(1),
            "most": grouped["seconds"].quantile(0.9).round(1),
            "none": grouped["grade"].agg(lambda grades: int((grades == "none").sum())),
        }
    ).rename_axis(None)


# Right and chosen


@dataclass(frozen=True)
class Cell:
    """Referrals from one right channel to one that was chosen."""

    count: int = 0
    right: int = 0
    fair: int = 0
    missed: int = 0


@dataclass(frozen=True)
class Matrix:
    """Rows: the right channel. Columns: the chosen one, and at the end no answer.

    Where several channels are right, a right choice stands in its own row, any other in the row of
    the first: so everything beside the diagonal is a difference.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]

    def in_words(self, most: int = 3) -> str:
        """The matrix for somebody who does not see it: how much is right, and what is not."""
        every = [
            (cell, row, column)
            for row, cells in zip(self.rows, self.cells, strict=True)
            for column, cell in zip(self.columns, cells, strict=True)
        ]
        whole = sum(cell.count for cell, _, _ in every)
        right = sum(cell.right for cell, _, _ in every)
        wrong = [e for e in every if e[0].count - e[0].right - e[0].fair > 0]
        wrong = [e for e in wrong if e[2] != report.NO_ANSWER]
        wrong.sort(key=lambda e: -(e[0].count - e[0].right - e[0].fair))
        told = [f"{right} of {whole} referrals were right."]
        if wrong:
            said = (
                f"{c.count - c.right - c.fair} chose “{chosen}” where “{row}” was right"
                for c, row, chosen in wrong[:most]
            )
            told.append(f"Most often not: {'; '.join(said)}.")
        return " ".join(told)


def matrix(state: DrillState, frame: pd.DataFrame) -> Matrix:
    """All referrals of `frame` by what was right and what was chosen."""
    names = {c.id: c.text for c in state.plan().channels}
    people = dict(_people(state))
    counted: dict[tuple[str, str], list[tuple[int, int, int]]] = {}
    for row in report.records(frame):
        person, choice = people[row["step"]], row["choice"]
        right = choice if choice in person.right else person.right[0]
        column = names.get(choice, report.NO_ANSWER)
        kind = (int(row["grade"] == "good"), int(row["grade"] == "ok"), int(row["missed"]))
        counted.setdefault((names[right], column), []).append(kind)
    rows = tuple(n for n in names.values() if any(n == r for r, _ in counted))
    columns = (*names.values(), report.NO_ANSWER)
    cells = tuple(tuple(_cell(counted.get((r, c), [])) for c in columns) for r in rows)
    return Matrix(rows, columns, cells)


def _cell(kinds: list[tuple[int, int, int]]) -> Cell:
    right, fair, missed = (sum(k[n] for k in kinds) for n in range(3))
    return Cell(len(kinds), right, fair, missed)


# What to read again


@dataclass(frozen=True)
class Reread:
    """A provision of the law register, and the people whom those who know it would have seen."""

    rule: Mapping[str, str]
    wrong: int
    of: int
    people: tuple[str, ...]


def law_to_read(state: DrillState, frame: pd.DataFrame, most: int = 5) -> list[Reread]:
    """Provisions that wrong referrals lean on, the most missed needs first."""
    script, found = state.plan(), dict[str, list[tuple[TriagePerson, pd.DataFrame]]]()
    for step, person in _people(state):
        part = frame[frame["step"] == step]
        for cite in person.cites:
            found.setdefault(cite, []).append((person, part))
    rows = []
    for cite, seen in found.items():
        wrong = [(p, int((part["grade"] == "poor").sum())) for p, part in seen]
        whole, lost = sum(len(part) for _, part in seen), sum(n for _, n in wrong)
        missed = sum(int(part["missed"].sum()) for _, part in seen)
        rules = script.rules((cite,))
        if rules and whole and lost / whole >= REREAD:
            names = tuple(p.name for p, n in sorted(wrong, key=lambda w: -w[1]) if n)
            rows.append((missed, Reread(rules[0], lost, whole, names)))
    rows.sort(key=lambda r: (-r[0], -r[1].wrong))
    return [reread for _, reread in rows[:most]]


def _people(state: DrillState) -> Iterator[tuple[int, TriagePerson]]:
    """Everybody who was shown, with the number of the step, from 1."""
    script = state.plan()
    for index in sorted(state.steps):
        person = script.steps[index].person
        if person is not None:
            yield index + 1, person
