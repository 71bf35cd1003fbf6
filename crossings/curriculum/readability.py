"""How plain the language of a chapter is: words in a sentence, and the new Dale-Chall formula.

The formula asks how many words are not among 3,000 that most people know, and how long sentences
are; `docs/decisions/0037-readability.md` says why this one, and where the limits come from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crossings.curriculum.prose import Prose, Sentence

if TYPE_CHECKING:
    from crossings.curriculum.model import Chapter, Course, Module

MOST_WORDS_ON_AVERAGE = 25
HARD = ("9-10",)
TOO_HARD = ("11-12", "13-15", "16+")
"""Grades of the formula. A chapter of the first is worth another look, one of the second fails."""

_NOT_LETTERS = re.compile(r"[^\w\s.!?'-]|(?<=\w)-(?=\w)|_")


@dataclass(frozen=True)
class Reading:
    """How a text reads."""

    sentences: int
    words: int
    longest: int
    """Words of the longest sentence."""
    unfamiliar: float
    """Share of words that are not among the 3,000, 0 to 1."""
    cloze: float
    """About the percentage of blanks that a reader could fill in: more is plainer."""
    grade: str
    """The years of school for which such a text is written, in the formula's steps."""

    @property
    def average(self) -> float:
        return self.words / self.sentences if self.sentences else 0.0


def measured(sentences: Sequence[Sentence]) -> Reading:
    """How these sentences read."""
    from new_dale_chall_readability import cloze_score, pct_unfamiliar_words, reading_level

    text = " ".join(_plain(s.text) for s in sentences)
    words = [s.words for s in sentences]
    if not text.strip(" ."):
        return Reading(0, 0, 0, 0.0, 100.0, "1")
    return Reading(
        sentences=len(words),
        words=sum(words),
        longest=max(words),
        unfamiliar=pct_unfamiliar_words(text),
        cloze=cloze_score(text),
        grade=reading_level(text),
    )


def chapters(course: Course) -> Iterator[tuple[Module, Chapter, Reading]]:
    """Every chapter of the course and how it reads."""
    for module in course.modules.values():
        for chapter in module.chapters:
            yield module, chapter, measured(Prose.read(chapter.path).sentences)


def too_hard(prose: Prose) -> Iterator[tuple[int, str, str, bool]]:
    """Line, message and hint of what makes a chapter hard to read, and whether that fails."""
    reading = measured(prose.sentences)
    shorter = "shorter sentences, words of every day; ./course check --readability shows all"
    if reading.average >= MOST_WORDS_ON_AVERAGE:
        yield 1, f"{reading.average:.1f} words in a sentence on average", shorter, True
    if reading.grade in (*HARD, *TOO_HARD):
        told = f"hard to read: grade {reading.grade}, {100 * reading.unfamiliar:.0f} % of the words"
        yield 1, f"{told} are not those of every day", shorter, reading.grade in TOO_HARD


def _plain(sentence: str) -> str:
    """A sentence as the library reads it: it knows only straight signs, and a full stop as an end;
    a compound is its parts."""
    text = sentence.replace("’", "'").replace("‘", "'")
    text = re.sub(r"\.(?=\S)", "", _NOT_LETTERS.sub(" ", text))
    words = [word.strip("'-") for word in text.rstrip(" .!?").split()]
    return " ".join(re.sub(r"[.!?]", "", word) for word in words if word) + "."
