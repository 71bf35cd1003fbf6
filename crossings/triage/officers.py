"""Four simulated officers, to see that a set measures what it should. Caricatures, not people.

What an officer believes of a person is a set of facts; then the same rules decide as for the ground
truth. They differ in what they notice, so a harder set is one in which a fair officer notices less.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from crossings.triage.chance import Chance
from crossings.triage.generate import Drawn
from crossings.triage.model import CHANNELS, Arrivals, Channel, Fact
from crossings.triage.truth import NoRuleError, decide

BY_COUNTRY: Mapping[str, Channel] = {
    "sorvane": "asylum", "dorrimal": "trafficking-referral", "brennick": "regular-entry",
}  # fmt: skip
"""What the officer who judges by country thinks that people from there need."""
_TOGETHER: Mapping[Fact, tuple[Fact, ...]] = {"child": ("child", "alone")}
"""What a lookalike makes an officer believe, where one fact alone fires no rule."""


@dataclass(frozen=True)
class Reader:
    """How an officer reads: chances to notice, to be misled, and to stop at the first need."""

    plain: float
    buried: float
    misled: float
    stops: float

    def channel(self, drawn: Drawn, model: Arrivals, chance: Chance) -> Channel:
        believed = self._believed(drawn, chance)
        try:
            return chance.pick(decide(believed, model.rules).right)
        except NoRuleError:
            return "further-interview"

    def _believed(self, drawn: Drawn, chance: Chance) -> set[Fact]:
        plan = drawn.plan
        believed: set[Fact] = {"papers-fit" if plan.fit else "papers-unfit"}
        believed |= {"child"} if plan.age == "child" else set()
        stopped = False
        for piece in (plan.journey, *plan.pieces):
            noticed = chance.happens(self.buried if piece.buried else self.plain)
            if piece.facts and noticed and not stopped:
                believed |= set(piece.facts)
                stopped = chance.happens(self.stops)
            if piece.mimics and not piece.facts and chance.happens(self.misled):
                believed |= set(_TOGETHER.get(piece.mimics, (piece.mimics,)))
        return believed


def _guesser(drawn: Drawn, model: Arrivals, chance: Chance) -> Channel:
    return chance.pick(CHANNELS)


def _by_looks(drawn: Drawn, model: Arrivals, chance: Chance) -> Channel:
    if drawn.plan.age == "child":
        return "child-protection"
    if any(p.source == "looks" for p in drawn.plan.pieces):
        return "further-interview"
    return BY_COUNTRY.get(drawn.who.country, "regular-entry")


Officer = Callable[[Drawn, Arrivals, Chance], Channel]
OFFICERS: Mapping[str, Officer] = {
    "guesser": _guesser,
    "by country and looks": _by_looks,
    "average": Reader(plain=0.9, buried=0.55, misled=0.12, stops=0.5).channel,
    "expert": Reader(plain=0.99, buried=0.95, misled=0.01, stops=0.0).channel,
}


@dataclass(frozen=True)
class Result:
    """What an officer reached with a set: shares from 0 to 1."""

    points: float
    """Points of all that there were; acceptable counts half."""
    missed: float
    """Of the people with a need, those who were sent where it is not met."""
    over: float
    """Of the people without a need, those who were sent to a protection service."""


def judge(drawn: Iterable[Drawn], model: Arrivals, officer: str, seed: str) -> Result:
    """Let one officer refer everybody."""
    points, needs, missed, others, over = 0.0, 0, 0, 0, 0
    everybody = list(drawn)
    for number, one in enumerate(everybody):
        person = one.person
        channel = OFFICERS[officer](one, model, Chance(f"{seed}/{officer}/{number}"))
        fine = channel in (*person.right, *person.acceptable)
        points += 1.0 if channel in person.right else 0.5 * fine
        needs += person.need
        missed += person.need and not fine
        others += not person.need
        over += not person.need and not fine and channel != "regular-entry"
    return Result(points / len(everybody), missed / max(needs, 1), over / max(others, 1))
