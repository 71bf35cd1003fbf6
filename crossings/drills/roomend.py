"""The last page of the big screen after a quiz or a triage: how the room did, without a name."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import shorten
from typing import Any

from crossings.drills.state import DrillState

HARDEST = 3
"""Steps that are worth talking about first."""
LETTERS = 84


def room_end(state: DrillState) -> dict[str, Any]:
    """Points of the room in percent, the steps with the fewest of them, needs that were missed.

    Points are of all that people who are in the room could have had; who gave no answer has none,
    and missed no need.
    """
    if "room end" not in state.memo:
        state.memo["room end"] = _counted(state)
    found: dict[str, Any] = state.memo["room end"]
    return found


def _counted(state: DrillState) -> dict[str, Any]:
    seats = [seat.id for seat in state.present]
    points = {i: _points(state, i, seats) for i in state.steps}
    most = sum(state.plan().steps[i].points for i in points)
    got = sum(sum(of_seat.values()) for of_seat in points.values())
    found: dict[str, Any] = {
        "people": len(seats),
        "percent": round(100 * got / (most * len(seats))) if most and seats else 0,
        "steps": len(points),
        "hardest": _hardest(state, points),
    }
    return found | (_missed(state, seats) if state.kind == "triage" else {})


def _points(state: DrillState, index: int, seats: list[str]) -> dict[str, float]:
    script, given = state.plan(), state.steps[index].answers
    return {
        seat: script.score(index, given[seat].response).points if seat in given else 0.0
        for seat in seats
    }


def _hardest(state: DrillState, points: Mapping[int, Mapping[str, float]]) -> list[dict[str, Any]]:
    """The steps with the smallest share of their points; none that everybody had right."""
    steps, rows = state.plan().steps, list[dict[str, Any]]()
    for index, of_seat in points.items():
        item, given = steps[index].item, state.steps[index].answers
        if not of_seat or not any(seat in given for seat in of_seat):
            continue
        if item is not None and item.marked_by_person:
            continue  # talked about, and never scored here
        share = sum(of_seat.values()) / (steps[index].points * len(of_seat))
        rows.append(
            {"title": f"{index + 1}. {_short(steps[index].title)}", "percent": round(100 * share)}
        )
    rows = [row for row in rows if row["percent"] < 100]
    return sorted(rows, key=lambda row: row["percent"])[:HARDEST]


def _short(title: str) -> str:
    """A wall has room for the beginning of a long question."""
    return shorten(title, LETTERS, placeholder="\u00a0…")


def _missed(state: DrillState, seats: list[str]) -> dict[str, int]:
    """Referrals of people who needed protection, and how many of them went past the need."""
    needs = missed = 0
    for index, run in state.steps.items():
        person = state.plan().steps[index].person
        if person is None or not person.need:
            continue
        fine = (*person.right, *person.acceptable)
        chosen = [run.answers[s].response.get("choice") for s in seats if s in run.answers]
        needs += len(seats)
        missed += sum(choice not in fine for choice in chosen)
    return {"needs": needs, "missed": missed}
