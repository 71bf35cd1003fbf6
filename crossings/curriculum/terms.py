"""Words of the glossary are linked where a chapter first uses them: there a reader stumbles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crossings.curriculum.model import Module, Term
from crossings.curriculum.prose import Block, Prose

_ROLE = re.compile(r"\{(?P<role>[a-z-]+)\}`(?P<text>[^`<]*?)\s*(?:<(?P<target>[^>]*)>)?`")

_LINK = re.compile(r"\[[^\]]*\]\([^)]*\)")
"""A link to another page cannot hold one to the glossary."""


def unlinked(module: Module, prose: Prose) -> Iterator[tuple[int, str, str]]:
    """Line, message and hint for each term whose first use in running text is no link. A term
    that is an everyday word as well (`everyday: true`) need not be linked."""
    terms = {t.term.lower(): t for t in module.terms}
    pattern = _pattern(terms)
    seen: set[str] = set()
    for block in prose.blocks:
        if block.kind != "text":
            continue
        for name, linked in _used(block, pattern, terms):
            if name in seen:
                continue
            seen.add(name)
            if not linked and not terms[name].everyday:
                hint = f"write {{term}}`{terms[name].term}` at its first use in the chapter"
                yield block.line, f"“{terms[name].term}” is in the glossary and not linked", hint


def _pattern(terms: dict[str, Term]) -> re.Pattern[str]:
    """Every term, also in the plural; the longest where one holds another."""
    longest = sorted(terms, key=lambda name: (-len(name), name))
    names = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in longest)
    return re.compile(rf"(?<![\w-])({names})(?:s|es)?(?![\w-])" if names else r"(?!)", re.I)


def _used(
    block: Block, pattern: re.Pattern[str], terms: dict[str, Term]
) -> Iterator[tuple[str, bool]]:
    """The terms in a block, in order, and whether each stands in a link to the glossary."""
    at, text = 0, _LINK.sub(" ", block.text)
    for role in _ROLE.finditer(text):
        yield from ((name, False) for name in _named(text[at : role.start()], pattern))
        at = role.end()
        if role["role"] == "term":
            target = " ".join((role["target"] or role["text"]).lower().split())
            if target in terms:
                yield target, True
    yield from ((name, False) for name in _named(text[at:], pattern))


def _named(text: str, pattern: re.Pattern[str]) -> Iterator[str]:
    return (" ".join(m.group(1).lower().split()) for m in pattern.finditer(text))
