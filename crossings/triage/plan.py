"""What a person is in, before anybody has a name: journey, papers, signs, ordinary things.

A plan is drawn without nationality, sex, name and way of arrival, which `who` draws from another
stream. So the truth cannot depend on them, and a test swaps them to see that it does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from crossings.triage.chance import Chance, Deck
from crossings.triage.model import (
    Age,
    Arrivals,
    Channel,
    Difficulty,
    Fact,
    Journey,
    Ordinary,
    Sign,
    Telling,
)
from crossings.triage.truth import Truth, decide


@dataclass(frozen=True)
class Level:
    """What a difficulty means, as shares and counts."""

    buried: float
    """Share of signs that show only in passing."""
    second: float
    """Share of people with a need who have another one."""
    pieces: tuple[int, int]
    """Fewest and most things that decide nothing, whoever the person is."""
    lookalike: float
    """Share of things that decide nothing which look like a sign."""
    missing: float
    """Share of second looks where the important answer is missing."""
    declines: float
    """Share of the other second looks of people who tell of control and want no referral."""
    unfit: float
    """Share of people with a need whose papers do not fit."""


LEVELS: dict[Difficulty, Level] = {
    "easy": Level(0.0, 0.0, (1, 1), 0.0, 0.0, 0.0, 0.2),
    "medium": Level(0.4, 0.12, (1, 2), 0.45, 0.35, 0.2, 0.35),
    "hard": Level(0.85, 0.3, (1, 3), 0.7, 0.5, 0.3, 0.35),
}
SHAPES: dict[Channel, tuple[str, ...]] = {
    "asylum": ("fear",),
    "child-protection": ("child-alone", "age-in-doubt", "child-with-unclear-adult"),
    "trafficking-referral": ("control-told",),
    "health": ("illness",),
    "family-tracing": ("lost-relative", "lost-child"),
    "voluntary-return-advice": ("home-free",),
    "regular-entry": ("nothing",),
    "further-interview": ("control-signs", "control-told-declines"),
}
"""How a channel comes to be right: by a `Sign` or a `Journey` of the model, or by nothing."""
MISSING = ("not-heard", "papers", "home-not-asked")
"""Second looks where an answer is missing: nobody understood, the papers, the reason to go home."""
SECOND: dict[str, tuple[str, ...]] = {
    "fear": ("control-told", "control-signs", "lost-relative", "lost-child"),
    "control-told": ("fear", "lost-relative"),
    "lost-relative": ("fear",),
    "lost-child": ("fear",),
    "illness": ("fear", "lost-relative", "control-told"),
    "child-alone": ("fear-of-child", "control-told-by-child"),
    "age-in-doubt": ("fear-of-child", "control-told-by-child"),
}
CHILD_TRAVELLERS = 0.2
"""Share of ordinary travellers and ill people who are under 18, with a clear adult."""
OWN_CHILDREN = 0.12
KEPT_PAPERS = 0.12
"""Share of lookalikes that are papers kept by somebody, with a good explanation."""


@dataclass(frozen=True)
class Piece:
    """A telling with where it comes from."""

    source: str
    telling: Telling
    facts: tuple[Fact, ...] = ()
    buried: bool = False
    mimics: Fact | None = None


@dataclass(frozen=True)
class Plan:
    """A person without a name."""

    channel: Channel
    """The channel that was asked for; `truth` says what is right."""
    age: Age
    years: int
    journey: Piece
    papers: str
    fit: bool
    pieces: tuple[Piece, ...]
    silent: bool
    """The journey stays untold."""
    truth: Truth
    facts: frozenset[Fact]
    chance: Chance = field(compare=False, repr=False)
    """For wording; it moves nothing else."""

    @property
    def signs(self) -> tuple[Piece, ...]:
        return tuple(p for p in (self.journey, *self.pieces) if p.facts)

    @property
    def buried(self) -> bool:
        return any(p.buried for p in self.pieces)


class Planner:
    """Draws plans for one set of people; no telling comes twice before all have come."""

    def __init__(self, arrivals: Arrivals, difficulty: Difficulty, seed: str) -> None:
        self.model, self.level = arrivals, LEVELS[difficulty]
        self._deck = Deck(f"{seed}/deck")
        self._signs = {s.id: s for s in arrivals.signs}
        self._chance = Chance(f"{seed}/plan")

    def plan(self, channel: Channel, number: int) -> Plan:
        chance = self._chance.of(str(number))
        shape = self._shape(channel, chance)
        signs = self._wanted(shape, chance)
        age = self._age(shape, signs, chance)
        pieces = self._told(signs, age, chance)
        journey_of = self._journey(shape, age, pieces)
        silent = any(s.alone for s in signs)
        fit = self._fits(shape, pieces, chance)
        if age == "child" and not any({"alone", "unclear-adult"} & set(p.facts) for p in pieces):
            pieces += self._clear_adult(journey_of)
        journey = self._telling(journey_of, pieces, silent)
        pieces += self._ordinary(age, [journey, *pieces], len(signs), fit, silent, chance)
        return self._whole(channel, age, journey_of, journey, pieces, fit, silent, chance)

    def _whole(
        self, channel: Channel, age: Age, journey_of: Journey, journey: Piece,
        pieces: list[Piece], fit: bool, silent: bool, chance: Chance,
    ) -> Plan:  # fmt: skip
        replaced = next((p.telling.papers for p in pieces if p.telling.papers), None)
        fit = fit and replaced is None
        texts = journey_of.fit if fit else journey_of.unfit
        papers = replaced or texts[self._place(f"{journey_of.id}/{fit}", len(texts))]
        facts = {f for p in (journey, *pieces) for f in p.facts}
        facts |= {"papers-fit" if fit else "papers-unfit"}
        if age == "child":
            facts |= {"child"}
        return Plan(
            channel=channel,
            age=age,
            years=_years(age, facts, pieces, chance),
            journey=journey,
            papers=papers,
            fit=fit,
            pieces=tuple(pieces),
            silent=silent,
            truth=decide(facts, self.model.rules),
            facts=frozenset(facts),
            chance=chance.of("words"),
        )

    # What is drawn, in order

    def _shape(self, channel: Channel, chance: Chance) -> str:
        if channel != "further-interview":
            shapes = SHAPES[channel]
            return shapes[self._place(f"shape/{channel}", len(shapes))]
        if chance.happens(self.level.missing):
            return MISSING[self._place("shape/missing", len(MISSING))]
        signs, declines = SHAPES[channel]
        return declines if chance.happens(self.level.declines) else signs

    def _wanted(self, shape: str, chance: Chance) -> list[Sign]:
        if shape not in self._signs:
            return []
        names = [shape]
        if chance.happens(self.level.second) and shape in SECOND:
            names.append(chance.pick(SECOND[shape]))
        return [self._signs[n] for n in names]

    def _age(self, shape: str, signs: Sequence[Sign], chance: Chance) -> Age:
        ages = signs[0].for_ if signs else ("adult",)
        if len(ages) == 1 and shape != "nothing":
            return ages[0]
        young = len(signs) < 2 and chance.happens(CHILD_TRAVELLERS)
        return "child" if young else "adult"

    def _told(self, signs: Iterable[Sign], age: Age, chance: Chance) -> list[Piece]:
        found: list[Piece] = []
        for sign in signs:
            buried = bool(sign.buried) and (not sign.plain or chance.happens(self.level.buried))
            tellings = sign.buried if buried else sign.plain
            place = self._suiting(f"{sign.id}/{buried}", tellings, age, found, None, silent=False)
            if place is not None:
                facts = (*sign.states, *tellings[place].also)
                found.append(Piece(sign.id, tellings[place], facts, buried))
        return found

    def _journey(self, shape: str, age: Age, pieces: Iterable[Piece]) -> Journey:
        known = self.model.journeys
        possible = [j for j in known if j.id == shape]
        possible = possible or [j for j in known if age in j.for_ and not j.states]
        named = [p.telling.journeys for p in pieces if p.telling.journeys]
        suits = {n: all(j.id in names for names in named) for n, j in enumerate(possible)}
        place = self._deck.deal(f"journeys/{age}/{len(possible)}", len(possible), suits)
        return possible[0 if place is None else place]

    def _fits(self, shape: str, pieces: Iterable[Piece], chance: Chance) -> bool:
        if shape == "nothing" or any(p.telling.fit for p in pieces):
            return True
        return shape != "papers" and not chance.happens(self.level.unfit)

    def _clear_adult(self, journey: Journey) -> list[Piece]:
        source = next(o for o in self.model.ordinary if "clear-adult" in o.states)
        suits = {
            n: not t.journeys or journey.id in t.journeys for n, t in enumerate(source.tellings)
        }
        place = self._deck.deal(source.id, len(source.tellings), suits)
        if place is None:
            return []
        return [Piece(source.id, source.tellings[place], source.states)]

    def _telling(self, journey: Journey, pieces: list[Piece], silent: bool) -> Piece:
        kind = f"journey/{journey.id}"
        place = self._suiting(kind, journey.tellings, "adult", pieces, journey.id, silent)
        if place is None:
            place = self._place(kind, len(journey.tellings))
        return Piece(journey.id, journey.tellings[place], journey.states)

    def _ordinary(
        self, age: Age, told: list[Piece], signs: int, fit: bool, silent: bool, chance: Chance
    ) -> list[Piece]:
        """Dealt to everybody alike, so that none of it tells who needs what."""
        found: list[Piece] = []
        if age == "adult" and chance.happens(OWN_CHILDREN):
            possible = _each(o for o in self.model.ordinary if o.company)
            found += self._fitting("company", possible, age, told, silent)
        for _ in range(chance.between(*self.level.pieces) - (signs > 1)):
            kind, possible = self._possible(age, fit, chance)
            found += self._fitting(kind, possible, age, [*told, *found], silent)
        return found

    def _fitting(
        self, kind: str, possible: list[tuple[Ordinary, Telling]], age: Age,
        told: list[Piece], silent: bool,
    ) -> list[Piece]:  # fmt: skip
        """One of them, of a source that the person has nothing of yet; none where none fits."""
        before = {p.source for p in told}
        fresh = [telling if source.id not in before else None for source, telling in possible]
        place = self._suiting(kind, fresh, age, told, told[0].source, silent)
        if place is None:
            return []
        source, telling = possible[place]
        return [Piece(source.id, telling, source.states, mimics=source.mimics)]

    def _possible(
        self, age: Age, fit: bool, chance: Chance
    ) -> tuple[str, list[tuple[Ordinary, Telling]]]:
        """A pile of things that decide nothing, with its name."""
        near: Age = "adult" if age == "adult" else "child"
        known = [o for o in self.model.ordinary if near in o.for_ and "clear-adult" not in o.states]
        if chance.happens(self.level.lookalike):
            if age == "adult" and fit and chance.happens(KEPT_PAPERS):
                return "kept", _each(o for o in known if o.mimics and o.states)
            return f"alike/{near}", _each(o for o in known if o.mimics and not o.states)
        return f"small/{near}", _each(o for o in known if not o.mimics and not o.company)

    # Dealing

    def _place(self, kind: str, count: int) -> int:
        place = self._deck.deal(kind, count)
        assert place is not None
        return place

    def _suiting(
        self, kind: str, tellings: Sequence[Telling | None], age: Age, told: Sequence[Piece],
        journey: str | None, silent: bool,
    ) -> int | None:  # fmt: skip
        """The next telling that fits to what is told already."""
        about = {a for p in told for a in p.telling.about}
        taken = any(p.telling.papers or p.telling.fit for p in told)
        suits = {
            n: t is not None
            and not about.intersection(t.about)
            and (t.only is None or t.only == age)
            and (journey is None or not t.journeys or journey in t.journeys)
            and not (taken and (t.papers or t.fit))
            and not (silent and (t.says or t.other))
            for n, t in enumerate(tellings)
        }
        return self._deck.deal(kind, len(tellings), suits)


def _each(sources: Iterable[Ordinary]) -> list[tuple[Ordinary, Telling]]:
    return [(source, telling) for source in sources for telling in source.tellings]


def _years(age: Age, facts: Iterable[Fact], pieces: Iterable[Piece], chance: Chance) -> int:
    if age == "child":
        return chance.between(11, 17)
    if age == "young":
        return chance.between(18, 20)
    years = chance.between(21, 58)
    if any(p.mimics == "child" for p in pieces):
        return 24 + years % 12
    grown = "lost-child" in facts or any("kids" in p.telling.about for p in pieces)
    return max(years, 28 + years % 7) if grown else years
