"""The trainer's guide of a module: a public page with fixed headings, without any key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from crossings.curriculum.fingerprints import words
from crossings.curriculum.model import GUIDE, Course, Module
from crossings.curriculum.prose import Prose
from crossings.items.model import Item

HEADINGS = (
    "Half a day",
    "Two days",
    "Room set-up",
    "Debrief questions",
    "Objections and answers",
    "Marking guide",
    "Handouts",
    "Role cards",
)
SHEETS = {"Handouts": "handout", "Role cards": "rolecard"}
KEY = 8
"""So many consecutive words of a key give it away."""


def problems(course: Course, module: Module) -> Iterator[tuple[int, str, str]]:
    """Line, message and hint of what is not as it should be in the module's guide."""
    if module.guide is None:
        hint = "write it with the headings " + ", ".join(HEADINGS) + "; docs/formats/module.md"
        yield 0, "there is no trainer's guide", hint
        return
    prose = Prose.read(module.guide.path)
    titles = [title for _, title in prose.headings if title in HEADINGS]
    for title in HEADINGS:
        if title not in titles:
            yield 1, f"the section “{title}” is missing", "the order: " + ", ".join(HEADINGS)
        elif not prose.section(title).strip():
            yield prose.line_of(f"## {title}"), f"nothing stands under “{title}”", "write it"
    if len(titles) == len(HEADINGS) and titles != [*HEADINGS] and set(titles) == set(HEADINGS):
        yield 1, "the sections are not in their order", "the order: " + ", ".join(HEADINGS)
    for title, sheet in SHEETS.items():
        section = prose.section(title)
        if section.strip() and f"{{{sheet}}}" not in section:
            hint = f"write each as `:::{{{sheet}}} Title`, so that it prints on its own"
            yield prose.line_of(f"## {title}"), f"no sheet stands under “{title}”", hint
    yield from _keys(module, prose)
    if not _in_contents(course.root, f"modules/{module.id}/{GUIDE}"):
        hint = f"add `- file: modules/{module.id}/{GUIDE}` to the part “For trainers” of _toc.yml"
        yield 1, "the guide is not in the table of contents", hint


def _keys(module: Module, prose: Prose) -> Iterator[tuple[int, str, str]]:
    """Words of the key of a marked item: the page is public."""
    said: list[tuple[str, int]] = []
    for number, line in enumerate(prose.raw.split("\n"), start=1):
        said += [(word, number) for word in words(line)]
    here = {
        tuple(word for word, _ in said[at : at + KEY]): said[at][1]
        for at in range(len(said) - KEY + 1)
    }
    for item in module.items.values():
        if not item.reserved:
            continue
        found = [here[run] for text in _secret(item) for run in _runs(text) if run in here]
        if found:
            hint = "keys stand in the staff's marking guide: ./course guide"
            yield min(found), f"the guide says the key of the marked item `{item.id}`", hint


def _secret(item: Item) -> Iterator[str]:
    yield item.rationale
    if item.model_answer:
        yield item.model_answer
    yield from (o.feedback for o in item.options if o.feedback)


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    found = words(text)
    return (tuple(found[at : at + KEY]) for at in range(len(found) - KEY + 1))


def _in_contents(root: Path, document: str) -> bool:
    """Whether the book has the page; a course without a book is not asked."""
    try:
        contents = (root / "_toc.yml").read_text(encoding="utf-8")
        yaml.safe_load(contents)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return True
    return re.search(rf"file:\s*[\"']?{re.escape(document)}[\"']?\s*$", contents, re.M) is not None
