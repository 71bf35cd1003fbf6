"""A Twine story as the draft of a case.

Twine knows no grades, reasons or citations, so a draft never pretends to be finished: each such
place holds `TODO`, which `./course check` reports until an author has filled it. The tags
`decision`, `ending`, `consequence`, `outcome-…`, `grade-…` and `cites-…` carry what they say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from crossings.cases.guard import Ast
from crossings.exchange.report import ExchangeError, Loss
from crossings.exchange.twine import page as pages
from crossings.exchange.twine.conditions import spoken
from crossings.exchange.twine.names import Names, slug
from crossings.exchange.twine.page import Page, Way
from crossings.exchange.twine.statements import Change
from crossings.exchange.twine.twee import Passage, Story
from crossings.exchange.twine.variables import Variables

Json = dict[str, Any]
TODO = "TODO"
_FORMATS = ("SugarCube", "Harlowe")
_SPECIAL = re.compile(
    r"Story(Author|Banner|Caption|DisplayTitle|Interface|Menu|Settings|Share|Subtitle|Includes)"
    r"|Passage(Done|Footer|Header|Ready)|Twine\..*"
)
_CODE_TAGS = {"script", "stylesheet", "widget", "init", "header", "footer", "debug-header"}
_EITHER = re.compile(r"<<set \$cx_([a-z][a-z0-9_]*) to either\((.*)\)>>")
_VALUE = re.compile(r'"((?:\\.|[^"\\])*)"')
_QUESTION = "What do you do?"


@dataclass(frozen=True)
class Draft:
    """The data of a case that loads, and what of the story is not in it."""

    case: Json
    losses: tuple[Loss, ...]


def draft(story: Story) -> Draft:
    """The draft that `story` gives.

    Raises:
        ExchangeError: for a story format other than SugarCube and Harlowe, and for a story without
            any passage that a learner sees.
    """
    form = str(story.data.get("format") or "SugarCube").strip()
    if form not in _FORMATS:
        raise ExchangeError(
            f"the story format is {form}: only SugarCube and Harlowe can be read. "
            "Change the format in Twine and export again"
        )
    return _Reader(story, form).draft()


class _Reader:
    def __init__(self, story: Story, form: str) -> None:
        self.story, self.form = story, form
        self.losses: list[Loss] = []
        self.variables, self.ids = Variables(), Names()
        self.variants: dict[str, list[str]] = {}
        self.pages: dict[str, Page] = {}
        for passage in self._shown():
            if passage.name in self.pages:
                what = "a second passage of this name, left out"
                self._lost(f"passage `{passage.name}`", passage.line, what)
                continue
            self.pages[passage.name] = pages.read(passage, form)
        if not self.pages:
            raise ExchangeError("the story has no passage that a learner sees")
        self.start = self._start()
        self.folded = self._consequences()

    def draft(self) -> Draft:
        for page in self.pages.values():
            self._gather(page)
        nodes = {
            self.ids.id(name): self._node(page)
            for name, page in self.pages.items()
            if name not in self.folded
        }
        for name in self.variables.mixed():
            self._lost("story", 0, f"`${name}` is used as more than one type: only one is kept")
        for name in self.variables.unbounded():
            self._lost("story", 0, f"`${name}` has no bounds in Twine: check `min` and `max`")
        found = [loss for page in self.pages.values() for loss in page.losses]
        return Draft(self._case(nodes), tuple(sorted({*found, *self.losses}, key=_order)))

    # Passages that are no page

    def _shown(self) -> Iterable[Passage]:
        for passage in self.story.passages:
            if passage.name == "StoryInit" or "startup" in passage.tags:
                self._initial(passage)
            elif "cx" in passage.tags:
                if passage.name != "StoryCaption":
                    what = "rules and fates come back from no story: write them in the case"
                    self._lost(f"passage `{passage.name}`", passage.line, what)
            elif _CODE_TAGS & set(passage.tags) or _SPECIAL.fullmatch(passage.name):
                what = "a passage of the story format, not carried over"
                self._lost(f"passage `{passage.name}`", passage.line, what)
            else:
                yield passage

    def _initial(self, passage: Passage) -> None:
        def variant(match: re.Match[str]) -> str:
            values = [re.sub(r"\\(.)", r"\1", v) for v in _VALUE.findall(match.group(2))]
            self.variants[match.group(1)] = values
            return ""

        plain = Passage(
            passage.name, _EITHER.sub(variant, passage.text), passage.tags, {}, passage.line
        )
        page = pages.read(plain, self.form)
        for change in page.changes:
            self.variables.declared(change)
        self.losses.extend(page.losses)

    def _start(self) -> str:
        wanted = str(self.story.data.get("start") or "Start")
        if wanted in self.pages:
            return wanted
        first = next(iter(self.pages))
        self._lost("story", 0, f"no passage `{wanted}` to start with: `{first}` is the start")
        return first

    def _consequences(self) -> set[str]:
        """Passages that tell what followed one option, and so are part of it."""
        led: dict[str, list[str]] = {}
        for page in self.pages.values():
            for way in page.ways:
                led.setdefault(way.target, []).append(page.name)
        return {
            name
            for name, page in self.pages.items()
            if "consequence" in page.tags
            and name != self.start
            and len(led.get(name, [])) == 1
            and len(self.pages[led[name][0]].ways) > 1
            and "consequence" not in self.pages[led[name][0]].tags
            and (len(page.ways) == 1 or page.branches)
        }

    # Gathering

    def _gather(self, page: Page) -> None:
        for change in page.changes:
            self.variables.changed(change)
        for way in (*page.ways, *(page.branches or ())):
            for change in way.changes:
                self.variables.changed(change)
            if way.guard is not None:
                self.variables.asked(way.guard)

    def _lost(self, place: str, line: int, what: str) -> None:
        self.losses.append(Loss(place, line, what))

    # Nodes

    def _node(self, page: Page) -> Json:
        self.texts = list(page.paragraphs)
        for way in page.ways:
            if way.target not in self.pages:
                page.lost(way.line, f"the link leads to `{way.target}`, which is no passage")
        kind = self._kind(page)
        shown: Json = {"kind": kind, "title": page.title or page.name}
        effects = self._effects(page, page.changes, page.passage.line)
        end = {"effects": effects} if effects else {}
        if kind == "ending":
            return shown | self._ending(page) | end
        if kind == "scene":
            return shown | {"text": self._text(), "next": self._next(page)} | end
        return shown | self._decision(page) | end

    def _kind(self, page: Page) -> str:
        if "ending" in page.tags or not page.ways:
            if page.ways:
                page.lost(page.ways[0].line, "an ending leads nowhere: its links are left out")
            elif "ending" not in page.tags:
                what = "no link leads on, so it became an ending; its outcome is TODO"
                page.lost(page.passage.line, what)
            return "ending"
        return "scene" if page.branches or len(page.ways) == 1 else "decision"

    def _text(self) -> str:
        return "\n\n".join(self.texts) or f"{TODO}: tell what the learner sees"

    def _ending(self, page: Page) -> Json:
        outcome = _tagged(page, "outcome-", ("protected", "partly", "missed", "harmed"))
        if outcome is None:
            self.texts.append(f"{TODO}: give this ending its `outcome` and `score`")
        return {"outcome": outcome or "missed", "text": self._text()}

    def _next(self, page: Page) -> Any:
        ways = page.branches or page.ways
        for way in ways:
            if way.changes:
                page.lost(way.line, "not carried over: what the only link sets; use a decision")
        if len(ways) == 1:
            if ways[0].guard is not None:
                said = spoken(ways[0].guard)
                page.lost(ways[0].line, f"the only link is open only if {said}: kept always open")
            return self.ids.id(ways[0].target)
        return [self._branch(page, way) for way in ways]

    def _branch(self, page: Page, way: Way) -> Json:
        to = {"to": self.ids.id(way.target)}
        when = self._guard(page, way)
        return {"when": when, **to} if when else to

    def _decision(self, page: Page) -> Json:
        question = _QUESTION
        if len(self.texts) > 1 and ("decision" in page.tags or "?" in self.texts[-1]):
            question = self.texts.pop()
        names = Names()
        options = [self._option(page, n, way, names) for n, way in enumerate(page.ways)]
        return {"text": self._text(), "question": question, "options": options}

    def _option(self, page: Page, n: int, way: Way, names: Names) -> Json:
        after = self.pages[way.target] if way.target in self.folded else None
        option: Json = {"id": self._option_id(page, n, way, names), "text": way.words}
        when = self._guard(page, way)
        option |= {"when": when} if when else {}
        option |= self._judged(after)
        effects = self._effects(page, way.changes, way.line)
        if after is not None:
            effects += self._effects(after, after.changes, after.passage.line)
        option |= {"effects": effects} if effects else {}
        return option | {"to": self._next(after) if after else self.ids.id(way.target)}

    def _option_id(self, page: Page, n: int, way: Way, names: Names) -> str:
        folded = way.target in self.folded
        wish = way.target.removeprefix(f"{page.name}.") if folded else slug(way.words, 40)
        return names.id(f"{n} {way.target}", wish)

    def _judged(self, after: Page | None) -> Json:
        told = list(after.paragraphs) if after else []
        reason = told.pop()[4:].strip() if told and told[-1].startswith("Why:") else ""
        grade = after and _tagged(after, "grade-", ("good", "acceptable", "poor", "harmful"))
        todo = "" if grade else f"{TODO}: grade this option, and say why"
        tags = after.tags if after else ()
        cites = [t.removeprefix("cites-") for t in tags if t.startswith("cites-")]
        sources = [unquote(t.removeprefix("source-")) for t in tags if t.startswith("source-")]
        return {
            "grade": grade or "acceptable",
            "consequence": "\n\n".join(told) or f"{TODO}: what happens to people",
            "reason": "\n".join(t for t in (reason, todo) if t) or f"{TODO}: say why",
            "cites": cites if cites or sources else [TODO],
            **({"sources": sources} if sources else {}),
        }

    # Guards and effects

    def _guard(self, page: Page, way: Way) -> str | None:
        if way.guard is None:
            return None
        tree = self._ours(way.guard)
        if tree is None:
            what = f"not carried over: the condition {spoken(way.guard)}; the way is always open"
            page.lost(way.line, what)
            return None
        return spoken(tree)

    def _ours(self, tree: Ast) -> Ast | None:
        if tree[0] in ("and", "or", "not"):
            parts = [self._ours(part) for part in tree[1:]]
            return None if any(p is None for p in parts) else [tree[0], *parts]
        if tree[0] == "passage":
            return self._visited(tree[1])
        return self.variables.leaf(tree)

    def _visited(self, name: str) -> Ast | None:
        if name not in self.folded:
            return ["visited", self.ids.id(name)] if name in self.pages else None
        for page in self.pages.values():
            names = Names()
            for n, way in enumerate(page.ways):
                option = self._option_id(page, n, way, names)
                if way.target == name:
                    return ["chose", self.ids.id(page.name), option]
        return None

    def _effects(self, page: Page, changes: Iterable[Change], line: int) -> list[Json]:
        found = []
        for change in changes:
            effect = self.variables.effect(change)
            if effect is not None:
                found.append(effect)
            elif not change.name.startswith("cx_"):
                page.lost(line, f"not carried over: what is done to `${change.name}`")
        return found

    # The whole

    def _case(self, nodes: Json) -> Json:
        title = self.story.title or "A story from Twine"
        case: Json = {
            "id": slug(title),
            "title": title,
            "summary": f"{TODO}: one sentence for the card of the case",
            "minutes": 10,
            "objectives": [TODO],
            "role": f"{TODO}: who the learner is in the story",
        }
        if self.variants:
            case["variants"] = self.variants
        declared = self.variables.declarations()
        if declared:
            case["variables"] = declared
        return case | {
            "start": self.ids.id(self.start),
            "nodes": nodes,
            "debrief": {"ask": [f"{TODO}: a question for reflection"]},
            "walkthroughs": {},
        }


def _tagged(page: Page, prefix: str, allowed: tuple[str, ...]) -> str | None:
    values = (t.removeprefix(prefix) for t in page.tags if t.startswith(prefix))
    return next((v for v in values if v in allowed), None)


def _order(loss: Loss) -> tuple[int, str, str]:
    return loss.line, loss.place, loss.what
