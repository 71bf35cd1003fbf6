"""The desks of the drills that people wrote: which rules their class reads, under which number.

Two drills have the rules of the generator. Two others have some of these under numbers of their
own, and rules of their own for things that the generator does not know: pay, fees, detention, a
consulate. They are written here as facts, so that one function decides about everybody.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crossings.curriculum import load
from crossings.curriculum.model import Drill
from crossings.triage import Arrivals, TriagePerson, Truth, decide
from crossings.triage.model import RuleOfTriage
from crossings.workspace import ROOT


@dataclass(frozen=True)
class OwnRule:
    """A rule that only one drill has, with facts and channels of its own."""

    id: str
    number: int
    all: tuple[str, ...]
    right: tuple[str, ...]
    acceptable: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    need: bool = True
    rank: str = "need"

    fires = RuleOfTriage.fires


@dataclass(frozen=True)
class Desk:
    """What a class may read before one drill."""

    drill: str
    numbers: Mapping[int, int]
    """Of rules of the generator: their number there, and the number here. Others do not hold."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Channels that have another name here."""
    without: tuple[str, ...] = ()
    narrowed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Facts with which a rule of the generator gives way to one of the drill's own."""
    own: tuple[OwnRule, ...] = ()

    def rules(self, model: Arrivals) -> list[Any]:
        return [self._here(rule) for rule in model.rules if self._holds(rule)] + list(self.own)

    def _holds(self, rule: RuleOfTriage) -> bool:
        return rule.number in self.numbers and rule.id not in self.without

    def _here(self, rule: RuleOfTriage) -> RuleOfTriage:
        offered = self.channels()
        acceptable = [self.names.get(c, c) for c in rule.acceptable]
        return rule.model_copy(
            update={
                "number": self.numbers[rule.number],
                "right": tuple(self.names.get(c, c) for c in rule.right),
                # Half a point for a service that has no place at this desk is no choice.
                "acceptable": tuple(c for c in acceptable if c in offered),
                "none": (*rule.none, *self.narrowed.get(rule.id, ())),
            }
        )

    def channels(self) -> tuple[str, ...]:
        return tuple(channel.id for channel in drills()[self.drill].channels)

    def truth(self, facts: Iterable[str], model: Arrivals) -> Truth:
        channels: Any = self.channels()
        known: Any = facts
        return decide(known, self.rules(model), channels)


ALL_BUT_THE_SECOND_LOOK = {number: number for number in range(1, 9)}


def pay(number: int) -> OwnRule:
    """Wages and contracts are for the Labour Inspectorate, as long as nothing points to control."""
    none = ("passport-kept", "control-told")
    return OwnRule("pay", number, all=("work-claim",), none=none, right=("labour",))


DESKS = {
    desk.drill: desk
    for desk in (
        Desk("night-bus", ALL_BUT_THE_SECOND_LOOK),
        Desk("one-day-of-arrivals", ALL_BUT_THE_SECOND_LOOK),
        Desk(
            "one-desk-many-rules",
            numbers={2: 1, 3: 2, 4: 3, 6: 7},
            without=("control-told-declines",),  # everybody here agrees
            own=(
                pay(4),
                # Two of the ILO's signs: one is enough to refer (ILO11-USE); pay is owed anyway.
                OwnRule("pay-and-passport", 4, all=("work-claim", "passport-kept"),
                        none=("control-told",), right=("labour", "trafficking-referral")),
                OwnRule("lawful", 5, all=("asks-if-lawful",), right=("judge",)),
                # A wish and no need; it still comes before a visitor's stamp.
                OwnRule("consulate", 6, all=("wants-consulate", "nothing-feared"), none=("fear",),
                        right=("consulate",), need=False, rank="look"),
            ),
        ),
        Desk(
            "advice-morning",
            numbers={2: 4, 3: 5, 4: 3, 6: 6},
            names={"trafficking-referral": "panel"},
            without=("control-told-declines",),
            narrowed={"control-told": ("work-claim",)},
            own=(
                pay(1),
                # An offence for the Inspectorate to follow up; as a sign it allows a call.
                OwnRule("passport", 1, all=("passport-kept",), none=("control-told",),
                        right=("labour",), acceptable=("panel",)),
                # Brennick: the Inspectorate may claim fees from the employer, who shares liability.
                OwnRule("fee", 2, all=("fee-paid",), right=("agency",), acceptable=("labour",)),
                OwnRule("control-and-pay", 3, all=("control-told", "work-claim"),
                        none=("child", "maybe-child"), right=("panel",), acceptable=("labour",)),
                OwnRule("child-at-work", 5, all=("works",), any=("child", "maybe-child"),
                        right=("child-protection",)),
            ),
        ),
    )
}  # fmt: skip


@functools.cache
def drills() -> dict[str, Drill]:
    """The triage drills whose people were written and not drawn, by id."""
    found = [d for module in load(ROOT).modules.values() for d in module.drills.values()]
    return {drill.id: drill for drill in found if drill.arrivals}


def written() -> dict[str, TriagePerson]:
    """Everybody whom an author wrote, by drill and person: two drills may use one name."""
    return {f"{d.id}/{person.id}": person for d in drills().values() for person in d.arrivals}


def at_desk(name: str) -> Desk:
    return DESKS[name.partition("/")[0]]


def numbers_named(why: str) -> set[int]:
    """The numbers of the rules that a reason names: “(drill rules 3 and 8)”."""
    found = re.findall(r"drill rules? (\d(?:(?:, | and )\d)*)", why)
    return {int(number) for numbers in found for number in re.findall(r"\d", numbers)}
