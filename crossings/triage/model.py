"""The model of who arrives: what authors write in `modules/setting/arrivals`, checked.

Four files: the world (names, ways, countries), the rules, the facts that the rules read with the
ways in which they show, and everything that decides nothing. Meaning of every part:
`docs/formats/arrivals.md`. Nothing here is drawn; `draw` does that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from crossings.items.model import Frozen, Id, Text
from crossings.triage.people import ObjectiveId

FOLDER = "modules/setting/arrivals"
Fact = Literal[
    "illness", "fear", "child", "maybe-child", "alone", "unclear-adult", "clear-adult",
    "control-told", "control-signs", "declines", "explained", "lost-relative", "lost-child",
    "wants-home", "nothing-feared", "not-heard", "papers-fit", "papers-unfit",
]  # fmt: skip
"""All that a rule can read of a person. Nationality, sex, name and way of arrival are not here."""
Channel = Literal[
    "asylum", "child-protection", "trafficking-referral", "health", "family-tracing",
    "voluntary-return-advice", "regular-entry", "further-interview",
]  # fmt: skip
CHANNELS: tuple[Channel, ...] = (
    "asylum", "child-protection", "trafficking-referral", "health", "family-tracing",
    "voluntary-return-advice", "regular-entry", "further-interview",
)  # fmt: skip
Rank = Literal["first", "need", "look", "ordinary"]
RANKS: tuple[Rank, ...] = ("first", "need", "look", "ordinary")
Age = Literal["adult", "young", "child"]
"""`young`: says 18 to 20, and may be younger."""
Difficulty = Literal["easy", "medium", "hard"]
Some = Annotated[tuple[Text, ...], Field(min_length=1)]


class RuleOfTriage(Frozen):
    """One rule: which facts it reads, what is right then, and why."""

    id: Id
    number: Annotated[int, Field(ge=1)]
    text: Text | None = None
    """As the class reads it; rules that share a number are one rule in words."""
    rank: Rank
    all: tuple[Fact, ...] = ()
    any: tuple[Fact, ...] = ()
    none: tuple[Fact, ...] = ()
    right: tuple[Channel, ...] = Field(min_length=1)
    acceptable: tuple[Channel, ...] = ()
    need: bool
    sign: Text
    cites: tuple[str, ...] = Field(min_length=1)
    sources: tuple[str, ...] = ()
    objectives: tuple[ObjectiveId, ...] = ()
    why: Some

    def fires(self, facts: frozenset[Fact]) -> bool:
        if not facts.issuperset(self.all) or facts.intersection(self.none):
            return False
        return not self.any or bool(facts.intersection(self.any))


class Telling(Frozen):
    """One way in which something shows: seen, in words, in papers, or in several of them."""

    seen: Text | None = None
    says: Text | None = None
    other: Text | None = None
    """What an adult or companion says before the person."""
    documents: Text | None = None
    note: Text | None = None
    """The fact in the third person, for the reason."""
    why: Text | None = None
    """Names something that decides nothing, for the reason: “Not a sign here: a torn coat”."""
    about: tuple[Id, ...] = ()
    also: tuple[Fact, ...] = ()
    papers: Text | None = None
    """What papers there are in this telling, instead of those of the journey; they do not fit."""
    fit: bool = False
    """It needs papers that fit."""
    journeys: tuple[Id, ...] = ()
    """The journeys that it goes with; none named: all."""
    only: Age | None = None

    @model_validator(mode="after")
    def _shows(self) -> Self:
        if not (self.seen or self.says or self.documents):
            raise ValueError("a telling shows in `seen`, `says` or `documents`")
        return self


class Sign(Frozen):
    """Facts that a rule reads, with the ways in which they show."""

    id: Id
    states: tuple[Fact, ...] = Field(min_length=1)
    for_: tuple[Age, ...] = Field(alias="for", min_length=1)
    with_: Literal["carer"] | None = Field(default=None, alias="with")
    alone: bool = False
    """Nothing else is said: the journey stays untold."""
    plain: tuple[Telling, ...] = ()
    buried: tuple[Telling, ...] = ()

    @model_validator(mode="after")
    def _told(self) -> Self:
        if not (self.plain or self.buried):
            raise ValueError("a sign needs `plain` or `buried` tellings")
        for telling in (*self.plain, *self.buried):
            if telling.note is None:
                raise ValueError("each telling of a sign needs a `note` for the reason")
        return self


class Journey(Frozen):
    """Why somebody travels, with papers that fit and papers that do not."""

    id: Id
    for_: tuple[Age, ...] = Field(alias="for", min_length=1)
    states: tuple[Fact, ...] = ()
    tellings: Annotated[tuple[Telling, ...], Field(min_length=1)]
    fit: Some
    unfit: Some


class Ordinary(Frozen):
    """What decides nothing. `mimics` is the fact that a hasty reader takes it for."""

    id: Id
    for_: tuple[Age, ...] = Field(alias="for", min_length=1)
    mimics: Fact | None = None
    states: tuple[Fact, ...] = ()
    company: bool = False
    tellings: Annotated[tuple[Telling, ...], Field(min_length=1)]


class Land(Frozen):
    name: Text
    homes: Some


class Way(Frozen):
    vehicle: Text
    arrived: Some


class Names(Frozen):
    she: Some
    he: Some
    family: Some


class World(Frozen):
    """Who there is, and how they come. No part of it is read by a rule."""

    id: Id
    version: Annotated[int, Field(ge=1)]
    label: Text
    """Says to everybody that the people are invented."""
    places: Some
    countries: Annotated[dict[Id, Land], Field(min_length=2)]
    ways: Annotated[dict[Id, Way], Field(min_length=1)]
    names: Names


class Arrivals(Frozen):
    """The whole model."""

    world: World
    rules: Annotated[tuple[RuleOfTriage, ...], Field(min_length=1)]
    signs: Annotated[tuple[Sign, ...], Field(min_length=1)]
    journeys: Annotated[tuple[Journey, ...], Field(min_length=1)]
    ordinary: Annotated[tuple[Ordinary, ...], Field(min_length=1)]

    def published(self) -> str:
        """The rules as the class reads them, one on a line, by number."""
        told = sorted((r.number, r.text) for r in self.rules if r.text)
        return "\n".join(f"({number}) {text.strip()}" for number, text in told)

    def tellings(self) -> Iterator[Telling]:
        for sign in self.signs:
            yield from (*sign.plain, *sign.buried)
        for journey in self.journeys:
            yield from journey.tellings
        for thing in self.ordinary:
            yield from thing.tellings


MOST_PEOPLE = 40
"""As many names there are of each kind: nobody has the name of somebody else."""


class Generate(Frozen):
    """`generate` of a triage drill: who is drawn, and how hard it is."""

    people: Annotated[int, Field(ge=4, le=MOST_PEOPLE)] = 16
    difficulty: Difficulty = "medium"
    seed: Annotated[str, Field(min_length=1, max_length=60)] | None = None
    """The same seed gives the same people; without one, they are drawn when a drill is opened."""
    mix: dict[Channel, Annotated[int, Field(ge=0, le=100)]] = {}
    """How many parts of the people each channel is right for; without it, `MIX`."""

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if self.mix and not any(self.mix.values()):
            raise ValueError("`mix` asks for nobody: give a channel a number above 0")
        return self


MIX: dict[Channel, int] = {
    "regular-entry": 5, "asylum": 2, "child-protection": 2, "trafficking-referral": 2,
    "further-interview": 2, "health": 1, "family-tracing": 1, "voluntary-return-advice": 1,
}  # fmt: skip
"""Of sixteen people; five are ordinary travellers, because over-referral has a price, too."""
