"""What can be done at a stop of a machine, and what each move leads to."""

from __future__ import annotations

from collections.abc import Iterator

from crossings.cases.explore.machine import Machine
from crossings.cases.explore.parts import Draft, Event, Part, Stop

Move = tuple[str, ...]
"""("continue",), ("write",), ("leave",), ("choose", option), ("ask", question), ("open", evidence),
("sort", channel) of the next arrival, ("count",): one more question or find without effect."""


def begun(machine: Machine) -> list[Draft]:
    """Where plays can stand before the first move."""
    doc = machine.layout.doc
    draft = Draft(
        doc["start"],
        bits=_first_bits(machine),
        numbers=tuple(doc["variables"][name]["start"] for name in machine.variables),
        pools=((0, 0),) * len(machine.pools),
        purses=(-1,) * len(machine.purses),
    )
    machine.enter(draft, doc["start"])
    return list(machine.settle(draft, None))


def _first_bits(machine: Machine) -> int:
    bits = 0
    variables = machine.layout.doc["variables"]
    for number, atom in enumerate(machine.layout.atoms):
        word, name = atom.fact[0], atom.fact[1] if len(atom.fact) > 1 else ""
        if (word == "var" and variables[name]["start"] is True) or (
            word == "tag" and atom.fact[2] in variables[name]["start"]
        ):
            bits |= 1 << number
    return bits & machine.known


def seen_at(machine: Machine, draft: Draft) -> Iterator[Event]:
    """What shows at a stop before any move: guards of what is offered, evidence, being stuck."""
    stop = machine.stops[draft.node]
    truth = machine.truth(draft)
    if stop.kind == "decision":
        held = [machine.holds(p.guard, truth) for p in stop.parts]
        if True not in held:
            yield ("stuck", stop.name)
        for part, value in zip(stop.parts, held, strict=True):
            yield from _outcomes(part, value)
    elif stop.pool >= 0:
        taken = draft.pools[stop.pool][0]
        for n, part in enumerate(stop.parts):
            if _taken(draft, taken, n, part):
                continue
            value = machine.holds(part.guard, truth)
            yield from _outcomes(part, value)
            if stop.kind == "search" and value is not False and _fits(stop, taken, part):
                yield ("see", part.name)


def _taken(draft: Draft, taken: int, number: int, part: Part) -> bool:
    return bool(taken >> number & 1 or draft.bits & part.evidence)


def _outcomes(part: Part, value: bool | None) -> Iterator[Event]:
    if part.guard is not None:
        if value is not False:
            yield ("guard", part.guard.path, True)
        if value is not True:
            yield ("guard", part.guard.path, False)


def _fits(stop: Stop, taken: int, part: Part) -> bool:
    spent = sum(p.minutes for n, p in enumerate(stop.parts) if taken >> n & 1)
    return spent + part.minutes <= stop.limit


def successors(machine: Machine, draft: Draft) -> Iterator[tuple[Move, Draft]]:
    """Every move that may be open, with each state it may lead to. `draft` stays as it is."""
    if draft.ended:
        return
    stop = machine.stops[draft.node]
    if stop.kind == "decision":
        yield from _choices(machine, stop, draft)
    elif stop.kind == "triage":
        yield from _sorting(machine, stop, draft)
    elif stop.pool >= 0:
        yield from _taking(machine, stop, draft)
        for one in machine.settle(_fresh(draft), stop.ways):
            yield ("leave",), one
    else:
        move = ("continue",) if stop.kind == "scene" else ("write",)
        for one in machine.settle(_fresh(draft), stop.ways):
            yield move, one


def _fresh(draft: Draft) -> Draft:
    """`draft` at the beginning of a move."""
    return Draft(
        draft.node, draft.step, draft.bits, draft.numbers, draft.low, draft.high, draft.pools,
        draft.purses, draft.ended,
    )  # fmt: skip


def _choices(machine: Machine, stop: Stop, draft: Draft) -> Iterator[tuple[Move, Draft]]:
    truth = machine.truth(draft)
    for part in stop.parts:
        if machine.holds(part.guard, truth) is False:
            continue
        one = _fresh(draft)
        one.bits = one.bits & ~part.off | part.on
        _earn(one, stop, part.points)
        _happens(machine, one, part)
        for done in machine.settle(one, part.ways):
            yield ("choose", part.name), done


