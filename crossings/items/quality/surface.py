"""What an option looks like to somebody who does not know the answer.

Each cue is a number for one option beside the others of its item; `appeal` adds them with weights.
The cues are those that books on writing test items warn of (length, precision, hedges and absolute
words, echo of the stem, grammar, options that share most with the others), and two of this field:
words of care, which decent people choose, and words of force, which they avoid.

The weights are ours: set once so that a plain giveaway of one kind draws two to four times as much
as another option, and not fitted to learners, of whom there are no data yet.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

WEIGHTS: Mapping[str, float] = {
    "length": 0.8,
    "parts": 0.5,
    "figures": 0.3,
    "hedges": 0.9,
    "absolutes": -1.2,
    "echo": 0.9,
    "care": 1.0,
    "force": -1.4,
    "shared": 0.6,
    "grammar": -2.0,
    "all": 1.8,
    "none": -0.6,
}

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


HEDGES = _listed(
    """
appears can could depending depends generally likely may might most normally often partly
perhaps possible possibly probably seems some sometimes unless usually
    """
)
ABSOLUTES = _listed(
    """
always automatically certainly completely entirely every everybody everything impossible never
nobody none nothing only
    """
)
CARE = _listed(
    """
advice alone ask asks assess calm care child choice choose consent doctor explain explains first
food guardian health help helps individual individually interpreter listen listens offer offers
private privately protect protection protects refer referral refers rest safe safely safety
support together trust understand wants water wishes
    """
)
FORCE = _listed(
    """
arrest arrests deport deported deports detain detained detention dismiss expel expelled fined
force forced forces handcuff ignore ignored ignores lock locked prosecute prosecuted punish
punished refuse refused refuses reject rejected remove removed threaten
    """
)
_SMALL = _listed(
    """
a an and are as at be been but by did do does for from had has have he her him his how i if in
is it its no not of on or our she so than that the their them then there these they this those
to was we were what when where which who whom why will with would you your
    """
)
_ALL = re.compile(r"\b(?:all|both) of (?:the above|these|them)\b|\ball the above\b", re.I)
_NONE = re.compile(r"\bnone of (?:the above|these|them)\b|\bneither of (?:these|them)\b", re.I)
_ARTICLE = re.compile(r"\b(an?)\s*[:…_.]*\s*$", re.I)


def words(text: str) -> list[str]:
    """The words of a text, small letters."""
    return _WORD.findall(text.lower().replace("’", "'"))


@lru_cache(maxsize=20_000)
def content(text: str) -> frozenset[str]:
    """The words that carry meaning, without their endings."""
    return frozenset(_stem(w) for w in words(text) if w not in _SMALL)


@lru_cache(maxsize=2_000)
def appeal(stem: str, options: tuple[str, ...]) -> tuple[float, ...]:
    """How much each option draws an outsider, in the options' order; 0 is the mean option."""
    raw = [sum(WEIGHTS[k] * v for k, v in cues.items()) for cues in cues_of(stem, options)]
    mean = sum(raw) / len(raw) if raw else 0.0
    return tuple(value - mean for value in raw)


def cues_of(stem: str, options: Sequence[str]) -> list[dict[str, float]]:
    """The cues of each option, by name; most lie between -1 and 1."""
    said = [words(o) for o in options]
    lengths = _beside([float(len(o)) for o in options])
    parts = _beside([float(len(re.findall(r"[.,;:]| and ", o))) for o in options])
    meanings = [content(o) for o in options]
    about = content(stem)
    echoes = _centred([_share(m, about) for m in meanings])
    shared = _centred([_shared(n, meanings) for n in range(len(options))])
    return [
        {
            "length": lengths[n],
            "parts": parts[n],
            "figures": float(bool(re.search(r"\d", option))),
            "hedges": _some(said[n], HEDGES),
            "absolutes": _some(said[n], ABSOLUTES),
            "echo": 3 * echoes[n],
            "care": _some(said[n], CARE),
            "force": _some(said[n], FORCE),
            "shared": 3 * shared[n],
            "grammar": float(breaks_grammar(stem, option)),
            "all": float(bool(_ALL.search(option))),
            "none": float(bool(_NONE.search(option))),
        }
        for n, option in enumerate(options)
    ]


def breaks_grammar(stem: str, option: str) -> bool:
    """Whether the option cannot follow the article with which the stem ends: "an" and "border"."""
    article = _ARTICLE.search(stem)
    first = words(option)[:1]
    if article is None or not first:
        return False
    vowel = first[0][0] in "aeiou"
    return vowel != (article.group(1).lower() == "an")


def likeness(one: str, other: str) -> float:
    """The share of words that two short texts have in common, 0 to 1."""
    a, b = content(one), content(other)
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def _stem(word: str) -> str:
    for ending in ("ations", "ation", "ings", "ing", "ies", "es", "ed", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def _share(part: frozenset[str], whole: frozenset[str]) -> float:
    return len(part & whole) / len(part) if part else 0.0


def _shared(place: int, meanings: Sequence[frozenset[str]]) -> float:
    """How much an option has in common with the others: the key is often their hub."""
    others = [m for n, m in enumerate(meanings) if n != place]
    return sum(_share(meanings[place], m) for m in others) / len(others) if others else 0.0


def _beside(values: Sequence[float]) -> list[float]:
    """Each value beside the mean of the others, -1 to 1: a tenth longer is 0.2, half is 1."""
    total = sum(values)
    if len(values) < 2:
        return [0.0 for _ in values]
    found = []
    for value in values:
        others = (total - value) / (len(values) - 1)
        found.append(max(-1.0, min(1.0, 2 * (value - others) / max(others, 1.0))))
    return found


def _centred(values: Sequence[float]) -> list[float]:
    mean = sum(values) / len(values) if values else 0.0
    return [max(-1.0, min(1.0, value - mean)) for value in values]


def _some(said: Sequence[str], listed: frozenset[str]) -> float:
    """1 for one word of the list, more than that for more, at most 1.5."""
    count = sum(word in listed for word in said)
    return min(1.5, 0.75 + 0.25 * count) if count else 0.0
