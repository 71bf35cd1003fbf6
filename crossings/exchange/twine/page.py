"""A passage on its way to a node: its words, its effects, its ways on; and what was left behind."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from crossings.cases.guard import Ast
from crossings.exchange.report import Loss
from crossings.exchange.twine import conditions, statements
from crossings.exchange.twine.conditions import NotCarriedError, shortened
from crossings.exchange.twine.harlowe import harlowe
from crossings.exchange.twine.markup import Arm, Code, If, Link, Other, Segment, Shown, Words
from crossings.exchange.twine.statements import Change
from crossings.exchange.twine.sugarcube import sugarcube
from crossings.exchange.twine.twee import Passage

MOST_TEXT = 4000
"""Characters of one text of a case (`crossings.items.model.Text`)."""


@dataclass(frozen=True)
class Way:
    """A link with everything that it depends on and does."""

    words: str
    target: str
    line: int
    guard: Ast | None = None
    changes: tuple[Change, ...] = ()


@dataclass
class Page:
    """What one passage holds. `branches` is set where it has one `if … else` with a link in each
    arm and no other link: then one link is shown at a time, as a node's `next` does it."""

    passage: Passage
    form: str = "SugarCube"
    title: str = ""
    paragraphs: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)
    branches: list[Way] | None = None
    losses: list[Loss] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.passage.name

    @property
    def tags(self) -> tuple[str, ...]:
        return self.passage.tags

    def lost(self, line: int, what: str) -> None:
        self.losses.append(Loss(f"passage `{self.name}`", line, what))


_OWN = re.compile(
    r'<<include "Crossings(?:Rules|Fates)">>'
    r'|<<if _cx_goto>><<link "Go on" _cx_goto>><</link>><<else>>(?P<links>.*)<</if>>\Z',
    re.DOTALL,
)
"""What our own export adds for delayed rules; the story's reader reports it once."""


def _blank_lines(match: re.Match[str]) -> str:
    return match.group("links") or ""


def read(passage: Passage, form: str) -> Page:
    """The page of `passage`; `form` is the story format, `SugarCube` or `Harlowe`."""
    text = _OWN.sub(_blank_lines, passage.text)
    parts = (harlowe if form == "Harlowe" else sugarcube)(text, passage.line + 1)
    page = Page(passage, form)
    words: list[str] = []
    chain = _chain(parts)
    for part in parts:
        _part(page, part, words)
    _told(page, "".join(words), form)
    if chain is not None and len(page.ways) == len(chain.arms):
        page.branches = _branches(page, chain)
    return page


def _part(page: Page, part: Segment, words: list[str]) -> None:
    if isinstance(part, Words):
        words.append(part.text)
    elif isinstance(part, Code):
        page.changes.extend(_changes(page, part))
    elif isinstance(part, Link):
        page.ways.append(_way(page, part, None))
    elif isinstance(part, Shown):
        words.append(_shown(page, part))
    elif isinstance(part, Other):
        page.lost(part.line, f"not carried over: {part.what}")
    else:
        _conditional(page, part, None, words)


def _changes(page: Page, code: Code) -> list[Change]:
    try:
        return statements.changes(code.text)
    except NotCarriedError as error:
        if not code.text.startswith("$cx_"):
            page.lost(code.line, f"not carried over: assignment {error}")
        return []


def _way(page: Page, link: Link, guard: Ast | None) -> Way:
    done = tuple(c for code in link.setters for c in _changes(page, code))
    # The words of SugarCube's links are plain text, those of Harlowe's are markup.
    words = _plain(link.text) if page.form == "Harlowe" else link.text
    return Way(words, link.target, link.line, guard, done)


def _shown(page: Page, shown: Shown) -> str:
    """A variant keeps its place in the text; other values cannot be shown in a case."""
    name = re.fullmatch(r"\$cx_([a-z][a-z0-9_]*)", shown.expression)
    if name:
        return "{" + name.group(1) + "}"
    what = shortened(shown.expression)
    page.lost(shown.line, f"not carried over: the value of `{what}` in the text")
    return f"[TODO: the value of {what}]"


def _conditional(page: Page, block: If, outer: Ast | None, words: list[str]) -> None:
    """Links under conditions become guarded ways; words and assignments cannot be conditional."""
    passed: list[Ast] = []
    known = True
    for arm in block.arms:
        own = _condition(page, arm, block.line)
        known = known and (own is not None or arm.condition is None)
        needed = [outer, *(["not", p] for p in passed), own]
        guard = _all([g for g in needed if g is not None]) if known else None
        if own is not None:
            passed.append(own)
        _arm(page, arm, guard, words)


