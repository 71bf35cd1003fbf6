"""Finding a rule in the law register by the words that an author has in mind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from crossings.curriculum.model import Course, Provision

Standing = Literal["binding", "narrow", "national", "reading", "not-binding"]
"""How far a provision binds: a treaty open to all; a treaty of a region or of few States; the law
of one State; a body's reading of a binding text; a text that binds nobody by itself."""
STANDINGS: tuple[str, ...] = get_args(Standing)
FAMILIES = (
    "refugees", "rights", "children", "trafficking", "smuggling", "work", "sea-and-air",
    "cooperation", "regions",
)  # fmt: skip
"""Values of the column `family`: each is a page of the book with the instruments that have it."""
_PLURAL = re.compile(r"(?<=\w{3})(?<!s)s$")


def find_provisions(
    course: Course, words: Iterable[str], theme: str | None = None
) -> tuple[Provision, ...]:
    """The provisions that hold every word (or a longer one that begins with it), in any of their
    texts; those that name more of them in their title first. No words find everything."""
    sought = [_pattern(word) for word in words]
    held = []
    for provision in course.law.values():
        if theme is not None and provision.theme != theme:
            continue
        text = _text(course, provision)
        if all(pattern.search(text) for pattern in sought):
            titled = sum(bool(pattern.search(provision.title)) for pattern in sought)
            held.append((titled, provision))
    return tuple(p for _, p in sorted(held, key=lambda pair: -pair[0]))


def standing(provision: Provision) -> Standing:
    """How far it binds, by what its row says about who is bound and what kind of text it is."""
    if provision.binds.startswith("Nobody"):
        return "not-binding"
    if provision.force == "national law":
        return "national"
    if provision.force == "guideline":
        return "reading"
    if provision.force in ("declaration", "non-binding"):
        return "not-binding"
    return "narrow" if provision.binds.startswith("Only ") else "binding"


def found_alone(course: Course, words: Collection[str], theme: str | None) -> dict[str, int]:
    """How many provisions hold each of the words by itself."""
    return {word: len(find_provisions(course, [word], theme)) for word in words}


def themes(course: Course) -> Mapping[str, int]:
    """The values of the column `theme`, with the number of provisions, the most frequent first."""
    return dict(Counter(p.theme for p in course.law.values()).most_common())


def _pattern(word: str) -> re.Pattern[str]:
    """Singular and plural find each other."""
    return re.compile(rf"(?<!\w){re.escape(_PLURAL.sub('', word))}", re.IGNORECASE)


def _text(course: Course, provision: Provision) -> str:
    instrument = course.instruments.get(provision.instrument)
    told = [
        provision.id, provision.article, provision.title, provision.paraphrase, provision.binds,
        provision.theme, provision.mistake, provision.author,
    ]  # fmt: skip
    return "\n".join([*told, instrument.name if instrument else "", provision.instrument])
