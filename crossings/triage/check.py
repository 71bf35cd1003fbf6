"""What must be true of the model of arrivals, so that nobody is drawn whom no rule knows."""

from __future__ import annotations

import string
from collections.abc import Iterator
from typing import NamedTuple, get_args

from crossings.triage.model import CHANNELS, MOST_PEOPLE, Arrivals, Fact, Generate, Telling
from crossings.triage.plan import MISSING, SECOND, SHAPES
from crossings.triage.who import pronouns

FEW = 3
"""Fewer ways of telling than this, and a class meets the same words again."""
SHOWN_BY_JOURNEY = ("nothing", "papers")
PEOPLE_SLOTS = ("", "kin", "carer", "other", "child")
_SLOTS = {
    "first", "First", "age", "home", "country", "place", "vehicle", "carer", "Carer", "aunt",
    "other", "Other", "child", "kin",
} | {slot for name in PEOPLE_SLOTS for slot in pronouns(name, True)}  # fmt: skip
SLOTS = frozenset(_SLOTS)
"""What may stand in curly brackets in a telling."""


class Defect(NamedTuple):
    """Something wrong in one of the files; `where` leads to it."""

    part: str
    where: tuple[str | int, ...]
    message: str
    hint: str
    fails: bool = True


def defects(model: Arrivals) -> Iterator[Defect]:
    """Everything that is wrong with the model as a whole."""
    yield from _shapes(model)
    yield from _facts(model)
    yield from _channels(model)
    yield from _slots(model)
    yield from _names(model)
    yield from _few(model)


def _shapes(model: Arrivals) -> Iterator[Defect]:
    known = {s.id for s in model.signs} | {j.id for j in model.journeys} | {*SHOWN_BY_JOURNEY}
    wanted = {name for shapes in SHAPES.values() for name in shapes} | {*MISSING}
    wanted |= {name for names in SECOND.values() for name in names}
    for name in sorted(wanted - known):
        yield Defect(
            "signs", (), f"there is no `{name}`",
            "the generator draws it: give a sign (or, for `home-…`, a journey) this id",
        )  # fmt: skip


def _facts(model: Arrivals) -> Iterator[Defect]:
    read = {f for r in model.rules for f in (*r.all, *r.any, *r.none)}
    for n, sign in enumerate(model.signs):
        if not read.intersection(sign.states):
            yield Defect(
                "signs", (n, "states"), f"no rule reads `{', '.join(sign.states)}`",
                "add it to a rule, or state a fact that a rule reads",
            )  # fmt: skip
    told = {f for s in model.signs for f in s.states}
    told |= {f for s in model.signs for t in (*s.plain, *s.buried) for f in t.also}
    told |= {f for j in model.journeys for f in j.states}
    told |= {f for o in model.ordinary for f in o.states}
    told |= {"papers-fit", "papers-unfit", "child"}
    for n, rule in enumerate(model.rules):
        for fact in rule.all:
            if fact not in told:
                yield Defect(
                    "rules", (n, "all"), f"nothing ever shows `{fact}`: the rule never fires",
                    f"write a sign that states it; facts are: {', '.join(get_args(Fact))}",
                )  # fmt: skip


def _channels(model: Arrivals) -> Iterator[Defect]:
    right = {c for r in model.rules for c in r.right}
    for channel in CHANNELS:
        if channel not in right:
            yield Defect("rules", (), f"no rule has `{channel}` as right", "write one")
    texts: dict[int, int] = {}
    for n, rule in enumerate(model.rules):
        if rule.text and rule.number in texts:
            message = f"rule {rule.number} has two texts"
            yield Defect("rules", (n, "text"), message, "keep one: it is one rule in words")
        if rule.text:
            texts[rule.number] = n
    for n, rule in enumerate(model.rules):
        if rule.number not in texts:
            message = f"rule {rule.number} has no `text`"
            yield Defect("rules", (n, "number"), message, "the class has to read it before")


