"""What a simulation shows to be weak in a case, in words and with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crossings.cases.checks.problem import CaseProblem, Path
from crossings.cases.simulate.report import BOOK, Point, Report
from crossings.cases.state import Document

RARE = 0.01
"""A stop met by a smaller share of all plays is rarely met."""
SEPARATES = 0.2
"""Below this, an item does not tell good play from poor (Ebel and Frisbie's rule of thumb)."""
AGAINST = 0.1
"""Further below zero than chance explains: the item pays those who do badly elsewhere."""
CHANCE = "random"


def findings(doc: Document, report: Report) -> list[CaseProblem]:
    """The weak spots, the gravest kinds first; each names a place in the case's file."""
    if not report.plays:
        return []
    return [
        *_unfinished(report),
        *_order(report),
        *_endings(doc, report),
        *_nodes(doc, report),
        *_separation(doc, report),
        *_grades(doc),
        *_choices(doc, report),
        *_caps(doc, report),
    ]


def _unfinished(report: Report) -> Iterator[CaseProblem]:
    for name, tally in report.learners.items():
        if tally.unfinished:
            message = f"{tally.unfinished} of {tally.plays} plays by `{name}` do not end"
            hint = "look for a circle without a way out, or a decision with no open option"
            yield CaseProblem(("nodes",), message, hint)


def _order(report: Report) -> Iterator[CaseProblem]:
    """Play by the book should come out best; chance should not come out above it."""
    middles = {name: tally.quartiles()[2] for name, tally in report.learners.items()}
    if BOOK not in middles:
        return
    for name, middle in middles.items():
        if name != BOOK and middle >= middles[BOOK]:
            message = f"`{name}` does as well as `{BOOK}`: {middle} and {middles[BOOK]} percent"
            hint = "check points and caps: the case does not reward what it grades as good"
            yield CaseProblem(("nodes",), message, hint)
    low = report.learners[BOOK].quartiles()[1]
    if low < 60:
        message = f"one play in four by `{BOOK}` ends at {low} percent or less"
        hint = "look for a cap or a rule that punishes good choices"
        yield CaseProblem(("caps",), message, hint)


def _endings(doc: Document, report: Report) -> Iterator[CaseProblem]:
    met = report.total("endings")
    for name, node in doc["nodes"].items():
        if node["kind"] == "ending" and not met[name]:
            message = f"no simulated learner ended at `{name}`"
            yield CaseProblem(("nodes", name), message, "make a way to it likelier, or remove it")


def _nodes(doc: Document, report: Report) -> Iterator[CaseProblem]:
    met = report.total("nodes")
    for name, node in doc["nodes"].items():
        share = met[name] / report.plays
        if node["kind"] != "ending" and share < RARE:
            message = f"`{name}` was met in {met[name]} of {report.plays} plays"
            hint = "few learners will see it: is it worth its place?"
            yield CaseProblem(("nodes", name), message, hint)


def _separation(doc: Document, report: Report) -> Iterator[CaseProblem]:
    for point in report.points:
        place: Path = ("nodes", point.node)
        if _all_the_same(doc, point):
            message = f"every option of `{point.node}` earns the same"
            yield CaseProblem(place, message, "give the options different points")
        elif point.after_error:
            continue  # only weak plays come here; `_grades` judges its options
        elif point.discrimination is not None and point.discrimination < -AGAINST:
            message = (
                f"`{point.node}` rewards poor play: its points fall as others rise "
                f"({point.discrimination:.2f})"
            )
            yield CaseProblem(place, message, "check the grades, and where the options lead")
        elif point.discrimination is not None and point.discrimination < SEPARATES:
            message = (
                f"`{point.node}` hardly separates good from poor play "
                f"({point.discrimination:.2f}; {SEPARATES} or more is useful)"
            )
            hint = _HINTS[point.kind]
            if BOOK not in point.shares:
                hint = f"`{BOOK}` never comes here: only weak plays are compared"
            yield CaseProblem(place, message, hint)


_HINTS = {
    "decision": "make the wrong options more tempting, or the good one less obvious",
    "interview": "let good questions need trust or time, and poor ones sound natural",
    "search": "let the key evidence take time, and what is worth nothing look promising and quick",
    "triage": "let the best channel of each person differ, and the wrong one be the easy one",
}


def _all_the_same(doc: Document, point: Point) -> bool:
    options = doc["nodes"][point.node].get("options", ())
    return point.kind == "decision" and len({option["points"] for option in options}) == 1


_RANK = {"good": 0, "acceptable": 1, "poor": 2, "harmful": 2}
"""Poor and harmful may both earn nothing: a cap tells them apart."""


def _grades(doc: Document) -> Iterator[CaseProblem]:
    """Options of a decision that earn as much as an option with a better grade."""
    for name, node in doc["nodes"].items():
        options = node["options"] if node["kind"] == "decision" else ()
        if len({option["points"] for option in options}) == 1:
            continue  # `_separation` says it once
        for place, worse in enumerate(options):
            better = [o for o in options if _RANK[o["grade"]] < _RANK[worse["grade"]]]
            least = min(better, key=lambda o: o["points"], default=None)
            if least is None or least["points"] > worse["points"]:
                continue
            message = (
                f"option `{name}.{worse['id']}` ({worse['grade']}) earns {worse['points']}, "
                f"`{least['id']}` ({least['grade']}) {least['points']}"
            )
            hint = "give the better grade more points"
            yield CaseProblem(("nodes", name, "options", place), message, hint)


_LISTS = (("options", "id", "option"), ("questions", "id", "question"),
          ("finds", "evidence", "find"))  # fmt: skip


def _choices(doc: Document, report: Report) -> Iterator[CaseProblem]:
    offered, taken = report.total("offered"), report.total("taken")
    by_chance = report.learners[CHANCE].taken if CHANCE in report.learners else {}
    for name, node in doc["nodes"].items():
        for list_name, own, word in _LISTS:
            for place, part in enumerate(node.get(list_name, ())):
                key = (name, part[own])
                path: Path = ("nodes", name, list_name, place)
                call = f"{word} `{name}.{part[own]}`"
                if not report.total("nodes")[name]:
                    continue
                if not offered[key]:
                    yield CaseProblem(path, f"{call} was never open", "loosen its `when`")
                elif not taken[key]:
                    hint = "open it more often, or remove it"
                    yield CaseProblem(path, f"nobody took {call}", hint)
                elif _without_pull(part, word, taken[key], by_chance.get(key, 0)):
                    message = f"only chance takes {call}: it is neither quick, kind nor right"
                    hint = "give it a reason to be chosen: time saved, or somebody pleased"
                    yield CaseProblem(path, message, hint)


def _without_pull(part: Mapping[str, Any], word: str, taken: int, by_chance: int) -> bool:
    return word == "option" and part["grade"] != "good" and taken == by_chance


def _caps(doc: Document, report: Report) -> Iterator[CaseProblem]:
    met = report.total("caps")
    for name in doc["caps"]:
        if not met[name]:
            yield CaseProblem(("caps", name), f"no play met the cap `{name}`",
                              "make the act that leads to it possible, or remove it")  # fmt: skip
