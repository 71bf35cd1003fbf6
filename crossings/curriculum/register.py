"""Finding a rule in the law register by the words that an author has in mind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from crossings.curriculum.model import Course, Provision

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
