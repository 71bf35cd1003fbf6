"""Does anything tell who needs what, beside the facts that the rules read?

An adversary gets every word of a person but those of the facts: name, country, way of arrival,
journey, papers, and all that decides nothing. It learns from many people (naive Bayes) and guesses
the channel of others. It may not be better than the best guess for people with the same papers and
age, which the rules do read.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from crossings.triage.generate import Drawn
from crossings.triage.model import Channel

_WORD = re.compile(r"[a-z']+|\d+")
RARE = 50
"""A word that fewer people have is no cue, but chance."""


def unread(drawn: Drawn) -> list[str]:
    """The words of a person without those of the facts that rules read."""
    plan, who = drawn.plan, drawn.who
    said: list[str | None] = [who.first, who.country, who.arrived, "she" if who.she else "he"]
    if not plan.silent and not plan.journey.facts:
        said.append(plan.journey.telling.says)
    if not any(p.telling.papers for p in plan.pieces):
        said.append(plan.papers)
    for piece in plan.pieces:
        if not piece.facts:
            said += [piece.telling.seen, piece.telling.says, piece.telling.documents]
    # Each word once: how often it is said is no other word.
    return sorted({w for text in said if text for w in _WORD.findall(text.lower())})


def stratum(drawn: Drawn) -> str:
    """What the rules read beside signs: age, papers, the wish to go home, and who was not heard."""
    plan = drawn.plan
    papers = "fit" if plan.fit else "do not fit"
    if any(p.telling.papers for p in plan.pieces):
        papers = "told"
    home = ", wants home" if "wants-home" in plan.facts else ""
    silent = ", journey untold" if plan.silent else ""
    return f"{plan.age}, papers {papers}{home}{silent}"


@dataclass(frozen=True)
class Word:
    """A word that goes together with a channel, among people with the same papers and age."""

    word: str
    channel: str
    points: float
    """How many percentage points the channel is more or less frequent with this word."""
    errors: float
    """The same in standard errors; with thousands of words about four are chance."""


@dataclass(frozen=True)
class Cues:
    """What the adversary reached: shares of people whose channel was guessed."""

    guessed: float
    by_chance: float
    """Of somebody who knows only papers and age, and always says the most frequent."""
    people: int
    strongest: Word

    @property
    def error(self) -> float:
        """One standard error of `guessed`."""
        return math.sqrt(max(self.guessed * (1 - self.guessed), 1e-9) / self.people)


TRUST = (0.0, 0.03, 0.06, 0.12, 0.25, 0.5, 1.0)
"""How far the adversary trusts words: words of one sentence come together, so each counts for less.
It is allowed to choose what serves it best on the very people that it is asked about."""


def measure(known: Sequence[Drawn], asked: Sequence[Drawn]) -> Cues:
    """Learn from `known`, guess `asked`; both should be thousands."""
    groups = _grouped(known)
    learned = {n: Bayes([(unread(d), d.plan.channel) for d in g]) for n, g in groups.items()}
    asked = [d for d in asked if stratum(d) in learned]
    right = dict.fromkeys(TRUST, 0)
    for one in asked:
        bayes, words = learned[stratum(one)], unread(one)
        for trust in TRUST:
            right[trust] += bayes.guess(words, trust) == one.plan.channel
    best, people = max(right.values()), len(asked)
    return Cues(best / people, right[0.0] / people, people, strongest([*known, *asked]))


def _grouped(everybody: Iterable[Drawn]) -> dict[str, list[Drawn]]:
    found: dict[str, list[Drawn]] = defaultdict(list)
    for one in everybody:
        found[stratum(one)].append(one)
    return found


class Bayes:
    """Naive Bayes over the words that are there."""

    def __init__(self, examples: Sequence[tuple[list[str], Channel]]) -> None:
        self._channels = Counter(channel for _, channel in examples)
        words: dict[Channel, Counter[str]] = defaultdict(Counter)
        for told, channel in examples:
            words[channel].update(told)
        everywhere = Counter(w for told, _ in examples for w in told)
        share = {w: n / len(examples) for w, n in everywhere.items() if n >= RARE}
        self._weights = {
            c: {w: math.log((words[c][w] + SMOOTH * s) / (n + SMOOTH)) for w, s in share.items()}
            for c, n in self._channels.items()
        }

    def guess(self, words: Iterable[str], trust: float) -> Channel:
        mine = list(words)
        return max(self._channels, key=lambda c: (self._score(c, mine, trust), c))

    def _score(self, channel: Channel, words: Iterable[str], trust: float) -> float:
        weights = self._weights[channel]
        told = sum(weights.get(w, 0.0) for w in words)
        return math.log(self._channels[channel]) + trust * told


SMOOTH = 30
"""So many imagined people of each channel have every word as often as everybody has it."""


def strongest(everybody: Iterable[Drawn]) -> Word:
    """The word that goes with a channel most, in standard errors."""
    every = (w for group in _grouped(everybody).values() for w in _together(group))
    return max(every, key=lambda w: w.errors, default=Word("", "", 0.0, 0.0))


def _together(group: Sequence[Drawn]) -> Iterator[Word]:
    channels = Counter(d.plan.channel for d in group)
    words: dict[str, Counter[Channel]] = defaultdict(Counter)
    for one in group:
        for word in unread(one):
            words[word][one.plan.channel] += 1
    for word, seen in words.items():
        count, rest = sum(seen.values()), len(group) - sum(seen.values())
        if min(count, rest) < RARE:
            continue
        for channel, all_of_it in channels.items():
            share = all_of_it / len(group)
            spread = math.sqrt(share * (1 - share) * rest / (count * (len(group) - 1)))
            off = seen[channel] / count - share
            if spread:
                yield Word(word, channel, round(100 * off, 1), abs(off) / spread)
