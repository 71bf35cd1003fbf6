"""A drill played by people who do not exist, to show a trainer what one looks like.

The answers are drawn from a seed. The run is written to the log through the same events as a real
one, with times in the past, so console, debrief and export treat it as they treat every drill.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crossings.drills.log import Draft, DrillLog
from crossings.drills.names import new_code
from crossings.drills.rehearsed_case import rehearse_case
from crossings.drills.rehearsed_table import rehearse_table
from crossings.drills.script import Script
from crossings.drills.trainer import open_script
from crossings.items.rehearse import respond
from crossings.items.shuffle import picked, stream

PAUSE = 40.0
"""Seconds of talk after a step is revealed."""


def rehearse(
    log: DrillLog,
    plan: Script,
    people: Sequence[str],
    start: float,
    seed: str = "rehearsal",
    steps: int | None = None,
) -> str:
    """Play `plan` with `people`, from server time `start`; returns the run.

    With `steps` the drill stops in the middle of that step (counted from 1) and stays open; a
    tabletop drill stops in that minute.
    """
    run = open_script(log, plan, at=start)
    seats = {f"s{n:03d}": name for n, name in enumerate(people)}
    log.append([_joined(run, seat, name, start + 5) for seat, name in seats.items()])
    at = start + 60
    log.append([Draft(run, "started", "started", {}, at=at)])
    if plan.case is not None:
        rehearse_case(log, run, at, seed, steps)
        return run
    if plan.tabletop is not None:
        rehearse_table(log, run, at, seed, steps)
        return run
    last = len(plan.steps) if steps is None else steps
    for index in range(last):
        if index:
            payload = {"from": index - 1, "to": index}
            log.append([Draft(run, "moved", f"moved:{index}", payload, at=at)])
        seconds = plan.steps[index].seconds
        log.append(_answers(run, plan, index, seats, seed, at, seconds))
        if steps is not None and index == last - 1:
            return run
        at += seconds
        log.append(
            [
                Draft(run, "closed", f"closed:{index}", {"step": index}, at=at),
                Draft(run, "revealed", f"revealed:{index}", {"step": index}, at=at + 3),
            ]
        )
        at += PAUSE
    log.append([Draft(run, "ended", "ended", {}, at=at)])
    return run


def _joined(run: str, seat: str, name: str, at: float) -> Draft:
    payload = {"name": name, "code": new_code(6)}
    return Draft(run, "joined", f"join:{seat}", payload, seat, at)


def _answers(
    run: str, plan: Script, index: int, seats: dict[str, str], seed: str, at: float, seconds: int
) -> list[Draft]:
    found = []
    for seat in seats:
        draw = stream(f"{seed}/{seat}/{index}")
        skill = 0.35 + 0.55 * stream(f"{seed}/{seat}")()
        if draw() < 0.05:
            continue
        when = at + seconds * (0.15 + 0.75 * draw())
        response = _response(plan, index, draw() < skill, f"{seed}/{seat}/{index}")
        payload = {"step": index, "n": 1, "response": response}
        key = f"answer:{seat}:rehearsal-{index}"
        found.append(Draft(run, "answered", key, payload, seat, when))
    return sorted(found, key=lambda d: d.at or 0)


def _response(plan: Script, index: int, right: bool, seed: str) -> dict[str, Any]:
    step = plan.steps[index]
    if step.person is not None:
        others = [c.id for c in plan.channels if c.id not in step.person.right]
        near = [*step.person.acceptable * 2, *others]
        return {"choice": picked(step.person.right if right or not near else near, seed)}
    assert step.item is not None
    return respond(step.item, right, seed)
