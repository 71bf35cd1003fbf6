"""What a case shows, as lines in a terminal: people, evidence, what followed, the debrief."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from crossings.cases.graph.words import GRADES, OUTCOMES
from crossings.cases.score import Score

Json = Mapping[str, Any]

_TONES = {"good": "green", "acceptable": "yellow", "poor": "dark_orange3", "harmful": "red"}
_SHAPES = {"good": "●", "acceptable": "◐", "poor": "▲", "harmful": "✖"}
_OUTCOMES = {"protected": "green", "partly": "yellow", "missed": "dark_orange3", "harmed": "red"}


def prose(words: str, style: str = "") -> Text:
    return Text(words.strip(), style)


def inset(thing: RenderableType, left: int = 2) -> Padding:
    return Padding(thing, (0, 0, 0, left))


def grade(name: str) -> Text:
    """A grade as shape and word, in its colour."""
    return Text(f"{_SHAPES[name]} {GRADES[name]}", f"bold {_TONES[name]}")


def stop(view: Json) -> Iterator[RenderableType]:
    """The head of a stop: time, title, people, text, and the evidence on the table."""
    yield Text.assemble((view["time"], "bold cyan"), "  ", (view["title"], "bold"))
    for person in view["people"]:
        yield inset(Text.assemble((person["name"], "italic"), f", {person['role']}"))
    yield Text()
    yield prose(view["text"])
    yield Text()


def evidence(card: Json) -> Panel:
    """A piece of evidence as a card."""
    inner: list[RenderableType] = []
    if card.get("fields"):
        table = Table.grid(padding=(0, 2))
        for label, value in card["fields"]:
            table.add_row(Text(label, "dim"), Text(value))
        inner.append(table)
    for who, said in card.get("messages", ()):
        inner.append(Text.assemble((f"{who}: ", "bold"), said))
    if card.get("body"):
        inner.append(prose(card["body"]))
    if card.get("alt"):
        inner.append(prose(card["alt"], "dim italic"))
    title = Text(f"{card['type']}: {card['title']}", "bold")
    return Panel(Group(*inner), title=title, title_align="left", border_style="cyan")


def rules(thing: Json) -> Text | None:
    """The provisions and sources that a judgement names."""
    named = [*thing.get("cites", ()), *thing.get("sources", ())]
    return Text(f"Rule: {', '.join(named)}", "dim") if named else None


def news(announced: Iterable[Json]) -> Iterator[RenderableType]:
    """What the last move brought about."""
    for thing in announced:
        yield Text()
        yield from _TOLD[thing["kind"]](thing)


def _choice(thing: Json) -> Iterator[RenderableType]:
    yield Text.assemble(("You chose: ", "bold"), thing["text"])
    yield from _judgement(thing)


def _judgement(thing: Json) -> Iterator[RenderableType]:
    if "grade" in thing:
        yield grade(thing["grade"])
    if "consequence" in thing:
        yield prose(thing["consequence"])
    if "reason" in thing:
        yield inset(prose(thing["reason"], "italic"))
    named = rules(thing)
    if named:
        yield inset(named)


def _answer(thing: Json) -> Iterator[RenderableType]:
    yield Text.assemble(("You: ", "bold"), thing["text"])
    yield prose(thing["answer"])
    if "consequence" in thing:
        yield prose(thing["consequence"], "italic")


def _found(thing: Json) -> Iterator[RenderableType]:
    yield evidence(thing["evidence"])


def _verdict(thing: Json) -> Iterator[RenderableType]:
    yield Text.assemble((f"{thing['name']}: ", "bold"), thing["channel"])
    yield from _judgement(thing)


def _rule(thing: Json) -> Iterator[RenderableType]:
    yield Text.assemble(("Meanwhile: ", "bold magenta"), thing["text"].strip())
    named = rules(thing)
    if named:
        yield inset(named)


_TOLD = {
    "choice": _choice,
    "answer": _answer,
    "evidence": _found,
    "verdict": _verdict,
    "rule": _rule,
}


def knowledge(view: Json) -> Iterator[RenderableType]:
    """What the learner may know of the story's state."""
    for line in view["variables"]:
        value = line["value"]
        if isinstance(value, list):
            value = "; ".join(value) or "none yet"
        elif isinstance(value, bool):
            value = "yes" if value else "no"
        elif "max" in line:
            value = f"{value} of {line['max']}"
        yield Text.assemble((f"{line['label']}: ", "bold"), str(value))


def debrief(told: Json, score: Score) -> Iterator[RenderableType]:
    """The whole debrief, the result first."""
    style = f"bold {_OUTCOMES[told['outcome']]}"
    yield Text()
    yield Text(f"{OUTCOMES[told['outcome']]}: {score['percent']} %", style)
    # Only those that cost something: who earned less than a ceiling did not meet it.
    caps = [cap for cap in told["caps"] if cap["percent"] < score["uncapped"]]
    if caps:
        yield prose(f"Your choices earned {score['uncapped']} %, but the result is limited:")
        yield from (inset(prose(f"{c['reason']} (at most {c['percent']} %)")) for c in caps)
    if score["rewinds"]:
        yield prose(f"You went back {score['rewinds']} time(s).", "dim")
    for title, lines in _chapters(told):
        made = list(lines)
        if made:
            yield Text()
            yield Text(title, "bold underline")
            yield from made


def _chapters(told: Json) -> Iterator[tuple[str, Iterator[RenderableType]]]:
    missed = told["missed"]
    yield "What happened to people", (_named(p["name"], p["text"]) for p in told["people"])
    yield "What went wrong", (line for m in told["went_wrong"] for line in _moment(m))
    yield "What you missed", (_named(e["title"], e.get("why", "")) for e in missed["evidence"])
    yield "Signs you did not notice", (inset(prose(s["label"])) for s in missed["signs"])
    yield "Good questions you did not ask", (inset(prose(q["text"])) for q in missed["questions"])
    yield "What came later", (inset(prose(rule["text"])) for rule in told["later"])
    yield "What you did well", (line for m in told["well"] for line in _moment(m))
    yield "Your notes", (_named(n["title"], n["text"]) for n in told["notes"] if n["text"])
    yield "To think about", (inset(prose(question)) for question in told["ask"])


def _named(name: str, words: str) -> Padding:
    return inset(Text.assemble((f"{name}. ", "bold"), words.strip()))


def _moment(moment: Json) -> Iterator[RenderableType]:
    who = f"{moment['name']} → " if moment.get("name") else ""
    yield inset(Text.assemble(grade(moment["grade"]), f" {moment['title']}: {who}{moment['text']}"))
    yield inset(prose(moment["reason"], "italic"), 6)
    named = rules(moment)
    if named:
        yield inset(named, 6)
