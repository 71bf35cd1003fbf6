"""Reading level: plain English for people who read it as a second or third language.

Measured with LIX (C.-H. Björnsson, "Läsbarhet", 1968): words a sentence, plus the share of words
longer than six letters in percent. It needs no dictionary and no count of syllables. Under 30 is
easy, 30 to 40 reads like a novel, 40 to 50 like a newspaper, over 50 like an official text. The
target is 45: the course is plain English, but a reason has to name treaties. Short texts scatter,
so it is asked of texts of 30 words and more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from crossings.cases.checks.problem import CaseProblem, Path
from crossings.cases.checks.texts import sentences, shown
from crossings.cases.model import Case

TARGET = 45
"""The most LIX of a text."""
LONGEST = 32
"""The most words of a sentence."""
ENOUGH = 30
"""Words from which on a text is measured."""
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_READ = {"text", "consequence", "reason", "answer", "summary", "role", "content_note", "prompt"}


def problems(case: Case) -> Iterator[CaseProblem]:
    for path, text in shown(case):
        if path[-1] in _READ:
            yield from read(path, text)


def read(path: Path, text: str) -> Iterator[CaseProblem]:
    """What is hard to read in one text."""
    parts = sentences(text)
    long = [s for s in parts if len(s.split()) > LONGEST]
    for sentence in long:
        message = f"a sentence of {len(sentence.split())} words: “{_short(sentence)}”"
        hint = f"split it; the most is {LONGEST} words"
        yield CaseProblem(path, message, hint, "reading-level", "warning")
    level = lix(text)
    if len(words(text)) >= ENOUGH and level > TARGET and not long:
        hardest = max(parts, key=lix)
        message = f"reading level {level:.0f}, above {TARGET}: “{_short(hardest)}”"
        hint = "use shorter sentences and shorter words"
        yield CaseProblem(path, message, hint, "reading-level", "warning")


def words(text: str) -> list[str]:
    return _WORD.findall(text)


def lix(text: str) -> float:
    """The LIX of a text; 0 where it has no words."""
    found = words(text)
    if not found:
        return 0.0
    long = sum(len(word) > 6 for word in found)
    return len(found) / max(1, len(sentences(text))) + 100 * long / len(found)


def _short(sentence: str) -> str:
    return sentence if len(sentence) <= 90 else sentence[:89].rstrip() + "…"
