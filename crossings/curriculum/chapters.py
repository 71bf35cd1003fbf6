"""The convention of a chapter, as far as a machine can check it; reviewers read for the rest.

A chapter answers: what do I see, what may I do, what must I never do, who do I call, and why. It
says who is bound by a regional rule and whose reading a guideline is (`attribution.py`). It is
written for tired readers whose third language is English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from crossings.cases.checks.words import Words
from crossings.curriculum import attribution
from crossings.curriculum.model import Chapter, Course, Module
from crossings.curriculum.problem import Problem, relative
from crossings.curriculum.prose import Prose, Sentence

SECTIONS = (
    "Why this matters at work",
    "The rule",
    "What it looks like",
    "What to do",
    "What never to do",
    "Check yourself",
)
FEWEST_WORDS, MOST_WORDS = 900, 1800
MOST_IN_SENTENCE = 25
MOST_ON_AVERAGE = 20
FEWEST_RULES = 5
FEWEST_NEVERS = 4
KEY_POINTS = range(3, 8)
SHORTEST_ALT = 60
"""Characters of an alternative text: fewer cannot say what a figure shows."""
LISTED_WORDS = "modules/words.txt"

_PHONE = re.compile(r"\b555-\d{4}\b")
_Found = Iterator[tuple[int, str, str]]
"""Line, message and hint."""


def problems(course: Course, module: Module) -> Iterator[Problem]:
    """What is not as the convention asks in the chapters and the glossary of `module`."""
    words = listed_words(course.root)
    for chapter in module.chapters:
        yield from chapter_problems(course, module, chapter, words)
    glossary = module.path / "glossary.yml"
    if words is not None and glossary.is_file():
        file = relative(glossary, course.root)
        for line, message, hint in _hurtful(glossary.read_text(encoding="utf-8"), words):
            yield Problem(file, line, message, hint, 0, "hurtful-word")


def chapter_problems(
    course: Course, module: Module, chapter: Chapter, words: Words | None
) -> Iterator[Problem]:
    """As `problems`, for one chapter."""
    file, prose = relative(chapter.path, course.root), Prose.read(chapter.path)
    parts: dict[str, _Found] = {
        "chapter-shape": chain(_shape(prose), _length(chapter), _closing(prose), _never(prose)),
        "sentence-length": _sentences(prose),
        "figure": chain(_figures(course, prose), _something_to_see(prose)),
        "whom-to-call": _calls(course, prose),
        "law": _rules(chapter),
        "who-is-bound": attribution.unnamed(course, prose),
        "hurtful-word": _hurtful(prose.raw, words) if words else iter(()),
    }
    for code, found in parts.items():
        yield from (Problem(file, line, message, hint, 0, code) for line, message, hint in found)


def listed_words(root: Path) -> Words | None:
    """The list of words that no text uses, where the course has one."""
    path = root / LISTED_WORDS
    return Words.read(path.read_text(encoding="utf-8")) if path.is_file() else None


def _shape(prose: Prose) -> _Found:
    there = [(n, title) for n, title in prose.headings if title in SECTIONS]
    titles = [title for _, title in there]
    for title in SECTIONS:
        if title not in titles:
            hint = "the headings of every chapter, in this order: " + ", ".join(SECTIONS)
            yield 1, f"the section “{title}” is missing", hint
        elif not prose.section(title).strip():
            line = next(n for n, t in there if t == title)
            yield line, f"nothing stands under “{title}”", "write the section"
    for place, (line, title) in enumerate(there):
        if title in titles[:place]:
            yield line, f"the section “{title}” stands twice", "keep one of the two"
    if set(titles) == set(SECTIONS) and len(titles) == len(SECTIONS) and titles != [*SECTIONS]:
        wrong = next(n for (n, t), s in zip(there, SECTIONS, strict=True) if t != s)
        yield wrong, "the sections are not in their order", "the order: " + ", ".join(SECTIONS)


def _length(chapter: Chapter) -> _Found:
    if chapter.words < FEWEST_WORDS:
        hint = f"{FEWEST_WORDS} to {MOST_WORDS} words; say more, or join it with another chapter"
        yield 1, f"the chapter has {chapter.words} words", hint
    elif chapter.words > MOST_WORDS:
        hint = f"{FEWEST_WORDS} to {MOST_WORDS} words; make two chapters of it"
        yield 1, f"the chapter has {chapter.words} words", hint


def _closing(prose: Prose) -> _Found:
    found = re.search(r"^(`{3,}|:{3,})\{keypoints\}\n(.*?)^\1\s*$", prose.raw, re.M | re.S)
    if found is None:
        yield 1, "no key points", "close the chapter with the directive `{keypoints}`"
        return
    line = prose.raw.count("\n", 0, found.start()) + 1
    count = len(re.findall(r"^- ", found.group(2), re.M))
    if count not in KEY_POINTS:
        hint = f"{KEY_POINTS.start} to {KEY_POINTS.stop - 1} points are kept in mind"
        yield line, f"{count} key points", hint
    if "{quiz}" not in prose.section("Check yourself"):
        hint = "put the directive `{quiz}` with items of this chapter there"
        yield prose.line_of("## Check yourself"), "“Check yourself” asks nothing", hint
    if "ources of this chapter" not in prose.raw[found.end() :]:
        hint = "end with a line `*Sources of this chapter:* …` that names them with their places"
        yield line, "the chapter does not name its sources at its end", hint


def _never(prose: Prose) -> _Found:
    box = prose.section("What never to do")
    if not box:
        return
    line = prose.line_of("## What never to do")
    if "{never}" not in box:
        yield line, "“What never to do” has no box", "put the list into the directive `{never}`"
    points = re.findall(r"^- (\w+)", box, re.M)
    if len(points) < FEWEST_NEVERS:
        yield line, f"{len(points)} prohibitions", f"name at least {FEWEST_NEVERS}"
    for other in dict.fromkeys(p for p in points if p != "Never"):
        hint = "begin each with the word Never, so that nobody reads half a line wrong"
        yield line, f"a prohibition begins with “{other}”", hint


def _sentences(prose: Prose) -> _Found:
    for sentence in prose.sentences:
        if sentence.words > MOST_IN_SENTENCE:
            shown = f"{sentence.text[:60].strip()}…"
            hint = f"at most {MOST_IN_SENTENCE}: make two sentences of it"
            yield sentence.line, f"a sentence of {sentence.words} words: “{shown}”", hint
    mean = average(prose.sentences)
    if mean >= MOST_ON_AVERAGE:
        hint = f"stay under {MOST_ON_AVERAGE}; aim at 14"
        yield 1, f"{mean:.1f} words in a sentence on average", hint


def average(sentences: tuple[Sentence, ...]) -> float:
    """Words in a sentence on average; 0 where there is none."""
    return sum(s.words for s in sentences) / len(sentences) if sentences else 0.0


def _something_to_see(prose: Prose) -> _Found:
    if not prose.figures and not prose.has_table:
        yield 1, "neither a figure nor a table", "show one thing that helps to see the rule"


def _figures(course: Course, prose: Prose) -> _Found:
    synthetic = [d.id for d in course.datasets.values() if d.synthetic]
    for figure in prose.figures:
        name = f"the figure `{figure.name}`" if figure.name else "the figure"
        if len(figure.alt) < SHORTEST_ALT:
            hint = f"write `alt`, {SHORTEST_ALT} characters or more, for those who do not see it"
            yield figure.line, f"{name} has no alternative text that says what it shows", hint
        if not figure.caption.strip():
            yield figure.line, f"{name} has no caption", "write `caption`: what one learns from it"
        elif figure.alt == figure.caption:
            hint = "the alternative text describes; the caption says what follows"
            yield figure.line, f"{name}: the alternative text repeats the caption", hint
        if any(f'dataset("{id_}")' in figure.code for id_ in synthetic):
            for told, text in (("caption", figure.caption), ("alternative text", figure.alt)):
                if "synthetic" not in text.lower():
                    hint = "say that the data are synthetic"
                    yield figure.line, f"{name} draws invented data; its {told} hides it", hint


def _calls(course: Course, prose: Prose) -> _Found:
    """Each chapter names a number of the invented region, and only such as the region has."""
    setting = course.setting
    if setting is None or not setting.contacts:
        return
    known = {contact.number for contact in setting.contacts}
    named = set(_PHONE.findall(prose.body))
    if not named & known:
        yield 1, "the reader does not learn whom to call", "name a contact of the region"
    for number in sorted(named - known):
        hint = "numbers stand under `contacts` in modules/setting/setting.yml"
        yield prose.line_of(number), f"the region has no number {number}", hint


def _rules(chapter: Chapter) -> _Found:
    rules = set(chapter.targets("law"))
    if len(rules) < FEWEST_RULES:
        hint = f"a chapter rests on at least {FEWEST_RULES}; ./course law finds them"
        yield 1, f"the chapter cites {len(rules)} provisions of the law register", hint


def _hurtful(text: str, words: Words) -> _Found:
    for number, line in enumerate(text.split("\n"), start=1):
        for word in words.found(line):
            hint = f"say what happened or what the person said; the list is {LISTED_WORDS}"
            yield number, f"“{word}” is on the list of words that hurt, blame or shock", hint