def _condition(page: Page, arm: Arm, line: int) -> Ast | None:
    if arm.condition is None:
        return None
    try:
        tree = conditions.parse(arm.condition)
    except NotCarriedError as error:
        page.lost(line, f"not carried over: condition {error}; what stands under it is always open")
        return None
    return ["not", tree] if arm.unless else tree


def _arm(page: Page, arm: Arm, guard: Ast | None, words: list[str]) -> None:
    said = conditions.spoken(guard) if guard else "a condition"
    for part in arm.body:
        if isinstance(part, Link):
            page.ways.append(_way(page, part, guard))
        elif isinstance(part, If):
            _conditional(page, part, guard, words)
        elif isinstance(part, Code):
            what = f"the assignment `{shortened(part.text)}` under {shortened(said)}"
            page.lost(part.line, f"not carried over: {what}: effects have no condition")
        elif isinstance(part, Words) and part.text.strip():
            page.lost(part.line, "text under a condition is marked TODO: a node has one text")
            words.append(f"\nTODO: only when {shortened(said, 100)}: {part.text.strip()}\n")
        elif not isinstance(part, Words):
            _part(page, part, words)


def _all(trees: list[Ast]) -> Ast | None:
    if not trees:
        return None
    whole = trees[0]
    for tree in trees[1:]:
        whole = ["and", whole, tree]
    return whole


def _chain(parts: list[Segment]) -> If | None:
    """The only `if … else` of a passage, where each arm holds one link and no more."""
    blocks = [p for p in parts if isinstance(p, If)]
    if len(blocks) != 1 or any(isinstance(p, Link) for p in parts):
        return None
    (block,) = blocks
    single = all(
        [isinstance(p, Link) for p in arm.body if not _blank(p)] == [True] for arm in block.arms
    )
    return block if single and block.arms[-1].condition is None else None


def _blank(part: Segment) -> bool:
    return isinstance(part, Words) and not part.text.strip()


def _branches(page: Page, block: If) -> list[Way] | None:
    own: list[Ast | None] = []
    for arm in block.arms[:-1]:
        try:
            tree = conditions.parse(arm.condition or "")
        except NotCarriedError:
            return None
        own.append(["not", tree] if arm.unless else tree)
    return [
        Way(way.words, way.target, way.line, guard, way.changes)
        for way, guard in zip(page.ways, [*own, None], strict=True)
    ]


_HEADING = {
    "SugarCube": re.compile(r"^!{1,6}\s*(\S.*)$"),
    "Harlowe": re.compile(r"^#{1,6}\s*(.+)$"),
}
_BOLD, _ITALIC = re.compile(r"''(.+?)''"), re.compile(r"(?<!:)//(.+?)//")


def _told(page: Page, text: str, form: str) -> None:
    """Title and paragraphs. A paragraph is a run of lines; a line is kept as a line."""
    blocks = re.split(r"\n[ \t]*\n+", text.replace("\\\n", ""))
    for block in blocks:
        lines = [line.strip() for line in block.split("\n")]
        kept = [line for line in lines if line]
        heading = _HEADING[form].match(kept[0]) if kept else None
        if heading and not page.title and not page.paragraphs:
            page.title = _plain(heading.group(1))
            kept = kept[1:]
        if kept:
            page.paragraphs.append("\n".join(_line(line) for line in kept))
    while sum(len(p) + 1 for p in page.paragraphs) > MOST_TEXT:
        cut = page.paragraphs.pop()
        if not page.paragraphs:
            page.paragraphs.append(cut[: MOST_TEXT - 50].rstrip() + "\nTODO: the rest was too long")
            page.lost(page.passage.line, f"the text is cut: a node has {MOST_TEXT} characters")
            return
        page.lost(page.passage.line, f"too long, left out: `{shortened(cut)}`")


def _line(line: str) -> str:
    line = re.sub(r"^\*\s+", "- ", line)
    return _plain(line)


def _plain(text: str) -> str:
    """The formats' bold and italic as ours, character references as characters."""
    text = _ITALIC.sub(r"*\1*", _BOLD.sub(r"**\1**", text))
    return html.unescape(text).strip()
