"""Who a person is: name, sex, country and way of arrival. No rule reads any of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crossings.triage.chance import Chance, Deck
from crossings.triage.model import World

KIN: Mapping[str, bool | None] = {
    "brother": False, "sister": True, "cousin": None, "uncle": False, "aunt": True,
}  # fmt: skip
"""Relatives; True: she, None: either."""


@dataclass(frozen=True)
class Who:
    """An identity without a story."""

    she: bool
    first: str
    family: str
    country: str
    way: str
    arrived: str
    home: str


class Register:
    """Draws identities for one set of people: no name comes twice."""

    def __init__(self, world: World, seed: str) -> None:
        self.world = world
        self._deck = Deck(f"{seed}/names")
        self._chance = Chance(f"{seed}/who")

    def who(self, number: int) -> Who:
        chance, world = self._chance.of(str(number)), self.world
        she = chance.happens(0.5)
        country = chance.pick(sorted(world.countries))
        way = chance.pick(sorted(world.ways))
        arrived = world.ways[way].arrived
        return Who(
            she=she,
            first=self._dealt("she" if she else "he", world.names.she if she else world.names.he),
            family=self._dealt("family", world.names.family),
            country=country,
            way=way,
            arrived=arrived[chance.below(len(arrived))],
            home=chance.pick(world.countries[country].homes),
        )

    def _dealt(self, kind: str, names: tuple[str, ...]) -> str:
        place = self._deck.deal(kind, len(names))
        assert place is not None
        return names[place]


def pronouns(name: str, she: bool) -> dict[str, str]:
    """Slots for somebody called by `name`: `{kin_he}`, `{Kin_he}` and so on.

    The person of the story has the short ones: `{he}`, `{him}`, `{his}`, `{himself}`.
    """
    words = ("she", "her", "her", "herself") if she else ("he", "him", "his", "himself")
    front = f"{name}_" if name else ""
    found: dict[str, str] = {}
    for slot, word in zip(("he", "him", "his", "himself"), words, strict=True):
        found[f"{front}{slot}"] = word
        key = f"{front}{slot}"
        found[key[0].upper() + key[1:]] = word[0].upper() + word[1:]
    return found
