"""A case as plain ipywidgets: what a notebook author would make, to be shown under Voila.

    from benchmarks.player.widgets import show
    show("trafficking-identification/night-crew-at-north-quay")

It plays every kind of node with our Python engine; people are sorted one list each.
"""

from __future__ import annotations

import html
from random import Random
from typing import Any

import ipywidgets as widgets

from crossings.cases import apply, start, view
from crossings.cases.plays import moves
from crossings.curriculum.cases import find_case


def show(reference: str) -> widgets.VBox:
    """The case `reference` (`module/id`), ready to be played."""
    return CaseWidgets(find_case(reference).doc).box


class CaseWidgets:
    """One play; `box` is what a notebook displays."""

    def __init__(self, doc: Any) -> None:
        self.doc = doc
        self.state = start(doc, "bench")
        self.box = widgets.VBox()
        self._draw()

    def _draw(self) -> None:
        seen = view(self.doc, self.state)
        parts: list[Any] = [widgets.HTML(_page(seen))]
        legal = moves(self.doc, self.state, Random(0))
        if seen["kind"] == "triage":
            parts += self._triage(seen, legal[0])
        elif len(legal) == 1:
            parts.append(self._button("Continue", lambda: legal[0]))
        elif legal:
            radio = widgets.RadioButtons(
                options=[(_words(seen, move), n) for n, move in enumerate(legal)]
            )
            parts += [radio, self._button("Choose", lambda: legal[radio.value])]
        self.box.children = parts

    def _triage(self, seen: Any, move: Any) -> list[Any]:
        channels = [(channel["text"], channel["id"]) for channel in seen["channels"]]
        radios = {a["id"]: widgets.RadioButtons(options=channels) for a in seen["arrivals"]}
        parts: list[Any] = []
        for arrival in seen["arrivals"]:
            parts += [widgets.HTML(html.escape(arrival["text"])), radios[arrival["id"]]]

        def chosen() -> Any:
            return move | {"pairs": {name: radio.value for name, radio in radios.items()}}

        return [*parts, self._button("Refer", chosen)]

    def _button(self, words: str, chosen: Any) -> widgets.Button:
        button = widgets.Button(description=words)

        def clicked(_: widgets.Button) -> None:
            self.state = apply(self.doc, self.state, chosen())
            self._draw()

        button.on_click(clicked)
        return button


def _page(seen: Any) -> str:
    said = [a.get("answer") or a.get("consequence") or a.get("text") for a in seen["announce"]]
    lines = [*filter(None, said), seen["text"], seen.get("question"), seen.get("prompt")]
    text = "".join(f"<p>{html.escape(line)}</p>" for line in lines if line)
    return f"<p>{seen['time']}</p><h3>{html.escape(seen['title'])}</h3>{text}"


def _words(seen: Any, move: Any) -> str:
    """What the learner reads for a move."""
    if "choice" in move:
        return str(next(o["text"] for o in seen["options"] if o["id"] == move["choice"]))
    if "question" in move:
        return str(next(q["text"] for q in seen["questions"] if q["id"] == move["question"]))
    if "evidence" in move:
        return str(next(f["label"] for f in seen["finds"] if f["evidence"] == move["evidence"]))
    return "Leave"
