"""Roles: each has something to do, always, and not too much at once.

An inject counts as early as it can come; one that waits for the trainer's hand does not count. A
milestone that a role answers for is a task until its minute.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from crossings.cases.checks.problem import CaseProblem
from crossings.tabletop.checks.reach import Reach
from crossings.tabletop.clock import MINUTE
from crossings.tabletop.model import Tabletop

IDLE = 15
"""The most minutes without a task."""
AT_ONCE, WITHIN = 4, 3
"""More injects than `AT_ONCE` within `WITHIN` minutes cannot be read."""


def problems(table: Tabletop, reach: Reach) -> Iterator[CaseProblem]:
    for role in table.roles:
        yield from _idle(table, reach, role)
        yield from _busy(table, reach, role)
        acts = [a.roles for a in table.actions.values()]
        files = [f.roles for f in table.forms.values()]
        if not any(role in roles for roles in acts + files):
            hint = "give it an action or a form"
            message = f"`{role}` has no action and no form"
            yield CaseProblem(("roles", role), message, hint, "role-without-means", "warning")


def _arrivals(table: Tabletop, reach: Reach, role: str) -> list[int]:
    """The minutes at which injects can reach a role first."""
    found = (
        reach.first.get(("inject", inject.id))
        for inject in table.injects
        if not inject.hand and role in table.receivers(inject.to)
    )
    return sorted(at // MINUTE for at in found if at is not None)


def _idle(table: Tabletop, reach: Reach, role: str) -> Iterator[CaseProblem]:
    deadlines = [m.by for m in table.milestones.values() if m.by is not None and role in m.roles]
    tasks = sorted({0, reach.minutes, *_arrivals(table, reach, role), *deadlines})
    for before, after in pairwise(t for t in tasks if t <= reach.minutes):
        if after - before > IDLE:
            hint = "send it an inject in between, or make a milestone there its own"
            message = f"`{role}` has no task from minute {before} to {after}"
            yield CaseProblem(("roles", role), message, hint, "role-idle", "warning")


def _busy(table: Tabletop, reach: Reach, role: str) -> Iterator[CaseProblem]:
    arrivals = _arrivals(table, reach, role)
    for first, last in zip(arrivals, arrivals[AT_ONCE:], strict=False):
        if last - first < WITHIN:
            hint = "spread them, or send some to another role"
            message = f"`{role}` may get more than {AT_ONCE} injects at minute {first}"
            yield CaseProblem(("roles", role), message, hint, "role-overloaded", "warning")
            return
