"""Which rule applies? Provisions by who is there, where, and what has to be decided.

`datasets/law/finder.csv` gives a provision its tags. The words that people read for each tag are
the book's business; here are only the tags, the order of what is found, and what must be true.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Literal, get_args

from pydantic import Field

from crossings.curriculum.problem import Problem, nearest
from crossings.curriculum.register import STANDINGS, standing
from crossings.items.model import Frozen

if TYPE_CHECKING:
    from crossings.curriculum.load import Reading
    from crossings.curriculum.model import Course, Provision

FILE = "datasets/law/finder.csv"
ANY = "any"
Person = Literal[
    "any", "fear", "refugee", "child", "family", "trafficked", "smuggled", "stateless", "worker",
    "rescued", "stowaway", "removed", "detained", "health", "survivor",
]  # fmt: skip
Place = Literal["any", "land", "air", "sea", "inside", "detention", "workplace", "abroad"]
Decision = Literal[
    "entry", "return", "detention", "asylum", "referral", "age", "information", "documents",
    "family", "health", "work", "data", "punishment", "rescue",
]  # fmt: skip
PERSONS: tuple[str, ...] = get_args(Person)[1:]
PLACES: tuple[str, ...] = get_args(Place)[1:]
DECISIONS: tuple[str, ...] = get_args(Decision)


class Tag(Frozen):
    """What a provision is about. `any` means: whoever it is, wherever it is.

    Persons beside `any` are those whom the rule names first: for them it stands before the others.
    """

    provision: str
    person: Annotated[tuple[Person, ...], Field(min_length=1)]
    place: Annotated[tuple[Place, ...], Field(min_length=1)]
    decision: Annotated[tuple[Decision, ...], Field(min_length=1)]
    core: Literal["", "yes"] = ""
    """`yes`: it belongs to the ban on return to danger, which is shown first."""


def find(
    course: Course, person: str = "", place: str = "", decision: str = ""
) -> tuple[Provision, ...]:
    """The provisions for a situation: the ban on return first, then what binds, then the rest.

    An empty `person` is somebody of whom nothing is known yet: only rules for everybody are found.
    An empty `place` or `decision` leaves the question open: rules for each are found.
    """
    held = [tag for tag in course.finder.values() if _fits(tag, person, place, decision)]
    order = {id_: n for n, id_ in enumerate(course.finder)}
    ranked = sorted(
        held, key=lambda t: (*rank(course, t), near(t, person, place), order[t.provision])
    )
    return tuple(course.law[tag.provision] for tag in ranked)


def rank(course: Course, tag: Tag) -> tuple[int, int]:
    """What stands before what, whoever asks: core first; then how far it binds."""
    return (0 if tag.core else 1, STANDINGS.index(standing(course.law[tag.provision])))


def near(tag: Tag, person: str, place: str) -> int:
    """Among rules that bind alike: those that name this person, then this place, then the rest."""
    if person and person in tag.person:
        return 0
    return 1 if place and place in tag.place else 2


def _fits(tag: Tag, person: str, place: str, decision: str) -> bool:
    return (
        (ANY in tag.person or person in tag.person)
        and (not place or ANY in tag.place or place in tag.place)
        and (not decision or decision in tag.decision)
    )


def dangling(course: Course, reading: Reading) -> Iterator[Problem]:
    """Rows that name no provision of the register."""
    for id_ in course.finder:
        if id_ not in course.law:
            message = f"no provision in the law register `{id_}`"
            yield Problem(FILE, reading.rows[FILE][id_], message, nearest(id_, course.law))


def problems(course: Course, reading: Reading) -> Iterator[Problem]:
    """What makes the finder misleading, in a course whose references all resolve."""
    if not course.finder:
        return
    lines = reading.rows.get(FILE, {})
    core = [tag for tag in course.finder.values() if tag.core]
    if not any("return" in tag.decision for tag in core):
        hint = "write `yes` in `core` for the treaty rules that forbid return to danger"
        yield Problem(FILE, 0, "no rule is marked as core", hint)
    for tag in course.finder.values():
        for message, hint in _row_problems(course, tag):
            yield Problem(FILE, lines.get(tag.provision, 0), message, hint)
    for column, known, used in _columns(course.finder):
        for value in sorted(set(known) - used):
            hint = "give it to a rule, or take it out of `crossings/curriculum/finder.py`"
            yield Problem(FILE, 0, f"no rule has `{value}` in `{column}`", hint)


def _row_problems(course: Course, tag: Tag) -> Iterator[tuple[str, str]]:
    if ANY in tag.place and len(tag.place) > 1:
        yield "`any` stands beside others in `place`", "write `any` alone, or the others"
    if not tag.core:
        return
    if ANY not in tag.person or tag.place != (ANY,) or "return" not in tag.decision:
        hint = "the ban on return holds for everybody and everywhere; take `core` away or widen it"
        yield "a core rule is not for any person, any place and `return`", hint
    if standing(course.law[tag.provision]) != "binding":
        hint = "take `core` away: guidance and rules of few States come later in the list"
        yield "a core rule does not bind by itself", hint


def _columns(
    tags: Mapping[str, Tag],
) -> Iterator[tuple[str, tuple[str, ...], set[str]]]:
    for column, known in (("person", PERSONS), ("place", PLACES), ("decision", DECISIONS)):
        yield column, known, {value for tag in tags.values() for value in getattr(tag, column)}