def _slots(model: Arrivals) -> Iterator[Defect]:
    for part, where, text in _texts(model):
        try:
            names = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
        except ValueError as error:
            yield Defect(part, where, f"a curly bracket is open: {error}", "close it")
            continue
        for name in sorted(names - SLOTS):
            yield Defect(
                part, where, f"no slot `{{{name}}}`", f"there are: {', '.join(sorted(SLOTS))}"
            )


def _texts(model: Arrivals) -> Iterator[tuple[str, tuple[str | int, ...], str]]:
    for n, rule in enumerate(model.rules):
        yield from (("rules", (n, "why", k), text) for k, text in enumerate(rule.why))
    for n, sign in enumerate(model.signs):
        yield from _told("signs", (n, "plain"), sign.plain)
        yield from _told("signs", (n, "buried"), sign.buried)
    for n, journey in enumerate(model.journeys):
        yield from _told("journeys", (n, "tellings"), journey.tellings)
        yield from (("journeys", (n, "fit", k), text) for k, text in enumerate(journey.fit))
        yield from (("journeys", (n, "unfit", k), text) for k, text in enumerate(journey.unfit))
    for n, thing in enumerate(model.ordinary):
        yield from _told("ordinary", (n, "tellings"), thing.tellings)


def _told(
    part: str, where: tuple[str | int, ...], tellings: tuple[Telling, ...]
) -> Iterator[tuple[str, tuple[str | int, ...], str]]:
    for k, telling in enumerate(tellings):
        for name in ("seen", "says", "other", "documents", "note", "why", "papers"):
            text = getattr(telling, name)
            if text:
                yield part, (*where, k, name), text


def _names(model: Arrivals) -> Iterator[Defect]:
    for pile in ("she", "he", "family"):
        names = getattr(model.world.names, pile)
        if len(set(names)) < MOST_PEOPLE or len(set(names)) < len(names):
            yield Defect(
                "world", ("names", pile), f"{len(set(names))} different names in `{pile}`",
                f"give {MOST_PEOPLE} or more, each once: nobody shares a name in a drill",
            )  # fmt: skip


def _few(model: Arrivals) -> Iterator[Defect]:
    for n, sign in enumerate(model.signs):
        for how in ("plain", "buried"):
            count = len(getattr(sign, how))
            if 0 < count < FEW and "child" not in sign.id and "declines" not in sign.id:
                yield Defect(
                    "signs", (n, how), f"`{sign.id}` is told in {count} way(s)",
                    "write a few more: a class meets these words again", fails=False,
                )  # fmt: skip


class Unfit(NamedTuple):
    """Why settings cannot be used, and the field of `generate` that says it."""

    where: tuple[str | int, ...]
    message: str
    hint: str
    fails: bool = True


MOST_NEEDS = 0.8
"""With fewer ordinary travellers than the rest, over-referral costs nothing."""


def unfit(settings: Generate, channels: tuple[str, ...]) -> Iterator[Unfit]:
    """What is wrong with the settings of a drill that has these channels."""
    drawn = set(settings.mix or CHANNELS)
    for channel in CHANNELS:
        if channel not in channels:
            yield Unfit(
                (), f"the drill has no channel `{channel}`",
                "add it to `channels`: the rules send people there, whatever the mix",
            )  # fmt: skip
    for other in channels:
        if other not in CHANNELS:
            yield Unfit(
                (), f"no rule sends anybody to `{other}`",
                f"take it out; the rules know: {', '.join(CHANNELS)}",
            )  # fmt: skip
    if not settings.mix:
        return
    parts = settings.mix.get("regular-entry", 0) / sum(settings.mix.values())
    if parts < 1 - MOST_NEEDS:
        yield Unfit(
            ("mix",), "fewer than one in five people is an ordinary traveller",
            "give `regular-entry` more: over-referral has a price, and nobody would feel it",
            fails=False,
        )  # fmt: skip
    if len(drawn) == 1:
        yield Unfit(("mix",), "one channel is right for everybody", "name two or more")
