"""People arriving, drawn from a seed, each with what is right for them and why."""

from __future__ import annotations

from dataclasses import dataclass

from crossings.items.shuffle import shuffled
from crossings.triage.model import CHANNELS, MIX, Arrivals, Channel, Generate
from crossings.triage.people import TriagePerson
from crossings.triage.plan import Plan, Planner
from crossings.triage.who import Register, Who
from crossings.triage.words import person


@dataclass(frozen=True)
class Drawn:
    """A person with what they were drawn from."""

    person: TriagePerson
    plan: Plan
    who: Who


def generate(
    model: Arrivals, settings: Generate, seed: str, who: str | None = None
) -> tuple[Drawn, ...]:
    """People for one drill. The same arguments give the same people, on every machine.

    `who` is another seed for names, sex, countries and ways of arrival, for tests: it changes who
    the people are, and nothing of what is right.
    """
    planner = Planner(model, settings.difficulty, seed)
    register = Register(model.world, seed if who is None else who)
    found = []
    for number, channel in enumerate(order(settings, seed), 1):
        plan, identity = planner.plan(channel, number), register.who(number)
        drawn = person(plan, identity, number, register)
        found.append(Drawn(drawn, plan, identity))
    return tuple(found)


def order(settings: Generate, seed: str) -> list[Channel]:
    """The channels that the people are drawn for, in the order of their arrival."""
    return shuffled(
        [c for c, n in shares(settings).items() for _ in range(n)], f"{seed}/{settings.people}"
    )


def shares(settings: Generate) -> dict[Channel, int]:
    """How many people are drawn for each channel: the parts of the mix, rounded to people."""
    mix = settings.mix or MIX
    whole = sum(mix.values())
    exact = {c: settings.people * mix.get(c, 0) / whole for c in CHANNELS}
    found = {c: int(n) for c, n in exact.items()}
    left = settings.people - sum(found.values())
    # The largest rests first; of two that are the same, the one that has fewer people.
    for channel in sorted(exact, key=lambda c: (found[c] - exact[c], found[c]))[:left]:
        found[channel] += 1
    return found