def _earn(draft: Draft, stop: Stop, points: int, first: bool = True) -> None:
    """Add points of a decision or verdict; those from an earlier visit are taken back."""
    if not stop.counts or not stop.most:
        return
    gained = points
    if stop.purse >= 0:
        kept = draft.purses[stop.purse]
        if first:
            gained -= max(0, kept)
            kept = 0
        at = stop.purse
        draft.purses = (*draft.purses[:at], kept + points, *draft.purses[at + 1 :])
    draft.least += gained
    draft.most += gained


def _happens(machine: Machine, draft: Draft, part: Part) -> None:
    draft.cap = min(draft.cap, part.cap)
    draft.cap_at_worst = min(draft.cap_at_worst, part.cap)
    machine.change(draft, part.ops)
    if part.minutes:
        machine.advance(draft, part.minutes, part.minutes)


def _sorting(machine: Machine, stop: Stop, draft: Draft) -> Iterator[tuple[Move, Draft]]:
    """One arrival at a time, so that plays meet again after each; rules fire after the last."""
    for part in stop.rounds[draft.step]:
        one = _fresh(draft)
        _earn(one, stop, part.points, first=draft.step == 0)
        _happens(machine, one, part)
        if draft.step + 1 < len(stop.rounds):
            one.step += 1
            yield ("sort", part.name), one
            continue
        one.step = 0
        for done in machine.settle(one, stop.ways):
            yield ("sort", part.name), done


def _taking(machine: Machine, stop: Stop, draft: Draft) -> Iterator[tuple[Move, Draft]]:
    """Asking and opening; of parts that are alike, only the first that is left."""
    taken, counted = draft.pools[stop.pool]
    if stop.kind == "interview" and taken.bit_count() + counted >= stop.limit:
        return
    truth = machine.truth(draft)
    tried: set[int] = set()
    for n, part in enumerate(stop.parts):
        if part.kin in tried or (not stop.exact and idle(part)):
            continue
        if _taken(draft, taken, n, part):
            continue
        tried.add(part.kin)
        if machine.holds(part.guard, truth) is False:
            continue
        if stop.kind == "search" and not _fits(stop, taken, part):
            continue
        one = _fresh(draft)
        one.bits |= part.on
        _put(one, stop.pool, taken | 1 << n, counted)
        if stop.counts:
            gained = worth(stop, taken | 1 << n) - worth(stop, taken)
            one.least += gained
            one.most += gained
        _happens(machine, one, part)
        for done in machine.settle(one, None):
            yield ("ask" if stop.kind == "interview" else "open", part.name), done
    if not stop.exact and machine.ticks:
        yield from _counting(machine, stop, draft)


def _put(draft: Draft, at: int, taken: int, counted: int) -> None:
    draft.pools = (*draft.pools[:at], (taken, counted), *draft.pools[at + 1 :])


def worth(stop: Stop, taken: int) -> int:
    total = sum(p.points for n, p in enumerate(stop.parts) if taken >> n & 1)
    return min(stop.ceiling, max(0, total)) if stop.kind == "interview" else total


def idle(part: Part) -> bool:
    """Whether taking this part of a pool changes nothing that the slice sees but the clock."""
    return not part.ops and not part.on and part.cap > 100


def _counting(machine: Machine, stop: Stop, draft: Draft) -> Iterator[tuple[Move, Draft]]:
    """One more of the parts that change nothing but the clock: whichever it is."""
    taken, counted = draft.pools[stop.pool]
    idlers = sorted(p.minutes for p in stop.parts if idle(p))
    if counted >= len(idlers):
        return
    if stop.kind == "search" and sum(idlers[: counted + 1]) > stop.limit:
        return
    one = _fresh(draft)
    _put(one, stop.pool, taken, counted + 1)
    machine.advance(one, idlers[0], idlers[-1])
    for done in machine.settle(one, None):
        yield ("count",), done
