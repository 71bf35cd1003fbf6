"""Times: injects that never fire or come before their condition can hold, milestones that nobody
can reach, or not in time."""

from __future__ import annotations

from collections.abc import Iterator

from crossings.cases.checks.problem import CaseProblem, Path
from crossings.tabletop.checks.reach import Reach
from crossings.tabletop.clock import MINUTE
from crossings.tabletop.model import Inject, Tabletop


def problems(table: Tabletop, reach: Reach) -> Iterator[CaseProblem]:
    for n, inject in enumerate(table.injects):
        if ("inject", inject.id) not in reach.first:
            yield _silent(inject, ("injects", n), reach)
    yield from _milestones(table, reach)
    for shelf, what in (("actions", "action"), ("forms", "form")):
        for name in getattr(table, shelf):
            if (what, name) not in reach.first:
                hint = "its `when` cannot hold in any play: mend it, or take the condition out"
                message = f"the {what} `{name}` is never open"
                yield CaseProblem((shelf, name, "when"), message, hint, f"{what}-never-open")
    yield from _forks(table, reach)


def _silent(inject: Inject, at: Path, reach: Reach) -> CaseProblem:
    """Why an inject never fires."""
    field, minute = _minute(inject)
    if minute is not None and minute > reach.minutes:
        message = f"`{inject.id}` comes at minute {minute}, the drill ends at {reach.minutes}"
        return CaseProblem((*at, field), message, "let it come earlier", "inject-after-end")
    first = reach.when(inject.when)
    if first is None:
        hint = "ask about something that can happen before, or use another trigger"
        message = f"`{inject.id}` never fires: its condition holds in no play"
        return CaseProblem((*at, "when"), message, hint, "inject-never-fires")
    if inject.at is not None and first > inject.at * MINUTE:
        message = (
            f"`{inject.id}` is decided at minute {inject.at}, but its condition cannot hold before "
            f"minute {_up(first)}"
        )
        hint = "let it come later, or leave `at` out so that it waits for its condition"
        return CaseProblem((*at, "at"), message, hint, "inject-too-early")
    if inject.at is not None:
        hint = "let it come while its condition can hold, or take the condition out"
        message = f"`{inject.id}` never fires: at minute {inject.at} its condition holds no more"
        return CaseProblem((*at, "at"), message, hint, "inject-too-late")
    hint = "shorten `delay` or `earliest`, or let its condition hold earlier"
    message = f"`{inject.id}` would come after the end of the drill at minute {reach.minutes}"
    return CaseProblem((*at, "when"), message, hint, "inject-after-end")


def _minute(inject: Inject) -> tuple[str, int | None]:
    if inject.silence is not None:
        return "silence", inject.silence.by
    if inject.at is not None:
        return "at", inject.at
    return "earliest", inject.earliest + inject.delay


def _milestones(table: Tabletop, reach: Reach) -> Iterator[CaseProblem]:
    for name, milestone in table.milestones.items():
        at: Path = ("milestones", name)
        first = reach.first.get(("milestone", name))
        if first is None:
            hint = (
                "name it in `meets` of an action, a form or an inject that can happen, give it a "
                "`when`, or write `trainer: true`"
            )
            message = f"nobody can reach the milestone `{name}`"
            yield CaseProblem(at, message, hint, "milestone-unreachable")
            continue
        if milestone.by is None:
            continue
        if milestone.by > reach.minutes:
            message = f"`{name}` should be met by minute {milestone.by}, after the end"
            hint = f"the drill ends at minute {reach.minutes}"
            yield CaseProblem((*at, "by"), message, hint, "milestone-after-end")
        elif first >= (milestone.by + 1) * MINUTE:
            message = (
                f"`{name}` should be met by minute {milestone.by}, and cannot be before minute "
                f"{first // MINUTE}"
            )
            yield CaseProblem((*at, "by"), message, "give it more time", "milestone-too-early")


def _forks(table: Tabletop, reach: Reach) -> Iterator[CaseProblem]:
    for name, fork in table.branches.items():
        at: Path = ("branches", name)
        if fork.at is not None and fork.at > reach.minutes:
            message = f"`{name}` is decided at minute {fork.at}, the drill ends at {reach.minutes}"
            yield CaseProblem((*at, "at"), message, "decide earlier", "branch-after-end")
            continue
        for way, there in fork.ways.items():
            if there.when is None or fork.at is None:
                continue
            if not reach.can_hold(there.when, fork.at * MINUTE):
                hint = "ask about something that can be true by then"
                message = f"the way `{way}` is never taken at minute {fork.at}"
                yield CaseProblem((*at, "ways", way, "when"), message, hint, "way-never-taken")


def _up(ms: int) -> int:
    """The first full minute at which something at `ms` is over."""
    return -(-ms // MINUTE)
