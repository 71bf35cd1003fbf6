"""Like answers side by side, so that they are read together and marked alike. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from rapidfuzz import fuzz, process
from scipy.cluster.hierarchy import fcluster, leaves_list, linkage
from scipy.spatial.distance import squareform

from crossings.grading.people.words import given_runs, own, words_of

ALIKE = 0.5
"""From this likeness on (1 is the same), answers are one group. Chosen on the course's own
answers: paraphrases of one text lie above it, different answers to one question below."""

MOST_LETTERS = 3_000
"""Letters of an answer that are compared; time grows with the square."""


def groups(texts: Sequence[str], given: Sequence[str] = ()) -> list[list[int]]:
    """The places of `texts` in groups of like ones, the largest first; within a group and between
    groups neighbours are near each other. Empty texts are one group, the last.

    What everybody was `given` (the question, the stub) does not make answers alike.
    """
    known = given_runs(given)
    bare = [_bare(text, known) for text in texts]
    full = [place for place, words in enumerate(bare) if words]
    blank = [place for place, words in enumerate(bare) if not words]
    found = _grouped([bare[place] for place in full])
    made = [[full[n] for n in group] for group in found]
    return made + ([blank] if blank else [])


def _bare(text: str, known: frozenset[tuple[str, ...]]) -> list[str]:
    words = words_of(text)
    kept = [w for w, mine in zip(words.words, own(words, known), strict=True) if mine]
    # An answer that only repeats what was given is still an answer: it is compared as it is.
    return kept or list(words.words)


def _grouped(texts: list[list[str]]) -> list[list[int]]:
    if len(texts) < 2:
        return [[n] for n in range(len(texts))]
    apart = 1 - likeness(texts)
    np.fill_diagonal(apart, 0)
    tree = linkage(squareform(apart, checks=False), method="average", optimal_ordering=True)
    label = fcluster(tree, t=1 - ALIKE, criterion="distance")
    order = [int(n) for n in leaves_list(tree)]
    found: dict[int, list[int]] = {}
    for place in order:
        found.setdefault(int(label[place]), []).append(place)
    return sorted(found.values(), key=lambda group: (-len(group), order.index(group[0])))


def likeness(texts: list[list[str]]) -> np.ndarray:
    """How alike texts of words are, 0 to 1: the mean of what they speak about (cosine of weighted
    words) and of how they say it (words in sorted order, letter by letter)."""
    joined = [" ".join(words)[:MOST_LETTERS] for words in texts]
    letters = process.cdist(joined, joined, scorer=fuzz.token_sort_ratio, dtype=np.float32) / 100
    both = (_cosine(texts) + letters) / 2
    return np.clip((both + both.T) / 2, 0, 1)


def _cosine(texts: list[list[str]]) -> np.ndarray:
    known = {word: n for n, word in enumerate(sorted({w for words in texts for w in words}))}
    seen = Counter(word for words in texts for word in set(words))
    table = np.zeros((len(texts), len(known)), dtype=np.float32)
    for row, words in enumerate(texts):
        for word, times in Counter(words).items():
            rare = math.log((1 + len(texts)) / (1 + seen[word])) + 1
            table[row, known[word]] = (1 + math.log(times)) * rare
    length = np.linalg.norm(table, axis=1, keepdims=True)
    table /= np.where(length == 0, 1, length)
    return table @ table.T
