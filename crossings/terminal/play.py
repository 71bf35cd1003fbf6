"""A case played in a terminal: read, type a number, read what follows.

It needs no terminal: answers that are piped in are read line by line, and the end of the input is
the wish to stop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from crossings.cases import IllegalAction, apply, debrief, score, start, view
from crossings.cases.state import Document, State
from crossings.cases.trace import begun, continued
from crossings.terminal import cards

Json = Mapping[str, Any]
Trace = dict[str, Any]

WIDEST = 88
"""Columns that a line of prose may have."""
HELP = """Type the number of what you choose, then Enter. At any question:
  k   what you know: signs, trust, time
  e   the evidence you have seen
  b   go back to an earlier choice (learn mode)
  q   stop (Ctrl-C and Ctrl-D do the same)
  ?   this help
In a note, write :q or :b instead."""


class Stopped(Exception):  # noqa: N818 - a wish, not an error
    """The learner wants to stop."""


class _Moved(Exception):  # noqa: N818 - a way out of a question
    """The play was taken back; the question that was open is open no more."""


class Terminal:
    """One play. `kept` is called with the trace after each event."""

    def __init__(
        self,
        doc: Document,
        out: Console,
        trace: Trace,
        state: State,
        kept: Callable[[Trace], None] = lambda trace: None,
    ) -> None:
        self.doc, self.out, self.trace, self.state = doc, out, trace, state
        self._kept = kept

    @classmethod
    def new(cls, doc: Document, out: Console, seed: str, mode: str, **more: Any) -> Terminal:
        return cls(doc, out, begun(doc, seed, mode), start(doc, seed, mode), **more)

    def opening(self) -> None:
        """Title, role, note on content, and how to play."""
        told = self.view()
        role = Text(self._filled(self.doc["role"]), "italic")
        self._print([Text(), Text(told["case"], "bold underline"), role])
        if "content_note" in self.doc:
            self._say(self._filled(self.doc["content_note"]))
        mode = {
            "learn": "Learn mode: you see at once what followed and why, and you can go back.",
            "assess": "Assess mode: you see grades and reasons at the end; there is no way back.",
        }[self.state.mode]
        self._print([Text(f"{mode} Type ? for help.", "dim")])

    def _filled(self, words: str) -> str:
        from crossings.cases.variants import Teller

        return Teller(self.doc, self.state.seed).text(words)

    def view(self) -> Json:
        return view(self.doc, self.state)

    def run(self) -> None:
        """Play until an ending.

        Raises:
            Stopped: when the learner stops before, or the input ends.
        """
        shown: tuple[str, int] | None = None
        while self.state.ending is None:
            told = self.view()
            self._print(cards.news(told["announce"]))
            here = (self.state.node, len(self.state.visited) + self.state.rewinds)
            if here != shown:
                self._print([Text(), Rule(style="dim")])
                self._print(cards.stop(told))
                self._print(cards.evidence(c) for c in told["evidence"] if not told.get("finds"))
                shown = here
            try:
                self._act(_MOVES[told["kind"]](self, told))
            except _Moved:
                shown = None
        self._end()

    def _end(self) -> None:
        told = self.view()
        self._print(cards.news(a for a in told["announce"] if a["kind"] != "verdict"))
        self._print(cards.stop(told))
        self._print(cards.debrief(debrief(self.doc, self.state), score(self.doc, self.state)))

    def show(self, thing: RenderableType) -> None:
        self._print([thing])

    def _print(self, things: Iterable[RenderableType]) -> None:
        for thing in things:
            self.out.print(thing, width=min(self.out.width, WIDEST))

    def _act(self, action: dict[str, Any]) -> None:
        event = {"node": self.state.node, **action}
        try:
            self.state = apply(self.doc, self.state, event)
        except IllegalAction as error:
            self._say(str(error))
            return
        self.trace = continued(self.trace, event)
        self._kept(self.trace)

    def _say(self, words: str) -> None:
        self._print([Text(words.strip(), "yellow")])

    # Asking

    def _line(self, prompt: str) -> str:
        try:
            line = self.out.input(Text(f"{prompt} ", "bold cyan"))
        except (EOFError, KeyboardInterrupt):
            raise Stopped from None
        if not self.out.is_terminal:
            self.out.print()  # piped answers leave no line end of their own
        return line.strip()

    def ask(self, prompt: str) -> str:
        """A line that is no command."""
        while True:
            line = self._line(prompt)
            if not self._command(line.lower()):
                return line

    def number(self, prompt: str, most: int, least: int = 1) -> int:
        """A number from `least` to `most`; anything else is asked again."""
        while True:
            line = self.ask(prompt)
            if line.isascii() and line.isdigit() and least <= int(line[:9]) <= most:
                return int(line[:9])
            self._say(f"Type a number from {least} to {most}, or ? for help.")

    def _command(self, word: str) -> bool:
        if word == "?":
            self.out.print(Text(HELP))
        elif word == "q":
            raise Stopped
        elif word == "k":
            self._print(cards.knowledge(self.view()))
        elif word == "e":
            self._dossier()
        elif word == "b":
            self._back()
        else:
            return False
        return True

    def _dossier(self) -> None:
        seen = self.view()["dossier"]
        self._print(cards.evidence(card) for card in seen)
        if not seen:
            self._say("You have seen no evidence yet.")

    def _back(self) -> None:
        if self.state.mode != "learn":
            self._say("There is no way back in assess mode.")
            return
        stops = self.view()["rewind"]
        if not stops:
            self._say("There is nothing to go back to yet.")
            return
        self.list([(stop["title"], "") for stop in stops])
        place = self.number("Back to which? (0: stay)", len(stops), 0)
        if place:
            self._act({"action": "rewind", "to": stops[place - 1]["seq"]})
            raise _Moved

    def list(self, lines: Sequence[tuple[str, str]]) -> None:
        """Numbered lines, each with a quiet remark."""
        table = Table.grid(padding=(0, 2))
        for n, (words, remark) in enumerate(lines, 1):
            more = f"  ({remark})" if remark else ""
            table.add_row(Text(f"{n:>2}", "bold cyan"), Text.assemble(words, (more, "dim")))
        self._print([table])


# What each kind of stop asks


def _scene(play: Terminal, told: Json) -> dict[str, Any]:
    while play.ask("Enter to go on"):
        play.show(Text("Press Enter alone to go on, or type ? for help.", "yellow"))
    return {"action": "continue"}


def _decision(play: Terminal, told: Json) -> dict[str, Any]:
    play.show(Text(told["question"], "bold"))
    options = told["options"]
    play.list([(option["text"], "") for option in options])
    place = play.number("Your choice:", len(options))
    return {"action": "choose", "choice": options[place - 1]["id"]}


def _interview(play: Terminal, told: Json) -> dict[str, Any]:
    left = told["remaining"]["questions"]
    questions = [q for q in told["questions"] if not q["asked"]]
    if not left or not questions:
        play.show(Text("There is no time for more questions.", "dim"))
        return {"action": "leave"}
    play.show(Text(f"\nYou may ask {left} more.", "bold"))
    play.list([(q["text"], f"{q['minutes']} min") for q in questions])
    place = play.number("Ask (0: end the talk):", len(questions), 0)
    if not place:
        return {"action": "leave"}
    return {"action": "ask", "question": questions[place - 1]["id"]}


def _search(play: Terminal, told: Json) -> dict[str, Any]:
    finds = [find for find in told["finds"] if find["open"]]
    minutes = told["remaining"]["minutes"]
    if not finds:
        play.show(Text("There is nothing more that the time allows.", "dim"))
        return {"action": "leave"}
    play.show(Text(f"\n{minutes} minutes are left.", "bold"))
    play.list([(find["label"], f"{find['minutes']} min") for find in finds])
    place = play.number("Open (0: end the search):", len(finds), 0)
    if not place:
        return {"action": "leave"}
    return {"action": "open", "evidence": finds[place - 1]["evidence"]}


def _triage(play: Terminal, told: Json) -> dict[str, Any]:
    channels = told["channels"]
    while True:
        pairs: dict[str, str] = {}
        play.list([(channel["text"], "") for channel in channels])
        for arrival in told["arrivals"]:
            name = arrival["person"]["name"]
            play.show(Text.assemble((f"\n{name}. ", "bold"), arrival["text"].strip()))
            place = play.number(f"Where does {name} go?", len(channels))
            pairs[arrival["id"]] = channels[place - 1]["id"]
        if play.ask("Enter to hand this in, r to sort again:") != "r":
            return {"action": "sort", "pairs": pairs}


def _note(play: Terminal, told: Json) -> dict[str, Any]:
    play.show(Text(told["prompt"], "bold"))
    play.show(Text("Write; an empty line ends the note. Use no real names.", "dim"))
    lines: list[str] = []
    while True:
        line = play._line("|")
        if line.startswith(":") and play._command(line[1:].lower()):
            continue
        if not line:
            return {"action": "write", "text": "\n".join(lines)}
        lines.append(line)


_MOVES: dict[str, Callable[[Terminal, Json], dict[str, Any]]] = {
    "scene": _scene,
    "decision": _decision,
    "interview": _interview,
    "search": _search,
    "triage": _triage,
    "note": _note,
}
