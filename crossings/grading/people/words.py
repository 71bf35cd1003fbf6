"""Texts as words with their places, so that like and equal passages can be found. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_SIGNS = r"\u00ad\u200b-\u200f\u2060\ufeff"
"""Signs without a width. Between letters they make a copied word look another one to a program."""
_HIDDEN = re.compile(f"[{_SIGNS}]")
_WORD = re.compile(rf"\w[\w{_SIGNS}]*(?:[’'-]\w[\w{_SIGNS}]*)*")
RUN = 5
"""Words in a row that make a passage; shorter ones are the language's."""
MOST_WORDS = 4_000
"""Words of one answer that are looked at."""


@dataclass(frozen=True)
class Words:
    """The words of a text, in one case and spelling, with where each begins and ends in it."""

    words: tuple[str, ...]
    places: tuple[tuple[int, int], ...]

    def runs(self) -> list[tuple[str, ...]]:
        """Each run of RUN words, by its first word."""
        return [self.words[n : n + RUN] for n in range(len(self.words) - RUN + 1)]


def words_of(text: str) -> Words:
    found, places = [], []
    for match in _WORD.finditer(text):
        plain = unicodedata.normalize("NFKC", _HIDDEN.sub("", match.group())).casefold()
        if plain:
            found.append(plain)
            places.append(match.span())
        if len(found) >= MOST_WORDS:
            break
    return Words(tuple(found), tuple(places))


def given_runs(texts: Iterable[str]) -> frozenset[tuple[str, ...]]:
    """Every run of words in what all trainees had before them."""
    return frozenset(run for text in texts for run in words_of(text).runs())


def own(text: Words, given: frozenset[tuple[str, ...]]) -> list[bool]:
    """For each word, whether the trainee brought it: it stands in no run that was given."""
    mine = [True] * len(text.words)
    for place, run in enumerate(text.runs()):
        if run in given:
            mine[place : place + RUN] = [False] * RUN
    return mine
